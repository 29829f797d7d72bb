//! Form + values → Sheet: every block at its place, every text fitted.

use serde_saphyr::{Location, Spanned};

use super::text::{break_evenly, break_lines, is_tick, width};
use super::{
    Align, Area, Block, Cell, Color, Edges, Line, MM_PER_PT, Mark, Rect, Role, Run, Sheet, Stroke,
    TextLine, VAlign, grid,
};
use crate::calendar::{Date, reiwa_year, reiwa_year_text, weekday_name};
use crate::check::{Diagnostic, Report, Text, example_values};
use crate::font::{Family, ascent_em};
use crate::form::{self, FieldPath, Form, Forms, Kind, Show, Table, TextBlock};
use crate::record::{Data, Value, Values};

/// Space between a border and text, left and right, in mm.
const PAD: f32 = 1.5;
/// Space between a border and text, above and below, in mm.
const PAD_Y: f32 = 0.4;
/// Line height of values that are broken over lines, in sizes.
const VALUE_LEADING: f32 = 1.2;
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
/// use onshi::sheet::{Mode, fill};
/// let forms = Forms::built_in();
/// let (sheet, report) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
/// assert_eq!((sheet.width, sheet.height), (210.0, 297.0));
/// assert_eq!(report.errors(), 0);
/// ```
pub fn fill(form: &Form, mode: Mode<'_>, forms: &Forms) -> (Sheet, Report) {
    let filled = lay_out(form, mode, forms);
    let mut report = Report::default();
    filled.faults.into_iter().for_each(|(fault, _)| report.push(fault));
    (filled.sheet, report)
}

/// What layout finds: the sheet, what does not fit, and for lint where each area comes from.
pub(crate) struct Filled {
    pub sheet: Sheet,
    /// What is wrong with the values, with the cell of the definition each would stand in.
    pub faults: Vec<(Diagnostic, Location)>,
    /// Every area but the callouts', with its place in the definition.
    pub areas: Vec<(Rect, Location)>,
    /// The callouts' areas.
    pub callouts: Vec<Rect>,
    /// Printed text that does not fit its box.
    pub misfits: Vec<(String, Location)>,
}

pub(crate) fn lay_out(form: &Form, mode: Mode<'_>, forms: &Forms) -> Filled {
    let example;
    let values = match mode {
        Mode::Blank => None,
        Mode::Filled(values) => Some(values),
        Mode::Example => {
            example = example_values(&form.example.record, forms);
            Some(&example)
        }
    };
    let is_example = matches!(mode, Mode::Example);
    let name = values.filter(|_| !is_example).and_then(|v| v.get("facility.name"));
    let title = match name {
        Some(name) => format!("{} {}", form.title.ja, name.text),
        None => form.title.ja.clone(),
    };
    let mut layout = Layout {
        form,
        forms,
        values,
        is_example,
        cursor: 0.0,
        here: Location::UNKNOWN,
        filled: Filled {
            sheet: Sheet {
                form: form.id.clone(),
                title,
                width: form.page.width,
                height: form.page.height,
                blocks: Vec::new(),
            },
            faults: Vec::new(),
            areas: Vec::new(),
            callouts: Vec::new(),
            misfits: Vec::new(),
        },
    };
    for block in &form.body {
        layout.here = block.referenced;
        layout.block(&block.value);
    }
    if is_example {
        for callout in &form.example.callouts {
            layout.callout(callout);
        }
    }
    layout.filled
}

struct Layout<'a> {
    form: &'a Form,
    forms: &'a Forms,
    values: Option<&'a Values>,
    is_example: bool,
    /// The bottom of the block before, in mm.
    cursor: f32,
    /// The block or cell of the definition being laid out.
    here: Location,
    filled: Filled,
}

/// A piece of a line before it has its place.
#[derive(Clone)]
struct Piece {
    text: String,
    value: bool,
    /// At least this wide in em, the text centred; 0 for as wide as the text.
    slot: f32,
}

impl Piece {
    fn label(text: impl Into<String>) -> Self {
        Piece { text: text.into(), value: false, slot: 0.0 }
    }

