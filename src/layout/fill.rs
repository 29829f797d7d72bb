//! Form + values → sheets: every block at its place, every text fitted.

use std::borrow::Cow;

use serde_saphyr::Location;

use super::grid::{self, Placed};
use super::line::{
    PAD_Y, Piece, Style, VALUE_LEADING, baseline_in, circle, columns, digit_boxes, place_line,
    place_lines, set_line, tallest,
};
use super::link::linked;
use super::looks;
use super::number::{commas, kanji};
use super::pages::{Leaf, pages};
use super::text::{break_address, break_evenly, break_lines, width};
use crate::calendar::{Date, reiwa_year, reiwa_year_text, weekday_name};
use crate::expr::{self, Expression};
use crate::font::Family;
use crate::form::{
    self, Diagonal, Form, Forms, Kind, LineBlock, PAGE, PAGES, Part, Show, Table, TextBlock,
};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Report, Text};
use crate::sheet::{
    Align, Area, Block, Cell, Color, Edges, Line, MM_PER_PT, Mark, Rect, Role, Sheet, Sign, Stroke,
    Tick, VAlign,
};
use crate::values::{Data, Sections, Value, Values, example_values};
use crate::yaml::Spanned;

/// Space between a border and text, left and right, in mm.
const PAD: f32 = 1.5;
/// Two lines come before a size below this part of a value's size.
const NEARLY: f32 = 0.9;
/// Over how many lines a value may be broken.
const VALUE_LINES: usize = 2;
/// A line of running text is stretched to the margin by at most this between two characters, in mm.
const MOST_SPREAD: f32 = 0.5;

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
    form: &'a Form,
    page: Leaf<'a>,
    forms: &'v Forms,
    values: Option<&'v Values>,
    is_example: bool,
    /// The bottom of the block before, in mm.
    cursor: f32,
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
            values,
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
    fn is_on_paper(&self) -> bool {
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
            cells.push(Cell { areas, header: None, rows: 1, columns: 1 });
        }
        if !cells.is_empty() {
            self.filled.sheet.blocks.push(Block::Group(cells));
        }
    }

    /// A text with the numbers of the pages put in.
    fn numbered<'t>(&self, text: &'t str) -> Cow<'t, str> {
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

    /// A line across the page, with its text in the middle.
    fn rule(&mut self, rule: &LineBlock) {
        let x = rule.x.unwrap_or(self.form.page.margin);
        let y = rule.y.unwrap_or(self.cursor + rule.above);
        let w = rule.width.unwrap_or(self.form.page.width - self.form.page.margin - x);
        let mut line = |x: f32, right: f32| {
            let line = Line { x1: x, y1: y, x2: right, y2: y, stroke: rule.stroke };
            self.filled.areas.push((Rect { x, y, w: right - x, h: 0.0 }, self.here));
            self.filled.sheet.blocks.push(Block::Rule { line });
        };
        self.cursor = y;
        let Some(text) = &rule.text else { return line(x, x + w) };
        let size = rule.size.unwrap_or(self.form.sizes.text);
        let em = size * MM_PER_PT;
        let wide = width(text, Family::Gothic) * em + 2.0 * PAD;
        let (left, h) = (x + (w - wide) / 2.0, em * VALUE_LEADING);
        line(x, left);
        line(left + wide, x + w);
        if left < x {
            self.filled.misfits.push((text.clone(), self.here));
        }
        let mut block = TextBlock::default();
        // As wide as the text, which a rounding does not break.
        (block.x, block.width) = (Some(left + PAD), Some(wide - 2.0 * PAD + 0.01));
        (block.y, block.height) = (Some(y - h / 2.0), Some(h));
        block.size = Some(size);
        let area = self.text_area(&block, text, Family::Gothic, Color::BLACK);
        self.filled.areas.push((area.rect, self.here));
        self.filled.sheet.blocks.push(Block::Text { role: Role::Paragraph, area });
        self.cursor = y + h / 2.0;
    }

    fn text(&mut self, block: &TextBlock, role: Role, family: Family) {
        let text = match &block.sample {
            Some(sample) if self.is_example => sample,
            _ => &block.text,
        };
        let text = self.numbered(text);
        let color = colored(block.color.as_deref());
        let area = self.text_area(block, &text, block.face.unwrap_or(family), color);
        self.cursor = area.rect.bottom();
        self.filled.areas.push((area.rect, self.here));
        self.filled.sheet.blocks.push(Block::Text { role, area });
    }

    fn callout(&mut self, block: &TextBlock) {
        let mut block = block.clone();
        block.border = Stroke::Thin;
        block.size.get_or_insert(9.0);
        let family = block.face.unwrap_or(Family::Gothic);
        let mut area = self.text_area(&block, &block.text, family, Color::RED);
        area.fill = Some(Color(0xFF, 0xF6, 0xF2));
        self.filled.callouts.push(area.rect);
        self.filled.sheet.blocks.push(Block::Text { role: Role::Paragraph, area });
    }

    fn text_area(&mut self, block: &TextBlock, text: &str, family: Family, color: Color) -> Area {
        let page = &self.form.page;
        let x = block.x.unwrap_or(page.margin);
        let y = block.y.unwrap_or(self.cursor + block.above);
        let w = block.width.unwrap_or(page.width - page.margin - x);
        let size = block.size.unwrap_or(self.form.sizes.text);
        let em = size * MM_PER_PT;
        let pad = if block.border == Stroke::None { 0.0 } else { PAD };
        let room = w - 2.0 * pad;
        let broken = break_lines(text, family, room / em, block.hang);
        let leading = em * self.form.sizes.leading;
        let leading = match block.height {
            Some(h) if broken.len() > 1 => leading.min((h - 2.0 * PAD_Y) / broken.len() as f32),
            _ => leading,
        };
        let h = block.height.unwrap_or(leading * broken.len() as f32);
        if leading < em || em > h {
            self.filled.misfits.push((text.to_owned(), self.here));
        }
        let top = y + (h - leading * broken.len() as f32) / 2.0;
        let mut lines = Vec::new();
        for (i, (line, last)) in broken.iter().enumerate() {
            let indent = if i > 0 && !broken[i - 1].1 { block.hang * em } else { 0.0 };
            let inner = (x + pad + indent, room - indent);
            // Running text reaches both margins, but for the last line of a paragraph.
            let align = match block.align() {
                Align::Left if !*last => {
                    let gaps = line.chars().count().saturating_sub(1).max(1) as f32;
                    let spread = (inner.1 - width(line, family) * em) / gaps;
                    if spread <= MOST_SPREAD { Align::Justify } else { Align::Left }
                }
                align => align,
            };
            let baseline = baseline_in(top + leading * i as f32, leading, em);
            let style = Style {
                size,
                value_size: size,
                family,
                color,
                value_color: color,
                underline: block.underline(),
                align,
                valign: VAlign::Middle,
                smallest: size,
            };
            let pieces = linked(text, line, block.links());
            lines.push(set_line(&pieces, &style, size, inner, baseline));
        }
        let stroke = block.border;
        Area {
            rect: Rect { x, y, w, h },
            edges: Edges { top: stroke, right: stroke, bottom: stroke, left: stroke },
            fill: None,
            lines,
            marks: Vec::new(),
            field: None,
            is_made: false,
            align: block.align(),
            valign: VAlign::Middle,
        }
    }

    /// A grid is no table to a reader.
    fn table(&mut self, table: &'a Table, is_grid: bool) {
        let x = table.x.unwrap_or(self.form.page.margin);
        let y = table.y.unwrap_or(self.cursor + table.above);
        let block = self.filled.sheet.blocks.len();
        let mut rows: Vec<Vec<Cell>> = Vec::new();
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
                cells.push(Cell { areas, header: cell.value.header, rows, columns });
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

    pub fn cell(&mut self, cell: &Spanned<form::Cell>, rect: Rect, edges: Edges) -> Vec<Area> {
        let cell = &cell.value;
        let path = cell.field.as_ref().map(|field| &field.value);
        let value = path.zip(self.values).and_then(|(path, values)| {
            let holds =
                |when: &Expression| Sections::new(values, self.forms).holds_at(when, Some(path));
            let is_shown = cell.when.as_ref().is_none_or(|when| holds(&when.value));
            values.find(path).filter(|_| is_shown)
        });
        let color = colored(cell.color.as_deref());
        let style = Style {
            size: cell.size.unwrap_or(self.form.sizes.text),
            value_size: cell.value_size.unwrap_or(self.form.sizes.value),
            family: cell.face(),
            color,
            value_color: if self.is_example { Color::RED } else { color },
            underline: cell.underline(),
            align: cell.align(),
            valign: cell.valign(),
            smallest: cell.smallest.unwrap_or(self.form.sizes.smallest),
        };
        let area = Area {
            rect,
            edges,
            fill: cell.background.as_deref().and_then(Color::parse),
            lines: Vec::new(),
            marks: Vec::new(),
            field: path.map(FieldPath::to_string),
            is_made: path.is_none() && cell.is_filled(),
            align: cell.align(),
            valign: cell.valign(),
        };
        let mut areas = match path {
            Some(path) => self.field(cell, path, value, area, style),
            None => vec![self.unfielded(cell, area, &style)],
        };
        let is_empty =
            || areas.iter().flat_map(|area| &area.lines).all(|line| line.runs.is_empty());
        let is_struck = match (&cell.diagonal, self.values) {
            (Some(Diagonal::Always), _) => true,
            (Some(Diagonal::Empty), Some(_)) => value.is_none() && (path.is_some() || is_empty()),
            (Some(Diagonal::When(when)), Some(values)) => {
                Sections::new(values, self.forms).holds_at(&when.value, cell.item())
            }
            (None, _) | (_, None) => false,
        };
        if let Some(area) = areas.first_mut().filter(|_| is_struck) {
            let is_fixed = matches!(cell.diagonal, Some(Diagonal::Always));
            let color = if is_fixed { style.color } else { style.value_color };
            area.marks.push(Mark::Diagonal { rect, color });
        }
        areas
    }

    /// A cell with a field.
    fn field(
        &mut self,
        cell: &form::Cell,
        path: &FieldPath,
        value: Option<&Value>,
        mut area: Area,
        mut style: Style,
    ) -> Vec<Area> {
        let pad = cell.pad.unwrap_or(PAD);
        let color = style.value_color;
        let boxes = cell.boxes(self.forms.dictionary().get(path.key()));
        let in_boxes = (cell.show == Some(Show::Digits)).then_some(boxes);
        let part = cell.part.zip(value).map(|(part, value)| {
            let text = part.of_value(&value.data, &value.text, in_boxes)?;
            Some(Value { text, data: Data::Text, place: value.place.clone() })
        });
        let value = if let Some(part) = &part { part.as_ref() } else { value };
        match cell.show {
            Some(Show::Circle | Show::Tick) if self.is_on_paper() => {
                let is = cell.is.as_deref().unwrap_or_default();
                if value.is_some_and(|value| value.has(is)) {
                    area.marks.push(chosen(&area.rect, cell.show, color, is));
                }
            }
            Some(Show::Circle) => {
                let text = cell.text.as_deref().unwrap_or("");
                self.printed(&mut area, text, cell, &style);
                let chosen: &[String] = match value.map(|value| &value.data) {
                    Some(Data::Choices(all)) => all,
                    _ => value.map_or(&[], |value| std::slice::from_ref(&value.text)),
                };
                // Forms often print the first character of an era alone.
                let short = |word: &String| {
                    let first = word.chars().next().filter(|_| cell.part == Some(Part::Era))?;
                    circle(&area.lines, &first.to_string(), color)
                };
                let ring = |word: &String| circle(&area.lines, word, color).or_else(|| short(word));
                let circles: Vec<Mark> = chosen.iter().filter_map(ring).collect();
                area.marks.extend(circles);
            }
            Some(Show::Tick) => {
                let is = cell.is.as_deref().unwrap_or_default();
                let ticked = value.is_some_and(|value| value.has(is));
                let text = Tick::from(ticked).text().to_owned();
                let piece = Piece { value: ticked, ..Piece::label(text) };
                style.align = Align::Center;
                area.align = Align::Center;
                let size = style.value_size;
                area.lines = vec![place_line(&[piece], &style, size, &area.rect, 0.0)];
            }
            Some(Show::Digits) => {
                let text = value.map_or("", |value| &value.text);
                let all =
                    digit_boxes(&area, boxes, cell.box_width, text, &style, !self.is_on_paper());
                let em = style.value_size * MM_PER_PT;
                let narrow = |area: &Area| width("0", style.family) * em > area.rect.w;
                let mut digits = all.iter().filter(|area| area.field.is_some());
                let last = digits.clone().next_back().map_or(0.0, |area| area.rect.right());
                if em > area.rect.h || digits.any(narrow) || last > area.rect.right() + 0.01 {
                    self.filled.misfits.push(("0".repeat(boxes), self.here));
                }
                return all;
            }
            show => {
                let pieces = self.pieces(cell, show, path, value);
                self.fitted(&mut area, pieces, path.key(), value, &style, pad);
            }
        }
        vec![area]
    }

    /// A cell without a field: what the form prints, which may be made of values.
    fn unfielded(&mut self, cell: &form::Cell, mut area: Area, style: &Style) -> Area {
        let pad = cell.pad.unwrap_or(PAD);
        let text = &*self.numbered(cell.text.as_deref().unwrap_or(""));
        let filled = |template: &expr::Template| {
            let sections = self.values.map(|values| Sections::new(values, self.forms));
            match (template.expressions().next(), sections) {
                (Some(_), None) => None,
                (_, Some(sections)) => template.fill(&sections.scope_at(cell.item())),
                (None, None) => {
                    template.fill(&Sections::new(&Values::default(), self.forms).scope())
                }
            }
        };
        if let Some(picture) = &cell.picture {
            let mark = looks::picture(&area, picture, pad);
            if mark.as_ref().is_some_and(|mark| !looks::is_inside(&mark.rect(), &area.rect)) {
                self.filled.misfits.push((picture.file.value.clone(), self.here));
            }
            area.marks.extend(mark);
        } else if let Some(code) = &cell.code {
            if let Some(text) = filled(&code.text)
                && let Err(fault) = looks::code(&mut area, code, &text, style, pad)
            {
                self.not_coded(cell, &fault.message(&text));
            }
        } else if let Some(diameter) = cell.seal {
            let rect = looks::seal(&mut area, text, style, diameter, pad);
            if !looks::is_inside(&rect, &area.rect) {
                self.filled.misfits.push((text.to_owned(), self.here));
            }
        } else if cell.vertical() {
            match columns(text, style, &area.rect, pad) {
                Some(columns) => area.lines = columns,
                None => self.filled.misfits.push((text.to_owned(), self.here)),
            }
        } else if let Some(template) = &cell.template {
            let text = filled(template);
            let value = text.map(|text| Value { text, data: Data::Text, place: None });
            let piece = match &value {
                Some(value) => Piece::value(&*value.text, 0.0),
                None => Piece::label(cell.blank()),
            };
            let mut pieces = vec![Piece::label(cell.before()), piece, Piece::label(cell.after())];
            pieces.retain(|piece| !piece.text.is_empty());
            let key = first_key(cell);
            self.fitted(&mut area, pieces, &key, value.as_ref(), style, pad);
        } else {
            self.printed(&mut area, text, cell, style);
        }
        area
    }

    /// A text that is not drawn as a code.
    fn not_coded(&mut self, cell: &form::Cell, (message, hint): &(Text, Text)) {
        let fault = Diagnostic::error("fit", message.clone()).with_hint(hint.clone());
        let fault = fault.with_form(&self.form.id).with_field(first_key(cell));
        self.filled.faults.push((fault, self.here));
    }

    /// Text that the form itself prints: at its size, over as many lines as it needs.
    fn printed(&mut self, area: &mut Area, text: &str, cell: &form::Cell, style: &Style) {
        if text.is_empty() {
            return;
        }
        let pad = cell.pad.unwrap_or(PAD);
        let em = style.size * MM_PER_PT;
        let room = area.rect.w - 2.0 * pad;
        let broken = break_lines(text, style.family, room / em, 0.0);
        let leading = em * VALUE_LEADING;
        let needed = if broken.len() == 1 { em } else { leading * broken.len() as f32 };
        if needed > area.rect.h + 0.01
            || (broken.len() == 1 && width(text, style.family) * em > room + 0.01)
        {
            self.filled.misfits.push((text.to_owned(), self.here));
        }
        let lines: Vec<Vec<Piece>> =
            broken.into_iter().map(|(line, _)| linked(text, line, cell.links())).collect();
        area.lines = place_lines(&lines, style, style.size, &area.rect, pad);
    }

    /// What stands in a field's cell: the value between what the form prints around it.
    fn pieces(
        &self,
        cell: &form::Cell,
        show: Option<Show>,
        path: &FieldPath,
        value: Option<&Value>,
    ) -> Vec<Piece> {
        let around = |inside: Vec<Piece>| {
            let mut pieces = vec![Piece::label(&*self.numbered(cell.before()))];
            pieces.extend(inside);
            pieces.push(Piece::label(&*self.numbered(cell.after())));
            pieces.retain(|piece| !piece.text.is_empty() || piece.slot > 0.0);
            pieces
        };
        let month_only = self
            .forms
            .dictionary()
            .get(path.key())
            .is_some_and(|field| field.kind == Kind::YearMonth);
        let part = |number: Option<String>, slot: f32, unit: &str| {
            [Piece::value(number.unwrap_or_default(), slot), Piece::label(unit)]
        };
        let date = |era: &str, year: Option<String>, month: Option<i8>, day: Option<i8>| {
            let slot = if era == "令和" { 2.0 } else { 3.0 };
            let mut pieces = vec![Piece::label(era)];
            pieces.extend(part(year, slot, "年"));
            pieces.extend(part(month.map(|m| m.to_string()), 2.0, "月"));
            if !month_only {
                pieces.extend(part(day.map(|d| d.to_string()), 2.0, "日"));
            }
            pieces
        };
        match (show, value.map(|v| &v.data)) {
            (Some(Show::Reiwa), Some(Data::Date(day))) => around(date(
                "令和",
                // A day before Reiwa is refused by the check.
                reiwa_year(*day).map(reiwa_year_text),
                Some(day.month()),
                Some(day.day()),
            )),
            (Some(Show::Reiwa), _) => around(date("令和", None, None, None)),
            (Some(Show::Western), Some(Data::Date(day))) => around(date(
                "西暦",
                Some(day.year().to_string()),
                Some(day.month()),
                Some(day.day()),
            )),
            (Some(Show::Western), Some(Data::YearMonth(month))) => {
                around(date("西暦", Some(month.year.to_string()), Some(month.month), None))
            }
            (Some(Show::Western), _) => around(date("西暦", None, None, None)),
            (Some(Show::Day), value) => {
                let day = match value {
                    Some(Data::Date(day)) => Some(*day),
                    _ => None,
                };
                let number = |part: fn(&Date) -> String| day.as_ref().map(part);
                let mut pieces = Vec::new();
                pieces.extend(part(number(|d| d.year().to_string()), 2.0, "年"));
                pieces.extend(part(number(|d| d.month().to_string()), 1.0, "月"));
                pieces.extend(part(number(|d| d.day().to_string()), 1.0, "日"));
                pieces.push(Piece::label("（"));
                pieces.push(Piece::value(day.map_or("", weekday_name), 1.0));
                pieces.push(Piece::label("）"));
                around(pieces)
            }
            (Some(Show::Commas), Some(Data::Integer(number))) => {
                around(vec![Piece::value(commas(*number), 0.0)])
            }
            (Some(Show::Kanji), Some(Data::Integer(number))) => {
                around(vec![Piece::value(kanji(*number), 0.0)])
            }
            _ => match value.map(|value| value.text.as_str()) {
                Some(text) => {
                    // A value that stands for words, such as 有 for true.
                    around(vec![Piece::value(cell.words(text), 0.0)])
                }
                None => around(vec![Piece::label(&*self.numbered(cell.blank()))]),
            },
        }
    }

    /// A value in its cell: on one line down to nine tenths of its size, then on two lines, then
    /// smaller down to the smallest size, then an error.
    fn fitted(
        &mut self,
        area: &mut Area,
        pieces: Vec<Piece>,
        key: &str,
        value: Option<&Value>,
        style: &Style,
        pad: f32,
    ) {
        let rect = area.rect;
        let multi = pieces.iter().any(|piece| piece.value && piece.text.contains('\n'));
        let (mut labels, mut values) = (0.0, 0.0);
        for piece in &pieces {
            let em = width(&piece.text, style.family).max(piece.slot);
            *(if piece.value { &mut values } else { &mut labels }) += em;
        }
        let left = rect.w - 2.0 * pad - labels * style.size * MM_PER_PT;
        if labels > 0.0 && style.size * MM_PER_PT > rect.h {
            let text = pieces.iter().map(|p| p.text.as_str()).collect();
            self.filled.misfits.push((text, self.here));
        }
        // A tenth of a point below what would just fit.
        let fitting =
            if values > 0.0 { (left / values / MM_PER_PT * 10.0).floor() / 10.0 } else { f32::MAX };
        let smallest = style.smallest.min(style.value_size);
        // Not higher than its cell either.
        let fitting = fitting.min(rect.h / MM_PER_PT).min(style.value_size);
        let fits = left >= 0.0 && fitting >= smallest && !multi;
        // What is printed may be other words than the value.
        let printed = pieces.iter().find(|piece| piece.value).map(|piece| piece.text.as_str());
        let on_lines = match printed.filter(|_| value.is_some()) {
            Some(printed) if !(fits && fitting >= style.value_size * NEARLY) => {
                let is_address = self
                    .forms
                    .dictionary()
                    .get(key)
                    .is_some_and(|field| field.kind.ways().is_address());
                on_lines(&pieces, printed, style, &rect, left, is_address)
            }
            _ => None,
        };
        match (on_lines, value) {
            (Some((size, lines)), _) if !fits || size > fitting => {
                area.lines = place_lines(&around_lines(&pieces, &lines), style, size, &rect, pad);
            }
            _ if fits => area.lines = vec![place_line(&pieces, style, fitting, &rect, pad)],
            (_, Some(value)) => {
                let lines = lines_of_height(&pieces, style, smallest, &rect);
                self.misfit(key, value, left, lines, smallest);
            }
            (_, None) => {
                let text = pieces.iter().map(|p| p.text.as_str()).collect();
                self.filled.misfits.push((text, self.here));
            }
        }
    }

    /// A value that fits not even over so many `lines`, each with `room` mm.
    fn misfit(&mut self, key: &str, value: &Value, room: f32, lines: usize, smallest: f32) {
        let em = smallest * MM_PER_PT;
        let lines = lines.max(1);
        let most = ((room / em) as usize).saturating_mul(lines);
        let count = value.text.chars().count();
        let label = self.forms.dictionary().label(key);
        let name = self.form.short_name();
        let message = Text::new(
            format!(
                "{}（{count} 文字）は、{smallest} ポイントの {lines} 行にしても{name}の欄に入りません",
                label.ja
            ),
            format!(
                "{} ({count} characters) does not fit its box on {name}, even on {lines} line(s) at {smallest} pt",
                label.en
            ),
        );
        let hint = Text::new(
            format!(
                "全角で約 {most} 文字まで入ります。改行や空白を除くか、短い書き方にしてください"
            ),
            format!("about {most} full-width characters fit: shorten it"),
        );
        // What the 記載例 says stands in no record.
        let place = value.place.clone().filter(|_| !self.is_example);
        let fault = Diagnostic::error("fit", message).with_form(&self.form.id);
        let fault = fault.with_field(key).with_hint(hint).at(place);
        self.filled.faults.push((fault, self.here));
    }
}

