//! Text on its line: pieces side by side, fitted to a size, placed in a box.

use super::text::{is_tick, width};
use crate::font::{Family, ascent_em, stack};
use crate::sheet::{
    Align, Area, Color, Content, Edges, MM_PER_PT, Mark, Rect, Run, Stroke, TextLine, Tick, VAlign,
    Word,
};

/// Space between a border and text, left and right, in mm.
pub(super) const PAD: f32 = 1.5;
/// Space between a border and text, above and below, in mm.
pub(super) const PAD_Y: f32 = 0.4;
/// Line height of values that are broken over lines, in sizes.
pub(super) const VALUE_LEADING: f32 = 1.2;
/// A piece of a line before it has its place.
#[derive(Clone)]
pub(super) struct Piece {
    pub text: String,
    pub value: bool,
    /// At least this wide in em, the text centred; 0 for as wide as the text.
    pub slot: f32,
    /// Where it leads.
    pub link: Option<String>,
}

impl Piece {
    pub fn label(text: impl Into<String>) -> Self {
        Piece { text: text.into(), value: false, slot: 0.0, link: None }
    }

    pub fn value(text: impl Into<String>, slot: f32) -> Self {
        Piece { text: text.into(), value: true, slot, link: None }
    }
}

/// How the text of an area is set.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub size: f32,
    pub value_size: f32,
    pub family: Family,
    pub color: Color,
    pub value_color: Color,
    pub underline: bool,
    pub align: Align,
    pub valign: VAlign,
    /// The smallest size of values.
    pub smallest: f32,
}

/// So many boxes, one per digit, each `width` mm wide or their share of the area, with borders where they
/// are ruled; last, without a field, what they leave of an area with borders.
pub(super) fn digit_boxes(
    area: &Area,
    count: usize,
    width: Option<f32>,
    text: &str,
    style: &Style,
    is_ruled: bool,
) -> Vec<Area> {
    let count = count.max(1);
    let w = width.unwrap_or(area.rect.w / count as f32);
    // What the boxes leave of their cell.
    let right = area.rect.x + w * count as f32;
    let rest = Rect { x: right, w: area.rect.right() - right, ..area.rect };
    let has_rest = rest.w > 0.1;
    let mut digits = text.chars();
    let mut boxes: Vec<Area> = (0..count)
        .map(|i| {
            let rect = Rect { x: area.rect.x + w * i as f32, w, ..area.rect };
            let style = Style { align: Align::Center, ..*style };
            let line = digits.next().map(|digit| {
                place_line(&[Piece::value(digit, 0.0)], &style, style.value_size, &rect, 0.0)
            });
            let inner = if is_ruled { Stroke::Thin } else { Stroke::None };
            let around = |edge: Stroke| edge.max(inner);
            let edges = Edges {
                top: around(area.edges.top),
                right: if i + 1 < count || has_rest { inner } else { around(area.edges.right) },
                bottom: around(area.edges.bottom),
                left: if i == 0 { around(area.edges.left) } else { inner },
            };
            let lines = line.into_iter().collect();
            Area { rect, edges, lines, align: Align::Center, ..area.clone() }
        })
        .collect();
    // It keeps the cell's borders.
    if has_rest && area.edges != Edges::default() {
        let edges = Edges { left: Stroke::None, ..area.edges };
        boxes.push(Area { rect: rest, edges, field: None, is_made: true, ..area.clone() });
    }
    boxes
}

/// An ellipse round the first place where `word` stands and is no part of a longer one of `words`.
pub(super) fn circle<'w>(
    lines: &[TextLine],
    word: &str,
    words: impl Iterator<Item = &'w str> + Clone,
    color: Color,
) -> Option<Mark> {
    let longer = words.filter(|longer| longer.len() > word.len() && longer.contains(word));
    let place = |text: &str| {
        let taken = |start: usize| {
            let mut all = longer.clone().flat_map(|longer| text.match_indices(longer));
            all.any(|(at, longer)| at <= start && start + word.len() <= at + longer.len())
        };
        text.match_indices(word).map(|(start, _)| start).find(|start| !taken(*start))
    };
    let runs = lines.iter().enumerate().flat_map(|(line, l)| {
        l.runs.iter().enumerate().map(move |(index, run)| (line, index, run))
    });
    let (line, index, run, start) =
        runs.filter_map(|(l, r, run)| Some((l, r, run, place(run.text())?))).next()?;
    let em = run.size * MM_PER_PT;
    let x = run.x + width(&run.text()[..start], run.family) * em;
    let w = width(word, run.family) * em;
    let (left, above) = (0.45 * em, 0.3 * em);
    let rect = Rect {
        x: x - left,
        y: run.baseline - ascent_em() * em - above,
        w: w + 2.0 * left,
        h: em + 2.0 * above,
    };
    let word = Word { line, run: index, range: start..start + word.len() };
    Some(Mark::Circle { rect, color, word })
}

