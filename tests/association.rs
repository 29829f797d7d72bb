//! An association's whole job: workbooks out and back, print files, lists, letters, labels, state.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common;
use calamine::{Data, Reader as _, Xlsx};
use onshi::form::Forms;
use tempfile::TempDir;

use crate::batch::generator::{HEADINGS, facilities};

/// A folder to work in, and the program in it, in Japanese.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What the program says, and its exit status.
    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
        command.args(args).args(["--today", "2024-01-10", "--lang", "ja"]);
        let output = command.current_dir(self.0.path()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(said).unwrap())
    }

    /// The files in a folder and those inside it, by their paths.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let files = files_below(&root).into_iter();
        let name = |path: &Path| path.strip_prefix(&root).unwrap().display().to_string();
        files.map(|path| (name(&path), fs::read(&path).unwrap())).collect()
    }

    fn sheet(&self, file: &str, sheet: &str) -> Vec<Vec<String>> {
        let mut workbook: Xlsx<_> = calamine::open_workbook(self.path(file)).unwrap();
        let range = workbook.worksheet_range(sheet).unwrap();
        range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
    }

    /// A column of the facilities of a summary, its heading left out.
    fn column(&self, file: &str, heading: &str) -> Vec<String> {
        let rows = self.sheet(file, "施設");
        let at = rows[0].iter().position(|h| h == heading).expect(heading);
        rows[1..].iter().map(|row| row[at].clone()).collect()
    }

    fn text(&self, pdf: &str) -> String {
        let document = lopdf::Document::load(self.path(pdf)).unwrap();
        let pages: Vec<u32> = document.get_pages().keys().copied().collect();
        common::squeezed(&document.extract_text(&pages).unwrap())
    }
}

/// Every file below a folder, the program's own ledgers left out.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if !path.file_name().unwrap().to_string_lossy().starts_with('.') {
            found.push(path);
        }
    }
    found
}

/// A roster with columns of one's own before and behind the others, its rows changed.
fn roster(count: usize, change: impl Fn(&mut Vec<Vec<String>>)) -> String {
    let mut rows = facilities(count);
    change(&mut rows);
    let mut text = format!("会員番号,郡市区医師会,{},発送日\n", HEADINGS.join(","));
    for (number, row) in (1..).zip(&rows) {
        let district = ["千代田/中央", "港"][number % 2];
        let sent = if number == 1 { "2024-01-05" } else { "" };
        text += &format!("M{number:03},{district},{},{sent}\n", row.join(","));
    }
    text
}

fn set(rows: &mut [Vec<String>], row: usize, heading: &str, value: &str) {
    rows[row][HEADINGS.iter().position(|h| *h == heading).unwrap()] = value.to_owned();
}

const OWN: [&str; 2] = ["--label", "会員番号"];

