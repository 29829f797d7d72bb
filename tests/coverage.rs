//! `forms/COVERAGE.md` names every field a form takes and every rule it has.

use std::collections::BTreeSet;

use crate::common;
use onshi::form::Forms;

#[test]
fn every_blank_and_every_rule_is_named() {
    let coverage = std::fs::read_to_string(common::root().join("forms/COVERAGE.md")).unwrap();
    for form in Forms::built_in().forms() {
        for cell in form.field_cells() {
            let field = cell.value.field.as_ref().map(|f| format!("`{}`", f.value)).unwrap();
            assert!(coverage.contains(&field), "{}: {field} is not in COVERAGE.md", form.id);
        }
        for rule in form.codes() {
            let rule = format!("`{rule}`");
            assert!(coverage.contains(&rule), "{rule} is not in COVERAGE.md");
        }
    }
}

/// The tests that COVERAGE.md names, in a column `test` or in its prose, are functions.
#[test]
fn the_tests_it_names_are_there() {
    let coverage = std::fs::read_to_string(common::root().join("forms/COVERAGE.md")).unwrap();
    let files: Vec<String> = ["src", "tests"].into_iter().flat_map(common::rust_files).collect();
    let functions: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| file.lines())
        .filter_map(|line| Some(line.trim_start().strip_prefix("fn ")?.split_once('(')?.0))
        .collect();
    let named = tests_named(&coverage);
    assert!(named.len() > 20, "{named:?}");
    assert_eq!(named.difference(&functions).collect::<Vec<_>>(), Vec::<&&str>::new());
}

/// The files and folders that COVERAGE.md names are there.
#[test]
fn the_files_it_names_are_there() {
    let coverage = std::fs::read_to_string(common::root().join("forms/COVERAGE.md")).unwrap();
    let is_path = |word: &&str| {
        ["src/", "tests/", "forms/"].iter().any(|folder| word.starts_with(folder))
            && !word.contains('<')
    };
    let paths: BTreeSet<&str> = code_spans(&coverage).filter(is_path).collect();
    assert!(paths.len() > 10, "{paths:?}");
    for path in paths {
        assert!(common::root().join(path).exists(), "{path} is not there");
    }
}

/// What stands between backticks.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn tests_named(coverage: &str) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    let mut in_table_of_tests = false;
    for line in coverage.lines() {
        let Some(row) = line.strip_prefix('|') else {
            in_table_of_tests = false;
            let is_name = |word: &&str| word.contains('_') && !word.contains(['.', '/']);
            named.extend(code_spans(line).filter(is_name));
            continue;
        };
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        if last == "test" {
            in_table_of_tests = true;
        } else if in_table_of_tests && last != "---" {
            named.extend(last.split(", ").map(|name| name.trim_matches('`')));
        }
    }
    named
}
