//! Several forms in one file: the PDF, the workbook that asks for each field once, and the way back.

use std::collections::BTreeMap;

use crate::common;
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::record::{Record, write};
use onshi::workbook::{Import, entries, import, xlsx_of};
use onshi::{Format, Writer};

const TODAY: Date = Date::constant(2024, 1, 10);
const INLINE: &str = " t=\"inlineStr\"";

fn text(value: &str) -> String {
    format!("<is><t xml:space=\"preserve\">{value}</t></is>")
}

/// Empty forms as one workbook.
fn blank(names: &[&str]) -> Vec<u8> {
    let forms = Forms::built_in();
    let one = |name: &&str| {
        let form = forms.find(name).expect("a form");
        (fill(form, Mode::Blank, forms).0, entries(form, Mode::Blank, forms))
    };
    xlsx_of(&names.iter().map(one).collect::<Vec<_>>()).expect("a workbook")
}

fn back(workbook: &[u8]) -> Import {
    import("f.xlsx", workbook, Forms::built_in())
}

/// What a record says, by key.
fn values(record: &Record) -> Vec<(String, String)> {
    common::read_values(&write(&record.root), Forms::built_in())
}

/// A sample's forms in one workbook, and its record.
fn filled(name: &str, today: Date) -> (Record, Vec<u8>, Vec<String>) {
    let forms = Forms::built_in();
    let record = onshi::record::read(name, common::sample(name).as_bytes());
    let record = record.map_err(|(_, report)| report).expect("a record");
    let filling = onshi::fill(&record, forms, &[], today);
    let ready = filling.ready().map_err(ToString::to_string).expect("sound");
    let file = Writer::new(forms, Format::Xlsx).packed(&ready, "r", true).expect("paints");
    assert_eq!(file.name, "r.xlsx");
    let made = ready.forms().iter().map(|one| one.form().to_owned()).collect();
    (record, file.bytes, made)
}

