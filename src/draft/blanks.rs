//! Blanks in a line of text: between a label and the next, in brackets, before 年, 月 and 日, beside tick boxes.

use super::text::{Char, TextRow};
use super::{Place, What};

/// What a tick box is printed as.
pub(super) const BOXES: [char; 5] = ['□', '☐', '◻', '▢', '❑'];
/// What stands behind a blank that takes a number or a name.
const UNITS: [&str; 20] = [
    "名", "円", "人", "台", "歳", "才", "件", "%", "％", "号", "時", "分", "回", "個", "様", "殿",
    "御中", "㎡", "床", "千円",
];
/// The least width of a blank in mm.
const LEAST: f32 = 6.0;

/// A blank in a line, and the text before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inner {
    pub what: What,
    pub label: String,
}

/// Where a line may be filled in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub left: f32,
    pub right: f32,
    pub top: f32,
    pub bottom: f32,
}

impl Room {
    fn place(&self, from: f32, to: f32) -> Place {
        [from, self.top, to - from, self.bottom - self.top]
    }
}

/// The blanks of a line, from the left.
pub(super) fn inner(row: &TextRow, room: &Room) -> Vec<Inner> {
    let mut scan = Scan { row, room, at: 0, label: 0, found: Vec::new() };
    while scan.at < row.chars.len() {
        let next =
            scan.date().or_else(|| scan.postal()).or_else(|| scan.ticks()).or_else(|| scan.gap());
        scan.at = next.unwrap_or(scan.at + 1);
    }
    scan.found
}

struct Scan<'a> {
    row: &'a TextRow,
    room: &'a Room,
    at: usize,
    /// Where the label of the next blank begins.
    label: usize,
    found: Vec<Inner>,
}

impl Scan<'_> {
    fn char(&self, index: usize) -> Option<&Char> {
        self.row.chars.get(index)
    }

    /// Where the character before one ends, or the line's room begins.
    fn before(&self, index: usize) -> f32 {
        let before = index.checked_sub(1).and_then(|i| self.char(i));
        before.map_or(self.room.left, |char| char.to)
    }

    /// Notes a blank that begins behind the label; what follows goes on at `next`.
    fn add(&mut self, what: What, label_end: usize, next: usize) -> Option<usize> {
        let label: String = self.row.chars[self.label..label_end].iter().map(|c| c.c).collect();
        let label = label.trim_matches(['：', ':', '・', '、', '（', '）', '(', ')']).to_owned();
        self.found.push(Inner { what, label });
        self.label = next;
        Some(next)
    }

    /// 年, 月 and 日 with room before each.
    fn date(&mut self) -> Option<usize> {
        let (at, em) = (self.at, self.row.em);
        let is = |index: usize, c: char| self.char(index).is_some_and(|char| char.c == c);
        if !(is(at, '年') && is(at + 1, '月')) {
            return None;
        }
        let marks = if is(at + 2, '日') { 3 } else { 2 };
        let text = |from: usize| -> String {
            self.row.chars[from.min(at)..at].iter().map(|char| char.c).collect()
        };
        let era = text(at.saturating_sub(2));
        let (is_reiwa, is_western) = (era == "令和" || era == "平成", era == "西暦");
        let mut parts = Vec::new();
        for index in at..at + marks {
            let mut from = self.before(index);
            let to = self.row.chars[index].from;
            // Nothing before it says where the blank begins.
            if index == at && at == 0 {
                from = from.max(to - 3.5 * em);
            }
            if to - from < 0.7 * em {
                return None;
            }
            parts.push(self.room.place(from + 0.2, to - 0.2));
        }
        let wide = parts[0][2] > 3.0 * em;
        let label_end = if is_reiwa || is_western { at - 2 } else { at };
        let era = is_reiwa || !is_western && !wide;
        self.add(What::Date { era, parts }, label_end.max(self.label), at + marks)
    }

    /// 〒 with a hyphen and room on both of its sides.
    fn postal(&mut self) -> Option<usize> {
        let (at, em) = (self.at, self.row.em);
        let (mark, dash) = (*self.char(at)?, *self.char(at + 1)?);
        if mark.c != '〒' || !is_dash(dash.c) || dash.from - mark.to < em {
            return None;
        }
        let next = self.char(at + 2).map_or(self.room.right, |char| char.from);
        let end = next.min(dash.to + 4.0 * em);
        let (top, bottom) = (self.row.top - 0.15 * em, self.row.bottom + 0.15 * em);
        let line = Room { top, bottom, ..*self.room };
        let parts = vec![line.place(mark.to, dash.from), line.place(dash.to, end)];
        self.add(What::Code(parts), at, at + 2)
    }

    /// Tick boxes, each with the words behind it.
    fn ticks(&mut self) -> Option<usize> {
        let (first, em) = (self.at, self.row.em);
        let is_box = |index: usize| self.char(index).is_some_and(|char| BOXES.contains(&char.c));
        if !is_box(first) {
            return None;
        }
        let (mut all, mut at) = (Vec::new(), first);
        while is_box(at) {
            let Char { from, to, .. } = self.row.chars[at];
            let side = (to - from).min(self.row.bottom - self.row.top);
            let middle = (self.row.top + self.row.bottom) / 2.0;
            let place = [from + (to - from - side) / 2.0, middle - side / 2.0, side, side];
            let (mut word, mut end) = (String::new(), to);
            at += 1;
            while let Some(char) = self.char(at).filter(|_| !is_box(at)) {
                if char.from - end > 2.6 * em {
                    break;
                }
                word.push(char.c);
                end = char.to;
                at += 1;
            }
            let word = word.trim_matches(['・', '、', '／', '/', '，', ',']).to_owned();
            all.push((word, place, None));
        }
        self.add(What::Ticks(all), first, at)
    }

    /// A blank behind a colon, in brackets or on a line of low lines.
    fn gap(&mut self) -> Option<usize> {
        let (at, em) = (self.at, self.row.em);
        let Char { c, to, from } = *self.char(at)?;
        let next = self.char(at + 1).map_or(self.room.right, |char| char.from);
        match c {
            '：' | ':' if next - to >= LEAST.max(2.0 * em) => {
                let end = if next < self.room.right { next - 1.0 } else { next };
                self.add(What::Text(self.room.place(to + 0.3, end)), at, at + 1)
            }
            '（' | '(' if next - to >= LEAST.max(2.0 * em) => {
                let closed = self.char(at + 1).is_some_and(|char| matches!(char.c, '）' | ')'));
                closed.then_some(())?;
                self.add(What::Text(self.room.place(to, next)), at, at + 2)
            }
            '＿' | '_' => {
                let low = |char: &&Char| matches!(char.c, '＿' | '_');
                let count = self.row.chars[at..].iter().take_while(low).count();
                let end = self.row.chars[at + count - 1].to;
                (end - from >= LEAST).then_some(())?;
                self.add(What::Text(self.room.place(from, end)), at, at + count)
            }
            _ => None,
        }
    }
}

