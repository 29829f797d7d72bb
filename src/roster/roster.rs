//! A roster: the heading decides once which cell is which value; every row then becomes a record.

use std::ops::ControlFlow;
use std::path::Path;

use super::columns::{Columns, Expected, Reader};
use super::entry::Entry;
use super::heading::{self, Heading};
use super::row::RowReader;
use super::skip::{Skipped, is_no_facility};
use crate::form::{EXAMPLE_MARK, Field, Headings};
use crate::record::{Node, NodeValue, Record, Shape};
use crate::report::{Diagnostic, Place, Report, Source, Text};
use crate::table::{Cell, Encoding, Row, Table, TableError};

/// A roster, its heading understood.
pub(crate) struct Roster<'a> {
    pub table: Table,
    headings: Headings<'a>,
    heading: Heading,
    /// The headings as written, for reports.
    titles: Vec<String>,
    width: usize,
    columns: Columns,
    /// How many example rows are before the first facility.
    examples: u32,
    /// What every record is made from: a column and its field for each value.
    shape: Shape<(usize, &'a Field)>,
    /// Sections that are left out of a record in which nothing is written in them.
    sections: Vec<String>,
}

impl<'a> Roster<'a> {
    /// Reads the headings of the sheet that has them, or of the one asked for.
    ///
    /// # Errors
    /// When the table cannot be read, its headings cannot be understood, or several sheets have some.
    pub fn open(
        path: &Path,
        encoding: Option<Encoding>,
        sheet: Option<&str>,
        expected: &Expected<'a>,
    ) -> Result<Self, TableError> {
        let headings = Headings::new(expected.forms);
        let (mut table, heading) = find_sheet(path, encoding, sheet, &headings)?;
        let Some(heading) = heading else {
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
        let mut report = Report::default();
        let columns = Reader {
            table: &table,
            headings: &headings,
            heading: &heading,
            expected,
            report: &mut report,
        };
        let columns = columns.read();
        table.notes.extend(columns.note());
        if heading.row() > 1 {
            let row = heading.row();
            table.notes.push(Text::new(
                format!("{row} 行目を見出しとして読みました"),
                format!("row {row} was read as the heading"),
            ));
        }
        let mut roster = Roster {
            titles: heading.cells.iter().map(Cell::to_string).collect(),
            width: heading.cells.len(),
            columns,
            heading,
            examples: 0,
            shape: Shape::default(),
            sections: Vec::new(),
            headings,
            table,
        };
        if report.errors() == 0 && !roster.has_rows()? {
            let message = Text::new(
                "見出しだけで、施設の行がありません",
                "there is a heading but no facility below it",
            );
            let place = roster.table.place(roster.heading.row(), 1);
            report.push(Diagnostic::error("syntax", message).at(Some(place)));
        }
        if report.errors() > 0 {
            report.sort();
            return Err(TableError::Faulty(Box::new(report)));
        }
        for (index, column) in &roster.columns.values {
            // Every column's key is the dictionary's.
            let Some(field) = roster.headings.field(column.path.key()) else { continue };
            roster.shape.put(&column.path, (*index, field));
        }
        if expected.named.is_empty() {
            let sections = expected.forms.sections();
            roster.sections = sections.map(str::to_owned).collect();
        }
        Ok(roster)
    }

    fn has_rows(&mut self) -> Result<bool, TableError> {
        let (mut found, mut examples) = (false, 0);
        self.table.rows(&mut |row| {
            if row.number <= self.heading.last || is_no_facility(&row, &self.heading.rows) {
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
        let mark = self.columns.marker.and_then(|column| row.cells.get(column));
        mark.is_some_and(|cell| cell.to_string().trim() == EXAMPLE_MARK)
    }

    /// Hands over every facility in order, and says which rows were skipped as not a facility.
    pub fn each(
        &self,
        hand: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Skipped, TableError> {
        let mut skipped = Skipped::default();
        self.table.rows(&mut |row| {
            if row.number <= self.heading.last || self.is_example(&row) {
                return ControlFlow::Continue(());
            }
            if is_no_facility(&row, &self.heading.rows) {
                skipped.add(row.number);
                return ControlFlow::Continue(());
            }
            hand(self.entry(&row))
        })?;
        Ok(skipped)
    }

    /// How many facilities there are at most.
    pub fn most(&self) -> u64 {
        u64::from(self.table.height().saturating_sub(self.heading.last + self.examples))
    }

    /// What is above a column.
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
            let list = column.path.key();
            column.key() == field || list == field || list.starts_with(&format!("{field}."))
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
        self.merged_cells(row, &mut report);
        let mut reader = RowReader { row, report: &mut report, place: &place };
        let start = place(0);
        let entries =
            self.shape.entries(&start, &mut |(column, field)| reader.leaf(*column, field));
        let entries = entries
            .into_iter()
            .filter(|(key, _, is_written)| *is_written || !self.sections.contains(&key.text))
            .map(|(key, node, _)| (key, node));
        let root = Node { place: start, value: NodeValue::Map(entries.collect()) };
        Entry::new(row.number, Record { source: self.source(), root }, report)
    }

    /// Empty cells that are merged with one above: whether its value is meant is not known.
    fn merged_cells(&self, row: &Row, report: &mut Report) {
        let merges = self.table.merged(row.number);
        let below = |column: usize| {
            merges.iter().find(|range| {
                range.row + 1 < row.number
                    && (usize::from(range.column)..=usize::from(range.last_column))
                        .contains(&column)
            })
        };
        for (column, _) in &self.columns.values {
            let is_empty = row.cells.get(*column).is_none_or(|cell| *cell == Cell::Empty);
            let Some(range) = below(*column).filter(|_| is_empty) else { continue };
            let (title, first) = (self.titles[*column].trim(), range.row + 1);
            let message = Text::new(
                format!("「{title}」のセルが {first} 行目のセルと結合されています"),
                format!("the cell of {title} is merged with the one in row {first}"),
            );
            let hint = Text::new(
                "結合を解き、行ごとに値を書いてください",
                "unmerge them and write the value in each row",
            );
            let place = self.table.place(row.number, column + 1);
            report.push(Diagnostic::error("merged", message).with_hint(hint).at(Some(place)));
        }
    }

    fn source(&self) -> Source {
        self.table.source.clone()
    }
}

/// The sheet whose headings are known best, and these headings.
fn find_sheet(
    path: &Path,
    encoding: Option<Encoding>,
    sheet: Option<&str>,
    headings: &Headings<'_>,
) -> Result<(Table, Option<Heading>), TableError> {
    let table = Table::open_sheet(path, encoding, sheet)?;
    let heading = heading::find(&table, headings)?;
    if sheet.is_some() {
        return Ok((table, heading));
    }
    let known = |heading: &Option<Heading>| heading.as_ref().map_or(0, |heading| heading.known);
    let further: Vec<String> = table.sheets().iter().skip(1).cloned().collect();
    let mut all = vec![(table, heading)];
    for sheet in &further {
        let table = Table::open_sheet(path, encoding, Some(sheet))?;
        let heading = heading::find(&table, headings)?;
        all.push((table, heading));
    }
    let most = all.iter().map(|(_, heading)| known(heading)).max().unwrap_or(0);
    // A word that is a heading too may be on any sheet.
    let rosters = all.iter().filter(|(_, heading)| known(heading) > 1 && 2 * known(heading) > most);
    let names: Vec<&str> = rosters.map(|(table, _)| table.sheet()).collect();
    if let [first, _, ..] = names[..] {
        let message = Text::new(
            format!("見出しのあるシートが {} つあります（{}）", names.len(), names.join("、")),
            format!("{} sheets have headings ({})", names.len(), names.join(", ")),
        );
        let hint = Text::new(
            format!("読むシートを --sheet {first} のように指定してください"),
            format!("name the sheet to be read: --sheet {first}"),
        );
        return Err(Diagnostic::error("heading", message).with_hint(hint).into());
    }
    let best = all.iter().position(|(_, heading)| known(heading) == most).unwrap_or(0);
    Ok(all.swap_remove(best))
}
