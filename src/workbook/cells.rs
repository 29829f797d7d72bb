//! Cells: text, values, fonts and borders.

use std::iter;

use rust_xlsxwriter::{Color as XlColor, Format, FormatAlign, FormatBorder, FormatDiagonalBorder};

use super::day::excel_date;
use super::look::{Look, rgb};
use super::marks::is_border;
use super::shared::Shared;
use crate::form::Show;
use crate::sheet::{Align, Area, MM_PER_PT, Mark, Run, Stroke, TextLine, VAlign};
use crate::table::range::Range;
use crate::workbook::{Calendar, Entry, Input, Written};

/// Behind cells in which something is entered.
pub(super) const YELLOW: u32 = 0xFF_FF_CC;
/// Behind cells in which somebody else enters something.
const GREY: u32 = 0xE4_E4_E4;
/// From this much room between a border and its text on, in mm, a space is left there.
const PAD: f32 = 1.0;
/// A cell at least this many lines high breaks its text instead of making it smaller.
const TALL: f32 = 2.4;

/// A box of the page: its cells, its text, and what can be entered in it.
pub(super) struct Piece<'a> {
    pub area: &'a Area,
    /// The lines of the area that stand in these cells.
    pub lines: &'a [TextLine],
    /// The entry and which of its boxes this is.
    pub entry: Option<(&'a Entry, usize)>,
    /// The cells of the box.
    pub range: Range,
    /// The cells of its text, where they are fewer.
    pub text: Range,
}

/// A box as cells: where they are, how they look, what is in them.
#[derive(Clone, PartialEq)]
pub(super) struct Boxed {
    /// The cells of the box.
    pub range: Range,
    /// The cells of its text, where they are fewer.
    pub text: Range,
    /// How they look, but for the lines round them.
    pub format: Format,
    pub content: Content,
    /// Where its text leads.
    pub link: Option<String>,
    /// Whether something is entered there.
    is_entry: bool,
}

impl Boxed {
    pub fn is_empty(&self) -> bool {
        self.content == Content::Nothing && !self.is_entry
    }
}

/// What a cell holds.
#[derive(Clone, PartialEq)]
pub(super) enum Content {
    Nothing,
    Text(String),
    Number(f64),
    Rich(Vec<(Format, String)>),
    /// What an earlier form has.
    Shown {
        formula: String,
        result: String,
    },
    /// The next of the page's values.
    Value,
}

/// A value in a cell.
pub(super) enum CellValue {
    Text(String),
    Number(f64),
}

/// Tells what is in the cells of a form.
pub(super) struct Cells<'s, 'a> {
    pub fill_in: bool,
    /// Whether the form is read back: what is filled in is a value then.
    pub is_mapped: bool,
    /// What shows what is typed in an earlier form.
    pub shared: &'s Shared<'a>,
}

impl Cells<'_, '_> {
    /// A box; its value, if it has one, is added to `values`.
    pub fn boxed(&self, piece: &Piece<'_>, values: &mut Vec<CellValue>) -> Boxed {
        let (content, format) = match piece.entry {
            Some((entry, index)) => self.entry(piece, entry, index),
            None => self.printed(piece),
        };
        let link = link(piece).map(str::to_owned);
        let is_filled = |line: &TextLine| line.runs.iter().any(|run| run.value);
        let varies = piece.entry.is_some() || piece.lines.iter().any(is_filled);
        let content = match content {
            Content::Text(text) if text.is_empty() => Content::Nothing,
            Content::Text(text) if varies && self.is_mapped && link.is_none() => {
                values.push(CellValue::Text(text));
                Content::Value
            }
            Content::Number(number) if varies && self.is_mapped => {
                values.push(CellValue::Number(number));
                Content::Value
            }
            content => content,
        };
        let is_entry = piece.entry.is_some();
        Boxed { range: piece.range, text: piece.text, format, content, link, is_entry }
    }

