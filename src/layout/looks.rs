//! What a cell prints that is neither text nor a value: pictures, codes, the place for a seal.

use super::code::{Bars, CodeFault};
use super::line::{PAD_Y, Piece, Style, place_line};
use crate::form;
use crate::sheet::{Align, Area, MM_PER_PT, Mark, Rect, VAlign};

/// A box of this size in another, by the cell's alignment.
fn inside(area: &Area, pad: f32, w: f32, h: f32) -> Rect {
    let rect = area.rect;
    let x = match area.align {
        Align::Left => rect.x + pad,
        Align::Center | Align::Justify => rect.x + (rect.w - w) / 2.0,
        Align::Right => rect.right() - pad - w,
    };
    let y = match area.valign {
        VAlign::Top => rect.y + PAD_Y,
        VAlign::Middle => rect.y + (rect.h - h) / 2.0,
        VAlign::Bottom => rect.bottom() - PAD_Y - h,
    };
    Rect { x, y, w, h }
}

/// Whether a box stands in another.
pub(super) fn is_inside(rect: &Rect, outer: &Rect) -> bool {
    const NEAR: f32 = 0.01;
    rect.x >= outer.x - NEAR
        && rect.y >= outer.y - NEAR
        && rect.right() <= outer.right() + NEAR
        && rect.bottom() <= outer.bottom() + NEAR
}

/// A picture in its cell, if it has been read.
pub(super) fn picture(area: &Area, cell: &form::Picture, pad: f32) -> Option<Mark> {
    let picture = cell.pixels.clone()?;
    let shape = picture.width as f32 / picture.height as f32;
    let (w, h) = match (cell.width, cell.height) {
        (Some(w), Some(h)) => (w, h),
        (Some(w), None) => (w, w / shape),
        (None, Some(h)) => (h * shape, h),
        (None, None) => {
            let (room, high) = (area.rect.w - 2.0 * pad, area.rect.h - 2.0 * PAD_Y);
            (room.min(high * shape), high.min(room / shape))
        }
    };
    Some(Mark::Picture { rect: inside(area, pad, w, h), picture, alt: cell.alt.clone() })
}

/// The place for a seal of this diameter, and the area's text in it.
pub(super) fn seal(area: &mut Area, text: &str, style: &Style, diameter: f32, pad: f32) -> Rect {
    let rect = inside(area, pad, diameter, diameter);
    if !text.is_empty() {
        let style = Style { align: Align::Center, valign: VAlign::Middle, ..*style };
        area.lines = vec![place_line(&[Piece::label(text)], &style, style.size, &rect, 0.0)];
    }
    area.marks.push(Mark::Ring { rect });
    rect
}

/// A code of a text in its cell; a bar code has the text below.
pub(super) fn code(
    area: &mut Area,
    code: &form::Code,
    text: &str,
    style: &Style,
    pad: f32,
) -> Result<(), CodeFault> {
    let bars = Bars::of(code.kind, text)?;
    let (room, high) = (area.rect.w - 2.0 * pad, area.rect.h - 2.0 * PAD_Y);
    let mut rect = if bars.is_square() {
        let side = code.width.unwrap_or(room.min(high));
        inside(area, pad, side, side)
    } else {
        inside(area, pad, code.width.unwrap_or(room), high)
    };
    if !is_inside(&rect, &area.rect) {
        return Err(CodeFault::Size);
    }
    if !bars.is_square() {
        (area.align, area.valign) = (Align::Center, VAlign::Bottom);
        let line = style.size * MM_PER_PT * 1.1;
        rect.h -= line;
        let below = Rect { y: rect.bottom(), h: line, ..rect };
        let style = Style { align: Align::Center, valign: VAlign::Bottom, ..*style };
        let piece = Piece::value(&*bars.text, 0.0);
        area.lines = vec![place_line(&[piece], &style, style.size, &below, 0.0)];
        if rect.h < line {
            return Err(CodeFault::Size);
        }
    }
    let name = if bars.is_square() { "QRコード" } else { "バーコード" };
    let alt = format!("{name} {}", bars.text);
    area.marks.push(Mark::Code { rect, bars: bars.inside(rect)?, alt });
    Ok(())
}
