//! The lines of a file one after the other: what is typed otherwise than YAML wants it, and how it is meant.

use std::ops::Range;

use super::edits::Edit;
use super::lines::{Colon, Entry, Found, Indent, Line, closing, is_white, is_word, lines_of};
use super::slip::{Kind, Slip};

/// The most slips that are told: nobody corrects more at once, and what has more is no record.
const MOST_SLIPS: usize = 200;
/// How many lines ahead are looked at to tell which of two lines is wrong.
const AHEAD: usize = 40;

/// A column in which keys or dashes stand.
#[derive(Clone, Debug)]
struct Level<'a> {
    column: usize,
    is_list: bool,
    keys: Vec<&'a str>,
}

/// A file while its lines are looked at.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub lines: Vec<Line<'a>>,
    pub edits: Vec<Edit>,
    pub slips: Vec<Slip>,
    /// The columns that are open, from left to right.
    levels: Vec<Level<'a>>,
    /// The level that was left last.
    left: Option<Level<'a>>,
    /// Whether the last key or dash has no value: what is deeper is its own.
    is_open: bool,
    /// How many lines have a key and a colon.
    pub keys: usize,
    /// How many lines have neither, although a key would have to stand there.
    pub bare: usize,
}

/// What an indented line belongs to.
enum Belongs {
    Here,
    /// To the deeper lines that follow it.
    Deeper(usize),
    /// It is the heading of the deeper lines that follow it, although it has a value.
    Heading,
}

impl<'a> Scan<'a> {
    /// Looks at every line.
    pub fn of(text: &'a str) -> Self {
        let mut scan = Scan {
            text,
            lines: lines_of(text),
            edits: Vec::new(),
            slips: Vec::new(),
            levels: Vec::new(),
            left: None,
            is_open: false,
            keys: 0,
            bare: 0,
        };
        let mut next = 0;
        while next < scan.lines.len() && !scan.is_full() {
            next = scan.line(next);
        }
        scan
    }

    /// Whether no more slips are told.
    pub(super) fn is_full(&self) -> bool {
        self.slips.len() >= MOST_SLIPS
    }

    pub(super) fn slip(&mut self, slip: Slip) {
        self.slips.push(slip);
    }

    pub(super) fn edit(&mut self, range: Range<usize>, with: &str) {
        self.edits.push(Edit { range, with: with.to_owned() });
    }

    /// Looks at a line; gives the next to look at.
    fn line(&mut self, n: usize) -> usize {
        let Line { start, text } = self.lines[n];
        let indent = Indent::of(text);
        let body = text[indent.bytes..].trim_end_matches(is_white);
        let at = start + indent.bytes;
        if body.is_empty() || body.starts_with('#') {
            // What has no value may be indented with tabs.
            if indent.odd.as_ref().is_some_and(|(_, c)| *c != '\t') {
                self.indent(n, &indent, indent.width);
            }
            return n + 1;
        }
        if body.starts_with('＃') {
            self.indent(n, &indent, indent.width);
            self.slip(Kind::WideHash.at(n, at..at + '＃'.len_utf8()));
            self.edit(at..at + '＃'.len_utf8(), "#");
            return n + 1;
        }
        if indent.bytes == 0 && is_marker(body) {
            return self.marker(n, body);
        }
        let dash = self.dash(n, at, body);
        let (from, body) = dash.map_or((at, body), |length| (at + length, &body[length..]));
        let found = match Entry::of(body) {
            Some(entry) => self.entry(n, &indent, dash, from, body, &entry),
            None if dash.is_some() => {
                self.align(n, &indent, true, None);
                self.value(n, from, from + body.len(), indent.width)
            }
            None => self.bare(n, &indent, body),
        };
        self.is_open = found == Found::Nothing;
        self.behind(n, found, indent.width)
    }

