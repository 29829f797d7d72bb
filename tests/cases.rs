//! What people really hand in: each file of `tests/data/cases` shows one member of a class of inputs
//! that went wrong once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common;

/// What a batch said, and what it made.
struct Ran {
    folder: TempDir,
    code: i32,
    said: String,
}

fn case(name: &str) -> PathBuf {
    common::root().join("tests/data/cases").join(name)
}

/// `batch` of a case, with more arguments.
fn batch_of(path: &Path, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let mut command = common::onshi();
    command.arg("batch").arg(path).args(["--lang", "ja"]).args(more);
    if !more.contains(&"--today") {
        command.args(["--today", "2027-01-08"]);
    }
    if !more.contains(&"-o") {
        command.arg("-o").arg(folder.path().join("out"));
    }
    let output = command.output().unwrap();
    let said =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    Ran { folder, code: output.status.code().unwrap(), said }
}

/// `batch` of a case for 別紙2.
fn batch(name: &str) -> Ran {
    batch_of(&case(name), &["--form", "別紙2"])
}

impl Ran {
    #[track_caller]
    fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Ran {
        assert!(self.said.contains(words), "{words} is not in {}", self.said);
        self
    }

    /// The text of each PDF by its row.
    fn pages(&self) -> BTreeMap<String, String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("out")) else {
            return BTreeMap::new();
        };
        let files = files.map(|file| file.unwrap().path());
        let pdfs = files.filter(|path| path.extension().is_some_and(|e| e == "pdf"));
        let page = |path: PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let row = name.split('_').next().unwrap().trim_start_matches('0').to_owned();
            (row, common::text_of(&std::fs::read(path).unwrap()))
        };
        pdfs.map(page).collect()
    }

    #[track_caller]
    fn prints(self, row: &str, text: &str) -> Ran {
        let pages = self.pages();
        let page = pages.get(row).unwrap_or_else(|| panic!("no page of row {row}: {}", self.said));
        assert!(page.contains(&common::squeezed(text)), "{text} is not on the page: {page}");
        self
    }
}

#[test]
fn what_marks_a_text_for_excel_is_not_printed() {
    let ran = batch("A7_excel_text_marks.csv").ends(0).says("1 個のセルの先頭の「'」");
    let ran = ran.prints("2", "もみじ野クリニック").prints("3", "試験 太郎");
    assert!(ran.pages().values().all(|page| !page.contains(['=', '\''])));
}

#[test]
fn last_cells_left_out_are_empty() {
    batch("B1_short_row.csv").ends(0).prints("2", "もみじ野クリニック").prints("3", "あおば医院");
}

#[test]
fn a_bad_byte_spoils_its_cell_alone() {
    let ran = batch("B5_one_bad_byte.csv").ends(1).says("文字コードは UTF-8（BOM つき） です");
    let ran = ran.says("UTF-8 の文字ではありません").prints("2", "もみじ野クリニック");
    assert_eq!(ran.pages().len(), 1);
}

#[test]
fn the_delimiter_is_found_below_a_title_and_semicolons_are_read() {
    batch("B7.txt").ends(0).prints("3", "もみじ野クリニック");
    batch("C1.csv").ends(0).prints("2", "もみじ野クリニック");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sep.csv");
    let text = std::fs::read_to_string(case("C1.csv")).unwrap();
    std::fs::write(&path, format!("sep=;\r\n{text}")).unwrap();
    batch_of(&path, &["--form", "別紙2"]).ends(0).prints("2", "もみじ野クリニック");
}

#[test]
fn hidden_files_of_a_folder_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    let record = common::sample("clinic.yaml");
    std::fs::write(folder.path().join("もみじ野.yaml"), record).unwrap();
    std::fs::write(folder.path().join("._もみじ野.yaml"), b"\x00\x05\x16\x07").unwrap();
    let ran = batch_of(folder.path(), &["--form", "別紙2", "--today", "2024-01-10"]).ends(0);
    assert_eq!(ran.pages().len(), 1, "{}", ran.said);
}

