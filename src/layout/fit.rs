//! How a value is made to fit its box: on one line, on two, smaller, or not at all.

use super::fill::Layout;
use super::line::{PAD_Y, Piece, Style, VALUE_LEADING, place_line, place_lines, tallest};
use super::text::{break_address, break_email, break_evenly, width};
use crate::form::Breaking;
use crate::report::{Diagnostic, Text};
use crate::sheet::{Area, MM_PER_PT, Rect};
use crate::values::Value;

/// Two lines come before a size below this part of a value's size.
const NEARLY: f32 = 0.9;
/// Over how many lines a value may be broken.
const VALUE_LINES: usize = 2;

impl Layout<'_, '_> {
    /// A value in its cell: on one line down to nine tenths of its size, then on two lines, then
    /// smaller down to the smallest size, then an error. What is one word is smaller before it is broken.
    pub(super) fn fitted(
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
        let described = self.forms.dictionary().get(key);
        let breaking = described.map_or(Breaking::Evenly, |field| field.kind.ways().breaking());
        let is_large = fitting >= style.value_size * NEARLY || breaking == Breaking::Email;
        let on_lines = match printed.filter(|_| value.is_some()) {
            Some(printed) if !(fits && is_large) => {
                on_lines(&pieces, printed, style, &rect, left, breaking)
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
    breaking: Breaking,
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
            let broken = match breaking {
                Breaking::Address => break_address(text, style.family, room / em),
                Breaking::Email => break_email(text, style.family, room / em),
                Breaking::Evenly => break_evenly(text, style.family, room / em),
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
