//! Which column of a roster is which value: what a map says, and for the rest what the headings mean.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::heading::{Heading, WITHIN};
use super::map::Map;
use super::plan::{Columns, Given};
use super::resolve::{Found, Joined, Resolver, together};
use super::skip::is_no_facility;
use super::source::Source;
use super::{apply, blame};
use crate::form::{Column, Form, Forms, Headings, MARKER_HEADINGS, fold};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::{Cell, Row, Table};

/// How many rows are looked at for what their values tell.
const SAMPLES: usize = 200;
/// How many faults of one sort are told one by one.
const APART: usize = 3;

/// What is expected of a roster.
pub(crate) struct Expected<'a> {
    pub forms: &'a Forms,
    /// The forms asked for; empty for every form whose section has a column.
    pub named: &'a [&'a Form],
    /// The keys that every row gets besides.
    pub set: &'a [String],
    pub ignore_unknown: bool,
    /// What the columns are, as the user says.
    pub map: Option<&'a Map>,
    /// Headings that are no fields and are read all the same, such as that of a member's number.
    pub own: &'a [String],
    /// Whether columns that the forms need may be absent: their blanks are filled in elsewhere.
    pub is_partial: bool,
}

impl Expected<'_> {
    /// Whether a column is known although no field is: it keeps the state of a facility, or is asked for.
    fn is_own(&self, heading: &str) -> bool {
        let same = |known: &str| fold(known) == fold(heading);
        STATE_HEADINGS.iter().any(|known| same(known)) || self.own.iter().any(|known| same(known))
    }
}

/// Columns in which a list keeps what became of a facility: when its forms were sent, what was answered.
pub(crate) const STATE_HEADINGS: [&str; 2] = ["発送日", "回答"];

/// Reads headings.
pub(super) struct Reader<'r, 'a> {
    pub table: &'r Table,
    pub headings: &'r Headings<'a>,
    pub heading: &'r Heading,
    pub expected: &'r Expected<'a>,
    pub report: &'r mut Report,
    /// What is wrong with the map, at its places in it.
    pub map_report: &'r mut Report,
    pub rows: OnceCell<Vec<Row>>,
}

impl Reader<'_, '_> {
    /// Which column is which value. What cannot be understood is reported.
    pub fn read(mut self) -> Columns {
        let mut columns = Columns::default();
        if self.heading.known == 0 && self.expected.map.is_none() {
            self.none();
            return columns;
        }
        self.merged();
        let is_clear = self.report.errors() == 0;
        let taken = match self.expected.map {
            Some(map) => {
                apply::apply(map, self.headings, &self.titles(), &mut columns, self.map_report)
            }
            None => BTreeSet::new(),
        };
        self.columns(&mut columns, &taken);
        if let Some(map) = self.expected.map {
            apply::finish(map, self.headings, self.expected.set, &mut columns, self.map_report);
        }
        if self.expected.named.is_empty() {
            self.strays(&mut columns);
        }
        // Behind merged headings everything else would be guesswork.
        if is_clear && !self.expected.is_partial {
            self.missing(&columns);
        }
        columns
    }

