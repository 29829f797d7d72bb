//! What the fuzz targets start from, and what they have found, holds under `cargo test` too.

#[path = "../fuzz/bodies.rs"]
mod bodies;

use std::fs;
use std::path::{Path, PathBuf};

/// The inputs of a target, sorted by name.
fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(kind).join(target);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn all_hold(target: &str) {
    let (_, body) = bodies::TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let seeds = inputs("seeds", target);
    assert!(!seeds.is_empty(), "{target} has seeds");
    for path in seeds.into_iter().chain(inputs("crashes", target)) {
        // Of what fails below, this is the input.
        println!("{}", path.display());
        body(&fs::read(path).unwrap());
    }
}

#[test]
fn record_holds() {
    all_hold("record");
}

#[test]
fn roster_csv_holds() {
    all_hold("roster_csv");
}

#[test]
fn roster_xlsx_holds() {
    all_hold("roster_xlsx");
}

#[test]
fn cell_holds() {
    all_hold("cell");
}

#[test]
fn definition_holds() {
    all_hold("definition");
}

#[test]
fn import_holds() {
    all_hold("import");
}

#[test]
fn attach_holds() {
    all_hold("attach");
}

#[test]
fn extract_holds() {
    all_hold("extract");
}