/// What is chosen of what stands in a box of a paper: an ellipse fills the box, a tick as much of it as is
/// square.
fn chosen(rect: &Rect, show: Option<Show>, color: Color, text: &str) -> Mark {
    let text = text.to_owned();
    if show != Some(Show::Tick) {
        return Mark::Chosen { rect: *rect, sign: Sign::Circle, color, text };
    }
    let side = rect.w.min(rect.h);
    let (x, y) = (rect.x + (rect.w - side) / 2.0, rect.y + (rect.h - side) / 2.0);
    Mark::Chosen { rect: Rect { x, y, w: side, h: side }, sign: Sign::Tick, color, text }
}

/// A colour as the definition has it; black when it has none.
fn colored(color: Option<&str>) -> Color {
    color.and_then(Color::parse).unwrap_or(Color::BLACK)
}

/// The first field that what a cell prints is made of.
fn first_key(cell: &form::Cell) -> String {
    cell.expressions().flat_map(Expression::keys).next().cloned().unwrap_or_default()
}

/// How many lines of values of `size` pt fit in the height of a box.
fn lines_of_height(pieces: &[Piece], style: &Style, size: f32, rect: &Rect) -> usize {
    let high = tallest(pieces, style, size) * MM_PER_PT;
    let gap = high * (VALUE_LEADING - 1.0);
    (((rect.h - PAD_Y + gap) / (high + gap)) as usize).min(VALUE_LINES)
}

