//! The form fields that a PDF has itself.

use std::collections::BTreeMap;

use super::labels::Labels;
use super::page::Read;
use super::{Blank, What};
use crate::paper::{Widget, WidgetKind};

/// What may be filled in on a page whose fields are these, in the order of their places.
pub(super) fn blanks(page: usize, widgets: &[&Widget], read: &Read) -> Vec<Blank> {
    let labels = Labels::of(&read.cells, &read.free);
    let mut groups: BTreeMap<&str, Vec<&Widget>> = BTreeMap::new();
    for widget in widgets.iter().filter(|widget| widget.kind != WidgetKind::Signature) {
        groups.entry(&widget.name).or_default().push(widget);
    }
    let mut blanks = Vec::new();
    for (name, group) in groups {
        let first = group[0];
        let tick = |widget: &&Widget| {
            let WidgetKind::Button { state } = &widget.kind else { return None };
            let word = after(read, widget).unwrap_or_else(|| state.clone());
            Some((word, widget.rect, Some(state.clone())))
        };
        let wholes: Vec<What> = match &first.kind {
            WidgetKind::Button { .. } => {
                let mut ticks: Vec<_> = group.iter().filter_map(tick).collect();
                if let [(word, ..)] = &mut ticks[..] {
                    word.clear();
                }
                vec![What::Ticks(ticks)]
            }
            WidgetKind::Text { most: Some(most), comb: true } => {
                group.iter().map(|widget| What::Digits(widget.rect, *most)).collect()
            }
            WidgetKind::Choice(words) if !words.is_empty() => {
                group.iter().map(|widget| What::Choice(widget.rect, words.clone())).collect()
            }
            _ => group.iter().map(|widget| What::Text(widget.rect)).collect(),
        };
        let printed = || match first.kind {
            WidgetKind::Button { .. } if group.len() == 1 => after(read, first),
            _ => None,
        };
        let names = match &first.label {
            Some(label) => vec![label.clone()],
            None => {
                let names = of_place(read, &labels, first);
                if names.is_empty() { printed().into_iter().collect() } else { names }
            }
        };
        let names = if names.is_empty() { vec![name.to_owned()] } else { names };
        for what in wholes {
            let pdf_field = Some(name.to_owned());
            blanks.push(Blank { page, what, labels: names.clone(), row: None, pdf_field });
        }
    }
    blanks.sort_by(super::reading_order);
    blanks
}

/// What the page calls a field: by the cell it is in, or the words before or above it.
fn of_place(read: &Read, labels: &Labels<'_>, widget: &Widget) -> Vec<String> {
    let cell = read.cells.iter().position(|cell| super::text::holds(&cell.place, &widget.rect));
    let in_cell = cell.map(|cell| labels.of_cell(cell).0).unwrap_or_default();
    match in_cell.is_empty() {
        false => in_cell,
        true => labels.of_line(&widget.rect, ""),
    }
}

/// The words behind a button.
fn after(read: &Read, widget: &Widget) -> Option<String> {
    let [x, y, w, h] = widget.rect;
    let (end, middle) = (x + w, y + h / 2.0);
    let row = read.free.iter().find(|row| middle > row.top - 1.0 && middle < row.bottom + 1.0)?;
    let (mut word, mut edge) = (String::new(), end);
    for char in row.chars.iter().filter(|char| char.from > end - 1.0) {
        if char.from - edge > 1.5 * row.em {
            break;
        }
        word.push(char.c);
        edge = char.to;
    }
    (!word.is_empty()).then_some(word)
}
