//! Workbooks as a user meets them: filled, read back, filled in by hand, and broken.

use std::io::{Cursor, Write as _};
use std::path::Path;

use crate::common;
use calamine::{Data, Reader as _, Xlsx};
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::record::{Record, read, write};
use onshi::report::Place;
use onshi::workbook::{self, import};
use onshi::workbook::{FormEntries, entries};
use onshi::{Filling, paint};
use proptest::prelude::*;

const TODAY: Date = Date::constant(2024, 1, 10);

const DEMO: &str = "reader_demo:
  organisation: みなと市医師会
  contact: {name: 港 誠, name_kana: みなと まこと, phone: 03-0000-0007, email: minato@example.jp}
  wishes:
    - {event: '10月1日 10:00～12:00', slot: '11:00～11:15 (15分)'}
    - {event: '10月2日 13:00～15:00', slot: '14:00～14:15 (15分)'}
  venue: みなと会館
  method: オンライン
";

fn sample() -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/clinic.yaml");
    record(&std::fs::read_to_string(path).expect("the sample"))
}

fn record(yaml: &str) -> Record {
    read("r.yaml", yaml.as_bytes()).map_err(|(_, report)| report.to_string()).expect("a record")
}

fn filled(record: &Record, form: &str) -> Filling {
    let forms = Forms::built_in();
    onshi::fill(record, forms, &[forms.find(form).expect("a form")], TODAY)
}

/// The workbook and the PDF of a record's only form.
fn painted(record: &Record, form: &str) -> (Vec<u8>, Vec<u8>) {
    let filling = filled(record, form);
    assert_eq!(filling.report().errors(), 0, "{}", filling.report());
    let one = &filling.draft()[0];
    let workbook = workbook::xlsx(one.sheets(), Some(&FormEntries::new(Forms::built_in()).of(one)))
        .expect("a workbook");
    let pdf = paint::pdf(one.sheets(), &paint::PdfOptions::default());
    (workbook, pdf.expect("a PDF"))
}

/// The record as the workbook has it, and what was said.
fn back(workbook: &[u8]) -> (Record, String) {
    let import = import("f.xlsx", workbook, Forms::built_in());
    (import.record, import.report.to_string())
}

/// What a record says, without places.
fn values(record: &Record) -> Vec<(String, String)> {
    let (values, report) = onshi::values::values(record, Forms::built_in());
    assert_eq!(report.errors(), 0, "{report}");
    let stated = values.iter().filter(|(_, value)| value.place.is_some());
    stated.map(|(key, value)| (key.to_owned(), value.text.clone())).collect()
}

#[test]
fn a_filled_form_reads_back_as_the_same_record_and_prints_the_same_bytes() {
    let sample = sample();
    let demo = record(DEMO);
    for (record, form) in
        [(&sample, "別紙1"), (&sample, "別紙2"), (&sample, "様式2"), (&demo, "様式1")]
    {
        let (workbook, pdf) = painted(record, form);
        let (again, report) = back(&workbook);
        assert_eq!(report, "", "{form}");
        let all = values(record);
        for value in values(&again) {
            assert!(all.contains(&value), "{form}: {value:?}");
        }
        let yaml = write(&again.root);
        let reread = self::record(&yaml);
        assert_eq!(values(&again), values(&reread), "{form}\n{yaml}");
        assert_eq!(painted(&reread, form), (workbook, pdf), "{form}\n{yaml}");
    }
    // The demonstration's form takes every field of its record: nothing is left out.
    let (again, _) = back(&painted(&demo, "様式1").0);
    assert_eq!(values(&again), values(&demo));
}

