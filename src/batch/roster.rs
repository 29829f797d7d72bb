//! A roster: the heading decides once which cell is which value; every row then becomes a record.

use std::ops::ControlFlow;
use std::path::Path;

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::entry::Entry;
use crate::check::{Diagnostic, Place, Report, Source, Text};
use crate::form::{Column, Field, Form, Forms, HeadingFault, Headings, Kind};
use crate::record::table::{Cell, Encoding, Row, Table, TableError};
use crate::record::{Key, Node, NodeValue, Record};

/// The headings of the column that marks rows which are no facility.
pub(super) const MARKER_HEADINGS: [&str; 3] = ["行", "#", "No."];
/// What marks the example row.
pub(super) const EXAMPLE_MARK: &str = "例";
/// Among how many rows from the top the heading is looked for.
const HEADING_WITHIN: usize = 10;
/// Serial numbers of the days from 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<i64> = 36_526..=73_050;

/// A roster, its heading understood.
pub(super) struct Roster<'a> {
    pub table: Table,
    headings: Headings<'a>,
    heading_row: u32,
    /// The heading as written, for reports.
    titles: Vec<String>,
    width: usize,
    marker: Option<usize>,
    /// Columns without a heading, or with an unknown one that is to be passed over.
    unheaded: Vec<usize>,
    tree: Vec<(String, Branch<'a>)>,
    /// Sections that are left out of a record in which nothing is written in them.
    sections: Vec<String>,
}

