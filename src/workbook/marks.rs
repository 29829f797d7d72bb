//! What lies over the cells: circles round chosen words, codes and pictures, and callouts.

use rust_xlsxwriter::{
    Image, ObjectMovement, Shape, ShapeFont, ShapeFormat, ShapeLine, ShapeSolidFill, Worksheet,
    XlsxError,
};

use super::brief;
use super::grid::Grid;
use super::look::rgb;
use crate::font::is_xml;
use crate::sheet::{Area, Color, Mark, Rect, Run};

/// Pixels of a picture in a mm: sharp in print.
const DOTS: f32 = 12.0;
/// Pixels of a workbook in a mm.
const PIXELS: f32 = 96.0 / 25.4;
/// The width of a drawn ellipse's line in mm.
const PEN: f32 = 0.25;
/// The width of a thin line in mm.
const THIN: f32 = 0.18;

/// A mark as a picture over the cells: Excel writers draw none. A stroke through one cell is a border
/// of that cell.
pub(super) fn mark(
    page: &mut Worksheet,
    grid: &Grid,
    area: &Area,
    mark: &Mark,
) -> Result<(), XlsxError> {
    let rect = mark.rect();
    let failed = |error: ::png::EncodingError| XlsxError::ParameterError(error.to_string());
    let image = match mark {
        Mark::Circle { color, word, .. } => {
            let text = format!("○ {}", area.word(word).unwrap_or_default());
            let bytes = ellipse(rect.w, rect.h, *color, PEN).map_err(failed)?;
            Image::new_from_buffer(&bytes)?.set_alt_text(alt(&text))
        }
        // A workbook of a form on a paper is refused.
        Mark::Chosen { .. } => return Ok(()),
        Mark::Ring { .. } => {
            let bytes = ellipse(rect.w, rect.h, Color::BLACK, THIN).map_err(failed)?;
            Image::new_from_buffer(&bytes)?.set_decorative(true)
        }
        Mark::Diagonal { .. } if is_border(area, mark) => return Ok(()),
        Mark::Diagonal { color, .. } => {
            let bytes = stroke(rect.w, rect.h, *color).map_err(failed)?;
            Image::new_from_buffer(&bytes)?.set_decorative(true)
        }
        Mark::Code { bars, alt: text, .. } => {
            let bytes = code(rect, bars).map_err(failed)?;
            Image::new_from_buffer(&bytes)?.set_alt_text(alt(text))
        }
        Mark::Picture { picture, alt: text, .. } => {
            Image::new_from_buffer(&picture.file)?.set_alt_text(alt(text))
        }
    };
    let size = |mm: f32| f64::from(mm * PIXELS).round();
    let image = image
        .set_scale_to_size(size(rect.w), size(rect.h), false)
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    let (row, column, right, below) = grid.cell_at(rect.x, rect.y);
    page.insert_image_with_offset(row, column, &image, right, below)?;
    Ok(())
}

/// What is said of a picture: a code may hold characters that XML cannot, and more than Excel takes.
fn alt(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_xml(c) { c } else { ' ' }).collect();
    brief(&text, 255).to_owned()
}

/// Whether a stroke is a border of the area's cell.
pub(super) fn is_border(area: &Area, mark: &Mark) -> bool {
    matches!(mark, Mark::Diagonal { rect, .. } if *rect == area.rect)
}