    fn titles(&self) -> Vec<String> {
        (0..self.heading.cells.len()).map(|column| self.title(column)).collect()
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
                    "シート「{}」を読みました。名簿がほかのシートにあるなら、そのシートだけを残してください。--sheet で指定することもできます（{}）",
                    self.table.sheet(),
                    self.table.sheets().join("、")
                ),
                format!(
                    "the sheet {} was read. If the roster is on another, leave only that one. Or name it with --sheet ({})",
                    self.table.sheet(),
                    self.table.sheets().join(", ")
                ),
            ),
            _ => Text::new(
                "空の名簿の見出しを使ってください。空の名簿は onshi roster で作れます",
                "use the headings of an empty roster. `onshi roster` makes one",
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
            self.report.push(fault.diagnostic().at(place));
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

    /// The headings that no map speaks of; `taken` are those it does.
    fn columns(&mut self, columns: &mut Columns, taken: &BTreeSet<usize>) {
        let wanted = self.wanted();
        let titles = self.titles();
        let mut is_garbled = false;
        let mut open: Vec<Option<&str>> = Vec::with_capacity(titles.len());
        for (i, cell) in self.heading.cells.iter().enumerate() {
            let title = titles[i].as_str();
            // A map that leaves it out means that it is no value; it marks the rows of examples all the same.
            let is_given = columns.values.iter().any(|given| given.source.columns().contains(&i));
            if columns.marker.is_none() && !is_given && MARKER_HEADINGS.contains(&title) {
                columns.marker = Some(i);
            }
            if let Cell::Faulty(fault) = cell
                && !taken.contains(&i)
            {
                // Whole headings in the wrong encoding are one fault.
                if fault.code != "encoding" || !std::mem::replace(&mut is_garbled, true) {
                    self.report.push(fault.diagnostic().at(self.place(i)));
                }
                open.push(None);
                continue;
            }
            if taken.contains(&i) {
                open.push(None);
            } else if title.is_empty() {
                columns.unheaded.push(i);
                open.push(None);
            } else if columns.marker == Some(i) {
                open.push(None);
            } else {
                open.push(Some(title));
            }
        }
        let samples = |column: usize| self.samples(column);
        let resolver =
            Resolver { headings: self.headings, wanted: wanted.as_ref(), samples: &samples };
        let found = resolver.resolve(&open);
        let joined = together(&found, self.headings);
        let in_join: BTreeSet<usize> =
            joined.iter().flat_map(|joined| joined.from.iter().map(|(index, _)| *index)).collect();
        joined.into_iter().for_each(|joined| self.add_joined(columns, joined, &titles));
        self.add_found(columns, &found, &in_join, &titles);
    }

    /// Adds what headings were understood as, and says which were not, together.
    fn add_found(
        &mut self,
        columns: &mut Columns,
        found: &[Found],
        in_join: &BTreeSet<usize>,
        titles: &[String],
    ) {
        let mut unknown: Vec<(usize, Diagnostic)> = Vec::new();
        for (i, found) in found.iter().enumerate().filter(|(i, _)| !in_join.contains(i)) {
            let title = titles[i].as_str();
            match found {
                Found::Nothing | Found::Piece(..) => {}
                Found::Field(column, _) => {
                    let column = self.headings.column(*column).clone();
                    self.add(columns, i, column);
                }
                Found::Other => columns.others.push(title.to_owned()),
                Found::Ignored => columns.ignored.push(title.to_owned()),
                _ if self.expected.ignore_unknown || self.expected.is_own(title) => {}
                Found::Unknown => unknown.push((i, blame::unknown(self.headings, title))),
                Found::Computed => {
                    let fault = blame::computed(title);
                    self.report.push(fault.at(self.place(i)));
                }
                Found::Ambiguous(several) => {
                    let fault = blame::ambiguous(self.headings, title, several);
                    self.report.push(fault.at(self.place(i)));
                }
            }
        }
        if unknown.len() <= APART {
            for (i, fault) in unknown {
                self.report.push(fault.at(self.place(i)));
            }
            return;
        }
        let names: Vec<&str> = unknown.iter().map(|(i, _)| titles[*i].as_str()).collect();
        let message = Text::new(
            format!("見出し {} つに当たる項目がありません: {}", names.len(), names.join("、")),
            format!("{} headings match no field: {}", names.len(), names.join(", ")),
        );
        let place = self.place(unknown[0].0);
        self.report
            .push(Diagnostic::error("unknown-field", message).with_hint(blame::by_map()).at(place));
    }

    /// Adds columns that together are a value, or says what it lacks.
    fn add_joined(&mut self, columns: &mut Columns, joined: Joined, titles: &[String]) {
        let (is_whole, lack) = (joined.is_whole(), joined.lack());
        let Joined { column, from, .. } = joined;
        let column = self.headings.column(column).clone();
        let names: Vec<&str> = from.iter().map(|(index, _)| titles[*index].as_str()).collect();
        let (names, heading) = ((names.join("、"), names.join(", ")), column.heading.clone());
        if is_whole && !columns.has(column.key()) {
            columns.joined.push(Text::new(
                format!("{} をつないで「{heading}」と読みました", names.0),
                format!("{} were joined as {heading}", names.1),
            ));
            columns.values.push(Given { column, source: Source::joined(from) });
            return;
        }
        if self.expected.ignore_unknown && !is_whole {
            return;
        }
        let lack = match is_whole {
            true => Text::new(
                format!("「{heading}」の列がほかにあります"),
                format!("another column is {heading}"),
            ),
            false => lack,
        };
        let message = Text::new(
            format!("{} だけでは「{heading}」をつなげません。{}", names.0, lack.ja),
            format!("{} cannot be joined as {heading}: {}", names.1, lack.en),
        );
        let place = self.place(from.first().map_or(0, |(index, _)| *index));
        let fault = Diagnostic::error("heading", message).with_field(column.key());
        self.report.push(fault.with_hint(blame::by_map()).at(place));
    }

    /// Values of a column, from the first rows that are facilities.
    fn samples(&self, column: usize) -> Vec<String> {
        let rows = self.rows.get_or_init(|| sample_rows(self.table, self.heading));
        let texts = rows.iter().filter_map(|row| row.cells.get(column)).map(Cell::to_string);
        texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
    }

    /// The keys of the forms asked for; none where all may be meant.
    fn wanted(&self) -> Option<BTreeSet<String>> {
        wanted(self.headings, self.expected.named)
    }

    fn add(&mut self, columns: &mut Columns, index: usize, column: Column) {
        let known = columns.values.iter().find(|given| given.column.path == column.path);
        let Some(known) = known else {
            let source = Source::of_cell(index);
            return columns.values.push(Given { column, source });
        };
        let written = self.title(index);
        let at = known.source.first();
        let (other, first) = (self.title(at), at + 1);
        let message = match other == written {
            true => Text::new(
                format!("見出し「{written}」が {first} 列目にもあります"),
                format!("the heading {written} is in column {first} too"),
            ),
            false => Text::new(
                format!(
                    "見出し「{written}」は {first} 列目の「{other}」と同じ項目「{}」です",
                    column.heading
                ),
                format!(
                    "the heading {written} is the same field as {other} in column {first}: {}",
                    column.heading
                ),
            ),
        };
        let hint = Text::new(
            "どちらか一方の列を消すか、onshi map で作る対応表で、使う列を決めてください",
            "remove one of the two columns, or say in a map made with `onshi map` which one is used",
        );
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
                let written = columns.values.iter().map(|given| given.column.key());
                let mut given = written.chain(self.expected.set.iter().map(String::as_str));
                *required && of_form(column.key()) && given.any(|key| key == column.key())
            });
            if is_meant {
                continue;
            }
            let strays: Vec<Given> =
                columns.values.extract_if(.., |given| of_form(given.column.key())).collect();
            for Given { column, source } in strays {
                let index = source.first();
                if !self.expected.ignore_unknown {
                    let fault = blame::stray(&self.title(index), form);
                    let place = self.place(index);
                    self.report.push(fault.with_field(column.key()).at(place));
                }
            }
        }
    }

    /// Says once which columns the forms lack.
    fn missing(&mut self, columns: &Columns) {
        let keys = || {
            let given = columns.values.iter().map(|given| given.column.key());
            given.chain(self.expected.set.iter().map(String::as_str))
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
                let hint = Text::new(
                    "作る様式を選んでください。--form で指定できます",
                    "choose the form to make. --form names it",
                );
                self.report.push(Diagnostic::error("required", message).with_hint(hint).at(place));
            }
            return;
        }
        let mut faults = Vec::new();
        for form in forms {
            let needed = self.headings.of(&[form]).into_iter().filter(|(_, required)| *required);
            let lacks: Vec<&Column> = needed
                .map(|(column, _)| column)
                .filter(|column| !keys().any(|key| key == column.key()))
                .collect();
            match lacks.len() <= APART {
                true => faults.extend(lacks.iter().map(|column| blame::lacking(column, form))),
                false => faults.push(blame::lacking_all(&lacks, form)),
            }
        }
        faults.into_iter().for_each(|fault| self.report.push(fault.at(place.clone())));
    }
}

/// The keys of the fields that forms take; none where no form is named.
pub(super) fn wanted(headings: &Headings<'_>, named: &[&Form]) -> Option<BTreeSet<String>> {
    let columns = headings.of(named);
    let keys = columns.into_iter().map(|(column, _)| column.path.key().to_owned());
    (!named.is_empty()).then(|| keys.collect())
}

/// The first rows of a list that are facilities.
pub(super) fn sample_rows(table: &Table, heading: &Heading) -> Vec<Row> {
    let mut rows = Vec::new();
    // What cannot be read is reported when the rows are.
    let _ = table.rows(&mut |row| {
        if row.number > heading.last && !is_no_facility(&row, &heading.rows) {
            rows.push(row);
        }
        if rows.len() < SAMPLES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    rows
}
