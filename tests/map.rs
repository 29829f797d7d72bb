//! Lists with headings of their own: what a heading means, the map that is proposed, and batches with one.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use onshi::form::Forms;
use onshi::map::{Asked, Choices, Proposal, Role, propose};
use tempfile::TempDir;

use crate::common;

/// The forms whose fields the headings of the table are about.
const FORMS: [&str; 4] = ["別紙1", "別紙2", "様式2", "ポータル"];

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
        command.args(args).args(["--today", "2024-01-10"]).current_dir(self.0.path());
        command.env("LC_ALL", "ja_JP.UTF-8").env_remove("COLUMNS").env_remove("NO_COLOR");
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// The records of a batch as its PDFs carry their text: the text of each file by its name.
    fn printed(&self, folder: &str) -> Vec<String> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(self.path(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "pdf"));
        paths.sort();
        paths.iter().map(|path| common::text_of(&fs::read(path).unwrap())).collect()
    }
}

fn proposal(desk: &Desk, list: &str, named: &[&str]) -> Proposal {
    let forms = Forms::built_in();
    let named: Vec<_> = named.iter().filter_map(|name| forms.find(name)).collect();
    let list = desk.path(list);
    let asked = Asked {
        list: &list,
        encoding: None,
        sheet: None,
        forms,
        named: &named,
        map: None,
        choices: &Choices::default(),
    };
    propose(&asked).unwrap()
}

/// A column as the table of headings says it: the field's key, those it may be, or nothing.
fn meant(proposal: &Proposal, index: usize) -> String {
    let column = &proposal.columns[index];
    let mut nearest: Vec<&str> = column.nearest.iter().map(|t| t.key.as_str()).collect();
    nearest.sort_unstable();
    match &column.role {
        Role::Field(target) | Role::Joined(target) => target.key.clone(),
        Role::Ignored => "ignore".to_owned(),
        Role::Apart(_) => "apart".to_owned(),
        // A piece of a field, alone.
        Role::Open => nearest.join("|"),
    }
}

#[test]
fn every_heading_that_was_met_means_what_it_meant_there() {
    let desk = Desk::new();
    let text = fs::read_to_string(common::root().join("tests/data/headings.csv")).unwrap();
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in table.records() {
        let row = row.unwrap();
        let heading =
            row[0].replace('⏎', "\n").replace(" (spaced)", "").replace(" (line break)", "");
        let expected = &row[1];
        let values = match expected.split(' ').next().unwrap() {
            "facility.kind" => "医科\n歯科",
            "facility.category" => "病院\n診療所",
            _ => "あ\nい",
        };
        let list = format!("\"{heading}\"\n{values}\n");
        desk.write("list.csv", &list);
        let found = meant(&proposal(&desk, "list.csv", &FORMS), 0);
        let wanted = match expected {
            // In brackets it is said what no field is for; a past day is no day that is wished for.
            e if e.contains("ignore")
                || e.starts_with('(')
                || e.contains("no field")
                || e.contains("marker") =>
            {
                "ignore".to_owned()
            }
            e => {
                let keys = e.split(" (").next().unwrap();
                let mut keys: Vec<&str> = keys.split('|').collect();
                keys.sort_unstable();
                keys.join("|")
            }
        };
        count += 1;
        // A piece alone is no value, and nothing is taken for one in silence.
        let is_taken =
            matches!(proposal(&desk, "list.csv", &FORMS).columns[0].role, Role::Field(_));
        if found != wanted || expected.contains("(part") && is_taken {
            wrong.push(format!("{heading}: {found}, not {wanted}"));
        }
    }
    assert_eq!(count, 152);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A list as an association has it.
const LIST: &str = "\
令和8年度 会員名簿,,,,,,,,,,,,
No,医療機関コード,施設名称,フリガナ,〒,都道府県,市区町村,番地,TEL,FAX番号,開設者名,種別,区分
1,1234566,みなとの丘内科,ミナトノオカナイカ,760-0011,香川県,高松市,浜ノ町1-20,087-000-0001,087-000-0002,港 花子,診療所,医科
2,2234567,桜病院,サクラビョウイン,760-0012,香川県,高松市,本町2-3,087-000-0003,,桜 太郎,病院,医科
";

/// What 別紙1 needs besides, as `--set` gives it.
const SET: [&str; 10] = [
    "--set",
    "指定 指定希望日=2024-06-01",
    "--set",
    "受付番号情報提供依頼書 依頼日=2024-03-01",
    "--set",
    "回答書の送付先 氏名=事務局",
    "--set",
    "回答書の送付先 郵便番号=760-0001",
    "--set",
    "回答書の送付先 住所=香川県高松市番町1-1",
];

#[test]
fn a_list_whose_headings_are_known_needs_no_map() {
    let desk = Desk::new();
    desk.write("l.csv", LIST);
    let args = [&["batch", "l.csv", "--form", "別紙1", "-o", "out"][..], &SET].concat();
    let (code, _, said) = desk.run(&args);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("都道府県、市区町村、番地 をつないで「医療機関・薬局 所在地」と読みました"),
        "{said}"
    );
    assert!(said.contains("様式に項目のない列は読みません: No、FAX番号"), "{said}");
    assert!(said.contains("指定の様式で使わない列は読みません: 種別"), "{said}");
    let printed = desk.printed("out");
    assert_eq!(printed.len(), 2);
    let text = printed.iter().find(|text| text.contains("みなとの丘内科")).unwrap();
    assert!(text.contains("香川県高松市浜ノ町1-20") && text.contains("087-000-0001"), "{text}");
}

