//! A record becomes the forms an office accepts.

use crate::common::{self, changed, onshi, squeezed, text_of};
use onshi::form::Forms;
use onshi::layout;
use onshi::layout::Mode;
use onshi::paint::{PdfOptions, pdf, png};

const FILES: [&str; 3] =
    ["clinic_receipt-number.pdf", "clinic_introduction-plan.pdf", "clinic_card-reader.pdf"];

/// Every text the seeds print on a form, in reading order, slips of the originals included.
const RECEIPT_NUMBER: &[&str] = &[
    "別紙 1",
    "(住所)",
    "〒",
    "(氏名)",
    "様",
    "←回答書の送付先を記載してください。",
    "受付番号 情報提供依頼書 兼 回答書",
    "オンライン資格確認システムの導入のため、受付番号(保険医療機関等として指定された後に付与予定の医療機関等コード)の情報提供を希望します。",
    "(情報提供を希望する医療機関・薬局)",
    "・ 歯科 ・ 薬局",
    "名称",
    "所在地",
    "〒",
    "指定希望日(予定)",
    "令和",
    "年",
    "月",
    "日",
    "上記のとおり依頼します。",
    "令和",
    "年",
    "月",
    "日",
    "御中",
    "開設者",
    "(氏名)※法人の場合は、名称、代表者の職・氏名",
    "(保険医又は保険薬剤師の登録の記号及び番号)",
    "※保険医又は保険薬剤師の場合は記入ください。",
    "担当者の連絡先(電話番号)",
    "上記の依頼について、受付番号を回答します。",
    "受付番号",
    "※当該回答は保険医療機関・保険薬局としての指定ではありません。受付番号はオンライン資格確認の準備にのみ利用し、適切に管理してください。",
    "令和",
    "年",
    "月",
    "日",
    "〇〇 厚生(支)局",
    "(公印省略)",
];

const INTRODUCTION_PLAN: &[&str] = &[
    "オンライン資格確認の導入計画書",
    "I. 医療機関・薬局の基本情報",
    "① 医療機関・薬局",
    "(フリガナ)",
    "名称",
    "所在地",
    "〒",
    "② 開設者(法人の場合は代表者)",
    "(フリガナ)",
    "保険医又は保険薬剤師の登録の記号及び番号",
    "氏名",
    "住所",
    "〒",
    "電話番号",
    "Email(任意)",
    "II. 届出内容",
    "(1) ポータルサイト関係手続",
    "③ アカウント作成 (済み/未実施)",
    "④ 利用申請・電子証明書の発行申請 (済み/未実施)",
    "(2) カードリーダー",
    "⑤ 調達状況 (ア～ウから選択)",
    "〔 ア 整備済み イ 契約済み (",
    "月整備予定) ウ 見積もり中 〕",
    "⑥ メーカー名",
    "(3) ネットワーク整備",
    "⑦ 整備状況 (ア～ウから選択)",
    "〔 ア 整備済み イ 契約済み (",
    "月整備予定) ウ 見積もり中 〕",
    "⑧ ネットワーク導入事業者名",
    "⑨ ネットワーク種類 (IP-VPN/IPsec+IKE)",
    "(4) 導入作業等",
    "⑩ 導入作業開始(予定)日",
    "西暦",
    "⑪ システム導入事業者名",
    "⑫ 運用開始(予定)日",
    "西暦",
    "⑬ 診療・調剤開始(予定)日",
    "西暦",
    "※ 本計画書は、保険医療機関等の指定申請書に添付して、地方厚生(支)局に提出してください。",
    "ただし、保険医療機関等の指定を受ける時点からオンライン資格確認の経過措置に該当するやむを得ない事情がある医療機関等であって、指定の申請の際に併せて経過措置の届出を行ったものについては、この限りではありません。",
    "※ オンライン資格確認の導入に当たっては、「ネットワーク整備を含むオンライン資格確認導入に向けた準備作業の手引き」の内容も参考に、計画的な準備をお願いします。",
];