    /// The line behind a value.
    fn behind(&self, n: usize, found: Found, column: usize) -> usize {
        let rest = self.lines.iter().enumerate().skip(n + 1);
        let next = match found {
            Found::Nothing => Some(n + 1),
            Found::Until(end) => rest.into_iter().find(|(_, l)| l.start >= end).map(|(n, _)| n),
            Found::Block => rest
                .into_iter()
                .find(|(_, l)| {
                    let indent = Indent::of(l.text);
                    indent.bytes < l.text.len() && indent.width <= column
                })
                .map(|(n, _)| n),
        };
        next.unwrap_or(self.lines.len())
    }

    /// The beginning or the end of a document.
    fn marker(&mut self, n: usize, body: &str) -> usize {
        let begins = body.starts_with("---");
        let is_more = |line: &Line| {
            let body = line.text.trim_start_matches(is_white);
            !body.is_empty() && !body.starts_with('#') && !is_marker(body)
        };
        if self.keys + self.bare == 0 || !(begins || self.lines[n + 1..].iter().any(is_more)) {
            return n + 1;
        }
        let Line { start, text } = self.lines[n];
        self.slip(Kind::TwoRecords.at(n, start..start + text.len()));
        // None of it is read.
        for at in n..self.lines.len() {
            let start = self.lines[at].start;
            self.edit(start..start, "#");
        }
        self.lines.len()
    }

