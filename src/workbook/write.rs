//! A page of a workbook: the boxes of its shape as merged cells, sized in true millimetres, to print as the PDF
//! does and, with [`Inputs`], to fill in by hand and read back. No value is written as a formula.

use rust_xlsxwriter::{Format, Formula, Url, Worksheet, XlsxError};

use super::cells::{Boxed, Content, bordered};
use super::shape::{InputCell, Inputs, PageShape};
use super::{input, marks};
use crate::sheet::Stroke;
use crate::table::range::Range;

/// Room for rounding between the form and the margins, so that the page is not made smaller, in mm.
const SLACK: f32 = 2.0;

/// Writes a page, 0 in the cells that have values.
pub(super) fn write_page(
    page: &mut Worksheet,
    shape: &PageShape,
    inputs: Option<&Inputs<'_>>,
) -> Result<(), XlsxError> {
    page.set_name(&shape.title)?;
    set_up(page, shape)?;
    // Else a formula that comes to nothing is kept as 0.
    page.set_formula_result_default("");
    for boxed in &shape.boxes {
        write_box(page, shape, boxed)?;
    }
    lines(page, shape)?;
    for area in &shape.marked {
        for mark in &area.marks {
            marks::mark(page, &shape.grid, area, mark)?;
        }
    }
    for area in &shape.floating {
        marks::text_box(page, &shape.grid, area)?;
    }
    match inputs {
        Some(inputs) => to_fill_in(page, inputs),
        None => Ok(()),
    }
}

fn to_fill_in(page: &mut Worksheet, inputs: &Inputs<'_>) -> Result<(), XlsxError> {
    input::write_beside(page, &inputs.beside)?;
    for InputCell { entry, range, source } in &inputs.cells {
        match source {
            Some(sheet) => input::explain(page, entry, sheet, *range)?,
            None => input::validate(page, entry, *range)?,
        }
    }
    if let Some(first) = inputs.cells.iter().find(|cell| cell.source.is_none()) {
        let Range { row, column, .. } = first.range;
        page.set_selection(row, column, row, column)?;
    }
    page.protect();
    Ok(())
}

fn write_box(page: &mut Worksheet, shape: &PageShape, boxed: &Boxed) -> Result<(), XlsxError> {
    let Boxed { range, text, format, content, link, .. } = boxed;
    for (r, c) in range.cells().filter(|(r, c)| !text.contains(*r, *c)) {
        page.write_blank(r, c, &bordered(format, shape.grid.strokes(r, c)))?;
    }
    let Range { row, column, last_row, last_column } = *text;
    let format = bordered(format, shape.grid.edges(text));
    if !text.is_one_cell() {
        // Each of the cells has the lines of all; inside, none is drawn.
        page.merge_range(row, column, last_row, last_column, "", &format)?;
    }
    match content {
        Content::Nothing if !text.is_one_cell() => page,
        Content::Nothing => page.write_blank(row, column, &format)?,
        Content::Value => page.write_number_with_format(row, column, 0, &format)?,
        Content::Number(number) => page.write_number_with_format(row, column, *number, &format)?,
        Content::Text(text) => match link {
            Some(address) => {
                let url = Url::new(address);
                page.write_url_with_options(row, column, url, text, "", Some(&format))?
            }
            None => page.write_string_with_format(row, column, text, &format)?,
        },
        Content::Shown { formula, result } => {
            let formula = Formula::new(formula).set_result(result);
            page.write_formula_with_format(row, column, formula, &format)?
        }
        Content::Rich(parts) => {
            let parts: Vec<(&Format, &str)> =
                parts.iter().map(|(format, text)| (format, text.as_str())).collect();
            page.write_rich_string_with_format(row, column, &parts, &format)?
        }
    };
    Ok(())
}

/// The lines round cells that hold nothing, such as a rule across the page.
fn lines(page: &mut Worksheet, shape: &PageShape) -> Result<(), XlsxError> {
    let (rows, columns) = shape.grid.size();
    let mut written = vec![vec![false; columns]; rows];
    for (row, column) in shape.boxes.iter().flat_map(|boxed| boxed.range.cells()) {
        written[row as usize][usize::from(column)] = true;
    }
    let plain = Format::new();
    for (row, written) in (0..).zip(&written) {
        for (column, written) in (0..).zip(written) {
            let strokes = shape.grid.strokes(row, column);
            if !written && strokes.iter().any(|stroke| *stroke != Stroke::None) {
                page.write_blank(row, column, &bordered(&plain, strokes))?;
            }
        }
    }
    Ok(())
}

/// The page: sizes, margins that put the form where the PDF has it, one page wide and tall.
fn set_up(page: &mut Worksheet, shape: &PageShape) -> Result<(), XlsxError> {
    let (grid, (width, height)) = (&shape.grid, shape.size);
    let (widths, heights) = (grid.widths(), grid.heights());
    for (column, pixels) in (0..).zip(&widths) {
        page.set_column_width_pixels(column, *pixels)?;
    }
    for (row, pixels) in (0..).zip(&heights) {
        page.set_row_height_pixels(row, *pixels)?;
    }
    // A page has far fewer boxes than a workbook has columns and rows.
    page.set_print_area(0, 0, heights.len() as u32 - 1, widths.len() as u16 - 1)?;
    page.set_paper_size(paper(width, height).unwrap_or(A4));
    if width > height {
        page.set_landscape();
    }
    let inch = |mm: f32| f64::from(mm.max(0.0)) / 25.4;
    let (left, top, right, bottom) = grid.bounds();
    let after = |page: f32, end: f32| inch(page - end - SLACK);
    let (right, bottom) = (after(width, right), after(height, bottom));
    page.set_margins(inch(left), right, inch(top), bottom, 0.0, 0.0);
    page.set_print_fit_to_pages(1, 1);
    page.set_screen_gridlines(false);
    Ok(())
}

/// A4 in Excel's list of papers.
const A4: u8 = 9;

/// The number a paper has in Excel's list, upright or turned; none where it is not there.
pub(super) fn paper(width: f32, height: f32) -> Option<u8> {
    /// Width and height in mm: A3, A4, A5, B4, B5 (both JIS), Letter, and the Japanese postcard.
    const PAPERS: [(u8, f32, f32); 7] = [
        (8, 297.0, 420.0),
        (A4, 210.0, 297.0),
        (11, 148.0, 210.0),
        (12, 257.0, 364.0),
        (13, 182.0, 257.0),
        (1, 215.9, 279.4),
        (43, 100.0, 148.0),
    ];
    let (short, long) = (width.min(height), width.max(height));
    let is_it = |(_, w, h): &&(u8, f32, f32)| (w - short).abs() < 1.0 && (h - long).abs() < 1.0;
    PAPERS.iter().find(is_it).map(|(number, ..)| *number)
}

#[cfg(test)]
pub(super) mod tests;