fn is_dash(c: char) -> bool {
    "－-−‐ー―–—".contains(c)
}

/// The parts of a telephone number between the hyphens that a line has and nothing else.
pub(super) fn phone(row: &TextRow, room: &Room) -> Option<What> {
    let [first, second] = &row.chars[..] else { return None };
    let em = row.em;
    if !is_dash(first.c) || !is_dash(second.c) || second.from - first.to < em {
        return None;
    }
    let parts = vec![
        room.place(room.left.max(first.from - 7.0 * em), first.from),
        room.place(first.to, second.from),
        room.place(second.to, room.right.min(second.to + 7.0 * em)),
    ];
    Some(What::Code(parts))
}

/// Whether a text is a unit that stands behind a blank.
pub(super) fn is_unit(text: &str) -> bool {
    UNITS.contains(&text)
}

/// Whether a text is nothing but marks around what is to be filled in, such as those of a telephone number.
pub(super) fn is_placeholder(text: &str) -> bool {
    let is_mark = |c: char| "〒－-−‐ー―–—（）()年月日令和西暦〜～／/:：.．".contains(c);
    let dashes = text.chars().filter(|c| is_dash(*c)).count();
    let other = text.chars().any(|c| "〒年月（".contains(c));
    !text.is_empty() && text.chars().all(is_mark) && (dashes >= 2 || other)
}

