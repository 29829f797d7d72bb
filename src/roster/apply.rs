//! A map applied to the headings of a list.

use std::collections::BTreeSet;

use super::map::{Copied, Join, Map, Named, To, Translated};
use super::plan::{Columns, Given};
use super::source::{From, Source};
use crate::form::{Column, Headings, fold};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Report, Text, suggest};

/// Adds what a map says of columns, and gives those that it speaks of; `report` takes what the list has not.
pub(super) fn apply(
    map: &Map,
    headings: &Headings<'_>,
    titles: &[String],
    columns: &mut Columns,
    report: &mut Report,
) -> BTreeSet<usize> {
    report.extend(map.faults.clone());
    let mut taken = BTreeSet::new();
    let mut find = |named: &Named, report: &mut Report| {
        let found = find(named, titles, report);
        taken.extend(found);
        found
    };
    let column = |path: &FieldPath| Column {
        heading: headings.heading(path.written()).to_owned(),
        path: path.clone(),
    };
    for mapped in &map.columns {
        let Some(index) = find(&mapped.heading, report) else { continue };
        match &mapped.to {
            To::Field(path) => {
                let source = Source::of_cell(index);
                columns.values.push(Given { column: column(path), source });
            }
            To::Pieces(pieces) => {
                let takes: Vec<_> = pieces.iter().map(|(take, _)| *take).collect();
                for (which, (_, path)) in pieces.iter().enumerate() {
                    let Some(path) = path else { continue };
                    let from = From::Piece(index, takes.clone(), which);
                    let source = Source { from, translate: Vec::new() };
                    columns.values.push(Given { column: column(path), source });
                }
            }
        }
    }
    for Join { to, columns: named, between } in &map.joins {
        let indices: Vec<Option<usize>> = named.iter().map(|named| find(named, report)).collect();
        let from = indices.into_iter().enumerate().filter_map(|(at, index)| {
            let before = at.checked_sub(1).and_then(|at| between.get(at)).cloned();
            Some((index?, before.unwrap_or_default()))
        });
        let from: Vec<_> = from.collect();
        if !from.is_empty() {
            columns.values.push(Given { column: column(to), source: Source::joined(from) });
        }
    }
    for named in map.ignored.iter().chain(&map.unclear) {
        find(named, report);
    }
    // A column may be left out of the record, and yet say which rows are left out or are one.
    let read = |named: &Named, report: &mut Report| self::find(named, titles, report);
    for (named, texts) in &map.left_out {
        let texts = texts.iter().map(|text| fold(text)).collect();
        columns.left_out.extend(read(named, report).map(|index| (index, texts)));
    }
    columns.key = map.key.iter().filter_map(|named| read(named, report)).collect();
    taken
}

/// Adds what is copied and translated, once every column is known.
pub(super) fn finish(
    map: &Map,
    headings: &Headings<'_>,
    set: &[String],
    columns: &mut Columns,
    report: &mut Report,
) {
    for Translated { of, place, pairs } in &map.translate {
        let is_it = |given: &&mut Given| given.column.path == *of;
        let Some(given) = columns.values.iter_mut().find(is_it) else {
            report.push(not_given(place, headings.heading(of.written())));
            continue;
        };
        given.source.translate = pairs.iter().map(|(from, to)| (fold(from), to.clone())).collect();
    }
    // A copy may be of another, wherever that stands.
    let mut waiting: Vec<&Copied> = map.copies.iter().collect();
    loop {
        let before = waiting.len();
        waiting.retain(|copy| !copied(copy, headings, set, columns, report));
        if waiting.len() == before {
            break;
        }
    }
    for copy in waiting {
        report.push(not_given(&copy.place, headings.heading(copy.from.written())));
    }
}

