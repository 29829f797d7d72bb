//! One filled page, painted by onshi, by hand and by other libraries: how long each takes and how
//! large its file is. See `benches/README.md`.

#![forbid(unsafe_code)]

mod floor;
#[cfg(feature = "genpdf")]
mod genpdf;
mod page;
mod plain;
#[cfg(feature = "printpdf")]
mod printpdf;
#[cfg(feature = "typst")]
mod typst;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::paint::{PdfOptions, pdf};
use onshi::sheet::Sheet;

const ROUNDS: usize = 60;

/// Paints the page as PDF.
type Paint = fn(&Sheet) -> Vec<u8>;

/// The first is what the others are measured by.
const CONTENDERS: &[(&str, Paint)] = &[
    ("floor", floor::paint),
    ("onshi", onshi_paint),
    ("krilla-plain", plain::paint),
    #[cfg(feature = "printpdf")]
    ("printpdf", printpdf::paint),
    #[cfg(feature = "genpdf")]
    ("genpdf", genpdf::paint),
    #[cfg(feature = "typst")]
    ("typst", typst::paint),
    #[cfg(feature = "typst")]
    (AGAIN, typst::paint_again),
];

/// typst with what it remembers of another facility's page: as in a batch.
const AGAIN: &str = "typst-again";

fn main() {
    let (rounds, folder, only) = arguments();
    let sheet = sheet();
    let contenders: Vec<(&str, Paint)> = CONTENDERS
        .iter()
        .filter(|(name, _)| only.is_empty() || only.iter().any(|only| only == name))
        .copied()
        .collect();
    // The first painting parses the fonts, which a process does once.
    let mut sizes = Vec::new();
    for (name, paint) in &contenders {
        let bytes = paint(&sheet);
        sizes.push(bytes.len());
        if let Some(folder) = &folder {
            std::fs::write(folder.join(name).with_extension("pdf"), bytes).expect("it is written");
        }
    }
    let mut times: Vec<Vec<Times>> = vec![vec![]; contenders.len()];
    for _ in 0..rounds {
        for ((name, paint), times) in contenders.iter().zip(&mut times) {
            if *name == AGAIN {
                paint(&sheet);
            }
            // CPU time is that of all threads.
            let (started, cpu) = (Instant::now(), ProcessTime::now());
            std::hint::black_box(paint(std::hint::black_box(&sheet)));
            times.push(Times { wall: started.elapsed(), cpu: cpu.elapsed() });
            #[cfg(feature = "typst")]
            comemo::evict(0);
        }
    }
    println!("{:<14} {:>9} {:>9} {:>7} {:>9}", "painter", "CPU ms", "wall ms", "ratio", "kB");
    for (((name, _), own), size) in contenders.iter().zip(&times).zip(sizes) {
        let cpu = median(own.iter().map(|t| t.cpu.as_secs_f64() * 1e3));
        let wall = median(own.iter().map(|t| t.wall.as_secs_f64() * 1e3));
        let pairs = own.iter().zip(&times[0]);
        let ratio = median(pairs.map(|(t, floor)| t.cpu.as_secs_f64() / floor.cpu.as_secs_f64()));
        let kb = size as f64 / 1e3;
        println!("{name:<14} {cpu:>9.2} {wall:>9.2} {ratio:>7.2} {kb:>9.1}");
    }
}

#[derive(Clone, Copy)]
struct Times {
    wall: Duration,
    cpu: Duration,
}

/// `[ROUNDS] [FOLDER for the files] [PAINTER…]`
fn arguments() -> (usize, Option<PathBuf>, Vec<String>) {
    let mut arguments = std::env::args().skip(1).peekable();
    let rounds = arguments.next_if(|a| a.parse::<usize>().is_ok());
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("seen to be a number"));
    let folder = arguments.next_if(|a| Path::new(a).is_dir()).map(PathBuf::from);
    (rounds, folder, arguments.collect())
}

/// The page all paint.
fn sheet() -> Sheet {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/clinic.yaml");
    let bytes = std::fs::read(path).expect("the sample is there");
    let record = onshi::record::read(path, &bytes).ok().expect("the sample is YAML");
    let forms = Forms::built_in();
    let form = forms.find("introduction-plan").expect("the form is built in");
    let mut filling = onshi::fill(&record, forms, &[form], Date::constant(2024, 1, 10));
    assert_eq!(filling.report.errors(), 0, "{}", filling.report);
    filling.sheets.remove(0).sheet
}

fn onshi_paint(sheet: &Sheet) -> Vec<u8> {
    pdf(std::slice::from_ref(sheet), &PdfOptions::default()).expect("the page prints")
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
