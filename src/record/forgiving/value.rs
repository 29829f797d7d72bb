//! What stands behind a key or a dash.

use super::lines::{Entry, Found, Indent, closing, is_white};
use super::scan::Scan;
use super::slip::Kind;

/// How many lines a value in quotes or brackets is followed at most.
const MOST_LINES: usize = 50;

impl Scan<'_> {
    /// Looks at the value that begins at `from` in a line that ends at `end`, and belongs to a key or a dash in
    /// `column`.
    pub(super) fn value(&mut self, line: usize, from: usize, end: usize, column: usize) -> Found {
        let text = self.text;
        let written = text[from..end].trim_end_matches(is_white);
        let Some(first) = written.chars().next() else { return Found::Nothing };
        match first {
            '#' => Found::Nothing,
            '"' | '\'' => Found::Until(self.quoted(line, from, end, column, first)),
            '{' | '[' => self.in_brackets(line, from, end, column),
            '｛' | '［' if written.ends_with(['}', ']', '｝', '］']) => {
                self.in_brackets(line, from, end, column)
            }
            '|' | '>' if is_block(written) => Found::Block,
            '-' if written == "-" => {
                self.slip(Kind::LoneDash.at(line, from..from + 1));
                self.edit(from..from + 1, "");
                Found::Nothing
            }
            _ => self.plain(line, from, from + written.len()),
        }
    }

    fn in_brackets(&mut self, line: usize, from: usize, end: usize, column: usize) -> Found {
        let far = self.far(line, end, column);
        Found::Until(self.flow(line, from, end, far))
    }

    /// Where the deeper lines behind a line end.
    fn far(&self, line: usize, end: usize, column: usize) -> usize {
        let mut far = end;
        for line in self.lines.iter().skip(line + 1).take(MOST_LINES) {
            let body = line.text.trim_start_matches(is_white);
            let is_deeper = Indent::of(line.text).width > column;
            if !(is_deeper || body.is_empty() || body.starts_with(['}', ']', '｝', '］'])) {
                break;
            }
            far = line.start + line.text.len();
        }
        far
    }

    /// A value in quotes; gives where it ends.
    fn quoted(
        &mut self,
        line: usize,
        from: usize,
        end: usize,
        column: usize,
        quote: char,
    ) -> usize {
        let text = self.text;
        let written = text[from..end].trim_end_matches(is_white);
        if let Some(length) = closing(written, quote) {
            let behind = &written[length..];
            let behind = if behind.trim_start().starts_with('#') { "" } else { behind.trim() };
            if !behind.is_empty() {
                self.slip(Kind::BehindQuote(quote).at(line, from..from + length));
                self.quote(from, from + written.len());
            }
            return end;
        }
        // Over several lines it may be meant, unless other keys are among them.
        let far = self.far(line, end, column);
        if let Some(length) = closing(&text[from..far], quote) {
            let inside = &text[from..from + length];
            let is_key = |line: &str| Entry::of(line.trim_matches(is_white)).is_some();
            if !crate::yaml::lines(inside).skip(1).any(is_key) {
                return from + length;
            }
        }
        self.slip(Kind::OpenQuote(quote).at(line, from..from + 1));
        let comment = written.find(" #").map_or(written, |at| written[..at].trim_end());
        let last = comment.chars().next_back().filter(|c| is_quote(*c) && comment.len() > 1);
        let bare = comment.len() - last.map_or(0, char::len_utf8);
        self.edit(from + bare..from + comment.len(), &quote.to_string());
        end
    }

    /// A value without quotes; `end` is where what is written ends.
    fn plain(&mut self, line: usize, from: usize, end: usize) -> Found {
        let text = self.text;
        let written = &text[from..end];
        let comment =
            written.match_indices('#').find(|(at, _)| written[..*at].ends_with([' ', '\t']));
        let mut code = comment.map_or(written, |(at, _)| written[..at].trim_end());
        if let Some((at, hash)) = hash(code) {
            let range = from + at..from + at + hash.len_utf8();
            let space = if at == 0 || code[..at].ends_with([' ', '\t']) { "" } else { " " };
            match hash {
                '#' => {
                    self.slip(Kind::GluedHash.at(line, range.clone()));
                    self.edit(range.start..range.start, " ");
                }
                _ => {
                    self.slip(Kind::WideHash.at(line, range.clone()));
                    self.edit(range, &format!("{space}#"));
                }
            }
            code = code[..at].trim_end_matches(is_white);
        }
        let Some(first) = code.chars().next() else { return Found::Nothing };
        let marks = ['@', '`', '%', '*', '&', '!', ',', ']', '}', '|', '>'];
        let is_mark = marks.contains(&first) || code.starts_with("- ") || code.starts_with("? ");
        let inner = [": ", ":\t"].iter().filter_map(|colon| code.find(colon)).min();
        let inner = inner.or_else(|| code.ends_with(':').then(|| code.len() - 1));
        if is_mark {
            self.slip(Kind::Special(first).at(line, from..from + first.len_utf8()));
            self.quote(from, from + code.len());
        } else if let Some(at) = inner {
            self.slip(Kind::InnerColon.at(line, from + at..from + at + 1));
            self.quote(from, from + code.len());
        }
        Found::Until(end)
    }

    /// Puts quotes round a part of a line.
    fn quote(&mut self, from: usize, end: usize) {
        let inside = &self.text[from..end];
        let mark = if inside.contains(['"', '\\']) { "'" } else { "\"" };
        self.edit(from..from, mark);
        if mark == "'" {
            let places = inside.match_indices('\'').map(|(at, _)| from + at).collect::<Vec<_>>();
            places.into_iter().for_each(|at| self.edit(at..at, "'"));
        }
        self.edit(end..end, mark);
    }
}

/// A `#` that was meant to begin a comment and does not: glued to the value, or full-width.
fn hash(code: &str) -> Option<(usize, char)> {
    code.char_indices().find(|(at, c)| {
        let is_white_behind = code[at + c.len_utf8()..].starts_with(is_white);
        match c {
            '#' => *at > 0 && is_white_behind,
            '＃' => (*at == 0 || code[..*at].ends_with(is_white)) && is_white_behind,
            _ => false,
        }
    })
}

/// Whether `|` or `>` begins a block of text.
fn is_block(written: &str) -> bool {
    let head = written.split([' ', '\t']).next().unwrap_or_default();
    let rest = written[head.len()..].trim_start();
    head[1..].chars().all(|c| matches!(c, '+' | '-' | '1'..='9'))
        && (rest.is_empty() || rest.starts_with('#'))
}

/// Whether a character is a quotation mark of any kind.
fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '＂' | '＇')
}