#[test]
fn what_is_unknown_and_what_is_missing_are_told_together_with_the_map() {
    let desk = Desk::new();
    desk.write("l.csv", "施設名称,甲,乙,丙,丁,電話番号\n霞医院,1,2,3,4,03-0000-0000\n");
    let (code, _, said) = desk.run(&["batch", "l.csv", "--form", "別紙1", "-o", "out"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("見出し 4 つに当たる項目がありません: 甲、乙、丙、丁"), "{said}");
    assert!(said.contains("別紙1に要る ") && said.contains("開設者 氏名"), "{said}");
    assert_eq!(said.matches("onshi map").count(), 2, "{said}");
}

#[test]
fn what_became_of_a_facility_is_for_the_summary() {
    let desk = Desk::new();
    desk.write("list.csv", "施設名,発送日,回答\n天神医院,2024-01-05,\n");
    let proposal = proposal(&desk, "list.csv", &["別紙1"]);
    for column in &proposal.columns[1..] {
        assert_eq!(column.role, Role::Ignored, "{}", column.heading);
    }
}

#[test]
fn a_proposal_is_a_map_that_a_batch_takes() {
    let desk = Desk::new();
    desk.write("l.csv", LIST);
    let (code, _, said) = desk.run(&["map", "l.csv", "別紙1", "-o", "map.yaml"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("13 列のうち 10 列の項目が分かりました（使わない列 3、決められない列 0）"),
        "{said}"
    );
    assert!(said.contains("名簿にない必要な項目: 指定 指定希望日"), "{said}");
    let yaml = fs::read_to_string(desk.path("map.yaml")).unwrap();
    for line in [
        "見出しの行: 2",
        "列:",
        "  # 見出しの別名です。値: みなとの丘内科、桜病院",
        "  施設名称: 医療機関・薬局 名称",
        "つなぐ:",
        "使わない列:",
        "  - FAX番号",
        "  # 指定 指定希望日: 2024-04-01",
    ] {
        assert!(yaml.lines().any(|known| known == line), "{line}\n{yaml}");
    }
    let args = [&["batch", "l.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out"][..], &SET]
        .concat();
    let (code, _, said) = desk.run(&args);
    assert_eq!(code, 0, "{said}");
    assert!(desk.printed("out").iter().any(|text| text.contains("香川県高松市浜ノ町1-20")));
    // A map that somebody may have corrected is not written over.
    let (code, _, said) = desk.run(&["map", "l.csv", "別紙1", "-o", "map.yaml"]);
    assert_eq!(code, 2, "{said}");
    assert_eq!(fs::read_to_string(desk.path("map.yaml")).unwrap(), yaml);
}

#[test]
fn a_proposal_takes_no_values_that_do_not_fit_and_names_what_is_near() {
    let desk = Desk::new();
    desk.write(
        "l.csv",
        "施設名,区分,運用開始,納品月,法人名,法人名\n霞医院,新規,四月,3,医療法人霞会,\n桜医院,移転,五月,12,,医療法人桜会\n",
    );
    let proposal = proposal(&desk, "l.csv", &["別紙1", "別紙2"]);
    let column = |heading: &str| {
        let found = proposal.columns.iter().find(|column| column.heading == heading).unwrap();
        let near: Vec<&str> = found.nearest.iter().map(|target| target.key.as_str()).collect();
        (found.role.clone(), near, found.reason.ja.as_str())
    };
    let (role, near, reason) = column("区分");
    assert_eq!((role, near[0]), (Role::Open, "facility.kind"));
    assert!(reason.contains("値が合いません"), "{reason}");
    assert_eq!(column("運用開始").1[0], "introduction_plan.operation_start");
    let (_, near, _) = column("納品月");
    assert!(!near.contains(&"facility.prefecture_code"), "{near:?}");
    let (_, _, reason) = column("法人名");
    assert!(reason.contains("「法人名」に当たる列がいくつもあります"), "{reason}");
    assert_eq!(reason.matches("法人名").count(), 1, "{reason}");
    // What the forms can do without is there, to be used.
    let optional: Vec<&str> =
        proposal.optional.iter().map(|lack| lack.field.key.as_str()).collect();
    assert!(optional.contains(&"founder.email"), "{optional:?}");
    assert!(!optional.iter().any(|key| key.contains("reply.")), "{optional:?}");
    assert!(!optional.contains(&"facility.name_kana"), "{optional:?}");
    let yaml = proposal.yaml("l.csv", onshi::report::Lang::Ja);
    assert!(yaml.contains("\n  # 開設者 Email: "), "{yaml}");
    // The value of a field's own name is translated.
    desk.write("m.csv", "施設名,種別\n霞医院,内科\n");
    let named = self::proposal(&desk, "m.csv", &["別紙1"]);
    assert!(matches!(named.columns[1].role, Role::Field(_)), "{:?}", named.columns[1]);
}

/// A list that needs everything a map can say.
const HARD: &str = "\
事業所,所在地,電話/FAX,法人,代表者の肩書,代表者,届出,番号,状態,診療区分
霞医院（カスミイイン）,〒100-0013 東京都千代田区霞が関1-2-2,TEL 03-0000-0001 FAX 03-0000-0002,医療法人霞会,理事長,霞 太郎,A,11,営業,内科
桜薬局（サクラヤッキョク）,〒910-0006 福井県福井市中央1-9-30,0776-00-0001,,,桜 花子,A,12,廃止,調剤薬局
,,,,,,B,11,営業,内科
梅医院（ウメイイン）,〒910-0006 福井県福井市中央1-9-31,0776-00-0003,梅商事,代表,梅 一郎,A,13,営業,調剤薬局
";

const MAP: &str = "\
見出しの行: 1
列:
  事業所: {残り: 医療機関・薬局 名称, カナ: 使わない}
  所在地: {郵便番号: 医療機関・薬局 郵便番号, 残り: facility.address}
  電話/FAX: {電話: 担当者 電話番号, FAX: 使わない}
  診療区分: 医療機関・薬局 種別
つなぐ:
  開設者 氏名: [法人, 代表者の肩書, 代表者]
使わない列: [届出, 番号, 状態]
共通の値:
  指定 指定希望日: 令和6年6月1日
  受付番号情報提供依頼書 依頼日: 2024-03-01
同じ値:
  回答書の送付先 氏名: 医療機関・薬局 名称
  回答書の送付先 郵便番号: 医療機関・薬局 郵便番号
  回答書の送付先 住所: 医療機関・薬局 所在地と同じ
読み替え:
  医療機関・薬局 種別: {内科: 医科, 調剤薬局: 薬局}
除く行:
  状態: [廃止]
施設の目印: 番号
";

#[test]
fn a_map_takes_apart_joins_copies_translates_leaves_out_and_gathers() {
    let desk = Desk::new();
    desk.write("l.csv", HARD);
    desk.write("map.yaml", MAP);
    let args = ["batch", "l.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out"];
    let (code, _, said) = desk.run(&args);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("「除く行」に当たる 1 行は読みません"), "{said}");
    let printed = desk.printed("out");
    assert_eq!(printed.len(), 2, "{said}");
    let first = printed.iter().find(|text| text.contains("霞医院")).unwrap();
    for text in [
        "東京都千代田区霞が関1-2-2",
        "100-0013",
        "03-0000-0001",
        "医療法人霞会理事長霞太郎",
        "令和6年6月1日",
    ] {
        assert!(first.contains(text), "{text}: {first}");
    }
    assert!(
        !first.contains("03-0000-0002")
            && !first.contains("カスミ")
            && !first.contains('〒'.to_string().repeat(2).as_str()),
        "{first}"
    );
    assert_eq!(first.matches("霞医院").count(), 2, "the addressee is the facility: {first}");
    // The same in English.
    let english = MAP
        .replace("見出しの行", "heading")
        .replace("\n列:", "\ncolumns:")
        .replace("つなぐ", "join")
        .replace("使わない列", "ignore")
        .replace("使わない", "unused")
        .replace("残り", "rest")
        .replace("共通の値", "constants")
        .replace("同じ値", "same")
        .replace("読み替え", "translate")
        .replace("除く行", "leave_out")
        .replace("施設の目印", "key");
    desk.write("english.yaml", &english);
    let (code, _, said) =
        desk.run(&["batch", "l.csv", "--map", "english.yaml", "--form", "別紙1", "-o", "out2"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(desk.printed("out2"), printed);
}

#[test]
fn a_join_keeps_its_order_in_the_map_that_is_written() {
    let desk = Desk::new();
    desk.write("list.csv", "法人名,代表者氏名,役職\n医療法人みなと会,髙橋 花子,理事長\n");
    let (code, map, _) = desk.run(&["map", "list.csv", "別紙1", "--lang", "ja"]);
    assert_eq!(code, 0);
    assert!(map.contains("    - 法人名\n    - 役職\n    - 代表者氏名\n"), "{map}");
}

#[test]
fn what_a_roster_marks_as_its_example_is_no_facility_with_a_map_either() {
    let desk = Desk::new();
    desk.run(&["roster", "別紙1", "-o", "roster.csv"]);
    let (_, map, _) = desk.run(&["map", "roster.csv", "別紙1", "--lang", "ja"]);
    desk.write("map.yaml", &map);
    let batch = ["batch", "roster.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out"];
    let (_, _, said) = desk.run(&batch);
    assert!(said.contains("見出しだけで、施設の行がありません"), "{said}");
    assert!(!desk.path("out").exists());
}

#[test]
fn a_row_with_more_cells_than_headings_is_a_fault_of_its_facility() {
    let desk = Desk::new();
    let head = "番号,施設名,所在地,種別,郵便番号,開設者 氏名,担当者 氏名,担当者 電話番号,\
        ネットワーク種類,疎通確認テスト開始予定年月\n";
    let first = "1,天神医院,福岡県福岡市中央区天神9-9-9,医科,810-0001,森 一郎,森 一郎,092-000-0000,\
        IP-VPN接続方式,2027-02\n";
    desk.write("list.csv", &format!("{head}{first}1,,,,,,,,,,余り\n"));
    desk.write("map.yaml", "使わない列: [番号]\n施設の目印: 番号\n");
    let batch = ["batch", "list.csv", "--map", "map.yaml", "--form", "転記票", "-o", "out"];
    let (code, _, said) = desk.run(&batch);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("row-length") && said.contains("[3 行 11 列]"), "{said}");
}

#[test]
fn a_value_is_the_same_as_one_that_all_share_whoever_says_so() {
    let desk = Desk::new();
    desk.write("list.csv", "施設名\n天神医院\n");
    let copies =
        "同じ値: {開設者 住所: 回答書の送付先 住所, 回答書の送付先 住所: 医療機関・薬局 所在地}\n";
    desk.write("map.yaml", copies);
    let set = "facility.address=福岡県福岡市中央区天神9-9-9";
    let batch =
        ["batch", "list.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out", "--set", set];
    let (_, _, said) = desk.run(&batch);
    assert!(!said.contains("の値を持つ列がありません"), "{said}");
    assert!(!said.contains("回答書の送付先 住所"), "{said}");
}

#[test]
fn rows_of_one_facility_that_differ_are_a_fault_naming_both_cells() {
    let desk = Desk::new();
    let list = HARD.replace(",,,,,,B,11", ",,TEL 03-0000-0009,,,,B,11");
    desk.write("l.csv", &list);
    desk.write("map.yaml", MAP);
    let (code, _, said) =
        desk.run(&["batch", "l.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out"]);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains(
            "同じ施設の「電話/FAX」が C2 の「TEL 03-0000-0001 FAX 03-0000-0002」と違います"
        ),
        "{said}"
    );
    assert!(said.contains("l.csv[4 行 3 列]"), "{said}");
    assert_eq!(desk.printed("out").len(), 1);
}

#[test]
fn every_fault_of_a_map_is_told_at_once_at_its_line() {
    let desk = Desk::new();
    desk.write("l.csv", HARD);
    let map = "\
列:
  場所: 医療機関・薬局 名前
  所在地: facility.address
  電話番号: 担当者 電話番号
  診療区分: 点数表コード
つなぐ:
  医療機関・薬局 所在地: [法人, 代表者]
使わない: [届出]
共通の値:
  指定 指定希望日: いつか
同じ値:
  開設者 住所: 開設者 Email
";
    desk.write("map.yaml", map);
    let (code, _, said) =
        desk.run(&["batch", "l.csv", "--map", "map.yaml", "--form", "別紙1", "-o", "out"]);
    assert_eq!(code, 1, "{said}");
    for (line, text) in [
        (2, "「医療機関・薬局 名前」という項目はありません"),
        (2, "もしかして: 医療機関・薬局 名称"),
        (2, "見出し「場所」の列が名簿にありません"),
        (4, "見出し「電話番号」の列が名簿にありません"),
        (5, "「点数表コード」は計算で求めるので"),
        (7, "「医療機関・薬局 所在地」の値が二つあります（3 行目にも"),
        (8, "「使わない」は対応表に書けません"),
        (8, "もしかして: 使わない列"),
        (10, "いつか"),
        (12, "「開設者 Email」の値を持つ列がありません"),
    ] {
        assert!(said.contains(text), "{line}: {text}\n{said}");
        assert!(said.contains(&format!("map.yaml:{line}:")), "{line}\n{said}");
    }
    assert!(!desk.path("out").exists());
}

#[test]
fn the_lists_that_were_refused_for_their_headings_are_taken() {
    for (name, forms, more) in [
        ("1.csv", "別紙1", "zzz"),
        ("1b.csv", "別紙1", ""),
        ("2.csv", "別紙1", ""),
        ("9.csv", "別紙1", ""),
        ("13.xlsx", "別紙1", ""),
        ("14.xlsx", "別紙1", ""),
    ] {
        let desk = Desk::new();
        let path = common::root().join("tests/data/cases/lists").join(name);
        fs::copy(&path, desk.path(name)).unwrap();
        let set =
            ["医療機関・薬局 種別=医科", "開設者 氏名=霞 太郎", "担当者 電話番号=03-0000-0001"];
        let set = set.iter().flat_map(|text| ["--set", *text]);
        let args: Vec<&str> = ["batch", name, "--form", forms, "-o", "out"]
            .into_iter()
            .chain(set)
            .chain(SET)
            .collect();
        let (code, _, said) = desk.run(&args);
        assert!(!said.contains("当たる項目"), "{name}: {said}");
        assert!(!said.contains("要る列"), "{name}: {said}");
        // 1.csv has a telephone number that is none.
        assert_eq!(code, i32::from(!more.is_empty()), "{name}: {said}");
    }
}

/// Of several rows that are one facility, one may have what is asked for, and the others what it lacks.
#[test]
fn rows_of_one_facility_are_asked_for_together() {
    let desk = Desk::new();
    let head = "番号,支部,施設名,所在地,種別,郵便番号,開設者 氏名,担当者 氏名,担当者 電話番号,\
        ネットワーク種類,疎通確認テスト開始予定年月\n";
    let first = "1,博多,天神医院,福岡県福岡市中央区天神9-9-9,医科,,森 一郎,森 一郎,092-000-0000,\
        IP-VPN,2027-02\n";
    desk.write("map.yaml", "使わない列: [番号, 支部]\n施設の目印: 番号\n");
    let batch = ["batch", "list.csv", "--map", "map.yaml", "--form", "転記票", "-o", "out"];
    for (second, is_there) in [("1,,,,,810-0001,,,,,", true), ("2,,,,,810-0001,,,,,", false)] {
        desk.write("list.csv", &format!("{head}{first}{second}\n"));
        let (_, _, said) = desk.run(&[&batch[..], &["--where", "支部=博多"]].concat());
        assert_eq!(said.contains("郵便番号 がありません"), !is_there, "{said}");
    }
}

/// What Excel made a day of is refused in the same words whether it is a value or a part of one.
#[test]
fn a_day_among_the_parts_of_an_address_is_refused_as_it_is_alone() {
    let desk = Desk::new();
    let list = "施設名,都道府県,市区町村,番地,種別,郵便番号,開設者 氏名,担当者 氏名,担当者 電話番号,\
        ネットワーク種類,疎通確認テスト開始予定年月\n\
        天神医院,福岡県,福岡市中央区天神,2001/9/9,医科,810-0001,森 一郎,森 一郎,092-000-0000,\
        IP-VPN,2027-02\n";
    desk.write("list.csv", list);
    let (code, _, said) = desk.run(&["batch", "list.csv", "--form", "転記票", "-o", "out"]);
    assert_eq!(code, 1, "{said}");
    let refusal = "Excel によって日付か時刻（2001-09-09）に変えられています";
    assert!(said.contains(refusal) && said.contains("[2 行 4 列]"), "{said}");
    assert!(!said.contains("天神2001-09-09"), "{said}");
}
