//! A cell: what the form prints in it, a value, a mark, a picture or a code.

use std::iter;

use super::fill::Layout;
use super::line::{
    PAD, Piece, Style, VALUE_LEADING, circle, columns, digit_boxes, place_line, place_lines,
};
use super::link::linked;
use super::looks;
use super::number::{commas, kanji};
use super::text::{break_lines, width};
use crate::calendar::{Date, reiwa_year, reiwa_year_text, weekday_name};
use crate::expr::{self, Expression};
use crate::form::{self, Diagonal, Kind, Part, Show};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Text};
use crate::sheet::{Align, Area, Color, Edges, MM_PER_PT, Mark, Rect, Sign, Tick};
use crate::values::{Data, Sections, Value, Values, shown};
use crate::yaml::Spanned;

impl Layout<'_, '_> {
    pub(super) fn cell(
        &mut self,
        cell: &Spanned<form::Cell>,
        rect: Rect,
        edges: Edges,
    ) -> Vec<Area> {
        let cell = &cell.value;
        let path = cell.field.as_ref().map(|field| &field.value);
        let filled = path.zip(self.sections.as_ref());
        let value = filled.and_then(|(path, sections)| shown(cell, path, sections));
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
        let is_struck = match (&cell.diagonal, &self.sections) {
            (Some(Diagonal::Always), _) => true,
            (Some(Diagonal::Empty), Some(_)) => value.is_none() && (path.is_some() || is_empty()),
            (Some(Diagonal::When(when)), Some(sections)) => {
                sections.holds_at(&when.value, cell.item())
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
        let described = self.forms.dictionary().get(path.key());
        let boxes = cell.boxes(described);
        let in_boxes = (cell.show == Some(Show::Digits)).then_some(boxes);
        let part = cell.part.zip(value).map(|(part, value)| {
            let text = part.of_value(described?.kind, &value.data, &value.text, in_boxes)?;
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
                    circle(&area.lines, &first.to_string(), iter::empty(), color)
                };
                let words = described.iter().flat_map(|field| &field.choices);
                let words = words.map(|choice| choice.value.as_str());
                let ring = |word: &String| {
                    circle(&area.lines, word, words.clone(), color).or_else(|| short(word))
                };
                for word in chosen {
                    match ring(word) {
                        Some(mark) => area.marks.push(mark),
                        // It stands alone nowhere, or is broken over two lines.
                        None => self.filled.misfits.push((word.clone(), self.here)),
                    }
                }
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
        let filled =
            |template: &expr::Template| match (template.expressions().next(), &self.sections) {
                (Some(_), None) => None,
                (_, Some(sections)) => template.fill(&sections.scope_at(cell.item())),
                (None, None) => {
                    template.fill(&Sections::new(&Values::default(), self.forms).scope())
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
}

/// What is chosen of what stands in a box of a paper: an ellipse fills the box, a tick as much of it as is
/// square.
pub(super) fn chosen(rect: &Rect, show: Option<Show>, color: Color, text: &str) -> Mark {
    let text = text.to_owned();
    if show != Some(Show::Tick) {
        return Mark::Chosen { rect: *rect, sign: Sign::Circle, color, text };
    }
    let side = rect.w.min(rect.h);
    let (x, y) = (rect.x + (rect.w - side) / 2.0, rect.y + (rect.h - side) / 2.0);
    Mark::Chosen { rect: Rect { x, y, w: side, h: side }, sign: Sign::Tick, color, text }
}

/// A colour as the definition has it; black when it has none.
pub(super) fn colored(color: Option<&str>) -> Color {
    color.and_then(Color::parse).unwrap_or(Color::BLACK)
}

/// The first field that what a cell prints is made of.
fn first_key(cell: &form::Cell) -> String {
    cell.expressions().flat_map(Expression::keys).next().cloned().unwrap_or_default()
}
