//! Form + values → sheets: every block at its place, every text fitted.

use std::borrow::Cow;
use std::sync::Arc;

use serde_saphyr::Location;

use super::grid::{self, Placed};
use super::pages::{Leaf, pages};
use crate::font::Family;
use crate::form::{self, Form, Forms, PAGE, PAGES, Table};
use crate::report::{Diagnostic, Report};
use crate::sheet::{Block, Cell, Edges, Rect, Role, Sheet};
use crate::values::{Sections, Values, example_values};
use crate::yaml::Spanned;

/// What a form is filled with.
#[derive(Clone, Copy, Debug)]
pub enum Mode<'a> {
    /// Nothing.
    Blank,
    /// The values of a record.
    Filled(&'a Values),
    /// The 記載例 of its definition, in red, with callouts.
    Example,
}

/// Lays out a form. The report has an error `fit` for every value that does not fit even at the
/// form's smallest size; the sheet is then incomplete and must not be printed.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// let forms = Forms::built_in();
/// let (sheets, report) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
/// assert_eq!((sheets[0].width, sheets[0].height), (210.0, 297.0));
/// assert_eq!((sheets.len(), report.errors()), (1, 0));
/// ```
pub fn fill(form: &Form, mode: Mode<'_>, forms: &Forms) -> (Vec<Sheet>, Report) {
    parts(lay_out(form, mode, forms))
}

/// The sheets, and everything that is wrong with the values.
pub(super) fn parts(pages: Vec<Filled<'_>>) -> (Vec<Sheet>, Report) {
    let mut report = Report::default();
    let sheets = pages.into_iter().map(|page| {
        page.faults.into_iter().for_each(|(fault, _)| report.push(fault));
        page.sheet
    });
    (sheets.collect(), report)
}

/// A cell that depends on the record: where it stands on the page and in the sheet.
pub(crate) struct FieldCell<'a> {
    pub cell: &'a Spanned<form::Cell>,
    pub rect: Rect,
    pub edges: Edges,
    pub block: usize,
    pub row: usize,
    /// Which cell of its row, or of a group.
    pub index: usize,
}

/// What layout finds: the sheet, what does not fit, and for lint where each area comes from.
pub(crate) struct Filled<'a> {
    pub sheet: Sheet,
    /// What is wrong with the values, with the cell of the definition each would stand in.
    pub faults: Vec<(Diagnostic, Location)>,
    /// Every area but the callouts', with its place in the definition.
    pub areas: Vec<(Rect, Location)>,
    /// The callouts' areas.
    pub callouts: Vec<Rect>,
    /// Printed text that does not fit its box.
    pub misfits: Vec<(String, Location)>,
    pub fields: Vec<FieldCell<'a>>,
}

/// Every page of a form.
pub(crate) fn lay_out<'a>(form: &'a Form, mode: Mode<'_>, forms: &Forms) -> Vec<Filled<'a>> {
    let nothing = Values::default();
    let example;
    let values = match mode {
        Mode::Blank => None,
        Mode::Filled(values) => Some(values),
        Mode::Example => {
            example = example_values(&form.sample.record.0, forms);
            Some(&example)
        }
    };
    let is_example = matches!(mode, Mode::Example);
    let pages = pages(form, matches!(mode, Mode::Blank), values.unwrap_or(&nothing));
    let laid_out = pages.into_iter().map(|page| {
        let mut layout = Layout::new(form, page, values, is_example, forms);
        layout.page();
        layout.filled
    });
    laid_out.collect()
}

pub(super) struct Layout<'a, 'v> {
    pub(super) form: &'a Form,
    pub(super) page: Leaf<'a>,
    pub(super) forms: &'v Forms,
    /// The values, and how expressions see them.
    pub(super) sections: Option<Sections<'v>>,
    pub(super) is_example: bool,
    /// The bottom of the block before, in mm.
    pub(super) cursor: f32,
    /// The block or cell of the definition being laid out.
    pub here: Location,
    pub filled: Filled<'a>,
}