    /// What the form itself prints, or without entries the whole text of the cell.
    fn printed(&self, piece: &Piece<'_>) -> (Content, Format) {
        let area = piece.area;
        let lines: Vec<Vec<(Run, String)>> = piece.lines.iter().map(spaced).collect();
        let text = |line: &Vec<(Run, String)>| {
            line.iter().map(|(_, text)| text.as_str()).collect::<String>()
        };
        let all = lines.iter().map(text).collect::<Vec<_>>().join("\n");
        let Some(first) = piece.lines.iter().flat_map(|line| &line.runs).next() else {
            return (Content::Nothing, base(area, None));
        };
        let mut format = base(area, Some(Look::of(first)));
        let several = lines.len() > 1;
        format = if several {
            format.set_text_wrap()
        } else if area.align == Align::Justify || first.vertical {
            format
        } else {
            padded(format.set_shrink(), piece, vec!["@".to_owned()])
        };
        // Lines that reach the margin are spread over it, the last of a paragraph is not.
        if several && area.align == Align::Justify && !first.vertical {
            format = format.set_align(FormatAlign::Left);
        }
        let is_mixed = |run: &Run| Look::of(run) != Look::of(first);
        let mixed = piece.lines.iter().flat_map(|l| &l.runs).any(is_mixed);
        if !mixed {
            return (Content::Text(all), format);
        }
        let mut parts: Vec<(Format, String)> = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            for (run, text) in line.iter().filter(|(_, text)| !text.is_empty()) {
                parts.push((Look::of(run).font(Format::new()), text.clone()));
            }
            if let Some((_, text)) = parts.last_mut().filter(|_| i + 1 < lines.len()) {
                text.push('\n');
            }
        }
        // A rich string has two parts or more.
        match parts.len() {
            0 => (Content::Nothing, format),
            1 => (Content::Text(parts.swap_remove(0).1), format),
            _ => (Content::Rich(parts), format),
        }
    }

    /// A field's cell: the bare value, what is printed around it as the cell's format.
    fn entry(&self, piece: &Piece<'_>, entry: &Entry, index: usize) -> (Content, Format) {
        let area = piece.area;
        let value = area.lines.iter().flat_map(|line| &line.runs).find(|run| run.value);
        let look = value.map_or(entry.look, Look::of);
        if matches!(entry.input, Input::Circle(_)) && !self.fill_in {
            return self.printed(piece);
        }
        let mut format = base(area, Some(look));
        let em = look.size * MM_PER_PT;
        let broken = match &entry.written {
            Some(Written::Text(text)) => area.lines.len() > 1 || text.contains('\n'),
            Some(Written::Date(_) | Written::Tick(_)) => false,
            None => matches!(entry.input, Input::Text(_)) && area.rect.h > TALL * em,
        };
        let source = self.shared.source(entry);
        let shown = match source {
            Some(_) => shown_format(entry, self.fill_in),
            None => number_format(entry, self.fill_in),
        };
        format = if broken {
            format.set_text_wrap().set_num_format(shown.join(";"))
        } else {
            padded(format.set_shrink(), piece, shown)
        };
        if let Some(source) = source {
            let (formula, result) = (source.formula(entry), source.result(entry));
            return (Content::Shown { formula, result }, format);
        }
        if self.fill_in {
            let color = if entry.filled_by.is_some() { GREY } else { YELLOW };
            // What is known need not be filled in, and can be corrected.
            if entry.written.is_none() {
                format = format.set_background_color(XlColor::RGB(color));
            }
            // What is computed can be entered where it says what it is computed from.
            format = format.set_unlocked();
        }
        let content = match (&entry.input, &entry.written) {
            (Input::Digits(_), Some(Written::Text(text))) => {
                text.chars().nth(index).map_or(Content::Nothing, |c| Content::Text(c.into()))
            }
            (Input::Digits(_), _) => Content::Nothing,
            (Input::Circle(_), Some(Written::Text(text))) => Content::Text(text.clone()),
            (Input::Circle(_), _) => Content::Nothing,
            (Input::Whole(..), Some(Written::Text(text))) => match text.parse::<i32>() {
                Ok(number) => Content::Number(number.into()),
                Err(_) => Content::Text(text.clone()),
            },
            (_, Some(Written::Text(text))) => Content::Text(text.clone()),
            (_, Some(Written::Tick(tick))) => Content::Text(tick.text().to_owned()),
            // A day before those that Excel counts is text.
            (_, Some(Written::Date(date))) => match excel_date(*date) {
                Some(day) => Content::Number(day.to_excel()),
                None => Content::Text(date.to_string()),
            },
            (_, None) if entry.placeholder.is_empty() => Content::Nothing,
            (_, None) => Content::Text(entry.placeholder.clone()),
        };
        (content, format)
    }
}

