//! A list in the shapes of those that the bureaus publish: no row of it is passed over in silence.

use std::collections::{BTreeMap, BTreeSet};

use crate::common;

#[path = "../benches/generator/published.rs"]
mod generator;

/// How many rows: a few here, as many as `ONSHI_ROWS` says by hand.
fn rows() -> usize {
    std::env::var("ONSHI_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000)
}

#[test]
fn every_row_is_printed_or_refused_by_name_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows();
    std::fs::write(folder.path().join("list.csv"), generator::csv(rows)).unwrap();
    let mut command = common::onshi();
    command.current_dir(folder.path()).args(["batch", "list.csv", "-o", "out", "--form", "別紙1"]);
    command.args(["--ignore-unknown", "--today", "2027-01-08", "--lang", "ja"]);
    for value in [
        "facility.kind=医科",
        "facility.category=診療所",
        "founder.name=試験 太郎",
        "designation.date=2027-05-01",
        "receipt_number.request_date=2027-01-08",
        "receipt_number.reply_to.name=試験 太郎",
        "receipt_number.reply_to.postal_code=100-0013",
        "receipt_number.reply_to.address=東京都千代田区霞が関9-8-7",
    ] {
        command.args(["--set", value]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stderr, output.stdout].concat()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");

    let mut printed = BTreeSet::new();
    for file in std::fs::read_dir(folder.path().join("out")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        printed.extend(name.split('_').next().and_then(|row| row.parse::<usize>().ok()));
    }
    let mut refused: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let errors = std::fs::read(folder.path().join("out/errors.csv")).unwrap();
    for record in csv::Reader::from_reader(&errors[..]).records() {
        let record = record.unwrap();
        assert!(!record[6].is_empty() && !record[7].is_empty(), "{record:?} says what to do");
        refused.entry(record[0].parse().unwrap()).or_default().push(record[8].to_owned());
    }
    let last = generator::HEAD + rows;
    let no_facility = |row: &usize| {
        let number = row - generator::HEAD;
        number.is_multiple_of(997) || number.is_multiple_of(1499) || number == rows
    };
    let skipped: Vec<usize> = (generator::HEAD + 1..=last).filter(no_facility).collect();
    assert!(said.contains(&format!("合計の行 {} 行", skipped.len())), "{said}");
    for row in generator::HEAD + 1..=last {
        let times = [printed.contains(&row), refused.contains_key(&row), skipped.contains(&row)];
        assert_eq!(times.iter().filter(|time| **time).count(), 1, "row {row}: {times:?}");
    }
    // The longest names are set as they are, or refused by name.
    let list = generator::csv(rows);
    let long = list.lines().enumerate().filter_map(|(at, line)| {
        let name = line.split(',').nth(2).filter(|name| name.chars().count() >= 50)?;
        Some((at + 1, name))
    });
    let long: Vec<(usize, &str)> = long.collect();
    assert!(!long.is_empty());
    for (row, name) in long.iter().take(20) {
        let page = std::fs::read_dir(folder.path().join("out")).unwrap().find_map(|file| {
            let path = file.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            file.starts_with(&format!("{row:04}_")).then_some(path)
        });
        match page {
            Some(path) => {
                let page = common::text_of(&std::fs::read(path).unwrap());
                assert!(page.contains(&common::squeezed(name)), "row {row}: {name}: {page}");
            }
            None => assert!(refused.contains_key(row), "row {row}: {name}"),
        }
    }
    // Most can be printed; what cannot has its reason.
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    refused.values().flatten().for_each(|code| *codes.entry(code).or_default() += 1);
    println!("{} printed, {} refused {codes:?}\n{said}", printed.len(), refused.len());
    assert!(printed.len() > rows / 2, "{codes:?}");
    for code in ["glyph", "kind", "duplicate"] {
        assert!(codes.contains_key(code), "{code} is not in {codes:?}");
    }
}
