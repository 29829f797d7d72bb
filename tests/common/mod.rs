//! What the tests share: the program, its samples, and reading back what it wrote.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use calamine::{Reader as _, Xlsx};
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::report::Report;
use onshi::workbook::{entries, xlsx};

/// The day most tests run on: early enough for the dates of the 記載例.
pub const TODAY: Date = Date::constant(2023, 12, 28);

/// The program: the one that is built with the tests, or the one that `ONSHI` names, for runs that take
/// a debug build too long.
pub fn onshi() -> Command {
    let mut command = match std::env::var_os("ONSHI") {
        Some(program) => Command::new(program),
        None => Command::cargo_bin("onshi").expect("the binary is built with the tests"),
    };
    command.env_remove("NO_COLOR").env("LC_ALL", "ja_JP.UTF-8").current_dir(root());
    command
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where a record is: one of the tests' own, or a sample.
pub fn sample_path(name: &str) -> PathBuf {
    let own = root().join("tests/data").join(name);
    if own.is_file() { own } else { root().join("samples").join(name) }
}

/// The text of a record by its file name.
pub fn sample(name: &str) -> String {
    std::fs::read_to_string(sample_path(name)).expect("the sample is there")
}

/// A sample with parts of its text replaced; each part must be there.
pub fn changed(sample: &str, changes: &[(&str, &str)]) -> String {
    let mut text = self::sample(sample);
    for (from, to) in changes {
        assert!(text.contains(from), "the sample has no {from:?}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// The report on a record for the named forms, or for those it asks for.
pub fn report(text: &str, named: &[&str], today: Date) -> Report {
    let forms = Forms::built_in();
    match onshi::record::read("r.yaml", text.as_bytes()) {
        Ok(record) => {
            let named: Vec<_> = named.iter().map(|n| forms.find(n).expect("a form")).collect();
            onshi::fill(&record, forms, &named, today).report().clone()
        }
        Err((_, report)) => report,
    }
}

pub fn codes(report: &Report) -> Vec<&str> {
    report.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

/// The text of a PDF's only page in reading order, without white space.
pub fn text_of(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    assert_eq!(document.get_pages().len(), 1, "one page");
    text_of_page(pdf, 1)
}

/// The text of a page, counted from 1, in reading order and without white space.
pub fn text_of_page(pdf: &[u8], page: u32) -> String {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let text = document.extract_text(&[page]).expect("text");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A text as [`text_of`] gives it.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A file that the tests compare with; `ONSHI_BLESS=1` writes it anew.
pub fn expected(path: &str, found: &[u8]) -> Vec<u8> {
    let path: PathBuf = root().join(path);
    if std::env::var_os("ONSHI_BLESS").is_some() {
        std::fs::write(&path, found).expect("the folder is there");
    }
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A picture is the one that was looked at and found good; `ONSHI_BLESS=1` writes one that is not anew.
pub fn assert_picture(path: &str, found: &[u8]) {
    let differ = |kept: &[u8]| {
        let (kept, found) = (pixels(kept), pixels(found));
        // A pixel differs when a grey level moves by more than an eighth; rendering alone moves none.
        let differ = kept.iter().zip(&found).filter(|(a, b)| a.abs_diff(**b) > 32).count();
        kept.len() != found.len() || differ * 2000 >= found.len()
    };
    let file = root().join(path);
    let is_blessed = std::env::var_os("ONSHI_BLESS").is_some();
    match std::fs::read(&file) {
        Ok(kept) if !differ(&kept) => {}
        _ if is_blessed => std::fs::write(&file, found).expect("the folder is there"),
        Ok(_) => panic!("{path} is another picture now: look at it with ONSHI_BLESS=1"),
        Err(error) => panic!("{path}: {error}"),
    }
}

fn pixels(picture: &[u8]) -> Vec<u8> {
    let decoder = png::Decoder::new(std::io::Cursor::new(picture));
    let mut reader = decoder.read_info().expect("a PNG");
    let mut data = vec![0; reader.output_buffer_size().expect("a picture fits into memory")];
    let info = reader.next_frame(&mut data).expect("a PNG");
    data.truncate(info.buffer_size());
    data
}

/// A part of a page, between `<!-- NAME: … -->` and `<!-- end of NAME -->`, that a test generates:
/// it is what was generated; `ONSHI_BLESS=1` writes it anew.
pub fn assert_generated(page: &str, name: &str, generated: &str) {
    let path = root().join(page);
    let text = std::fs::read_to_string(&path).expect("the page is there");
    let (start, end) = (format!("<!-- {name}: "), format!("<!-- end of {name} -->"));
    let from = text.find(&start).unwrap_or_else(|| panic!("{page} has no {start}"));
    let from = from + text[from..].find('\n').expect("a line ends") + 1;
    let to = text.find(&end).unwrap_or_else(|| panic!("{page} has no {end}"));
    if std::env::var_os("ONSHI_BLESS").is_some() {
        let new = format!("{}{generated}{}", &text[..from], &text[to..]);
        std::fs::write(&path, new).expect("the page can be written");
    } else if text[from..to] != *generated {
        panic!("{page} has an old list of {name}: run `ONSHI_BLESS=1 cargo test`");
    }
}

/// A workbook with one part changed.
pub fn with_part(workbook: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..zip.len() {
        let mut file = zip.by_index(i).expect("a file");
        let name = file.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("unpacks");
        if name == part {
            let text = String::from_utf8(bytes).expect("XML");
            let new = change(&text);
            assert_ne!(new, text, "{part} is not changed");
            bytes = new.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a file");
        out.write_all(&bytes).expect("packs");
    }
    out.finish().expect("packs").into_inner()
}

/// The text of every Rust file below a folder of the repository.
pub fn rust_files(folder: &str) -> Vec<String> {
    paths(&root().join(folder))
        .into_iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// Every Rust file below a folder, in order.
pub fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(paths(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A blank form with values typed into its named cells: each cell's name, its attributes and what is in
/// its XML.
pub fn typed(forms: &Forms, form: &str, cells: &[(&str, &str, &str)]) -> Vec<u8> {
    let definition = forms.find(form).expect("a form");
    let (sheets, _) = fill(definition, Mode::Blank, forms);
    let all = entries(definition, Mode::Blank, forms);
    typed_over(&xlsx(&sheets, Some(&all)).expect("paints"), cells)
}

/// A workbook with values typed into its named cells.
pub fn typed_over(workbook: &[u8], cells: &[(&str, &str, &str)]) -> Vec<u8> {
    let book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).expect("a workbook");
    let place = |name: &str| {
        let (_, to) = book.defined_names().iter().find(|(n, _)| n == name).expect("the name");
        let (sheet, cell) = to.rsplit_once('!').expect("an address");
        let sheet = sheet.trim_matches('\'');
        let number = book.sheet_names().iter().position(|s| s == sheet).expect("the sheet") + 1;
        let cell = cell.replace('$', "");
        (number, cell.split(':').next().expect("a cell").to_owned())
    };
    let address = |name: &str| place(name).1;
    let pages: std::collections::BTreeSet<usize> = cells.iter().map(|(n, ..)| place(n).0).collect();
    let typed = |workbook: Vec<u8>, page: &usize| {
        with_part(&workbook, &format!("xl/worksheets/sheet{page}.xml"), |xml| {
            let mut xml = xml.to_owned();
            for (name, kind, inside) in cells.iter().filter(|(name, ..)| place(name).0 == *page) {
                let start = xml.find(&format!("<c r=\"{}\"", address(name))).expect("the cell");
                let head = xml[start..].find('>').expect("a tag") + start;
                let style =
                    xml[start..head].split(" s=\"").nth(1).and_then(|s| s.split('"').next());
                let end = match xml[start..=head].ends_with("/>") {
                    true => head + 1,
                    false => xml[start..].find("</c>").expect("an end") + start + 4,
                };
                let new = format!(
                    "<c r=\"{}\" s=\"{}\"{kind}>{inside}</c>",
                    address(name),
                    style.unwrap_or("0")
                );
                xml.replace_range(start..end, &new);
            }
            xml
        })
    };
    pages.iter().fold(workbook.to_vec(), typed)
}

/// The values that a record states, by key.
pub fn read_values(record: &str, forms: &Forms) -> Vec<(String, String)> {
    let record = onshi::record::read("r.yaml", record.as_bytes());
    let record = record.map_err(|(_, report)| report).expect("a record");
    let (values, report) = onshi::values::values(&record, forms);
    assert_eq!(report.errors(), 0, "{report}");
    let stated = values.iter().filter(|(_, value)| value.place.is_some());
    stated.map(|(key, value)| (key.to_owned(), value.text.clone())).collect()
}
