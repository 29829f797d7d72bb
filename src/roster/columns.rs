//! Which column of a roster is which value.

use std::collections::BTreeSet;

use super::heading::{Heading, WITHIN};
use crate::form::{Column, Form, Forms, HeadingFault, Headings, MARKER_HEADINGS};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::{Cell, Table};

/// What is expected of a roster.
pub(crate) struct Expected<'a> {
    pub forms: &'a Forms,
    /// The forms asked for; empty for every form whose section has a column.
    pub named: &'a [&'a Form],
    /// The keys that every row gets besides.
    pub set: &'a [String],
    pub ignore_unknown: bool,
}

/// What the headings were understood as.
#[derive(Default)]
pub(super) struct Columns {
    /// The columns with a value, each with its index.
    pub values: Vec<(usize, Column)>,
    /// The column that marks rows which are no facility.
    pub marker: Option<usize>,
    /// Columns that are not read: without a heading, or with one that is to be skipped.
    pub unread: Vec<usize>,
    /// Headings of fields that only other forms have.
    others: Vec<String>,
}

impl Columns {
    /// That columns of other forms are not read, once for all; none where there are none.
    pub fn note(&self) -> Option<Text> {
        let (ja, en) = (self.others.join("、"), self.others.join(", "));
        (!self.others.is_empty()).then(|| {
            Text::new(
                format!("指定の様式で使わない列は読みません: {ja}"),
                format!("columns that the forms asked for do not use are not read: {en}"),
            )
        })
    }
}

/// Reads headings.
pub(super) struct Reader<'r, 'a> {
    pub table: &'r Table,
    pub headings: &'r Headings<'a>,
    pub heading: &'r Heading,
    pub expected: &'r Expected<'a>,
    pub report: &'r mut Report,
}

impl Reader<'_, '_> {
    /// Which column is which value. What cannot be understood is reported.
    pub fn read(mut self) -> Columns {
        let mut columns = Columns::default();
        if self.heading.known == 0 {
            self.none();
            return columns;
        }
        self.merged();
        let is_clear = self.report.errors() == 0;
        self.columns(&mut columns);
        if self.expected.named.is_empty() {
            self.strays(&mut columns);
        }
        // Behind merged headings everything else would be guesswork.
        if is_clear {
            self.missing(&columns.values);
        }
        columns
    }

    fn place(&self, column: usize) -> Option<Place> {
        Some(self.table.place(self.heading.row(), column + 1))
    }

    fn title(&self, column: usize) -> String {
        self.heading.cells.get(column).map_or_else(String::new, Cell::to_string).trim().to_owned()
    }

    /// No row of headings.
    fn none(&mut self) {
        let message = Text::new(
            format!("見出しの行が見つかりません（先頭から {WITHIN} 行まで）"),
            format!("no row of headings was found in the first {WITHIN} rows"),
        );
        let hint = match self.table.sheets() {
            [_, _, ..] => Text::new(
                format!(
                    "シート「{}」を読みました。ほかのシートなら --sheet で指定してください（{}）",
                    self.table.sheet(),
                    self.table.sheets().join("、")
                ),
                format!(
                    "the sheet {} was read; for another give --sheet ({})",
                    self.table.sheet(),
                    self.table.sheets().join(", ")
                ),
            ),
            _ => Text::new(
                "onshi roster で作った名簿の見出しを使ってください",
                "use the headings of a roster made with `onshi roster`",
            ),
        };
        // What cannot be decoded may be the headings.
        let cells = self.heading.cells.iter().enumerate();
        let garbled = cells.filter_map(|(column, cell)| match cell {
            Cell::Faulty(fault) => Some((column, fault)),
            _ => None,
        });
        for (column, fault) in garbled.take(1) {
            let place = self.place(column);
            let said = Diagnostic::error(fault.code, fault.message.clone());
            self.report.push(said.with_hint(fault.hint.clone()).at(place));
        }
        let place = self.place(0);
        self.report.push(Diagnostic::error("heading", message).with_hint(hint).at(place));
    }

