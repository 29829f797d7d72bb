//! Several rows that are one facility: the first value of each column counts, and another is a fault.

use std::collections::HashMap;

use crate::form::fold;
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::{Cell, Row};

/// Rows that are one facility.
pub(super) struct Group {
    /// The first row, its empty cells filled from the others.
    pub row: Row,
    /// The number of the row each cell is from.
    pub numbers: Vec<u32>,
    pub report: Report,
    /// What stands in cells of further rows that say otherwise.
    pub others: Vec<(Place, String)>,
}

impl Group {
    /// A row that is a facility by itself.
    pub fn alone(row: Row) -> Self {
        Group { row, numbers: Vec::new(), report: Report::default(), others: Vec::new() }
    }
}

/// Gathers rows by the texts in some columns.
pub(super) struct Groups<'a> {
    /// The columns that tell facilities apart.
    pub key: &'a [usize],
    /// The columns with a value.
    pub read: &'a [usize],
    /// The columns by which facilities are taken: the first that is written counts.
    pub choosing: &'a [usize],
    pub titles: &'a [String],
    pub place: &'a dyn Fn(u32, usize) -> Place,
    groups: Vec<Group>,
    by_key: HashMap<String, usize>,
}

impl<'a> Groups<'a> {
    pub fn new(
        key: &'a [usize],
        (read, choosing): (&'a [usize], &'a [usize]),
        titles: &'a [String],
        place: &'a dyn Fn(u32, usize) -> Place,
    ) -> Self {
        Groups { key, read, choosing, titles, place, groups: Vec::new(), by_key: HashMap::new() }
    }

    /// Adds a row, or, where it cannot be read, its fault alone.
    pub fn add(&mut self, row: Row, fault: Option<Diagnostic>) {
        let cell = |column: &usize| row.cells.get(*column).unwrap_or(&Cell::Empty);
        let text = |column: &usize| fold(&cell(column).to_string());
        let texts: Vec<String> = self.key.iter().map(text).collect();
        if texts.iter().all(String::is_empty) {
            let mut report = Report::default();
            let column = self.key.first().copied().unwrap_or(0);
            let title = self.titles.get(column).map_or("", |title| title.trim());
            let message = Text::new(
                format!("同じ施設の目印「{title}」が空です"),
                format!("{title}, which tells the facilities apart, is empty"),
            );
            let hint = Text::new(
                "施設ごとに決まった値を書いてください",
                "write a value that this facility alone has",
            );
            let fault = Diagnostic::error("required", message).with_hint(hint);
            report.push(fault.at(Some((self.place)(row.number, column + 1))));
            self.groups.push(Group { report, ..Group::alone(row) });
            return;
        }
        match self.by_key.get(&texts.join("\n")) {
            Some(at) => {
                let group = &mut self.groups[*at];
                if let Some(fault) = fault {
                    return group.report.push(fault);
                }
                for column in self.read {
                    merge(group, &row, *column, self.titles, self.place);
                }
                for column in self.choosing {
                    fill(group, &row, *column);
                }
            }
            None => {
                self.by_key.insert(texts.join("\n"), self.groups.len());
                let numbers = vec![row.number; row.cells.len()];
                self.groups.push(Group { numbers, ..Group::alone(row) });
            }
        }
    }

    pub fn all(self) -> Vec<Group> {
        self.groups
    }
}

/// Puts a cell of a further row where there is none yet.
fn fill(group: &mut Group, row: &Row, column: usize) {
    let Some(cell) = row.cells.get(column) else { return };
    if group.row.cells.get(column).is_none_or(|known| *known == Cell::Empty) {
        let width = group.row.cells.len().max(column + 1);
        group.row.cells.resize(width, Cell::Empty);
        group.numbers.resize(width, group.row.number);
        group.row.cells[column] = cell.clone();
        group.numbers[column] = row.number;
    }
}

/// Adds a cell of a further row.
fn merge(
    group: &mut Group,
    row: &Row,
    column: usize,
    titles: &[String],
    place: &dyn Fn(u32, usize) -> Place,
) {
    let Some(cell) = row.cells.get(column).filter(|cell| **cell != Cell::Empty) else { return };
    fill(group, row, column);
    let known = group.row.cells.get(column).unwrap_or(&Cell::Empty);
    let (first, other) = (known.to_string(), cell.to_string());
    if fold(&first) == fold(&other) {
        return;
    }
    let title = titles.get(column).map_or("", |title| title.trim());
    let number = group.numbers.get(column).copied().unwrap_or(group.row.number);
    let at = place(number, column + 1);
    let cell = at.cell().unwrap_or_default();
    let message = Text::new(
        format!("同じ施設の「{title}」が {cell} の「{first}」と違います（「{other}」）"),
        format!("{title} is `{other}`, but `{first}` in {cell} of the same facility"),
    );
    let hint = Text::new(
        "どちらかに直してください。別の施設なら、目印の値を変えてください",
        "correct one of the two; if they are two facilities, change what tells them apart",
    );
    let at = place(row.number, column + 1);
    group.others.push((at.clone(), other));
    group.report.push(Diagnostic::error("group", message).with_hint(hint).at(Some(at)));
}
