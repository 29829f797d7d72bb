//! A sheet in the format asked for.

use onshi::paint::{self, PaintError, PdfOptions};
use onshi::report::Text;
use onshi::sheet::Sheet;
use onshi::workbook;
use onshi::workbook::Entries;

use super::args::Format;
use super::failure::Failure;

/// Dots per inch of a picture: as sharp as a fax, small enough to mail.
const DPI: f32 = 200.0;

/// `entries` are what a workbook can be read back from.
pub fn paint(
    sheet: &Sheet,
    entries: impl FnOnce() -> Entries,
    format: Format,
) -> Result<Vec<u8>, Failure> {
    let painted = match format {
        Format::Pdf => paint::pdf(std::slice::from_ref(sheet), &PdfOptions::default()),
        Format::Xlsx => workbook::xlsx(sheet, Some(&entries())),
        Format::Png => paint::png(sheet, DPI),
    };
    painted.map_err(|error| unpaintable(sheet, &error))
}

/// That a sheet cannot be painted.
pub fn unpaintable(sheet: &Sheet, error: &PaintError) -> Failure {
    Failure::new(Text::new(
        format!("{} を描けません: {error}", sheet.title),
        format!("{} cannot be painted: {error}", sheet.title),
    ))
}