    /// Headings over several columns.
    fn merged(&mut self) {
        for range in &self.heading.merged {
            let message = Text::new(
                "見出しのセルが結合されています。どの列の見出しか分かりません",
                "cells of the heading are merged, so it is not clear which column they belong to",
            );
            let count = range.last_column - range.column + 1;
            let hint = Text::new(
                format!("結合を解き、{count} 列それぞれに見出しを書いてください"),
                format!("unmerge them and write a heading for each of the {count} columns"),
            );
            let place = self.place(usize::from(range.column));
            self.report.push(Diagnostic::error("heading", message).with_hint(hint).at(place));
        }
    }

    fn columns(&mut self, columns: &mut Columns) {
        let wanted = self.wanted();
        let mut is_garbled = false;
        for (i, cell) in self.heading.cells.iter().enumerate() {
            let place = self.place(i);
            let written = match cell {
                Cell::Empty => {
                    columns.unread.push(i);
                    continue;
                }
                Cell::Faulty(fault) => {
                    // Whole headings in the wrong encoding are one fault.
                    if fault.code != "encoding" || !std::mem::replace(&mut is_garbled, true) {
                        let said = Diagnostic::error(fault.code, fault.message.clone());
                        self.report.push(said.with_hint(fault.hint.clone()).at(place));
                    }
                    continue;
                }
                cell => cell.to_string().trim().to_owned(),
            };
            if columns.marker.is_none() && MARKER_HEADINGS.contains(&written.as_str()) {
                columns.marker = Some(i);
                continue;
            }
            match self.headings.find_among(&written, wanted.as_ref()) {
                Ok(column) => self.add(columns, i, column.clone()),
                Err(HeadingFault::Other) => {
                    columns.unread.push(i);
                    columns.others.push(written);
                }
                Err(_) if self.expected.ignore_unknown => columns.unread.push(i),
                Err(fault) => {
                    let fault = self.heading_fault(&written, fault).at(place);
                    self.report.push(fault);
                }
            }
        }
    }

    /// The keys of the forms asked for; none where all may be meant.
    fn wanted(&self) -> Option<BTreeSet<String>> {
        let columns = self.headings.of(self.expected.named);
        let keys = columns.into_iter().map(|(column, _)| column.path.key().to_owned());
        (!self.expected.named.is_empty()).then(|| keys.collect())
    }

    fn add(&mut self, columns: &mut Columns, index: usize, column: Column) {
        let Some((first, _)) = columns.values.iter().find(|(_, known)| known.path == column.path)
        else {
            return columns.values.push((index, column));
        };
        let (written, first) = (self.title(index), first + 1);
        let message = Text::new(
            format!("見出し「{written}」が {first} 列目にもあります"),
            format!("the heading {written} is in column {first} too"),
        );
        let hint = Text::new("どちらか一方の列を消してください", "remove one of the two columns");
        let place = self.place(index);
        let fault = Diagnostic::error("duplicate-field", message).with_field(column.key());
        self.report.push(fault.with_hint(hint).at(place));
    }

    /// Columns such as 備考 that some form takes of which there is nothing else: they call for no form.
    fn strays(&mut self, columns: &mut Columns) {
        for form in self.expected.forms.forms() {
            let of_form = |key: &str| key.split(['.', '[']).next() == Some(&form.section.value);
            let required = self.headings.of(&[form]);
            let is_meant = required.iter().any(|(column, required)| {
                let written = columns.values.iter().map(|(_, column)| column.key());
                let mut given = written.chain(self.expected.set.iter().map(String::as_str));
                *required && of_form(column.key()) && given.any(|key| key == column.key())
            });
            if is_meant {
                continue;
            }
            let strays: Vec<(usize, Column)> =
                columns.values.extract_if(.., |(_, column)| of_form(column.key())).collect();
            for (index, column) in strays {
                columns.unread.push(index);
                if !self.expected.ignore_unknown {
                    let fault = stray(&self.title(index), form);
                    let place = self.place(index);
                    self.report.push(fault.with_field(column.key()).at(place));
                }
            }
        }
    }

