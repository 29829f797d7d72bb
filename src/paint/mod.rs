//! In: a [`crate::sheet::Sheet`]. Out: the bytes of a PDF, PNG or SVG.
//! Painters don't validate and don't lay out.

use std::fmt;

use crate::report::{Explain, Text};

mod kept;
mod pdf;
mod png;
mod refuse;
mod shapes;
mod svg;

pub(crate) use self::kept::Kept;
pub use self::pdf::{Book, PdfOptions, pdf};
pub use self::png::{bounded_dpi, page_picture, png};
pub use self::svg::{SvgFor, svg};

/// The number of the painters: it changes when one of them gives other bytes for the same sheet.
pub(crate) const WRITER: u32 = 5;

/// Why a sheet was not painted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaintError {
    /// A number of the sheet is out of range for a page: what it belongs to.
    Geometry(String),
    /// What the PDF standards (PDF/A-2a, PDF/UA-1) refuse, one sentence each.
    Refused(Vec<String>),
    /// What was painted could not be written out: why.
    Output(String),
    /// The workbook could not be made: what Excel refuses.
    Workbook(String),
    /// The picture could not be made.
    Picture(String),
    /// Several files could not be put into one: why.
    Archive(String),
    /// The form is printed on somebody else's pages, which a workbook cannot hold.
    OnPaper,
    /// Two boxes with something in them would lie in one cell of a workbook, so small is one of them.
    Crowded,
}

impl fmt::Display for PaintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PaintError::Geometry(what) => write!(f, "cannot be placed on a page: {what}"),
            PaintError::Refused(reasons) => {
                write!(f, "cannot be written as PDF: {}", reasons.join("; "))
            }
            PaintError::Output(why) => write!(f, "cannot be written: {why}"),
            PaintError::Workbook(why) => write!(f, "cannot be written as a workbook: {why}"),
            PaintError::Picture(why) => write!(f, "cannot be made a picture: {why}"),
            PaintError::Archive(why) => write!(f, "cannot be put into one file: {why}"),
            PaintError::OnPaper => {
                f.write_str("this form is an office's own PDF, whose pages no workbook can hold")
            }
            PaintError::Crowded => {
                f.write_str("cannot be written as a workbook: a box is too small for a cell")
            }
        }
    }
}

impl std::error::Error for PaintError {}

impl Explain for PaintError {
    fn message(&self) -> Text {
        let (ja, why) = match self {
            PaintError::Geometry(what) => ("ページに置けません", what.clone()),
            PaintError::Refused(reasons) => ("PDF にできません", reasons.join("; ")),
            PaintError::Output(why) => ("書き出せません", why.clone()),
            PaintError::Workbook(why) => ("Excel のブックにできません", why.clone()),
            PaintError::Picture(why) => ("画像にできません", why.clone()),
            PaintError::Archive(why) => ("一つのファイルにまとめられません", why.clone()),
            PaintError::OnPaper => {
                return Text::new(
                    "この様式は役所の PDF をそのまま用紙にするため、Excel のブックにはできません",
                    self.to_string(),
                );
            }
            PaintError::Crowded => {
                return Text::new(
                    "枠が小さすぎてセルにならないため、Excel のブックにできません",
                    self.to_string(),
                );
            }
        };
        // A page that passed the check is painted: these speak to a programmer.
        Text { ja: Text::quoting(ja, "", why).ja, en: self.to_string() }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            PaintError::OnPaper => {
                Some(Text::new("PDF・PNG・SVG で作ってください", "make a PDF, PNG or SVG of it"))
            }
            PaintError::Crowded => Some(Text::new(
                "様式の定義で枠を大きくするか、枠を空にしてください",
                "make the box larger in the form's definition, or leave it empty",
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
