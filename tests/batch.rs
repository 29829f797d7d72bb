//! Batches as a user meets them: whole rosters through the real program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common;
use calamine::{Data, Reader as _, Xlsx};
use tempfile::TempDir;

#[path = "../benches/generator/mod.rs"]
pub mod generator;
use generator::{HEADINGS, csv, facilities};

/// A folder to work in, and the program in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
        command.args(args).args(["--today", "2024-01-10", "--lang", "en"]);
        command.current_dir(self.0.path()).env_remove("COLUMNS").env_remove("NO_COLOR");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        Ran::new(self.command(args).output().expect("the program runs"))
    }

    /// `batch ROSTER -o out` and more.
    fn batch(&self, roster: &str, more: &[&str]) -> Ran {
        self.run(&[&["batch", roster, "-o", "out"], more].concat())
    }

    /// Every file of a folder with its bytes.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.path(folder)).unwrap().map(Result::unwrap);
        entries
            .map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap()))
            .collect()
    }

    fn pdfs(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files(folder);
        files.retain(|name, _| name.ends_with(".pdf"));
        files
    }

    /// The rows of `errors.csv`.
    fn errors(&self) -> Vec<::csv::StringRecord> {
        let bytes = fs::read(self.path("out/errors.csv")).unwrap();
        assert!(bytes.starts_with("\u{FEFF}".as_bytes()));
        ::csv::Reader::from_reader(&bytes[3..]).records().map(Result::unwrap).collect()
    }

    /// A sheet of `summary.xlsx`, its heading left out for the first.
    fn summary(&self, sheet: &str) -> Vec<Vec<String>> {
        let mut workbook: Xlsx<_> = calamine::open_workbook(self.path("out/summary.xlsx")).unwrap();
        let range = workbook.worksheet_range(sheet).unwrap();
        range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
    }
}

/// What the program said and how it ended.
struct Ran {
    status: Option<i32>,
    said: String,
}

impl Ran {
    fn new(output: Output) -> Self {
        Ran { status: output.status.code(), said: String::from_utf8(output.stderr).unwrap() }
    }

    #[track_caller]
    fn ends(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{}", self.said);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.said.contains(words), "{words} is not in:\n{}", self.said);
        self
    }

    fn last_line(&self) -> &str {
        self.said.trim_end().lines().last().unwrap_or_default()
    }
}

fn column(heading: &str) -> usize {
    HEADINGS.iter().position(|h| *h == heading).unwrap()
}

fn set(rows: &mut [Vec<String>], row: usize, heading: &str, value: &str) {
    rows[row][column(heading)] = value.to_owned();
}

/// A small roster with something changed.
fn roster(count: usize, change: impl FnOnce(&mut Vec<Vec<String>>)) -> String {
    let mut rows = facilities(count);
    change(&mut rows);
    csv(&rows)
}

/// Seven rows wrong in seven ways, the first of them in row 4.
fn seven_wrong(rows: &mut [Vec<String>]) {
    set(rows, 2, "医療機関・薬局 名称", "");
    set(rows, 5, "医療機関・薬局 郵便番号", "123-456");
    set(rows, 9, "指定希望日", "2024-13-01");
    set(rows, 10, "ネットワーク種類", "光回線");
    set(rows, 20, "担当者 電話番号", "3-1234-5678");
    set(rows, 30, "開設者 氏名", "\u{E000}田 太郎");
    set(rows, 40, "依頼日", "2024-05-01");
}

const WRONG: [(&str, &str, &str); 7] = [
    ("4", "医療機関・薬局 名称", "required"),
    ("7", "医療機関・薬局 郵便番号", "kind"),
    ("11", "指定希望日", "kind"),
    ("12", "ネットワーク種類", "choice"),
    ("22", "担当者 電話番号", "kind"),
    ("32", "開設者 氏名", "glyph"),
    ("42", "指定希望日", "receipt-number/retroactive"),
];

