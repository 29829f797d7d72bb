//! `forms/COVERAGE.md` names every field a form takes and every rule it has.

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

/// The tests that COVERAGE.md names are there.
#[test]
fn the_tests_it_names_are_there() {
    let coverage = std::fs::read_to_string(common::root().join("forms/COVERAGE.md")).unwrap();
    let code: String =
        ["src", "tests"].iter().flat_map(|folder| common::rust_files(folder)).collect();
    let is_name = |word: &&str| {
        word.len() > 15
            && word.contains('_')
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    for name in coverage.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(is_name) {
        let known = code.contains(&format!("fn {name}(")) || code.contains(name);
        assert!(known, "{name} is not in the tests");
    }
}
