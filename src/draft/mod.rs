//! In: a paper and the forms there are. Out: a definition that is proposed for it: what may be filled in on its
//! pages, what it is called, which field it is.
//! This room must not know records, values or how a page is painted.

mod acro;
mod blanks;
mod cell;
mod cells;
mod fields;
mod labels;
mod lines;
mod page;
mod picture;
mod proposal;
mod text;
mod yaml;

use std::cmp::Ordering;

use crate::form::Forms;
use crate::paper::{PaperPage, Unusable};

pub use picture::picture;
pub use proposal::{Proposal, ProposedBox, ProposedField, Repeated};

/// What is known of a blank before it is known which field it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blank {
    /// The page, from 0.
    page: usize,
    what: What,
    /// What it is called, the group before the blank itself.
    labels: Vec<String>,
    /// Of a blank of a table's row: the table's number, and the row, from 0.
    row: Option<(usize, usize)>,
    /// The form field of the PDF that is there.
    pdf_field: Option<String>,
}

/// A place on a page: left, top, width and height in mm.
pub(crate) type Place = [f32; 4];

/// What a blank takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// Text.
    Text(Place),
    /// So many characters, each in a box of its own.
    Digits(Place, usize),
    /// The year, the month and the day of a date, the year with an era before it or without one.
    Date { era: bool, parts: Vec<Place> },
    /// What is between the hyphens of a postal code, two parts, or of a phone number, three.
    Code(Vec<Place>),
    /// Tick boxes, each with its word and the state of the PDF's button; one alone may have no word.
    Ticks(Vec<(String, Place, Option<String>)>),
    /// Words of which some are circled.
    Circles(Vec<(String, Place)>),
    /// One of a list.
    Choice(Place, Vec<String>),
}

impl What {
    /// The place of its first part.
    pub fn place(&self) -> Place {
        match self {
            What::Text(place) | What::Digits(place, _) | What::Choice(place, _) => *place,
            What::Date { parts, .. } | What::Code(parts) => {
                parts.first().copied().unwrap_or_default()
            }
            What::Ticks(all) => all.first().map(|(_, place, _)| *place).unwrap_or_default(),
            What::Circles(all) => all.first().map(|(_, place)| *place).unwrap_or_default(),
        }
    }

    /// Keeps what is on a page of this width and height in mm; a field of a PDF may lie beside it, where nobody
    /// sees it. Whether anything is left.
    fn keep_to(&mut self, (width, height): (f32, f32)) -> bool {
        let is_on =
            |&[x, y, w, h]: &Place| x >= 0.0 && y >= 0.0 && x + w <= width && y + h <= height;
        match self {
            What::Text(place) | What::Choice(place, _) => {
                let [x, y, w, h] = *place;
                let (left, top) = (x.max(0.0), y.max(0.0));
                *place = [left, top, (x + w).min(width) - left, (y + h).min(height) - top];
                place[2] > 0.0 && place[3] > 0.0
            }
            What::Digits(place, _) => is_on(place),
            What::Date { parts, .. } | What::Code(parts) => parts.iter().all(is_on),
            What::Ticks(all) => {
                all.retain(|(_, place, _)| is_on(place));
                !all.is_empty()
            }
            What::Circles(all) => {
                all.retain(|(_, place)| is_on(place));
                !all.is_empty()
            }
        }
    }
}

/// The order in which blanks of a page are read: those in a row from the left, row by row.
fn reading_order(a: &Blank, b: &Blank) -> Ordering {
    let (a, b) = (a.what.place(), b.what.place());
    let row = |place: &Place| ((place[1] + place[3] / 2.0) / 4.0).round() as i32;
    row(&a).cmp(&row(&b)).then(a[0].total_cmp(&b[0]))
}

/// Proposes a definition for these pages. `file` is what their PDF is called.
///
/// ```
/// use onshi::{draft, form::Forms, paper::Paper};
/// let paper = Paper::read(&std::fs::read("tests/forms/visit-notice.pdf")?).unwrap();
/// let pages: Vec<_> = paper.pages().collect();
/// let proposal = draft::propose("visit-notice.pdf", &pages, Forms::built_in()).unwrap();
/// assert!(proposal.boxes.iter().any(|one| one.field == "facility.name"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When a page cannot be read.
pub fn propose(file: &str, pages: &[PaperPage], forms: &Forms) -> Result<Proposal, Unusable> {
    let Some(first) = pages.first() else {
        return Ok(Proposal::empty(file, ""));
    };
    let widgets = first.paper().widgets();
    let mut blanks = Vec::new();
    let mut tables = 0;
    for (number, page) in pages.iter().enumerate() {
        let seen = page.see()?;
        let read = page::Read::of(number, page.size(), &seen);
        let own: Vec<_> = widgets.iter().filter(|widget| widget.page == page.index()).collect();
        let mut found = match own.is_empty() {
            true => read.blanks(),
            // Whoever made the form has said where it is filled in.
            false => acro::blanks(number, &own, &read),
        };
        found.retain_mut(|blank| blank.what.keep_to(page.size()));
        for blank in &mut found {
            if let Some((table, _)) = &mut blank.row {
                *table += tables;
            }
        }
        tables += read.tables();
        blanks.extend(found);
    }
    Ok(fields::assign(file, first.paper().hash(), blanks, forms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_the_page_is_not_proposed() {
        let page = (210.0, 297.0);
        let mut half = What::Text([200.0, 10.0, 30.0, 8.0]);
        assert!(half.keep_to(page));
        assert_eq!(half, What::Text([200.0, 10.0, 10.0, 8.0]));
        assert!(!What::Text([211.0, 10.0, 30.0, 8.0]).keep_to(page));
        assert!(!What::Digits([200.0, 10.0, 30.0, 8.0], 7).keep_to(page));
        let tick = |x: f32| (String::new(), [x, 10.0, 4.0, 4.0], None);
        let mut ticks = What::Ticks(vec![tick(-5.0), tick(20.0)]);
        assert!(ticks.keep_to(page));
        assert_eq!(ticks, What::Ticks(vec![tick(20.0)]));
    }
}