#[test]
fn what_is_no_list_is_named_in_one_line() {
    for (name, words) in [
        ("C2.csv", "文字コードが UTF-16 です"),
        ("C3.csv", "文字コードが EUC-JP です"),
        ("C4.ods", "OpenDocument"),
        ("C4c.xls", "Web ページ（HTML）の表です"),
        ("C4d.pdf", "PDF です"),
    ] {
        let ran = batch(name).ends(1).says(words);
        assert_eq!(
            ran.said.matches("error[").count() + ran.said.matches("エラー[").count(),
            1,
            "{}",
            ran.said
        );
        assert!(!ran.said.contains("_rels"), "{}", ran.said);
    }
}

/// `batch` of a list of an office for 別紙1, what it lacks given for all.
fn list(path: &Path, more: &[&str]) -> Ran {
    let mut arguments = vec!["--form", "別紙1"];
    for value in [
        "facility.kind=医科",
        "facility.category=診療所",
        "founder.name=試験 太郎",
        "designation.date=2027-05-01",
        "contact.phone=03-0000-0007",
        "receipt_number.request_date=2027-01-08",
        "receipt_number.reply_to.name=試験 太郎",
        "receipt_number.reply_to.postal_code=100-0013",
        "receipt_number.reply_to.address=東京都千代田区霞が関9-8-7",
    ] {
        arguments.extend(["--set", value]);
    }
    arguments.extend(more);
    batch_of(path, &arguments)
}

/// As [`list`], into a folder of one's own.
fn list_into(path: &Path, out: &Path, more: &[&str]) -> Ran {
    list(path, &[more, &["-o", out.to_str().unwrap()]].concat())
}

fn list_case(name: &str) -> Ran {
    list(&case(&format!("lists/{name}")), &[])
}

/// A list of these rows under the headings that most lists have.
fn listed(rows: &[&str], more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    let headings = "医療機関・薬局 名称,医療機関・薬局 郵便番号,医療機関・薬局 所在地";
    std::fs::write(&path, [&[headings], rows].concat().join("\r\n")).unwrap();
    list(&path, more)
}

#[test]
fn only_the_fields_of_the_forms_asked_for_take_a_column() {
    // TEL is 担当者 電話番号 where that is the only one that the form asks for.
    list_case("1.csv").ends(1).says("電話番号「zzz」").says("lists/1.csv[2 行 4 列]");
    list_case("1b.csv").ends(0).prints("2", "霞医院");
    list_case("2.csv").ends(0).prints("2", "霞医院").prints("2", "03-0000-0000");
}

#[test]
fn headings_are_found_below_notes_and_over_two_rows() {
    list_case("9.csv").ends(0).says("12 行目を見出しとして読みました").prints("13", "霞医院");
    list_case("13.xlsx").ends(0);
    batch("B3_merged_down.xlsx").ends(0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grouped.csv");
    let text = "名簿\n医療機関・薬局,,,担当者\n名称,郵便番号,所在地,電話番号\n\
        霞医院,100-0013,東京都千代田区霞が関9-8-7,03-0000-0007\n";
    std::fs::write(&path, text).unwrap();
    list(&path, &[]).ends(0).prints("4", "霞医院").prints("4", "03-0000-0007");
    std::fs::write(&path, "注\n".repeat(40) + "医療機関・薬局 名称\n霞医院\n").unwrap();
    list(&path, &[]).ends(1).says("見出しの行が見つかりません（先頭から 30 行まで）");
}

#[test]
fn the_sheet_with_headings_is_read_and_two_are_asked_about() {
    list_case("14.xlsx").ends(0).says("シート「名簿」だけを読みます（ほかに Sheet）");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, clinic) in [("4月", "霞医院"), ("5月", "霞第二医院")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        let headings = ["医療機関・薬局 名称", "医療機関・薬局 郵便番号", "医療機関・薬局 所在地"];
        let row = [clinic, "100-0013", "東京都千代田区霞が関9-8-7"];
        for column in 0..3 {
            sheet.write_string(0, column as u16, headings[column]).unwrap();
            sheet.write_string(1, column as u16, row[column]).unwrap();
        }
    }
    book.save(&path).unwrap();
    list(&path, &[]).ends(1).says("見出しのあるシートが 2 つあります（4月、5月）");
    list(&path, &["--sheet", "5月"]).ends(0).prints("2", "霞第二医院");
    list(&path, &["--sheet", "6月"]).ends(1).says("シート「6月」はありません").says("4月、5月");
}

