//! What must hold of everything that reads, whatever it is given: the bodies of the fuzz targets, which
//! `tests/fuzz_seeds.rs` runs too.
#![allow(dead_code)] // Each target uses a part.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

use lopdf::Document;
use onshi::batch::{self, BatchError, Outcome, Watch};
use onshi::calendar::Date;
use onshi::form::{Forms, Headings};
use onshi::layout::Mode;
use onshi::map::{Asked, Choices, Map, Proposal, Role, propose};
use onshi::packet::attach::{AttachOptions, append};
use onshi::packet::carry::Carried;
use onshi::packet::schedule::Schedule;
use onshi::paint::{self, PdfOptions};
use onshi::paper::Paper;
use onshi::record::{self, Node, NodeValue, Record};
use onshi::report::{Diagnostic, Explain as _, Lang, Place, Report, Source, Text, show};
use onshi::sheet::Sheet;
use onshi::table::{Cell, Table, TableError};
use onshi::values::Data;
use onshi::{FilledForm, Filling, layout, values, workbook};

/// What is done with an input.
pub type Body = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Body); 12] = [
    ("record", record),
    ("forgiving", forgiving),
    ("roster_csv", |bytes| roster_csv(bytes, Depth::Paint)),
    ("roster_xlsx", |bytes| roster_xlsx(bytes, Depth::Paint)),
    ("cell", |bytes| cell(bytes, Depth::Paint)),
    ("definition", definition),
    ("import", import),
    ("attach", attach),
    ("extract", extract),
    ("map", map),
    ("draft", draft),
    ("http", http),
];

const TODAY: Date = Date::constant(2023, 12, 28);
const SAMPLE: &str = include_str!("../tests/data/clinic.yaml");
/// How many facilities a roster has at most whose forms are painted.
const MOST_PAINTED: usize = 2;

/// How far a roster is followed.
#[derive(PartialEq, PartialOrd)]
pub enum Depth {
    Read,
    Check,
    Paint,
}

impl Depth {
    /// Hangs on the length alone: while one roster is painted, a thousand are read.
    pub fn sampled(bytes: &[u8]) -> Depth {
        match bytes.len() {
            n if n.is_multiple_of(32) => Depth::Paint,
            n if n.is_multiple_of(4) => Depth::Check,
            _ => Depth::Read,
        }
    }
}

/// A record is read, checked, filled and painted.
pub fn record(bytes: &[u8]) {
    let record = match record::read("r.yaml", bytes) {
        Ok(record) => record,
        Err((source, report)) => {
            assert!(report.errors() > 0, "refused without a reason");
            return assert_shown(&report, &source);
        }
    };
    let filling = onshi::fill(&record, Forms::built_in(), &[], TODAY);
    assert_shown(filling.report(), &record.source);
    assert_written_back(&record);
    if let Some(schedule) = Schedule::of(filling.values(), Forms::built_in(), TODAY) {
        schedule.text(Lang::Ja);
        schedule.json(Lang::En);
        schedule.ics(Lang::Ja);
    }
    assert_painted(&filling);
}

/// A record with slips: it is never filled, its slips stand in it, what it says is checked all the same, and
/// a line without a slip means what it means to the parser.
pub fn forgiving(bytes: &[u8]) {
    let strict = record::read("r.yaml", bytes);
    let (record, slips) = match record::read_forgiving("r.yaml", bytes) {
        Ok(read) => read,
        Err((source, report)) => {
            assert!(report.errors() > 0, "refused without a reason");
            assert!(strict.is_err_and(|(_, strict)| strict == report));
            return assert_shown(&report, &source);
        }
    };
    assert_shown(&slips, &record.source);
    assert!(slips.diagnostics.iter().all(|slip| slip.place.is_some()));
    match strict {
        Ok(strict) => assert!(slips.diagnostics.is_empty() && strict == record),
        Err((_, report)) => assert!(report == slips && slips.errors() > 0),
    }
    let filling =
        onshi::open("r.yaml", bytes, Forms::built_in()).fill(Forms::built_in(), &[], TODAY);
    assert_shown(filling.report(), &record.source);
    assert!(slips.errors() == 0 || filling.ready().is_err(), "filled with slips");
    let slipped: BTreeSet<usize> = slips.diagnostics.iter().filter_map(line_of).collect();
    assert_meant(&record.root, &record.source.text, &slipped);
}