#[test]
fn values_stand_in_their_cells_as_text_or_days_and_never_as_formulas() {
    let yaml = std::fs::read_to_string("tests/data/clinic.yaml").expect("the sample");
    let record = record(
        &yaml
            .replace("name: みなとクリニック", "name: '=HYPERLINK(\"http://a\")'")
            .replace("maker: 富士通", "maker: '@x -1 +81'"),
    );
    let (workbook, _) = painted(&record, "別紙2");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).expect("a workbook");
    let range = book.worksheet_range("別紙2").expect("the sheet");
    let cells: Vec<&Data> = range.used_cells().map(|(_, _, data)| data).collect();
    for text in ["=HYPERLINK(\"http://a\")", "@x -1 +81", "100-0013", "IP-VPN"] {
        assert!(cells.iter().any(|c| **c == Data::String(text.into())), "{text}");
    }
    assert!(cells.iter().any(|c| matches!(c, Data::DateTime(day) if day.as_f64() == 45_383.0)));
    let formulas = book.worksheet_formula("別紙2").expect("the sheet");
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn a_blank_form_of_every_kind_reads_back_as_nothing() {
    let forms = Forms::built_in();
    for form in forms.forms() {
        let (sheets, _) = fill(form, Mode::Blank, forms);
        let blank =
            workbook::xlsx(&sheets, Some(&entries(form, Mode::Blank, forms))).expect("paints");
        let (record, report) = back(&blank);
        assert_eq!((write(&record.root).as_str(), report.as_str()), ("", ""), "{}", form.id);
    }
}

/// A blank form with values typed into its named cells.
fn typed(form: &str, cells: &[(&str, &str, &str)]) -> Vec<u8> {
    common::typed(Forms::built_in(), form, cells)
}

fn text(value: &str) -> String {
    format!("<is><t xml:space=\"preserve\">{value}</t></is>")
}

/// What is read for a key, and the report.
fn read_back(form: &str, name: &str, kind: &str, inside: &str) -> (Vec<(String, String)>, String) {
    let (record, report) = back(&typed(form, &[(name, kind, inside)]));
    (
        onshi::values::values(&record, Forms::built_in())
            .0
            .iter()
            .filter(|(_, value)| value.place.is_some())
            .map(|(key, value)| (key.to_owned(), value.text.clone()))
            .collect(),
        report,
    )
}

#[test]
fn what_excel_does_to_data_is_read_right_or_refused() {
    let inline = " t=\"inlineStr\"";
    let number = |n: &str| format!("<v>{n}</v>");
    for (form, name, kind, inside, value) in [
        // A code that lost its zeros, a phone number as a float, a postal code as a number.
        ("別紙1", "receipt_number.reply.number", "", number("34566"), Some("0034566")),
        ("別紙2", "founder.phone", "", number("300000000"), Some("0300000000")),
        ("別紙2", "facility.postal_code", "", number("600001"), Some("060-0001")),
        // Full-width digits and blanks round them.
        ("別紙2", "facility.postal_code", inline, text(" １００－００１３　"), Some("100-0013")),
        ("別紙2", "facility.name", inline, text("　オン資 医院  "), Some("オン資 医院")),
        ("別紙2", "facility.postal_code", inline, text("〒 100-0013"), Some("100-0013")),
        // Days as numbers and as text, with the words of the empty cell.
        ("別紙2", "introduction_plan.work_start", "", number("45352"), Some("2024-03-01")),
        (
            "別紙2",
            "introduction_plan.work_start",
            inline,
            text("西暦 2024年 3月 1日"),
            Some("2024-03-01"),
        ),
        ("別紙1", "designation.date", inline, text("令和　6年　4月　1日"), Some("2024-04-01")),
        ("別紙1", "designation.date", inline, text("令和　　年　　月　　日"), None),
        ("様式2", "card_reader.introduction", inline, text("2023-03"), Some("2023-03")),
        ("様式2", "card_reader.introduction", inline, text("2023/3/1"), Some("2023-03")),
        ("様式2", "card_reader.introduction", "", number("44986"), Some("2023-03")),
        ("別紙2", "introduction_plan.reader.month", "", number("3"), Some("3")),
        ("別紙1", "facility.kind", inline, text("歯科"), Some("歯科")),
        ("様式2", "facility.fee_table_code", "", number("3"), Some("歯科")),
        ("様式2", "facility.code", inline, text("2468015"), Some("2468015")),
        (
            "様式2",
            "card_reader.online_claims.status.tick_3",
            inline,
            text("レ"),
            Some("導入予定なし"),
        ),
        ("様式2", "card_reader.products_4.preference.tick_2", inline, text("☑"), Some("第二")),
        ("様式1", "reader_demo.wishes_2.event", inline, text("10月2日"), Some("10月2日")),
    ] {
        let (values, report) = read_back(form, name, kind, &inside);
        let found = values.iter().find(|(_, text)| Some(text.as_str()) == value);
        assert_eq!(found.is_some(), value.is_some(), "{name} {inside}: {values:?}\n{report}");
        assert!(!report.contains("error"), "{name} {inside}: {report}");
    }
    for (form, name, kind, inside) in [
        ("別紙2", "facility.name", " t=\"e\"", number("#REF!")),
        ("別紙2", "introduction_plan.work_start", "", number("20240301")),
        ("別紙2", "introduction_plan.reader.month", "", number("3.5")),
        ("別紙2", "introduction_plan.network.type", inline, text("VPN")),
        ("別紙1", "receipt_number.reply.number", "", number("12345678901")),
        ("様式2", "facility.fee_table_code", "", number("2")),
        ("様式2", "card_reader.products_1.preference.tick_1", inline, text("はい")),
        ("様式2", "facility.code", inline, text("1E+05")),
    ] {
        let (_, report) = read_back(form, name, kind, &inside);
        assert!(report.contains("error"), "{name} {inside}: {report}");
    }
}