#[test]
fn forty_workbooks_go_out_and_come_back() {
    let desk = Desk::new();
    let missing = |rows: &mut Vec<Vec<String>>| {
        for row in [4, 11, 27] {
            set(rows, row, "担当者 電話番号", "");
        }
    };
    fs::write(desk.path("list.csv"), roster(40, missing)).unwrap();
    let args =
        ["batch", "list.csv", "--format", "xlsx", "--unfilled", "--form", "別紙1", "-o", "sent"];
    let (status, said) =
        desk.run(&[&args[..], &OWN, &["--name", "{会員番号}", "--ignore-unknown"]].concat());
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("40 施設のうち 40 施設分"), "{said}");
    let sent = desk.files("sent");
    assert!(sent.contains_key("M001_別紙1.xlsx"), "{:?}", sent.keys());
    let first = &sent["M001_別紙1.xlsx"];
    let read = onshi::workbook::import("M001.xlsx", first, Forms::built_in());
    assert_eq!(read.label.as_deref(), Some("M001"));
    assert_eq!(read.report.errors(), 0, "{}", read.report);
    // What the list knows is there and white, what it does not know is yellow.
    let incomplete = &sent["M005_別紙1.xlsx"];
    assert!(is_yellow(incomplete, "contact.phone") && !is_yellow(first, "contact.phone"));
    assert!(!is_yellow(incomplete, "facility.name"));

    // They come back, some into a folder of their own, two spoilt, one twice, three still incomplete.
    fs::create_dir_all(desk.path("back/港区")).unwrap();
    for (name, bytes) in sent.iter().filter(|(name, _)| name.ends_with("別紙1.xlsx")) {
        let folder = if name.as_str() < "M010" { "back/港区" } else { "back" };
        let bytes = match name.get(..4) {
            Some("M020") => bytes[..bytes.len() / 2].to_vec(),
            Some("M021") => b"PK\x03\x04 is all that is left".to_vec(),
            _ => bytes.clone(),
        };
        fs::write(desk.path(folder).join(name), bytes).unwrap();
    }
    fs::write(desk.path("back/M015 再送.xlsx"), &sent["M015_別紙1.xlsx"]).unwrap();
    fs::write(desk.path("back/~$M015.xlsx"), "Excel holds it open").unwrap();
    fs::write(desk.path("back/.DS_Store"), "").unwrap();
    fs::write(desk.path("back/お願い.docx"), "").unwrap();

    let (status, said) = desk.run(&[
        "batch",
        "back",
        "-o",
        "out",
        "--merge",
        "print_{提出先}.pdf",
        "--letters",
        "letters.pdf",
        "--labels",
        "labels.pdf",
        "--cover",
        "cover.pdf",
    ]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("41 施設のうち 35 施設分を作成しました"), "{said}");
    assert!(said.contains("6 施設に誤りがあります"), "{said}");
    assert!(said.contains("1 個は読みません（お願い.docx）"), "{said}");
    assert!(
        said.contains("back/M020_別紙1.xlsx") && said.contains("back/M021_別紙1.xlsx"),
        "{said}"
    );
    assert!(said.contains("すべての値が M015 再送.xlsx と同じです"), "{said}");
    let errors = desk.sheet("out/summary.xlsx", "誤り");
    let of: Vec<&str> = errors[1..].iter().map(|row| row[1].as_str()).collect();
    for member in ["M005", "M012", "M015", "M028"] {
        assert!(of.contains(&member), "{member}: {of:?}");
    }
    assert_eq!(errors.iter().filter(|row| row[3].contains("電話番号")).count(), 3, "{errors:?}");
    let members = desk.column("out/summary.xlsx", "会員");
    assert!(members.contains(&"M001".to_owned()) && members.contains(&"M040".to_owned()));
    // The letters name the cell of the workbook and what is missing.
    let letters = desk.text("letters.pdf");
    assert!(letters.contains("担当者電話番号がありません"), "{letters}");
    assert!(letters.contains("御中") && letters.contains("以上"), "{letters}");
    let labels = lopdf::Document::load(desk.path("labels.pdf")).unwrap();
    assert_eq!(labels.get_pages().len(), 4, "41 labels on sheets of twelve");
    let cover = desk.text("cover.pdf");
    assert!(cover.contains("別紙1") && cover.contains("厚生局御中"), "{cover}");
    if let Ok(page) = std::env::var("ONSHI_SAID") {
        fs::write(page, &said).unwrap();
    }
    // The same again, with the outputs in the folder itself, reads nothing of its own.
    let (_, again) = desk.run(&["batch", "back", "-o", "back/out", "--merge", "back/print.pdf"]);
    assert!(again.contains("41 施設のうち 35 施設分"), "{again}");
    let (_, again) = desk.run(&["batch", "back", "-o", "back/out", "--merge", "back/print.pdf"]);
    assert!(
        again.contains("41 施設のうち 35 施設分") && again.contains("onshi が書き出したファイル"),
        "{again}"
    );
}