/// Copies what a column gives; whether there is something to copy.
fn copied(
    copy: &Copied,
    headings: &Headings<'_>,
    set: &[String],
    columns: &mut Columns,
    report: &mut Report,
) -> bool {
    let heading = headings.heading(copy.to.written()).to_owned();
    if columns.has(copy.to.written()) {
        let place = Some(copy.place.clone());
        report.push(twice(&heading).with_field(copy.to.written()).at(place));
        return true;
    }
    let from = columns.values.iter().find(|given| given.column.path == copy.from);
    if let Some(source) = from.map(|given| given.source.clone()) {
        let column = Column { heading, path: copy.to.clone() };
        columns.values.push(Given { column, source });
        return true;
    }
    // What all facilities share is copied with it.
    set.iter().any(|key| key == copy.from.written())
}

/// A field that a map gives twice.
fn twice(heading: &str) -> Diagnostic {
    let message =
        Text::new(format!("「{heading}」の値が二つあります"), format!("{heading} is given twice"));
    let hint = Text::new("どちらか一方にしてください", "leave one of them out");
    Diagnostic::error("duplicate-field", message).with_hint(hint)
}

/// A field that no column gives.
fn not_given(place: &crate::report::Place, heading: &str) -> Diagnostic {
    let message = Text::new(
        format!("「{heading}」の値を持つ列がありません"),
        format!("no column gives {heading}"),
    );
    let hint = Text::new(
        "列の対応を書くか、この行を消してください",
        "say which column gives it, or remove this line",
    );
    Diagnostic::error("required", message).with_hint(hint).at(Some(place.clone()))
}

/// The column of a heading, or of a letter such as C列; reported where there is none, or several.
pub(super) fn find(named: &Named, titles: &[String], report: &mut Report) -> Option<usize> {
    let folded = fold(&named.text);
    let mut found = titles.iter().enumerate().filter(|(_, title)| fold(title) == folded);
    let (message, hint) = match (found.next(), found.next()) {
        (Some((index, _)), None) => return Some(index),
        (Some((one, _)), Some((other, _))) => {
            let letters = [one, other].map(letters);
            (
                Text::new(
                    format!(
                        "見出し「{}」の列が二つ以上あります（{} 列）",
                        named.text,
                        letters.join("、")
                    ),
                    format!(
                        "the heading {} is there more than once (columns {})",
                        named.text,
                        letters.join(", ")
                    ),
                ),
                Some(Text::new(
                    format!("見出しの代わりに「{}列」のように書いてください", letters[0]),
                    format!("write `column {}` in place of the heading", letters[0]),
                )),
            )
        }
        (None, _) => match by_letters(&folded).filter(|index| *index < titles.len()) {
            Some(index) => return Some(index),
            None => {
                let known = titles.iter().map(String::as_str).filter(|title| !title.is_empty());
                (
                    Text::new(
                        format!("見出し「{}」の列が名簿にありません", named.text),
                        format!("the list has no heading {}", named.text),
                    ),
                    suggest(&named.text, known),
                )
            }
        },
    };
    let fault = Diagnostic::error("heading", message);
    let fault = hint.into_iter().fold(fault, Diagnostic::with_hint);
    report.push(fault.at(Some(named.place.clone())));
    None
}

/// The letters of a column as a spreadsheet shows them.
pub(super) fn letters(column: usize) -> String {
    // No table has as many columns as an u16 counts.
    rust_xlsxwriter::utility::column_number_to_name(u16::try_from(column).unwrap_or(u16::MAX))
}

/// The column that `c列` or `columnc` names.
fn by_letters(folded: &str) -> Option<usize> {
    let name = folded.strip_suffix('列').or_else(|| folded.strip_prefix("column"))?;
    let is_name = (1..=3).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase());
    let number = |sum, b: u8| sum * 26 + usize::from(b - b'a') + 1;
    is_name.then(|| name.bytes().fold(0, number)).map(|number| number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_may_be_named_by_its_letters() {
        for (written, column) in [("A列", 0), ("ＡＢ列", 27), ("column C", 2)] {
            assert_eq!(by_letters(&fold(written)), Some(column), "{written}");
        }
        assert_eq!(by_letters(&fold("配列")), None);
        assert_eq!(letters(27), "AB");
    }
}