/// A callout as a text box.
pub(super) fn text_box(page: &mut Worksheet, grid: &Grid, area: &Area) -> Result<(), XlsxError> {
    let lines = area.lines.iter().map(|l| l.runs.iter().map(Run::text).collect());
    let text = lines.collect::<Vec<String>>().join("");
    let run = area.lines.iter().flat_map(|line| &line.runs).next();
    let (size, color) = run.map_or((9.0, Color::BLACK), |run| (run.size, run.color));
    let font = ShapeFont::new()
        .set_name("BIZ UDゴシック")
        // A text box keeps more room round its text than the page does.
        .set_size((size * 2.0).floor() / 2.0 - 1.0)
        .set_color(rgb(color));
    let fill = ShapeSolidFill::new().set_color(rgb(area.fill.unwrap_or(Color(255, 255, 255))));
    let format = ShapeFormat::new()
        .set_solid_fill(&fill)
        .set_line(&ShapeLine::new().set_color(rgb(color)).set_width(0.5));
    // Positions and sizes on a page are small and positive.
    let size = |mm: f32| (mm * PIXELS).round() as u32;
    let shape = Shape::textbox()
        .set_text(text)
        .set_width(size(area.rect.w))
        .set_height(size(area.rect.h))
        .set_font(&font)
        .set_format(&format)
        .set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    let (row, column, right, below) = grid.cell_at(area.rect.x, area.rect.y);
    page.insert_shape_with_offset(row, column, &shape, right, below)?;
    Ok(())
}

/// An ellipse of so many mm on nothing, drawn with a pen of so many mm, as PNG.
fn ellipse(w: f32, h: f32, color: Color, pen: f32) -> Result<Vec<u8>, ::png::EncodingError> {
    let (width, height) = (dots(w), dots(h));
    let pen = pen * DOTS;
    let (rx, ry) = ((width - pen) / 2.0, (height - pen) / 2.0);
    // How much of a dot the line covers: its distance from the ellipse, by the slope there.
    png((width, height), color, |x, y| {
        let (dx, dy) = (x - width / 2.0, y - height / 2.0);
        let (ux, uy) = (dx / (rx * rx), dy / (ry * ry));
        let slope = (ux * ux + uy * uy).sqrt().max(f32::EPSILON);
        let distance = (dx * ux + dy * uy - 1.0).abs() / (2.0 * slope);
        pen / 2.0 + 0.5 - distance
    })
}

/// A stroke from the lower left to the upper right corner on nothing, as PNG.
fn stroke(w: f32, h: f32, color: Color) -> Result<Vec<u8>, ::png::EncodingError> {
    let (width, height) = (dots(w), dots(h));
    let length = width.hypot(height);
    png((width, height), color, |x, y| {
        let distance = (x * height + y * width - width * height).abs() / length;
        THIN * DOTS / 2.0 + 0.5 - distance
    })
}

/// A code on nothing, as PNG.
fn code(rect: Rect, bars: &[Rect]) -> Result<Vec<u8>, ::png::EncodingError> {
    let (width, height) = (dots(rect.w), dots(rect.h));
    let edge = |mm: f32| (mm * DOTS).round() as usize;
    let (across, down) = (width as usize, height as usize);
    let mut black = vec![false; across * down];
    for bar in bars {
        let columns = edge(bar.x - rect.x).min(across)..edge(bar.right() - rect.x).min(across);
        for row in edge(bar.y - rect.y)..edge(bar.bottom() - rect.y).min(down) {
            black[row * across..][columns.clone()].fill(true);
        }
    }
    png((width, height), Color::BLACK, |x, y| {
        f32::from(u8::from(black[y as usize * across + x as usize]))
    })
}

/// How many dots so many mm are.
fn dots(mm: f32) -> f32 {
    (mm * DOTS).round().clamp(1.0, 4000.0)
}

/// A picture in one colour: `ink` is how much of the dot around a point is covered.
fn png(
    (width, height): (f32, f32),
    color: Color,
    ink: impl Fn(f32, f32) -> f32,
) -> Result<Vec<u8>, ::png::EncodingError> {
    let mut pixels = Vec::new();
    for y in 0..height as usize {
        for x in 0..width as usize {
            let alpha = ink(x as f32 + 0.5, y as f32 + 0.5).clamp(0.0, 1.0) * 255.0;
            pixels.extend([color.0, color.1, color.2, alpha.round() as u8]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(::png::ColorType::Rgba);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::alt;

    #[test]
    fn a_picture_says_what_xml_can_hold() {
        assert_eq!(alt("QRコード a\u{B}b\n𠮷"), "QRコード a b\n𠮷");
        assert_eq!(alt(&"字".repeat(300)).chars().count(), 255);
    }
}
