//! `docs/dependencies.md` lists every direct dependency, and no other; `LICENSES-THIRD-PARTY.txt` has the
//! crates as they are locked.

use std::collections::BTreeSet;
use std::path::Path;

/// The names in Cargo.toml's tables of dependencies.
fn depended_on() -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

/// The first cells of the page's table.
fn listed(page: &str) -> Vec<String> {
    let text = read(page);
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, _)| name.to_owned()).collect()
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).expect("the file is there")
}

#[test]
fn the_page_lists_the_dependencies() {
    let depended_on = depended_on();
    assert!(depended_on.contains("clap") && depended_on.contains("insta"), "{depended_on:?}");
    let listed = listed("docs/dependencies.md");
    let once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(once, depended_on);
    assert_eq!(listed.len(), once.len(), "a crate is listed twice");
}

/// The crates of the file of licences, with their versions.
fn licensed() -> BTreeSet<(String, String)> {
    let text = read("LICENSES-THIRD-PARTY.txt");
    let crates = text.lines().filter_map(|line| line.split_once(" — ")?.0.split_once(' '));
    crates.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

#[test]
fn the_licences_are_those_of_the_locked_crates() {
    let lock = read("Cargo.lock");
    let quoted = |line: &str, key: &str| {
        Some(line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')?.to_owned())
    };
    let locked: BTreeSet<(String, String)> = lock
        .split("[[package]]")
        .filter_map(|package| {
            let value = |key| package.lines().find_map(|line| quoted(line, key));
            Some((value("name")?, value("version")?))
        })
        .collect();
    let licensed = licensed();
    assert!(licensed.len() > 100, "{}", licensed.len());
    let stale: Vec<_> = licensed.difference(&locked).collect();
    assert!(stale.is_empty(), "{stale:?}: run .ci/licences");
    // What the program is linked with is in the file: its direct dependencies at least.
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once("\n[dependencies]\n").expect("a table");
    let direct = rest.lines().take_while(|line| !line.starts_with('['));
    for name in direct.filter_map(|line| Some(line.split_once('=')?.0.trim())) {
        // A macro runs when the program is compiled and is no part of it.
        let is_there = licensed.iter().any(|(licensed, _)| licensed == name);
        assert!(is_there || name.ends_with("_derive"), "{name}: run .ci/licences");
    }
}