#[test]
fn a_field_is_typed_once_and_its_value_is_that_of_all_forms() {
    let empty = blank(&["別紙1", "別紙2"]);
    let none = back(&empty);
    assert_eq!((write(&none.record.root), none.report.to_string()), Default::default());
    assert_eq!(none.forms, ["receipt-number", "introduction-plan"]);

    let workbook = common::typed_over(
        &empty,
        &[
            ("facility.name", INLINE, &text("みなと&amp;医院")),
            ("facility.kind", INLINE, &text("医科")),
            ("designation.date", "", "<v>45383</v>"),
            ("introduction_plan.network.type.form_2", INLINE, &text("IP-VPN")),
        ],
    );
    let read = back(&workbook);
    assert_eq!(read.report.to_string(), "");
    let read: BTreeMap<String, String> = values(&read.record).into_iter().collect();
    let expected = [
        ("designation.date", "2024-04-01"),
        ("facility.kind", "医科"),
        ("facility.name", "みなと&医院"),
        ("introduction_plan.network.type", "IP-VPN"),
    ];
    assert_eq!(read, expected.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
}

#[test]
fn what_an_earlier_form_asks_for_is_locked_and_not_yellow_in_a_later_one() {
    let workbook = blank(&["別紙1", "別紙2"]);
    let sheet = part(&workbook, "xl/worksheets/sheet2.xml");
    let name = cell_of(&workbook, "facility.name");
    let shown = cell_of(&workbook, "facility.name.form_2");
    let start = sheet.find(&format!("<c r=\"{shown}\"")).expect("the cell");
    let cell = &sheet[start..start + sheet[start..].find("</c>").expect("its end")];
    let address = absolute(&name);
    let formula = format!("<f>IF('別紙1'!{address}=\"\",\"\",'別紙1'!{address})</f><v></v>");
    assert!(cell.contains(&formula) && cell.contains("t=\"str\""), "{cell}");
    // Neither unlocked nor coloured, where the cell of the first form is both.
    let style = |sheet: &str, at: &str| -> String {
        let start = sheet.find(&format!("<c r=\"{at}\"")).expect("the cell");
        let style = sheet[start..].split(" s=\"").nth(1).and_then(|s| s.split('"').next());
        let styles = part(&workbook, "xl/styles.xml");
        let xfs = styles.split("<cellXfs").nth(1).expect("styles").split("<xf ");
        let number: usize = style.expect("a style").parse().expect("a number");
        xfs.skip(1).nth(number).expect("its style").to_owned()
    };
    let first = style(&part(&workbook, "xl/worksheets/sheet1.xml"), &name);
    let second = style(&sheet, &shown);
    assert!(first.contains("locked=\"0\"") && first.contains("applyFill"), "{first}");
    assert!(!second.contains("locked=\"0\"") && !second.contains("applyFill"), "{second}");
    // The clerk is told where it is typed.
    assert!(sheet.contains("シート「別紙1」に入力した値が表示されます"));
}

#[test]
fn the_cached_value_of_a_formula_is_no_value_and_one_typed_over_it_is() {
    let workbook = common::typed_over(
        &blank(&["別紙1", "別紙2"]),
        &[("facility.name", INLINE, &text("みなと医院"))],
    );
    // Saved by a program that has not computed anything, or has computed something older.
    let stale = common::with_part(&workbook, "xl/worksheets/sheet2.xml", |xml| {
        xml.replace("</f><v></v>", "</f><v>古い値</v>")
    });
    let read = back(&stale);
    assert_eq!(read.report.to_string(), "");
    assert_eq!(values(&read.record), [("facility.name".to_owned(), "みなと医院".to_owned())]);
    // Typed over where the sheet was unprotected: two values, two cells.
    let over = [("facility.name.form_2", INLINE, text("別の医院"))];
    let over: Vec<(&str, &str, &str)> = over.iter().map(|(a, b, c)| (*a, *b, &**c)).collect();
    let read = back(&common::typed_over(&workbook, &over));
    let report = read.report.to_string();
    assert_eq!(read.report.errors(), 1, "{report}");
    let found = &read.report.diagnostics[0];
    let at = format!("別紙1!{}", cell_of(&workbook, "facility.name"));
    assert!(found.message.ja.contains(&at) && found.message.ja.contains("みなと医院"), "{report}");
    let place = found.place.as_ref().expect("a place");
    let onshi::report::Place::Cell { sheet, .. } = place else { panic!("{place:?}") };
    assert_eq!(sheet, "別紙2");
    // The same value is not another.
    let same =
        common::typed_over(&workbook, &[("facility.name.form_2", INLINE, &text("みなと医院"))]);
    assert_eq!(back(&same).report.to_string(), "");
}

#[test]
fn cells_of_another_kind_are_filled_in_on_their_own_and_must_agree() {
    // An empty workbook of every form is read as nothing, each form in its place.
    let names: Vec<String> = Forms::built_in().forms().map(|form| form.id.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = blank(&names);
    let read = back(&all);
    assert_eq!((write(&read.record.root), read.report.to_string()), Default::default());
    assert_eq!(read.forms, names);
}

#[test]
fn forms_of_every_sample_come_back_from_one_workbook() {
    for (name, today) in [
        ("medical-and-dental.yaml", Date::constant(2026, 11, 26)),
        ("clinic.yaml", TODAY),
        ("pharmacy.yaml", Date::constant(2026, 11, 26)),
        ("hospital.yaml", Date::constant(2026, 11, 26)),
        ("rare-names.yaml", Date::constant(2026, 11, 26)),
    ] {
        let (record, workbook, made) = filled(name, today);
        let read = back(&workbook);
        assert_eq!(read.report.to_string(), "", "{name}");
        let said = values(&record);
        for value in values(&read.record) {
            assert!(said.contains(&value), "{name}: {value:?}");
        }
        let forms = Forms::built_in();
        let again = read.fill(forms, &[], today);
        let again: Vec<&str> = again.draft().iter().map(|one| one.form()).collect();
        assert_eq!(again, made, "{name}");
        // Without the hidden sheet, by the names of the cells.
        let mapless = common::with_part(&workbook, "xl/workbook.xml", |xml| {
            xml.replace("name=\"onshi\"", "name=\"x\"")
        });
        assert_eq!(back(&mapless).forms, read.forms, "{name}");
    }
}

#[test]
fn two_kinds_are_two_sheets_of_a_form_and_one_list_of_the_record() {
    let (record, workbook, made) = filled("medical-and-dental.yaml", Date::constant(2026, 11, 26));
    assert_eq!(made, ["receipt-number", "receipt-number", "introduction-plan"]);
    let book = part(&workbook, "xl/workbook.xml");
    assert!(
        book.contains("name=\"別紙1（医科）\"") && book.contains("name=\"別紙1（歯科）\""),
        "{book}"
    );
    let read = back(&workbook);
    let said = values(&record);
    assert!(values(&read.record).iter().all(|value| said.contains(value)), "{}", read.report);
    // One of them is another kind now.
    let changed = common::typed_over(&workbook, &[("facility.kind.form_2", INLINE, &text("薬局"))]);
    let kind = |bytes: &[u8]| {
        let read = back(bytes);
        let kind = values(&read.record).into_iter().find(|(key, _)| key == "facility.kind");
        (kind.map(|(_, text)| text), read.report.to_string())
    };
    assert_eq!(kind(&workbook), (Some("医科・歯科".to_owned()), String::new()));
    assert_eq!(kind(&changed).0.as_deref(), Some("医科・薬局"), "{}", kind(&changed).1);
}

#[test]
fn a_form_of_the_workbook_is_asked_for_though_nothing_is_in_it() {
    let workbook = common::typed_over(
        &blank(&["別紙1", "別紙2"]),
        &[("facility.name", INLINE, &text("みなと医院"))],
    );
    let filling = back(&workbook).fill(Forms::built_in(), &[], TODAY);
    let report = filling.report().to_string();
    let cites =
        |form: &str| filling.report().diagnostics.iter().any(|d| d.form.as_deref() == Some(form));
    assert!(cites("receipt-number") && cites("introduction-plan"), "{report}");
    let made: Vec<&str> = filling.draft().iter().map(|one| one.form()).collect();
    assert_eq!(made, ["receipt-number", "introduction-plan"]);
}

#[test]
fn fill_and_blank_write_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let sample = common::sample_path("medical-and-dental.yaml");
    let sample = sample.to_str().unwrap();
    let to = |name: &str| folder.path().join(name);
    for (args, name) in [
        (vec!["fill", sample, "--one-file"], "all.pdf"),
        (vec!["fill", sample, "--one-file"], "all.xlsx"),
        (vec!["blank", "別紙1", "別紙2", "様式1", "--one-file"], "blank.pdf"),
        (vec!["blank", "別紙1", "別紙2", "様式1", "--one-file"], "blank.xlsx"),
    ] {
        let mut command = common::onshi();
        let command = command.args(["--today", "2026-11-26"]).args(&args).arg("-o").arg(to(name));
        let output = command.output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let bytes = std::fs::read(to(name)).unwrap();
        match name.ends_with("pdf") {
            true => assert_eq!(lopdf::Document::load_mem(&bytes).unwrap().get_pages().len(), 3),
            false => assert!(back(&bytes).forms.len() >= 2),
        }
    }
    // A workbook of several forms is a record for every command.
    let all = to("all.xlsx");
    for args in [vec!["check"], vec!["fill", "--one-file", "-o", "again.pdf"], vec!["import"]] {
        let mut command = common::onshi();
        command.args(["--today", "2026-11-26"]).args(&args).arg(&all);
        let output = command.current_dir(folder.path()).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(std::fs::read(to("all.pdf")).unwrap(), std::fs::read(to("again.pdf")).unwrap());
    // Several in a folder, as files.
    let output = common::onshi().args(["blank", "別紙1", "別紙2", "-o"]).arg(to("forms")).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
    assert_eq!(std::fs::read_dir(to("forms")).unwrap().count(), 2);
    for (args, words) in [
        (vec!["fill", sample, "--one-file", "a.svg"], "PDF か Excel"),
        (vec!["fill", sample, "--one-file", "--format", "txt", "a"], "PDF か Excel"),
        (vec!["fill", sample, "--one-file", "--carry-record", "a.pdf"], "一緒に使えません"),
        (vec!["blank", "別紙1", "別紙2", "--one-file", "a.png"], "PDF か Excel"),
        (vec!["blank", "別紙1", "別紙2", "a.pdf"], "--one-file をつけて"),
    ] {
        let (last, args) = args.split_last().unwrap();
        let mut command = common::onshi();
        let output = command.args(args).arg("-o").arg(to(last)).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?} {said}");
        assert!(said.contains(words), "{args:?} {said}");
        assert!(!to(last).exists());
    }
}

#[test]
fn a_folder_of_workbooks_with_several_forms_is_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let (_, workbook, _) = filled("medical-and-dental.yaml", Date::constant(2026, 11, 26));
    std::fs::create_dir(folder.path().join("in")).unwrap();
    std::fs::write(folder.path().join("in/a.xlsx"), &workbook).unwrap();
    let empty = common::typed_over(
        &blank(&["別紙1", "別紙2"]),
        &[("facility.name", INLINE, &text("みなと医院"))],
    );
    std::fs::write(folder.path().join("in/b.xlsx"), empty).unwrap();
    let mut command = common::onshi();
    command.args(["--today", "2026-11-26", "batch", "in", "-o", "out"]).current_dir(folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let files = std::fs::read_dir(folder.path().join("out")).unwrap();
    let pdfs = files
        .filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "pdf"));
    assert_eq!(pdfs.count(), 3, "{said}");
    let errors = std::fs::read(folder.path().join("out/errors.csv")).unwrap();
    let errors = String::from_utf8_lossy(&errors);
    assert!(errors.contains("別紙2!") || errors.contains("導入計画"), "{errors}");
}