#[test]
fn wrong_rows_are_named_and_the_rest_is_done() {
    let desk = Desk::new();
    let mut rows = facilities(60);
    seven_wrong(&mut rows);
    write_xlsx(&rows, &desk.path("members.xlsx"));
    let ran = desk.batch("members.xlsx", &[]).ends(1);
    assert!(
        ran.last_line().starts_with("53 of 60 facilities done (106 files); 7 with errors"),
        "{}",
        ran.said
    );
    let pdfs = desk.pdfs("out");
    assert_eq!(pdfs.len(), 106);
    let first = pdfs.keys().next().unwrap();
    assert!(first.starts_with("0002_") && first.ends_with("_introduction-plan.pdf"), "{first}");
    assert!(!pdfs.keys().any(|name| name.starts_with("0004_")));

    let errors = desk.errors();
    let found: Vec<_> = errors.iter().map(|e| (&e[0], &e[3], &e[8])).collect();
    assert_eq!(found, WRONG);
    assert_eq!((&errors[1][5], &errors[1][4]), ("123-456", "E7"));
    let summary = desk.summary("facilities");
    assert_eq!(summary.len(), 61);
    let cell = |row: usize, heading: &str| {
        let column = summary[0].iter().position(|h| h == heading).unwrap();
        summary[row][column].as_str()
    };
    assert_eq!((cell(1, "row"), cell(1, "state"), cell(1, "errors")), ("2", "done", "0"));
    assert_eq!((cell(3, "row"), cell(3, "state"), cell(3, "errors")), ("4", "faulty", "1"));
    assert_eq!(cell(1, "files").lines().count(), 2, "{:?}", summary[1]);
    // The first of February as Excel counts days, and no text.
    let deadline: f64 = cell(1, "deadline of 別紙1").parse().unwrap();
    assert!((45323.0..45352.0).contains(&deadline), "{deadline}");
    assert!(cell(3, "the first error").starts_with("医療機関・薬局 名称: "), "{:?}", summary[3]);
    let totals = desk.summary("totals");
    assert_eq!(totals.last().unwrap()[1..], ["60", "53", "7", "53", "53"]);
    assert_eq!(desk.summary("errors").len(), 8);
    let to_post = desk.summary("to post");
    assert_eq!((to_post.len(), to_post[1][5].as_str()), (54, "2"));

    // The list is the same whatever the number of workers, and in every format of the roster.
    let whole = desk.files("out");
    for (name, bytes, jobs) in
        [("cp932.csv", cp932(&csv(&rows)), "1"), ("utf8.csv", csv(&rows).into_bytes(), "3")]
    {
        fs::remove_dir_all(desk.path("out")).unwrap();
        desk.write(name, bytes);
        desk.batch(name, &["--jobs", jobs]).ends(1);
        let now = desk.files("out");
        for (name, bytes) in whole.iter().filter(|(n, _)| n.ends_with(".pdf")) {
            assert!(now[name] == *bytes, "{name} differs");
        }
        assert_eq!(now["errors.csv"], whole["errors.csv"]);
        assert_eq!(now["summary.xlsx"], whole["summary.xlsx"]);
    }
}

/// A roster as a workbook.
fn write_xlsx(rows: &[Vec<String>], path: &Path) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let head = HEADINGS.map(str::to_owned).to_vec();
    for (number, row) in (0..).zip(std::iter::once(&head).chain(rows)) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(number, column, cell).unwrap();
        }
    }
    workbook.save(path).unwrap();
}

/// In CP932 U+E000 is 0xF040.
fn cp932(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (i, part) in text.split('\u{E000}').enumerate() {
        if i > 0 {
            bytes.extend([0xF0, 0x40]);
        }
        let (part, _, unmappable) = encoding_rs::SHIFT_JIS.encode(part);
        assert!(!unmappable);
        bytes.extend_from_slice(&part);
    }
    bytes
}

#[test]
fn the_empty_roster_runs_once_it_is_filled() {
    let desk = Desk::new();
    desk.run(&["roster", "別紙1", "別紙2", "様式2", "-o", "empty.xlsx"]).ends(0);
    desk.batch("empty.xlsx", &[]).ends(1).says("no facility below it");
    assert!(!desk.path("out").exists());
    // The example row is accepted once it is no longer marked as the example.
    desk.run(&["roster", "別紙1", "別紙2", "様式2", "-o", "r.csv"]).ends(0);
    let text = fs::read_to_string(desk.path("r.csv")).unwrap();
    let (head, example) = text.split_once("\r\n").unwrap();
    desk.write("r.csv", format!("{head}\r\n{example}{}", example.replacen('例', "1", 1)));
    let ran = desk.batch("r.csv", &[]).ends(0).says("1 of 1 facilities done (3 files)");
    assert_eq!(desk.pdfs("out").len(), 3);
    // No value of it makes another superfluous.
    assert!(ran.said.contains("sample") && !ran.said.contains("-unused"), "{}", ran.said);
}

#[test]
fn an_empty_roster_as_a_workbook_has_what_excel_needs() {
    let desk = Desk::new();
    desk.run(&["roster", "別紙1", "様式2", "-o", "a.xlsx"]).ends(0);
    desk.run(&["roster", "別紙1", "様式2", "-o", "b.xlsx"]).ends(0);
    assert_eq!(fs::read(desk.path("a.xlsx")).unwrap(), fs::read(desk.path("b.xlsx")).unwrap());
    let mut workbook: Xlsx<_> = calamine::open_workbook(desk.path("a.xlsx")).unwrap();
    let range = workbook.worksheet_range("名簿").unwrap();
    let heading: Vec<String> = range.rows().next().unwrap().iter().map(Data::to_string).collect();
    assert_eq!(heading[0], "行");
    for wanted in ["開設者 氏名", "希望機種1 製品名", "希望機種2 希望順位", "指定 指定希望日"]
    {
        assert!(heading.iter().any(|h| h == wanted), "{wanted}: {heading:?}");
    }
    let choices = workbook.worksheet_range("選択肢").unwrap();
    assert_eq!(choices.get((0, 0)), Some(&Data::String("医科".into())));
    desk.run(&["roster", "-o", "a.txt"]).ends(2).says(".xlsx or .csv");
}

