//! Fills a form of every record in a folder, on one thread: `cargo run --example batch samples out/`.
//! What a form prints whatever it is filled with is made once.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use onshi::calendar::{self, Date};
use onshi::form::Forms;
use onshi::{Filler, Format, Writer};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let records = args.next().unwrap_or_else(|| "samples".into());
    let folder = args.next().unwrap_or_else(|| "out".into());
    let (made, refused) = fill_all(&records, &folder, calendar::today())?;
    println!("{made} files, {refused} records with errors");
    Ok(())
}

/// How many files were made, and how many records were refused.
pub fn fill_all(
    records: &Path,
    folder: &Path,
    today: Date,
) -> Result<(usize, usize), Box<dyn Error>> {
    let forms = Forms::built_in();
    let (filler, writer) = (Filler::new(forms), Writer::new(forms, Format::Pdf));
    fs::create_dir_all(folder)?;
    let mut paths = fs::read_dir(records)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    let (mut made, mut refused) = (0, 0);
    for path in paths {
        let opened = onshi::open(&path.display().to_string(), &fs::read(&path)?, forms);
        let Ok(record) = opened.record() else {
            refused += 1;
            continue;
        };
        let filling = filler.fill(record, &[], today);
        let Ok(ready) = filling.ready() else {
            eprintln!("{}:\n{}", path.display(), filling.report());
            refused += 1;
            continue;
        };
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        for file in writer.files(&ready, &stem)? {
            fs::write(folder.join(&file.name), &file.bytes)?;
            made += 1;
        }
    }
    Ok((made, refused))
}