    /// The length of a dash with the space behind it.
    fn dash(&mut self, n: usize, at: usize, body: &str) -> Option<usize> {
        let rest = body.strip_prefix('-');
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            return Some(body.len() - rest.trim_start_matches(' ').len());
        }
        let is_awaited = self.is_open || self.levels.iter().any(|level| level.is_list);
        let is_item = |rest: &str| rest.starts_with('{') || Entry::of(rest).is_some();
        if let Some(rest) = rest.filter(|rest| is_awaited && is_item(rest)) {
            self.slip(Kind::GluedDash.at(n, at..at + 1));
            self.edit(at + 1..at + 1, " ");
            return Some(body.len() - rest.len());
        }
        let wide = body.chars().next().filter(|c| "－−‐‑‒–—―ー・".contains(*c))?;
        let rest = body[wide.len_utf8()..].trim_start_matches(is_white);
        if !is_awaited || !is_item(rest) {
            return None;
        }
        let length = body.len() - rest.len();
        self.slip(Kind::WideDash(wide).at(n, at..at + wide.len_utf8()));
        self.edit(at..at + length, "- ");
        Some(length)
    }

    /// A line with a key: `dash` is the length of the dash before it, `from` where the key begins.
    fn entry(
        &mut self,
        n: usize,
        indent: &Indent,
        dash: Option<usize>,
        from: usize,
        body: &'a str,
        entry: &Entry,
    ) -> Found {
        self.keys += 1;
        let key = &body[entry.key.clone()];
        let rest = &body[entry.colon.end..];
        let value = match entry.kind {
            Colon::Proper => rest.trim_start_matches([' ', '\t']),
            Colon::Glued | Colon::Wide => rest.trim_start_matches(is_white),
        };
        let gives = match value.chars().next() {
            None | Some('#' | '|' | '>') => false,
            // What is not closed here may go on below.
            Some('{' | '[') => value.contains(['}', ']']),
            Some(quote @ ('"' | '\'')) => closing(value, quote).is_some(),
            Some(_) => true,
        };
        let heads = self.align(n, indent, dash.is_some(), gives.then_some(key));
        let column = indent.width + dash.unwrap_or(0);
        if dash.is_some() {
            let column = self.levels.last().map_or(column, |level| level.column + 2);
            self.levels.push(Level { column, is_list: false, keys: Vec::new() });
        }
        if let Some(level) = self.levels.last_mut() {
            level.keys.push(key);
        }
        let colon = from + entry.colon.start..from + entry.colon.end;
        let behind = colon.end..from + body.len() - value.len();
        match entry.kind {
            Colon::Proper => {}
            Colon::Wide => {
                self.slip(Kind::WideColon.at(n, colon.clone()));
                self.edit(colon.start..behind.end, if value.is_empty() { ":" } else { ": " });
            }
            Colon::Glued => {
                match rest.chars().next().filter(|c| is_white(*c)) {
                    Some(c) => self
                        .slip(Kind::OddSpace(c).at(n, behind.start..behind.start + c.len_utf8())),
                    None => self.slip(Kind::NoSpace.at(n, colon)),
                }
                self.edit(behind.clone(), if value.is_empty() { "" } else { " " });
            }
        }
        let end = from + body.len();
        if heads {
            let length = value.find(" #").map_or(value.len(), |at| value[..at].trim_end().len());
            self.slip(Kind::Heading.at(n, behind.end..behind.end + length));
            self.edit(behind.end..behind.end + length, "");
            return Found::Nothing;
        }
        self.value(n, behind.end, end, column)
    }

    /// A line with neither a key nor a dash.
    fn bare(&mut self, n: usize, indent: &Indent, body: &str) -> Found {
        let Line { start, text } = self.lines[n];
        let (at, end) = (start + indent.bytes, start + indent.bytes + body.len());
        let top = self.levels.last().map(|level| level.column);
        if top.is_some_and(|top| indent.width > top) {
            // The value of the key above, or the rest of it.
            self.indent(n, indent, indent.width);
            return match self.is_open {
                true => self.value(n, at, end, top.unwrap_or_default()),
                false => Found::Until(start + text.len()),
            };
        }
        let word = body.split(is_white).next().unwrap_or_default();
        self.bare += 1;
        let heads = self.next(n).is_some_and(|next| next.0 > indent.width);
        if !is_word(word) || body.starts_with(['"', '\'', '{', '[', '|', '>']) {
            return Found::Until(end);
        }
        self.align(n, indent, false, (word.len() < body.len() && !heads).then_some(word));
        if let Some(level) = self.levels.last_mut() {
            level.keys.push("");
        }
        if heads || word.len() == body.len() {
            self.slip(Kind::NoColon.at(n, at..end));
            self.edit(end..end, ":");
            return Found::Nothing;
        }
        let value = body[word.len()..].trim_start_matches(is_white);
        self.slip(Kind::NoColon.at(n, at..at + word.len()));
        self.edit(at + word.len()..end - value.len(), ": ");
        self.value(n, end - value.len(), end, indent.width)
    }

    /// The indentation and the key of the next line that has one, and its number.
    fn next(&self, n: usize) -> Option<(usize, Option<&'a str>, usize)> {
        let lines = self.lines.iter().enumerate().skip(n + 1).take(AHEAD);
        lines.into_iter().find_map(|(n, line)| {
            let indent = Indent::of(line.text);
            let body = line.text[indent.bytes..].trim_end_matches(is_white);
            let is_code = !body.is_empty() && !body.starts_with(['#', '＃']) && !is_marker(body);
            let rest = body.strip_prefix("- ").unwrap_or(body);
            let key = Entry::of(rest).map(|entry| &rest[entry.key]);
            is_code.then_some((indent.width, key, n))
        })
    }

    /// Puts a line where it belongs; whether it heads the lines below although it has a value, under the
    /// key `gives`.
    fn align(&mut self, n: usize, indent: &Indent, is_list: bool, gives: Option<&str>) -> bool {
        let width = indent.width;
        let level = |column| Level { column, is_list, keys: Vec::new() };
        let Some(top) = self.levels.last().map(|level| level.column) else {
            self.levels.push(level(width));
            self.indent(n, indent, width);
            return matches!(self.belongs(n, width, gives), Belongs::Heading);
        };
        if self.is_open && (width > top || is_list && width == top) {
            // How wide other spaces are meant to be, the lines below may show.
            let below = self.next(n).map(|(column, ..)| column).filter(|column| *column > top);
            let column = below.filter(|_| indent.odd.is_some()).unwrap_or(width);
            self.levels.push(level(column));
            self.indent(n, indent, column);
            return matches!(self.belongs(n, width, gives), Belongs::Heading);
        }
        let fits = |level: &Level| level.is_list == is_list;
        let exact = self.levels.iter().rposition(|level| level.column == width && fits(level));
        if let Some(at) = exact {
            let belongs = self.belongs(n, width, gives);
            if let Belongs::Deeper(column) = belongs {
                self.wrong(n, indent, Kind::TooShallow(column + 1), column);
                self.levels.truncate(at + 1);
                let keys = self.left.take().filter(|left| left.column == column);
                self.levels.push(keys.unwrap_or_else(|| level(column)));
                return false;
            }
            self.leave(at + 1);
            self.indent(n, indent, width);
            return matches!(belongs, Belongs::Heading);
        }
        let lower = self.levels.iter().rposition(|level| level.column < width && fits(level));
        let upper = self.levels.iter().position(|level| level.column > width && fits(level));
        // One space more is what stays of a skeleton's `# `, unless the lines below go on where those above stood.
        let goes_on = |upper: usize| {
            self.next(n).is_some_and(|(column, ..)| column == self.levels[upper].column)
        };
        let to = match (lower, upper) {
            (Some(lower), Some(upper))
                if width - self.levels[lower].column > 1 || goes_on(upper) =>
            {
                upper
            }
            (Some(lower), _) => lower,
            (None, Some(upper)) => upper,
            (None, None) => {
                self.levels.push(level(width));
                self.indent(n, indent, width);
                return false;
            }
        };
        let column = self.levels[to].column;
        let kind = match column < width {
            true => Kind::TooDeep(column + 1),
            false => Kind::TooShallow(column + 1),
        };
        self.wrong(n, indent, kind, column);
        self.leave(to + 1);
        false
    }

    fn leave(&mut self, length: usize) {
        if length < self.levels.len() {
            self.left = self.levels.drain(length..).next();
        }
    }

    /// What a line belongs to that stands in a column of its own, by the lines that follow.
    fn belongs(&self, n: usize, width: usize, gives: Option<&str>) -> Belongs {
        let Some(_) = gives else { return Belongs::Here };
        let Some((column, Some(_), _)) = self.next(n) else { return Belongs::Here };
        if column < width + 2 {
            return Belongs::Here;
        }
        let mut keys = Vec::new();
        let mut at = n;
        while let Some((next, key, line)) = self.next(at)
            && next > width
            && line <= n + AHEAD
        {
            keys.extend(key.filter(|_| next == column));
            at = line;
        }
        let deeper = self.levels.iter().find(|level| level.column == column).or(self.left.as_ref());
        let deeper = deeper.filter(|level| level.column == column);
        if self.is_open && keys.len() > 1 && self.levels.last().is_some_and(|l| l.column == width) {
            return Belongs::Deeper(column);
        }
        match deeper {
            // A new section has some of the keys that the one above has.
            Some(level) if !keys.iter().any(|key| level.keys.contains(key)) => {
                Belongs::Deeper(column)
            }
            _ if keys.len() > 1 => Belongs::Heading,
            _ => Belongs::Here,
        }
    }

    /// A line in the wrong column.
    fn wrong(&mut self, n: usize, indent: &Indent, kind: Kind, column: usize) {
        if indent.odd.is_none() {
            let Line { start, text } = self.lines[n];
            let end = start + text.trim_end_matches(is_white).len();
            self.slip(kind.at(n, start + indent.bytes..end));
        }
        self.indent(n, indent, column);
    }

    /// Makes the indentation of a line so many spaces.
    fn indent(&mut self, n: usize, indent: &Indent, width: usize) {
        let start = self.lines[n].start;
        if let Some((range, c)) = &indent.odd {
            self.slip(Kind::OddIndent(*c).at(n, start + range.start..start + range.end));
        }
        if indent.odd.is_some() || width != indent.width {
            self.edit(start..start + indent.bytes, &" ".repeat(width));
        }
    }
}

/// Whether a line begins or ends a document.
fn is_marker(body: &str) -> bool {
    let rest = body.strip_prefix("---").or_else(|| body.strip_prefix("..."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}
