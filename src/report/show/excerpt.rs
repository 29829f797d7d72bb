//! One line of the user's text, made printable and cropped round the value.

use std::borrow::Cow;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// What is shown where a line was cropped.
const ELLIPSIS: &str = "...";

/// Indentation wider than this is cropped …
const INDENT: usize = 20;

/// … to this.
const INDENT_KEPT: usize = 4;

/// A line ready to print, and where the value is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line without its end, escaped and cropped.
    pub(super) line: String,
    /// The value's bytes in [`Excerpt::line`]: of a value over several lines, those of its first.
    pub(super) span: Range<usize>,
}

impl Excerpt {
    /// The line of `text` in which the value `span` begins, at most `columns` wide.
    ///
    /// Any span is accepted; what lies outside the text is cut off. The cost depends on `columns`
    /// alone, not on how long the line or the text is.
    pub(super) fn new(text: &str, span: Range<usize>, columns: usize) -> Self {
        let body = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        let mut start = text.floor_char_boundary(span.start).max(body);
        if text[body..start].ends_with('\r') && text[start..].starts_with('\n') {
            // Between the two is still this line's end.
            start -= 1;
        }
        let end = text.floor_char_boundary(span.end).max(start);

        let mut left = Side::take(text[body..start].chars().rev(), columns);
        let mut right = Side::take(text[start..].chars(), columns);
        if !left.whole || !right.whole || left.columns + right.columns > columns {
            let room = columns.saturating_sub(2 * ELLIPSIS.len());
            let free = if right.whole { room.saturating_sub(right.columns) } else { 0 };
            left.shorten(free.max(room / 3));
            right.shorten(room - left.columns);
        }
        left.chars.reverse();
        let indent = left.chars.iter().take_while(|c| c.is_whitespace()).count();
        if indent > INDENT {
            left.chars.drain(..indent - INDENT_KEPT);
            left.whole = false;
        }

        let mut line = String::new();
        if !left.whole {
            line.push_str(ELLIPSIS);
        }
        left.chars.iter().for_each(|&c| push_visible(c, &mut line));
        let shown_start = line.len();
        let mut shown_end = None;
        let mut at = start;
        for &c in &right.chars {
            if at >= end {
                shown_end.get_or_insert(line.len());
            }
            push_visible(c, &mut line);
            at += c.len_utf8();
        }
        let shown_end = shown_end.unwrap_or_else(|| {
            if right.whole && at < end {
                // The value goes on below: blanks at the end of its first line are none of it.
                line.trim_end().len().max(shown_start)
            } else {
                line.len()
            }
        });
        if !right.whole {
            line.push_str(ELLIPSIS);
        }
        Excerpt { line, span: shown_start..shown_end }
    }
}

/// What is on one side of the value's first byte, nearest first.
struct Side {
    chars: Vec<char>,
    columns: usize,
    /// Whether the line ends with the last character.
    whole: bool,
}

impl Side {
    /// Takes characters up to the line's end or until they are wider than `columns`.
    fn take(chars: impl Iterator<Item = char>, columns: usize) -> Self {
        let mut side = Side { chars: Vec::new(), columns: 0, whole: true };
        for c in chars.take_while(|c| !matches!(c, '\n' | '\r')) {
            side.chars.push(c);
            side.columns += columns_of(c);
            if side.columns > columns {
                side.whole = false;
                break;
            }
        }
        side
    }

    /// Drops the farthest characters until the rest is at most `columns` wide.
    fn shorten(&mut self, columns: usize) {
        while self.columns > columns
            && let Some(c) = self.chars.pop()
        {
            self.columns -= columns_of(c);
            self.whole = false;
        }
    }
}

const BOM: char = '\u{FEFF}';

/// How wide a character is shown. One that joins the character before counts too: a line of
/// nothing else must come to an end.
fn columns_of(c: char) -> usize {
    match c {
        '\t' => 4,
        _ if hidden(c) => c.escape_unicode().len(),
        _ => c.width().unwrap_or(1).max(1),
    }
}

/// The text with every character that would move the cursor, change colours, reverse the reading
/// order, or show as nothing or as tofu written as `\u{…}`.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut out));
    out
}

/// The text, or its beginning when it has more than `chars` characters.
pub(super) fn shortened(text: &str, chars: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars) {
        Some((end, _)) => Cow::Owned(format!("{}{ELLIPSIS}", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn push_visible(c: char, out: &mut String) {
    match c {
        '\t' => out.push_str("    "),
        _ if hidden(c) => out.extend(c.escape_unicode()),
        _ => out.push(c),
    }
}

/// Whether a character is a control, private-use (外字) or invisible. Variation selectors are not:
/// they pick the shape of a name's kanji.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}'
            | '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_as_wide_as_they_are_shown() {
        assert_eq!(['a', '字', '\t', '\u{7}', '\u{3099}'].map(columns_of), [1, 2, 4, 5, 1]);
    }
}
