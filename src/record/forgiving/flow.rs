//! What is typed between braces and brackets, `{status: イ, month: 2}`.

use super::lines::{closing, is_white};
use super::scan::Scan;
use super::slip::Kind;

/// A brace or bracket that is open.
struct Open {
    /// As it should be typed.
    bracket: char,
    at: usize,
    /// Whether the colon of the present pair has come.
    has_colon: bool,
}

/// The half-width bracket that is meant.
fn narrow(c: char) -> char {
    match c {
        '｛' => '{',
        '｝' => '}',
        '［' => '[',
        '］' => ']',
        c => c,
    }
}

fn closer(bracket: char) -> char {
    if bracket == '{' { '}' } else { ']' }
}

impl Scan<'_> {
    /// Looks at a value in brackets that begins at `from`; `end` is where its line ends, `far` where the
    /// deeper lines behind it do. Gives where the value ends.
    pub(super) fn flow(&mut self, line: usize, from: usize, end: usize, far: usize) -> usize {
        let limit = if self.closes(from, far) { far } else { end };
        let text = self.text;
        let mut open: Vec<Open> = Vec::new();
        let mut at = from;
        // Where the next key or value begins.
        let mut is_start = true;
        while let Some(c) = text[at..limit].chars().next() {
            let next = at + c.len_utf8();
            let rest = &text[next..limit];
            let in_map = open.last().is_some_and(|open| open.bracket == '{');
            if self.is_full() {
                break;
            }
            match c {
                '"' | '\'' if is_start => {
                    is_start = false;
                    at = closing(&text[at..limit], c).map_or(limit, |length| at + length);
                    // A colon behind a key in quotes needs no space.
                    let rest = &text[at..limit];
                    if let Some(behind) = rest.strip_prefix(':')
                        && in_map
                    {
                        at = limit - behind.len();
                        self.opened(&mut open);
                        is_start = true;
                    }
                    continue;
                }
                '{' | '[' | '｛' | '［' if is_start || open.is_empty() => {
                    self.bracket(at, c);
                    open.push(Open { bracket: narrow(c), at, has_colon: false });
                }
                '}' | ']' | '｝' | '］'
                    if open.last().is_some_and(|open| closer(open.bracket) == narrow(c)) =>
                {
                    self.bracket(at, c);
                    open.pop();
                    if open.is_empty() {
                        return next;
                    }
                    is_start = false;
                    at = next;
                    continue;
                }
                '#' if text[..at].ends_with([' ', '\t']) => break,
                '，' | '、' if in_map && is_pair(rest) => {
                    let white = rest.len() - rest.trim_start_matches(is_white).len();
                    self.slip(Kind::WideComma.at(self.line_of(at), at..next));
                    self.edit(at..next + white, ", ");
                    self.comma(&mut open);
                }
                ',' => self.comma(&mut open),
                '：' if in_map && !has_colon(&open) => {
                    let white = rest.len() - rest.trim_start_matches(is_white).len();
                    self.slip(Kind::WideColon.at(self.line_of(at), at..next));
                    self.edit(at..next + white, ": ");
                    self.opened(&mut open);
                }
                ':' if in_map && !has_colon(&open) && !rest.starts_with("//") => {
                    if !rest.starts_with(|c: char| c.is_ascii_whitespace() || is_white(c))
                        && !rest.starts_with([',', '}', ']'])
                    {
                        self.slip(Kind::NoSpace.at(self.line_of(at), at..next));
                        self.edit(next..next, " ");
                    }
                    self.opened(&mut open);
                }
                c if is_white(c) && !c.is_ascii_whitespace() && is_start => {
                    self.slip(Kind::OddSpace(c).at(self.line_of(at), at..next));
                    self.edit(at..next, " ");
                    at = next;
                    continue;
                }
                c if c.is_ascii_whitespace() => {
                    at = next;
                    continue;
                }
                _ => {
                    is_start = false;
                    at = next;
                    continue;
                }
            }
            is_start = true;
            at = next;
        }
        if let Some(first) = open.first() {
            let closers: String = open.iter().rev().map(|open| closer(open.bracket)).collect();
            self.slip(Kind::OpenBracket(first.bracket).at(line, first.at..first.at + 1));
            let end = text[..at].trim_end_matches(is_white).len();
            self.edit(end..end, &closers);
        }
        at
    }

    fn bracket(&mut self, at: usize, c: char) {
        if narrow(c) != c {
            let range = at..at + c.len_utf8();
            self.slip(Kind::WideBracket(c).at(self.line_of(at), range.clone()));
            self.edit(range, &narrow(c).to_string());
        }
    }

    fn opened(&self, open: &mut [Open]) {
        if let Some(open) = open.last_mut() {
            open.has_colon = true;
        }
    }

    fn comma(&self, open: &mut [Open]) {
        if let Some(open) = open.last_mut() {
            open.has_colon = false;
        }
    }

    /// Whether the bracket at `from` is closed before `far`.
    fn closes(&self, from: usize, far: usize) -> bool {
        let mut depth = 0usize;
        for c in self.text[from..far].chars() {
            match narrow(c) {
                '{' | '[' => depth += 1,
                '}' | ']' if depth <= 1 => return true,
                '}' | ']' => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// The line of a byte, from 0.
    fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }
}

fn has_colon(open: &[Open]) -> bool {
    open.last().is_some_and(|open| open.has_colon)
}

/// Whether a key and its colon come before anything that ends them.
fn is_pair(rest: &str) -> bool {
    let end = rest.find([':', '：', ',', '，', '、', '}', '｝', '\n', '\r']);
    let key = end.map_or("", |end| rest[..end].trim_matches(is_white));
    let is_colon = end.is_some_and(|end| rest[end..].starts_with([':', '：']));
    is_colon && super::lines::is_word(key)
}
