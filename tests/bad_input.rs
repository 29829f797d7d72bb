//! Whatever is given, the program ends with a clear error, the right exit status and no file.

use std::fs;
use std::path::Path;

use crate::common::{self, changed, onshi, sample};

/// Runs `fill` on a record and gives its exit status and standard error; nothing is written.
fn refused(record: &Path) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let done = onshi().arg("fill").arg(record).arg("-o").arg(&out).output().unwrap();
    assert!(!out.exists(), "nothing is written");
    let errors = String::from_utf8(done.stderr).unwrap();
    assert!(!errors.contains("panicked"), "{errors}");
    assert!(done.stdout.is_empty());
    (done.status.code().unwrap(), errors)
}

fn refused_text(bytes: &[u8]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("記録.yaml");
    fs::write(&record, bytes).unwrap();
    refused(&record)
}

#[track_caller]
fn assert_refused(text: &str, status: i32, parts: &[&str]) {
    let (found, errors) = refused_text(text.as_bytes());
    assert_eq!(found, status, "{errors}");
    for part in parts {
        assert!(errors.contains(part), "{part} is not in:\n{errors}");
    }
}

#[test]
fn files_that_are_not_there_or_no_files_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let (status, errors) = refused(&folder.path().join("ない.yaml"));
    assert_eq!(status, 2, "{errors}");
    assert!(errors.contains("見つかりません"), "{errors}");
    let (status, errors) = refused(folder.path());
    assert_eq!(status, 2, "{errors}");
    assert!(errors.contains("フォルダー"), "{errors}");
}

#[test]
fn what_is_no_record_is_refused() {
    let bomb = (b'b'..=b'p').fold("a: &a [x, x]\n".to_owned(), |text, c| {
        let (c, p) = (c as char, (c - 1) as char);
        format!("{text}{c}: &{c} [{}]\n", vec![format!("*{p}"); 9].join(","))
    });
    for (bytes, part) in [
        (&b""[..], "空"),
        (b"facility:\n  name: \x83\x65\x83\x58\n", "UTF-8"),
        (b"facility:\n\tname: a\n", "タブ"),
        ("[".repeat(100_000).as_bytes(), "深すぎ"),
        (bomb.as_bytes(), "展開"),
        (format!("facility: {{name: \"{}\"}}", "x".repeat(10_000_000)).as_bytes(), "大きすぎ"),
        (b"- a\n- b\n", "項目名: 値"),
        (b"- {facility: {}}\n- {facility: {}}\n", "2 件の記録が一覧として"),
        (b"hello", "項目名: 値"),
    ] {
        let (status, errors) = refused_text(bytes);
        assert_eq!(status, 1, "{errors}");
        assert!(errors.contains("エラー[syntax]") && errors.contains(part), "{errors}");
        assert!(errors.len() < 4_000, "short: {} bytes", errors.len());
    }
}

#[test]
fn keys_are_known_and_stand_once() {
    let twice = changed("clinic.yaml", &[("  kind: 医科\n", "  kind: 医科\n  kind: 歯科\n")]);
    assert_refused(&twice, 1, &["エラー[duplicate-field]", ":5:3", "一度目は 4 行目"]);
    let off = changed("clinic.yaml", &[("  name_kana: ミナト", "  name_kena: ミナト")]);
    assert_refused(&off, 1, &["エラー[unknown-field]", "もしかして: name_kana", ":7:3"]);
    let list = changed(
        "clinic.yaml",
        &[(
            "designation:                      # 指定\n  date: 2024-04-01\n  transitional_measure: false",
            "designation: [2024-04-01]",
        )],
    );
    assert_refused(
        &list,
        1,
        &["エラー[kind]", "「指定」の下に「項目名: 値」を書きます（今は一覧）"],
    );
}