/// The words of a line that are parted by marks with room around them: of those some are circled.
pub(super) fn words_apart(row: &TextRow) -> Option<Vec<(String, Place)>> {
    let is_mark = |c: char| matches!(c, '・' | '･' | '／' | '/' | '，' | '、');
    let mut words: Vec<(String, f32, f32)> = Vec::new();
    let (mut is_open, mut last, mut wide) = (false, f32::NAN, 0);
    for (index, char) in row.chars.iter().enumerate() {
        if is_mark(char.c) {
            let gap = char.from - last;
            let behind = row.chars.get(index + 1).map_or(0.0, |next| next.from - char.to);
            wide += usize::from(gap > 0.15 * row.em || behind > 0.15 * row.em);
            is_open = false;
            continue;
        }
        match words.last_mut().filter(|_| is_open) {
            // A word by itself with room around it is parted from the next.
            Some(word) if char.from - word.2 < 0.9 * row.em => {
                word.0.push(char.c);
                word.2 = char.to;
            }
            Some(_) => return None,
            None => words.push((char.c.to_string(), char.from, char.to)),
        }
        (is_open, last) = (true, char.to);
    }
    let marks = row.chars.iter().filter(|char| is_mark(char.c)).count();
    let is_list = words.len() >= 2
        && marks + 1 == words.len()
        && (wide == marks)
        && words.iter().all(|(word, ..)| word.chars().count() <= 10);
    let (top, height) = (row.top - 0.1 * row.em, row.bottom - row.top + 0.2 * row.em);
    let place = |(word, from, to): (String, f32, f32)| {
        let around = 0.25 * row.em;
        (word, [from - around, top, to - from + 2.0 * around, height])
    };
    is_list.then(|| words.into_iter().map(place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of characters 4 mm wide from x = 20; a space is an empty place.
    fn row(text: &str) -> TextRow {
        let place = |(i, c): (usize, char)| Char {
            c,
            from: 20.0 + 4.0 * i as f32,
            to: 24.0 + 4.0 * i as f32,
        };
        let chars = text.chars().enumerate().map(place).filter(|char| char.c != ' ').collect();
        TextRow { chars, top: 10.0, bottom: 14.0, em: 4.0 }
    }

    fn found(text: &str) -> Vec<(String, [f32; 2])> {
        let room = Room { left: 20.0, right: 180.0, top: 8.0, bottom: 16.0 };
        let spot = |inner: Inner| {
            let [x, _, w, _] = inner.what.place();
            (inner.label, [x.round(), (x + w).round()])
        };
        inner(&row(text), &room).into_iter().map(spot).collect()
    }

    #[test]
    fn a_colon_begins_a_blank_that_ends_where_the_next_label_begins() {
        assert_eq!(
            found("連絡先：     続柄："),
            [("連絡先".to_owned(), [36.0, 55.0]), ("続柄".to_owned(), [68.0, 180.0])]
        );
        assert!(found("受付時間：10:00から").is_empty());
    }

    #[test]
    fn dates_brackets_and_low_lines_are_blanks() {
        let room = Room { left: 20.0, right: 180.0, top: 8.0, bottom: 16.0 };
        let dates = inner(&row("提出日 令和  年  月  日"), &room);
        assert!(matches!(&dates[0].what, What::Date { era: true, parts } if parts.len() == 3));
        assert_eq!(dates[0].label, "提出日");
        assert!(inner(&row("令和6年5月1日"), &room).is_empty());
        let western = inner(&row("西暦     年  月"), &room);
        assert!(matches!(&western[0].what, What::Date { era: false, parts } if parts.len() == 2));
        assert_eq!(found("代表者（    ）"), [("代表者".to_owned(), [36.0, 52.0])]);
        assert_eq!(found("氏名＿＿＿＿"), [("氏名".to_owned(), [28.0, 44.0])]);
    }

    #[test]
    fn ticks_have_the_words_behind_them() {
        let room = Room { left: 20.0, right: 180.0, top: 8.0, bottom: 16.0 };
        let found = inner(&row("昼食 □要 □不要"), &room);
        let What::Ticks(all) = &found[0].what else { panic!("{found:?}") };
        let words: Vec<&str> = all.iter().map(|(word, ..)| word.as_str()).collect();
        assert_eq!((found[0].label.as_str(), words), ("昼食", vec!["要", "不要"]));
    }

    #[test]
    fn words_with_marks_between_them_are_circled() {
        let words = |text: &str| {
            words_apart(&row(text)).map(|all| all.into_iter().map(|(w, _)| w).collect::<Vec<_>>())
        };
        assert_eq!(words("医科 ・ 歯科 ・ 薬局").unwrap(), ["医科", "歯科", "薬局"]);
        assert_eq!(words("医療機関・薬局"), None);
        assert_eq!(words("有 ・ 無").unwrap(), ["有", "無"]);
    }
}