fn line_of(finding: &Diagnostic) -> Option<usize> {
    match finding.place {
        Some(Place::Text { line, .. }) => Some(line),
        _ => None,
    }
}

/// The pairs of a tree that stand on a line of their own without a slip are what the parser makes of that line
/// alone.
fn assert_meant(node: &Node, text: &str, slipped: &BTreeSet<usize>) {
    let is_in_brackets = |node: &Node| match node.place {
        Place::Text { start, .. } => text[start..].starts_with(['{', '[']),
        Place::Cell { .. } => true,
    };
    if let NodeValue::List(items) = &node.value
        && !is_in_brackets(node)
    {
        items.iter().for_each(|item| assert_meant(item, text, slipped));
    }
    for (key, value) in node.entries().iter().filter(|_| !is_in_brackets(node)) {
        assert_meant(value, text, slipped);
        let (Place::Text { line, start, .. }, Place::Text { start: from, end, .. }) =
            (&key.place, &value.place)
        else {
            continue;
        };
        let begins = text[..*start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let whole = text[begins..].split(['\n', '\r']).next().unwrap_or_default();
        let alone = begins + whole.len() >= *end
            && *from > *start
            && text[begins..*start].chars().all(|c| matches!(c, ' ' | '-'));
        if slipped.contains(line) || !alone {
            continue;
        }
        // Another line may go on with its value, and a name for a value stands elsewhere.
        let Ok(by_itself) = record::read("line", &text.as_bytes()[*start..begins + whole.len()])
        else {
            continue;
        };
        if let [(known, meant)] = by_itself.root.entries()
            && matches!(meant.value, NodeValue::Scalar(_))
            && matches!(value.value, NodeValue::Scalar(_))
        {
            assert_eq!((&known.text, &meant.value), (&key.text, &value.value), "{whole}");
        }
    }
}

/// A roster as text.
pub fn roster_csv(bytes: &[u8], depth: Depth) {
    roster(bytes, ".csv", depth);
}

/// A roster as a workbook, or as parts of one (see [`workbook`]).
pub fn roster_xlsx(bytes: &[u8], depth: Depth) {
    static BASE: OnceLock<Vec<u8>> = OnceLock::new();
    let base = BASE.get_or_init(|| {
        let forms = Forms::built_in();
        let named = ["別紙1", "別紙2"].map(|name| forms.find(name).expect("a form"));
        workbook::roster_xlsx(forms, &named).expect("a workbook")
    });
    roster(&workbook(bytes, |_| base), ".xlsx", depth);
}

/// One cell: a line that says how it is written in a workbook (`s` a text, `n` a number, `d` a number shown as a
/// day, `i` a day in words, `b` yes or no, `e` an error) and the number of its column, then what is in it. What is
/// read is what was written, and a text is the same in CSV and in a workbook.
pub fn cell(bytes: &[u8], depth: Depth) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some((head, text)) = text.split_once('\n') else { return };
    let mut head = head.chars();
    let how = head.next().unwrap_or('s');
    let column: usize = head.as_str().trim().parse().unwrap_or(0);
    // What no text of XML may hold, a workbook cannot.
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t') || c > '\u{FFFD}' && c < '\u{10000}')
    {
        return;
    }
    let book = book(&[vec![(how, text)]]);
    let Some(found) = first_cell(&book, ".xlsx") else { return };
    match how {
        'n' => {
            let Ok(number) = text.parse::<f64>() else { return };
            // More than Excel can hold.
            if !number.is_finite() {
                assert!(matches!(found, Cell::Faulty(_)), "{number} is read as {found:?}");
                return;
            }
            let Cell::Number(shown, day) = found else { panic!("{found:?}") };
            assert!((shown - number).abs() <= number.abs() * 1e-14, "{number} is read as {shown}");
            assert!(day.is_none() || shown.fract() == 0.0, "{number} has the day {day:?}");
            let written = Cell::Number(shown, day).to_string();
            let again: f64 = written.parse().expect("a number is written as one");
            assert_eq!(again, shown, "{number} is written as {written}");
        }
        'd' => {
            if let Cell::Moment(moment) = found {
                assert!(moment.to_string().len() < 20, "{moment}");
            }
        }
        's' => same_text(text, column, &found, depth),
        _ => {}
    }
}

