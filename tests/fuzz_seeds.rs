//! What the fuzz targets start from, and what they have found, holds under `cargo test` too.

#[path = "../fuzz/bodies.rs"]
mod bodies;

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

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
fn forgiving_holds() {
    all_hold("forgiving");
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

#[test]
fn map_holds() {
    all_hold("map");
}

#[test]
fn draft_holds() {
    all_hold("draft");
}

#[test]
fn http_holds() {
    all_hold("http");
}

/// A text as cells have it: pieces that Excel, a keyboard or another program may have put there.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "令和9年4月1日",
            "2027/4/1",
            "2027-04-01",
            "0:00:00",
            "9.4.1",
            "R9",
            "1-22",
            "TRUE",
            "FALSE",
            "#N/A",
            "内線",
            "（代表）",
            "㈹",
            "〒",
            "同上",
            "〃",
            "=",
            "'",
            "\"",
            "\\",
            ",",
            ";",
            "\t",
            "\n",
            "\r\n",
            " ",
            "\u{3000}",
            "\u{A0}",
            "\u{200B}",
            "\u{FEFF}",
            "髙",
            "葛\u{E0100}",
            "\u{E000}",
            "⼭",
            "か\u{3099}",
            "O\u{304}",
            "○",
            "はい",
            "医科・歯科",
            "-",
            "－",
            "@",
            "1e3",
            "0",
            "00",
            "１２３",
            "<",
            "&",
            "e\u{301}",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,18}",
        "-?[0-9]{1,6}\\.[0-9]{1,17}",
        "[!-~]{1,3}",
        "[ぁ-んァ-ヶ一-龠]{1,4}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_cell_is_what_was_written_in_csv_and_in_a_workbook(
        how in prop::sample::select(vec!['s', 's', 's', 'n', 'd', 'i', 'b', 'e']),
        column in 0..40_usize,
        text in pieces(),
    ) {
        bodies::cell(format!("{how}{column}\n{text}").as_bytes(), bodies::Depth::Check);
    }
}
