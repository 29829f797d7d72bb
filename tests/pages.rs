//! Forms of several pages: rows repeated for a list, continuation pages, numbers of pages, in every
//! format and back.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::common::{self, TODAY, onshi, squeezed};
use onshi::form::Forms;
use onshi::layout::{Mode, Template, fill};
use onshi::record::{self, Record};
use onshi::sheet::Sheet;
use onshi::workbook::{self, FormEntries};
use onshi::{Filling, load_forms, values};
use proptest::prelude::*;

const FORMS: &str = "tests/forms";
/// How many items the form's first page has rows for, and how many each page that it goes on on.
const FIRST: usize = 4;
const NEXT: usize = 15;

fn forms() -> Forms {
    load_forms(&common::root().join(FORMS)).unwrap()
}

/// A record with so many devices, each told from the others by its name.
fn record(devices: usize) -> String {
    let mut text = String::from(
        "facility: {name: 台場診療所}\nregister:\n  date: 2024-05-02\n  keeper: 台場 花子\n  devices:\n",
    );
    for i in 1..=devices {
        writeln!(
            text,
            "    - {{name: 機器第{i}号, place: 部屋{i}, count: {}, note: 摘要{i}}}",
            i % 3 + 1
        )
        .unwrap();
    }
    text + "  checks:\n    - {what: 通信, day: 2024-04-21, result: 否}\n"
}

fn filling(text: &str, forms: &Forms) -> Filling {
    let record: Record = record::read("r.yaml", text.as_bytes()).unwrap();
    onshi::fill(&record, forms, &[], TODAY)
}

/// The values on a page, in reading order, each cell's lines joined.
fn values_on(sheet: &Sheet) -> Vec<String> {
    let texts = sheet.areas().filter(|area| area.field.is_some()).map(|area| {
        let runs = area.lines.iter().flat_map(|line| &line.runs).filter(|run| run.value);
        runs.map(|run| run.text()).collect::<String>()
    });
    texts.filter(|text| !text.is_empty()).collect()
}

fn words_on(sheet: &Sheet) -> String {
    let runs = sheet.areas().flat_map(|area| &area.lines).flat_map(|line| &line.runs);
    squeezed(&runs.map(|run| run.text()).collect::<String>())
}

/// How many pages so many devices take: two that are always there, and those the list goes on on.
fn pages(devices: usize) -> usize {
    2 + devices.saturating_sub(FIRST).div_ceil(NEXT)
}

fn runs_in(folder: &Path, args: &[&str]) -> std::process::Output {
    let mut command = onshi();
    command.args(["--forms", FORMS, "--lang", "ja"]).args(args).arg("-o").arg(folder);
    command.output().unwrap()
}

fn in_folder(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clinic.yaml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_item_is_on_one_page_in_order_and_comes_back_from_the_workbook(devices in 0usize..=3 * NEXT) {
        let forms = forms();
        let text = record(devices);
        let filling = filling(&text, &forms);
        let found = filling.report().errors();
        prop_assert_eq!(found, usize::from(devices == 0), "{}", filling.report());
        let filled = &filling.draft()[0];
        prop_assert_eq!(filled.sheets().len(), pages(devices));
        // Every value is printed once, in the order of the list.
        let printed: Vec<String> = filled.sheets().iter().flat_map(values_on).collect();
        let names: Vec<&String> = printed.iter().filter(|text| text.starts_with("機器第")).collect();
        let expected: Vec<String> = (1..=devices).map(|i| format!("機器第{i}号")).collect();
        prop_assert_eq!(names, expected.iter().collect::<Vec<_>>());
        let notes = printed.iter().filter(|text| text.starts_with("摘要")).count();
        prop_assert_eq!(notes, (1..=devices).filter(|i| i % 3 + 1 > 1).count());
        for (i, sheet) in filled.sheets().iter().enumerate() {
            let number = format!("{}/{}", i + 1, pages(devices));
            prop_assert!(words_on(sheet).contains(&number), "{}", number);
            prop_assert!(words_on(sheet).contains("機器管理台帳届"));
        }
        // As one by one.
        let form = forms.find("everything").unwrap();
        let (sheets, _) = fill(form, Mode::Filled(filled.values()), &forms);
        prop_assert_eq!(&sheets[..], filled.sheets());
        prop_assert_eq!(Template::new(form).fill(filled.values(), &forms).0, sheets);
        // The workbook says the same as the record.
        let entries = FormEntries::new(&forms).of(filled);
        let book = workbook::xlsx(filled.sheets(), Some(&entries)).unwrap();
        let import = workbook::import("r.xlsx", &book, &forms);
        prop_assert_eq!(import.report.errors(), 0, "{}", import.report);
        let (again, _) = values::values(&import.record, &forms);
        let texts = |values: &values::Values| -> BTreeMap<String, String> {
            values.iter().map(|(key, value)| (key.to_owned(), value.text.clone())).collect()
        };
        prop_assert_eq!(texts(&again), texts(filled.values()));
    }
}