/// A text in a workbook against the same in CSV.
fn same_text(text: &str, column: usize, found: &Cell, depth: Depth) {
    // Excel's own way to write a character by its number.
    if text.contains("_x") {
        return;
    }
    let plain = text.replace("\r\n", "\n");
    match found {
        Cell::Empty => assert!(plain.trim().is_empty(), "{text:?} is read as nothing"),
        Cell::Text(_) | Cell::Number(..) => {
            assert_eq!(found.to_string(), plain, "it is read otherwise than it is written");
        }
        found => panic!("a text is read as {found:?}"),
    }
    let quoted = format!("\"{}\"\n", text.replace('"', "\"\""));
    let Some(in_csv) = first_cell(quoted.as_bytes(), ".csv") else { return };
    // Only in CSV a text may be a day that Excel has made of it, or marked as what it is.
    let is_marked = text.trim_start().starts_with(['\'', '=']) || text.starts_with("sep=");
    if is_marked || matches!(in_csv, Cell::Moment(_) | Cell::Boolean(_) | Cell::Faulty(_)) {
        return;
    }
    assert_eq!(&in_csv, found, "in CSV it is another");
    if depth < Depth::Check {
        return;
    }
    let (headings, mut row) = example_row();
    let column = column % row.len();
    row[column] = text.to_owned();
    let line = |cells: &[String]| {
        let quoted = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",") + "\n"
    };
    let csv = line(headings) + &line(&row);
    let texts = |cells: &'static [String]| cells.iter().map(|cell| ('s', cell.as_str())).collect();
    let rows: Vec<Vec<(char, &str)>> =
        vec![texts(headings), row.iter().map(|cell| ('s', cell.as_str())).collect()];
    let codes = |bytes: &[u8], ending: &str| {
        let mut file = tempfile::Builder::new().suffix(ending).tempfile().expect("a file");
        file.write_all(bytes).expect("room for it");
        match run(file.path(), None, false) {
            Ok(outcome) => {
                for (source, report) in &outcome.first {
                    assert_shown(report, source);
                }
                Ok((outcome.errors, outcome.warnings))
            }
            Err(error) => Err(error.message()),
        }
    };
    assert_eq!(codes(csv.as_bytes(), ".csv"), codes(&book(&rows), ".xlsx"), "{csv}");
}

/// The headings of 別紙2's roster and a row that is sound, but for the days, which CSV has as Excel shows them.
fn example_row() -> (&'static [String], Vec<String>) {
    static ROWS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let forms = Forms::built_in();
        let text = workbook::roster_csv(forms, &[forms.find("別紙2").expect("a form")]);
        let text = String::from_utf8(text).expect("UTF-8").replace("\r\n", "\n");
        let cells = |line: &str| line.split(',').skip(1).map(str::to_owned).collect();
        text.trim_start_matches('\u{FEFF}').lines().map(cells).collect()
    });
    let days = |cell: &String| match cell.as_str().parse::<Date>() {
        Ok(day) => format!("令和{}年{}月{}日", day.year() - 2018, day.month(), day.day()),
        Err(_) => cell.clone(),
    };
    (&rows[0], rows[1].iter().map(days).collect())
}

/// The first cell of a table.
fn first_cell(bytes: &[u8], ending: &str) -> Option<Cell> {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().expect("a file");
    file.write_all(bytes).expect("room for it");
    let table = match Table::open(file.path(), None) {
        Ok(table) => table,
        Err(error) => {
            assert_refused(&error.into());
            return None;
        }
    };
    let mut first = Some(Cell::Empty);
    let read = table.rows(&mut |row| {
        first = row.cells.into_iter().next();
        ControlFlow::Break(())
    });
    read.ok().and(first)
}

