//! What can only be seen of a form definition once it is laid out.

use super::Mode;
use super::fill::{Filled, lay_out};
use super::text::is_tick;
use crate::font;
use crate::form::{Block, Form, Forms, LoadError};
use crate::key::{FieldPath, plain_key};
use crate::report::{Diagnostic, Report, Source, Text};
use crate::sheet::Rect;
use crate::values::{Sections, example_values};
use crate::yaml::{Spanned, place_of};

/// Boxes nearer to each other than this, in mm, touch and don't overlap.
const TOUCH: f32 = 0.01;
/// What a printer cannot reach, in mm from the page's edge.
const UNPRINTABLE: f32 = 4.0;

/// What [`lint`] and `more`, which is given a form and its text, find in forms that were read from these texts, each
/// with its id: that of the first with errors.
///
/// # Errors
/// Those, with the file they are in.
pub(crate) fn lint_each(
    forms: &Forms,
    sources: Vec<(String, Source)>,
    more: impl Fn(&Form, &str) -> Option<Diagnostic>,
) -> Result<(), LoadError> {
    for (id, source) in sources {
        let Some(form) = forms.find(&id) else { continue };
        let mut report = lint(form, forms, &source.text);
        report.diagnostics.extend(more(form, &source.text));
        if report.errors() > 0 {
            return Err(LoadError { source, report });
        }
    }
    Ok(())
}