/// A part of a workbook as text.
fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// Whether the cell of a field has the colour of what is to be filled in.
fn is_yellow(workbook: &[u8], field: &str) -> bool {
    let names = part(workbook, "xl/workbook.xml");
    let to = names.split(&format!("name=\"{field}\">")).nth(1).expect(field);
    let cell = to.split('!').nth(1).unwrap().split([':', '<']).next().unwrap().replace('$', "");
    let sheet = part(workbook, "xl/worksheets/sheet1.xml");
    let style = sheet.split(&format!("<c r=\"{cell}\" s=\"")).nth(1).unwrap();
    let style: usize = style.split('"').next().unwrap().parse().unwrap();
    let styles = part(workbook, "xl/styles.xml");
    let fill =
        |xf: &str| xf.split("fillId=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let xf = fill(styles.split("<cellXfs").nth(1).unwrap().split("<xf ").nth(style + 1).unwrap());
    let fills = styles.split("<fills").nth(1).unwrap();
    let fills: Vec<&str> = fills.split("<fill>").skip(1).collect();
    fills[xf.parse::<usize>().unwrap()].contains("FFFFFFCC")
}

#[test]
fn names_and_print_files_follow_the_list() {
    let desk = Desk::new();
    fs::write(
        desk.path("r.csv"),
        roster(8, |rows| set(rows, 6, "医療機関・薬局 名称", "天神/クリニック")),
    )
    .unwrap();
    let (status, said) = desk.run(&[
        "batch",
        "r.csv",
        "-o",
        "out",
        "--name",
        "{郡市区医師会}/{会員番号}_{名称}_{様式}",
        "--merge",
        "print/{郡市区医師会}_{様式}.pdf",
        "--jobs",
        "1",
    ]);
    assert_eq!(status, 0, "{said}");
    let one = desk.files("out");
    assert!(
        one.contains_key("千代田_中央/M007_天神_クリニック_別紙2.pdf")
            || one.contains_key("港/M007_天神_クリニック_別紙2.pdf"),
        "{:?}",
        one.keys()
    );
    let print = desk.files("print");
    let names: Vec<&str> = print.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["千代田_中央_別紙1.pdf", "千代田_中央_別紙2.pdf", "港_別紙1.pdf", "港_別紙2.pdf"]
    );
    // Any number of workers gives the same, and a name that says nothing of the row is told apart.
    for jobs in ["1", "4"] {
        let out = format!("plain{jobs}");
        let same = |rows: &mut Vec<Vec<String>>| set(rows, 1, "医療機関・薬局 名称", "霞医院");
        let same = |rows: &mut Vec<Vec<String>>| {
            same(rows);
            set(rows, 5, "医療機関・薬局 名称", "霞医院");
        };
        fs::write(desk.path("twins.csv"), roster(8, same)).unwrap();
        let (status, said) = desk.run(&[
            "batch",
            "twins.csv",
            "-o",
            &out,
            "--name",
            "{名称}_{様式}.pdf",
            "--ignore-unknown",
            "--jobs",
            jobs,
        ]);
        assert_eq!(status, 0, "{said}");
    }
    let (a, b) = (desk.files("plain1"), desk.files("plain4"));
    assert!(a == b, "{:?} {:?}", a.keys(), b.keys());
    assert!(
        a.contains_key("霞医院_別紙1.pdf") && a.contains_key("霞医院_別紙1-2.pdf"),
        "{:?}",
        a.keys()
    );
    let (status, said) =
        desk.run(&["batch", "r.csv", "--ignore-unknown", "-o", "x", "--name", "{会員}"]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("{提出先}") && said.contains("会員番号、郡市区医師会"), "{said}");
}

#[test]
fn rows_are_chosen_and_sorted_by_heading() {
    let desk = Desk::new();
    fs::write(desk.path("r.csv"), roster(9, |_| ())).unwrap();
    let base = ["batch", "r.csv", "-o", "out", "--label", "会員番号"];
    let (status, said) =
        desk.run(&[&base[..], &["--where", "郡市区医師会=港", "--sort", "会員番号"]].concat());
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("9 行のうち、--where に合う 5 行だけを読みます"), "{said}");
    assert_eq!(
        desk.column("out/summary.xlsx", "会員番号"),
        ["M001", "M003", "M005", "M007", "M009"]
    );
    assert_eq!(desk.column("out/summary.xlsx", "発送日")[0], "2024-01-05");
    let (status, said) =
        desk.run(&[&base[..], &["--where", "郡市区医師会=渋谷", "--where", "発送日="]].concat());
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("「郡市区医師会」にあるのは 千代田/中央、港 です"), "{said}");
    let (status, said) = desk.run(&[&base[..], &["--sort", "医師会", "--ignore-unknown"]].concat());
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("--sort の「医師会」") && said.contains("会員番号、郡市区医師会"),
        "{said}"
    );
}

#[test]
fn hidden_rows_are_read_or_left_out_and_said() {
    let desk = Desk::new();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in
        (0..).zip([HEADINGS.map(str::to_owned).to_vec()].into_iter().chain(facilities(4)))
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    sheet.set_row_hidden(2).unwrap();
    workbook.save(desk.path("r.xlsx")).unwrap();
    let (_, said) = desk.run(&["batch", "r.xlsx", "-o", "all"]);
    assert!(
        said.contains("1 行あります。これも読みます") && said.contains("4 施設のうち 4"),
        "{said}"
    );
    let (_, said) = desk.run(&["batch", "r.xlsx", "-o", "shown", "--visible-only"]);
    assert!(said.contains("1 行は読みません") && said.contains("3 施設のうち 3"), "{said}");
    assert_eq!(desk.column("shown/summary.xlsx", "行"), ["2", "4", "5"]);
}