#[test]
fn two_cells_of_different_kinds_that_disagree_are_an_error_that_names_both() {
    // 別紙1 asks for the kind in words, 様式2 in a box for the digit of the fee table.
    let typed = |digit: &str| {
        let cells = [
            ("facility.kind", INLINE, text("医科")),
            ("facility.fee_table_code.form_2", INLINE, text(digit)),
        ];
        let cells: Vec<(&str, &str, &str)> = cells.iter().map(|(a, b, c)| (*a, *b, &**c)).collect();
        back(&common::typed_over(&blank(&["別紙1", "様式2"]), &cells))
    };
    let same = typed("1");
    assert_eq!(same.report.to_string(), "");
    assert_eq!(values(&same.record), [("facility.kind".to_owned(), "医科".to_owned())]);
    let other = typed("3");
    let found = &other.report.diagnostics;
    assert_eq!(found.len(), 1, "{}", other.report);
    assert_eq!(found[0].code, "duplicate-field");
    let at = format!("別紙1!{}", cell_of(&blank(&["別紙1"]), "facility.kind"));
    assert!(found[0].message.ja.contains(&at), "{}", other.report);
    let place = found[0].place.as_ref();
    assert!(
        matches!(place, Some(onshi::report::Place::Cell { sheet, .. }) if sheet == "様式2"),
        "{place:?}"
    );
}

