//! The nine steps of 別紙3 with the facility's own days.

use crate::common::{changed, onshi, sample, squeezed, text_of};

/// The leaflet to the letter, its slip (電子証明証) included.
const LEAFLET: &[&str] = &[
    "オンライン資格確認の導入に向けて必要な手続き",
    "保険医療機関・保険薬局の新設を予定される方向け",
    "診療開始月の月初から「オンライン資格確認」の導入を行うためには、以下のスケジュールを目安に、必要な手続きを進めていただくようお願いいたします。",
    "スケジュール（目安）",
    "～診療開始3月前",
    "システム導入等の依頼と同時",
    "…",
    "指定2か月前",
    "指定1か月前",
    "①顔認証付きカードリーダーの選定/調達",
    "②ネットワーク準備",
    "③見積依頼",
    "④発注",
    "【地方厚生（支）局の提出期限までに】*",
    "⑤受付番号の情報提供依頼",
    "【15日までに】",
    "⑥オンライン資格確認実施機関へ受付番号提出",
    "⑦医療機関等向け総合ポータルサイトのアカウント登録",
    "⑧オンライン資格確認利用申請、電子証明証発行申請",
    "⑨保険医療機関等の指定申請",
    "* 提出期限は地方厚生（支）局によって異なりますので、HP等でご確認ください。",
    "各手続きの概略",
    "どの顔認証付きカードリーダーを購入するか選定し、顔認証付きカードリーダーのメーカーに調達を行ってください。",
    "オンライン資格確認用のネットワークの敷設を、ネットワーク事業者に依頼してください。",
    "※オンライン請求及びオンライン資格確認等システム接続可能回線・事業者一覧 (https://www.ssk.or.jp/seikyushiharai/online/online_04.files/claimsys35.pdf)",
    "システム事業者にオンライン資格確認の導入に関する見積依頼を行ってください。",
    "見積確認後、システム事業者に発注を行ってください。",
    "地方厚生（支）局の提出期限までに地方厚生（支）局へ受付番号の情報提供依頼を行ってください。",
    "※提出期限の詳細は、医療機関等の所在する地方厚生（支）局へご確認ください。",
    "地方厚生（支）局から受付番号の回答を受けた後、指定2か月前の15日までにオンライン資格確認実施機関へ提出してください。こちらをもって医療機関等向け総合ポータルサイトへのアカウント登録が可能となります。",
    "医療機関等向け総合ポータルサイト※に受付番号でアカウント登録をしてください。",
    "※オンライン資格確認実施機関が開設するオンライン資格確認導入に向けたポータルサイト (https://iryohokenjyoho.service-now.com/csm)",
    "オンライン資格確認利用申請、電子証明書発行申請",
    "医療機関等向け総合ポータルサイトから、受付番号でオンライン資格確認の利用申請と電子証明書発行申請をしてください。",
    "保険医療機関・保険薬局として指定を受けようとするときは、地方厚生（支）局の提出期限までに地方厚生（支）局へ「保険医療機関・保険薬局指定申請書」を提出する必要があります。",
    "※保険医療機関・保険薬局の指定に係る詳細は、医療機関等の所在する地方厚生（支）局へご確認ください。",
    "お問い合わせ先",
    "オンライン資格確認実施機関（医療保険情報提供等実施機関）",
    "・医療機関等向け総合ポータルサイト（社会保険診療報酬支払基金）",
    "https://iryohokenjyoho.service-now.com/csm",
    "※チャットボットサービスあり",
    "電話番号：0800-0804583（通話無料）（月～金8:00～18:00 土8:00～16:00（いずれも祝日を除く））",
    "メール：contact@iryohokenjyoho-portalsite.jp",
    "※【⑤受付番号の情報提供依頼】については、医療機関等の所在する地方厚生（支）局都府県事務所等へご確認ください。",
    "各地方厚生（支）局の保険医療機関・保険薬局の指定に関する申請については、以下URLからご確認ください。",
    "北海道厚生局",
    "関東信越厚生局",
    "近畿厚生局",
    "四国厚生支局",
    "東北厚生局",
    "東海北陸厚生局",
    "中国四国厚生局",
    "九州厚生局",
];

fn schedule(text: &str, args: &[&str]) -> Vec<u8> {
    let mut command = onshi();
    command.args(["schedule", "-", "--today", "2024-01-10", "--lang", "ja"]).args(args);
    let output = command.write_stdin(text).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn the_table_names_each_step_its_day_and_its_bureau() {
    for (address, bureau, day) in [
        ("東京都千代田区", "関東信越厚生局", "2024-02-01（木）まで"),
        ("愛知県名古屋市", "東海北陸厚生局", "2024-02-01（木）まで"),
        ("香川県高松市", "四国厚生支局", "2024-02-01（木）まで"),
        ("宮城県仙台市", "東北厚生局", "2024-02-05（月）まで"),
    ] {
        let record = format!("facility: {{address: {address}}}\ndesignation: {{date: 2024-04-01}}");
        let table = String::from_utf8(schedule(&record, &[])).unwrap();
        let five = table.lines().find(|line| line.contains("受付番号の情報提供依頼")).unwrap();
        assert!(five.contains(day) && five.contains(bureau), "{table}");
        assert!(table.contains("!  1  顔認証付きカードリーダーの選定/調達"), "{table}");
        assert!(table.contains("9日超過"), "{table}");
    }
}

#[test]
fn the_leaflet_is_printed_to_the_letter_with_the_days_beside_it() {
    let text = text_of(&schedule(&sample("clinic.yaml"), &["--format", "pdf"]));
    let mut rest = text.as_str();
    for part in LEAFLET {
        let part = squeezed(part);
        let at = rest.find(&part).unwrap_or_else(|| panic!("{part} is not in {rest}"));
        rest = &rest[at + part.len()..];
    }
    for part in ["2024年2月1日（木）まで", "2024年2月15日（木）まで", "2024年3月1日（金）まで"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(text.contains(
        "期限は不明。指定の2か月前が目安。関東信越厚生局のホームページで確かめてください"
    ));
}

#[test]
fn the_leaflet_is_made_when_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let named = ["fill", "tests/data/clinic.yaml", "-q", "--form", "別紙3", "-o"];
    onshi().args(named).arg(folder.path()).assert().code(0);
    assert!(folder.path().join("clinic_schedule.pdf").exists());
    for command in ["blank", "example"] {
        let out = onshi().args([command, "別紙3", "-o", "-"]).output().unwrap();
        let text = text_of(&out.stdout);
        assert!(text.contains("オンライン資格確認の導入に向けて必要な手続き"));
        assert_eq!(text.contains("2024年2月1日（木）まで"), command == "example");
    }
    let record = changed("clinic.yaml", &[("designation: ", "schedule: {}\ndesignation: ")]);
    onshi().args(["check", "-"]).write_stdin(record).assert().code(1);
}

#[test]
fn without_a_date_or_a_bureau_there_is_no_schedule() {
    for (record, field) in [
        ("facility: {address: 東京都千代田区}", "Wished date"),
        ("designation: {date: 2024-04-01}", "Regional bureau"),
    ] {
        let out =
            onshi().args(["schedule", "-", "--lang", "en"]).write_stdin(record).output().unwrap();
        assert_eq!(out.status.code(), Some(1));
        assert!(out.stdout.is_empty());
        assert!(String::from_utf8(out.stderr).unwrap().contains(field));
    }
}
