//! Where glyphs are, and what is drawn and not typeset: numbers that every painter draws alike.

use crate::font::{Shaped, Stacked, ascent_em, descent_em};
use crate::sheet::{Line, MM_PER_PT, Rect, Run, Stroke};

/// The width of a drawn ellipse's line in pt.
pub(super) const CIRCLE: f32 = 0.6;

/// The side of a tick box, in sizes of its text.
const TICK_SIDE: f32 = 0.86;

/// The width of a tick's line in pt.
pub(super) const TICK: f32 = 1.2;

/// A tick as a hand makes it: start, foot, the handle of a quadratic curve, and its end past the
/// corner. Fractions of the tick box, from its top left corner.
const TICK_STROKE: [(f32, f32); 4] = [(0.16, 0.48), (0.42, 0.80), (0.60, 0.34), (1.06, -0.10)];

/// The box of a tick, in mm.
pub(super) fn tick_box(run: &Run) -> Rect {
    let em = run.size * MM_PER_PT;
    let side = TICK_SIDE * em;
    let inset = (em - side) / 2.0;
    Rect { x: run.x + inset, y: run.baseline - ascent_em() * em + inset, w: side, h: side }
}

/// The four points of a tick in its box, in mm.
pub(super) fn tick_stroke(rect: Rect) -> [(f32, f32); 4] {
    TICK_STROKE.map(|(x, y)| (rect.x + x * rect.w, rect.y + y * rect.h))
}

/// About 1 mm on and 0.8 mm off, so that the line begins and ends with a dash: both in mm.
pub(super) fn dashes(line: &Line) -> [f32; 2] {
    const ON: f32 = 1.0;
    const OFF: f32 = 0.8;
    let length = (line.x2 - line.x1).abs().max((line.y2 - line.y1).abs());
    let count = ((length + OFF) / (ON + OFF)).round().max(1.0);
    let scale = length / (count * (ON + OFF) - OFF);
    [ON * scale, OFF * scale]
}

/// Where glyph `index` of a run stands, in mm.
pub(super) fn glyph_x(run: &Run, shaped: &Shaped, index: usize) -> f32 {
    let em: f32 = (0..index).map(|i| advance_em(run, shaped, i)).sum();
    run.x + em * run.size * MM_PER_PT
}

/// A glyph's advance with the spread after it: every glyph has one but the last.
pub(super) fn advance_em(run: &Run, shaped: &Shaped, index: usize) -> f32 {
    let spread = if index + 1 < shaped.glyphs.len() { run.spread } else { 0.0 };
    shaped.glyphs[index].advance_em + spread / (run.size * MM_PER_PT)
}

/// The line below a run: its two ends in mm, and its width in pt.
pub(super) fn underline(run: &Run) -> (Line, f32) {
    let em = run.size * MM_PER_PT;
    let y = run.baseline + 0.5 * descent_em() * em;
    let stroke = Stroke::Thin;
    (Line { x1: run.x, y1: y, x2: run.x + run.width, y2: y, stroke }, run.size * 0.05)
}

/// The box of a run that leads somewhere, in mm.
pub(super) fn link_box(run: &Run) -> Rect {
    let em = run.size * MM_PER_PT;
    Rect { x: run.x, y: run.baseline - ascent_em() * em, w: run.width, h: em }
}

/// What is said of a link.
pub(super) fn link_words(run: &Run, address: &str) -> String {
    let text = run.text().trim();
    let plain = address.strip_prefix("mailto:").unwrap_or(address);
    // An address may be broken over lines.
    if plain.contains(text) { address.to_owned() } else { format!("{text}（{address}）") }
}

/// Where a glyph of a column has its origin, in mm.
pub(super) fn stacked_at(run: &Run, stacked: &Stacked) -> (f32, f32) {
    let em = run.size * MM_PER_PT;
    let top = run.baseline - ascent_em() * em + stacked.row as f32 * (em + run.spread);
    (run.x + stacked.origin.0 * em, top + stacked.origin.1 * em)
}

/// The stroke from the lower left to the upper right corner of a box.
pub(super) fn diagonal(rect: Rect) -> Line {
    let (x1, y1, x2, y2) = (rect.x, rect.bottom(), rect.right(), rect.y);
    Line { x1, y1, x2, y2, stroke: Stroke::Thin }
}
