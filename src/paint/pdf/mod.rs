//! A PDF: archival (PDF/A-2a, or PDF/A-3a when it carries a file), readable aloud (PDF/UA-1), and the
//! same bytes for the same sheets. On somebody else's paper it claims no more than the paper does.

mod book;
mod document;
mod file;
mod fonts;
mod icc;
mod ink;
mod metadata;
mod outline;
mod papers;
mod pictures;
mod template;
mod tree;
mod truetype;

pub use self::book::Book;
use self::document::Document;
use super::{PaintError, refuse};
use crate::calendar::Date;
use crate::sheet::Sheet;

/// What a PDF says about itself.
///
/// ```
/// use onshi::paint::PdfOptions;
/// let options = PdfOptions::default().title("別紙2").carry("record.yaml", b"facility:".to_vec());
/// assert_eq!(options.title.as_deref(), Some("別紙2"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PdfOptions {
    /// The document's title; else the sheets' titles.
    pub title: Option<String>,
    /// What the outline calls each form; else its title.
    pub outline: Vec<String>,
    /// The date the document carries as the day it was made, which the standards demand; else
    /// 2000-01-01, never the clock: the same sheets are to give the same bytes.
    pub date: Date,
    /// A file the document carries, its name and bytes (YAML): the document is then PDF/A-3a.
    pub carry: Option<(String, Vec<u8>)>,
}

impl Default for PdfOptions {
    fn default() -> Self {
        PdfOptions {
            title: None,
            outline: Vec::new(),
            date: Date::constant(2000, 1, 1),
            carry: None,
        }
    }
}

impl PdfOptions {
    /// The document's title.
    pub fn title(self, title: impl Into<String>) -> Self {
        PdfOptions { title: Some(title.into()), ..self }
    }

    /// What the outline calls each sheet.
    pub fn outline(self, outline: Vec<String>) -> Self {
        PdfOptions { outline, ..self }
    }

    /// The day the document was made.
    pub fn date(self, date: Date) -> Self {
        PdfOptions { date, ..self }
    }

    /// A file the document carries, its name and bytes (YAML).
    pub fn carry(self, name: impl Into<String>, bytes: Vec<u8>) -> Self {
        PdfOptions { carry: Some((name.into(), bytes)), ..self }
    }
}

/// Paints sheets into one PDF, one page per sheet.
///
/// ```
/// use onshi::paint::{pdf, PdfOptions};
/// use onshi::sheet::Sheet;
/// let sheet = Sheet {
///     form: "blank".into(),
///     title: "白紙".into(),
///     page: 1,
///     is_titled: false,
///     paper: None,
///     width: 210.0,
///     height: 297.0,
///     blocks: vec![],
/// };
/// let bytes = pdf(&[sheet], &PdfOptions::default())?;
/// assert!(bytes.starts_with(b"%PDF-1.7"));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
///
/// # Errors
///
/// When a character has no glyph, or a number is out of range for a page.
pub fn pdf(sheets: &[Sheet], options: &PdfOptions) -> Result<Vec<u8>, PaintError> {
    sheets.iter().try_for_each(refuse::geometry)?;
    if sheets.is_empty() {
        return Err(PaintError::Geometry("no sheets".into()));
    }
    let mut document = Document::new(sheets);
    sheets.iter().for_each(|sheet| document.page(sheet));
    // A form of several pages has one entry.
    let starts = sheets.iter().enumerate().filter(|(i, sheet)| *i == 0 || sheet.page == 1);
    let called = |(form, (page, sheet)): (usize, (usize, &'_ Sheet))| {
        let name = options.outline.get(form).cloned();
        (page, name.unwrap_or_else(|| sheet.title.clone()))
    };
    let names: Vec<(usize, String)> = starts.enumerate().map(called).collect();
    let title = options.title.clone().unwrap_or_else(|| titles(sheets));
    document.finish(&title, &names, options)
}

/// The sheets' titles, each once.
fn titles(sheets: &[Sheet]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for sheet in sheets {
        if !titles.contains(&sheet.title.as_str()) {
            titles.push(&sheet.title);
        }
    }
    titles.join("、")
}
