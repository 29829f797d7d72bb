//! Fills a form that the program has never seen, from definitions in a folder, and reads the values back:
//! `cargo run --example own_form`.

use std::error::Error;
use std::path::Path;

use onshi::calendar::Date;
use onshi::{File, Format, What, Writer};

const RECORD: &str = "\
facility: {name: 霞が関診療所, kind: 歯科}
visit: {date: 2024-05-01, purpose: 見学, people: 3, guide: カスミ ハナコ, lunch: 要}
";

fn main() -> Result<(), Box<dyn Error>> {
    let file = visit(Path::new("tests/forms"))?;
    println!("{}: {} bytes", file.name, file.bytes.len());
    Ok(())
}

/// The form as a PDF that carries its record.
pub fn visit(definitions: &Path) -> Result<File, Box<dyn Error>> {
    let forms = onshi::load_forms(definitions)?;
    let opened = onshi::open("visit.yaml", RECORD.as_bytes(), &forms);
    let filling = opened.fill(&forms, &[], Date::constant(2024, 4, 1));
    let ready = filling.ready().map_err(|report| report.to_string())?;
    let writer = Writer::new(&forms, Format::Pdf).carry_record(true);
    let file = writer.files(&ready, "visit")?.remove(0);
    // What was printed can be read back from the PDF.
    let again = onshi::open(&file.name, &file.bytes, &forms);
    assert_eq!(again.what(), What::Carried);
    Ok(file)
}
