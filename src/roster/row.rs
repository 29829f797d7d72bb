//! One row of a roster becomes a record, shaped by the heading.

use crate::form::{Field, Kind};
use crate::record::{Key, Node, NodeValue};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::cell::day_of_serial;
use crate::table::{Cell, Row};

/// Serial numbers of the days from 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<i64> = 36_526..=73_050;

/// The shape of every record.
pub(super) enum Branch<'a> {
    Leaf(usize, &'a Field),
    Section(Vec<(String, Branch<'a>)>),
    List(Vec<(usize, Vec<(String, Branch<'a>)>)>),
}

/// Adds a column to the shape of the records.
pub(super) fn plant<'a>(
    tree: &mut Vec<(String, Branch<'a>)>,
    key: &str,
    column: usize,
    field: &'a Field,
) {
    let (part, rest) = match key.split_once('.') {
        Some((part, rest)) => (part, Some(rest)),
        None => (key, None),
    };
    let (name, index) = match part.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
        None => (part, None),
    };
    let Some(rest) = rest else {
        tree.push((name.to_owned(), Branch::Leaf(column, field)));
        return;
    };
    let at = tree.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        let branch =
            if index.is_some() { Branch::List(Vec::new()) } else { Branch::Section(Vec::new()) };
        tree.push((name.to_owned(), branch));
        tree.len() - 1
    });
    match (&mut tree[at].1, index) {
        (Branch::Section(inner), _) => plant(inner, rest, column, field),
        (Branch::List(items), Some(index)) => {
            let at = items.partition_point(|(known, _)| *known < index);
            if items.get(at).is_none_or(|(known, _)| *known != index) {
                items.insert(at, (index, Vec::new()));
            }
            plant(&mut items[at].1, rest, column, field);
        }
        // A key is a list's in all columns or in none.
        (Branch::List(_) | Branch::Leaf(..), _) => {}
    }
}

/// Makes one row's nodes.
pub(super) struct RowReader<'r> {
    pub row: &'r Row,
    pub report: &'r mut Report,
    pub place: &'r dyn Fn(usize) -> Place,
}

impl RowReader<'_> {
    /// The node, and whether anything is written in it.
    pub fn node(&mut self, branch: &Branch<'_>) -> (Node, bool) {
        match branch {
            Branch::Leaf(column, field) => self.leaf(*column, field),
            Branch::Section(inner) => self.section(inner),
            Branch::List(items) => {
                let mut nodes = Vec::new();
                let mut first = None;
                for (_, inner) in items {
                    let (node, is_written) = self.section(inner);
                    first.get_or_insert_with(|| node.place.clone());
                    if is_written {
                        nodes.push(node);
                    }
                }
                let is_written = !nodes.is_empty();
                let place = first.unwrap_or_else(|| (self.place)(0));
                let value = if is_written { NodeValue::List(nodes) } else { NodeValue::Null };
                (Node { place, value }, is_written)
            }
        }
    }

    fn section(&mut self, inner: &[(String, Branch<'_>)]) -> (Node, bool) {
        let mut any = false;
        let mut entries = Vec::with_capacity(inner.len());
        for (name, branch) in inner {
            let (node, is_written) = self.node(branch);
            any |= is_written;
            entries.push((Key { text: name.clone(), place: node.place.clone() }, node));
        }
        let place = entries.first().map_or_else(|| (self.place)(0), |(k, _)| k.place.clone());
        (Node { place, value: NodeValue::Map(entries) }, any)
    }

    fn leaf(&mut self, column: usize, field: &Field) -> (Node, bool) {
        let place = (self.place)(column);
        let cell = self.row.cells.get(column).unwrap_or(&Cell::Empty);
        let value = match cell {
            Cell::Empty => NodeValue::Null,
            // It has been reported.
            Cell::Faulty(_) => return (Node { place, value: NodeValue::Null }, true),
            Cell::Text(text) => {
                let day = self.serial(text.parse().ok(), field, &place);
                NodeValue::Scalar(day.unwrap_or_else(|| text.clone()))
            }
            Cell::Boolean(value) => NodeValue::Scalar(value.to_string()),
            Cell::Number(number) => {
                let text = plain(cell);
                let serial = (number.fract() == 0.0).then_some(*number as i64);
                NodeValue::Scalar(self.serial(serial, field, &place).unwrap_or(text))
            }
            Cell::Moment(moment) => {
                let date = moment.to_string();
                NodeValue::Scalar(match field.kind {
                    Kind::YearMonth => date.chars().take(7).collect(),
                    Kind::Text => {
                        self.taken(field, "日付のセル", "a date", &date, &place);
                        date
                    }
                    _ => date,
                })
            }
        };
        let is_written = value != NodeValue::Null;
        (Node { place, value }, is_written)
    }

    /// A day that lost its format and stands there as Excel counts days.
    fn serial(&mut self, serial: Option<i64>, field: &Field, place: &Place) -> Option<String> {
        let serial = serial.filter(|serial| SERIALS.contains(serial))?;
        let take = match field.kind {
            Kind::Date => 10,
            Kind::YearMonth => 7,
            _ => return None,
        };
        let date = day_of_serial(serial as f64, false)?.to_string()[..take].to_owned();
        self.taken(
            field,
            &format!("シリアル値 {serial} "),
            &format!("the serial number {serial}"),
            &date,
            place,
        );
        Some(date)
    }

    fn taken(&mut self, field: &Field, ja: &str, en: &str, date: &str, place: &Place) {
        self.report.push(
            Diagnostic::warning(
                "normalised",
                Text::new(
                    format!("{}: {ja}を「{date}」と読み替えました", field.label.ja),
                    format!("{}: {en} is taken as `{date}`", field.label.en),
                ),
            )
            .with_field(&field.key)
            .with_hint(Text::new(
                "セルの書式を、日付の列は日付、それ以外は文字列にしてください",
                "format the cell as a date, or as text where no date is meant",
            ))
            .at(Some(place.clone())),
        );
    }
}

/// A cell as text.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Faulty(_) => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Moment(moment) => moment.to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Cell::Number(number) => number.to_string(),
    }
}