#[test]
fn rows_that_are_no_facility_are_passed_over_and_counted() {
    let ran =
        list_case("10.csv").ends(0).says("合計の行 4 行（2、4、6、7 行目）は施設として読みません");
    assert_eq!(ran.pages().len(), 2);
}

#[test]
fn records_that_are_the_same_are_refused_and_branches_of_one_name_are_not() {
    let clinic = "霞医院,100-0013,東京都千代田区霞が関9-8-7";
    let branch = "霞医院,100-0013,東京都千代田区霞が関1-2-3";
    let ran = listed(&[clinic, branch, clinic], &[]).ends(1);
    let ran = ran.says("すべての値が 2 行目と同じです").says("--allow-duplicates");
    assert_eq!(ran.pages().len(), 2);
    assert!(!ran.said.contains("警告"), "{}", ran.said);
    let ran = listed(&[clinic, clinic], &["--allow-duplicates"]).ends(0);
    let ran = ran.says("名称と所在地「霞医院」が 2 行目と同じです");
    assert_eq!(ran.pages().len(), 2);
}

#[test]
fn names_that_differ_in_the_form_of_a_kanji_alone_are_warned_of() {
    let at = |name: &str| format!("{name},100-0013,東京都千代田区霞が関9-8-7");
    for (one, other) in
        [("髙橋医院", "高橋医院"), ("渡邉医院", "渡邊医院"), ("ｶｽﾐ医院", "カスミ医院")]
    {
        let ran = listed(&[&at(one), &at(other)], &[]).ends(0);
        let ran = ran
            .says(&format!("名称と所在地「{other}」は、2 行目の「{one}」と字体や幅が違うだけです"));
        // Each is printed as it is written.
        assert_eq!(ran.pages().len(), 2);
    }
    let ran = listed(&[&at("大田医院"), &at("太田医院")], &[]).ends(0);
    assert!(!ran.said.contains("警告"), "{}", ran.said);
    // The form of a kanji in the address tells no places apart either.
    let rows = ["霞ケ関1-1", "霞ヶ関1-1", "霞ケ関1-1"]
        .map(|town| format!("濵田医院,100-0013,東京都千代田区{town}"));
    let ran = listed(&[&rows[0], &rows[1], &rows[2].replace('濵', "浜")], &[]).ends(0);
    ran.says("名称と所在地「濵田医院」は 3 施設で字体や幅のほかは同じです（はじめは 2 行目）");
}

