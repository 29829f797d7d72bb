//! The pictures beside a definition.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Form;
use super::beside::{Beside, Called};
use super::model::Block;
use crate::report::{Diagnostic, Report, Text};
use crate::sheet::{Picture, PictureFault};
use crate::yaml::{Spanned, place};

/// The largest picture file, in bytes: it is in every filled form.
const LARGEST: u64 = 4_000_000;

/// Reads the pictures of a form, the text of whose definition is `source`.
pub(super) fn read(form: &mut Form, beside: Beside<'_>, source: &str) -> Report {
    let mut report = Report::default();
    let cells = form.pages.iter_mut().flat_map(|page| {
        let tables = page.body.iter_mut().filter_map(|block| match &mut block.value {
            Block::Table(table) | Block::Grid(table) => Some(table),
            _ => None,
        });
        let rows = tables.flat_map(|table| &mut table.rows);
        rows.flat_map(|row| &mut row.value.cells).chain(&mut page.boxes)
    });
    // A page that continues a list is there many times.
    let mut known: BTreeMap<String, Option<Arc<Picture>>> = BTreeMap::new();
    for picture in cells.filter_map(|cell| cell.value.picture.as_mut()) {
        let name = picture.file.value.clone();
        let pixels = known.entry(name).or_insert_with(|| match pixels(beside, &picture.file) {
            Ok(pixels) => Some(Arc::new(pixels)),
            Err(why) => {
                let at = place(&picture.file, source);
                report.push(Diagnostic::error("definition", why).at(at));
                None
            }
        });
        picture.pixels.clone_from(pixels);
    }
    report
}

fn pixels(beside: Beside<'_>, file: &Spanned<String>) -> Result<Picture, Text> {
    let name = &file.value;
    let bytes = beside.read(name, &Called { ja: "画像", en: "picture", largest: LARGEST })?;
    Picture::read(bytes).map_err(|fault| match fault {
        PictureFault::Unknown => Text::new(
            format!("「{name}」は PNG でも JPEG でもありません"),
            format!("`{name}` is neither PNG nor JPEG"),
        ),
        PictureFault::Unreadable => Text::new(
            format!("画像「{name}」が壊れているか、読めない形式（CMYK の JPEG など）です"),
            format!("the picture `{name}` is damaged, or of a kind that is not read, such as a CMYK JPEG"),
        ),
        PictureFault::TooLarge => Text::new(
            format!("画像「{name}」の画素が多すぎます（1,600 万画素まで）"),
            format!("the picture `{name}` has more than 16 million pixels"),
        ),
    })
}