/// The shape of every record.
enum Branch<'a> {
    Leaf(usize, &'a Field),
    Section(Vec<(String, Branch<'a>)>),
    List(Vec<(usize, Vec<(String, Branch<'a>)>)>),
}

/// What is expected of a roster.
pub(super) struct Expected<'a> {
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
        let headings = Headings::new(expected.forms.dictionary());
        let Some(heading) = find_heading(&table, &headings)? else {
            return Err(Diagnostic::error(
                "syntax",
                Text::new("名簿に何も書かれていません", "the roster is empty"),
            )
            .with_hint(Text::new(
                "onshi roster で空の名簿を作れます",
                "`onshi roster` writes an empty roster to start from",
            ))
            .into());
        };
        let row = heading.number;
        let mut report = Report::default();
        for (first, last) in table.merged(row) {
            let message = Text::new(
                "見出しのセルが結合されています。どの列の見出しか分かりません",
                "cells of the heading are merged: which column they head is not clear",
            );
            let hint = Text::new(
                format!("結合を解き、{} 列それぞれに見出しを書いてください", last - first + 1),
                format!("unmerge them and head each of the {} columns", last - first + 1),
            );
            let place = table.place(row, first as usize);
            report.push(Diagnostic::error("heading", message).with_hint(hint).at(Some(place)));
        }
        let mut roster = Roster {
            heading_row: row,
            titles: heading.cells.iter().map(plain).collect(),
            width: heading.cells.len(),
            marker: None,
            unheaded: Vec::new(),
            tree: Vec::new(),
            sections: Vec::new(),
            headings,
            table,
        };
        let columns = roster.columns(&heading, expected, &mut report);
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
            let sections = expected.forms.forms().iter().map(|form| form.section.value.clone());
            roster.sections = sections.collect();
        }
        if row > 1 {
            roster.table.notes.push(Text::new(
                format!("{row} 行目を見出しとして読みました"),
                format!("row {row} is taken as the heading"),
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
        let mut unknown = 0;
        for (i, cell) in heading.cells.iter().enumerate() {
            let place = Some(self.table.place(heading.number, i + 1));
            let written = match cell {
                Cell::Empty => {
                    self.unheaded.push(i);
                    continue;
                }
                Cell::Faulty(fault) => {
                    report.push(
                        Diagnostic::error(fault.code, fault.message.clone())
                            .with_hint(fault.hint.clone())
                            .at(place),
                    );
                    continue;
                }
                cell => plain(cell),
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
                                        "the heading {} stands in column {} already",
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
            unknown += usize::from(matches!(fault, HeadingFault::Unknown(_)));
            report.push(heading_fault(written.trim(), fault).at(place));
        }
        if unknown > 0 && columns.is_empty() {
            report.push(
                Diagnostic::error(
                    "heading",
                    Text::new("見出しの行が見つかりません", "no row of headings is found"),
                )
                .with_hint(Text::new(
                    "onshi roster で作った名簿の見出しを使ってください",
                    "use the headings of the roster that `onshi roster` writes",
                ))
                .at(Some(self.table.place(heading.number, 1))),
            );
        }
        columns
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
            let all = expected.forms.forms().iter();
            all.filter(|form| in_section(&form.section.value)).collect()
        } else {
            expected.named.to_vec()
        };
        let place = Some(self.table.place(self.heading_row, 1));
        if forms.is_empty() {
            let message = Text::new(
                "どの様式の列もありません",
                "there is no column of any form's own section",
            );
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
                            "add it, or give --set {}=VALUE where all rows share it",
                            column.key
                        ),
                    ))
                    .at(place.clone()),
                );
            }
        }
    }

    fn has_rows(&self) -> Result<bool, TableError> {
        let mut found = false;
        self.table.rows(&mut |row| {
            found = row.number > self.heading_row && !self.is_example(&row);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }

    fn is_example(&self, row: &Row) -> bool {
        let mark = self.marker.and_then(|column| row.cells.get(column));
        mark.is_some_and(|cell| plain(cell).trim() == EXAMPLE_MARK)
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
        u64::from(self.table.height().saturating_sub(self.heading_row))
    }

    /// The cell of a row that holds a field; the row's first cell where there is none.
    pub fn place_of(&self, row: u32, field: &str) -> Place {
        let at = self
            .titles
            .iter()
            .position(|title| self.headings.find(title).is_ok_and(|column| column.key == field));
        self.table.place(row, at.map_or(1, |at| at + 1))
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
            let list = crate::form::plain_key(&column.key);
            column.key == field || list == field || list.starts_with(&format!("{field}."))
        })
    }

    fn entry(&self, row: &Row) -> Entry {
        let mut report = Report::default();
        let place = |column: usize| self.table.place(row.number, column + 1);
        let written = row.cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |i| i + 1);
        let short = self.table.has_row_lengths() && row.cells.len() < self.width;
        if written > self.width || short {
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
                    "look for a comma too many or too few, or an unquoted one inside a value",
                ))
                .at(Some(place(found.min(wanted)))),
            );
            return Entry::unreadable(row.number, self.source(), report);
        }
        for (column, cell) in row.cells.iter().enumerate() {
            if let Cell::Faulty(fault) = cell
                && !self.unheaded.contains(&column)
            {
                report.push(
                    Diagnostic::error(fault.code, fault.message.clone())
                        .with_hint(fault.hint.clone())
                        .at(Some(place(column))),
                );
            }
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

fn heading_fault(written: &str, fault: HeadingFault) -> Diagnostic {
    let ignore = Text::new(
        "使わない列なら --ignore-unknown をつけてください",
        "if the column is not needed, give --ignore-unknown",
    );
    match fault {
        HeadingFault::Unknown(nearest) => Diagnostic::error(
            "unknown-field",
            Text::new(
                format!("見出し「{written}」に当たる項目はありません"),
                format!("no field has the heading {written}"),
            ),
        )
        .with_hint(match nearest {
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
                format!("the heading {written} fits {} fields", names.len()),
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
                format!("{written} is computed and not written in a roster"),
            ),
        )
        .with_hint(ignore),
    }
}

/// Adds a column to the shape of the records.
fn plant<'a>(tree: &mut Vec<(String, Branch<'a>)>, key: &str, column: usize, field: &'a Field) {
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
struct RowReader<'r> {
    row: &'r Row,
    report: &'r mut Report,
    place: &'r dyn Fn(usize) -> Place,
}

