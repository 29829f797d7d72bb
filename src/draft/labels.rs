//! What a blank is called: the cell at its left, the heading of its column, the words before it.

use super::Place;
use super::cell::{Cell, CellKind};
use super::text::TextRow;

/// How many labels of groups are taken.
const MOST: usize = 3;
/// How far a label may be above a blank, in mm.
const ABOVE: f32 = 9.0;

pub(super) struct Labels<'a> {
    cells: &'a [Cell],
    free: &'a [TextRow],
}

impl<'a> Labels<'a> {
    pub fn of(cells: &'a [Cell], free: &'a [TextRow]) -> Self {
        Labels { cells, free }
    }

    /// The labels of a cell to fill in, the group's first, and of a table's column the table and the row.
    pub fn of_cell(&self, index: usize) -> (Vec<String>, Option<(usize, usize)>) {
        let place = self.whole(index);
        let (left, header) = (self.left(&place), self.header(&place));
        let is_number = |text: &String| {
            let bare = text.trim_matches(['.', '．', '（', '）', '(', ')']);
            !bare.is_empty() && bare.chars().all(|c| c.is_numeric() || "①②③④⑤⑥⑦⑧⑨⑩".contains(c))
        };
        match (left, header) {
            (left, Some((header, row))) if left.last().is_none_or(is_number) => {
                let head = &self.cells[header];
                // A table is known by the line its headings are on.
                let table = self.cells.iter().position(|cell| {
                    (cell.place[1] - head.place[1]).abs() < 0.6 && cell.kind == CellKind::Label
                });
                let mut names: Vec<String> = self.title(&head.place).into_iter().collect();
                names.push(head.text.clone());
                (names, table.map(|table| (table, row)))
            }
            (left, _) if !left.is_empty() => {
                (left.into_iter().filter(|text| !is_number(text)).collect(), None)
            }
            _ => {
                let place = &place;
                let beside = self.beside(place).or_else(|| self.above(place));
                (beside.into_iter().collect(), None)
            }
        }
    }

    /// The place of a cell, of boxes side by side that of all.
    fn whole(&self, index: usize) -> Place {
        match &self.cells[index].kind {
            CellKind::Digit(Some((place, _))) => *place,
            _ => self.cells[index].place,
        }
    }

    /// The labels at the left of a place, the outer ones first.
    fn left(&self, place: &Place) -> Vec<String> {
        let middle = place[1] + place[3] / 2.0;
        let mut names: Vec<String> = Vec::new();
        let (mut edge, mut is_behind) = (place[0], false);
        while names.len() < MOST {
            let beside = self.cells.iter().filter(|cell| {
                let [x, y, w, h] = cell.place;
                (x + w - edge).abs() < 0.8
                    && middle > y
                    && middle < y + h
                    && cell.kind != CellKind::None
            });
            let Some(cell) = beside.min_by(|a, b| a.place[3].total_cmp(&b.place[3])) else { break };
            // Behind another blank of the row its own label is passed over; that of the group is higher.
            let is_group = cell.place[3] > 1.4 * place[3];
            if cell.kind == CellKind::Label && (!is_behind || is_group) {
                names.push(cell.text.clone());
            } else if names.is_empty() {
                break;
            } else {
                is_behind = true;
            }
            edge = cell.place[0];
        }
        names.reverse();
        names
    }

    /// The heading of the column of a place, and how many cells to fill in are between them.
    fn header(&self, place: &Place) -> Option<(usize, usize)> {
        let [left, _, width, _] = *place;
        let (mut top, mut rows) = (place[1], 0);
        loop {
            let above = self.cells.iter().enumerate().find(|(_, cell)| {
                let [x, y, w, h] = cell.place;
                let shared = (x + w).min(left + width) - x.max(left);
                (y + h - top).abs() < 0.8 && shared > 0.8 * width && cell.kind != CellKind::None
            })?;
            let (index, cell) = above;
            if cell.kind == CellKind::Label {
                // What is much wider is the heading of several columns.
                return (cell.place[2] < 1.5 * width).then_some((index, rows));
            }
            if (cell.place[2] - width).abs() > 1.0 {
                return None;
            }
            top = cell.place[1];
            rows += 1;
        }
    }

    /// The words above a table.
    fn title(&self, header: &Place) -> Option<String> {
        let level = self.cells.iter().filter(|cell| (cell.place[1] - header[1]).abs() < 0.6);
        let left = level.map(|cell| cell.place[0]).fold(header[0], f32::min);
        self.above(&[left, header[1], header[2].max(30.0), header[3]])
    }

    /// The words before a place, on its line.
    pub fn beside(&self, place: &Place) -> Option<String> {
        let (top, bottom) = (place[1], place[1] + place[3]);
        let level = self.free.iter().filter(|row| {
            let middle = (row.top + row.bottom) / 2.0;
            middle > top && middle < bottom
        });
        let mut chars: Vec<_> = level
            .flat_map(|row| row.chars.iter().map(|char| (*char, row.em)))
            .filter(|(char, _)| char.to < place[0] + 0.8)
            .collect();
        chars.sort_by(|(a, _), (b, _)| a.from.total_cmp(&b.from));
        let mut name = Vec::new();
        let mut edge = place[0];
        for (char, em) in chars.iter().rev() {
            // Letters that are spread over a width are one word.
            if edge - char.to > 4.2 * em {
                break;
            }
            name.push(char.c);
            edge = char.from;
        }
        name.reverse();
        let name: String = name.into_iter().collect();
        let name = name.trim_matches(['：', ':', '・', '、']).to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// The words above a place.
    pub fn above(&self, place: &Place) -> Option<String> {
        let near = self.free.iter().filter(|row| {
            let gap = place[1] - row.bottom;
            let shared = row.right().min(place[0] + place[2]) - row.left().max(place[0]);
            (-1.5..ABOVE).contains(&gap) && shared > 0.0 && row.chars.len() <= 30
        });
        let row = near.max_by(|a, b| a.bottom.total_cmp(&b.bottom))?;
        Some(row.text().trim_matches(['（', '）', '(', ')', '：', ':', '【', '】']).to_owned())
    }

    /// The label of a blank on a line: what stands before it there, at its left, or above it.
    pub fn of_line(&self, place: &Place, own: &str) -> Vec<String> {
        let own = own.trim_matches(['：', ':', '・', '、', ' ', '（', '）', '(', ')']);
        let own = (!own.is_empty()).then(|| own.to_owned());
        own.or_else(|| self.beside(place)).or_else(|| self.above(place)).into_iter().collect()
    }
}