/// A workbook of cells, each a way of being written (see [`cell`]) and what is in it.
fn book(rows: &[Vec<(char, &str)>]) -> Vec<u8> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut sheet = "@@ xl/worksheets/sheet1.xml\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>".to_owned();
    for (number, row) in (1..).zip(rows) {
        sheet += &format!("<row r=\"{number}\">");
        for (how, text) in row {
            let text = escaped(text);
            sheet += &match how {
                'n' => format!("<c><v>{text}</v></c>"),
                'd' => format!("<c s=\"1\"><v>{text}</v></c>"),
                'i' => format!("<c t=\"d\"><v>{text}</v></c>"),
                'b' => format!("<c t=\"b\"><v>{text}</v></c>"),
                'e' => format!("<c t=\"e\"><v>{text}</v></c>"),
                _ => {
                    format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
                }
            };
        }
        sheet += "</row>";
    }
    sheet += "</sheetData></worksheet>\n@@ xl/styles.xml\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>\n";
    static BASE: OnceLock<Vec<u8>> = OnceLock::new();
    let base = BASE.get_or_init(|| {
        let forms = Forms::built_in();
        workbook::roster_xlsx(forms, &[forms.find("別紙1").expect("a form")]).expect("a workbook")
    });
    workbook(sheet.as_bytes(), |_| base)
}

/// A form definition, or with the key `fields` or `bureaus` first one of the other definitions.
pub fn definition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for (key, name) in [("fields:", "shared.yaml"), ("bureaus:", "offices.yaml")] {
        if text.starts_with(key) {
            return shared_definition(name, text);
        }
    }
    let forms = Forms::built_in();
    let form = match Forms::parse_form("form.yaml", text) {
        Ok(form) => form,
        Err(error) => return assert_shown(&error.report, &error.source),
    };
    let mut report = form.lint(forms.dictionary(), text);
    if report.errors() == 0 {
        report = layout::lint(&form, forms, text);
    }
    assert_shown(&report, &Source::new("form.yaml", text));
    if report.errors() > 0 {
        return;
    }
    for mode in [Mode::Blank, Mode::Example] {
        let (sheets, _) = layout::fill(&form, mode, forms);
        sheets.iter().for_each(assert_page);
        let entries = workbook::entries(&form, mode, forms);
        workbook::xlsx(&sheets, Some(&entries)).expect("a sound form is a workbook");
    }
    let lang = Lang::Ja;
    assert_reads_or_is_empty(&forms.skeleton(&[&form], lang));
    forms.schema(&[&form]);
    let sample = record::read("clinic.yaml", SAMPLE.as_bytes()).expect("the sample");
    let filling = onshi::fill(&sample, forms, &[&form], TODAY);
    assert_shown(filling.report(), &sample.source);
    assert_painted(&filling);
}

/// A form filled in Excel, or parts of it (see [`workbook`]); before the first part, the form's name.
pub fn import(bytes: &[u8]) {
    static BASES: OnceLock<Vec<(&str, Vec<u8>)>> = OnceLock::new();
    let forms = Forms::built_in();
    let bases = BASES.get_or_init(|| {
        let sample = record::read("clinic.yaml", SAMPLE.as_bytes()).expect("the sample");
        let filled = |name| {
            let filling = onshi::fill(&sample, forms, &[forms.find(name).expect("a form")], TODAY);
            let one = &filling.draft()[0];
            (
                name,
                workbook::xlsx(one.sheets(), Some(&workbook::FormEntries::new(forms).of(one)))
                    .expect("a workbook"),
            )
        };
        ["別紙2", "別紙1", "様式1", "様式2"].map(filled).into()
    });
    let base = |name: &str| {
        let named = bases.iter().find(|(known, _)| *known == name);
        named.unwrap_or(&bases[0]).1.as_slice()
    };
    let import = workbook::import("f.xlsx", &workbook(bytes, base), forms);
    assert_shown(&import.report, &import.record.source);
    if import.report.errors() > 0 {
        return;
    }
    let yaml = record::write(&import.record.root);
    if yaml.is_empty() {
        return;
    }
    let again = record::read("f.yaml", yaml.as_bytes())
        .unwrap_or_else(|(_, report)| panic!("what was imported cannot be read:\n{report}{yaml}"));
    assert_eq!(stated(&import.record), stated(&again), "{yaml}");
    let filling = onshi::fill(&import.record, forms, &[], TODAY);
    assert_shown(filling.report(), &import.record.source);
}