#[test]
fn both_kinds_make_two_forms() {
    let desk = Desk::new();
    desk.write("r.csv", roster(2, |rows| set(rows, 1, "種別", "医科・歯科")));
    desk.batch("r.csv", &["--form", "別紙1"]).ends(0).says("2 of 2 facilities done (3 files)");
    let names: Vec<String> = desk.pdfs("out").into_keys().collect();
    assert!(names[1].ends_with("_receipt-number_医科.pdf"), "{names:?}");
    assert!(names[2].ends_with("_receipt-number_歯科.pdf"), "{names:?}");
}

#[test]
fn a_second_run_does_only_what_has_changed() {
    let desk = Desk::new();
    desk.write("r.csv", roster(5, |_| {}));
    desk.batch("r.csv", &[]).ends(0);
    let before = desk.files("out");
    desk.batch("r.csv", &[]).ends(0).says("10 files are unchanged");
    assert_eq!(desk.files("out"), before);
    // One row changes, one leaves.
    desk.write("r.csv", roster(4, |rows| set(rows, 1, "担当者 電話番号", "03-9999-9999")));
    let ran = desk.batch("r.csv", &[]).ends(0).says("6 files are unchanged");
    assert!(ran.said.contains("0006_") && ran.said.contains("it was kept"), "{}", ran.said);
    assert_eq!(desk.pdfs("out").len(), 10);
    // A form in another format is another file.
    desk.batch("r.csv", &["--form", "別紙1", "--format", "png"]).ends(0);
    assert_eq!(desk.files("out").keys().filter(|name| name.ends_with(".png")).count(), 4);
}

#[test]
fn what_others_wrote_is_not_overwritten() {
    let desk = Desk::new();
    desk.write("r.csv", roster(3, |_| {}));
    desk.batch("r.csv", &[]).ends(0);
    let mine = desk.pdfs("out").into_keys().next().unwrap();
    desk.write(&format!("out/{mine}"), "my own notes");
    let ran = desk.batch("r.csv", &[]).ends(1);
    assert!(ran.said.contains("error[exists]") && ran.said.contains("2 of 3"), "{}", ran.said);
    assert_eq!(fs::read(desk.path(&format!("out/{mine}"))).unwrap(), b"my own notes");
    desk.batch("r.csv", &["--force"]).ends(0);
    assert!(fs::read(desk.path(&format!("out/{mine}"))).unwrap().starts_with(b"%PDF"));
    // A list that Excel saved in its own way, or that someone keeps notes in, is put aside.
    desk.write("out/errors.csv", "mine");
    desk.write("out/errors-1.csv", "mine too");
    desk.batch("r.csv", &[]).ends(0).says("errors-2.csv");
    assert_eq!(fs::read(desk.path("out/errors-2.csv")).unwrap(), b"mine");
    assert_eq!(fs::read(desk.path("out/errors-1.csv")).unwrap(), b"mine too");
    assert_eq!(desk.errors().len(), 0);
}

#[test]
fn files_of_a_row_that_is_faulty_now_are_said_to_be_old() {
    let desk = Desk::new();
    desk.write("r.csv", roster(3, |_| {}));
    desk.batch("r.csv", &[]).ends(0);
    desk.write("r.csv", roster(3, |rows| set(rows, 1, "担当者 電話番号", "3-1234-5678")));
    let ran = desk.batch("r.csv", &[]).ends(1).says("its facility now has an error");
    assert!(ran.said.contains("a leading zero may be lost"), "{}", ran.said);
    assert!(!ran.said.contains("matches no row"), "{}", ran.said);
    // Nor do those of a row that cannot even be read.
    let mut lines: Vec<String> = roster(3, |_| {}).lines().map(str::to_owned).collect();
    lines[2] = "only one cell".to_owned();
    desk.write("r.csv", lines.join("\n"));
    let ran = desk.batch("r.csv", &[]).ends(1).says("its facility now has an error");
    assert!(!ran.said.contains("matches no row"), "{}", ran.said);
}

#[test]
fn denied_warnings_are_in_the_list_of_what_failed() {
    let desk = Desk::new();
    let text = roster(3, |rows| set(rows, 1, "開設者 フリガナ", "ﾐｳﾗ ﾊﾅｴ"));
    desk.write("r.csv", text);
    desk.batch("r.csv", &[]).ends(0);
    desk.batch("r.csv", &["--deny-warnings"]).ends(1).says("2 of 3");
    let errors = desk.errors();
    assert_eq!((errors.len(), &errors[0][0], &errors[0][8]), (1, "3", "normalised"));
}

#[test]
fn a_column_alone_calls_for_no_form() {
    let desk = Desk::new();
    let text = roster(2, |_| {});
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line},x")).collect();
    lines[0] = lines[0].replace(",x", ",備考");
    desk.write("r.csv", lines.join("\n"));
    let ran = desk.batch("r.csv", &[]).ends(1).says("備考 is one of 様式1");
    assert_eq!(ran.said.matches("error[").count(), 1, "{}", ran.said);
    desk.batch("r.csv", &["--ignore-unknown"]).ends(0).says("2 of 2");
}