impl<'a, 'v> Layout<'a, 'v> {
    /// An empty page.
    pub fn new(
        form: &'a Form,
        page: Leaf<'a>,
        values: Option<&'v Values>,
        is_example: bool,
        forms: &'v Forms,
    ) -> Self {
        let naming = forms.dictionary().naming().filter(|_| !is_example);
        let name = naming.zip(values).and_then(|(field, values)| values.get(&field.key));
        let title = match name {
            Some(name) => format!("{} {}", form.title.ja, name.text),
            None => form.title.ja.clone(),
        };
        let paper = page.page.paper.clone();
        let own = (form.page.width, form.page.height);
        let (width, height) = paper.as_ref().map_or(own, |paper| paper.size());
        Layout {
            form,
            page,
            forms,
            sections: values.map(|values| Sections::new(values, forms)),
            is_example,
            cursor: 0.0,
            here: Location::UNKNOWN,
            filled: Filled {
                sheet: Sheet {
                    form: form.id.clone(),
                    title,
                    page: page.number,
                    is_titled: page.is_titled,
                    width,
                    height,
                    paper,
                    blocks: Vec::new(),
                },
                faults: Vec::new(),
                areas: Vec::new(),
                callouts: Vec::new(),
                misfits: Vec::new(),
                fields: Vec::new(),
            },
        }
    }

    /// Lays out the whole page.
    pub fn page(&mut self) {
        for block in &self.page.page.body {
            self.here = block.referenced;
            self.block(&block.value);
        }
        self.boxes();
        if self.is_example && self.page.number == 1 {
            for callout in &self.form.sample.callouts {
                self.callout(callout);
            }
        }
    }

    /// Whether somebody else's page is printed on.
    pub(super) fn is_on_paper(&self) -> bool {
        self.page.page.paper.is_some()
    }

    /// The boxes on a paper: side by side, and no table to a reader.
    fn boxes(&mut self) {
        let (page, block) = (self.page.page, self.filled.sheet.blocks.len());
        let mut cells = Vec::with_capacity(page.boxes.len());
        for (index, cell) in page.boxes.iter().enumerate() {
            self.here = cell.referenced;
            let [x, y, w, h] = cell.value.at.unwrap_or_default();
            let (rect, edges) = (Rect { x, y, w, h }, Edges::default());
            let areas = self.cell(cell, rect, edges);
            self.filled.areas.push((rect, self.here));
            if cell.value.is_filled() {
                self.filled.fields.push(FieldCell { cell, rect, edges, block, row: 0, index });
            }
            cells.push(Arc::new(Cell { areas, header: None, rows: 1, columns: 1 }));
        }
        if !cells.is_empty() {
            self.filled.sheet.blocks.push(Block::Group(cells));
        }
    }

    /// A text with the numbers of the pages put in.
    pub(super) fn numbered<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (word, number) in [PAGE, PAGES].into_iter().zip(self.page.says) {
            if text.contains(word) {
                // Room to write it by hand.
                let number = number.map_or_else(|| "　".to_owned(), |number| number.to_string());
                text = Cow::Owned(text.replace(word, &number));
            }
        }
        text
    }

    fn block(&mut self, block: &'a form::Block) {
        match block {
            form::Block::Title(text) => self.text(text, Role::Title, Family::Bold),
            form::Block::Heading(text) => self.text(text, Role::Heading, Family::Bold),
            form::Block::Paragraph(text) => self.text(text, Role::Paragraph, Family::Mincho),
            form::Block::Table(table) => self.table(table, false),
            form::Block::Grid(table) => self.table(table, true),
            // Pages have been told apart.
            form::Block::Page(_) => {}
            form::Block::Line(rule) => self.rule(rule),
        }
    }

    /// A grid is no table to a reader.
    fn table(&mut self, table: &'a Table, is_grid: bool) {
        let x = table.x.unwrap_or(self.form.page.margin);
        let y = table.y.unwrap_or(self.cursor + table.above);
        let block = self.filled.sheet.blocks.len();
        let mut rows: Vec<Vec<Arc<Cell>>> = Vec::new();
        for (row, placed) in grid::place(table, x, y).into_iter().enumerate() {
            let before = if is_grid { rows.iter().map(Vec::len).sum() } else { 0 };
            let mut cells = Vec::with_capacity(placed.len());
            for (i, Placed { cell, rect, edges, rows, columns }) in placed.into_iter().enumerate() {
                self.here = cell.referenced;
                let areas = self.cell(cell, rect, edges);
                self.filled.areas.push((rect, self.here));
                if cell.value.is_filled() {
                    let field = FieldCell { cell, rect, edges, block, row, index: before + i };
                    self.filled.fields.push(field);
                }
                cells.push(Arc::new(Cell { areas, header: cell.value.header, rows, columns }));
            }
            rows.push(cells);
        }
        self.filled.sheet.blocks.push(if is_grid {
            Block::Group(rows.into_iter().flatten().collect())
        } else {
            Block::Table { rows }
        });
        self.cursor = y + grid::height(table);
    }
}

#[cfg(test)]
mod tests;