/// Boxes that overlap or leave the page, printed text that does not fit its box or that no font has,
/// and a 記載例 whose values do not fit. `source` is the text the form was read from.
pub fn lint(form: &Form, forms: &Forms, source: &str) -> Report {
    let mut report = Report::default();
    let mut fault = |location, ja: String, en: String| {
        let place = place_of(&location, source);
        report.push(Diagnostic::error("definition", Text::new(ja, en)).at(place));
    };
    let blank = lay_out(form, Mode::Blank, forms);
    let example = lay_out(form, Mode::Example, forms);
    for page in &blank {
        boxes(page, &mut fault);
    }
    for page in &example {
        let paper = printable(page);
        for rect in page.callouts.iter().filter(|rect| leaves(rect, &paper)) {
            fault(
                serde_saphyr::Location::UNKNOWN,
                format!("吹き出しが印刷できる範囲からはみ出しています（{}）", shown(rect)),
                format!("the callout leaves the printable page ({})", shown(rect)),
            );
        }
    }
    for page in blank.iter().chain(&example) {
        for (text, location) in &page.misfits {
            let its = page.areas.iter().find(|(_, at)| at == location).map(|(rect, _)| rect);
            let [ja, en] = its.map_or_else(Default::default, |rect| {
                let size = format!("{:.1} × {:.1} mm", rect.w, rect.h);
                [
                    format!("（{size}）。枠を広げるか、size を小さく、文を短くします"),
                    format!(" of {size}: widen it, or make the text smaller or shorter"),
                ]
            });
            fault(
                *location,
                format!("「{text}」が枠に入りません{ja}"),
                format!("`{text}` does not fit its box{en}"),
            );
        }
    }
    let sample = example_values(&form.sample.record.0, forms);
    let cell_of = |key: &str| {
        let of_key = |path: &Spanned<FieldPath>| path.value.key() == plain_key(key);
        let mut cells = form.field_cells();
        let cell = cells.find(|cell| cell.value.field.as_ref().is_some_and(of_key));
        cell.map_or(serde_saphyr::Location::UNKNOWN, |cell| cell.referenced)
    };
    let written = sample.iter().map(|(key, value)| (value.text.as_str(), cell_of(key)));
    for (text, location) in printed(form).into_iter().chain(written) {
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
    for (source_of_text, location) in unread(form, forms) {
        let message = Text::new(
            format!(
                "記載例の値では「{source_of_text}」の式 {{…}} が文字・整数・真偽値になりません"
            ),
            format!(
                "with the sample, an expression of `{source_of_text}` comes to no text, whole number or truth value"
            ),
        );
        report.push(Diagnostic::warning("definition", message).at(place_of(&location, source)));
    }
    for (fault, location) in example.into_iter().flat_map(|page| page.faults) {
        report.push(fault.at(place_of(&location, source)));
    }
    report.sort();
    // What is wrong with repeated rows is wrong with each.
    report.diagnostics.dedup();
    report
}

/// Faults of boxes that overlap or leave their page.
fn boxes(page: &Filled<'_>, fault: &mut dyn FnMut(serde_saphyr::Location, String, String)) {
    let paper = printable(page);
    for (i, (rect, location)) in page.areas.iter().enumerate() {
        if leaves(rect, &paper) {
            fault(
                *location,
                format!("枠が印刷できる範囲からはみ出しています（{}）", shown(rect)),
                format!("the box leaves the printable page ({})", shown(rect)),
            );
        }
        for (other, at) in &page.areas[..i] {
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
}

/// The part of a page that every printer reaches.
fn printable(page: &Filled<'_>) -> Rect {
    // The office's own page is printed as it is, and its boxes may be anywhere on it.
    let margin = if page.sheet.paper.is_some() { 0.0 } else { UNPRINTABLE };
    let (w, h) = (page.sheet.width - 2.0 * margin, page.sheet.height - 2.0 * margin);
    Rect { x: margin, y: margin, w, h }
}

/// The texts with CEL that the sample record does not fill.
fn unread<'f>(form: &'f Form, forms: &Forms) -> Vec<(&'f str, serde_saphyr::Location)> {
    let values = example_values(&form.sample.record.0, forms);
    let sections = Sections::new(&values, forms);
    let is_unread = |cell: &&crate::yaml::Spanned<crate::form::Cell>| {
        // Rows of items that the sample does not have stay empty.
        let is_there = cell.value.item().is_none_or(|item| values.has_item(item));
        let template = cell.value.template.as_ref().filter(|_| is_there);
        template.is_some_and(|t| t.fill(&sections.scope_at(cell.value.item())).is_none())
    };
    let cells = form.cells().filter(is_unread);
    cells.map(|cell| (cell.value.text.as_deref().unwrap_or_default(), cell.referenced)).collect()
}

/// Every text the form prints, with its place.
fn printed(form: &Form) -> Vec<(&str, serde_saphyr::Location)> {
    let mut texts = Vec::new();
    for block in form.pages_as_written().flat_map(|page| &page.body) {
        match &block.value {
            Block::Title(text) | Block::Heading(text) | Block::Paragraph(text) => {
                texts.push((text.text.as_str(), block.referenced));
                texts.extend(text.sample.as_deref().map(|t| (t, block.referenced)));
            }
            Block::Table(table) | Block::Grid(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.value.cells) {
                    texts.extend(cell.value.printed().map(|text| (text, cell.referenced)));
                }
            }
            Block::Page(_) => {}
            Block::Line(line) => {
                texts.extend(line.text.as_deref().map(|text| (text, block.referenced)));
            }
        }
    }
    texts.extend(
        form.sample.callouts.iter().map(|c| (c.text.as_str(), serde_saphyr::Location::UNKNOWN)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Place;
    use crate::sheet::Stroke;

    /// What lint says of boxes on a page of 150 × 200 mm, each a table of one cell.
    fn faults(boxes: &[[f32; 4]]) -> Vec<String> {
        let table = |[x, y, w, h]: &[f32; 4]| {
            let rows = format!("[{{height: {h}, cells: [{{text: ''}}]}}]");
            format!("  - table: {{x: {x}, y: {y}, columns: [{w}], rows: {rows}}}\n")
        };
        let body: String = boxes.iter().map(table).collect();
        let text = format!(
            "id: boxes\ntitle: {{ja: 枠, en: Boxes}}\nsection: introduction_plan\n\
             source: {{document: 試験, issued: 2024-01-01}}\neffective_from: 2024-01-01\n\
             page: {{width: 150, height: 200, margin: 12}}\nbody:\n{body}rules: []\nsample: {{record: {{}}}}\n"
        );
        let forms = Forms::built_in();
        let form = Forms::parse_form("boxes.yaml", &text).unwrap();
        let report = lint(&form, forms, &text);
        report.diagnostics.iter().map(|fault| fault.message.en.clone()).collect()
    }

    #[test]
    fn a_box_ends_four_millimetres_from_the_edges_of_the_page() {
        assert_eq!(faults(&[[4.0, 4.0, 142.0, 192.0]]), [""; 0]);
        let shown = |[left, right, top, bottom]: [&str; 4]| {
            format!("the box leaves the printable page (x {left}–{right} mm, y {top}–{bottom} mm)")
        };
        for (rect, what) in [
            ([3.9, 4.0, 142.0, 192.0], ["3.9", "145.9", "4.0", "196.0"]),
            ([4.0, 3.9, 142.0, 192.0], ["4.0", "146.0", "3.9", "195.9"]),
            ([4.0, 4.0, 142.1, 192.0], ["4.0", "146.1", "4.0", "196.0"]),
            ([4.0, 4.0, 142.0, 192.1], ["4.0", "146.0", "4.0", "196.1"]),
            ([40.0, 40.0, -1.0, 10.0], ["40.0", "39.0", "40.0", "50.0"]),
            ([40.0, 40.0, 10.0, -1.0], ["40.0", "50.0", "40.0", "39.0"]),
        ] {
            assert_eq!(faults(&[rect]), [shown(what)]);
        }
    }

    #[test]
    fn a_sample_that_no_font_can_print_is_an_error_at_its_cell() {
        let text = "id: tiny\ntitle: {ja: 小, en: Tiny}\nsection: introduction_plan\n\
             source: {document: 試験, issued: 2024-01-01}\neffective_from: 2024-01-01\nbody:\n\
             \x20 - table: {y: 20, columns: [60], rows: [{height: 9, cells: [{field: facility.name}]}]}\n\
             rules: []\nsample: {record: {facility: {name: 霞が钢診療所}}}\n";
        let forms = Forms::built_in();
        let form = Forms::parse_form("tiny.yaml", text).unwrap();
        let report = lint(&form, forms, text);
        let found: Vec<_> = report.diagnostics.iter().collect();
        assert_eq!(found.len(), 1, "{report}");
        assert_eq!(found[0].message.en, "no font has `钢` (U+94A2)");
        assert!(matches!(found[0].place, Some(Place::Text { line: 7, .. })), "{report}");
    }

    #[test]
    fn boxes_may_touch_and_not_overlap() {
        let first = [40.0, 40.0, 20.0, 10.0];
        // Right, left, below and above of it, and the way towards it.
        for (x, y, dx, dy) in [
            (60.0, 40.0, -1.0, 0.0),
            (20.0, 40.0, 1.0, 0.0),
            (40.0, 50.0, 0.0, -1.0),
            (40.0, 30.0, 0.0, 1.0),
        ] {
            let moved = |by: f32| faults(&[first, [x + dx * by, y + dy * by, 20.0, 10.0]]).len();
            assert_eq!((moved(0.0), moved(0.005), moved(0.02)), (0, 0, 1), "{x} {y}");
        }
    }

    #[test]
    fn strokes_are_ordered_by_their_width() {
        let widths = [Stroke::None, Stroke::Dashed, Stroke::Thin, Stroke::Heavy].map(Stroke::width);
        assert!(widths[0] == 0.0 && widths.is_sorted_by(|a, b| a < b));
    }
}