#[test]
fn a_killed_run_is_finished_by_the_same_command() {
    let desk = Desk::new();
    desk.write(
        "r.csv",
        roster(40, |rows| {
            set(rows, 2, "医療機関・薬局 名称", "");
            set(rows, 9, "指定希望日", "2024-13-01");
        }),
    );
    desk.batch("r.csv", &[]).ends(1);
    let whole = desk.files("out");
    fs::remove_dir_all(desk.path("out")).unwrap();
    for pause in [150, 400] {
        let mut child =
            desk.command(&["batch", "r.csv", "-o", "out"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        // SIGKILL on Unix.
        child.kill().unwrap();
        child.wait().unwrap();
        if desk.path("out").exists() {
            for (name, bytes) in desk.pdfs("out") {
                assert!(whole[&name] == bytes, "{name} is not whole");
            }
        }
    }
    desk.batch("r.csv", &[]).ends(1);
    assert!(desk.files("out") == whole);
    // A crash between any two steps: the journal has what there is, and perhaps more.
    let ledger = String::from_utf8(whole[".onshi-ledger"].clone()).unwrap();
    let torn: String = ledger.chars().take(ledger.chars().count() / 2).collect();
    desk.write("out/.onshi-ledger", torn.rsplit_once('\n').map_or("", |(whole, _)| whole));
    for name in whole.keys().filter(|name| name.ends_with(".pdf")).skip(20) {
        fs::remove_file(desk.path(&format!("out/{name}"))).unwrap();
    }
    fs::remove_file(desk.path("out/errors.csv")).unwrap();
    fs::remove_file(desk.path("out/summary.xlsx")).unwrap();
    desk.write("out/.onshi-0123456789abcdefghijklmn.tmp", "%PDF-1.7 half");
    desk.batch("r.csv", &[]).ends(1);
    assert!(desk.files("out") == whole);
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_in_good_order() {
    let desk = Desk::new();
    desk.write("r.csv", roster(400, |_| {}));
    let child =
        desk.command(&["batch", "r.csv", "-o", "out"]).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(900));
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let ran = Ran::new(child.wait_with_output().unwrap()).ends(2).says("stopped; the files");
    assert!(ran.said.contains("give the same command again to continue"), "{}", ran.said);
    assert!(!desk.files("out").keys().any(|name| name.ends_with(".tmp")));
}

#[test]
fn strict_writes_all_or_nothing() {
    let desk = Desk::new();
    desk.write("r.csv", roster(8, |rows| set(rows, 3, "担当者 電話番号", "1")));
    let ran = desk.batch("r.csv", &["--strict", "--merge", "all.pdf"]).ends(1);
    assert!(ran.last_line().contains("nothing was written: 1 of 8"), "{}", ran.said);
    assert!(!desk.path("out").exists() && !desk.path("all.pdf").exists());
    desk.write("r.csv", roster(8, |_| {}));
    desk.batch("r.csv", &["--strict"]).ends(0).says("8 of 8 facilities done (16 files)");
}

#[test]
fn one_print_file_in_list_order() {
    let desk = Desk::new();
    desk.write("r.csv", roster(12, |rows| set(rows, 3, "担当者 電話番号", "1")));
    let ran = desk.run(&["batch", "r.csv", "--merge", "all.pdf"]).ends(1).says("11 of 12");
    assert!(ran.said.contains("all.pdf (22 pages)") && !ran.said.contains("files"), "{}", ran.said);
    let all = lopdf::Document::load(desk.path("all.pdf")).unwrap();
    assert_eq!(all.get_pages().len(), 22);
    let bookmarks = outline(&all);
    assert_eq!(bookmarks.len(), 11);
    let names: Vec<String> = facilities(12).into_iter().map(|row| row[2].clone()).collect();
    assert_eq!(bookmarks[0], names[0]);
    assert_eq!(bookmarks[3], names[4], "the faulty one is left out");
    let fonts = fonts(&all);
    let mut once = fonts.clone();
    once.dedup();
    assert_eq!(fonts, once, "every font is embedded once");
    // Without a folder there is no ledger to tell whose file it is: its metadata does.
    desk.run(&["batch", "r.csv", "--merge", "all.pdf"]).ends(1);
    desk.write("all.pdf", "mine");
    let again = desk.run(&["batch", "r.csv", "--merge", "all.pdf"]).ends(2).says("--force");
    assert!(again.said.contains("all.pdf already exists"), "{}", again.said);
    desk.run(&["batch", "r.csv", "--merge", "all.pdf", "--force"]).ends(1);

    desk.batch("r.csv", &["--merge", "print_{form}.pdf"]).ends(1);
    for form in ["receipt-number", "introduction-plan"] {
        let one = lopdf::Document::load(desk.path(&format!("print_{form}.pdf"))).unwrap();
        assert_eq!((one.get_pages().len(), outline(&one).len()), (11, 11));
    }
    // The ledger knows them: the same command again is no trouble.
    desk.batch("r.csv", &["--merge", "print_{form}.pdf"]).ends(1).says("22 files are unchanged");
}

/// The titles of the outline's first level.
fn outline(pdf: &lopdf::Document) -> Vec<String> {
    let outlines = pdf.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let outlines = pdf.get_dictionary(outlines).unwrap();
    let mut next = outlines.get(b"First").ok().and_then(|first| first.as_reference().ok());
    let mut titles = Vec::new();
    while let Some(id) = next {
        let entry = pdf.get_dictionary(id).unwrap();
        titles.push(lopdf::decode_text_string(entry.get(b"Title").unwrap()).unwrap());
        next = entry.get(b"Next").ok().and_then(|next| next.as_reference().ok());
    }
    titles
}

/// The names of the embedded fonts, sorted.
fn fonts(pdf: &lopdf::Document) -> Vec<String> {
    let descriptors = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors = descriptors.filter(|d| d.has_type(b"FontDescriptor"));
    let mut names: Vec<String> = descriptors
        .map(|d| {
            String::from_utf8_lossy(d.get(b"FontName").unwrap().as_name().unwrap()).into_owned()
        })
        .map(|name| name.split_once('+').map_or(name.clone(), |(_, name)| name.to_owned()))
        .collect();
    names.sort();
    names
}

#[test]
fn a_folder_of_records() {
    let desk = Desk::new();
    fs::create_dir(desk.path("records")).unwrap();
    let record = fs::read_to_string("tests/data/clinic.yaml").unwrap();
    desk.write("records/b.yaml", &record);
    desk.write("records/a.yaml", record.replace("みなとクリニック", "髙橋医院"));
    desk.write("records/c.yml", "facility: [");
    let ran = desk.batch("records", &[]).ends(1).says("2 of 3 facilities done (6 files)");
    assert!(ran.said.contains("c.yml"), "{}", ran.said);
    assert!(desk.path("out/a_receipt-number.pdf").exists());
    assert_eq!(desk.errors()[0][0], *"c.yml");
    desk.write("records/d.xlsx", "");
    let ran = desk.batch("records", &[]).says("2 of 4 facilities done");
    assert!(ran.said.contains("is also that of a.yaml"), "{}", ran.said);
    fs::remove_file(desk.path("records/d.xlsx")).unwrap();
    // Two files of one name are told apart.
    desk.write("records/b.json", record.replace("みなとクリニック", "b 医院"));
    desk.batch("records", &[]).ends(1).says("3 of 4 facilities done");
    assert!(desk.path("out/b_receipt-number.pdf").exists());
    assert!(desk.path("out/b-2_receipt-number.pdf").exists());
    fs::create_dir(desk.path("none")).unwrap();
    desk.batch("none", &[]).ends(1).says("neither a record");
}

#[test]
fn what_all_facilities_share_is_set_once() {
    let desk = Desk::new();
    let text = roster(3, |rows| set(rows, 1, "依頼日", ""));
    desk.write("r.csv", &text);
    desk.batch("r.csv", &[]).ends(1).says("2 of 3");
    desk.batch("r.csv", &["--set", "receipt_number.request_date=2024-01-20"]).ends(0);
    desk.batch("r.csv", &["--set", "依頼日=昨日"]).ends(2);
    desk.batch("r.csv", &["--set", "依頼日"]).ends(2);
    desk.batch("r.csv", &["--set", "receipt_number.request_dat=2024-01-20"])
        .ends(2)
        .says("did you mean");
    // A column that all rows lack may be set too.
    desk.write("r.csv", text.replacen("\"依頼日\"", "\"備忘\"", 1));
    desk.batch("r.csv", &[]).ends(1).says("the heading 備忘 matches no field");
    desk.batch("r.csv", &["--ignore-unknown"])
        .ends(1)
        .says("needs the column 受付番号情報提供依頼書 依頼日");
    desk.batch("r.csv", &["--ignore-unknown", "--set", "依頼日=2024-01-20"]).ends(0);
}

#[test]
fn the_folder_of_another_run_is_refused() {
    let desk = Desk::new();
    desk.write("r.csv", roster(2, |_| {}));
    fs::create_dir(desk.path("out")).unwrap();
    let lock = fs::File::create(desk.path("out/.onshi-lock")).unwrap();
    lock.lock().unwrap();
    desk.batch("r.csv", &[]).ends(2).says("another run is writing to out");
    lock.unlock().unwrap();
    desk.batch("r.csv", &[]).ends(0);
}

#[test]
fn rosters_without_facilities() {
    let desk = Desk::new();
    for (name, bytes, words) in [
        ("empty.csv", String::new(), "the roster is empty"),
        ("blank.csv", "\r\n,,,\r\n".to_owned(), "the roster is empty"),
        ("heading.csv", csv(&[]), "no facility below it"),
        ("other.csv", "会員番号,備忘\r\n1,なし\r\n".to_owned(), "no row of headings was found"),
        ("twice.csv", roster(2, |_| {}).replacen("アカウント作成", "依頼日", 1), " is in column "),
        ("vague.csv", roster(2, |_| {}).replacen("開設者 氏名", "氏名", 1), "matches 4 fields"),
        (
            "quote.csv",
            roster(3, |_| {}).replace('"', "").replacen("診療所,", "\"診療所,", 1),
            "is never closed",
        ),
        ("old.xls", "\u{0}".to_owned(), "no row of headings"),
    ] {
        desk.write(name, bytes);
        desk.batch(name, &[]).ends(1).says(words);
        assert!(!desk.path("out").exists(), "{name}");
    }
    desk.batch("none.csv", &[]).ends(2).says("there is no none.csv");
    desk.write("a.xlsx", b"PK\x03\x04 and no more");
    desk.batch("a.xlsx", &[]).ends(1).says("the workbook is damaged");
    desk.write("u.csv", b"\xFF\xFEa\0");
    desk.batch("u.csv", &[]).ends(1).says("UTF-16");
    desk.write("x.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    desk.batch("x.xlsx", &[]).ends(1).says("the old .xls format");
}

#[test]
fn a_missing_column_is_said_once() {
    let desk = Desk::new();
    let rows = facilities(30);
    let text = csv(&rows).replacen("\"開設者 住所\"", "\"\"", 1);
    desk.write("r.csv", text);
    let ran = desk.batch("r.csv", &[]).ends(1).says("別紙2 needs the column 開設者 住所");
    assert_eq!(ran.said.matches("開設者 住所").count(), 1, "{}", ran.said);
}

#[test]
fn a_report_of_many_faults_stays_readable() {
    let desk = Desk::new();
    let text = roster(100, |rows| {
        rows.iter_mut().for_each(|row| row[column("担当者 電話番号")] = "1".into())
    });
    desk.write("r.csv", text);
    let ran = desk.batch("r.csv", &[]).ends(1).says("100 errors (kind 100)");
    assert_eq!(ran.said.matches("error[kind]").count(), 20, "{}", ran.said);
    assert!(ran.said.contains("only the first 20 errors are shown; all are in"), "{}", ran.said);
    assert_eq!(ran.said.matches("100 errors").count(), 1, "{}", ran.said);
    assert!(ran.last_line().starts_with("0 of 100"), "{}", ran.said);
    assert_eq!(desk.errors().len(), 100);
    let quiet = desk.batch("r.csv", &["-q"]).ends(1);
    assert!(!quiet.said.contains("encoding"), "{}", quiet.said);
    assert!(quiet.last_line().starts_with("0 of 100"), "{}", quiet.said);
}

#[test]
fn cells_that_spoil_their_row_only() {
    let desk = Desk::new();
    let text = roster(6, |rows| set(rows, 2, "担当者 電話番号", "ここ"));
    // A row too long, one whose last cell, a required one, was left out, and a byte that is no
    // character of CP932.
    let mut lines: Vec<Vec<u8>> = text.split("\r\n").map(cp932).collect();
    lines[1].extend(b",\"more\"");
    let short = lines[2].len() - "\"2024-04-01\",".len();
    lines[2].truncate(short);
    let spot = lines[3].windows(4).position(|w| w == cp932("ここ")).unwrap();
    lines[3][spot..spot + 2].copy_from_slice(&[0x81, 0x20]);
    desk.write("r.csv", lines.join(&b"\r\n"[..]));
    desk.batch("r.csv", &[]).ends(1).says("3 of 6").says("the encoding is CP932");
    let found: Vec<_> = desk.errors().iter().map(|e| (e[0].to_owned(), e[8].to_owned())).collect();
    let code = |row: &str, code: &str| (row.to_owned(), code.to_owned());
    assert_eq!(found, [code("2", "row-length"), code("3", "required"), code("4", "encoding")]);
    // Forced, it is the wrong one from the heading on.
    desk.batch("r.csv", &["--encoding", "utf-8"]).ends(1).says("error[encoding]");
}

#[test]
fn private_characters_of_cp932_are_named() {
    let desk = Desk::new();
    let text = roster(3, |rows| set(rows, 1, "開設者 氏名", "\u{E000}橋 太郎"));
    desk.write("r.csv", cp932(&text));
    desk.batch("r.csv", &[]).ends(1).says("r.csv[row 3, column 7]").says("U+E000");
}

#[test]
fn workbooks_as_excel_leaves_them() {
    use rust_xlsxwriter::{Format, Formula, Workbook};
    let desk = Desk::new();
    let save = |name: &str, build: &dyn Fn(&mut rust_xlsxwriter::Worksheet)| {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, heading) in (0..).zip(HEADINGS) {
            sheet.write_string(0, column, heading).unwrap();
        }
        for (row, cells) in (1..).zip(facilities(4)) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        build(sheet);
        workbook.save(desk.path(name)).unwrap();
    };
    let at = |heading: &str| column(heading) as u16;
    save("cells.xlsx", &|sheet| {
        let day = Format::new().set_num_format("yyyy/m/d");
        sheet.write_number_with_format(1, at("指定希望日"), 45383, &day).unwrap();
        sheet.write_number(2, at("指定希望日"), 45383).unwrap();
        sheet.write_number(3, at("医療機関・薬局 郵便番号"), 600000).unwrap();
        let formula = Formula::new("1/0").set_result("#DIV/0!");
        sheet.write_formula(4, at("所在地"), formula).unwrap();
        sheet.set_row_hidden(2).unwrap();
    });
    let ran = desk.batch("cells.xlsx", &[]).ends(1).says("3 of 4").says("that are hidden");
    assert!(ran.said.contains("cells.xlsx[Sheet1!F5]"), "{}", ran.said);
    let errors = desk.errors();
    assert_eq!((&errors[0][0], &errors[0][8]), ("5", "cell-error"));
    assert_eq!(errors.len(), 1);
    let warnings = desk.summary("warnings");
    let of = |row: &str| warnings.iter().find(|found| found[0] == row).unwrap()[6].clone();
    let what = of("4");
    assert!(what.contains("without its leading zeros, is taken as `0600000`"), "{what}");
    let what = of("3");
    assert!(what.contains("serial number 45383 is taken as `2024-04-01`"), "{what}");

    save("formulas.xlsx", &|sheet| {
        let phone = Formula::new(r#"="03-0000-0007""#).set_result("03-0000-0007");
        sheet.write_formula(1, at("担当者 電話番号"), phone).unwrap();
        // Another program than Excel wrote it and calculated nothing.
        let formula = Formula::new("=A1").set_result("nothing");
        sheet.write_formula(2, at("開設者 氏名"), formula).unwrap();
    });
    let calculated = fs::read(desk.path("formulas.xlsx")).unwrap();
    let sheet = "xl/worksheets/sheet1.xml";
    let empty = common::with_part(&calculated, sheet, |xml| xml.replace("<v>nothing</v>", ""));
    desk.write("formulas.xlsx", empty);
    desk.batch("formulas.xlsx", &["--force"]).ends(1).says("3 of 4").says("formula");
    let errors = desk.errors();
    assert_eq!((errors.len(), &errors[0][0], &errors[0][3]), (1, "3", "開設者 氏名"));

    save("merged.xlsx", &|sheet| {
        sheet.merge_range(0, 3, 0, 4, "医療機関・薬局 フリガナ", &Format::new()).unwrap();
    });
    desk.batch("merged.xlsx", &[]).ends(1).says("cells of the heading are merged");
}

#[test]
fn facilities_that_look_alike_are_said() {
    let desk = Desk::new();
    let text = roster(6, |rows| {
        set(rows, 0, "医療機関・薬局 名称", "葛西クリニック");
        set(rows, 1, "医療機関・薬局 名称", "葛\u{E0100}西クリニック");
        set(rows, 2, "医療機関・薬局 名称", "ABC医院");
        set(rows, 3, "医療機関・薬局 名称", "ＡＢＣ医院");
        set(rows, 5, "開設者 Email", "clinic5@example.jp");
        for (one, other) in [(0, 1), (2, 3)] {
            let address = rows[one][column("所在地")].clone();
            set(rows, other, "所在地", &address);
        }
    });
    desk.write("r.csv", text);
    let ran = desk.batch("r.csv", &[]).ends(0);
    for words in [
        "of row 2 in width or shape only",
        "of row 4 in width or shape only",
        "clinic5@example.jp is also that of row 6",
    ] {
        assert!(ran.said.contains(words), "{words}: {}", ran.said);
    }
    assert_eq!(desk.pdfs("out").len(), 12);
}

#[test]
fn a_code_that_stands_there_twice_is_said() {
    let desk = Desk::new();
    desk.run(&["roster", "様式2", "-o", "empty.csv"]).ends(0);
    let empty = fs::read_to_string(desk.path("empty.csv")).unwrap();
    let mut lines = empty.trim_start_matches('\u{FEFF}').lines();
    let (heading, example) = (lines.next().unwrap(), lines.next().unwrap());
    let row = example.replacen('例', "", 1);
    let third = row.replace("オン資クリニック", "オン資第二クリニック");
    assert_ne!(row, third);
    desk.write("r.csv", [heading, &row, &row.replace("1234566", "1234558"), &third].join("\n"));
    let ran = desk.batch("r.csv", &[]);
    assert!(
        ran.said.contains("the institution code 1234566 is also that of row 2"),
        "{}",
        ran.said
    );
    assert!(!ran.said.contains("1234558 is that"), "{}", ran.said);
}

#[test]
fn names_that_no_file_can_have() {
    let desk = Desk::new();
    let text = roster(5, |rows| {
        set(rows, 0, "医療機関・薬局 名称", "CON");
        set(rows, 1, "医療機関・薬局 名称", "../a/b:医院");
        set(rows, 2, "医療機関・薬局 名称", "医院.");
        set(rows, 3, "医療機関・薬局 名称", &"長".repeat(200));
    });
    desk.write("r.csv", text);
    desk.batch("r.csv", &["--form", "別紙1"]).ends(1).says("error[fit]").says("4 of 5");
    let names: Vec<String> = desk.pdfs("out").into_keys().collect();
    assert_eq!(names[0], "0002__CON_receipt-number.pdf");
    assert_eq!(names[1], "0003_.._a_b_医院_receipt-number.pdf");
    assert_eq!(names[2], "0004_医院_receipt-number.pdf");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.write("r.csv", roster(2, |_| {}));
    desk.write("file", "");
    desk.run(&["batch", "r.csv", "-o", "file/out"]).ends(2).says("can't write");
    fs::create_dir(desk.path("out")).unwrap();
    fs::set_permissions(desk.path("out"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(desk.path("out/probe"), "").is_ok() {
        // The superuser may write anywhere.
        return;
    }
    desk.batch("r.csv", &[]).ends(2).says("can't write out");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run() {
    let desk = Desk::new();
    desk.write("r.csv", roster(30, |_| {}));
    // A file may not grow beyond 20 blocks of 512 bytes, as on a disk that is full.
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec {} batch r.csv -o out --lang en",
        env!("CARGO_BIN_EXE_onshi")
    );
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(desk.path("")).output().unwrap();
    let ran = Ran::new(output).ends(2);
    assert!(ran.said.contains("can't write out"), "{}", ran.said);
    assert!(!desk.files("out").keys().any(|name| name.ends_with(".tmp") || name.ends_with(".pdf")));
    desk.batch("r.csv", &[]).ends(0);
}

#[test]
fn files_are_the_same_in_any_order_with_any_workers_and_from_any_command() {
    let desk = Desk::new();
    let mut all = facilities(9);
    desk.write("list.csv", csv(&all));
    all.reverse();
    desk.write("turned.csv", csv(&all));
    desk.run(&["batch", "list.csv", "-o", "list", "--jobs", "1"]).ends(0);
    desk.run(&["batch", "turned.csv", "-o", "turned", "--jobs", "4"]).ends(0);
    // The row's number is what differs.
    let of = |folder: &str| -> BTreeMap<String, Vec<u8>> {
        let files = desk.pdfs(folder).into_iter();
        files.map(|(name, bytes)| (name.split_once('_').unwrap().1.to_owned(), bytes)).collect()
    };
    let list = of("list");
    assert!(list.len() >= 9);
    assert!(list == of("turned"));
    fs::create_dir(desk.path("records")).unwrap();
    for name in ["clinic.yaml", "rare-names.yaml"] {
        desk.write(&format!("records/{name}"), common::sample(name));
        desk.run(&["fill", &format!("records/{name}"), "-o", "filled/"]).ends(0);
    }
    desk.run(&["batch", "records", "-o", "batched"]).ends(0);
    let filled = desk.pdfs("filled");
    assert!(filled.len() >= 4);
    let batched = desk.files("batched");
    for (name, bytes) in filled {
        assert!(batched[&name] == bytes, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_record_that_cannot_be_read_holds_up_no_other() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("in/old.yaml")).unwrap();
    desk.write("in/a.yaml", common::sample("clinic.yaml"));
    std::os::unix::fs::symlink("nowhere", desk.path("in/gone.yaml")).unwrap();
    assert!(Command::new("mkfifo").arg(desk.path("in/pipe.yaml")).status().unwrap().success());
    let ran = desk.run(&["batch", "in", "-o", "out"]).ends(1).says("1 of 4");
    assert!(ran.said.contains("old.yaml") && ran.said.contains("pipe.yaml"), "{}", ran.said);
    assert_eq!(desk.errors().iter().filter(|e| &e[8] == "unreadable").count(), 3);
    assert_eq!(desk.pdfs("out").len(), 3);
}

/// A folder for temporary files that takes nothing.
#[cfg(unix)]
#[test]
fn lists_need_no_temporary_files_elsewhere() {
    let desk = Desk::new();
    desk.write("r.csv", roster(3, |_| ()));
    let mut command = desk.command(&["batch", "r.csv", "-o", "out"]);
    Ran::new(command.env("TMPDIR", "/dev/full").output().unwrap()).ends(0);
    let mut command = desk.command(&["batch", "r.csv", "-o", "books", "--format", "xlsx"]);
    Ran::new(command.env("TMPDIR", "/dev/full").output().unwrap()).ends(0);
    assert!(desk.path("out/summary.xlsx").exists() && desk.path("out/errors.csv").exists());
}

/// The list with one more column, without a heading, behind another.
fn with_unheaded(list: &str, behind: &str, value: &str) -> String {
    let at = column(behind) + 1;
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(list.trim_start_matches('\u{FEFF}').as_bytes());
    for (number, row) in reader.records().map(Result::unwrap).enumerate() {
        let mut row: Vec<&str> = row.iter().collect();
        row.insert(at, if number == 0 { "" } else { value });
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// A sheet saved as CSV has lost which cells were merged: the rest of an address is in a column of its own.
#[test]
fn text_below_no_heading_is_not_left_out_in_silence() {
    let desk = Desk::new();
    let list = roster(1, |_| ());
    desk.write("list.csv", with_unheaded(&list, "所在地", "霞ビル301号室"));
    desk.batch("list.csv", &[]).ends(1).says("column G has no heading: `霞ビル301号室`");
    assert!(desk.pdfs("out").is_empty());
    // Behind another column it may be a remark, and numbers number the rows.
    desk.write("list.csv", with_unheaded(&list, "依頼日", "済"));
    desk.batch("list.csv", &[]).ends(0).says("column P has no heading: `済`");
    desk.write("list.csv", with_unheaded(&list, "所在地", "1"));
    let ran = desk.batch("list.csv", &["--force"]).ends(0);
    assert!(!ran.said.contains("has no heading"), "{}", ran.said);
}

#[test]
fn numbers_in_two_lines_of_an_address_stay_two() {
    let desk = Desk::new();
    let written = "東京都千代田区霞が関1-2-2\n301号室";
    let list = roster(1, |rows| {
        set(rows, 0, "所在地", written);
        set(rows, 0, "医療機関・薬局 郵便番号", "100-0013");
    });
    desk.write("list.csv", list);
    desk.batch("list.csv", &[]).ends(0).says("東京都千代田区霞が関1-2-2 301号室");
}
