//! Where a value of a record comes from in a row of a list.

use super::take::{self, Take};
use crate::form::fold;
use crate::report::Text;
use crate::table::{Cell, Row};

/// A row, or several of them that are one facility.
pub(super) struct Line<'r> {
    pub row: &'r Row,
    /// The number of the row of each cell, where the cells are of several rows.
    pub numbers: &'r [u32],
}

impl Line<'_> {
    /// The number of the row a cell is in.
    pub fn number(&self, column: usize) -> u32 {
        self.numbers.get(column).copied().unwrap_or(self.row.number)
    }

    fn cell(&self, column: usize) -> &Cell {
        self.row.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// Where a value comes from, and what is put in place of what is written there.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub from: From,
    /// Folded texts and what is put in their place.
    pub translate: Vec<(String, String)>,
}

/// The cells a value comes from.
#[derive(Clone, Debug)]
pub(super) enum From {
    /// One cell.
    Cell(usize),
    /// Several cells, each with what is put between it and what comes before. At least one.
    Join(Vec<(usize, String)>),
    /// One of these pieces of a cell: its place among them.
    Piece(usize, Vec<Take>, usize),
}

/// What a cell, or several, say.
pub(super) struct Said {
    pub cell: Cell,
    /// The column that a fault is blamed on.
    pub column: usize,
    /// Why nothing can be taken, and what to do about it.
    pub fault: Option<(Text, Text)>,
    /// Whether it is a part of a text that is not to be read as a value: a cell in error, or 1-2-3 that Excel made a day.
    pub is_part: bool,
}

impl Said {
    fn of(cell: Cell, column: usize) -> Self {
        Said { cell, column, fault: None, is_part: false }
    }
}

impl Source {
    pub fn of_cell(column: usize) -> Self {
        Source { from: From::Cell(column), translate: Vec::new() }
    }

    pub fn joined(columns: Vec<(usize, String)>) -> Self {
        Source { from: From::Join(columns), translate: Vec::new() }
    }

    /// The columns it reads.
    pub fn columns(&self) -> Vec<usize> {
        match &self.from {
            From::Cell(column) | From::Piece(column, ..) => vec![*column],
            From::Join(columns) => columns.iter().map(|(column, _)| *column).collect(),
        }
    }

    /// The first column it reads.
    pub fn first(&self) -> usize {
        self.columns().first().copied().unwrap_or(0)
    }

    /// What a row says.
    pub fn read(&self, line: &Line<'_>) -> Said {
        let mut said = match &self.from {
            From::Cell(column) => Said::of(line.cell(*column).clone(), *column),
            From::Join(columns) => join(columns, line),
            From::Piece(column, pieces, which) => piece(*column, pieces, *which, line),
        };
        if !self.translate.is_empty() && !matches!(said.cell, Cell::Faulty(_)) {
            let folded = fold(&said.cell.to_string());
            if let Some((_, to)) = self.translate.iter().find(|(from, _)| *from == folded) {
                said.cell = text(to);
            }
        }
        said
    }
}