#[test]
fn a_list_becomes_rosters_of_so_many_facilities() {
    let folder = tempfile::tempdir().unwrap();
    let mut list = "会員番号,医療機関名,所在地,電話番号,指定希望日\n".to_owned();
    for number in 1..=5 {
        let day = if number == 4 { "来年" } else { "2027-04-01" };
        list += &format!(
            "{number},第{number}医院,東京都千代田区霞が関{number},03-0000-000{number},{day}\n"
        );
    }
    std::fs::write(folder.path().join("list.csv"), list).unwrap();
    let run = |args: &[&str]| {
        let output = common::onshi().args(args).current_dir(folder.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let args = [
        "roster",
        "別紙1",
        "--split",
        "2",
        "--from",
        "list.csv",
        "--ignore-unknown",
        "-o",
        "out.xlsx",
    ];
    let (status, said) = run(&args);
    // The day that is none is said, and stays in the roster as it is written.
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("来年"), "{said}");
    let rows = |name: &str| -> Vec<Vec<String>> {
        use calamine::{Reader as _, Xlsx, open_workbook};
        let mut book: Xlsx<_> = open_workbook(folder.path().join(name)).unwrap();
        let range = book.worksheet_range("名簿").unwrap();
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    let all = ["out_1.xlsx", "out_2.xlsx", "out_3.xlsx"].map(rows);
    let [first, second, third] = &all;
    assert_eq!([first.len(), second.len(), third.len()], [4, 4, 3]);
    let column = |heading: &str| first[0].iter().position(|h| h == heading).expect("a heading");
    let name = first[0].iter().position(|h| h.ends_with("名称")).expect("a heading");
    assert_eq!((&*first[2][0], &*first[2][name]), ("2", "第1医院"));
    assert_eq!(&*third[2][name], "第5医院");
    let day =
        first[0].iter().position(|h| h.contains("指定希望")).unwrap_or_else(|| column("指定"));
    assert_eq!(&*second[3][day], "来年", "{:?}", second);
    assert!(!folder.path().join("out.xlsx").exists());
    // What comes back is a roster like any other.
    let (status, said) = run(&["batch", "out_1.xlsx", "--form", "別紙1", "-o", "made"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("2 施設"), "{said}");
}

#[test]
fn a_folder_becomes_a_roster_with_what_is_wrong_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    let wrong = ("phone: 03-0000-0007", "phone: '3-12'");
    let record = common::changed("clinic.yaml", &[wrong, wrong]);
    std::fs::write(folder.path().join("in/a.yaml"), record).unwrap();
    let args = ["roster", "別紙1", "--split", "5", "--from", "in", "-o", "r.xlsx"];
    let output = common::onshi().args(args).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    use calamine::{Reader as _, Xlsx, open_workbook};
    let made = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let made = made.filter(|path| path.extension().is_some_and(|ending| ending == "xlsx"));
    let mut book: Xlsx<_> = open_workbook(made.last().expect(&said)).unwrap();
    let range = book.worksheet_range("名簿").unwrap();
    let cells: Vec<String> = range.rows().flatten().map(ToString::to_string).collect();
    assert!(cells.iter().any(|cell| cell == "3-12"), "{cells:?}");
}

#[test]
fn an_empty_roster_of_so_many_rows_prints_as_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = common::onshi().args(args).current_dir(folder.path()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, said) = run(&["roster", "別紙1", "--split", "30", "-o", "empty.xlsx"]);
    assert_eq!(status, Some(0), "{said}");
    let sheet =
        part(&std::fs::read(folder.path().join("empty.xlsx")).unwrap(), "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 32);
    assert!(sheet.contains("sqref=\"B2:B32\""));
    for (args, words) in [
        (&["roster", "--split", "5", "-o", "a.csv"][..], "Excel の名簿のときだけ"),
        (&["roster", "--split", "0", "-o", "a.xlsx"], "1 から 19999"),
        (&["roster", "--split", "5", "--from", "none.csv", "-o", "a.xlsx"], "がありません"),
    ] {
        let (status, said) = run(args);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

/// The first cell of a defined name, such as C3.
fn cell_of(workbook: &[u8], name: &str) -> String {
    let book = part(workbook, "xl/workbook.xml");
    let start = book.find(&format!("<definedName name=\"{name}\">")).expect("the name");
    let to = book[start..].split('>').nth(1).expect("a reference");
    let to = to.split('<').next().unwrap().rsplit('!').next().unwrap().replace('$', "");
    to.split(':').next().unwrap().to_owned()
}

fn absolute(cell: &str) -> String {
    let digits = cell.find(|c: char| c.is_ascii_digit()).expect("a row");
    format!("${}${}", &cell[..digits], &cell[digits..])
}

/// A part of a workbook as text.
fn part(workbook: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}
