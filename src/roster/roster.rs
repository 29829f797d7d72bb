//! A roster: the heading decides once which cell is which value; every row then becomes a record.

use std::ops::ControlFlow;
use std::path::Path;

use super::entry::Entry;
use super::row::{Branch, RowReader, plant};
use crate::form::{Column, EXAMPLE_MARK, Form, Forms, HeadingFault, Headings, MARKER_HEADINGS};
use crate::record::{Key, Node, NodeValue, Record};
use crate::report::{Diagnostic, Place, Report, Source, Text};
use crate::table::{Cell, Encoding, Row, Table, TableError};

/// Among how many rows from the top the heading is looked for.
const HEADING_WITHIN: usize = 10;
/// A roster, its heading understood.
pub(crate) struct Roster<'a> {
    pub table: Table,
    headings: Headings<'a>,
    heading_row: u32,
    /// The heading as written, for reports.
    titles: Vec<String>,
    width: usize,
    marker: Option<usize>,
    /// Columns without a heading, or with an unknown one that is to be passed over.
    unheaded: Vec<usize>,
    /// How many example rows stand before the first facility.
    examples: u32,
    tree: Vec<(String, Branch<'a>)>,
    /// Sections that are left out of a record in which nothing is written in them.
    sections: Vec<String>,
}

/// What is expected of a roster.
pub(crate) struct Expected<'a> {
    pub forms: &'a Forms,
    /// The forms asked for; empty for every form whose section has a column.
    pub named: &'a [&'a Form],
    /// The keys that every row gets besides.
    pub set: &'a [String],
    pub ignore_unknown: bool,
}

impl<'a> Roster<'a> {
    /// Reads the heading.
    pub fn open(
        path: &Path,
        encoding: Option<Encoding>,
        expected: &Expected<'a>,
    ) -> Result<Self, TableError> {
        let table = Table::open(path, encoding)?;
        let headings = Headings::new(expected.forms);
        let Some(heading) = find_heading(&table, &headings)? else {
            return Err(Diagnostic::error(
                "syntax",
                Text::new("名簿に何も書かれていません", "the roster is empty"),
            )
            .with_hint(Text::new(
                "onshi roster で空の名簿を作れます",
                "make an empty roster with `onshi roster`",
            ))
            .into());
        };
        let row = heading.number;
        let mut report = Report::default();
        for (first, last) in table.merged(row) {
            let message = Text::new(
                "見出しのセルが結合されています。どの列の見出しか分かりません",
                "cells of the heading are merged, so it is not clear which column they belong to",
            );
            let hint = Text::new(
                format!("結合を解き、{} 列それぞれに見出しを書いてください", last - first + 1),
                format!(
                    "unmerge them and write a heading for each of the {} columns",
                    last - first + 1
                ),
            );
            let place = table.place(row, first as usize);
            report.push(Diagnostic::error("heading", message).with_hint(hint).at(Some(place)));
        }
        let mut roster = Roster {
            heading_row: row,
            titles: heading.cells.iter().map(Cell::to_string).collect(),
            width: heading.cells.len(),
            marker: None,
            unheaded: Vec::new(),
            examples: 0,
            tree: Vec::new(),
            sections: Vec::new(),
            headings,
            table,
        };
        let mut columns = roster.columns(&heading, expected, &mut report);
        if expected.named.is_empty() {
            roster.strays(&mut columns, expected, &mut report);
        }
        // Behind a merged heading everything else would be guesswork.
        if report.errors() == 0 {
            roster.missing(&columns, expected, &mut report);
        }
        if report.errors() == 0 && !roster.has_rows()? {
            let message = Text::new(
                "見出しだけで、施設の行がありません",
                "there is a heading but no facility below it",
            );
            let place = roster.table.place(row, 1);
            report.push(Diagnostic::error("syntax", message).at(Some(place)));
        }
        if report.errors() > 0 {
            report.sort();
            return Err(TableError::Faulty(Box::new(report)));
        }
        for (index, column) in &columns {
            // Every column's key is the dictionary's.
            let Some(field) = roster.headings.field(&column.key) else { continue };
            plant(&mut roster.tree, &column.key, *index, field);
        }
        if expected.named.is_empty() {
            let sections = expected.forms.sections();
            roster.sections = sections.map(str::to_owned).collect();
        }
        if row > 1 {
            roster.table.notes.push(Text::new(
                format!("{row} 行目を見出しとして読みました"),
                format!("row {row} was read as the heading"),
            ));
        }
        Ok(roster)
    }