#[test]
fn values_are_of_their_kind() {
    for (from, to, parts) in [
        ("type: IP-VPN", "type: ISDN", &["エラー[choice]", "IP-VPN、IPsec+IKE"][..]),
        ("kind: 医科", "kind: [医科, 医科]", &["エラー[choice]", "二度"]),
        ("kind: 医科", "kind: []", &["エラー[required]", "種別 がありません"]),
        ("account: 済み", "account: [済み, 未実施]", &["エラー[kind]", "一つの値"]),
        ("kind: 医科", "kind: 内科", &["エラー[choice]", "医科、歯科、薬局"]),
        (
            "work_start: 2024-03-01",
            "work_start: 2023-02-30",
            &["エラー[kind]", "2月に30日はありません"],
        ),
        (
            "work_start: 2024-03-01",
            "work_start: 令和0年3月1日",
            &["エラー[kind]", "令和0年はありません"],
        ),
        ("work_start: 2024-03-01", "work_start: 2024-13-01", &["エラー[kind]", "13月はありません"]),
        ("month: 3,", "month: 13,", &["エラー[kind]", "1〜12"]),
        ("code: \"2468015\"", "code: \"123456\"", &["エラー[kind]", "7桁", "先頭の0"]),
        ("code: \"2468015\"", "code: \"12345 6\"", &["エラー[kind]", "7桁"]),
        ("phone: 03-0000-0007", "phone: 電話なし", &["エラー[kind]", "0で始まる10桁または11桁"]),
        ("postal_code: 100-0013", "postal_code: 12-34567", &["エラー[kind]", "7桁"]),
        ("email: hanae@example.jp", "email: hanako", &["エラー[kind]", "メールアドレス"]),
        ("units: 1", "units: 4", &["エラー[kind]", "1 から 3"]),
        (
            "name: みなとクリニック",
            "name: \u{E000}クリニック",
            &["エラー[glyph]", "U+E000", "1 文字目"],
        ),
        (
            "transitional_measure: false",
            "transitional_measure: たぶん",
            &["エラー[kind]", "はい・いいえ"],
        ),
        ("date: 2024-04-01", "date: 2018-04-01", &["令和より前"]),
    ] {
        assert_refused(&changed("clinic.yaml", &[(from, to)]), 1, parts);
    }
}

#[test]
fn a_lost_zero_is_supposed_only_where_one_may_have_been_lost() {
    let (code, phone) = ("code: \"2468015\"", "phone: 03-0000-0007");
    for (from, to, is_lost) in [
        (code, "code: \"123456\"", true),
        (code, "code: \"12345678\"", false),
        (code, "code: \"1234a\"", false),
        (phone, "phone: 3-0000-0000", true),
        (phone, "phone: 03-0000-000", false),
        (phone, "phone: 9012345678x", false),
        (phone, "phone: 3-0000-000", false),
    ] {
        let (status, errors) = refused_text(changed("clinic.yaml", &[(from, to)]).as_bytes());
        assert_eq!(status, 1, "{errors}");
        assert_eq!(errors.contains("先頭の0が落ちて"), is_lost, "{to}: {errors}");
    }
}

#[test]
fn what_is_no_address_of_e_mail_is_refused() {
    for email in ["@a.jp", "a@jp", "a@.jp", "a@b..jp", "a@b@c.jp", "あ@c.jp"] {
        let to = format!("email: \"{email}\"");
        let record = changed("clinic.yaml", &[("email: hanae@example.jp", &to)]);
        let (status, errors) = refused_text(record.as_bytes());
        assert_eq!(status, 1, "{errors}");
        assert!(errors.contains("メールアドレスではありません"), "{email}: {errors}");
        assert!(!errors.contains("半角で"), "{email}: {errors}");
    }
}

#[test]
fn a_key_in_another_section_names_its_own() {
    for (key, own) in [("email", "founder"), ("メールアドレス", "contact")] {
        let text = format!("{key}: a@example.jp\nintroduction_plan: {{}}\n");
        let hint = format!("ヒント: {key} は {own} の下に書きます");
        assert_refused(&text, 1, &["エラー[unknown-field]", &hint]);
    }
}

#[test]
fn a_list_without_end_is_refused_at_once() {
    let items = "    - {product: Caora, units: 1}\n".repeat(3_900);
    let text = format!("card_reader:\n  products:\n{items}");
    assert_refused(&text, 1, &["エラー[kind]", "3900 件", "上限 100 件"]);
    let items = "    - {product: Caora, units: 1}\n".repeat(100);
    let (_, errors) = refused_text(format!("card_reader:\n  products:\n{items}").as_bytes());
    assert!(!errors.contains("上限 100 件"), "{errors}");
}

#[test]
fn a_required_value_left_blank_is_missed_at_its_line() {
    assert_refused(
        &changed("clinic.yaml", &[("  name: みなとクリニック", "  name:")]),
        1,
        &["エラー[required]", ":6:3"],
    );
    let without = changed("clinic.yaml", &[(", type: IP-VPN", "")]);
    assert_refused(&without, 1, &["エラー[required]", ":38:3", "ネットワーク種類"]);
}

#[test]
fn what_is_missing_is_said_once_with_where_to_write_it_and_who_asks() {
    let text =
        "facility: {kind: 医科, code: '2468016', name: みなとクリニック}\nreceipt_number: {}\n";
    let (status, errors) = refused_text(text.as_bytes());
    assert_eq!(status, 1, "{errors}");
    // The bureau follows from the address, which is missing itself.
    assert!(errors.contains("所在地 がありません"), "{errors}");
    assert!(!errors.contains("厚生（支）局 がありません"), "{errors}");
    assert!(errors.contains("facility の下に address: "), "{errors}");
    assert!(errors.contains("根拠: 別紙1 記載事項（"), "{errors}");
}

#[test]
fn a_record_without_any_form_says_which_sections_there_are() {
    assert_refused("facility: {name: a}\n", 1, &["introduction_plan", "別紙2"]);
}