pub(super) fn place_line(
    pieces: &[Piece],
    style: &Style,
    value_size: f32,
    rect: &Rect,
    pad: f32,
) -> TextLine {
    let inner = (rect.x + pad, rect.w - 2.0 * pad);
    let size = tallest(pieces, style, value_size);
    set_line(pieces, style, value_size, inner, baseline_of(rect, style.valign, size, 1, 0))
}

pub(super) fn place_lines(
    lines: &[Vec<Piece>],
    style: &Style,
    value_size: f32,
    rect: &Rect,
    pad: f32,
) -> Vec<TextLine> {
    let inner = (rect.x + pad, rect.w - 2.0 * pad);
    let size = lines.iter().map(|l| tallest(l, style, value_size)).fold(0.0, f32::max);
    let place = |(i, line): (usize, &Vec<Piece>)| {
        let baseline = baseline_of(rect, style.valign, size, lines.len(), i);
        set_line(line, style, value_size, inner, baseline)
    };
    lines.iter().enumerate().map(place).collect()
}

pub(super) fn tallest(pieces: &[Piece], style: &Style, value_size: f32) -> f32 {
    let size = |piece: &Piece| if piece.value { value_size } else { style.size };
    pieces.iter().map(size).fold(0.0, f32::max)
}

/// The baseline of text of `em` mm in a line of height `leading` from `top`.
pub(super) fn baseline_in(top: f32, leading: f32, em: f32) -> f32 {
    top + (leading - em) / 2.0 + ascent_em() * em
}

fn baseline_of(rect: &Rect, valign: VAlign, size: f32, lines: usize, line: usize) -> f32 {
    let em = size * MM_PER_PT;
    let leading = em * VALUE_LEADING;
    let total = leading * (lines - 1) as f32 + em;
    let top = match valign {
        VAlign::Top => rect.y + PAD_Y,
        VAlign::Middle => rect.y + (rect.h - total) / 2.0,
        VAlign::Bottom => rect.bottom() - PAD_Y - total,
    };
    top + leading * line as f32 + ascent_em() * em
}

/// Pieces side by side on one baseline, `inner` being left edge and width in mm.
pub(super) fn set_line(
    pieces: &[Piece],
    style: &Style,
    value_size: f32,
    inner: (f32, f32),
    baseline: f32,
) -> TextLine {
    let (left, room) = inner;
    let em = |piece: &Piece| (if piece.value { value_size } else { style.size }) * MM_PER_PT;
    // In mm: the text, and the place it takes.
    let widths = pieces.iter().map(|piece| {
        let text = width(&piece.text, style.family);
        (text * em(piece), text.max(piece.slot) * em(piece))
    });
    let widths: Vec<(f32, f32)> = widths.collect();
    let total: f32 = widths.iter().map(|(_, full)| full).sum();
    let spread = match style.align {
        Align::Justify => {
            let characters: usize = pieces.iter().map(|p| clusters(&p.text)).sum();
            let gaps = characters.saturating_sub(1);
            if gaps > 0 { ((room - total) / gaps as f32).max(0.0) } else { 0.0 }
        }
        _ => 0.0,
    };
    let mut x = match style.align {
        Align::Left | Align::Justify => left,
        Align::Center => left + (room - total) / 2.0,
        Align::Right => left + room - total,
    };
    let mut runs = Vec::new();
    for (piece, (text, full)) in pieces.iter().zip(widths) {
        let mut at = x + (full - text) / 2.0;
        let parts = split_ticks(&piece.text);
        for part in &parts {
            let gaps = if spread > 0.0 { clusters(part) as f32 } else { 1.0 };
            let w = match parts.len() {
                1 => text,
                _ => width(part, style.family) * em(piece),
            };
            runs.push(Run {
                content: content(part),
                x: at,
                baseline,
                width: w + spread * (gaps - 1.0),
                size: if piece.value { value_size } else { style.size },
                family: style.family,
                spread,
                color: if piece.value { style.value_color } else { style.color },
                value: piece.value,
                underline: style.underline,
                vertical: false,
                link: piece.link.clone(),
            });
            at += w + spread * gaps;
        }
        x += full + if spread > 0.0 { spread * clusters(&piece.text) as f32 } else { 0.0 };
    }
    TextLine { runs }
}