/// The sections of an entry's number format: what the form prints around the value, and how a day is shown.
fn number_format(entry: &Entry, fill_in: bool) -> Vec<String> {
    let literal = |text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            format!("\"{}\"", text.replace('"', "\"\\\"\""))
        }
    };
    let (before, after) = (literal(&entry.before), literal(&entry.after));
    let format = match &entry.input {
        Input::Date(Calendar::Reiwa) => {
            // The calendar in which Excel itself says 元年 (x-gannen) is a number to LibreOffice.
            let first = "\"令和元年\"m\"月\"d\"日\"";
            let day = "ggge\"年\"m\"月\"d\"日\"";
            // The locale is before everything else in a section, else some do not see it.
            let section = |day: &str| format!("[$-411]{before}{day}{after}");
            let mut sections = vec![format!("[<43831]{}", section(first)), section(day)];
            // An empty cell for a day says 令和 年 月 日, which is text.
            sections.extend(fill_in.then(|| "@".to_owned()));
            return sections;
        }
        Input::Date(Calendar::Western) => {
            format!("{before}\"西暦\"yyyy\"年\"m\"月\"d\"日\"{after}")
        }
        Input::Date(Calendar::Iso) => format!("{before}yyyy-mm-dd{after}"),
        Input::YearMonth => format!("{before}\"西暦\"yyyy\"年\"m\"月\"{after}"),
        Input::Whole(..) => match entry.show {
            Some(Show::Commas) => format!("{before}#,##0{after}"),
            // The numbers of Japanese, as the locale has them.
            Some(Show::Kanji) => format!("[DBNum1][$-411]{before}General{after}"),
            _ => format!("{before}0{after}"),
        },
        Input::Text(_) | Input::Choice(_) => format!("{before}@{after}"),
        Input::Digits(_) | Input::Tick(_) | Input::Circle(_) => "@".to_owned(),
    };
    let day = matches!(entry.input, Input::Date(_) | Input::YearMonth);
    iter::once(format).chain((fill_in && day).then(|| "@".to_owned())).collect()
}

/// The number format of a cell that shows what an earlier form has. A cell whose format is that of text alone would
/// keep the formula itself as text once it is edited.
fn shown_format(entry: &Entry, fill_in: bool) -> Vec<String> {
    let mut sections = number_format(entry, fill_in);
    if matches!(entry.input, Input::Text(_) | Input::Choice(_)) {
        sections.splice(0..0, ["General"; 3].map(str::to_owned));
    }
    sections
}

/// The runs of a line, the gaps between them as spaces.
fn spaced(line: &TextLine) -> Vec<(Run, String)> {
    let mut end = None;
    let mut parts = Vec::new();
    for run in &line.runs {
        let half = run.size * MM_PER_PT / 2.0;
        let gap = end.map_or(0.0, |end: f32| run.x - end - run.spread);
        // A gap is at most as wide as the page.
        let spaces = (gap / half).round().max(0.0) as usize;
        parts.push((run.clone(), " ".repeat(spaces) + run.text()));
        end = Some(run.x + run.width);
    }
    parts
}