#[test]
fn a_hint_names_the_value_to_write() {
    for (from, to, parts) in [
        ("status: イ", "status: イ 契約済み", &["エラー[choice]", "もしかして: イ\n"][..]),
        ("kind: 医科", "kind: 調剤薬局", &["エラー[choice]", "もしかして: 薬局\n"]),
        ("email: hanae@", "email: ｈａｎａｅ＠", &["半角で書いてください: hanae@example.jp"]),
        ("kind: 医科", "kind: 医科・内科", &["エラー[choice]", "種別「内科」"]),
        (
            "  postal_code: 100-0013\n  address: 東京都千代田区霞が関9-8-7\n  prefecture_code: \"13\"",
            "  postal_code: 000-0000\n  address: 千代田区霞が関9-8-7",
            &[
                "所在地が都道府県名で始まっていないため、都道府県コードが決まりません",
                "都道府県名から書きます",
                ":9:12",
            ],
        ),
    ] {
        assert_refused(&changed("clinic.yaml", &[(from, to)]), 1, parts);
    }
}

#[test]
fn a_line_too_far_right_is_blamed_itself() {
    let empty = ("  name: みなとクリニック\n  name_kana", "  name:\n   name_kana");
    assert_refused(&changed("clinic.yaml", &[empty]), 1, &["name_kana の字下げが", ":7:4"]);
    let given = ("\n  name_kana: ミナト", "\n     name_kana: ミナト");
    assert_refused(&changed("clinic.yaml", &[given]), 1, &["エラー[syntax]", "深すぎ", ":7:6"]);
}

#[test]
fn several_kinds_in_one_word_are_a_list_of_them() {
    let changes = [("kind: 医科", "kind: 医科・歯科"), ("postal_code: 100", "postal_code: 〒100")];
    let report = common::report(&changed("clinic.yaml", &changes), &["別紙1"], common::TODAY);
    assert_eq!(common::codes(&report), ["normalised"], "{report}");
}

#[test]
fn what_is_for_another_command_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let roster = folder.path().join("members.xlsx");
    let plan = folder.path().join("plan.xlsx");
    onshi().args(["roster", "別紙1", "-o"]).arg(&roster).assert().code(0);
    onshi().args(["blank", "導入計画書", "-o"]).arg(&plan).assert().code(0);
    let out = folder.path().join("out");
    let said = |command: &mut assert_cmd::Command, status: i32| {
        let done = command.output().unwrap();
        let errors = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(status), "{errors}");
        errors
    };
    let errors = said(onshi().arg("check").arg(&roster), 1);
    assert!(errors.contains("名簿") && errors.contains("onshi batch"), "{errors}");
    let errors = said(onshi().args(["check", "docs/samples/members.csv"]), 1);
    assert!(errors.contains("名簿") && errors.contains("onshi batch"), "{errors}");
    let errors = said(onshi().args(["batch", "tests/data/clinic.yaml", "-o"]).arg(&out), 2);
    assert!(errors.contains("onshi fill tests/data/clinic.yaml"), "{errors}");
    let errors = said(onshi().arg("import").arg(&plan).arg("-o").arg(&out), 1);
    assert!(errors.contains("何も記入されていません"), "{errors}");
    assert!(!out.exists());
}

#[test]
fn an_unknown_form_names_those_there_are() {
    let done =
        onshi().args(["fill", "tests/data/clinic.yaml", "--form", "別紙9"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("別紙2"));
}

#[test]
fn a_warning_is_an_error_when_warnings_are_denied() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut fill = onshi();
    fill.args(["fill", "tests/data/clinic.yaml", "--deny-warnings", "-o"]).arg(&out);
    assert_eq!(fill.output().unwrap().status.code(), Some(1));
    assert!(!out.exists());
}

#[test]
fn a_place_that_cannot_be_written_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"x").unwrap();
    let inside = file.join("out");
    fs::create_dir(folder.path().join("form.pdf")).unwrap();
    for to in [inside, "/proc/onshi/out".into()] {
        let done =
            onshi().args(["fill", "tests/data/clinic.yaml", "-o"]).arg(&to).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{}", to.display());
        assert!(String::from_utf8(done.stderr).unwrap().contains("書き込めません"));
    }
    assert_eq!(fs::read(&file).unwrap(), b"x");
}

/// `/dev/full` is a disk without room.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_exits_with_2() {
    let mut blank = onshi();
    let done =
        blank.args(["blank", "別紙2", "--format", "pdf", "-o", "/dev/full"]).output().unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8(done.stderr).unwrap().contains("空きがありません"));
}

#[test]
fn the_record_may_come_from_standard_input() {
    let mut check = onshi();
    let done =
        check.args(["check", "-", "--form", "別紙2"]).write_stdin(sample("clinic.yaml")).output();
    assert_eq!(done.unwrap().status.code(), Some(0));
}
