//! What was found, drawn on the pages.

use std::sync::Arc;

use super::proposal::{Proposal, ProposedBox};
use crate::font::Family;
use crate::paper::PaperPage;
use crate::sheet::{
    Align, Area, Block, Cell, Color, Content, Edges, MM_PER_PT, Rect, Run, Sheet, Stroke, TextLine,
    VAlign,
};

/// The size of the labels in pt.
const SIZE: f32 = 5.5;

/// Each page with the boxes that were found on it and what they are called.
pub fn picture(proposal: &Proposal, pages: &[PaperPage]) -> Vec<Sheet> {
    let sheet = |(number, page): (usize, &PaperPage)| {
        let (width, height) = page.size();
        let own = proposal.boxes.iter().filter(|one| one.page == number);
        let cells = own.flat_map(cells).collect();
        Sheet {
            form: proposal.id.clone(),
            title: proposal.title.clone(),
            page: number,
            is_titled: false,
            width,
            height,
            paper: Some(page.clone()),
            blocks: vec![Block::Group(cells)],
        }
    };
    (1..).zip(pages).map(sheet).collect()
}

fn cells(one: &ProposedBox) -> Vec<Arc<Cell>> {
    let (times, step) = one.repeat.as_ref().map_or((1, 0.0), |rows| (rows.times, rows.step));
    let words = [one.part.as_deref(), one.is.as_deref()].into_iter().flatten();
    let text: String =
        std::iter::once(one.field.as_str()).chain(words).collect::<Vec<_>>().join(" ");
    let cell = |row: usize| {
        let [x, y, w, h] = one.at;
        let rect = Rect { x, y: y + step * row as f32, w, h };
        Arc::new(Cell { areas: vec![area(rect, &text)], header: None, rows: 1, columns: 1 })
    };
    (0..times).map(cell).collect()
}

fn area(rect: Rect, text: &str) -> Area {
    let edge = Stroke::Dashed;
    // As much of the label as the box has room for.
    let room = (rect.w / (SIZE * MM_PER_PT * 0.55)) as usize;
    let text: String = text.chars().filter(char::is_ascii).take(room.max(1)).collect();
    let run = Run {
        content: Content::Text(text),
        x: rect.x + 0.2,
        baseline: rect.y + SIZE * MM_PER_PT,
        width: rect.w,
        size: SIZE,
        family: Family::Gothic,
        spread: 0.0,
        color: Color::RED,
        value: true,
        underline: false,
        vertical: false,
        link: None,
    };
    Area {
        rect,
        edges: Edges { top: edge, right: edge, bottom: edge, left: edge },
        fill: Some(Color(0xE8, 0xF1, 0xFE)),
        lines: vec![TextLine { runs: vec![run] }],
        marks: Vec::new(),
        field: None,
        is_made: false,
        align: Align::Left,
        valign: VAlign::Top,
    }
}
