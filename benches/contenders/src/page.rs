//! A sheet in nobody's terms.

use common::{Color, Frame, Page, Rule, Text, fonts};
use onshi::sheet::{Area, Block, MM_PER_PT, Run, Sheet, Stroke};

pub fn page(sheet: &Sheet) -> Page {
    let mut page = Page {
        title: sheet.title.clone(),
        width: pt(sheet.width),
        height: pt(sheet.height),
        fills: vec![],
        borders: vec![],
        texts: vec![],
        values: [].into(),
    };
    for block in &sheet.blocks {
        match block {
            Block::Text { area: one, .. } => area(&mut page, one),
            Block::Table { rows } => {
                rows.iter().flatten().flat_map(|c| &c.areas).for_each(|a| area(&mut page, a));
            }
            Block::Group(cells) => {
                cells.iter().flat_map(|c| &c.areas).for_each(|a| area(&mut page, a));
            }
            Block::Rule { line } => {
                border(&mut page, line.stroke, (line.x1, line.y1), (line.x2, line.y2));
            }
        }
    }
    page
}

/// Millimetres in points, to a thousandth.
fn pt(mm: f32) -> f32 {
    (mm / MM_PER_PT * 1000.0).round() / 1000.0
}

fn rgb(color: onshi::sheet::Color) -> Color {
    [color.0, color.1, color.2]
}

fn area(page: &mut Page, area: &Area) {
    let (rect, edges) = (area.rect, area.edges);
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    if let Some(color) = area.fill {
        page.fills.push((Frame { x: pt(x), y: pt(y), w: pt(rect.w), h: pt(rect.h) }, rgb(color)));
    }
    border(page, edges.top, (x, y), (right, y));
    border(page, edges.right, (right, y), (right, bottom));
    border(page, edges.bottom, (x, bottom), (right, bottom));
    border(page, edges.left, (x, y), (x, bottom));
    assert!(area.marks.is_empty(), "the contenders draw no marks");
    let runs = || area.lines.iter().flat_map(|line| &line.runs);
    runs().for_each(|run| page.texts.push(text(run)));
    if let Some(key) = &area.field {
        page.values.insert(key.clone(), runs().map(|run| run.text()).collect());
    }
}

fn border(page: &mut Page, stroke: Stroke, from: (f32, f32), to: (f32, f32)) {
    if stroke == Stroke::None {
        return;
    }
    let vertical = (to.0 - from.0).abs() < (to.1 - from.1).abs();
    let (at, from, to) = if vertical { (from.0, from.1, to.1) } else { (from.1, from.0, to.0) };
    // To a hundredth: neighbours' borders are to fall together.
    let [at, from, to] = [at, from, to].map(|mm| (mm / MM_PER_PT * 100.0).round() / 100.0);
    let (width, dashed) = (stroke.width(), stroke == Stroke::Dashed);
    page.borders.push(Rule { width, dashed, vertical, at, from, to });
}

fn text(run: &Run) -> Text {
    let face = run.family.chain()[0] as usize;
    // The contenders have no second face to fall back on, and the page needs none.
    assert!(run.text().chars().all(|c| fonts::glyph(face, c).is_some()), "{}", run.text());
    Text {
        face,
        size: run.size,
        x: pt(run.x),
        baseline: pt(run.baseline),
        spread: pt(run.spread),
        color: rgb(run.color),
        text: run.text().to_owned(),
    }
}