#[test]
fn what_has_changed_since_is_said() {
    let desk = Desk::new();
    let wrong = |rows: &mut Vec<Vec<String>>| set(rows, 1, "担当者 電話番号", "123");
    fs::write(desk.path("may.csv"), roster(5, wrong)).unwrap();
    let base = ["--label", "会員番号", "--ignore-unknown"];
    desk.run(&[&["batch", "may.csv", "-o", "may"][..], &base].concat());
    // Corrected, moved, gone, new.
    let text = roster(6, |rows| set(rows, 2, "所在地", "東京都港区芝公園9-9-9"));
    let june: Vec<&str> = text.lines().filter(|line| !line.starts_with("M004")).collect();
    fs::write(desk.path("june.csv"), june.join("\n")).unwrap();
    let args = ["batch", "june.csv", "-o", "june", "--since", "may/summary.xlsx"];
    let (_, said) = desk.run(&[&args[..], &base].concat());
    assert!(
        said.contains(
            "前回から: 新規 1、訂正済み 1、新たに誤り 0、変更 1、変わらず 2、なくなった 1"
        ),
        "{said}"
    );
    assert_eq!(
        desk.column("june/summary.xlsx", "前回から"),
        ["変わらず", "訂正済み", "変更", "変わらず", "新規"]
    );
    let changes = desk.sheet("june/summary.xlsx", "前回との違い");
    assert_eq!(changes.len(), 5);
    assert!(changes[2][5].contains("→ 東京都港区芝公園9-9-9"), "{changes:?}");
    assert_eq!(changes[4][..3], ["なくなった", "", "M004"]);
    // The list that is compared with is not written over, and nothing else is one.
    let (status, said) = desk.run(&[
        "batch",
        "june.csv",
        "-o",
        "may",
        "--ignore-unknown",
        "--since",
        "may/summary.xlsx",
    ]);
    assert!(status == 2 && said.contains("入力のファイルです"), "{said}");
    let (status, said) =
        desk.run(&["batch", "june.csv", "-o", "x", "--ignore-unknown", "--since", "june.csv"]);
    assert!(status == 2 && said.contains("summary.xlsx ではありません"), "{said}");
}

/// What no column of the summary shows is printed all the same.
#[test]
fn what_is_printed_is_compared_and_what_has_changed_can_be_printed_alone() {
    let desk = Desk::new();
    fs::write(desk.path("may.csv"), roster(4, |_| ())).unwrap();
    let base = ["--label", "会員番号", "--ignore-unknown", "--form", "別紙1", "--form", "別紙2"];
    desk.run(&[&["batch", "may.csv", "-o", "may"][..], &base].concat());
    let text = roster(4, |rows| {
        set(rows, 1, "メーカー名", "見本電機");
        // As a list may have it.
        let at = HEADINGS.iter().position(|h| *h == "医療機関・薬局 名称").unwrap();
        let name = rows[2][at].clone() + " ";
        set(rows, 2, "医療機関・薬局 名称", &name);
    });
    fs::write(desk.path("june.csv"), text).unwrap();
    let args = ["batch", "june.csv", "-o", "june", "--since", "may/summary.xlsx", "--changed"];
    let merge = ["--merge", "p.pdf"];
    let (_, said) = desk.run(&[&args[..], &base, &merge].concat());
    assert_eq!(
        desk.column("june/summary.xlsx", "前回から"),
        ["変わらず", "変更", "変わらず", "変わらず"],
        "{said}"
    );
    let changes = desk.sheet("june/summary.xlsx", "前回との違い");
    assert_eq!(changes[1][5], "印字内容: 別紙2");
    assert!(said.contains("p.pdf を書きました（2 ページ）"), "{said}");
}

