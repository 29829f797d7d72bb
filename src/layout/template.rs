//! What of a form does not depend on a record, laid out once.

use std::sync::{Arc, OnceLock};

use super::fill::{FieldCell, Filled, Layout, parts};
use super::pages::{Leaf, pages};
use crate::form::{self, Form, FormPage, Forms, Spanned, is_of_page};
use crate::report::Report;
use crate::sheet::{Block, Cell, Sheet};
use crate::values::Values;

/// A form of which everything is laid out that does not depend on a record: for filling it many times.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode, Template};
/// use onshi::values::Values;
/// let forms = Forms::built_in();
/// let form = forms.find("別紙2").unwrap();
/// let values = Values::default();
/// let (sheets, _) = Template::new(form).fill(&values, forms);
/// assert_eq!(sheets, fill(form, Mode::Filled(&values), forms).0);
/// ```
pub struct Template<'a> {
    form: &'a Form,
    /// As the form has its pages, each laid out when it is first needed.
    pages: Vec<OnceLock<Blank<'a>>>,
}

/// What a page prints whatever it is filled with.
struct Blank<'a> {
    blocks: Vec<Block>,
    fields: Vec<FieldCell<'a>>,
    /// Whether it says how many pages there are: it is then laid out anew.
    is_numbered: bool,
}

impl<'a> Template<'a> {
    /// The template of a form.
    pub fn new(form: &'a Form) -> Self {
        Template { form, pages: form.pages.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Lays out the values; the same as [`fill`](super::fill) in [`Mode::Filled`](super::Mode::Filled).
    pub fn fill(&self, values: &Values, forms: &Forms) -> (Vec<Sheet>, Report) {
        let pages = pages(self.form, false, values);
        parts(pages.into_iter().map(|page| self.page(page, values, forms)).collect())
    }

    fn page(&self, page: Leaf<'a>, values: &Values, forms: &Forms) -> Filled<'a> {
        let blank = self.pages[page.index].get_or_init(|| {
            let mut layout = Layout::new(self.form, page, None, false, forms);
            layout.page();
            let Filled { sheet, fields, .. } = layout.filled;
            Blank { blocks: sheet.blocks, fields, is_numbered: is_numbered(page.page) }
        });
        let mut layout = Layout::new(self.form, page, Some(values), false, forms);
        if blank.is_numbered {
            layout.page();
            return layout.filled;
        }
        layout.filled.sheet.blocks.clone_from(&blank.blocks);
        for field in &blank.fields {
            layout.here = field.cell.referenced;
            let areas = layout.cell(field.cell, field.rect, field.edges);
            let cell = match &mut layout.filled.sheet.blocks[field.block] {
                Block::Table { rows } => &mut rows[field.row][field.index],
                Block::Group(cells) => &mut cells[field.index],
                // Only tables have cells.
                Block::Text { .. } | Block::Rule { .. } => continue,
            };
            let Cell { header, rows, columns, .. } = **cell;
            *cell = Arc::new(Cell { areas, header, rows, columns });
        }
        layout.filled
    }
}

/// Whether a page prints the number of a page, or how many there are.
fn is_numbered(page: &FormPage) -> bool {
    let in_text = |block: &Spanned<form::Block>| match &block.value {
        form::Block::Title(text) | form::Block::Heading(text) | form::Block::Paragraph(text) => {
            is_of_page(&text.text)
        }
        form::Block::Table(_)
        | form::Block::Grid(_)
        | form::Block::Line(_)
        | form::Block::Page(_) => false,
    };
    let in_cell = |cell: &Spanned<form::Cell>| {
        let cell = &cell.value;
        let text = cell.text.as_deref().unwrap_or_default();
        [text, cell.before(), cell.after(), cell.blank()].into_iter().any(is_of_page)
    };
    page.body.iter().any(in_text) || page.cells().any(in_cell)
}