impl RowReader<'_> {
    /// The node, and whether anything is written in it.
    fn node(&mut self, branch: &Branch<'_>) -> (Node, bool) {
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
            Cell::Text(text) => self.text(text, field, &place),
            Cell::Boolean(value) => NodeValue::Scalar(value.to_string()),
            Cell::Number(number) => {
                let text = plain(cell);
                let serial = (number.fract() == 0.0).then_some(*number as i64);
                NodeValue::Scalar(self.serial(serial, field, &place).unwrap_or(text))
            }
            Cell::Date(date) => NodeValue::Scalar(match field.kind {
                Kind::YearMonth => date.chars().take(7).collect(),
                Kind::Text => {
                    self.taken(field, "日付のセル", "a date", date, &place);
                    date.clone()
                }
                _ => date.clone(),
            }),
        };
        let is_written = value != NodeValue::Null;
        (Node { place, value }, is_written)
    }

    fn text(&mut self, text: &str, field: &Field, place: &Place) -> NodeValue {
        if field.many && field.choice(text).is_none() {
            let parts = text.split(['・', '、', '，', ',', '/', '／', '+', '＋', ';', '；', '\n']);
            let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
            if parts.len() > 1 {
                let node = |part: &str| Node {
                    place: place.clone(),
                    value: NodeValue::Scalar(part.to_owned()),
                };
                return NodeValue::List(parts.into_iter().map(node).collect());
            }
        }
        let serial = text.parse().ok();
        NodeValue::Scalar(self.serial(serial, field, place).unwrap_or_else(|| text.to_owned()))
    }

    /// A day that lost its format and stands there as Excel counts days.
    fn serial(&mut self, serial: Option<i64>, field: &Field, place: &Place) -> Option<String> {
        let serial = serial.filter(|serial| SERIALS.contains(serial))?;
        let take = match field.kind {
            Kind::Date => 10,
            Kind::YearMonth => 7,
            _ => return None,
        };
        let moment = ExcelDateTime::new(serial as f64, ExcelDateTimeType::DateTime, false);
        let (year, month, day, ..) = moment.to_ymd_hms_milli();
        let date = format!("{year:04}-{month:02}-{day:02}");
        let date = date[..take].to_owned();
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
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Faulty(_) => String::new(),
        Cell::Text(text) | Cell::Date(text) => text.clone(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Cell::Number(number) => number.to_string(),
    }
}

/// Adds what every record shares where a record has nothing of its own: `key` and value.
pub(super) fn share(root: &mut Node, set: &[(String, String)], forms: &Forms, place: &Place) {
    for (key, value) in set {
        add(root, key, "", value, forms, place);
    }
}

fn add(node: &mut Node, key: &str, parent: &str, value: &str, forms: &Forms, place: &Place) {
    let (part, rest) = match key.split_once('.') {
        Some((part, rest)) => (part, Some(rest)),
        None => (key, None),
    };
    let (name, is_list) = match part.split_once('[') {
        Some((name, _)) => (name, true),
        None => (part, false),
    };
    if matches!(node.value, NodeValue::Null) {
        node.value = NodeValue::Map(Vec::new());
    }
    let NodeValue::Map(entries) = &mut node.value else { return };
    let dictionary = forms.dictionary();
    let is_named =
        |written: &str| dictionary.child(parent, written).is_some_and(|f| f.name() == name);
    let at = entries.iter().position(|(key, _)| is_named(&key.text)).unwrap_or_else(|| {
        let key = Key { text: name.to_owned(), place: place.clone() };
        entries.push((key, Node { place: place.clone(), value: NodeValue::Null }));
        entries.len() - 1
    });
    let inner = &mut entries[at].1;
    let dot = if parent.is_empty() { "" } else { "." };
    let below = format!("{parent}{dot}{name}");
    match rest {
        Some(rest) if is_list => {
            // A list of one's own is whole as it is.
            if matches!(inner.value, NodeValue::Null) {
                let mut item = Node { place: place.clone(), value: NodeValue::Null };
                add(&mut item, rest, &below, value, forms, place);
                inner.value = NodeValue::List(vec![item]);
            }
        }
        Some(rest) => add(inner, rest, &below, value, forms, place),
        None if matches!(inner.value, NodeValue::Null) => {
            *inner = Node { place: place.clone(), value: NodeValue::Scalar(value.to_owned()) };
        }
        None => {}
    }
}
