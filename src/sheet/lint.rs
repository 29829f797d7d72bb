//! What can only be seen of a form definition once it is laid out.

use super::fill::{Filled, lay_out};
use super::text::is_tick;
use super::{Mode, Rect};
use crate::check::{Diagnostic, Report, Text};
use crate::font;
use crate::form::{Block, Form, Forms};
use crate::record::place_of;

/// Boxes nearer to each other than this, in mm, touch and don't overlap.
const TOUCH: f32 = 0.01;
/// What a printer cannot reach, in mm from the page's edge.
const UNPRINTABLE: f32 = 4.0;

/// Boxes that overlap or leave the page, printed text that does not fit its box or that no font has,
/// and a 記載例 whose values do not fit. `source` is the text the form was read from.
pub fn lint(form: &Form, forms: &Forms, source: &str) -> Report {
    let mut report = Report::default();
    let blank = lay_out(form, Mode::Blank, forms);
    let Filled { sheet, areas, misfits, .. } = &blank;
    let page = Rect {
        x: UNPRINTABLE,
        y: UNPRINTABLE,
        w: sheet.width - 2.0 * UNPRINTABLE,
        h: sheet.height - 2.0 * UNPRINTABLE,
    };
    let mut fault = |location, ja: String, en: String| {
        let place = place_of(&location, source);
        report.push(Diagnostic::error("definition", Text::new(ja, en)).at(place));
    };
    for (i, (rect, location)) in areas.iter().enumerate() {
        if leaves(rect, &page) {
            fault(
                *location,
                format!("枠が印刷できる範囲からはみ出しています（{}）", shown(rect)),
                format!("the box leaves the printable page ({})", shown(rect)),
            );
        }
        for (other, at) in &areas[..i] {
            if overlap(rect, other) {
                let line = at.line();
                fault(
                    *location,
                    format!("枠が {line} 行目の枠と重なっています（{}）", shown(rect)),
                    format!("the box overlaps that of line {line} ({})", shown(rect)),
                );
                break;
            }
        }
    }
    let example = lay_out(form, Mode::Example, forms);
    for rect in example.callouts.iter().filter(|rect| leaves(rect, &page)) {
        fault(
            serde_saphyr::Location::UNKNOWN,
            format!("吹き出しが印刷できる範囲からはみ出しています（{}）", shown(rect)),
            format!("the callout leaves the printable page ({})", shown(rect)),
        );
    }
    for (text, location) in misfits.iter().chain(&example.misfits) {
        fault(
            *location,
            format!("「{text}」が枠に入りません"),
            format!("`{text}` does not fit its box"),
        );
    }
    for (text, location) in printed(form) {
        let faults = font::faults(text)
            .into_iter()
            .filter(|f| !matches!(f.fault, font::Fault::Missing(c) if is_tick(c)));
        for found in faults {
            let c = text.chars().nth(found.index).unwrap_or_default();
            fault(
                location,
                format!("「{c}」（U+{:04X}）を持つフォントがありません", u32::from(c)),
                format!("no font has `{c}` (U+{:04X})", u32::from(c)),
            );
        }
    }
    for (fault, location) in example.faults {
        report.push(fault.at(place_of(&location, source)));
    }
    report.sort();
    report
}

/// Every text the form prints, with its place.
fn printed(form: &Form) -> Vec<(&str, serde_saphyr::Location)> {
    let mut texts = Vec::new();
    for block in &form.body {
        match &block.value {
            Block::Title(text) | Block::Heading(text) | Block::Text(text) => {
                texts.push((text.text.as_str(), block.referenced));
                texts.extend(text.example.as_deref().map(|t| (t, block.referenced)));
            }
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.value.cells) {
                    let content = &cell.value;
                    let parts = [&content.before, &content.after, &content.blank];
                    texts.extend(
                        parts
                            .into_iter()
                            .chain(&content.text)
                            .map(|text| (text.as_str(), cell.referenced)),
                    );
                }
            }
            Block::Rule(_) => {}
        }
    }
    texts.extend(
        form.example.callouts.iter().map(|c| (c.text.as_str(), serde_saphyr::Location::UNKNOWN)),
    );
    texts
}

fn leaves(rect: &Rect, page: &Rect) -> bool {
    // Said so that it holds of what is not a number too.
    !(rect.x >= page.x
        && rect.y >= page.y
        && rect.w >= 0.0
        && rect.h >= 0.0
        && rect.right() <= page.right()
        && rect.bottom() <= page.bottom())
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x + TOUCH < b.right()
        && b.x + TOUCH < a.right()
        && a.y + TOUCH < b.bottom()
        && b.y + TOUCH < a.bottom()
}

fn shown(rect: &Rect) -> String {
    format!("x {:.1}–{:.1} mm, y {:.1}–{:.1} mm", rect.x, rect.right(), rect.y, rect.bottom())
}
