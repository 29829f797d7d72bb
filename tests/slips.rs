//! Records of people who never saw YAML: every slip in one run, each at its own line, and what the record
//! says checked in the same run.

use onshi::calendar::Date;
use onshi::form::{Forms, Kind};
use onshi::report::{Lang, Report};

use crate::common::{self, onshi};

const TODAY: Date = Date::constant(2027, 1, 8);

const SOUND: &str = "\
facility:
  kind: 医科
  name: もみじ野クリニック
  name_kana: モミジノクリニック
  postal_code: 100-0013
  address: 東京都千代田区霞が関9-8-7
founder:
  name: 試験 太郎
  name_kana: シケン タロウ
  postal_code: 100-0013
  address: 東京都千代田区霞が関9-8-7
  phone: 03-0000-0011
introduction_plan:
  account: 済み
  usage_application: 済み
  reader: {status: イ, month: 2, maker: 富士通}
  network: {status: ア, provider: NTT東日本 フレッツ光ネクスト, type: IP-VPN}
  work_start: 2027-03-01
  vendor: もみじ野システム
  operation_start: 2027-04-01
  practice_start: 2027-04-01
";

/// What `check` says of a record for 別紙2.
fn check(text: &str) -> Report {
    let forms = Forms::built_in();
    let form = forms.find("別紙2").unwrap();
    onshi::open("r.yaml", text.as_bytes(), forms).fill(forms, &[form], TODAY).report().clone()
}

/// The findings of a code, each with its line.
fn found(report: &Report) -> Vec<(usize, &str, &str)> {
    let findings = report.diagnostics.iter().map(|found| {
        let line = match found.place {
            Some(onshi::report::Place::Text { line, .. }) => line,
            _ => 0,
        };
        (line, found.code.as_str(), found.message.ja.as_str())
    });
    findings.collect()
}

#[track_caller]
fn assert_found(changes: &[(&str, &str)], expected: &[(usize, &str)]) {
    let mut text = SOUND.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from:?}");
        text = text.replacen(from, to, 1);
    }
    let report = check(&text);
    let found = found(&report);
    let is_expected = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|((line, _, message), (at, part))| line == at && message.contains(part));
    assert!(is_expected, "{changes:?}\n{found:#?}");
}

#[test]
fn a_sound_record_has_no_slip() {
    assert_found(&[], &[]);
}

#[test]
fn a_colon_without_its_space_or_in_another_width() {
    let space = "「:」の後に空白がありません";
    assert_found(&[("  name: も", "  name:も")], &[(3, space)]);
    assert_found(&[("  account: ", "  account:")], &[(14, space)]);
    assert_found(&[("  name: も", "  name：も")], &[(3, "「：」が全角")]);
    assert_found(&[("  name: も", "  name： も")], &[(3, "「：」が全角")]);
    assert_found(&[("  name: も", "  name:\u{3000}も")], &[(3, "空白が全角")]);
    assert_found(&[("  name: も", "  name:\u{A0}も")], &[(3, "改行しない空白（U+00A0）")]);
    assert_found(&[("  name: も", "  name も")], &[(3, "「:」がありません")]);
    assert_found(&[("founder:", "founder")], &[(7, "「:」がありません")]);
}

#[test]
fn a_space_that_is_none_to_yaml() {
    for (space, name) in [
        ("\t", "タブ"),
        ("\u{3000}", "全角の空白"),
        ("\u{A0}\u{A0}", "U+00A0"),
        ("\u{2003}\u{2003}", "U+2003"),
        ("\u{200B}  ", "見えない文字（U+200B）"),
    ] {
        let indented = format!("\n{space}name: も");
        assert_found(&[("\n  name: も", &indented)], &[(3, name)]);
        // The whole file, as an editor indents it.
        let report = check(&SOUND.replace("\n  ", &format!("\n{space}")));
        let found = found(&report);
        assert_eq!(found.len(), 18, "{found:?}");
        assert!(found.iter().all(|(_, code, said)| *code == "syntax" && said.contains(name)));
    }
}