    fn value(text: impl Into<String>, slot: f32) -> Self {
        Piece { text: text.into(), value: true, slot }
    }
}

/// How the text of an area is set.
struct Style {
    size: f32,
    value_size: f32,
    family: Family,
    color: Color,
    value_color: Color,
    align: Align,
    valign: VAlign,
    /// The smallest size of values.
    smallest: f32,
}

impl Layout<'_> {
    fn block(&mut self, block: &form::Block) {
        match block {
            form::Block::Title(text) => self.text(text, Role::Title, Family::Bold),
            form::Block::Heading(text) => self.text(text, Role::Heading, Family::Bold),
            form::Block::Text(text) => self.text(text, Role::Paragraph, Family::Mincho),
            form::Block::Table(table) => self.table(table),
            form::Block::Rule(rule) => {
                let x = rule.x.unwrap_or(self.form.page.margin);
                let y = rule.y.unwrap_or(self.cursor + rule.above);
                let w = rule.width.unwrap_or(self.form.page.width - self.form.page.margin - x);
                let line = Line { x1: x, y1: y, x2: x + w, y2: y, stroke: rule.stroke };
                self.filled.areas.push((Rect { x, y, w, h: 0.0 }, self.here));
                self.filled.sheet.blocks.push(Block::Rule { line });
                self.cursor = y;
            }
        }
    }

    fn text(&mut self, block: &TextBlock, role: Role, family: Family) {
        let text = match &block.example {
            Some(example) if self.is_example => example,
            _ => &block.text,
        };
        let area = self.text_area(block, text, block.face.unwrap_or(family), Color::BLACK);
        self.cursor = area.rect.bottom();
        self.filled.areas.push((area.rect, self.here));
        self.filled.sheet.blocks.push(Block::Text { role, area });
    }

    fn callout(&mut self, block: &TextBlock) {
        let block =
            TextBlock { border: Stroke::Thin, size: block.size.or(Some(9.0)), ..block.clone() };
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
        let size = block.size.unwrap_or(self.form.text.size);
        let em = size * MM_PER_PT;
        let pad = if block.border == Stroke::None { 0.0 } else { PAD };
        let room = w - 2.0 * pad;
        let broken = break_lines(text, family, room / em, block.hang);
        let leading = em * self.form.text.leading;
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
            let align = match block.align {
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
                align,
                valign: VAlign::Middle,
                smallest: size,
            };
            lines.push(set_line(&[Piece::label(*line)], &style, size, inner, baseline));
        }
        let stroke = block.border;
        Area {
            rect: Rect { x, y, w, h },
            edges: Edges { top: stroke, right: stroke, bottom: stroke, left: stroke },
            fill: None,
            lines,
            marks: Vec::new(),
            field: None,
            align: block.align,
            valign: VAlign::Middle,
        }
    }

    fn table(&mut self, table: &Table) {
        let x = table.x.unwrap_or(self.form.page.margin);
        let y = table.y.unwrap_or(self.cursor + table.above);
        let mut rows = Vec::new();
        for placed in grid::place(table, x, y) {
            let cells = placed.into_iter().map(|placed| {
                self.here = placed.cell.referenced;
                let areas = self.cell(placed.cell, placed.rect, placed.edges);
                self.filled.areas.push((placed.rect, self.here));
                Cell {
                    areas,
                    header: placed.cell.value.header,
                    rows: placed.rows,
                    columns: placed.columns,
                }
            });
            rows.push(cells.collect::<Vec<_>>());
        }
        self.filled.sheet.blocks.push(if table.layout {
            Block::Group(rows.into_iter().flatten().collect())
        } else {
            Block::Table { rows }
        });
        self.cursor = y + grid::height(table);
    }

    fn cell(&mut self, cell: &Spanned<form::Cell>, rect: Rect, edges: Edges) -> Vec<Area> {
        let cell = &cell.value;
        let path = cell.field.as_ref().and_then(|field| FieldPath::parse(&field.value));
        let value = path.as_ref().and_then(|path| {
            let shown = cell.when.as_ref().is_none_or(|when| {
                self.values.is_some_and(|values| values.get(&when.value).is_some())
            });
            self.values.filter(|_| shown)?.find(path)
        });
        let color = if self.is_example { Color::RED } else { Color::BLACK };
        let mut style = Style {
            size: cell.size.unwrap_or(self.form.text.size),
            value_size: cell.value_size.unwrap_or(self.form.text.value_size),
            family: cell.face,
            color: Color::BLACK,
            value_color: color,
            align: cell.align,
            valign: cell.valign,
            smallest: cell.smallest.unwrap_or(self.form.text.smallest),
        };
        let mut area = Area {
            rect,
            edges,
            fill: cell.fill.as_deref().and_then(Color::parse),
            lines: Vec::new(),
            marks: Vec::new(),
            field: cell.field.as_ref().map(|field| field.value.clone()),
            align: cell.align,
            valign: cell.valign,
        };
        let pad = cell.pad.unwrap_or(PAD);
        match (cell.show, &path) {
            (_, None) => self.printed(&mut area, cell.text.as_deref().unwrap_or(""), &style, pad),
            (Some(Show::Circle), Some(_)) => {
                let text = cell.text.as_deref().unwrap_or("");
                self.printed(&mut area, text, &style, pad);
                if let Some(value) = value {
                    area.marks.extend(circle(&area.lines, &value.text, color));
                }
            }
            (Some(Show::Tick), Some(_)) => {
                let ticked = value.is_some_and(|value| Some(&value.text) == cell.is.as_ref());
                let text = if ticked { "☑" } else { "☐" };
                let piece = Piece { text: text.to_owned(), value: ticked, slot: 0.0 };
                style.align = Align::Center;
                area.align = Align::Center;
                let size = style.value_size;
                area.lines = vec![place_line(&[piece], &style, size, &rect, 0.0)];
            }
            (Some(Show::Digits), Some(_)) => {
                return digit_boxes(&area, cell, value.map_or("", |v| &v.text), &style);
            }
            (show, Some(path)) => {
                let pieces = self.pieces(cell, show, path, value);
                self.fitted(&mut area, pieces, path, value, &style, pad);
            }
        }
        vec![area]
    }

    /// Text that the form itself prints: at its size, over as many lines as it needs.
    fn printed(&mut self, area: &mut Area, text: &str, style: &Style, pad: f32) {
        if text.is_empty() {
            return;
        }
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
            broken.into_iter().map(|(line, _)| vec![Piece::label(line)]).collect();
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
            let mut pieces = vec![Piece::label(&*cell.before)];
            pieces.extend(inside);
            pieces.push(Piece::label(&*cell.after));
            pieces.retain(|piece| !piece.text.is_empty() || piece.slot > 0.0);
            pieces
        };
        let month_only = self
            .forms
            .dictionary()
            .get(&path.key())
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
            _ => match value {
                Some(value) => around(vec![Piece::value(&*value.text, 0.0)]),
                None => around(vec![Piece::label(&*cell.blank)]),
            },
        }
    }

    /// A value in its cell: smaller down to the smallest size, then over two lines, then an error.
    fn fitted(
        &mut self,
        area: &mut Area,
        pieces: Vec<Piece>,
        path: &FieldPath,
        value: Option<&Value>,
        style: &Style,
        pad: f32,
    ) {
        let rect = area.rect;
        let room = rect.w - 2.0 * pad;
        let multi = pieces.iter().any(|piece| piece.value && piece.text.contains('\n'));
        let (mut labels, mut values) = (0.0, 0.0);
        for piece in &pieces {
            let em = width(&piece.text, style.family).max(piece.slot);
            *(if piece.value { &mut values } else { &mut labels }) += em;
        }
        let left = room - labels * style.size * MM_PER_PT;
        // A tenth of a point below what would just fit.
        let fitting =
            if values > 0.0 { (left / values / MM_PER_PT * 10.0).floor() / 10.0 } else { f32::MAX };
        let smallest = style.smallest.min(style.value_size);
        // Not higher than its cell either.
        let fitting = fitting.min(rect.h / MM_PER_PT);
        if left >= 0.0 && fitting >= smallest && !multi {
            let size = fitting.min(style.value_size);
            area.lines = vec![place_line(&pieces, style, size, &rect, pad)];
            return;
        }
        let Some(value) = value else {
            let text = pieces.iter().map(|p| p.text.as_str()).collect();
            self.filled.misfits.push((text, self.here));
            return;
        };
        // Broken over lines: what the form prints before it stays on the first line.
        let em = smallest * MM_PER_PT;
        // The parts of a date stay together, and what is far too long need not be broken to know it.
        let slotted = pieces.iter().any(|piece| piece.slot > 0.0);
        if slotted || width(&value.text, style.family) > VALUE_LINES as f32 * left / em {
            self.misfit(path, value, left, rect.h, smallest);
            return;
        }
        let broken = break_evenly(&value.text, style.family, left / em);
        let high = em * VALUE_LEADING * broken.len() as f32 - em * (VALUE_LEADING - 1.0);
        if broken.len() > VALUE_LINES || high > rect.h - PAD_Y || left < em {
            self.misfit(path, value, left, rect.h, smallest);
            return;
        }
        let last = broken.len() - 1;
        // A value without a slot is the only value among its pieces.
        let at = pieces.iter().position(|piece| piece.value).unwrap_or(0);
        let lines: Vec<Vec<Piece>> = broken
            .iter()
            .enumerate()
            .map(|(i, line)| {
                let before = if i == 0 { &pieces[..at] } else { &[] };
                let after = if i == last { &pieces[at + 1..] } else { &[] };
                let value = [Piece::value(*line, 0.0)];
                before.iter().chain(&value).chain(after).cloned().collect()
            })
            .collect();
        area.lines = place_lines(&lines, style, smallest, &rect, pad);
    }

    fn misfit(&mut self, path: &FieldPath, value: &Value, room: f32, height: f32, smallest: f32) {
        let key = path.key();
        let em = smallest * MM_PER_PT;
        let lines = (((height - PAD_Y) / (em * VALUE_LEADING)) as usize).clamp(1, VALUE_LINES);
        let most = ((room / em) as usize).saturating_mul(lines);
        let count = value.text.chars().count();
        let label = self.forms.dictionary().label(&key);
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

/// A box a digit.
fn digit_boxes(area: &Area, cell: &form::Cell, text: &str, style: &Style) -> Vec<Area> {
    // lint refuses digits without boxes.
    let count = cell.boxes.unwrap_or(1);
    let w = cell.r#box.unwrap_or(area.rect.w / count as f32);
    let mut digits = text.chars();
    (0..count)
        .map(|i| {
            let rect = Rect { x: area.rect.x + w * i as f32, w, ..area.rect };
            let style = Style { align: Align::Center, ..*style };
            let line = digits.next().map(|digit| {
                place_line(&[Piece::value(digit, 0.0)], &style, style.value_size, &rect, 0.0)
            });
            let thin = Stroke::Thin;
            Area {
                rect,
                edges: Edges { top: thin, right: thin, bottom: thin, left: thin },
                lines: line.into_iter().collect(),
                align: Align::Center,
                ..area.clone()
            }
        })
        .collect()
}

/// An ellipse round the first place where `word` stands.
fn circle(lines: &[TextLine], word: &str, color: Color) -> Option<Mark> {
    let runs = lines.iter().flat_map(|line| &line.runs);
    let (run, start) = runs.filter_map(|run| Some((run, run.text.find(word)?))).next()?;
    let em = run.size * MM_PER_PT;
    let x = run.x + width(&run.text[..start], run.family) * em;
    let w = width(word, run.family) * em;
    let (left, above) = (0.45 * em, 0.3 * em);
    let rect = Rect {
        x: x - left,
        y: run.baseline - ascent_em() * em - above,
        w: w + 2.0 * left,
        h: em + 2.0 * above,
    };
    Some(Mark::Circle { rect, color, word: word.to_owned() })
}

fn place_line(pieces: &[Piece], style: &Style, value_size: f32, rect: &Rect, pad: f32) -> TextLine {
    let inner = (rect.x + pad, rect.w - 2.0 * pad);
    let size = tallest(pieces, style, value_size);
    set_line(pieces, style, value_size, inner, baseline_of(rect, style.valign, size, 1, 0))
}

fn place_lines(
    lines: &[Vec<Piece>],
    style: &Style,
    value_size: f32,
    rect: &Rect,
    pad: f32,
) -> Vec<TextLine> {
    let inner = (rect.x + pad, rect.w - 2.0 * pad);
    let size = lines.iter().map(|l| tallest(l, style, value_size)).fold(0.0, f32::max);
    let place = |(i, line): (usize, &Vec<Piece>)| {
        let baseline = baseline_of(rect, style.valign, size, lines.len(), i);
        set_line(line, style, value_size, inner, baseline)
    };
    lines.iter().enumerate().map(place).collect()
}

fn tallest(pieces: &[Piece], style: &Style, value_size: f32) -> f32 {
    let size = |piece: &Piece| if piece.value { value_size } else { style.size };
    pieces.iter().map(size).fold(0.0, f32::max)
}

/// The baseline of text of `em` mm in a line of height `leading` from `top`.
fn baseline_in(top: f32, leading: f32, em: f32) -> f32 {
    top + (leading - em) / 2.0 + ascent_em() * em
}

fn baseline_of(rect: &Rect, valign: VAlign, size: f32, lines: usize, line: usize) -> f32 {
    let em = size * MM_PER_PT;
    let leading = if lines > 1 { em * VALUE_LEADING } else { em };
    let total = leading * (lines - 1) as f32 + em;
    let top = match valign {
        VAlign::Top => rect.y + PAD_Y,
        VAlign::Middle => rect.y + (rect.h - total) / 2.0,
        VAlign::Bottom => rect.bottom() - PAD_Y - total,
    };
    top + leading * line as f32 + ascent_em() * em
}

/// Pieces side by side on one baseline, `inner` being left edge and width in mm.
fn set_line(
    pieces: &[Piece],
    style: &Style,
    value_size: f32,
    inner: (f32, f32),
    baseline: f32,
) -> TextLine {
    let (left, room) = inner;
    let size = |piece: &Piece| if piece.value { value_size } else { style.size };
    let natural =
        |piece: &Piece| width(&piece.text, style.family).max(piece.slot) * size(piece) * MM_PER_PT;
    let total: f32 = pieces.iter().map(natural).sum();
    let characters: usize = pieces.iter().map(|p| clusters(&p.text)).sum();
    let spread = match style.align {
        Align::Justify if characters > 1 && total < room => {
            (room - total) / (characters - 1) as f32
        }
        _ => 0.0,
    };
    let mut x = match style.align {
        Align::Left | Align::Justify => left,
        Align::Center => left + (room - total) / 2.0,
        Align::Right => left + room - total,
    };
    let mut runs = Vec::new();
    for piece in pieces {
        let full = natural(piece);
        let em = size(piece) * MM_PER_PT;
        let mut at = x + (full - width(&piece.text, style.family) * em) / 2.0;
        for part in split_ticks(&piece.text) {
            let gaps = clusters(part) as f32;
            let w = width(part, style.family) * em;
            runs.push(Run {
                text: part.to_owned(),
                x: at,
                baseline,
                width: w + spread * (gaps - 1.0),
                size: size(piece),
                family: style.family,
                spread,
                color: if piece.value { style.value_color } else { style.color },
                value: piece.value,
            });
            at += w + spread * gaps;
        }
        x += full + spread * clusters(&piece.text) as f32;
    }
    TextLine { runs }
}

/// Text cut so that every tick box is a part of its own.
fn split_ticks(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (i, c) in text.char_indices().filter(|(_, c)| is_tick(*c)) {
        parts.extend([&text[start..i], &text[i..i + c.len_utf8()]]);
        start = i + c.len_utf8();
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// How many characters stand side by side, variation selectors not counted.
fn clusters(text: &str) -> usize {
    crate::font::shape(text, Family::Mincho).glyphs.len()
}