#[test]
fn a_wrong_value_is_reported_at_its_cell() {
    let workbook =
        typed("別紙2", &[("introduction_plan.network.type", " t=\"inlineStr\"", &text("VPN"))]);
    let import = import("f.xlsx", &workbook, Forms::built_in());
    let found = &import.report.diagnostics[0];
    assert_eq!(
        (found.code.as_str(), found.field.as_deref()),
        ("choice", Some("introduction_plan.network.type"))
    );
    assert!(
        matches!(&found.place, Some(Place::Cell { sheet, .. }) if sheet == "別紙2"),
        "{found:?}"
    );
}

#[test]
fn every_fault_of_a_workbook_is_found_at_once_and_speaks_of_cells() {
    let inline = " t=\"inlineStr\"";
    let workbook = typed(
        "別紙2",
        &[
            ("introduction_plan.network.type", inline, &text("VPN")),
            ("introduction_plan.network.status", inline, &text("イ")),
            ("introduction_plan.reader.status", " t=\"e\"", "<v>#N/A</v>"),
            ("introduction_plan.reader.maker", inline, &text(" ")),
        ],
    );
    let forms = Forms::built_in();
    let filling = import("f.xlsx", &workbook, forms).fill(forms, &[], TODAY);
    let about = |key: &str| {
        let all = filling.report().diagnostics.iter().filter(|d| d.field.as_deref() == Some(key));
        all.collect::<Vec<_>>()
    };
    for (key, code) in [
        ("introduction_plan.network.type", "choice"),
        ("introduction_plan.reader.status", "cell-error"),
        ("introduction_plan.network.month", "introduction-plan/network-month"),
    ] {
        let found = about(key);
        assert_eq!(found.len(), 1, "{key}: {}", filling.report());
        assert_eq!(found[0].code, code);
        assert!(matches!(found[0].place, Some(Place::Cell { .. })), "{key}");
    }
    let month = about("introduction_plan.network.month")[0].hint.as_ref().expect("a hint");
    assert!(month.ja.contains("「3」のように書いてください"), "{}", month.ja);
    for finding in &filling.report().diagnostics {
        let hint = finding.hint.as_ref().map_or("", |hint| &hint.ja);
        assert!(!hint.contains("の下に") && !hint.contains("introduction_plan"), "{hint}");
    }
}

#[test]
fn two_ticks_where_one_is_asked_for_are_refused() {
    let tick = text("☑");
    let inline = " t=\"inlineStr\"";
    let (_, report) = back(&typed(
        "様式2",
        &[
            ("card_reader.products_1.preference.tick_1", inline, &tick),
            ("card_reader.products_1.preference.tick_2", inline, &tick),
        ],
    ));
    assert!(report.contains("two boxes"), "{report}");
}