#[test]
fn a_letter_is_whole_however_long_and_whoever_it_is_for() {
    let desk = Desk::new();
    let bad = |rows: &mut Vec<Vec<String>>| {
        for heading in [
            "医療機関・薬局 郵便番号",
            "開設者 郵便番号",
            "開設者 電話番号",
            "担当者 電話番号",
            "開設者 フリガナ",
            "指定希望日",
            "依頼日",
            "ネットワーク種類",
            "導入作業開始（予定）日",
            "運用開始（予定）日",
            "診療・調剤開始（予定）日",
            "カードリーダー 調達状況",
        ] {
            set(rows, 0, heading, "？");
        }
        set(
            rows,
            0,
            "医療機関・薬局 名称",
            "医療法人社団みなとの丘会みなとの丘内科小児科耳鼻咽喉科皮膚科クリニック",
        );
        set(rows, 1, "医療機関・薬局 名称", "\u{E000}田医院");
        set(rows, 2, "医療機関・薬局 名称", &"長い名前の".repeat(30));
    };
    fs::write(desk.path("r.csv"), roster(4, bad)).unwrap();
    let sender =
        "差出人:\n  名称: 霞が関市医師会\n  電話番号: 03-3500-1234\n  回答期限: 2024-01-31\n";
    fs::write(desk.path("sender.yaml"), sender).unwrap();
    let (status, said) = desk.run(&[
        "batch",
        "r.csv",
        "--ignore-unknown",
        "--letters",
        "l.pdf",
        "--labels",
        "a.pdf",
        "--sender",
        "sender.yaml",
    ]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("「〓田医院」には印字できない文字があり"), "{said}");
    assert!(said.contains("宛名などが入らないため、作っていません"), "{said}");
    let text = desk.text("l.pdf");
    for part in [
        "霞が関市医師会",
        "医療法人社団みなとの丘会みなとの丘内科小児科耳鼻咽喉科皮膚科クリニック",
        "〓田医院",
        "記載の内容",
        "？",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(
        said.contains("l.pdf を書きました（4 ページ）")
            || said.contains("l.pdf を書きました（3 ページ）"),
        "{said}"
    );
    assert!(!text.contains("ご不明な点は、まで") && !text.contains("電話令"), "{text}");
    // What only the operator can do is not asked of the facility.
    assert!(!text.contains("--gaiji") && !text.contains("yaml"), "{text}");
    fs::write(desk.path("sender.yaml"), "差出人: {電話番号: 1}").unwrap();
    let (status, said) = desk.run(&[
        "batch",
        "r.csv",
        "--ignore-unknown",
        "--letters",
        "l.pdf",
        "--sender",
        "sender.yaml",
    ]);
    assert!(status == 2 && said.contains("sender.yaml") && said.contains("電話番号"), "{said}");
    // What is no file is not waited for, and one without an end is not read.
    for sender in [".", "/dev/zero"] {
        let args = ["batch", "r.csv", "--ignore-unknown", "--letters", "l.pdf", "--sender", sender];
        let (status, said) = desk.run(&args);
        assert!(status == 2 && said.contains("を読めません"), "{said}");
    }
}

#[test]
fn labels_of_ones_own_take_the_place_of_the_built_in_ones() {
    let desk = Desk::new();
    fs::write(desk.path("r.csv"), roster(30, |_| ())).unwrap();
    let own = fs::read_to_string(common::root().join("forms/post/labels.yaml")).unwrap();
    fs::create_dir_all(desk.path("forms/post")).unwrap();
    // Sheets of two columns of five.
    fs::write(desk.path("forms/post/labels.yaml"), own.replace("times: 6", "times: 5")).unwrap();
    let args = ["--forms", "forms", "batch", "r.csv", "--ignore-unknown", "--labels", "a.pdf"];
    let (status, said) = desk.run(&args);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("a.pdf を書きました（3 ページ）"), "{said}");
    let (_, forms) = desk.run(&["--forms", "forms", "forms"]);
    assert!(!forms.contains("labels") && !forms.contains("letter"), "{forms}");
    fs::write(desk.path("forms/post/labels.yaml"), own.replace("times: 6", "times: 60")).unwrap();
    let (status, said) = desk.run(&args);
    assert!(status == 2 && said.contains("labels.yaml"), "{said}");
}

#[test]
fn labels_that_nothing_would_be_printed_on_are_refused() {
    let desk = Desk::new();
    fs::write(desk.path("r.csv"), roster(3, |_| ())).unwrap();
    fs::create_dir_all(desk.path("forms/post")).unwrap();
    let definition = |name: &str| {
        fs::read_to_string(common::root().join(format!("forms/post/{name}.yaml"))).unwrap()
    };
    let own = definition("labels");
    let unnumbered = own.replace("_1", "_a").replace("_2", "_b");
    let args = ["--forms", "forms", "batch", "r.csv", "--ignore-unknown", "--labels", "a.pdf"];
    // The second column alone would lose every other facility.
    for text in [unnumbered, own.replace("_1", "_3")] {
        fs::write(desk.path("forms/post/labels.yaml"), text).unwrap();
        let (status, said) = desk.run(&args);
        assert!(status == 2 && said.contains("labels.yaml") && said.contains("_1 から"), "{said}");
        assert!(!desk.path("a.pdf").exists());
    }
    fs::write(desk.path("forms/post/labels.yaml"), own).unwrap();
    let cover = definition("cover").replace("_1", "_a").replace("_2", "_b");
    fs::write(desk.path("forms/post/cover.yaml"), cover).unwrap();
    let (status, said) = desk.run(&args);
    assert!(status == 2 && said.contains("cover.yaml") && said.contains("_1 から"), "{said}");
}

#[test]
fn a_letter_says_what_a_workbook_has() {
    let desk = Desk::new();
    fs::create_dir(desk.path("back")).unwrap();
    let forms = Forms::built_in();
    let cells = [
        ("facility.name", " t=\"inlineStr\"", "<is><t>霞医院</t></is>"),
        ("facility.address", " t=\"inlineStr\"", "<is><t>東京都千代田区霞が関9-8-7</t></is>"),
        ("contact.phone", " t=\"inlineStr\"", "<is><t>12-34</t></is>"),
    ];
    fs::write(desk.path("back/a.xlsx"), common::typed(forms, "別紙1", &cells)).unwrap();
    let (status, said) =
        desk.run(&["batch", "back", "-o", "out", "--letters", "letters.pdf", "--form", "別紙1"]);
    assert_eq!(status, 1, "{said}");
    let letters = desk.text("letters.pdf");
    assert!(letters.contains("12-34"), "{letters}");
    let errors = desk.sheet("out/summary.xlsx", "誤り");
    assert!(errors.iter().any(|row| row.iter().any(|cell| cell == "12-34")), "{errors:?}");
}