const CARD_READER: &[&str] = &[
    "西暦",
    "年",
    "月",
    "日",
    "社会保険診療報酬支払基金理事長 あて",
    "【申請者】",
    "都道府県コード",
    "点数表コード",
    "保険医療機関コード",
    "保険医療機関名称",
    "担当者氏名",
    "電話番号",
    "メールアドレス",
    "オンライン資格確認等顔認証付きカードリーダー提供申請書",
    "「保険医療機関等向け医療提供体制設備整備交付金実施要領」の「第2 交付対象事業」の2に規定される顔認証付きカードリーダーについて、同実施要領の「第5 交付の条件」に規定される条件を理解した上で、同実施要領の「第6 申請手続き」の規定に基づき、下記のとおり申請します。",
    "記",
    "1 顔認証付きカードリーダー (必須)",
    "希望順位",
    "メーカー名",
    "製品名(型番)",
    "台数",
    "第一",
    "第二",
    "富士通",
    "Caora",
    "パナソニック",
    "顔認証付きカードリーダー",
    "アルメックス",
    "Sma-pa マイタッチ (ホワイト)",
    "キヤノン",
    "Hi-CARA",
    "メーカー名",
    "製品名(型番)",
    "台数",
    "第一",
    "第二",
    "アトラス",
    "EXC-9000",
    "※病院は最高3台、診療所・薬局は1台申込みができます。",
    "※第一希望機種の右枠「第一」の欄に☑を、第二希望機種の右枠「第二」の欄に☑を付してください。",
    "※申請書提出後のキャンセル・機種変更はできませんのでご了承ください。また、メーカーの在庫によって、ご希望の機種を提供することができない可能性がございます(その場合は、社会保険診療報酬支払基金から別途ご連絡いたします)。",
    "※受付が完了した場合は、記載いただいたメールアドレスにメールにて報告いたします。",
    "2 オンライン資格確認導入(予定)時期 (必須)",
    "西暦",
    "導入予定",
    "3 レセプトのオンライン請求について (必須)",
    "導入している",
    "未導入 (導入予定あり)",
    "⇒",
    "西暦",
    "導入予定",
    "導入予定なし",
];

