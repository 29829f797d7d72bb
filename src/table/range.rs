//! Cells by their addresses, as Excel writes them.

use std::fmt;

use rust_xlsxwriter::utility::{cell_range_absolute, column_name_to_number};

/// How many rows a sheet has.
pub(crate) const ROWS: u32 = 1_048_576;
/// How many columns a sheet has.
pub(crate) const COLUMNS: u32 = 16_384;

/// Cells of a sheet, the first and the last of both, as Excel counts: from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub row: u32,
    pub column: u16,
    pub last_row: u32,
    pub last_column: u16,
}

impl Range {
    pub fn overlaps(&self, other: &Range) -> bool {
        self.row <= other.last_row
            && other.row <= self.last_row
            && self.column <= other.last_column
            && other.column <= self.last_column
    }

    pub fn is_one_cell(&self) -> bool {
        (self.row, self.column) == (self.last_row, self.last_column)
    }

    pub fn contains(&self, row: u32, column: u16) -> bool {
        (self.row..=self.last_row).contains(&row)
            && (self.column..=self.last_column).contains(&column)
    }

    /// Every cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (u32, u16)> + use<> {
        let columns = self.column..=self.last_column;
        (self.row..=self.last_row).flat_map(move |r| columns.clone().map(move |c| (r, c)))
    }

    /// Reads `$B$3:$D$4` or `B3`; none for anything else, such as `#REF!`.
    pub fn parse(text: &str) -> Option<Range> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let ((row, column), (last_row, last_column)) = (corner(first)?, corner(last)?);
        let range = Range { row, column, last_row, last_column };
        (row <= last_row && column <= last_column).then_some(range)
    }
}

/// `$B$3:$D$4`
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Range { row, column, last_row, last_column } = *self;
        f.write_str(&cell_range_absolute(row, column, last_row, last_column))
    }
}

/// The cells a defined name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub sheet: String,
    pub range: Range,
}

impl Reference {
    /// Reads `'Sheet'!$B$3:$D$4`; none for anything else, such as `Sheet!#REF!`.
    pub fn parse(text: &str) -> Option<Reference> {
        let (sheet, address) = text.trim_start_matches('=').rsplit_once('!')?;
        let quoted = sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
        let sheet = quoted.map_or(sheet.to_owned(), |s| s.replace("''", "'"));
        Some(Reference { sheet, range: Range::parse(address)? })
    }
}

/// `'Sheet'!$B$3:$D$4`
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'!{}", self.sheet.replace('\'', "''"), self.range)
    }
}

/// Row and column of `$B$3`.
fn corner(text: &str) -> Option<(u32, u16)> {
    let text = text.replace('$', "").to_ascii_uppercase();
    let (letters, digits) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    let is_column =
        (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_uppercase());
    // Three letters are within the numbers that the function counts with.
    let column = is_column.then(|| column_name_to_number(letters))?;
    let row: u32 = digits.parse().ok().filter(|row| (1..=ROWS).contains(row))?;
    (u32::from(column) < COLUMNS).then_some((row - 1, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_they_are_written() {
        let range =
            |row, column, last_row, last_column| Range { row, column, last_row, last_column };
        for (text, sheet, range) in [
            ("'別紙2'!$B$3:$AA$4", "別紙2", range(2, 1, 3, 26)),
            ("'it''s'!$A$1", "it's", range(0, 0, 0, 0)),
            ("'別紙2'!$A$1:$ZZ$10", "別紙2", range(0, 0, 9, 701)),
            ("'x'!$XFD$1048576", "x", range(ROWS - 1, 16_383, ROWS - 1, 16_383)),
        ] {
            let reference = Reference { sheet: sheet.into(), range };
            assert_eq!(Reference::parse(text), Some(reference.clone()));
            assert_eq!(reference.to_string(), text);
        }
        assert_eq!(Reference::parse("Sheet1!c7").map(|r| r.range), Some(range(6, 2, 6, 2)));
        for other in [
            "#REF!",
            "'別紙2'!#REF!",
            "SUM(A1)",
            "x!A0",
            "x!ABCD1",
            "x!XFE1",
            "x!$B$3:$A$1",
            "A1",
            "",
        ] {
            assert_eq!(Reference::parse(other), None, "{other}");
        }
    }
}
