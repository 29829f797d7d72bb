//! `forms/COVERAGE.md` has every blank and every rule of the definitions, and names tests and files that are there.

use std::collections::BTreeSet;

use crate::common;
use onshi::form::{Form, Forms};
use onshi::report::Severity;

/// The tables of a form are made from its definition.
#[test]
fn the_tables_are_those_of_the_definitions() {
    let forms = Forms::built_in();
    for form in forms.forms() {
        let tables = format!(
            "\n### Blanks\n\n{}\n### Rules\n\n{}\n",
            blanks(forms, form),
            rules(forms, form)
        );
        common::assert_generated("forms/COVERAGE.md", &form.id, &tables);
    }
}

fn blanks(forms: &Forms, form: &Form) -> String {
    let mut table = "| blank | field | shown as | required |\n|---|---|---|---|\n".to_owned();
    for cell in form.field_cells() {
        let cell = &cell.value;
        let path = &cell.field.as_ref().expect("a cell with a field").value;
        let label = forms.dictionary().label(path.key()).ja;
        let ticks = cell.is.as_ref().map(|is| format!("「{is}」")).unwrap_or_default();
        let shown = cell.show.map_or("as written".to_owned(), |s| format!("{s:?}").to_lowercase());
        let computed = forms.dictionary().get(path.key()).is_some_and(|field| field.computed);
        let required = match forms.needs(form).required().contains(path.key()) {
            _ if computed => "computed",
            // Whether a list has the item is for its rules.
            true if path.selector.is_some() => "of an item",
            true => "yes",
            false => "no",
        };
        table += &format!("| {label}{ticks} | `{path}` | {shown} | {required} |\n");
    }
    table
}

fn rules(forms: &Forms, form: &Form) -> String {
    let mut rows: Vec<[String; 3]> = Vec::new();
    for rule in form.rules.iter().map(|rule| &rule.value) {
        let warning = if rule.level == Severity::Warning { " (W)" } else { "" };
        let says = format!("{}{warning}", without_values(&rule.message.ja));
        rows.push([format!("{}/{}", form.id, rule.id), says, rule.cite.clone()]);
    }
    // After the codes of the rules those of each field that is needed; the last says that it is missing.
    let codes = form.codes();
    let is_last = |code: &String| !code.ends_with("-unused") && !code.ends_with("-open");
    let of_fields = codes[rows.len()..].split_inclusive(is_last);
    let fields = form.fields.iter().map(|field| &field.value);
    let needed = fields.filter_map(|field| Some((field, field.needed.as_ref()?)));
    for ((field, needed), codes) in needed.zip(of_fields) {
        let label = forms.dictionary().label(&field.key).ja;
        for code in codes {
            let says = match code.rsplit('-').next() {
                Some("unused") => format!("{label}: there, and not needed (W)"),
                Some("open") => format!("{label}: to be filled in later (W)"),
                _ => format!("{label}: needed, and not there"),
            };
            rows.push([code.clone(), says, needed.cite.clone()]);
        }
    }
    assert_eq!(rows.len(), codes.len(), "{}: a row for each code", form.id);
    if let Some(skip) = &form.skip {
        let says = format!("{} (W)", without_values(&skip.message.ja));
        rows.push([format!("{}/skip", form.id), says, skip.cite.clone()]);
    }
    let mut table = "| rule | says (W: warning) | source |\n|---|---|---|\n".to_owned();
    for [code, says, cite] in rows {
        table += &format!("| `{code}` | {says} | {cite} |\n");
    }
    table
}

/// A message with `…` where its values stand.
fn without_values(message: &str) -> String {
    let mut depth = 0;
    let mut text = String::new();
    for c in message.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    text.push('…');
                }
            }
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
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
            let is_name = |word: &&str| word.contains('_') && !word.contains(['.', '/', ' ']);
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