#[test]
fn a_renamed_sheet_an_inserted_row_and_lost_parts_do_no_harm() {
    let demo = record(DEMO);
    let (workbook, _) = painted(&demo, "様式1");
    let renamed = common::with_part(&workbook, "xl/workbook.xml", |xml| {
        xml.replace("name=\"様式1\"", "name=\"提出用 'A'\"")
            .replace("'様式1'!", "'提出用 ''A'''!")
            .replace("様式1!", "'提出用 ''A'''!")
    });
    assert_eq!(values(&back(&renamed).0), values(&demo));
    // Without the defined names, by the hidden sheet's addresses.
    let nameless = common::with_part(&workbook, "xl/workbook.xml", |xml| {
        let (head, rest) = xml.split_once("<definedNames>").expect("names");
        head.to_owned() + rest.split_once("</definedNames>").expect("names").1
    });
    assert_eq!(values(&back(&nameless).0), values(&demo));
    // Without the hidden sheet, by the names alone.
    let mapless = common::with_part(&workbook, "xl/workbook.xml", |xml| {
        xml.replace("name=\"onshi\"", "name=\"x\"")
    });
    assert_eq!(values(&back(&mapless).0), values(&demo));
    // Inserting a row moves what the names refer to; the hidden sheet's addresses stay behind.
    let moved = common::with_part(&workbook, "xl/worksheets/sheet1.xml", shifted);
    let moved = common::with_part(&moved, "xl/workbook.xml", shifted_names);
    assert_eq!(values(&back(&moved).0), values(&demo));
    let deleted = common::with_part(&workbook, "xl/workbook.xml", |xml| {
        let start = xml.find("<definedName name=\"reader_demo.venue\">").expect("the name") + 38;
        let end = xml[start..].find("</definedName>").expect("its end") + start;
        format!("{}'様式1'!#REF!{}", &xml[..start], &xml[end..])
    });
    assert!(back(&deleted).1.contains("was deleted"), "{}", back(&deleted).1);
}

/// Row numbers one higher, in a sheet and in the names that refer to it.
fn shifted(xml: &str) -> String {
    let mut out = String::new();
    for (i, part) in xml.split(" r=\"").enumerate() {
        if i == 0 {
            out += part;
            continue;
        }
        let (address, rest) = part.split_once('"').expect("a reference");
        out += &format!(" r=\"{}\"{rest}", one_down(address));
    }
    out
}

fn one_down(address: &str) -> String {
    let split = address.find(|c: char| c.is_ascii_digit()).expect("a row");
    let row: u32 = address[split..].parse().expect("a number");
    format!("{}{}", &address[..split], row + 1)
}

fn shifted_names(xml: &str) -> String {
    let (head, rest) = xml.split_once("<definedNames>").expect("names");
    let (names, tail) = rest.split_once("</definedNames>").expect("names");
    let mut out = String::new();
    for (i, part) in names.split('$').enumerate() {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        match part[..digits].parse::<u32>() {
            Ok(row) if i > 0 => out += &format!("${}{}", row + 1, &part[digits..]),
            _ if i > 0 => out += &format!("${part}"),
            _ => out += part,
        }
    }
    format!("{head}<definedNames>{out}</definedNames>{tail}")
}