fn text(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn join(columns: &[(usize, String)], line: &Line<'_>) -> Said {
    let mut written = columns.iter().filter(|(column, _)| *line.cell(*column) != Cell::Empty);
    if let (Some((column, _)), None) = (written.next(), written.next()) {
        return Said::of(line.cell(*column).clone(), *column);
    }
    let mut joined = String::new();
    let mut last = String::new();
    let mut first = None;
    for (column, between) in columns {
        let cell = line.cell(*column);
        if let Some(said) = unjoined(cell, *column) {
            return said;
        }
        let written = cell.to_string();
        let written = written.trim();
        if written.is_empty() {
            continue;
        }
        first.get_or_insert(*column);
        // 東京都千代田区… behind 東京都 has it already; 5階 behind 5 does not, nor 森田 or 森脇 behind 森.
        let repeats = |part: &str| {
            let rest = written.strip_prefix(part).filter(|_| part.chars().count() > 1);
            let is_apart = |rest: &str| between.is_empty() || rest.starts_with(char::is_whitespace);
            !part.ends_with(char::is_numeric) && rest.is_some_and(is_apart)
        };
        if repeats(&joined) {
            written.clone_into(&mut joined);
        } else if last != written && repeats(&last) {
            joined.truncate(joined.len() - last.len());
            joined += written;
        } else {
            if !joined.is_empty() {
                joined += between;
            }
            joined += written;
        }
        written.clone_into(&mut last);
    }
    let column = first.or(columns.first().map(|(column, _)| *column)).unwrap_or(0);
    Said::of(text(&joined), column)
}

/// What is no part of a text, and is refused as a text is that Excel has changed.
fn unjoined(cell: &Cell, column: usize) -> Option<Said> {
    let is_changed = matches!(cell, Cell::Faulty(_) | Cell::Moment(_) | Cell::Boolean(_));
    is_changed.then(|| Said { is_part: true, ..Said::of(cell.clone(), column) })
}

fn piece(column: usize, pieces: &[Take], which: usize, line: &Line<'_>) -> Said {
    let cell = line.cell(column);
    if let Some(said) = unjoined(cell, column) {
        return said;
    }
    match take::apart(&cell.to_string(), pieces) {
        Ok(taken) => {
            let taken = taken.get(which).map_or("", String::as_str);
            Said::of(text(taken), column)
        }
        Err(fault) => Said { fault: Some(fault), ..Said::of(Cell::Empty, column) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;
    use crate::table::Moment;

    fn joined(cells: &[&str], between: &[&str]) -> String {
        let cells = cells.iter().map(|text| super::text(text)).collect();
        let row = Row { number: 2, cells };
        let columns = between.iter().enumerate().map(|(i, b)| (i, (*b).to_owned())).collect();
        let said = Source::joined(columns).read(&Line { row: &row, numbers: &[] });
        said.cell.to_string()
    }

    #[test]
    fn cells_are_joined_without_repeating_what_is_there() {
        let none = ["", "", "", "　"];
        assert_eq!(joined(&["福井県", "越前市", "府中1-2", ""], &none), "福井県越前市府中1-2");
        assert_eq!(
            joined(&["福井県", "越前市", "府中1-2", "霞ビル"], &none),
            "福井県越前市府中1-2　霞ビル"
        );
        assert_eq!(joined(&["福井県", "", "福井県越前市府中1-2"], &none), "福井県越前市府中1-2");
        assert_eq!(joined(&["福井県", "越前市", "越前市府中1-2"], &none), "福井県越前市府中1-2");
        assert_eq!(joined(&["福井県", "越前市府中", "5", "5階"], &none), "福井県越前市府中5　5階");
        assert_eq!(joined(&["1", "12"], &["", "-"]), "1-12");
        assert_eq!(joined(&["森", "森田一郎"], &["", "　"]), "森　森田一郎");
        assert_eq!(
            joined(&["医療法人森会", "医療法人森会　理事長"], &["", "　"]),
            "医療法人森会　理事長"
        );
        assert_eq!(
            joined(&["奈良県", "御所市", "森", "森脇123"], &none),
            "奈良県御所市森　森脇123"
        );
        assert_eq!(joined(&["", "", "", "霞ビル"], &none), "霞ビル");
        assert_eq!(joined(&["", "", "", ""], &none), "");
    }

    #[test]
    fn what_excel_made_a_day_is_no_part_of_an_address() {
        let day = Moment { day: Some(Date::constant(2001, 2, 3)), time: None };
        let cells = vec![text("東京都"), text("千代田区"), Cell::Moment(day)];
        let row = Row { number: 2, cells };
        let line = Line { row: &row, numbers: &[] };
        let columns = (0..3).map(|column| (column, String::new()));
        let said = Source::joined(columns.collect()).read(&line);
        assert_eq!((said.cell, said.column, said.is_part), (Cell::Moment(day), 2, true));
        let of_one = From::Piece(2, vec![Take::Rest], 0);
        let said = Source { from: of_one, translate: Vec::new() }.read(&line);
        assert_eq!((said.cell, said.column, said.is_part), (Cell::Moment(day), 2, true));
    }
}