/// Each of `parts` stands in `text`, one after the other.
fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let part = squeezed(part);
        let at = rest.find(&part).unwrap_or_else(|| panic!("{part} is not in {rest}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_sample_becomes_three_forms_of_one_a4_page() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    onshi().args(["fill", "tests/data/clinic.yaml", "-o"]).arg(&out).assert().code(0);
    let mut names: Vec<_> =
        std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    let mut expected = FILES.map(std::ffi::OsString::from);
    expected.sort();
    assert_eq!(names, expected);
    for (name, labels) in FILES.iter().zip([RECEIPT_NUMBER, INTRODUCTION_PLAN, CARD_READER]) {
        let bytes = std::fs::read(out.join(name)).unwrap();
        assert!(bytes.len() < 120_000, "{name} has {} bytes", bytes.len());
        assert_in_order(&text_of(&bytes), labels);
        let document = lopdf::Document::load_mem(&bytes).unwrap();
        let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
        let media: Vec<f32> = page
            .get(b"MediaBox")
            .and_then(lopdf::Object::as_array)
            .unwrap()
            .iter()
            .map(|o| o.as_float().unwrap())
            .collect();
        assert!((media[2] - 595.28).abs() < 0.01 && (media[3] - 841.89).abs() < 0.01, "{media:?}");
        for object in document.objects.values() {
            let Ok(font) = object.as_dict() else { continue };
            if font.get(b"Type").is_ok_and(|t| t.as_name().is_ok_and(|n| n == b"FontDescriptor")) {
                assert!(font.has(b"FontFile2") || font.has(b"FontFile3"), "embedded");
                let name = font.get(b"FontName").and_then(lopdf::Object::as_name).unwrap();
                assert_eq!(name[6], b'+', "a subset");
            }
        }
    }
}

#[test]
fn every_value_stands_where_its_label_is() {
    let text = |form: &str| {
        let mut fill = onshi();
        fill.args(["fill", "tests/data/clinic.yaml", "-q", "--form", form, "-o", "-"]);
        text_of(&fill.output().unwrap().stdout)
    };
    let one = text("別紙1");
    for part in [
        "(住所)〒100-0013東京都千代田区霞が関9-8-7(氏名)三浦太一様",
        "○医科・歯科・薬局名称みなとクリニック所在地〒100-0013東京都千代田区霞が関9-8-7",
        "指定希望日(予定)令和6年4月1日上記のとおり依頼します。令和6年2月1日関東信越厚生局御中",
        "(氏名)※法人の場合は、名称、代表者の職・氏名三浦花江",
        "※保険医又は保険薬剤師の場合は記入ください。東医1234担当者の連絡先(電話番号)03-0000-0007",
        "適切に管理してください。令和年月日〇〇厚生(支)局(公印省略)",
    ] {
        assert!(one.contains(part), "{part} is not in {one}");
    }
    let two = text("別紙2");
    for part in [
        "(フリガナ)ミナトクリニック名称みなとクリニック",
        "(フリガナ)ミウラハナエ保険医又は保険薬剤師の登録の記号及び番号東医1234氏名三浦花江",
        "⑤調達状況(ア～ウから選択)イ〔ア整備済みイ契約済み(3月整備予定)ウ見積もり中〕",
        "⑦整備状況(ア～ウから選択)ア〔ア整備済みイ契約済み(月整備予定)ウ見積もり中〕",
        "⑧ネットワーク導入事業者名NTT東日本フレッツ光ネクスト⑨ネットワーク種類(IP-VPN/IPsec+IKE)IP-VPN",
        "⑩導入作業開始(予定)日西暦2024年3月1日⑪システム導入事業者名霞ヶ浦システム",
        "⑬診療・調剤開始(予定)日西暦2024年4月1日",
        "電話番号03-0000-0007Email(任意)hanae@example.jp",
    ] {
        assert!(two.contains(part), "{part} is not in {two}");
    }
    let three = text("様式2");
    for part in [
        "西暦2022年9月20日社会保険診療報酬支払基金理事長あて",
        "都道府県コード13点数表コード1保険医療機関コード2468015保険医療機関名称みなとクリニック",
        "富士通Caora1☑☐",
        "キヤノンHi-CARA1☐☑",
        "パナソニック顔認証付きカードリーダー☐☐",
        "西暦2023年3月導入予定",
        "☐導入している☑未導入(導入予定あり)⇒西暦2023年4月導入予定☐導入予定なし",
    ] {
        assert!(three.contains(part), "{part} is not in {three}");
    }
}

#[test]
fn blank_forms_leave_the_forms_own_blanks() {
    for (form, part) in [
        ("別紙1", "指定希望日(予定)令和年月日上記のとおり依頼します。令和年月日〇〇厚生(支)局御中"),
        ("別紙2", "⑩導入作業開始(予定)日西暦年月日⑪"),
        ("様式2", "西暦年月導入予定"),
    ] {
        let out = onshi().args(["blank", form, "-o", "-"]).output().unwrap();
        let text = text_of(&out.stdout);
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn the_example_of_the_seed_has_its_values_and_callouts() {
    let out = onshi().args(["example", "別紙1", "-o", "-"]).output().unwrap();
    let text = text_of(&out.stdout);
    for part in [
        "記載例",
        "XXX-XXX-XXXX",
        "〇〇XXXX",
        "〇〇厚生(支)局御中",
        "赤字部分を記載の上、提出してください。",
        "ここに記載いただいた住所及び氏名宛に回答書を送付します。",
        "「受付番号情報提供依頼書兼回答書」を医科分と歯科分で別々にご提出ください。",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("別紙1"), "the tag says 記載例 instead");
}

#[test]
fn rare_names_are_printed_and_extracted_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut fill = onshi();
    let out = fill.args(["fill", "samples/rare-names.yaml", "-o"]).arg(folder.path()).output();
    assert!(!String::from_utf8(out.unwrap().stderr).unwrap().contains("[glyph]"));
    let bytes = std::fs::read(folder.path().join("rare-names_receipt-number.pdf")).unwrap();
    let text = text_of(&bytes);
    for name in ["髙﨑𠮷之助", "髙﨑𠮷田クリニック", "葛\u{E0100}飾区", "德橋"]
    {
        assert!(text.contains(name), "{name} is not in {text}");
    }
}

#[test]
fn both_kinds_make_two_forms_and_each_circles_its_own() {
    let folder = tempfile::tempdir().unwrap();
    onshi()
        .args(["fill", "samples/medical-and-dental.yaml", "-o"])
        .arg(folder.path())
        .assert()
        .code(0);
    for (kind, part) in [("医科", "○医科・歯科・薬局"), ("歯科", "医科・○歯科・薬局")]
    {
        let name = format!("medical-and-dental_receipt-number_{kind}.pdf");
        let text = text_of(&std::fs::read(folder.path().join(name)).unwrap());
        assert!(text.contains(part), "{text}");
    }
    assert!(folder.path().join("medical-and-dental_introduction-plan.pdf").exists());
}

#[test]
fn every_sample_runs_as_it_is() {
    for sample in ["pharmacy", "hospital", "corporation"] {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("samples/{sample}.yaml");
        onshi().args(["fill", &file, "-o"]).arg(folder.path()).assert().code(0);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(bytes.len() < 120_000);
            text_of(&bytes);
        }
    }
}

#[test]
fn the_same_record_gives_the_same_bytes_in_every_process() {
    let run = || {
        onshi()
            .args(["fill", "tests/data/clinic.yaml", "-q", "--form", "別紙2", "-o", "-"])
            .output()
    };
    assert_eq!(run().unwrap().stdout, run().unwrap().stdout);
}

#[test]
fn the_bureaus_reply_is_printed_in_its_half() {
    let reply = (
        "    address: 東京都千代田区霞が関9-8-7\nintroduction_plan",
        "    address: 東京都千代田区霞が関9-8-7\n  reply: {number: \"2468015\", date: 2024-02-13}\nintroduction_plan",
    );
    let text = changed("clinic.yaml", &[reply]);
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("r.yaml");
    std::fs::write(&record, text).unwrap();
    let out =
        onshi().args(["fill", "--form", "別紙1", "-q", "-o", "-"]).arg(&record).output().unwrap();
    let text = text_of(&out.stdout);
    assert!(text.contains("受付番号2468015※当該回答"), "{text}");
    assert!(text.contains("令和6年2月13日関東信越厚生局(公印省略)"), "{text}");
}

/// A value that `check` calls unused is not on the paper: the office would ask which of the two is meant.
#[test]
fn what_is_said_to_be_unused_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("r.yaml");
    for (status, printed) in [("イ", "(7月整備予定)"), ("ウ", "(月整備予定)")] {
        let status_and_month = format!("reader: {{status: {status}, month: 7");
        let text = changed("clinic.yaml", &[("reader: {status: イ, month: 3", &status_and_month)]);
        std::fs::write(&record, text).unwrap();
        let fill = ["fill", "--form", "別紙2", "--today", "2024-01-10", "-o", "-"];
        let out = onshi().args(fill).arg(&record).output().unwrap();
        let text = squeezed(&text_of(&out.stdout));
        assert!(text.contains(printed), "{text}");
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(said.contains("reader-month-unused"), status == "ウ", "{said}");
    }
}