#[test]
fn a_warning_that_many_rows_share_is_said_once_with_its_number() {
    let rows: Vec<String> =
        (0..30).map(|i| format!("霞医院,100-00{i:02},東京都千代田区霞が関9-8-7")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let ran = listed(&rows, &[]).ends(0).says("名称と所在地「霞医院」は 30 施設で同じです");
    assert!(ran.said.contains("警告 1 件（duplicate 1）"), "{}", ran.said);
}

#[test]
fn the_bureau_follows_from_code_or_postal_code_and_another_is_warned_of() {
    let ran = list_case("4.csv").ends(0).prints("2", "近畿厚生局");
    ran.says("警告 1 件（receipt-number/prefecture 1）");
    let name = case("lists/5.csv");
    list(&name, &[]).ends(0).prints("2", "近畿厚生局");
    let ran = list(&name, &["--set", "bureau=北海道厚生局"]).ends(0);
    ran.says("receipt-number/bureau-of-code 1").prints("2", "北海道厚生局");
}

#[test]
fn a_copied_sheet_that_is_filled_in_too_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let output = common::onshi()
        .arg("fill")
        .arg(case("A11_copied_sheet.xlsx"))
        .arg("-o")
        .arg(folder.path().join("x.pdf"))
        .args(["--today", "2027-01-08", "--lang", "ja"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("記入されたシートが 2 つあります（別紙2、別紙2 (2)）"), "{said}");
}

#[test]
fn lines_of_a_cell_are_one() {
    let ran = list_case("7.csv").ends(0).prints("2", "霞医院");
    ran.prints("3", "千葉県　千葉リハビリテーションセンター").says("normalised 1");
    let ran = list_case("6.csv").ends(0).prints("2", "0778-53-2511(代表)");
    ran.prints("3", "047-314-0511");
}

#[test]
fn a_cell_merged_with_the_one_above_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("merged.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let headings = ["医療機関・薬局 名称", "医療機関・薬局 郵便番号", "医療機関・薬局 所在地"];
    sheet.write_row(0, 0, headings).unwrap();
    sheet.write_row(1, 0, ["霞医院", "100-0013", ""]).unwrap();
    sheet.write_row(2, 0, ["霞第二医院", "100-0013", ""]).unwrap();
    let address = "東京都千代田区霞が関9-8-7";
    sheet.merge_range(1, 2, 2, 2, address, &rust_xlsxwriter::Format::new()).unwrap();
    book.save(&path).unwrap();
    let ran = list(&path, &[]).ends(1).prints("2", address);
    let ran = ran.says("所在地」のセルが 2 行目のセルと結合されています");
    assert!(!ran.said.contains("所在地 がありません"), "{}", ran.said);
}

/// A list with private-use characters, and what a table of them makes of it.
#[test]
fn private_use_characters_are_refused_with_a_way_out_and_read_by_a_table() {
    let rows = ["\u{E38B}橋医院,100-0013,東京都千代田区\u{E38B}町9-8-7"];
    let ran = listed(&rows, &[]).ends(1).says("1 文字目の U+E38B は外字");
    let ran = ran.says("gaiji.yaml に「U+E38B: {character: 文字, source: 確かめた先と日付}」");
    ran.says("--gaiji gaiji.yaml");

    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("gaiji.yaml");
    // What U+E38B means in this test is invented.
    let text = "U+E38B: {character: \"葛\u{E0100}\", source: 架空の厚生局に確認（2027-01-08）}\n";
    std::fs::write(&table, text).unwrap();
    let by_option = ["--gaiji", table.to_str().unwrap()];
    let by_folder = ["--forms", folder.path().to_str().unwrap()];
    for more in [by_option, by_folder] {
        let ran = listed(&rows, &more).ends(0).prints("2", "葛\u{E0100}橋医院");
        let ran = ran.says("1 文字目の外字 U+E38B を「葛\u{E0100}」と読みました");
        ran.says("架空の厚生局に確認").says("警告 2 件（gaiji 2）");
    }
    // A table that says something else makes the files anew.
    let list = folder.path().join("list.csv");
    let headings = "医療機関・薬局 名称,医療機関・薬局 郵便番号,医療機関・薬局 所在地\r\n";
    std::fs::write(&list, headings.to_owned() + rows[0]).unwrap();
    let out = folder.path().join("out");
    let twice = |text: &str| {
        std::fs::write(&table, text).unwrap();
        list_into(&list, &out, &by_option)
    };
    twice(text).ends(0);
    twice(text).ends(0).says("1 ファイルは変わっていない");
    let ran = twice(&text.replace('葛', "辻")).ends(0);
    assert!(!ran.said.contains("変わっていない"), "{}", ran.said);
    std::fs::write(&table, "U+E38B: {character: 葛飾, source: 架空}\n").unwrap();
    listed(&rows, &by_option).ends(2).says("gaiji.yaml:1:9").says("一文字ではありません");
}

#[test]
fn a_warning_is_shown_once_for_each_kind() {
    let ran = list_case("5.csv").ends(0).says("警告[receipt-number/prefecture]");
    ran.says("lists/5.csv[2 行 3 列]");
    let ran = list_case("10.csv").ends(0).says("警告 2 件（sample 2）");
    assert_eq!(ran.said.matches("警告[sample]").count(), 1, "{}", ran.said);
    ran.says("警告は種類ごとにはじめの一つだけを示しました");
}

#[test]
fn what_lists_have_besides_is_read_or_named() {
    // A kind as bureaus write it.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kinds.csv");
    let text = "医療機関・薬局 名称,医療機関・薬局 郵便番号,医療機関・薬局 所在地,種別\n\
        霞歯科,100-0013,東京都千代田区霞が関9-8-7,歯科診療所\n";
    std::fs::write(&path, text).unwrap();
    list(&path, &[]).ends(0).prints("2", "医科・○歯科・薬局");
    // What is missing is told together with what is unknown.
    std::fs::write(&path, "医療機関・薬局 名称,職員数\n霞医院,12\n").unwrap();
    let ran = list(&path, &[]).ends(1).says("見出し「職員数」に当たる項目はありません");
    ran.says("別紙1に要る列「医療機関・薬局 所在地」がありません");
    // A computed column is not asked for.
    let computed = text.replace("種別", "点数表コード").replace("歯科診療所", "3");
    std::fs::write(&path, computed).unwrap();
    list(&path, &[]).ends(0).says("使わない列は読みません: 点数表コード");
    // Records in one file are no roster, and are no record of one facility.
    let records = folder.path().join("records.json");
    std::fs::write(&records, r#"[{"facility": {}}, {"facility": {}}]"#).unwrap();
    list(&records, &[]).ends(2).says("記録（YAML・JSON）です").says("一施設を一つのファイルに");
    let output = common::onshi().args(["check", "--lang", "ja"]).arg(&records).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("2 件の記録が一覧として並んでいます"), "{said}");
    // What is no list is named wherever it is handed in.
    for (name, words) in [("C4c.xls", "HTML"), ("C4.ods", "OpenDocument")] {
        let output =
            common::onshi().args(["check", "--lang", "ja"]).arg(case(name)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(words), "{name}: {said}");
    }
}

/// `fill` of a workbook: its exit code, what was said, and the page's text.
fn fill(name: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pdf");
    let mut command = common::onshi();
    command.arg("fill").arg(case(name)).args(["--lang", "ja", "--today", "2027-01-08", "-o"]);
    let output = command.arg(&out).output().unwrap();
    let page = std::fs::read(&out).map_or_else(|_| String::new(), |pdf| common::text_of(&pdf));
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), page)
}