/// The applicant's own PDF, or the objects of one (see [`pdf`]).
pub fn attach(bytes: &[u8]) {
    static APPENDIX: OnceLock<Vec<u8>> = OnceLock::new();
    let appendix = APPENDIX.get_or_init(|| blank("別紙2"));
    let original = pdf(bytes);
    let options = AttachOptions::default().outline(vec!["別紙2".to_owned()]).break_signature(true);
    let attached = match append(&original, appendix, &options) {
        Ok(attached) => attached,
        Err(error) => {
            error.message();
            error.hint();
            return;
        }
    };
    let original = &original[attached.junk..];
    assert!(
        original.starts_with(b"%PDF-") && attached.bytes.starts_with(original),
        "the original is not as it was"
    );
    assert_eq!(attached.appended_pages, 1);
    let whole = Document::load_mem(&attached.bytes).expect("the result is a PDF");
    assert_eq!(whole.get_pages().len(), attached.original_pages + 1);
    let page = whole.get_pages().into_values().next_back().expect("a page");
    assert!(whole.get_dictionary(page).is_ok_and(|page| page.has(b"Contents")));
    let twice = append(&attached.bytes, appendix, &options).expect("the result can be added to");
    assert_eq!(twice.original_pages, attached.original_pages + 1);
}

/// A PDF that carries its record, or the objects of one (see [`pdf`]).
pub fn extract(bytes: &[u8]) {
    let bytes = pdf(bytes);
    let carried = match Carried::extract(&bytes) {
        Ok(carried) => carried,
        Err(error) => {
            error.message();
            error.hint();
            return;
        }
    };
    record(carried.yaml.as_bytes());
    let forms = Forms::built_in();
    if let Some(form) = forms.find(&carried.form) {
        carried.altered(&bytes, form, forms);
    }
}

/// A list and behind a line of `@@` a map of it: what is proposed is a map that reads, and means the same when it
/// is given again.
pub fn map(bytes: &[u8]) {
    let mark = bytes.windows(3).position(|three| three == b"@@\n");
    let (list, map) = match mark {
        Some(at) => (&bytes[..at], &bytes[at + 3..]),
        None => (bytes, &[][..]),
    };
    let forms = Forms::built_in();
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
    file.write_all(list).expect("room for it");
    let read = |yaml: &[u8]| match Map::read("map.yaml", yaml, &Headings::new(forms)) {
        Ok(map) => Some(map),
        Err((source, report)) => {
            assert_shown(&report, &source);
            None
        }
    };
    let proposed = |map: Option<&Map>| -> Option<Proposal> {
        let choices = Choices::default();
        let list = file.path();
        let asked =
            Asked { list, encoding: None, sheet: None, forms, named: &[], map, choices: &choices };
        match propose(&asked) {
            Ok(proposal) => Some(proposal),
            Err(error) => {
                assert_refused(&error.into());
                None
            }
        }
    };
    let given = read(map);
    let Some(proposal) = proposed(given.as_ref()) else { return };
    if let Some((source, report)) = &proposal.faults {
        return assert_shown(report, source);
    }
    for lang in [Lang::Ja, Lang::En] {
        let yaml = proposal.yaml("list.csv", lang);
        let written = read(yaml.as_bytes()).unwrap_or_else(|| panic!("{yaml}"));
        let again = proposed(Some(&written)).expect("the same list");
        let faults = again.faults.as_ref().map(|(_, report)| report.to_string());
        assert_eq!(faults, None, "{yaml}");
        for (one, two) in proposal.columns.iter().zip(&again.columns) {
            // What was open may be known by the other columns now.
            assert!(one.role == two.role || one.role == Role::Open, "{one:?}\n{two:?}\n{yaml}");
        }
    }
}