#[test]
fn the_longest_names_and_addresses_seen_fit_and_longer_ones_are_refused() {
    let name = "医".repeat(55);
    let address = format!("東京都{}", "霞".repeat(51));
    let with = |name: &str| {
        changed(
            "clinic.yaml",
            &[("みなとクリニック", name), ("東京都千代田区霞が関9-8-7", &address)],
        )
        .replace("東京都千代田区霞が関9-8-7", &address)
    };
    assert_eq!(common::report(&with(&name), &[], common::TODAY).errors(), 0);
    for long in [90, 300] {
        let report = common::report(&with(&"医".repeat(long)), &[], common::TODAY);
        assert_eq!(common::codes(&report).iter().filter(|c| **c == "fit").count(), 3);
    }
}

#[test]
fn formats_and_places_are_chosen_by_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let png = folder.path().join("plan.png");
    onshi().args(["blank", "introduction-plan", "-o"]).arg(&png).assert().code(0);
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    let many = folder.path().join("three.pdf");
    onshi().args(["fill", "tests/data/clinic.yaml", "-o"]).arg(&many).assert().code(2);
    assert!(!many.exists());
}

/// The pages as small pictures, compared with those that were looked at and found good.
#[test]
fn the_pages_look_as_they_did() {
    const DPI: f32 = 50.0;
    let forms = Forms::built_in();
    let record = onshi::record::read("c", common::sample("clinic.yaml").as_bytes()).unwrap();
    let (values, _) = onshi::values::values(&record, forms);
    for form in forms.forms() {
        let modes =
            [("blank", Mode::Blank), ("filled", Mode::Filled(&values)), ("example", Mode::Example)];
        for (name, mode) in modes {
            let (sheets, _) = layout::fill(form, mode, forms);
            let picture = png(&sheets[0], DPI).unwrap();
            common::assert_picture(&format!("tests/pictures/{}_{name}.png", form.id), &picture);
        }
    }
}

#[test]
fn several_sheets_are_one_document_with_an_outline() {
    let forms = Forms::built_in();
    let sheets: Vec<_> =
        forms.forms().flat_map(|form| layout::fill(form, Mode::Blank, forms).0).collect();
    let bytes = pdf(&sheets, &PdfOptions::default()).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    assert_eq!(document.get_pages().len(), sheets.len());
}