#[test]
fn a_hash_at_the_wrong_place() {
    let name = "  name: もみじ野クリニック";
    let glued = format!("{name}# 名称 ［文字］ 例: オン資");
    assert_found(&[(name, &glued)], &[(3, "「#」が値に続いています")]);
    let legal = format!("{name}# 名称");
    assert_found(&[(name, &legal)], &[(3, "「# 名称」は注釈にならず")]);
    let wide = format!("{name} ＃ 名称 例: x");
    assert_found(&[(name, &wide)], &[(3, "「＃」が全角")]);
    assert_found(&[("founder:", "＃ 開設者\nfounder:")], &[(7, "「＃」が全角")]);
    let cut = "  address: 東京都千代田区霞が関9-8-7";
    assert_found(&[(cut, &format!("{cut} #203"))], &[(6, "「#203」は注釈として")]);
    // The value behind the comment of an old skeleton, and in the comment itself.
    let behind = "  name:  # 名称 ［文字］ 例: オン資クリニック もみじ野クリニック";
    assert_found(&[(name, behind)], &[(3, "名称 がありません")]);
    let hint = check(&SOUND.replace(name, behind)).diagnostics[0].hint.clone().unwrap();
    assert!(hint.ja.contains("値を「#」の前に"), "{}", hint.ja);
    let off = [("  phone: 03", "  # phone: 03")];
    assert_found(&off, &[(7, "電話番号 がありません"), (12, "注釈（#）の中")]);
}

#[test]
fn a_line_in_the_wrong_column() {
    let kana = "\n  name_kana: シケン";
    assert_found(&[(kana, "\n   name_kana: シケン")], &[(9, "深すぎ")]);
    assert_found(&[(kana, "\n      name_kana: シケン")], &[(9, "深すぎ")]);
    assert_found(&[(kana, "\n name_kana: シケン")], &[(9, "足りません")]);
    assert_found(&[(kana, "\nname_kana: シケン")], &[(9, "足りません")]);
    assert_found(&[("\n  kind", "\nkind")], &[(2, "足りません")]);
    assert_found(&[("founder:", "founder: 試験")], &[(7, "値のある行の下に")]);
    // What stays of a skeleton's line when its `#` alone is deleted.
    let left = "\n   registration: 東医123\n  phone";
    assert_found(&[("\n  phone", left)], &[(12, "深すぎ")]);
    let empty = ("  name: 試験 太郎\n  name_kana", "  name:\n   name_kana");
    assert_found(&[empty], &[(8, "氏名 がありません"), (9, "name_kana の字下げが深すぎ")]);
}

#[test]
fn quotes_and_brackets() {
    let name = "もみじ野クリニック";
    for (written, slip) in [
        ("\"もみじ野クリニック", "「\"」が閉じていません"),
        ("\"もみじ野クリニック”", "「\"」が閉じていません"),
        ("'もみじ野クリニック", "「'」が閉じていません"),
        ("“もみじ野クリニック”", "引用符にならず"),
        ("＂もみじ野クリニック＂", "引用符にならず"),
        ("\"もみじ野\" クリニック", "閉じた後に文字"),
        ("@もみじ野クリニック", "「@」で始まって"),
        ("もみじ野: 分院", "値の中に「: 」"),
    ] {
        assert_found(&[(name, written)], &[(3, slip)]);
    }
    // The quote that closes another field's value makes it legal YAML.
    let swallows =
        [("name: 試験 太郎", "name: \"試験 太郎"), ("9-8-7\n  phone", "9-8-7\"\n  phone")];
    let report = check(&swallows.iter().fold(SOUND.to_owned(), |text, (a, b)| text.replace(a, b)));
    assert!(found(&report)[0].2.contains("閉じていません"), "{report}");
    let flow = "{status: イ, month: 2, maker: 富士通}";
    let (comma, colon) = ("「,」が全角", "「：」が全角");
    for (written, slips) in [
        ("{status: イ, month: 2, maker: 富士通", &["「{」が閉じていません"][..]),
        ("{status: イ，month: 2，maker: 富士通}", &[comma, comma]),
        ("{status: イ、month: 2, maker: 富士通}", &[comma]),
        ("{status：イ, month: 2, maker: 富士通}", &[colon]),
        ("{status:イ, month:2, maker:富士通}", &["空白がありません"; 3]),
        ("｛status: イ, month: 2, maker: 富士通｝", &["「｛」が全角", "「｝」が全角"]),
        ("{status: イ,\u{3000}month: 2, maker: 富士通}", &["空白が全角"]),
    ] {
        let slips: Vec<(usize, &str)> = slips.iter().map(|slip| (16, *slip)).collect();
        assert_found(&[(flow, written)], &slips);
    }
}

#[test]
fn what_goes_on_over_several_lines_is_left_as_it_is() {
    let flow = "{status: イ, month: 2, maker: 富士通}";
    let long = "{\n    status: イ,\n    month: 2,\n    maker: 富士通\n  }";
    let slip = ("  name: も", "  name:も");
    assert_found(&[slip, (flow, long)], &[(3, "空白がありません")]);
    let quoted = ("vendor: もみじ野システム", "vendor: \"台場\n    システム\"");
    assert_found(&[slip, quoted], &[(3, "空白がありません")]);
    let block = ("vendor: もみじ野システム", "vendor: |\n    霞が関：システム");
    assert_found(&[slip, block], &[(3, "空白がありません")]);
}