#[test]
fn two_things_have_two_names() {
    let desk = Desk::new();
    fs::write(desk.path("r.csv"), roster(2, |_| ())).unwrap();
    for names in [
        ["--letters", "a.pdf", "--labels", "A.pdf"],
        ["--merge", "a.pdf", "--labels", "./a.pdf"],
        ["--merge", "{form}.pdf", "--letters", "receipt-number.pdf"],
        ["--merge", "{郡市区医師会}.pdf", "--cover", "港.pdf"],
    ] {
        let (status, said) =
            desk.run(&[&["batch", "r.csv", "--ignore-unknown"][..], &names].concat());
        assert!(status == 2 && said.contains("二つのものを書き出す"), "{names:?}: {said}");
        assert_eq!(desk.files(".").len(), 1, "{names:?}");
    }
    // The name of a facility's own file is known only once it is made; that file stays.
    let args = ["batch", "r.csv", "--ignore-unknown", "--form", "別紙1", "-o", "out"];
    let (status, said) = desk.run(&args);
    assert_eq!(status, 0, "{said}");
    let files = fs::read_dir(desk.path("out")).unwrap().map(|entry| entry.unwrap().path());
    let own = files.filter(|path| path.extension().is_some_and(|ending| ending == "pdf")).min();
    let own = own.unwrap();
    let before = fs::read(&own).unwrap();
    let (status, said) = desk.run(&[&args[..], &["--merge", own.to_str().unwrap()]].concat());
    assert!(status == 2 && said.contains("二つのものを書き出す"), "{said}");
    assert_eq!(fs::read(&own).unwrap(), before);
}

#[test]
fn two_facilities_of_one_member_are_told_apart() {
    let desk = Desk::new();
    let text = roster(4, |_| ()).replace("M002,", "M001,").replace("M004,", ",");
    fs::write(desk.path("may.csv"), &text).unwrap();
    let base = ["--label", "会員番号", "--ignore-unknown"];
    desk.run(&[&["batch", "may.csv", "-o", "may"][..], &base].concat());
    let since = ["--since", "may/summary.xlsx"];
    let (_, said) = desk.run(&[&["batch", "may.csv", "-o", "june"][..], &base, &since].concat());
    assert!(
        said.contains(
            "前回から: 新規 0、訂正済み 0、新たに誤り 0、変更 0、変わらず 4、なくなった 0"
        ),
        "{said}"
    );
    // One of the two leaves, and one joins the member that had one.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[2] = roster(5, |_| ()).lines().last().unwrap().replace("M005,", "M003,");
    let moved = lines.remove(2);
    lines.push(moved);
    fs::write(desk.path("july.csv"), lines.join("\n")).unwrap();
    let (_, said) = desk.run(&[&["batch", "july.csv", "-o", "july"][..], &base, &since].concat());
    assert!(
        said.contains(
            "前回から: 新規 1、訂正済み 0、新たに誤り 0、変更 0、変わらず 3、なくなった 1"
        ),
        "{said}"
    );
}

#[test]
fn letters_ask_for_what_the_facility_can_mend() {
    let desk = Desk::new();
    fs::write(desk.path("r.csv"), roster(2, |_| ())).unwrap();
    let args = ["batch", "r.csv", "--ignore-unknown", "-o", "out"];
    let (status, said) = desk.run(&args);
    assert_eq!(status, 0, "{said}");
    for name in desk.files("out").keys().filter(|name| name.ends_with(".pdf")) {
        fs::write(desk.path("out").join(name), "somebody's").unwrap();
    }
    let post = ["--letters", "l.pdf", "--labels", "a.pdf"];
    let (status, said) = desk.run(&[&args[..], &post].concat());
    assert!(status == 1 && said.contains("--force"), "{said}");
    assert!(said.contains("誤りが書き出すファイルだけにある施設が 2 あります"), "{said}");
    assert!(!desk.path("l.pdf").exists() && desk.path("a.pdf").exists(), "{said}");
    // Of a facility without name and address nobody knows where it is.
    let nowhere = |rows: &mut Vec<Vec<String>>| {
        for row in [0, 1] {
            set(rows, row, "医療機関・薬局 名称", "");
        }
        set(rows, 0, "所在地", "");
    };
    fs::write(desk.path("r.csv"), roster(2, nowhere)).unwrap();
    let (status, said) = desk.run(&[&["batch", "r.csv", "--ignore-unknown"][..], &post].concat());
    assert!(status == 1 && said.contains("名称も所在地も読めない施設が 1 あります"), "{said}");
    assert!(said.contains("l.pdf を書きました（1 ページ）"), "{said}");
    assert!(said.contains("名称の読めない施設が 1 あります"), "{said}");
    for name in ["l.pdf", "a.pdf"] {
        let text = common::text_of(&fs::read(desk.path(name)).unwrap());
        assert!(!text.contains("御中"), "nobody is called by the number of a row: {text}");
    }
}