/// An official PDF, or the objects of one (see [`pdf`]): what is proposed for it is a form that loads.
pub fn draft(bytes: &[u8]) {
    let bytes = pdf(bytes);
    let explained = |error: &dyn onshi::report::Explain| {
        error.message();
        error.hint();
    };
    let paper = match Paper::read(&bytes) {
        Ok(paper) => paper,
        Err(error) => return explained(&error),
    };
    let pages: Vec<_> = paper.pages().take(2).collect();
    let forms = Forms::built_in();
    let proposal = match onshi::draft::propose("paper.pdf", &pages, forms) {
        Ok(proposal) => proposal,
        Err(error) => return explained(&error),
    };
    onshi::draft::picture(&proposal, &pages);
    let yaml = proposal.to_yaml("2027-03-01");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("paper.pdf"), &bytes).expect("room for it");
    std::fs::write(folder.path().join("form.yaml"), &yaml).expect("room for it");
    match onshi::load_forms(folder.path()) {
        Ok(_) => assert!(!proposal.boxes.is_empty(), "{yaml}"),
        // What is found nowhere is for the user to write.
        Err(error) => {
            let first = &error.report.diagnostics[0].message.en;
            let is_empty = proposal.boxes.is_empty() && first.contains("there are no boxes");
            assert!(is_empty, "{}\n{yaml}", error.report);
        }
    }
}

/// A request to the page's API: method, path and kind of its body on the first line, then the body. Whatever
/// is asked, the server answers, and never that the fault is its own.
pub fn http(bytes: &[u8]) {
    const KEY: &str = "0123456789abcdef";
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    let address = SERVER.get_or_init(|| {
        let (started, address) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let options = onshi::serve::Options::default().key(KEY).today(TODAY);
            let served = onshi::serve::run(Forms::built_in(), options, |url| {
                let address = url.trim_start_matches("http://").split('/').next();
                started
                    .send(address.expect("an address").parse().expect("an address"))
                    .expect("it waits");
            });
            served.expect("a free port");
        });
        address.recv().expect("it starts")
    });
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let body = bytes.get(line + 1..).unwrap_or_default();
    let line = String::from_utf8_lossy(&bytes[..line]);
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_graphic());
    let mut words = line.split(' ').filter(plain);
    let (method, path) = (words.next().unwrap_or("POST"), words.next().unwrap_or("/fill"));
    let kind = words.next().unwrap_or("application/json");
    // What an event stream says comes while a batch runs, and it never ends by itself.
    if method == "GET" && path.starts_with("/batches") {
        return;
    }
    let ask = |method: &str, path: &str, body: &[u8]| {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Authorization: Bearer {KEY}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        // It may refuse and close before it has read everything.
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        let status: u16 = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(400);
        assert!(status < 500, "{method} {path}: {text}");
        let id = text.split_once("\"id\":\"").and_then(|(_, rest)| rest.split('"').next());
        id.map(str::to_owned)
    };
    if let (Some(id), "/batches") = (ask(method, path, body), path) {
        ask("DELETE", &format!("/batches/{id}"), b"");
    }
}

/// Reads a table, then makes the forms of its rows.
fn roster(bytes: &[u8], ending: &str, depth: Depth) {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().expect("a file");
    file.write_all(bytes).expect("room for it");
    let path = file.path();
    if let Err(error) = table(path) {
        assert!(ending != ".csv" || matches!(error, TableError::Faulty(_)), "{error:?}");
        return assert_refused(&error.into());
    }
    if depth < Depth::Check {
        return;
    }
    let unknown = |error: &BatchError| match error {
        BatchError::Table(TableError::Faulty(report)) => {
            report.diagnostics.iter().any(|finding| finding.code == "unknown-field")
        }
        _ => false,
    };
    let outcome = match run(path, None, false) {
        Err(error) if unknown(&error) => {
            assert_refused(&error);
            run(path, None, true)
        }
        outcome => outcome,
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return assert_refused(&error),
    };
    assert!(outcome.failed <= outcome.facilities);
    for (source, report) in &outcome.first {
        assert_shown(report, source);
    }
    if outcome.failed == outcome.facilities
        || outcome.facilities > MOST_PAINTED
        || depth < Depth::Paint
    {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let painted = run(path, Some(folder.path()), true).expect("the same roster");
    assert_eq!((painted.facilities, painted.failed), (outcome.facilities, outcome.failed));
    assert!(painted.files > 0 && painted.kept == 0);
    let again = run(path, Some(folder.path()), true).expect("the same roster");
    assert_eq!((again.files, again.kept), (painted.files, painted.files), "made anew");
}

fn table(path: &Path) -> Result<(), TableError> {
    let table = Table::open(path, None)?;
    let rows = || {
        let mut rows = Vec::new();
        let read = table.rows(&mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        });
        read.map(|()| rows)
    };
    let found = rows()?;
    for row in &found {
        assert!(row.number > 0 && !row.is_blank());
    }
    assert_eq!(format!("{found:?}"), format!("{:?}", rows()?), "read otherwise a second time");
    Ok(())
}