#[test]
fn lists_and_several_records() {
    let list = "card_reader:\n  products:\n    -product: Caora\n      units: 1\n    －　product: Hi-CARA\n      units:1\n";
    let report = check(&format!("{SOUND}{list}"));
    let slips = found(&report);
    let expected =
        [(24, "「-」の後に空白"), (26, "半角の「-」ではありません"), (27, "空白がありません")];
    assert_eq!(slips.len(), expected.len(), "{slips:?}");
    for ((line, _, said), (at, part)) in slips.iter().zip(expected) {
        assert!(*line == at && said.contains(part), "{slips:?}");
    }
    let twice = format!("{SOUND}---\n{SOUND}");
    let report = check(&twice);
    assert_eq!(found(&report).len(), 1, "{report}");
    assert_eq!((found(&report)[0].0, found(&report)[0].1), (22, "syntax"));
}

#[test]
fn slips_and_faults_of_content_in_one_run() {
    let changes = [
        ("  name: も", "  name:も"),
        ("モミジノ", "もみじの"),
        ("  phone: 03-0000-0011", "  phone: 03-0000"),
        ("  work_start: 2027-03-01", "  work_start：2027-02-30"),
    ];
    assert_found(
        &changes,
        &[
            (3, "空白がありません"),
            (4, "全角カタカナ"),
            (12, "電話番号"),
            (18, "「：」が全角"),
            (18, "30日はありません"),
        ],
    );
}

#[test]
fn a_record_with_slips_makes_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("r.yaml");
    std::fs::write(&record, SOUND.replace("  name: も", "  name:も")).unwrap();
    let out = folder.path().join("out");
    let mut fill = onshi();
    fill.arg("fill").arg(&record).args(["--form", "別紙2", "--today", "2027-01-08", "-o"]);
    fill.arg(&out).assert().code(1);
    assert!(!out.exists());
    let records = folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    std::fs::rename(&record, records.join("r.yaml")).unwrap();
    let mut batch = onshi();
    batch.arg("batch").arg(&records).args(["--form", "別紙2", "--today", "2027-01-08", "-o"]);
    let said = batch.arg(&out).output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    let files = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let pdfs = files.filter(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    assert_eq!(pdfs.count(), 0);
}

/// A skeleton with the example of each field behind its colon and `between`, and how many were typed; with
/// `all`, its commented lines too.
fn typed(skeleton: &str, between: &str, all: bool) -> (String, usize) {
    let forms = Forms::built_in();
    let (mut text, mut typed) = (String::new(), 0);
    let mut above: Vec<(usize, String)> = Vec::new();
    for line in skeleton.lines() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let body = match body.strip_prefix("# ") {
            Some(bare) if all && bare.ends_with(": ") => bare,
            _ => body,
        };
        if body.is_empty() || body.starts_with('#') {
            text += &format!("{line}\n");
            continue;
        }
        let column = indent + if body.starts_with("- ") { 2 } else { 0 };
        above.retain(|(known, _)| *known < column);
        let parent = above.last().map_or("", |(_, key)| key.as_str());
        let head = body.trim_end().trim_end_matches(':');
        let key = head.trim_start_matches("- ").trim_matches('"');
        let field = forms.child(parent, key).unwrap_or_else(|| panic!("{parent} {key}"));
        above.push((column, field.key.clone()));
        let value = match field.kind {
            Kind::Section | Kind::List => String::new(),
            Kind::Digits => format!("{between}\"{}\"", field.example),
            _ => format!("{between}{}", field.example),
        };
        typed += usize::from(!value.is_empty());
        text += &format!("{}{head}:{value}\n", " ".repeat(indent));
    }
    (text, typed)
}

#[test]
fn one_run_names_every_slip_of_a_record_typed_behind_its_colons() {
    let forms = Forms::built_in();
    let named = ["別紙1", "別紙2"].map(|name| forms.find(name).unwrap());
    for lang in [Lang::Ja, Lang::En] {
        let (text, typed) = typed(&forms.skeleton(&named, lang), "", false);
        // One a field, where each took a run of its own.
        assert_eq!(typed, 25);
        let (phone, email) = match lang {
            Lang::Ja => ("  電話番号:03", "Email"),
            Lang::En => ("  phone:03", "email"),
        };
        let changes = [
            (phone.to_owned(), phone.replace(':', "：")),
            // The `#` alone deleted, and its space left.
            (format!("\n  # {email}: \n"), format!("\n   {email}:hanako@example.jp\n")),
            (":霞が関システム".into(), ":\"霞が関システム".into()),
            (":オンシクリニック".into(), ":“オンシクリニック”".into()),
            (":東京都千代田区霞が関1-2-2".into(), ":東京都千代田区霞が関1-2-2 #203".into()),
        ];
        let text = changes.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}\n{text}");
            text.replacen(from, to, 1)
        });
        let filling = onshi::open("r.yaml", text.as_bytes(), forms).fill(forms, &[], common::TODAY);
        let report = filling.report();
        let count = |code: &str| report.diagnostics.iter().filter(|d| d.code == code).count();
        assert_eq!(count("syntax"), 28, "{report}");
        // And what the values themselves have: curly quotes, a room behind a `#`.
        assert_eq!((count("kind"), count("comment")), (1, 1), "{report}");
        assert!(filling.ready().is_err());
    }
}