#[test]
fn what_is_filled_in_among_outputs_is_read() {
    let desk = Desk::new();
    let out = ["--ignore-unknown", "--form", "別紙1", "--format", "xlsx", "--unfilled"];
    let name = ["--name", "{郡市区医師会}/{会員番号}"];
    let made = |list: &str, folder: &str, rows: String| {
        fs::write(desk.path(list), rows).unwrap();
        let (status, said) = desk.run(&[&["batch", list, "-o", folder][..], &out, &name].concat());
        assert_eq!(status, 0, "{said}");
    };
    made("r.csv", "in/sent", roster(4, |_| ()));
    made("new.csv", "new", roster(4, |rows| set(rows, 0, "担当者 電話番号", "03-3500-1234")));
    // One is filled in and saved where it was, three are as they were made.
    fs::copy(desk.path("new/港/M001_別紙1.xlsx"), desk.path("in/sent/港/M001_別紙1.xlsx")).unwrap();
    for folder in ["in", "in/sent"] {
        let (status, said) = desk.run(&["batch", folder, "-o", &format!("of_{}", folder.len())]);
        assert!(said.contains("1 施設のうち 1 施設分"), "{folder}: {said}");
        assert_eq!(status, 0, "{folder}: {said}");
    }
}

#[test]
fn the_definitions_of_the_post_are_sound() {
    let folder = common::root().join("forms/post");
    for name in ["letter", "labels", "cover"] {
        let path = folder.join(format!("{name}.yaml"));
        let output = common::onshi().args(["lint", path.to_str().unwrap()]).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        println!("{name}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn what_no_file_can_be_is_a_fault_of_its_own() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("in/a/old.yaml")).unwrap();
    fs::write(desk.path("in/a/x.yaml"), common::sample("clinic.yaml")).unwrap();
    let long = "あ".repeat(80);
    fs::write(desk.path(&format!("in/{long}.yaml")), common::sample("clinic.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere", desk.path("in/gone.xlsx")).unwrap();
    std::os::unix::fs::symlink("..", desk.path("in/a/up")).unwrap();
    let fifo = Command::new("mkfifo").arg(desk.path("in/pipe.pdf")).status().unwrap();
    assert!(fifo.success());
    let (status, said) = desk.run(&["batch", "in", "-o", "out", "--allow-duplicates"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("5 施設のうち 2 施設分"), "{said}");
    for name in ["a/old.yaml", "gone.xlsx", "pipe.pdf"] {
        assert!(said.contains(name), "{name}: {said}");
    }
    assert!(desk.files("out").keys().any(|name| name.starts_with("a_x_")), "{said}");
}

#[test]
fn a_letter_says_what_is_wrong_and_what_is_asked() {
    let desk = Desk::new();
    let wrong = |rows: &mut Vec<Vec<String>>| {
        set(rows, 0, "担当者 電話番号", "\"076-000-1012\n090-0000-1012\"");
        set(rows, 0, "開設者 電話番号", "");
        set(rows, 0, "カードリーダー 調達状況", "エ");
        set(rows, 0, "システム導入事業者名", "");
    };
    // One column gives the postal codes of two fields.
    let mut text = roster(1, wrong).replacen("開設者 郵便番号", "開設者の旧郵便番号", 1);
    let code = facilities(1)[0]
        [HEADINGS.iter().position(|h| *h == "医療機関・薬局 郵便番号").unwrap()]
    .clone();
    text = text.replace(&code, "102-075");
    fs::write(desk.path("r.csv"), text).unwrap();
    let map = "同じ値:\n  開設者 郵便番号: 医療機関・薬局 郵便番号\n";
    fs::write(desk.path("map.yaml"), map).unwrap();
    let args = ["--map", "map.yaml", "--ignore-unknown", "-o", "out", "--letters", "l.pdf"];
    let (status, said) = desk.run(&[&["batch", "r.csv"][..], &args].concat());
    assert_eq!(status, 1, "{said}");
    let letter = desk.text("l.pdf");
    for part in [
        "の作成にあたり内容を確認しましたところ",
        "記載の内容076-000-1012／090-0000-1012",
        "電話番号「076-000-1012／090-0000-1012」は電話番号一つ",
        "お願い正しい電話番号をお知らせください（例:03-0000-0000）",
        "開設者電話番号がありません",
        "お願い電話番号をお知らせください（例:03-0000-0000）",
        "書けるのはア（整備済み）、イ（契約済み）、ウ（見積もり中）です",
    ] {
        assert!(letter.contains(part), "{part} is not in {letter}");
    }
    for part in ["ご提出", ">"] {
        assert!(!letter.contains(part), "{part} is in {letter}");
    }
    // Its own of the person to whom the reply goes is another.
    assert_eq!(letter.matches("郵便番号「102-075」は").count(), 2, "{letter}");
    assert!(!letter.contains("項目開設者郵便番号"), "{letter}");
    // The lists say what is wrong, too; and the founder's number is not the facility's.
    let first = desk.column("out/summary.xlsx", "初めの誤りと直し方");
    assert!(first[0].contains("ではありません。") && first[0].contains("例: "), "{first:?}");
    assert_eq!(desk.column("out/summary.xlsx", "電話番号"), [""]);
}

#[test]
fn a_faulty_number_does_not_give_way_to_that_of_somebody_else() {
    let desk = Desk::new();
    let wrong = |rows: &mut Vec<Vec<String>>| {
        set(rows, 0, "担当者 電話番号", "123");
        set(rows, 0, "開設者 電話番号", "03-3500-9999");
    };
    fs::write(desk.path("r.csv"), roster(1, wrong)).unwrap();
    desk.run(&["batch", "r.csv", "--ignore-unknown", "-o", "out"]);
    assert_eq!(desk.column("out/summary.xlsx", "電話番号"), [""]);
}

#[test]
fn bureaus_are_in_their_own_order_and_covers_are_for_them() {
    let desk = Desk::new();
    let places = [
        "沖縄県那覇市泉崎9-9-9",
        "香川県高松市番町9-9-9",
        "佐賀県佐賀市城内9-9-9",
        "岡山県岡山市北区内山下9-9-9",
        "東京都港区芝公園9-9-9",
        "北海道札幌市中央区9-9-9",
        "福岡県福岡市博多区9-9-9",
    ];
    let moved = |rows: &mut Vec<Vec<String>>| {
        for (row, place) in places.iter().enumerate() {
            set(rows, row, "所在地", place);
        }
    };
    fs::write(desk.path("r.csv"), roster(7, moved)).unwrap();
    let args = ["batch", "r.csv", "--ignore-unknown", "--form", "別紙1", "-o", "out"];
    let (status, said) = desk.run(&[&args[..], &["--cover", "cover.pdf"]].concat());
    assert_eq!(status, 0, "{said}");
    let totals = desk.sheet("out/summary.xlsx", "合計");
    let names: Vec<&str> = totals[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        names,
        ["北海道厚生局", "関東信越厚生局", "中国四国厚生局", "四国厚生支局", "九州厚生局", "合計"]
    );
    let sent = desk.sheet("out/summary.xlsx", "発送一覧");
    let offices: Vec<&str> = sent[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(
        offices,
        [
            "北海道厚生局 医療課",
            "東京都分",
            "岡山県分",
            "香川県分",
            "福岡県分",
            "佐賀県分",
            "沖縄県分"
        ]
    );
    let document = lopdf::Document::load(desk.path("cover.pdf")).unwrap();
    let page = |page| common::squeezed(&document.extract_text(&[page]).unwrap());
    assert!(page(1).contains("北海道厚生局御中医療課"), "{}", page(1));
    assert!(page(5).contains("九州厚生局御中福岡県分"), "{}", page(5));
    // What an earlier run made as a whole is there because it was not asked for.
    let (_, said) = desk.run(&args);
    assert!(said.contains("cover.pdf は以前の一括作成のままです（今回は作っていません"), "{said}");
    assert!(!said.contains("今回の名簿からは作られません"), "{said}");
}

#[test]
fn a_guess_is_not_hidden_behind_what_is_harmless() {
    let desk = Desk::new();
    let guessed = |rows: &mut Vec<Vec<String>>| {
        set(rows, 0, "担当者 電話番号", "０３-3500-1234");
        set(rows, 0, "指定希望日", "9.4.1");
        set(rows, 1, "指定希望日", "9.5.1");
    };
    fs::write(desk.path("r.csv"), roster(3, guessed)).unwrap();
    let (_, said) = desk.run(&["batch", "r.csv", "--ignore-unknown", "--form", "別紙1", "-o", "o"]);
    for part in
        ["[normalised]", "[supposed]", "「9.4.1」を「2027-04-01」", "「9.5.1」を「2027-05-01」"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}