    /// Says once which columns the forms lack.
    fn missing(&mut self, columns: &[(usize, Column)]) {
        let keys = || {
            columns.iter().map(|(_, c)| c.key()).chain(self.expected.set.iter().map(String::as_str))
        };
        let in_section =
            |section: &str| keys().any(|key| key.split(['.', '[']).next() == Some(section));
        let forms: Vec<&Form> = if self.expected.named.is_empty() {
            self.expected.forms.of_sections(in_section).collect()
        } else {
            self.expected.named.to_vec()
        };
        let place = self.place(0);
        if forms.is_empty() {
            // An unknown heading may be the form's.
            if self.report.errors() == 0 {
                let message =
                    Text::new("どの様式の列もありません", "the roster has no column of any form");
                let hint = Text::new("--form で様式を指定してください", "name a form with --form");
                self.report.push(Diagnostic::error("required", message).with_hint(hint).at(place));
            }
            return;
        }
        let mut faults = Vec::new();
        for form in forms {
            for (column, required) in self.headings.of(&[form]) {
                if required && !keys().any(|key| key == column.key()) {
                    faults.push(lacking(column, form).at(place.clone()));
                }
            }
        }
        self.report.diagnostics.extend(faults);
    }

    fn heading_fault(&self, written: &str, fault: HeadingFault) -> Diagnostic {
        let ignore = Text::new(
            "使わない列なら --ignore-unknown をつけてください",
            "if you don't need the column, give --ignore-unknown",
        );
        let (code, message, hint) = match fault {
            HeadingFault::Unknown | HeadingFault::Other => (
                "unknown-field",
                Text::new(
                    format!("見出し「{written}」に当たる項目はありません"),
                    format!("the heading {written} matches no field"),
                ),
                match self.headings.nearest(written) {
                    Some(n) => Text::new(
                        format!("{}。{}", n.ja, ignore.ja),
                        format!("{} Otherwise: {}", n.en, ignore.en),
                    ),
                    None => ignore,
                },
            ),
            HeadingFault::Ambiguous(names) => (
                "heading",
                Text::new(
                    format!("見出し「{written}」に当たる項目が {} つあります", names.len()),
                    format!("the heading {written} matches {} fields", names.len()),
                ),
                Text::new(
                    format!("{} のいずれかを書いてください。{}", names.join("、"), ignore.ja),
                    format!("write one of {}; {}", names.join(", "), ignore.en),
                ),
            ),
            HeadingFault::Computed => (
                "unknown-field",
                Text::new(
                    format!("「{written}」は計算で求めるので、名簿に書きません"),
                    format!("{written} is computed and is not written in a roster"),
                ),
                ignore,
            ),
        };
        Diagnostic::error(code, message).with_hint(hint)
    }
}

/// A column of a form that has no other.
fn stray(written: &str, form: &Form) -> Diagnostic {
    let name = form.short_name();
    let message = Text::new(
        format!("見出し「{written}」は{name}の項目ですが、{name}に要る列がほかにありません"),
        format!("the heading {written} is one of {name}, of which no needed column is there"),
    );
    let hint = Text::new(
        format!("使わない列なら --ignore-unknown、{name}も作るなら --form {name} をつけてください"),
        format!("give --ignore-unknown if the column is not needed, --form {name} if the form is"),
    );
    Diagnostic::error("unknown-field", message).with_hint(hint)
}

/// A column that a form needs and the roster lacks.
fn lacking(column: &Column, form: &Form) -> Diagnostic {
    let (name, heading, key) = (form.short_name(), &column.heading, column.key());
    let message = Text::new(
        format!("{name}に要る列「{heading}」がありません"),
        format!("{name} needs the column {heading}"),
    );
    let hint = Text::new(
        format!("列を足すか、全施設に共通なら --set {key}=値 をつけてください"),
        format!("add the column, or give --set {key}=VALUE if all facilities share the value"),
    );
    let fault = Diagnostic::error("required", message).with_form(&form.id);
    fault.with_field(key).with_hint(hint)
}