fn run(source: &Path, folder: Option<&Path>, ignore_unknown: bool) -> Result<Outcome, BatchError> {
    struct Nobody;
    impl Watch for Nobody {
        fn say(&self, _: &Text) {}
        fn begin(&self, _: u64) {}
        fn advance(&self, _: u64) {}
        fn is_stopped(&self) -> bool {
            false
        }
    }
    let paint = |filled: &FilledForm, _: &str| {
        filled.sheets().iter().for_each(assert_page);
        Ok(vec![b"painted".to_vec()])
    };
    let mut options = batch::Options::new(source, Forms::built_in(), TODAY, "pdf", &paint);
    (options.folder, options.ignore_unknown, options.jobs) = (folder, ignore_unknown, 1);
    batch::run(&options, &Nobody)
}

/// A dictionary or the bureaus, in a folder as `--forms` takes it.
fn shared_definition(name: &str, text: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), text).expect("room for it");
    let forms = match onshi::load_forms(folder.path()) {
        Ok(forms) => forms,
        Err(error) => return assert_shown(&error.report, &error.source),
    };
    let all: Vec<_> = forms.forms().collect();
    assert_reads_or_is_empty(&forms.skeleton(&all, Lang::En));
    forms.schema(&all);
    workbook::roster_csv(&forms, &all);
    let sample = record::read("clinic.yaml", SAMPLE.as_bytes()).expect("the sample");
    let filling = onshi::fill(&sample, &forms, &[], TODAY);
    assert_shown(filling.report(), &sample.source);
}

/// Every finding stands in the source, and is shown in both languages.
fn assert_shown(report: &Report, source: &Source) {
    for finding in &report.diagnostics {
        match &finding.place {
            None => {}
            Some(Place::Cell { row, column, .. }) => assert!(*row > 0 && *column > 0),
            Some(Place::Text { line, column, start, end }) => {
                let text = &source.text;
                assert!(*line > 0 && *column > 0, "{finding:?}");
                assert!(start <= end && *end <= text.len(), "{finding:?}");
                let before = text.get(..*start).unwrap_or_else(|| panic!("{finding:?}"));
                assert!(*line <= text.split(['\n', '\r']).count(), "{finding:?}");
                let begins = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
                let columns = text[begins..].split(['\n', '\r']).next().unwrap_or_default();
                assert!(*column <= columns.chars().count() + 1, "{finding:?}");
            }
        }
    }
    for lang in [Lang::Ja, Lang::En] {
        let shown = show::text(report, source, lang, false, 80);
        assert_eq!(shown.is_empty(), report.diagnostics.is_empty());
        show::json(&[(source, report)], lang);
    }
}

fn assert_refused(error: &BatchError) {
    match error {
        BatchError::Table(TableError::Faulty(report)) => {
            assert!(report.errors() > 0, "refused without a reason");
            assert_shown(report, &Source::new("名簿", ""));
        }
        BatchError::Table(TableError::Io(_)) => {}
        error => panic!("{error:?}"),
    }
}

/// A record that was read is written so that it reads again, to the same.
fn assert_written_back(record: &Record) {
    let yaml = record::write(&record.root);
    if yaml.is_empty() {
        return;
    }
    let again = record::read("again.yaml", yaml.as_bytes())
        .unwrap_or_else(|(_, report)| panic!("what was written cannot be read:\n{report}{yaml}"));
    assert_eq!(record::write(&again.root), yaml);
}