/// A number format with a space before what it shows, where the form leaves room between a border and
/// its text. An indent would be three times as wide.
fn padded(format: Format, piece: &Piece<'_>, mut shown: Vec<String>) -> Format {
    let first = piece.lines.iter().flat_map(|line| &line.runs).next();
    let room = first.map_or(PAD, |run| run.x - piece.area.rect.x);
    // Text that has a part of its box to itself begins where it should.
    let is_whole = piece.text == piece.range;
    let is_printed = piece.entry.is_none_or(|(entry, _)| entry.printed);
    if piece.area.align == Align::Left && room >= PAD && is_whole && is_printed {
        shown = shown.iter().map(|section| space(section)).collect();
    } else if piece.entry.is_none() {
        return format;
    }
    format.set_num_format(shown.join(";"))
}

/// A section of a number format with a space before it, behind its condition and its locale.
fn space(section: &str) -> String {
    let mut rest = section;
    while ["[<", "[$", "[DBNum"].iter().any(|start| rest.starts_with(start)) {
        let Some((_, behind)) = rest.split_once(']') else { break };
        rest = behind;
    }
    format!("{}_ {rest}", &section[..section.len() - rest.len()])
}

/// Alignment and fill of an area, the stroke through it, and a font.
fn base(area: &Area, look: Option<Look>) -> Format {
    let is_vertical = area.lines.iter().flat_map(|line| &line.runs).any(|run| run.vertical);
    let across = match area.align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
        Align::Justify if is_vertical => FormatAlign::Center,
        Align::Justify => FormatAlign::Distributed,
    };
    let down = match area.valign {
        _ if is_vertical && area.align == Align::Justify => FormatAlign::VerticalDistributed,
        VAlign::Top => FormatAlign::Top,
        VAlign::Middle => FormatAlign::VerticalCenter,
        VAlign::Bottom => FormatAlign::Bottom,
    };
    let mut format = Format::new().set_align(across).set_align(down);
    if is_vertical {
        /// Excel's number for characters one below the other.
        const STACKED: i16 = 270;
        format = format.set_rotation(STACKED);
    }
    if let Some(Mark::Diagonal { color, .. }) = area.marks.iter().find(|m| is_border(area, m)) {
        format = format
            .set_border_diagonal(FormatBorder::Thin)
            .set_border_diagonal_color(rgb(*color))
            .set_border_diagonal_type(FormatDiagonalBorder::BorderUp);
    }
    if let Some(look) = look {
        format = look.font(format);
    }
    match area.fill {
        Some(color) => format.set_background_color(rgb(color)),
        None => format,
    }
}

/// Where the text of a cell leads: Excel's cells lead to one place. One of several lines leads nowhere, since
/// LibreOffice would show its first line alone.
fn link<'a>(piece: &Piece<'a>) -> Option<&'a str> {
    if piece.lines.len() > 1 {
        return None;
    }
    piece.lines.iter().flat_map(|line| &line.runs).find_map(|run| run.link.as_deref())
}

pub(super) fn bordered(format: &Format, strokes: [Stroke; 4]) -> Format {
    let border = |stroke| match stroke {
        Stroke::None => FormatBorder::None,
        Stroke::Dashed => FormatBorder::Dashed,
        Stroke::Thin => FormatBorder::Thin,
        Stroke::Heavy => FormatBorder::Medium,
    };
    let [top, right, bottom, left] = strokes.map(border);
    format
        .clone()
        .set_border_top(top)
        .set_border_right(right)
        .set_border_bottom(bottom)
        .set_border_left(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_stands_behind_condition_and_locale() {
        let section = "[<43831][$-411]\"令和元年\"m\"月\"d\"日\"";
        assert_eq!(space(section), "[<43831][$-411]_ \"令和元年\"m\"月\"d\"日\"");
        assert_eq!(space("\"〒 \"@"), "_ \"〒 \"@");
    }
}