#[test]
fn a_skeleton_is_accepted_as_it_stands_and_takes_a_value_in_each_field() {
    let forms = Forms::built_in();
    let all: Vec<_> = forms.forms().collect();
    let sets = all.iter().map(|form| vec![*form]).chain([all.clone()]);
    for named in sets.filter(|named| named.iter().any(|form| forms.is_asked_for(form))) {
        for lang in [Lang::Ja, Lang::En] {
            let skeleton = forms.skeleton(&named, lang);
            let opened = onshi::open("r.yaml", skeleton.as_bytes(), forms);
            let report = opened.fill(forms, &named, common::TODAY).report().clone();
            let codes = common::codes(&report);
            assert!(codes.iter().all(|code| *code == "required" || code.contains('/')), "{report}");
            // Every commented line freed of its `# `, every field given its example.
            let (filled, _) = typed(&skeleton, " ", true);
            let record = onshi::record::read("r.yaml", filled.as_bytes())
                .unwrap_or_else(|(_, report)| panic!("{report}{filled}"));
            let (values, report) = onshi::values::values(&record, forms);
            let codes = common::codes(&report);
            assert!(
                codes.iter().all(|code| matches!(*code, "placeholder" | "normalised" | "sample")),
                "{report}{filled}"
            );
            for form in &named {
                let needs = forms.needs(form);
                for key in needs.required().iter().chain(needs.optional()) {
                    let field = forms.dictionary().get(key).unwrap();
                    let path = match forms.dictionary().get(field.parent()) {
                        Some(list) if list.kind == Kind::List => {
                            format!("{}[0].{}", list.key, field.name())
                        }
                        _ => key.clone(),
                    };
                    assert!(field.computed || values.has_key(&path), "{key} is not in\n{filled}");
                }
            }
        }
    }
}

#[test]
fn a_hint_names_the_line_to_uncomment_and_speaks_as_the_record_does() {
    let forms = Forms::built_in();
    for (lang, key, line_hint, under) in [
        (
            Lang::Ja,
            "整備予定月",
            "行目の「# 」を空白ごと消して、整備予定月: 3",
            "「導入計画書」の下に アカウント作成: 済み",
        ),
        (
            Lang::En,
            "month",
            "行目の「# 」を空白ごと消して、month: 3",
            "introduction_plan の下に account: 済み",
        ),
    ] {
        let skeleton = forms.skeleton(&[forms.find("別紙2").unwrap()], lang);
        let status = if lang == Lang::Ja { "    調達状況: " } else { "    status: " };
        let text = skeleton.replacen(status, &format!("{status}イ"), 1);
        let line = text.lines().position(|line| line.trim() == format!("# {key}:")).unwrap() + 1;
        let report = check(&text);
        let hints: Vec<&str> =
            report.diagnostics.iter().filter_map(|d| Some(d.hint.as_ref()?.ja.as_str())).collect();
        let wanted = format!("{line} {line_hint}");
        assert!(hints.iter().any(|hint| hint.contains(&wanted)), "{wanted}: {hints:#?}");
        assert!(hints.iter().any(|hint| hint.contains(under)), "{hints:#?}");
        let is_key = |hint: &&&str| {
            forms.dictionary().fields().iter().any(|f| f.key.contains('.') && hint.contains(&f.key))
        };
        assert_eq!(hints.iter().find(is_key), None);
    }
}

#[test]
fn keys_are_taken_as_the_forms_print_them() {
    let text = SOUND
        .replace("facility:", "①:")
        .replace("founder:", "② 開設者:")
        .replace("  name: も", "  ①名称: も")
        .replace("  account:", "  ③:")
        .replace("  usage_application:", "  ④ 利用申請・電子証明書の発行申請 (済み/未実施):")
        .replace("  work_start:", "  ⑩ 導入作業開始(予定)日:")
        .replace("  vendor:", "  ⑪:")
        .replace("{status: イ, month", "{⑤: イ, month");
    assert_eq!(found(&check(&text)), []);
    let report = check(&SOUND.replace("  account:", "  ⑭:"));
    assert!(report.diagnostics.iter().any(|d| d.code == "unknown-field"), "{report}");
}