    /// Which column is which value.
    fn columns(
        &mut self,
        heading: &Row,
        expected: &Expected<'_>,
        report: &mut Report,
    ) -> Vec<(usize, Column)> {
        let mut columns: Vec<(usize, Column)> = Vec::new();
        let (mut unknown, mut is_garbled) = (0, false);
        for (i, cell) in heading.cells.iter().enumerate() {
            let place = Some(self.table.place(heading.number, i + 1));
            let written = match cell {
                Cell::Empty => {
                    self.unheaded.push(i);
                    continue;
                }
                Cell::Faulty(fault) => {
                    // A whole heading in the wrong encoding is one fault.
                    if fault.code == "encoding" && std::mem::replace(&mut is_garbled, true) {
                        continue;
                    }
                    report.push(
                        Diagnostic::error(fault.code, fault.message.clone())
                            .with_hint(fault.hint.clone())
                            .at(place),
                    );
                    continue;
                }
                cell => cell.to_string(),
            };
            if self.marker.is_none() && MARKER_HEADINGS.contains(&written.trim()) {
                self.marker = Some(i);
                continue;
            }
            let fault = match self.headings.find(&written) {
                Ok(column) => {
                    match columns.iter().find(|(_, known)| known.key == column.key) {
                        None => columns.push((i, column.clone())),
                        Some((first, _)) => report.push(
                            Diagnostic::error(
                                "duplicate-field",
                                Text::new(
                                    format!(
                                        "見出し「{}」が {} 列目にもあります",
                                        written.trim(),
                                        first + 1
                                    ),
                                    format!(
                                        "the heading {} is in column {} too",
                                        written.trim(),
                                        first + 1
                                    ),
                                ),
                            )
                            .with_field(&column.key)
                            .with_hint(Text::new(
                                "どちらか一方の列を消してください",
                                "remove one of the two columns",
                            ))
                            .at(place),
                        ),
                    }
                    continue;
                }
                Err(fault) => fault,
            };
            if expected.ignore_unknown && !matches!(fault, HeadingFault::Ambiguous(_)) {
                self.unheaded.push(i);
                continue;
            }
            unknown += usize::from(fault == HeadingFault::Unknown);
            report.push(self.heading_fault(written.trim(), fault).at(place));
        }
        if unknown > 0 && columns.is_empty() {
            report.push(
                Diagnostic::error(
                    "heading",
                    Text::new("見出しの行が見つかりません", "no row of headings was found"),
                )
                .with_hint(Text::new(
                    "onshi roster で作った名簿の見出しを使ってください",
                    "use the headings of a roster made with `onshi roster`",
                ))
                .at(Some(self.table.place(heading.number, 1))),
            );
        }
        columns
    }

    /// Columns such as 備考 that some form takes of which there is nothing else: they call for no form.
    fn strays(
        &mut self,
        columns: &mut Vec<(usize, Column)>,
        expected: &Expected<'_>,
        report: &mut Report,
    ) {
        for form in expected.forms.forms() {
            let of_form = |key: &str| key.split(['.', '[']).next() == Some(&form.section.value);
            let required = self.headings.of(&[form]);
            let is_meant = required.iter().any(|(column, required)| {
                let given = columns.iter().map(|(_, column)| &column.key).chain(expected.set);
                *required && of_form(&column.key) && given.into_iter().any(|key| *key == column.key)
            });
            if is_meant {
                continue;
            }
            let stray = columns.extract_if(.., |(_, column)| of_form(&column.key));
            for (index, column) in stray {
                self.unheaded.push(index);
                if expected.ignore_unknown {
                    continue;
                }
                let (written, name) = (self.titles[index].trim(), form.short_name());
                let message = Text::new(
                    format!(
                        "見出し「{written}」は{name}の項目ですが、{name}に要る列がほかにありません"
                    ),
                    format!(
                        "the heading {written} is one of {name}, of which no needed column is there"
                    ),
                );
                let hint = Text::new(
                    format!(
                        "使わない列なら --ignore-unknown、{name}も作るなら --form {name} をつけてください"
                    ),
                    format!(
                        "give --ignore-unknown if the column is not needed, --form {name} if the form is"
                    ),
                );
                let place = self.table.place(self.heading_row, index + 1);
                report.push(
                    Diagnostic::error("unknown-field", message)
                        .with_field(column.key)
                        .with_hint(hint)
                        .at(Some(place)),
                );
            }
        }
    }

