//! A roster: the heading decides once which cell is which value; every row then becomes a record.

use std::cell::OnceCell;
use std::ops::ControlFlow;
use std::path::Path;

use super::apply::letters;
use super::columns::{Expected, Reader};
use super::entry::Entry;
use super::group::{Group, Groups};
use super::heading::Heading;
use super::map::Map;
use super::plan::{Columns, Given};
use super::row::RowReader;
use super::select::{Choice, Selection, order, text};
use super::sheet::find_sheet;
use super::skip::{Skipped, is_no_facility};
use super::source::{Line, Source as From};
use crate::form::{EXAMPLE_MARK, Field, Headings, Kind, fold};
use crate::record::{Node, NodeValue, Record, Shape};
use crate::report::{Diagnostic, Place, Report, Source, Text};
use crate::table::range::Range;
use crate::table::{Cell, Encoding, Row, Table, TableError};

/// Why a roster cannot be worked through.
#[derive(Debug)]
pub(crate) enum RosterError {
    /// What is wrong with the list.
    Table(TableError),
    /// What is wrong with its map, and with the list besides.
    Map(Box<((Source, Report), Report)>),
}

impl std::convert::From<TableError> for RosterError {
    fn from(error: TableError) -> Self {
        RosterError::Table(error)
    }
}