#[test]
fn an_empty_form_has_one_continuation_page_and_leaves_the_numbers_to_whoever_fills_it_in() {
    let forms = forms();
    let form = forms.find("everything").unwrap();
    let (sheets, report) = fill(form, Mode::Blank, &forms);
    assert_eq!((sheets.len(), report.errors()), (3, 0));
    let words: Vec<String> = sheets.iter().map(words_on).collect();
    assert!(words[0].contains("1/") && !words[0].contains("1/3"), "{}", words[0]);
    assert!(words[1].contains("（2/）"), "{}", words[1]);
    assert!(!words[2].contains("3/"), "{}", words[2]);
    assert!(words[2].contains("19台摘要"), "{}", words[2]);
    // What is filled in by hand on it is read.
    let entries = workbook::entries(form, Mode::Blank, &forms);
    let book = workbook::xlsx(&sheets, Some(&entries)).unwrap();
    let import = workbook::import("r.xlsx", &book, &forms);
    assert_eq!(import.report.errors(), 0, "{}", import.report);
    assert_eq!(record::write(&import.record.root), "");
}

#[test]
fn a_pdf_has_the_pages_one_outline_entry_and_labels_in_a_print_file() {
    let (folder, path) = in_folder(&record(20));
    let out = folder.path().join("out.pdf");
    let run = runs_in(&out, &["fill", path.to_str().unwrap()]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let document = lopdf::Document::load(&out).unwrap();
    assert_eq!(document.get_pages().len(), pages(20));
    let outlines = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let outlines = document.get_dictionary(outlines).unwrap();
    assert_eq!(outlines.get(b"Count").unwrap().as_i64().unwrap(), 1);
    // One page of the list is full, so a second has the rest.
    let text = squeezed(&document.extract_text(&[4]).unwrap());
    assert!(text.contains("機器第20号") && !text.contains("機器第19号"), "{text}");

    let records = folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    for (name, devices) in [("a", 20), ("b", 2)] {
        let text = record(devices).replace("霞が関診療所", &format!("診療所{name}"));
        std::fs::write(records.join(format!("{name}.yaml")), text).unwrap();
    }
    let merged = folder.path().join("all.pdf");
    let pictures = folder.path().join("pictures");
    let args = [
        "batch",
        records.to_str().unwrap(),
        "--format",
        "png",
        "--merge",
        merged.to_str().unwrap(),
    ];
    let run = runs_in(&pictures, &args);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let names = names_in(&pictures);
    for page in 1..=4 {
        assert!(names.contains(&format!("a_総覧_{page}.png")), "{names:?}");
    }
    assert!(names.contains(&"b_総覧_2.png".to_owned()), "{names:?}");
    let document = lopdf::Document::load(&merged).unwrap();
    assert_eq!(document.get_pages().len(), 4 + 2);
    let labels = document.catalog().unwrap().get(b"PageLabels").unwrap();
    let labels = format!("{:?}", document.dereference(labels).unwrap().1);
    assert!(!labels.is_empty());
}

#[test]
fn pictures_of_pages_are_numbered_and_other_files_are_one() {
    let (folder, path) = in_folder(&record(5));
    let path = path.to_str().unwrap();
    let out = folder.path().join("out");
    for format in ["png", "svg", "xlsx", "pdf"] {
        let run = runs_in(&out, &["fill", path, "--format", format]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let name = |rest: &str| format!("clinic_everything{rest}");
    let expected = [".pdf", ".xlsx", "_1.png", "_1.svg", "_2.png", "_2.svg", "_3.png", "_3.svg"];
    assert_eq!(names_in(&out), expected.map(name));
    // A file's name is that of its pages.
    assert!(runs_in(&out.join("page.png"), &["fill", path]).status.success());
    assert!(names_in(&out).contains(&"page_3.png".to_owned()), "{:?}", names_in(&out));
    // A record that needs one page less has one file less.
    let run = runs_in(Path::new("-"), &["fill", path, "--format", "png"]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn pages_of_a_carried_record_are_compared_and_pages_are_attached() {
    let (folder, path) = in_folder(&record(5));
    let carried = folder.path().join("carried.pdf");
    let run = runs_in(&carried, &["fill", path.to_str().unwrap(), "--carry-record"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let check = onshi().args(["--forms", FORMS, "check"]).arg(&carried).output().unwrap();
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stderr));
    let packet = folder.path().join("packet.pdf");
    let mut attach = onshi();
    attach.args(["--forms", FORMS, "attach"]).arg(&path);
    attach.args(["--form", "everything", "--to"]).arg(&carried).arg("-o").arg(&packet);
    let run = attach.output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(lopdf::Document::load(&packet).unwrap().get_pages().len(), 6);
}

/// What lint says of the form with a part of it changed.
fn lint(from: &str, to: &str) -> String {
    let text = common::root().join(FORMS).join("everything.yaml");
    let text = std::fs::read_to_string(text).unwrap();
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.yaml");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let out = onshi().args(["--lang", "en", "lint"]).arg(&path).output().unwrap();
    String::from_utf8(out.stderr).unwrap()
}

#[test]
fn a_list_longer_than_the_form_is_an_error_without_a_continuation_page() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(common::root().join(FORMS).join("everything.yaml")).unwrap();
    let (short, rest) = text.split_once("  - page: {continues: register.devices}").unwrap();
    let (_, rules) = rest.split_once("\nrules:").unwrap();
    // The 記載例 has one device too many for it too.
    let rules = rules.replace("        - {name: 無停電電源装置, place: 事務室, count: 1}\n", "");
    std::fs::write(folder.path().join("f.yaml"), format!("{short}\nrules:{rules}")).unwrap();
    let forms = load_forms(folder.path()).unwrap();
    let report = filling(&record(4), &forms).report().clone();
    assert_eq!(report.errors(), 0, "{report}");
    let report = filling(&record(6), &forms).report().clone();
    assert_eq!(common::codes(&report), ["fit"]);
    let fault = &report.diagnostics[0];
    assert!(fault.message.en.contains("6 items") && fault.message.en.contains("rows for 4"));
    assert_eq!(fault.field.as_deref(), Some("register.devices"));
    // It is said where the first of those stands that have no row.
    assert!(matches!(fault.place, Some(onshi::report::Place::Text { line: 10, .. })), "{report}");
}

#[test]
fn an_item_that_the_form_does_not_name_twice_is_an_error() {
    let forms = forms();
    let again = "    - {what: 通信, day: 2024-04-22, result: 良}\n";
    let report = filling(&(record(1) + again), &forms).report().clone();
    assert_eq!(common::codes(&report), ["fit"]);
    assert!(report.diagnostics[0].message.en.starts_with("item 2"), "{report}");
    // A fault of the item's own is said alone.
    let unknown = again.replace("通信", "音");
    let report = filling(&(record(1) + &unknown), &forms).report().clone();
    assert_eq!(common::codes(&report), ["choice"]);
}

#[test]
fn lint_refuses_pages_and_rows_that_cannot_be() {
    for (from, to, said) in [
        ("  - page:\n", "  - page:\n  - page:\n", "the page has nothing on it"),
        (
            "          times: 4\n",
            "          times: 0\n",
            "take either times (1 to 100), or by and items",
        ),
        ("          times: 4\n", "", "take either times (1 to 100), or by and items"),
        (
            "          times: 4\n",
            "          times: 4\n          height: 8\n",
            "belong to each of its rows",
        ),
        (
            "{repeat: register.devices, times: 15}",
            "[{across: 4}]",
            "the page has no rows for register.devices",
        ),
        (
            "{repeat: register.devices, times: 15}",
            "{repeat: register.checks, times: 15}",
            "has no rows of other lists",
        ),
        ("text: \"別葉　{title}\"", "text: 別葉", "does not say which form it belongs to"),
        ("text: \"{number}\"", "text: \"{nomber}\"", "did you mean `number`?"),
        ("text: \"{page}/{pages}\"", "text: \"{page}/{pagse}\"", "did you mean `pages`?"),
        ("{field: register.keeper}", "{field: item.keeper}", "belongs to rows that are repeated"),
        ("{what: 外観, how: 外観の確認}", "{how: 外観の確認}", "the item has no value for what"),
        ("field: item.name}", "field: item.nam}", "did you mean `register.devices.name`?"),
        ("when: item.count > 1,", "when: item.coun > 1,", "register.devices.coun"),
        (
            "when: item.count > 1, across",
            "when: item.count > 0, across",
            "no record was found for which item.count > 0 is not true",
        ),
        (
            "when: item.count > 1, across",
            "when: item.count > 1000, across",
            "no record was found for which item.count > 1000 is true",
        ),
        (
            "example: 2024-05-01}",
            "example: 2024-13-01}",
            "the example of the field register.date is not accepted",
        ),
        (
            "example: 外観}",
            "example: 外見}",
            "the example of the field register.checks.what is not accepted",
        ),
        (
            "sizes: {text: 10,",
            "page: {width: 200, height: 300}\nsizes: {text: 10,",
            "Excel has no paper of 200 × 300 mm",
        ),
    ] {
        let found = lint(from, to);
        assert!(found.contains(said), "{to}: {said} is not in\n{found}");
    }
    let many: String = (1..80).map(|i| format!("{{value: 部屋{i}}}, ")).collect();
    let place = "label: {ja: 設置場所, en: Place}, kind: ";
    let to = format!("{place}choice, choices: [{many}{{value: 受付}}]");
    let found = lint(&format!("{place}text"), &to);
    assert!(found.contains("Excel cannot list the choices"), "{found}");
}

#[test]
fn the_form_with_everything_looks_as_it_did() {
    let forms = forms();
    let form = forms.find("everything").unwrap();
    let (sheets, report) = fill(form, Mode::Example, &forms);
    assert_eq!(report.errors(), 0, "{report}");
    for sheet in &sheets {
        let found = onshi::paint::png(sheet, 60.0).unwrap();
        common::assert_picture(&format!("tests/pictures/everything_{}.png", sheet.page), &found);
    }
}

/// What a form prints is in a print file once, whatever else was painted before the same form comes again.
#[test]
fn a_print_file_has_what_a_form_prints_once() {
    let forms = forms();
    let (sheets, _) = fill(forms.find("looks").unwrap(), Mode::Blank, &forms);
    let mut book = onshi::paint::Book::new(Vec::new());
    // More shapes of the page than are kept in memory.
    let wide = |tenths: u16| Sheet { width: 210.0 + f32::from(tenths) / 10.0, ..sheets[0].clone() };
    let shapes: Vec<Sheet> = (0..70).map(wide).collect();
    for sheet in shapes.iter().chain(&shapes) {
        book.add("講習", &[("受講申込", sheet)]).unwrap();
    }
    let bytes = book.finish("講習").unwrap();
    let drawings = bytes.windows(13).filter(|part| part == b"/Subtype/Form").count();
    assert_eq!(drawings, shapes.len());
}