#[test]
fn days_are_read_where_they_are_counted_from_1904() {
    let demo = typed("別紙2", &[("introduction_plan.work_start", "", "<v>43890</v>")]);
    let from_1904 = common::with_part(&demo, "xl/workbook.xml", |xml| {
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let (record, report) = back(&from_1904);
    assert!(
        write(&record.root).contains("work_start: 2024-03-01"),
        "{report}{}",
        write(&record.root)
    );
}

#[test]
fn bombs_and_files_that_are_no_workbook_are_refused() {
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        bomb.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        bomb.write_all(&vec![b' '; 40 << 20]).expect("packs");
    }
    let bomb = bomb.finish().expect("packs").into_inner();
    let mut word = zip::ZipWriter::new(Cursor::new(Vec::new()));
    word.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("a file");
    let word = word.finish().expect("packs").into_inner();
    let (workbook, _) = painted(&sample(), "別紙2");
    let claims = common::with_part(&workbook, "xl/sharedStrings.xml", |xml| {
        let start = xml.find("uniqueCount=\"").expect("a count") + 13;
        let end = xml[start..].find('"').expect("its end") + start;
        format!("{}4000000000{}", &xml[..start], &xml[end..])
    });
    let far = common::with_part(&workbook, "xl/worksheets/sheet1.xml", |xml| {
        xml.replace(
            "</sheetData>",
            "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
        )
    });
    for (bytes, part) in [
        (&bomb[..], "too large"),
        (&word, "a Word document"),
        (b"facility: {}", "not an Excel workbook"),
        (&workbook[..workbook.len() / 2], "damaged"),
        (&claims, "damaged"),
    ] {
        let report = back(bytes).1;
        assert!(report.contains(part), "{part}: {report}");
    }
    assert_eq!(back(&far).1, "");
}

/// Names as people bear them and machines break them.
fn name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("髙".to_owned()),
        Just("﨑".to_owned()),
        Just("𠮷".to_owned()),
        Just("葛\u{E0100}".to_owned()),
        Just("辻\u{E0100}".to_owned()),
        Just("神".to_owned()),
        Just("<&>\"'".to_owned()),
        Just("_x0041_".to_owned()),
        Just("=1+1".to_owned()),
        Just("+81".to_owned()),
        Just("@x".to_owned()),
        Just("-1".to_owned()),
        Just(" ".to_owned()),
        Just("　".to_owned()),
        Just("様".to_owned()),
        Just("御中".to_owned()),
        Just("〒 ".to_owned()),
        Just("1".to_owned()),
        Just("\n".to_owned()),
        "[ぁ-んァ-ヶ一-龠]",
        "[!-~]",
    ];
    proptest::collection::vec(piece, 1..6)
        .prop_map(|parts| parts.concat())
        // What stands for a name, as " and ** do, gives a warning.
        .prop_filter("a name", |name| {
            !name.trim().chars().all(|c| c == '"') && !name.contains("**")
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn any_record_the_check_accepts_comes_back_and_prints_the_same(
        organisation in name(), person in name(), venue in name(), note in proptest::option::of(name()),
        hour in 9..17_u8, method in prop_oneof![Just("実地"), Just("オンライン")], wishes in 1..4_usize,
    ) {
        let wishes: Vec<_> = (1..=wishes).map(|day| serde_json::json!({
            "event": format!("12月{day}日 {hour}:00～{}:00", hour + 2), "slot": format!("{hour}:30～{hour}:45"),
        })).collect();
        let contact = serde_json::json!({
            "name": person, "name_kana": "みなと まこと", "phone": "03-0000-0007", "email": "a@example.jp",
        });
        let json = serde_json::json!({"reader_demo": {
            "organisation": organisation, "contact": contact, "wishes": wishes, "venue": venue,
            "method": method, "note": note,
        }});
        let record = record(&json.to_string());
        let filling = filled(&record, "様式1");
        prop_assume!(filling.report().errors() == 0);
        let one = &filling.draft()[0];
        let workbook = workbook::xlsx(one.sheets(), Some(&FormEntries::new(Forms::built_in()).of(one))).expect("a workbook");
        let (again, report) = back(&workbook);
        prop_assert_eq!(report.as_str(), "");
        prop_assert_eq!(values(&again), values(&record));
        let reread = self::record(&write(&again.root));
        prop_assert_eq!(values(&reread), values(&record));
        // The PDF is made of nothing else than the sheet, and a picture of it is slow to make.
        let again = filled(&reread, "様式1");
        prop_assert_eq!(again.draft()[0].sheets(), one.sheets());
    }
}

#[test]
fn what_the_office_fills_in_is_grey_and_a_value_there_is_warned_of() {
    let record = common::changed(
        "clinic.yaml",
        &[(
            "    address: 東京都千代田区霞が関9-8-7\nintroduction_plan",
            "    address: 東京都千代田区霞が関9-8-7\n  reply: {number: \"2468015\", date: 2024-02-13}\nintroduction_plan",
        )],
    );
    let codes = |record: &str| -> Vec<String> {
        let report = common::report(record, &["別紙1"], common::TODAY);
        report.diagnostics.into_iter().map(|found| found.code).collect()
    };
    assert_eq!(codes(&record), ["not-yours"; 2]);
    let report = common::report(&record, &["別紙1"], common::TODAY);
    let message = &report.diagnostics[0].message.ja;
    assert_eq!(message, "受付番号情報提供依頼書 > 回答 > 受付番号 は厚生局が記入する欄です");
    // Half of it asks for the other half, and says first that it may be left out.
    let half = record.replace(", date: 2024-02-13", "");
    let report = common::report(&half, &["別紙1"], common::TODAY);
    let hints: Vec<String> =
        report.diagnostics.iter().filter_map(|found| Some(found.hint.clone()?.ja)).collect();
    assert!(hints.iter().any(|hint| hint.starts_with("提出するときは厚生局の欄を空けてください")));

    // The blank workbook has two colours; the roster has no column for it.
    let blank =
        common::onshi().args(["blank", "別紙1", "--format", "xlsx", "-o", "-"]).output().unwrap();
    let styles = part(&blank.stdout, "xl/styles.xml");
    assert!(styles.contains("FFFFFFCC") && styles.contains("FFE4E4E4"), "{styles}");
    let sheet = part(&blank.stdout, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("厚生局が記入する欄です").count(), 2);
    let forms = Forms::built_in();
    let named = [forms.find("別紙1").unwrap()];
    let roster = String::from_utf8(onshi::workbook::roster_csv(forms, &named)).unwrap();
    assert!(roster.contains("回答書の送付先 氏名") && !roster.contains("回答日"), "{roster}");
}

/// A part of a workbook as text.
fn part(workbook: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

/// A choice that the form prints in other words stands in a workbook in these words, and is read by them.
#[test]
fn a_choice_in_other_words_is_shown_and_read_in_these() {
    const NAME: &str = "equipment_loan.insured";
    let forms = onshi::load_forms(&common::root().join("docs/forms")).unwrap();
    let form = forms.find("equipment-loan").unwrap();
    let read_back = |bytes: &[u8]| {
        let import = import("f.xlsx", bytes, &forms);
        assert_eq!(import.report.errors(), 0, "{}", import.report);
        let (values, _) = onshi::values::values(&import.record, &forms);
        values.get(NAME).map(|value| value.text.clone())
    };
    for (value, word, other, changed) in
        [("true", "加入", "未加入", "false"), ("false", "未加入", "加入", "true")]
    {
        let record = record(&format!("equipment_loan: {{applicant: 髙﨑 久, insured: {value}}}"));
        let filling = onshi::fill(&record, &forms, &[form], TODAY);
        let one = &filling.draft()[0];
        let entries = FormEntries::new(&forms).of(one);
        let bytes = workbook::xlsx(one.sheets(), Some(&entries)).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let shown: Vec<String> = sheet.cells().map(|(.., cell)| cell.to_string()).collect();
        assert!(shown.iter().any(|cell| cell == word) && !shown.iter().any(|cell| cell == value));
        assert_eq!(read_back(&bytes).as_deref(), Some(value));
        let retyped = common::typed_over(&bytes, &[(NAME, " t=\"inlineStr\"", &text(other))]);
        assert_eq!(read_back(&retyped).as_deref(), Some(changed));
    }
    let blank =
        common::typed(&forms, "equipment-loan", &[(NAME, " t=\"inlineStr\"", &text("加入"))]);
    assert_eq!(read_back(&blank).as_deref(), Some("true"));
    let offered = part(&blank, "xl/worksheets/sheet1.xml");
    assert!(offered.contains("<formula1>\"加入,未加入\"</formula1>"));
}

/// A space that Excel shows between a day and a time is not lost: 2027/4/1 9:00 is not the 19th.
#[test]
fn a_day_with_a_time_stays_its_day() {
    const NAME: &str = "introduction_plan.work_start";
    for (typed, read) in [
        ("2027/4/1 0:00", "2027-04-01"),
        ("2027/4/2 0:00:00", "2027-04-02"),
        ("令和9年 4月 1日", "2027-04-01"),
        ("西暦 2027年4月1日", "2027-04-01"),
    ] {
        let (values, said) = read_back("別紙2", NAME, " t=\"inlineStr\"", &text(typed));
        assert!(values.contains(&(NAME.to_owned(), read.to_owned())), "{typed}: {values:?} {said}");
    }
    for typed in ["2027/4/10:00", "2027/4/19:00"] {
        let (values, said) = read_back("別紙2", NAME, " t=\"inlineStr\"", &text(typed));
        assert!(values.iter().all(|(key, _)| key != NAME), "{typed}: {values:?} {said}");
    }
}
