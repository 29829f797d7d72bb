//! Fills the forms of one record as PDFs: `cargo run --example fill_pdf samples/clinic.yaml out/`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use onshi::calendar::{self, Date};
use onshi::form::Forms;
use onshi::{Format, Writer};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let record = args.next().unwrap_or_else(|| "samples/clinic.yaml".into());
    let folder = args.next().unwrap_or_else(|| "out".into());
    fill(&record, &folder, calendar::today())
}

/// The record may be YAML, JSON, a form filled in with Excel, or a PDF that carries its record.
pub fn fill(record: &Path, folder: &Path, today: Date) -> Result<(), Box<dyn Error>> {
    let forms = Forms::built_in();
    let opened = onshi::open(&record.display().to_string(), &fs::read(record)?, forms);
    let filling = opened.fill(forms, &[], today);
    // A record with errors has no forms to write, only a report.
    let ready = filling.ready().map_err(|report| report.to_string())?;
    fs::create_dir_all(folder)?;
    let stem = record.file_stem().unwrap_or_default().to_string_lossy();
    for file in Writer::new(forms, Format::Pdf).files(&ready, &stem)? {
        fs::write(folder.join(&file.name), &file.bytes)?;
        println!("{}", file.name);
    }
    Ok(())
}