fn assert_reads_or_is_empty(yaml: &str) {
    if let Err((_, report)) = record::read("skeleton.yaml", yaml.as_bytes()) {
        assert!(report.diagnostics[0].message.en.contains("empty"), "{report}{yaml}");
    }
}

/// What the check accepts is painted, each page by itself.
fn assert_painted(filling: &Filling) {
    if filling.report().errors() == 0 {
        filling.draft().iter().flat_map(FilledForm::sheets).for_each(assert_page);
    }
}

fn assert_page(sheet: &Sheet) {
    let bytes = paint::pdf(std::slice::from_ref(sheet), &PdfOptions::default());
    let bytes = bytes.unwrap_or_else(|error| panic!("{}: {error}", sheet.title));
    let document = Document::load_mem(&bytes).expect("a PDF");
    assert_eq!(document.get_pages().len(), 1, "{}", sheet.title);
}

fn blank(form: &str) -> Vec<u8> {
    let forms = Forms::built_in();
    let (sheets, _) = layout::fill(forms.find(form).expect("a form"), Mode::Blank, forms);
    paint::pdf(&sheets, &PdfOptions::default()).expect("a page")
}

/// What a record says, without places.
fn stated(record: &Record) -> Vec<(String, String, Data)> {
    let (values, _) = values::values(record, Forms::built_in());
    values
        .iter()
        .map(|(key, value)| (key.to_owned(), value.text.clone(), value.data.clone()))
        .collect()
}

/// A workbook: the bytes themselves if they are a zip, else parts in the place of a base's, each behind
/// a line `@@ <name>`. So a fuzzer reaches what stands in the parts, and not only the zip's checksums.
/// What stands before the first part chooses the base.
fn workbook<'a>(bytes: &[u8], base: impl Fn(&str) -> &'a [u8]) -> Vec<u8> {
    if bytes.starts_with(b"PK") {
        return bytes.to_vec();
    }
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut head = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"@@ "), parts.last_mut()) {
            (Some(name), _) => {
                parts.push((String::from_utf8_lossy(name).trim().to_owned(), Vec::new()));
            }
            (None, Some((_, part))) => part.extend(line),
            (None, None) => head.extend(line),
        }
    }
    let base = base(String::from_utf8_lossy(&head).trim());
    let mut archive = zip::ZipArchive::new(Cursor::new(base)).expect("a zip");
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).expect("a part");
        let name = file.name().expect("a name").into_owned();
        if parts.iter().all(|(known, _)| *known != name) {
            let mut part = Vec::new();
            file.read_to_end(&mut part).expect("a part");
            parts.push((name, part));
        }
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in parts {
        // A name that stands there twice is left out.
        if zip.start_file(name, stored).is_ok() {
            zip.write_all(&part).expect("room for it");
        }
    }
    zip.finish().expect("a zip").into_inner()
}

/// A PDF: the bytes themselves if they are one, else objects and a trailer to which the header and the
/// table of objects are made, which a fuzzer would break with every byte it adds.
fn pdf(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(b"%PDF-") {
        return bytes.to_vec();
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = b"xref\n0 1\n0000000000 65535 f \n".to_vec();
    let mut trailer = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if trailer.is_none() && line.starts_with(b"trailer") {
            trailer = Some(Vec::new());
        }
        if let Some(trailer) = &mut trailer {
            trailer.extend(line);
            continue;
        }
        if let Some((number, generation)) = object(line) {
            let entry = format!("{number} 1\n{:010} {generation:05} n \n", file.len());
            table.extend(entry.into_bytes());
        }
        file.extend(line);
    }
    let start = file.len() + 1;
    file.push(b'\n');
    file.extend(table);
    file.extend(trailer.unwrap_or_else(|| b"trailer\n<</Size 99/Root 1 0 R>>".to_vec()));
    file.extend(format!("\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}

/// The number and generation of the object that begins on a line: `12 0 obj`.
fn object(line: &[u8]) -> Option<(u32, u16)> {
    let line = std::str::from_utf8(line.get(..line.len().min(24))?).ok()?;
    let mut words = line.split([' ', '\n', '\r', '<']);
    let (number, generation) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    (words.next()? == "obj").then_some((number, generation))
}