#[test]
fn what_excel_put_into_a_cell_is_mended_or_refused_in_every_reader() {
    batch("A1_zero.xlsx").ends(1).says("名称「0」").says("空欄を参照する数式は 0 になります");
    batch("A2_day_in_text.xlsx").ends(1).says("日付か時刻（2027-01-22）に変えられています");
    assert_eq!(batch("B2_midnight.csv").ends(0).pages().len(), 2);
    let (code, said, _) = fill("A10_formula.xlsx");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("計算結果がブックにありません"), "{said}");
    let (code, said, page) = fill("B4_x000d.xlsx");
    assert_eq!(code, 0, "{said}");
    assert!(!page.contains("x000D"), "{page}");
}

#[test]
fn characters_that_look_like_others_are_named_with_what_is_meant() {
    batch("C7_kangxi.csv").ends(1).says("漢字の「山」").says("漢字の「長」");
    let ran = batch("C8_invisible.csv").ends(1);
    ran.says("特殊な空白").says("その文字を消すか");
    let ran = batch("A9_nfd_latin.csv").ends(0);
    assert!(ran.pages().values().all(|page| !page.contains('\u{304}')), "{}", ran.said);
}

/// `check` of a case for 別紙2.
fn check(name: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let mut command = common::onshi();
    command.arg("check").arg(case(name));
    command.args(["--form", "別紙2", "--today", "2027-01-08", "--lang", "ja"]);
    let output = command.output().unwrap();
    let said =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    Ran { folder, code: output.status.code().unwrap(), said }
}

#[test]
fn legal_yaml_that_nobody_meant_is_told() {
    check("A4_hash.yaml").ends(0).says("警告[comment]").says("\"東京都千代田区霞が関9-8-7 #203\"");
    let ran = check("A5_continuation.yaml").ends(1);
    ran.says(":8:4")
        .says("字下げが深すぎます")
        .says("「：」が全角です")
        .says("もしかして: 保険医又は保険薬剤師の登録の記号及び番号");
    check("A6_curly.yaml").ends(1).says("引用符を消すか");
}

#[test]
fn a_slip_of_yaml_is_named_at_its_own_line() {
    check("C6_nbsp.yaml").ends(1).says("U+00A0").says(":2:1").says("エラー 1 件");
    check("C9_colon.yaml").ends(1).says("→ name: \"もみじ野: 分院\"").says("エラー 1 件");
    let ran = check("C14.yaml").ends(1);
    ran.says("区切りの「,」が全角です").says("→ reader: {status: イ, month: 2, maker: 富士通}");
    check("C13_two.yaml").ends(1).says("二つ目の記録（---）").says(":21:1").says("エラー 1 件");
}

#[test]
fn kinds_joined_by_a_half_width_dot_are_two() {
    let ran = batch_of(&case("B11.csv"), &[]).ends(0);
    ran.says("1 施設のうち 1 施設分を作成しました（2 ファイル）");
}
