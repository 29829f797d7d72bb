//! `docs/dependencies.md` lists every direct dependency, and no other.

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