/// The largest size in pt at which a value fits on several lines, each with `room` mm, and the lines.
fn on_lines<'t>(
    pieces: &[Piece],
    text: &'t str,
    style: &Style,
    rect: &Rect,
    room: f32,
    is_address: bool,
) -> Option<(f32, Vec<&'t str>)> {
    // The parts of a date stay together.
    if pieces.iter().any(|piece| piece.slot > 0.0) {
        return None;
    }
    let whole = width(text, style.family);
    let smallest = style.smallest.min(style.value_size);
    let steps = ((style.value_size - smallest) * 10.0).ceil().max(0.0) as usize;
    let sizes = (0..=steps).map(|step| (style.value_size - step as f32 / 10.0).max(smallest));
    sizes
        .filter_map(|size| {
            let em = size * MM_PER_PT;
            let lines = lines_of_height(pieces, style, size, rect);
            // What is far too long need not be broken to know it.
            if room < em || whole > lines as f32 * room / em {
                return None;
            }
            let broken = match is_address {
                true => break_address(text, style.family, room / em),
                false => break_evenly(text, style.family, room / em),
            };
            (broken.len() <= lines).then_some((size, broken))
        })
        .next()
}

/// Lines of a value with what the form prints before it on the first and after it on the last.
fn around_lines(pieces: &[Piece], lines: &[&str]) -> Vec<Vec<Piece>> {
    let last = lines.len().saturating_sub(1);
    // A value without a slot is the only value among its pieces.
    let at = pieces.iter().position(|piece| piece.value).unwrap_or(0);
    let line = |(i, line): (usize, &&str)| {
        let before = if i == 0 { &pieces[..at] } else { &[] };
        let after = if i == last { &pieces[at + 1..] } else { &[] };
        let value = [Piece::value(*line, 0.0)];
        before.iter().chain(&value).chain(after).cloned().collect()
    };
    lines.iter().enumerate().map(line).collect()
}

#[cfg(test)]
mod tests;
