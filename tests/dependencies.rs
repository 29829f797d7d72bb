//! The READMEs name every direct dependency, and no other.

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

/// The first cells of the table under a heading.
fn listed(readme: &str, heading: &str) -> Vec<String> {
    let text = read(readme);
    let (_, section) = text.split_once(heading).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, _)| name.to_owned()).collect()
}

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).expect("the file is there")
}

#[test]
fn the_readmes_list_the_dependencies() {
    let depended_on = depended_on();
    assert!(depended_on.contains("krilla") && depended_on.contains("insta"), "{depended_on:?}");
    for (readme, heading) in
        [("README.md", "\n## Dependencies\n"), ("README.ja.md", "\n## 依存ライブラリ\n")]
    {
        let listed = listed(readme, heading);
        let once: BTreeSet<String> = listed.iter().cloned().collect();
        assert_eq!(once, depended_on, "{readme}");
        assert_eq!(listed.len(), once.len(), "{readme} lists a crate twice");
    }
}