    /// Says once which columns the forms lack.
    fn missing(&self, columns: &[(usize, Column)], expected: &Expected<'_>, report: &mut Report) {
        let has = |key: &str| {
            let set = expected.set.iter().map(String::as_str);
            columns.iter().map(|(_, c)| c.key.as_str()).chain(set).any(|known| known == key)
        };
        let in_section = |section: &str| {
            let inside = |key: &str| key.split(['.', '[']).next() == Some(section);
            columns.iter().any(|(_, c)| inside(&c.key))
                || expected.set.iter().any(|key| inside(key))
        };
        let forms: Vec<&Form> = if expected.named.is_empty() {
            expected.forms.of_sections(in_section).collect()
        } else {
            expected.named.to_vec()
        };
        let place = Some(self.table.place(self.heading_row, 1));
        if forms.is_empty() {
            let message =
                Text::new("どの様式の列もありません", "the roster has no column of any form");
            let hint = Text::new("--form で様式を指定してください", "name a form with --form");
            report.push(Diagnostic::error("required", message).with_hint(hint).at(place));
            return;
        }
        for form in forms {
            for (column, required) in self.headings.of(&[form]) {
                if !required || has(&column.key) {
                    continue;
                }
                let name = form.short_name();
                report.push(
                    Diagnostic::error(
                        "required",
                        Text::new(
                            format!("{name}に要る列「{}」がありません", column.heading),
                            format!("{name} needs the column {}", column.heading),
                        ),
                    )
                    .with_form(&form.id)
                    .with_field(&column.key)
                    .with_hint(Text::new(
                        format!(
                            "列を足すか、全施設に共通なら --set {}=値 をつけてください",
                            column.key
                        ),
                        format!(
                            "add the column, or give --set {}=VALUE if all facilities share the value",
                            column.key
                        ),
                    ))
                    .at(place.clone()),
                );
            }
        }
    }