/// Text cut so that every tick box is a part of its own.
fn split_ticks(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in text.split_inclusive(is_tick) {
        let end = part.char_indices().next_back().filter(|(_, c)| is_tick(*c));
        let (before, tick) = part.split_at(end.map_or(part.len(), |(i, _)| i));
        parts.extend([before, tick]);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What a part of a text prints.
fn content(part: &str) -> Content {
    let mut characters = part.chars();
    match (characters.next().and_then(Tick::of), characters.next()) {
        (Some(tick), None) => Content::Tick(tick),
        _ => Content::Text(part.to_owned()),
    }
}

/// Text that runs down, a column a line of it, from right to left; none where it does not fit.
pub(super) fn columns(text: &str, style: &Style, rect: &Rect, pad: f32) -> Option<Vec<TextLine>> {
    let em = style.size * MM_PER_PT;
    let texts: Vec<&str> = text.split('\n').collect();
    let rows: Vec<usize> = texts.iter().map(|text| stack(text, style.family).rows).collect();
    let most = rows.iter().copied().max().unwrap_or(0);
    let (step, room) = (em * VALUE_LEADING, rect.h - 2.0 * PAD_Y);
    // Spread text keeps off the ends of the cell, where it has the room.
    let spread_over = (rect.h - 2.0 * pad).max(most as f32 * em);
    let width = step * (texts.len() - 1) as f32 + em;
    if most as f32 * em > room + 0.01 || width > rect.w + 0.01 {
        return None;
    }
    let right = match style.align {
        Align::Left => rect.x + pad + width,
        Align::Center | Align::Justify => rect.x + (rect.w + width) / 2.0,
        Align::Right => rect.right() - pad,
    };
    let column = |(i, (text, rows)): (usize, (&&str, &usize))| {
        let gaps = rows.saturating_sub(1) as f32;
        let spread = match style.align {
            Align::Justify if gaps > 0.0 => (spread_over - *rows as f32 * em) / gaps,
            _ => 0.0,
        };
        let height = *rows as f32 * em + gaps * spread;
        let top = match style.valign {
            VAlign::Top => rect.y + PAD_Y,
            VAlign::Middle => rect.y + (rect.h - height) / 2.0,
            VAlign::Bottom => rect.bottom() - PAD_Y - height,
        };
        let run = Run {
            content: Content::Text((*text).to_owned()),
            x: right - em - step * i as f32,
            baseline: top + ascent_em() * em,
            width: em,
            size: style.size,
            family: style.family,
            spread,
            color: style.color,
            value: false,
            underline: false,
            vertical: true,
            link: None,
        };
        TextLine { runs: vec![run] }
    };
    let columns = texts.iter().zip(&rows).enumerate().map(column);
    Some(columns.filter(|line| !line.runs[0].text().is_empty()).collect())
}

/// How many characters are side by side, variation selectors not counted.
fn clusters(text: &str) -> usize {
    crate::font::shape(text, Family::Mincho).glyphs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_round_a_word_and_not_round_a_part_of_a_longer_one() {
        let words = ["医科", "歯科", "医科歯科併設"];
        let style = Style {
            size: 10.0,
            value_size: 10.0,
            family: Family::Mincho,
            color: Color::BLACK,
            value_color: Color::BLACK,
            underline: false,
            align: Align::Left,
            valign: VAlign::Top,
            smallest: 6.0,
        };
        let rect = Rect { x: 0.0, y: 0.0, w: 100.0, h: 10.0 };
        let round = |text: &str, word: &str| {
            let line = place_line(&[Piece::label(text)], &style, 10.0, &rect, 0.0);
            match circle(&[line], word, words.into_iter(), Color::BLACK) {
                Some(Mark::Circle { word, .. }) => Some(word.range),
                _ => None,
            }
        };
        let text = "医科歯科併設 ・ 医科 ・ 歯科";
        assert_eq!(round(text, "医科").map(|range| &text[range.start..]), Some("医科 ・ 歯科"));
        assert_eq!(round(text, "歯科").map(|range| &text[range.start..]), Some("歯科"));
        assert_eq!(round(text, "医科歯科併設").map(|range| range.start), Some(0));
        assert_eq!(round("医科歯科併設", "歯科"), None);
    }
}