impl std::convert::From<Diagnostic> for RosterError {
    fn from(fault: Diagnostic) -> Self {
        RosterError::Table(fault.into())
    }
}

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
    /// What every record is made from: where it comes from and the field, for each value.
    shape: Shape<(From, &'a Field)>,
    /// Sections that are left out of a record in which nothing is written in them.
    sections: Vec<String>,
    selection: Selection,
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
        choice: Choice<'_>,
    ) -> Result<Self, RosterError> {
        let headings = Headings::new(expected.forms);
        let sheet = sheet.or(expected.map.and_then(Map::sheet));
        let (mut table, heading) = find_sheet(path, encoding, sheet, &headings, expected.map)?;
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
        let (mut report, mut map_report) = (Report::default(), Report::default());
        let columns = Reader {
            table: &table,
            headings: &headings,
            heading: &heading,
            expected,
            report: &mut report,
            map_report: &mut map_report,
            rows: OnceCell::new(),
        };
        let columns = columns.read();
        table.notes.extend(columns.notes());
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
            selection: Selection::default(),
            headings,
            table,
        };
        if report.errors() == 0 && map_report.errors() == 0 && !roster.has_rows()? {
            let message = Text::new(
                "見出しだけで、施設の行がありません",
                "there is a heading but no facility below it",
            );
            let place = roster.table.place(roster.heading.row(), 1);
            report.push(Diagnostic::error("syntax", message).at(Some(place)));
        }
        report.sort();
        map_report.sort();
        match expected.map {
            Some(map) if map_report.errors() > 0 => {
                let map = (map.source.clone(), map_report);
                return Err(RosterError::Map(Box::new((map, report))));
            }
            _ if report.errors() > 0 => return Err(TableError::Faulty(Box::new(report)).into()),
            _ => {}
        }
        roster.select(choice)?;
        for given in &roster.columns.values {
            // Every column's key is the dictionary's.
            let Some(field) = roster.headings.field(given.column.path.key()) else { continue };
            roster.shape.put(&given.column.path, (given.source.clone(), field));
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
            let is_no_facility = || is_no_facility(&row, &self.heading.rows);
            if row.number <= self.heading.last || is_no_facility() || self.is_left_out(&row) {
                return ControlFlow::Continue(());
            }
            found = !self.is_example(&row);
            examples += u32::from(!found);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        self.examples = examples;
        Ok(found)
    }

    /// Leaves out the rows that are not asked for, and says how many there are.
    fn select(&mut self, choice: Choice<'_>) -> Result<(), TableError> {
        let hidden = self.table.hidden();
        self.selection =
            Selection::new(choice, &self.titles, |written| self.column(written), hidden)?;
        let below: Vec<u32> = hidden.range(self.heading.last + 1..).copied().collect();
        if !below.is_empty() {
            let count = below.len();
            self.table.notes.push(match choice.visible_only {
                true => Text::new(
                    format!("非表示の行（フィルターで隠れた行を含む）{count} 行は読みません（--visible-only）"),
                    format!("{count} row(s) that are hidden, by a filter too, are left out (--visible-only)"),
                ),
                false => Text::new(
                    format!("非表示の行（フィルターで隠れた行を含む）が {count} 行あります。これも読みます。除くには --visible-only をつけてください"),
                    format!("{count} row(s) that are hidden, by a filter too, are read as well. To leave them out, give --visible-only"),
                ),
            });
        }
        if !self.selection.is_filtered() {
            return Ok(());
        }
        let (mut all, mut taken, mut sample) = (0, 0, Vec::new());
        self.table.rows(&mut |row| {
            if self.is_facility(&row) {
                all += 1;
                taken += usize::from(self.selection.has(&row));
                // Enough to show which values there are.
                if sample.len() < 1000 {
                    sample.push(row);
                }
            }
            ControlFlow::Continue(())
        })?;
        if taken == 0 {
            return Err(self.selection.nothing(&self.titles, &sample).into());
        }
        self.table.notes.push(Text::new(
            format!("{all} 行のうち、--where に合う {taken} 行だけを読みます"),
            format!("{taken} of {all} rows have the values of --where; only these are read"),
        ));
        Ok(())
    }

    /// Whether a row is a facility that is shown or asked for although it is not.
    fn is_facility(&self, row: &Row) -> bool {
        row.number > self.heading.last
            && !self.is_example(row)
            && !self.selection.hidden.contains(&row.number)
            && !is_no_facility(row, &self.heading.rows)
            && !self.is_left_out(row)
    }

    /// The column of a heading as it is written, or of the field it names.
    pub fn column(&self, written: &str) -> Option<usize> {
        let same = |title: &String| fold(title) == fold(written);
        // A column that the forms asked for do not use has its heading all the same.
        let named = || {
            let column = self.headings.find(written).ok()?;
            let mut values = self.columns.values.iter();
            let given = values.find(|given| given.column.path == column.path);
            let is_it = |title: &String| {
                self.headings.find(title.trim()).is_ok_and(|known| known.path == column.path)
            };
            let given = given.and_then(|given| given.source.columns().first().copied());
            given.or_else(|| self.titles.iter().position(is_it))
        };
        self.titles.iter().position(same).or_else(named)
    }

    /// The headings as they are written.
    pub fn titles(&self) -> &[String] {
        &self.titles
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
        let mut kept: Vec<Row> = Vec::new();
        let place = |row: u32, column: usize| self.table.place(row, column);
        let (read, choosing) = (self.read_columns(), self.selection.columns());
        let mut groups = Groups::new(&self.columns.key, (&read, &choosing), &self.titles, &place);
        self.table.rows(&mut |row| {
            let is_above = row.number <= self.heading.last || self.is_example(&row);
            if is_above || self.selection.hidden.contains(&row.number) {
                return ControlFlow::Continue(());
            }
            if is_no_facility(&row, &self.heading.rows) {
                skipped.add(row.number);
                return ControlFlow::Continue(());
            }
            // What nobody can tell is told when it is read.
            if self.is_left_out(&row) && !self.is_unclear(&row) {
                skipped.leave_out();
                return ControlFlow::Continue(());
            }
            if !self.columns.key.is_empty() {
                let fault = self.too_long(&row, &|column| place(row.number, column + 1));
                groups.add(row, fault);
            } else if self.selection.has(&row) || self.is_unclear(&row) {
                if self.selection.sort.is_some() {
                    kept.push(row);
                    return ControlFlow::Continue(());
                }
                return hand(self.entry(&Line { row: &row, numbers: &[] }, Report::default()));
            }
            ControlFlow::Continue(())
        })?;
        // Rows that are one facility may be anywhere, and sorted ones too: all are read first.
        let mut all: Vec<Group> =
            groups.all().into_iter().chain(kept.into_iter().map(Group::alone)).collect();
        // Of several rows, one may have what is asked for.
        all.retain(|group| self.selection.has(&group.row) || self.is_unclear(&group.row));
        if let Some(column) = self.selection.sort {
            // Rows that are alike stay in the order of the list.
            all.sort_by_cached_key(|group| order(&text(&group.row, column)));
        }
        for Group { row, numbers, report, others } in all {
            let line = Line { row: &row, numbers: &numbers };
            if hand(Entry { others, ..self.entry(&line, report) }).is_break() {
                break;
            }
        }
        Ok(skipped)
    }

    /// Whether it cannot be told if a row is asked for: the cell that says so is merged with one above, or in error.
    fn is_unclear(&self, row: &Row) -> bool {
        let merged = self.table.merged(row.number);
        self.choosing().any(|column| match row.cells.get(column).unwrap_or(&Cell::Empty) {
            Cell::Faulty(_) => true,
            Cell::Empty => begun_above(&merged, row.number, column).is_some(),
            _ => false,
        })
    }

    /// The columns by whose values rows are taken or left out.
    fn choosing(&self) -> impl Iterator<Item = usize> {
        let left_out = self.columns.left_out.iter().map(|(column, _)| *column);
        self.selection.columns().into_iter().chain(left_out)
    }

    /// The columns that a value comes from.
    fn read_columns(&self) -> Vec<usize> {
        let mut read: Vec<usize> =
            self.columns.values.iter().flat_map(|given| given.source.columns()).collect();
        read.sort_unstable();
        read.dedup();
        read
    }

    /// Whether a row has a value by which rows are left out.
    fn is_left_out(&self, row: &Row) -> bool {
        self.columns.left_out.iter().any(|(column, texts)| {
            let cell = row.cells.get(*column).unwrap_or(&Cell::Empty);
            texts.contains(&fold(&cell.to_string()))
        })
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
            (_, Some(field)) if !self.heads(column, field) => {
                self.headings.heading(field).to_owned()
            }
            (Some(written), _) => written.trim().to_owned(),
            (None, _) => String::new(),
        }
    }

    /// Whether a value of this field, or of this section, comes from a column, which counts from 1.
    fn heads(&self, column: usize, field: &str) -> bool {
        self.columns.values.iter().any(|given| {
            let (key, list) = (given.column.key(), given.column.path.key());
            let is_it = key == field || list == field || list.starts_with(&format!("{field}."));
            is_it && column.checked_sub(1).is_some_and(|c| given.source.columns().contains(&c))
        })
    }

    fn entry(&self, line: &Line<'_>, report: Report) -> Entry {
        let cells = (0..self.width).map(|column| text(line.row, column)).collect();
        Entry { cells, ..self.read(line, report) }
    }

    fn read(&self, line: &Line<'_>, mut report: Report) -> Entry {
        let row = line.row;
        let place = |column: usize| self.table.place(line.number(column), column + 1);
        if let Some(fault) = self.too_long(row, &place) {
            report.push(fault);
            return Entry::unreadable(row.number, self.source(), report);
        }
        self.merged_cells(row, &mut report);
        self.faulty_choice(row, &place, &mut report);
        self.unheaded(row, &place, &mut report);
        let start = place(0);
        let place = |row: u32, column: usize| self.table.place(row, column + 1);
        let line = Line { row, numbers: line.numbers };
        let mut reader = RowReader { line, report: &mut report, place: &place };
        let entries = self.shape.entries(&start, &mut |(source, field)| reader.leaf(source, field));
        let entries = entries
            .into_iter()
            .filter(|(key, _, is_written)| *is_written || !self.sections.contains(&key.text))
            .map(|(key, node, _)| (key, node));
        let root = Node { place: start, value: NodeValue::Map(entries.collect()) };
        Entry::new(row.number, Record { source: self.source(), root }, report)
    }

    /// A fault when a row has more cells than the heading.
    fn too_long(&self, row: &Row, place: &dyn Fn(usize) -> Place) -> Option<Diagnostic> {
        let written = row.cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |i| i + 1);
        let (found, wanted) = (row.cells.len(), self.width);
        let message = Text::new(
            format!("セルが {found} 個あり、見出しの {wanted} 列と合いません"),
            format!("{found} cells, but the heading has {wanted}"),
        );
        let hint = Text::new(
            "区切りのコンマが抜けたり増えたりしていないか確かめてください",
            "look for a missing or extra comma, or an unquoted comma inside a value",
        );
        let at = place(found.min(wanted));
        let fault = Diagnostic::error("row-length", message).with_hint(hint).at(Some(at));
        (written > wanted).then_some(fault)
    }

    /// Cells in error by which rows are taken or left out.
    fn faulty_choice(&self, row: &Row, place: &dyn Fn(usize) -> Place, report: &mut Report) {
        for column in self.choosing() {
            if let Some(Cell::Faulty(fault)) = row.cells.get(column) {
                report.push(fault.diagnostic().at(Some(place(column))));
            }
        }
    }

    /// Text below no heading. Behind an address it is most often the rest of it: a sheet saved as CSV has lost which
    /// cells were merged.
    fn unheaded(&self, row: &Row, place: &dyn Fn(usize) -> Place, report: &mut Report) {
        for column in &self.columns.unheaded {
            let cell = row.cells.get(*column).unwrap_or(&Cell::Empty);
            if !matches!(cell, Cell::Text(_) | Cell::Moment(_)) {
                continue;
            }
            let letter = letters(*column);
            let message = Text::new(
                format!("{letter}列には見出しがなく、「{cell}」を読みません"),
                format!("column {letter} has no heading: `{cell}` is not read"),
            );
            let is_before = |given: &&Given| given.source.columns().contains(&(column - 1));
            let before = self.columns.values.iter().find(|given| *column > 0 && is_before(given));
            let field = |given: &Given| self.headings.field(given.column.path.key());
            let is_address = |given: &&Given| field(given).is_some_and(|f| f.kind == Kind::Address);
            let address = before.filter(is_address);
            let found = match address {
                Some(given) => {
                    let heading = &given.column.heading;
                    let hint = Text::new(
                        format!(
                            "「{heading}」の続きなら一つのセルにまとめ、そうでなければ見出し（備考など）を書いてください"
                        ),
                        format!(
                            "if it goes on from {heading}, write both in one cell; if not, give it a heading such as 備考"
                        ),
                    );
                    Diagnostic::error("heading", message).with_hint(hint)
                }
                None => {
                    let hint = Text::new(
                        "要る値なら見出しを書き、要らなければ列を消してください",
                        "write a heading if it is wanted, else delete the column",
                    );
                    Diagnostic::warning("heading", message).with_hint(hint)
                }
            };
            report.push(found.at(Some(place(*column))));
        }
    }

    /// Empty cells that are merged with one above: whether its value is meant is not known.
    fn merged_cells(&self, row: &Row, report: &mut Report) {
        let merges = self.table.merged(row.number);
        if merges.is_empty() {
            return;
        }
        let mut columns = self.read_columns();
        columns.extend(self.choosing());
        columns.sort_unstable();
        columns.dedup();
        for column in &columns {
            let is_empty = row.cells.get(*column).is_none_or(|cell| *cell == Cell::Empty);
            let begun = begun_above(&merges, row.number, *column).filter(|_| is_empty);
            let Some(range) = begun else { continue };
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

/// Of the merged cells in a row, those that begin above it and have this column.
fn begun_above(merged: &[Range], row: u32, column: usize) -> Option<&Range> {
    merged.iter().find(|range| {
        range.row + 1 < row
            && (usize::from(range.column)..=usize::from(range.last_column)).contains(&column)
    })
}