    fn has_rows(&mut self) -> Result<bool, TableError> {
        let (mut found, mut examples) = (false, 0);
        self.table.rows(&mut |row| {
            if row.number <= self.heading_row {
                return ControlFlow::Continue(());
            }
            found = !self.is_example(&row);
            examples += u32::from(!found);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        self.examples = examples;
        Ok(found)
    }

    fn is_example(&self, row: &Row) -> bool {
        let mark = self.marker.and_then(|column| row.cells.get(column));
        mark.is_some_and(|cell| cell.to_string().trim() == EXAMPLE_MARK)
    }

    /// Hands over every facility in order, and says how many example rows were passed over.
    pub fn each(&self, hand: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), TableError> {
        self.table.rows(&mut |row| {
            if row.number <= self.heading_row || self.is_example(&row) {
                return ControlFlow::Continue(());
            }
            hand(self.entry(&row))
        })
    }

    /// How many facilities there are at most.
    pub fn most(&self) -> u64 {
        u64::from(self.table.height().saturating_sub(self.heading_row + self.examples))
    }

    /// What stands above a column.
    pub fn title(&self, place: Option<&Place>, field: Option<&str>) -> String {
        let column = match place {
            Some(Place::Cell { column, .. }) => *column as usize,
            _ => 0,
        };
        let written = column.checked_sub(1).and_then(|i| self.titles.get(i));
        match (written, field) {
            // A missing value is blamed on the first cell of its section.
            (written, Some(field)) if written.is_none_or(|w| !self.heads(w, field)) => {
                self.headings.heading(field).to_owned()
            }
            (Some(written), _) => written.trim().to_owned(),
            (None, _) => String::new(),
        }
    }

    fn heads(&self, title: &str, field: &str) -> bool {
        self.headings.find(title).is_ok_and(|column| {
            let list = crate::key::plain_key(&column.key);
            column.key == field || list == field || list.starts_with(&format!("{field}."))
        })
    }

    fn entry(&self, row: &Row) -> Entry {
        let mut report = Report::default();
        let place = |column: usize| self.table.place(row.number, column + 1);
        let written = row.cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |i| i + 1);
        if written > self.width {
            let (found, wanted) = (row.cells.len(), self.width);
            report.push(
                Diagnostic::error(
                    "row-length",
                    Text::new(
                        format!("セルが {found} 個あり、見出しの {wanted} 列と合いません"),
                        format!("{found} cells, but the heading has {wanted}"),
                    ),
                )
                .with_hint(Text::new(
                    "区切りのコンマが抜けたり増えたりしていないか確かめてください",
                    "look for a missing or extra comma, or an unquoted comma inside a value",
                ))
                .at(Some(place(found.min(wanted)))),
            );
            return Entry::unreadable(row.number, self.source(), report);
        }
        let mut reader = RowReader { row, report: &mut report, place: &place };
        let mut entries = Vec::new();
        for (name, branch) in &self.tree {
            let (node, is_written) = reader.node(branch);
            if is_written || !self.sections.contains(name) {
                let key = Key { text: name.clone(), place: node.place.clone() };
                entries.push((key, node));
            }
        }
        let root = Node { place: place(0), value: NodeValue::Map(entries) };
        Entry::new(row.number, Record { source: self.source(), root }, report)
    }

    fn heading_fault(&self, written: &str, fault: HeadingFault) -> Diagnostic {
        let ignore = Text::new(
            "使わない列なら --ignore-unknown をつけてください",
            "if you don't need the column, give --ignore-unknown",
        );
        match fault {
            HeadingFault::Unknown => Diagnostic::error(
                "unknown-field",
                Text::new(
                    format!("見出し「{written}」に当たる項目はありません"),
                    format!("the heading {written} matches no field"),
                ),
            )
            .with_hint(match self.headings.nearest(written) {
                Some(n) => Text::new(
                    format!("{}。{}", n.ja, ignore.ja),
                    format!("{} Otherwise: {}", n.en, ignore.en),
                ),
                None => ignore,
            }),
            HeadingFault::Ambiguous(names) => Diagnostic::error(
                "heading",
                Text::new(
                    format!("見出し「{written}」に当たる項目が {} つあります", names.len()),
                    format!("the heading {written} matches {} fields", names.len()),
                ),
            )
            .with_hint(Text::new(
                format!("{} のいずれかを書いてください", names.join("、")),
                format!("write one of {}", names.join(", ")),
            )),
            HeadingFault::Computed => Diagnostic::error(
                "unknown-field",
                Text::new(
                    format!("「{written}」は計算で求めるので、名簿に書きません"),
                    format!("{written} is computed and is not written in a roster"),
                ),
            )
            .with_hint(ignore),
        }
    }

    fn source(&self) -> Source {
        self.table.source.clone()
    }
}

/// The row with the most known headings among the first; the first one on a tie.
fn find_heading(table: &Table, headings: &Headings<'_>) -> Result<Option<Row>, TableError> {
    let mut rows = Vec::new();
    table.rows(&mut |row| {
        rows.push(row);
        if rows.len() < HEADING_WITHIN { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let known = |row: &Row| {
        let named = |cell: &&Cell| match cell {
            Cell::Text(text) => headings.knows(text),
            _ => false,
        };
        row.cells.iter().filter(named).count()
    };
    let best = rows.iter().map(known).max().unwrap_or(0);
    Ok(rows.into_iter().find(|row| known(row) == best))
}
