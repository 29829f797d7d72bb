//! One line as people type it: its indentation, its key and its colon.

use std::ops::Range;

use crate::font::is_invisible;
use crate::yaml;

/// A line without its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Its first byte in the source.
    pub start: usize,
    pub text: &'a str,
}

/// The lines of a text; the mark of the byte order before the first belongs to none.
pub(super) fn lines_of(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let lines = yaml::lines(text).map(|line| {
        start += line.len();
        let (mut start, mut line) = (start - line.len(), line.trim_end_matches(['\n', '\r']));
        if let (0, Some(rest)) = (start, line.strip_prefix('\u{feff}')) {
            (start, line) = (line.len() - rest.len(), rest);
        }
        Line { start, text: line }
    });
    lines.collect()
}

/// Whether nothing is seen of a character.
pub(super) fn is_white(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// What stands before the first character of a line that is seen.
#[derive(Clone, Debug)]
pub(super) struct Indent {
    /// Its length in bytes.
    pub bytes: usize,
    /// Its width in half-width characters; a tab is one step of two.
    pub width: usize,
    /// The first character in it that is no space.
    pub odd: Option<(Range<usize>, char)>,
}

impl Indent {
    pub fn of(line: &str) -> Indent {
        let (mut bytes, mut width, mut odd) = (0, 0, None);
        for c in line.chars().take_while(|c| is_white(*c)) {
            let range = bytes..bytes + c.len_utf8();
            width = match c {
                '\t' => width / 2 * 2 + 2,
                '\u{3000}' => width + 2,
                c if is_invisible(c) => width,
                _ => width + 1,
            };
            if c != ' ' && odd.is_none() {
                odd = Some((range.clone(), c));
            }
            bytes = range.end;
        }
        Indent { bytes, width, odd }
    }
}

/// How the colon behind a key is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colon {
    /// As YAML wants it: with a space behind it, or at the end of the line.
    Proper,
    /// With something else behind it than a space.
    Glued,
    /// `：`.
    Wide,
}

/// A line that has a key and a colon; ranges in what it was read from.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: Range<usize>,
    pub colon: Range<usize>,
    pub kind: Colon,
}

impl Entry {
    /// Reads what stands in a line behind its indentation and dashes.
    pub fn of(body: &str) -> Option<Entry> {
        let first = body.chars().next()?;
        if matches!(first, '{' | '[' | '｛' | '［' | '#' | '＃' | '|' | '>') {
            return None;
        }
        let from = if matches!(first, '"' | '\'') { closing(body, first)? } else { 0 };
        for (at, c) in body[from..].char_indices().map(|(at, c)| (from + at, c)) {
            let end = at + c.len_utf8();
            let (key, rest) = (body[..at].trim_end(), &body[end..]);
            let kind = match c {
                '#' if body[..at].ends_with([' ', '\t']) => return None,
                ':' if rest.is_empty() || rest.starts_with([' ', '\t']) => Colon::Proper,
                ':' => Colon::Glued,
                '：' | '﹕' => Colon::Wide,
                _ => continue,
            };
            let is_meant = match kind {
                Colon::Proper => !key.is_empty(),
                Colon::Glued => is_word(key) && !rest.starts_with("//"),
                Colon::Wide => is_word(key),
            };
            if is_meant {
                return Some(Entry { key: 0..key.len(), colon: at..end, kind });
            }
        }
        None
    }
}

/// What stands behind a key or a dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or a comment: what belongs to it stands below.
    Nothing,
    /// A value that ends before this byte.
    Until(usize),
    /// A block of text: the deeper lines below are all its own.
    Block,
}

/// Whether a text may be a key: one word, and no time of day or number.
pub(super) fn is_word(text: &str) -> bool {
    let is_number = text.chars().all(|c| c.is_numeric() || c == '-');
    let is_numbered = text.starts_with(|c| ('①'..='⑳').contains(&c));
    !text.is_empty()
        && text.chars().count() <= 40
        && (is_numbered || !is_number)
        && (is_numbered || !text.contains(char::is_whitespace))
        && !text.contains(['。', '、', '，', ',', '〒'])
}

/// Where a text in quotes ends: behind its closing quote.
pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => drop(chars.next()),
            // Twice it stands for itself.
            '\'' if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() => {}
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str) -> Option<(&str, Colon)> {
        Entry::of(body).map(|entry| (&body[entry.key], entry.kind))
    }

    #[test]
    fn a_key_is_told_from_a_text_with_a_colon() {
        assert_eq!(of("name: もみじ野"), Some(("name", Colon::Proper)));
        assert_eq!(of("name:"), Some(("name", Colon::Proper)));
        assert_eq!(of("name : x"), Some(("name", Colon::Proper)));
        assert_eq!(of("name:もみじ野"), Some(("name", Colon::Glued)));
        assert_eq!(of("name:\u{3000}もみじ野"), Some(("name", Colon::Glued)));
        assert_eq!(of("名称：もみじ野"), Some(("名称", Colon::Wide)));
        assert_eq!(of("③ アカウント作成：済み"), Some(("③ アカウント作成", Colon::Wide)));
        assert_eq!(of("\"a: b\": c"), Some(("\"a: b\"", Colon::Proper)));
        for text in
            ["http://example.jp", "10:30", "10月1日 10:00～12:00", "もみじ野", "{a: b}", "a # b: c"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
