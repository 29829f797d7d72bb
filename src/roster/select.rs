//! Which rows of a list are taken, and in which order.

use std::collections::BTreeSet;

use crate::form::fold;
use crate::report::{Diagnostic, Text};
use crate::table::{Cell, Row, TableError};

/// How many headings or values a hint names.
const NAMED: usize = 20;

/// What is asked of the rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choice<'a> {
    /// Headings and the values they must have, all of them.
    pub filters: &'a [(String, String)],
    /// The heading the rows are sorted by.
    pub sort: Option<&'a str>,
    /// Whether rows that are hidden are left out.
    pub visible_only: bool,
}

/// The rows that are taken, the headings found.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Columns and their values as they are compared.
    filters: Vec<(usize, String)>,
    pub sort: Option<usize>,
    /// The rows that are left out because they are hidden.
    pub hidden: BTreeSet<u32>,
}

impl Selection {
    /// Finds the columns of a choice; `find` tells which a heading is, `titles` are all of them.
    pub fn new(
        choice: Choice<'_>,
        titles: &[String],
        find: impl Fn(&str) -> Option<usize>,
        hidden: &BTreeSet<u32>,
    ) -> Result<Self, TableError> {
        let column = |option: &str, written: &str| {
            find(written).ok_or_else(|| TableError::from(no_heading(option, written, titles)))
        };
        let filters = choice
            .filters
            .iter()
            .map(|(heading, value)| column("--where", heading).map(|column| (column, fold(value))));
        Ok(Selection {
            filters: filters.collect::<Result<_, _>>()?,
            sort: choice.sort.map(|heading| column("--sort", heading)).transpose()?,
            hidden: if choice.visible_only { hidden.clone() } else { BTreeSet::new() },
        })
    }

    /// The columns by whose values rows are taken.
    pub fn columns(&self) -> Vec<usize> {
        self.filters.iter().map(|(column, _)| *column).collect()
    }

    /// Whether some rows may be left out by their values.
    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty()
    }

    /// Whether a row has every value that is asked for.
    pub fn has(&self, row: &Row) -> bool {
        self.filters.iter().all(|(column, value)| fold(&text(row, *column)) == *value)
    }

    /// That no row has the values asked for, with those the first column has.
    pub fn nothing(&self, titles: &[String], rows: &[Row]) -> Diagnostic {
        let mut hint = Text::new("見出しと値を確かめてください", "check the heading and the value");
        if let Some((column, _)) = self.filters.first() {
            let values: BTreeSet<String> =
                rows.iter().map(|row| text(row, *column)).filter(|text| !text.is_empty()).collect();
            let title = titles.get(*column).map_or("", |title| title.trim());
            let shown = listed(values.iter().map(String::as_str), values.len());
            hint = Text::new(
                format!("「{title}」にあるのは {} です", shown.ja),
                format!("the values of {title} are {}", shown.en),
            );
        }
        let message = Text::new("--where に合う行がありません", "no row has the values of --where");
        Diagnostic::error("where", message).with_hint(hint)
    }
}

/// What is written in a column of a row.
pub(super) fn text(row: &Row, column: usize) -> String {
    row.cells.get(column).map_or_else(String::new, Cell::to_string).trim().to_owned()
}

/// A number sorts by its size, a text behind all numbers by its characters.
pub(super) fn order(text: &str) -> (bool, u64, String) {
    let folded = fold(text);
    let is_number = folded.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | ','));
    match folded.replace(',', "").parse::<f64>() {
        Ok(number) if is_number => (false, rank(number), folded),
        _ => (true, 0, folded),
    }
}

/// A whole number that is the larger the larger this one is: the sign of its bits turned round, of a negative one all.
fn rank(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | 1 << 63 }
}

/// That the list has no such heading, and which it has.
pub(crate) fn no_heading(option: &str, written: &str, titles: &[String]) -> Diagnostic {
    let known = titles.iter().map(|title| title.trim()).filter(|title| !title.is_empty());
    let count = known.clone().count();
    let shown = listed(known, count);
    let message = Text::new(
        format!("{option} の「{written}」という見出しは名簿にありません"),
        format!("{option}: the list has no heading {written}"),
    );
    Diagnostic::error("heading", message).with_hint(Text::new(
        format!("見出しは {} です", shown.ja),
        format!("the headings are {}", shown.en),
    ))
}

/// The first of several words, and how many more there are.
fn listed<'a>(words: impl Iterator<Item = &'a str>, count: usize) -> Text {
    let first: Vec<&str> = words.take(NAMED).collect();
    match count.saturating_sub(first.len()) {
        0 => Text::new(first.join("、"), first.join(", ")),
        more => Text::new(
            format!("{}、ほか {more} 個", first.join("、")),
            format!("{} and {more} more", first.join(", ")),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_size_and_before_texts() {
        let mut texts = ["10", "２", "b", "1,200", "-1", "2.5", "1", "1-2", "A", "-3"];
        texts.sort_by_key(|text| order(text));
        assert_eq!(texts, ["-3", "-1", "1", "２", "2.5", "10", "1,200", "1-2", "A", "b"]);
    }
}
