//! The pictures beside a definition.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};
use std::sync::Arc;

use super::Form;
use super::model::Block;
use crate::report::{Diagnostic, Report, Text};
use crate::sheet::{Picture, PictureFault};
use crate::yaml::{Spanned, place};

/// The largest picture file, in bytes: it is in every filled form.
const LARGEST: u64 = 4_000_000;

/// Reads the pictures of a form from the folder of its definition, whose text is `source`.
pub(super) fn read(form: &mut Form, folder: &Path, source: &str) -> Report {
    let mut report = Report::default();
    let blocks = form.pages.iter_mut().flat_map(|page| &mut page.body);
    let tables = blocks.filter_map(|block| match &mut block.value {
        Block::Table(table) | Block::Grid(table) => Some(table),
        _ => None,
    });
    let cells = tables.flat_map(|table| &mut table.rows).flat_map(|row| &mut row.value.cells);
    // A page that continues a list is there many times.
    let mut known: BTreeMap<String, Option<Arc<Picture>>> = BTreeMap::new();
    for picture in cells.filter_map(|cell| cell.value.picture.as_mut()) {
        let name = picture.file.value.clone();
        let pixels = known.entry(name).or_insert_with(|| match pixels(folder, &picture.file) {
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

fn pixels(folder: &Path, file: &Spanned<String>) -> Result<Picture, Text> {
    let name = &file.value;
    let path = Path::new(name);
    // A definition that somebody hands over does not reach into other folders.
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Text::new(
            format!("画像「{name}」は、定義ファイルと同じフォルダーの中に置いてください"),
            format!("put the picture `{name}` into the folder of the definition"),
        ));
    }
    let path = folder.join(path);
    let unread = |error: std::io::Error| {
        Text::new(
            format!("画像「{name}」を読めません: {error}"),
            format!("cannot read the picture `{name}`: {error}"),
        )
    };
    if fs::metadata(&path).map_err(unread)?.len() > LARGEST {
        return Err(Text::new(
            format!("画像「{name}」が大きすぎます（4 MB まで）"),
            format!("the picture `{name}` is larger than 4 MB"),
        ));
    }
    Picture::read(fs::read(&path).map_err(unread)?).map_err(|fault| match fault {
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
