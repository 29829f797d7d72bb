//! Which field a blank is: one of the dictionary by its label, or one of the form's own.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::proposal::{Proposal, ProposedBox, ProposedField, Repeated};
use super::{Blank, Place, What};
use crate::form::{Field, Forms, Headings, Kind};

/// How far a box is inside the lines around it, in mm.
const INSIDE: f32 = 0.3;
/// The narrowest box for one digit, in mm.
const DIGIT: f32 = 2.0;
/// How far boxes are from one another, in mm.
const APART: f32 = 0.05;
/// The size at which values must fit, in mm: 6 pt.
const SMALLEST: f32 = 6.0 * 25.4 / 72.0;

/// Gives every blank its field.
pub(super) fn assign(file: &str, hash: &str, blanks: Vec<Blank>, forms: &Forms) -> Proposal {
    let (id, section) = names(file, forms);
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let proposal = Proposal { id, section, title: stem, ..Proposal::empty(file, hash) };
    let mut assigner = Assigner {
        forms,
        headings: Headings::new(forms),
        proposal,
        used: HashSet::new(),
        labels: HashSet::new(),
        lists: 0,
    };
    let mut tables: BTreeMap<usize, Vec<&Blank>> = BTreeMap::new();
    for blank in &blanks {
        if let Some((table, _)) = blank.row {
            tables.entry(table).or_default().push(blank);
        }
    }
    // One row is no list.
    tables.retain(|_, blanks| blanks.iter().any(|blank| blank.row.is_some_and(|(_, row)| row > 0)));
    let mut done = BTreeSet::new();
    for blank in &blanks {
        match blank.row.and_then(|(table, _)| Some((table, tables.get(&table)?))) {
            Some((table, all)) if done.insert(table) => assigner.list(all),
            Some(_) => {}
            None => assigner.single(blank),
        }
    }
    assigner.apart();
    assigner.sample();
    assigner.proposal
}

/// The form's id and section, which no other has.
fn names(file: &str, forms: &Forms) -> (String, String) {
    let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
    let plain: String = stem.chars().map(plain).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let mut id = parts.join("-");
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id = format!("form-{id}").trim_end_matches('-').to_owned();
    }
    let is_free = |id: &str| {
        forms.find(id).is_none() && forms.dictionary().get(&id.replace('-', "_")).is_none()
    };
    let numbered = (2..).map(|number| format!("{id}-{number}"));
    let id = std::iter::once(id.clone()).chain(numbered).find(|id| is_free(id)).unwrap_or(id);
    let section = id.replace('-', "_");
    (id, section)
}

struct Assigner<'a> {
    forms: &'a Forms,
    headings: Headings<'a>,
    proposal: Proposal,
    /// The fields of the dictionary that a page has, by their keys and the page.
    used: HashSet<(String, usize)>,
    /// The labels of the form's own fields.
    labels: HashSet<String>,
    lists: usize,
}

impl<'a> Assigner<'a> {
    /// The field of the dictionary that these labels mean, the group's before the blank's own.
    fn look_up(&self, labels: &[String]) -> Option<&'a Field> {
        let bare = |label: &String| {
            let label = label.trim_start_matches(|c: char| {
                ('①'..='⑳').contains(&c) || ('⑴'..='⒇').contains(&c) || c.is_whitespace()
            });
            let label = label.split(['（', '(', '※']).next().unwrap_or_default();
            label.trim_matches(['：', ':', '・', '*', '＊']).to_owned()
        };
        let labels: Vec<String> =
            labels.iter().map(bare).filter(|label| !label.is_empty()).collect();
        (0..labels.len()).find_map(|from| {
            let column = self.headings.find(&labels[from..].concat()).ok()?;
            self.headings.field(column.path.key()).filter(|_| column.path.selector.is_none())
        })
    }

    fn single(&mut self, blank: &Blank) {
        // A postal code is beside the address, whose label it has.
        let of_code = match &blank.what {
            What::Code(parts) if parts.len() == 2 => {
                let outer = &blank.labels[..blank.labels.len().saturating_sub(1)];
                self.look_up(&[outer, &["郵便番号".to_owned()]].concat())
            }
            _ => None,
        };
        let known = of_code.or_else(|| self.look_up(&blank.labels)).filter(|field| {
            fits(field, &blank.what) && !self.used.contains(&(field.key.clone(), blank.page))
        });
        let field = match known {
            Some(field) => {
                self.used.insert((field.key.clone(), blank.page));
                field.key.clone()
            }
            None => match &blank.what {
                What::Code(parts) if parts.len() == 2 => {
                    let outer = blank.labels.last().cloned().unwrap_or_default();
                    self.own(&[outer, "郵便番号".to_owned()], &blank.what)
                }
                _ => self.own(&blank.labels, &blank.what),
            },
        };
        for one in boxes(blank, &field) {
            self.proposal.boxes.push(one);
        }
    }

    /// A field of the form's own for a blank.
    fn own(&mut self, labels: &[String], what: &What) -> String {
        let number = self.proposal.fields.len() + 1;
        let key = format!("{}.f{number}", self.proposal.section);
        let label = self.unique(labels, number);
        let field = proposed(key.clone(), label, labels.last().map_or("", String::as_str), what);
        self.proposal.fields.push(field);
        key
    }

    /// A label that no other field of the form has.
    fn unique(&mut self, labels: &[String], number: usize) -> String {
        let short = |label: &String| label.chars().take(40).collect::<String>();
        let labels: Vec<String> = labels.iter().map(short).filter(|l| !l.is_empty()).collect();
        let base = if labels.is_empty() { format!("欄{number}") } else { labels.join(" ") };
        let numbered = (2..).map(|again| format!("{base} {again}"));
        let mut all = std::iter::once(base.clone()).chain(numbered);
        let free = all.find(|label| !self.labels.contains(label)).unwrap_or(base);
        self.labels.insert(free.clone());
        free
    }

    /// The rows of a table as a list.
    fn list(&mut self, blanks: &[&Blank]) {
        self.lists += 1;
        let key = format!("{}.list{}", self.proposal.section, self.lists);
        let title: Vec<String> = blanks[0].labels.iter().rev().skip(1).take(1).cloned().collect();
        let title = if title.is_empty() { vec!["一覧".to_owned()] } else { title };
        let label = self.unique(&title, self.lists);
        self.proposal.fields.push(ProposedField {
            key: key.clone(),
            label,
            kind: Kind::List,
            choices: Vec::new(),
            length: None,
            example: String::new(),
        });
        let left = |blank: &&&Blank| (blank.what.place()[0] * 2.0).round() as i32;
        let mut columns: BTreeMap<i32, Vec<&Blank>> = BTreeMap::new();
        for blank in blanks {
            columns.entry(left(&blank)).or_default().push(blank);
        }
        let mut names = HashSet::new();
        for (number, column) in (1..).zip(columns.into_values()) {
            let own: Vec<String> = column[0].labels.last().cloned().into_iter().collect();
            let base = own.first().cloned().unwrap_or_else(|| format!("欄{number}"));
            let again = (2..).map(|again| format!("{base} {again}"));
            let mut all = std::iter::once(base.clone()).chain(again);
            let label = all.find(|label| names.insert(label.clone())).unwrap_or(base);
            let inner = format!("c{number}");
            let field = format!("{key}.{inner}");
            let what = &column[0].what;
            let last = own.last().map_or("", String::as_str);
            self.proposal.fields.push(proposed(field, label, last, what));
            self.column(&key, &inner, &column);
        }
    }

    /// The boxes of a list's column: as rows that are repeated where they are even.
    fn column(&mut self, list: &str, inner: &str, column: &[&Blank]) {
        let rows: Vec<(usize, f32)> = column
            .iter()
            .map(|blank| (blank.row.map_or(0, |(_, row)| row), blank.what.place()[1]))
            .collect();
        let steps: Vec<f32> = rows.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
        let mean = steps.iter().sum::<f32>() / steps.len().max(1) as f32;
        let is_even = rows.iter().enumerate().all(|(place, (row, _))| place == *row)
            && rows.len() > 1
            && steps.iter().all(|step| (step - mean).abs() < 0.25)
            // The boxes of all rows are as high as that of the first.
            && column.iter().all(|blank| {
                (blank.what.place()[3] - column[0].what.place()[3]).abs() < 0.25
            })
            && column.iter().all(|blank| matches!(blank.what, What::Text(_)));
        if is_even {
            for mut one in boxes(column[0], "") {
                one.field = format!("item.{inner}");
                let step = (mean * 100.0).round() / 100.0;
                one.repeat = Some(Repeated { list: list.to_owned(), times: rows.len(), step });
                self.proposal.boxes.push(one);
            }
            return;
        }
        for (blank, (row, _)) in column.iter().zip(rows) {
            self.proposal.boxes.extend(boxes(blank, &format!("{list}[{row}].{inner}")));
        }
    }

    /// Boxes that reach into one another are made smaller, or left out.
    fn apart(&mut self) {
        let mut kept: Vec<(usize, Place)> = Vec::new();
        self.proposal.boxes.retain_mut(|one| {
            let rows = one.repeat.as_ref().map_or(1, |repeat| repeat.times);
            let step = one.repeat.as_ref().map_or(0.0, |repeat| repeat.step);
            for (_, other) in kept.iter().filter(|(page, _)| *page == one.page) {
                let place = &mut one.at;
                let across =
                    (place[0] + place[2]).min(other[0] + other[2]) - place[0].max(other[0]);
                let down = (place[1] + place[3]).min(other[1] + other[3]) - place[1].max(other[1]);
                if across <= 0.0 || down <= 0.0 {
                    continue;
                }
                let (side, part) = match across < down && across < 0.4 * place[2] {
                    true => (0, across),
                    false => (1, down),
                };
                // What is before the other ends there; what is not begins behind it.
                let end = place[side] + place[side + 2];
                let room = match place[side] < other[side] {
                    true => (place[side], other[side] - APART),
                    false => (place[side] + part + APART, end),
                };
                (place[side], place[side + 2]) = (room.0, room.1 - room.0);
                // Boxes for digits are no longer where the paper has them.
                one.show = one.show.take().filter(|show| show != "digits");
            }
            let is_large = one.at[2] >= 1.5 && one.at[3] >= 2.3;
            if is_large {
                kept.extend((0..rows).map(|row| {
                    let [x, y, w, h] = one.at;
                    (one.page, [x, y + step * row as f32, w, h])
                }));
            }
            is_large
        });
        for one in &mut self.proposal.boxes {
            one.at = within(one.at);
        }
        let used: HashSet<String> = self
            .proposal
            .boxes
            .iter()
            .map(|one| match &one.repeat {
                Some(repeat) => one.field.replacen("item", &repeat.list, 1),
                None => crate::key::plain_key(&one.field),
            })
            .collect();
        let is_above = |key: &str| used.iter().any(|used| used.starts_with(&format!("{key}.")));
        self.proposal.fields.retain(|field| used.contains(&field.key) || is_above(&field.key));
    }

    /// A record that fills in what has room for its example.
    fn sample(&mut self) {
        let mut sample = Map::new();
        let own: BTreeMap<&str, &ProposedField> =
            self.proposal.fields.iter().map(|field| (field.key.as_str(), field)).collect();
        let mut tight = HashSet::new();
        let mut examples: Vec<(String, Kind, String)> = Vec::new();
        for one in &self.proposal.boxes {
            let path = match &one.repeat {
                Some(repeat) => one.field.replacen("item", &format!("{}[0]", repeat.list), 1),
                None => one.field.clone(),
            };
            let key = crate::key::plain_key(&path);
            let (kind, example) = match own.get(key.as_str()) {
                Some(field) => (field.kind, field.example.clone()),
                None => match self.forms.dictionary().get(&key) {
                    Some(field) => (field.kind, field.example.clone()),
                    None => continue,
                },
            };
            let is_whole = one.show.is_none() && one.part.is_none();
            if example.is_empty() || is_whole && !has_room(&one.at, &example) {
                tight.insert(path.clone());
            }
            examples.push((path, kind, example));
        }
        for (path, kind, example) in examples.into_iter().filter(|(path, ..)| !tight.contains(path))
        {
            let value = match kind {
                Kind::Boolean => Value::Bool(true),
                Kind::Integer | Kind::Month => {
                    example.parse::<i64>().map_or_else(|_| json!(example), |number| json!(number))
                }
                _ => json!(example),
            };
            put(&mut sample, &path, value);
        }
        sample.entry(self.proposal.section.clone()).or_insert_with(|| json!({}));
        self.proposal.sample = sample;
    }
}

/// A place in hundredths of a millimetre, no larger than it was: it may end where the page ends.
fn within([x, y, w, h]: Place) -> Place {
    let side = |from: f32, size: f32| {
        let (first, end) = ((from * 100.0).round(), ((from + size) * 100.0 + 0.01).floor());
        (first / 100.0, (end - first) / 100.0)
    };
    let ((x, w), (y, h)) = (side(x, w), side(y, h));
    [x, y, w, h]
}

/// Puts a value into a record under a key such as `a.b[0].c`; items before it are there and empty.
fn put(record: &mut Map<String, Value>, path: &str, value: Value) {
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    let (name, index) = match head.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
        None => (head, None),
    };
    let Some(rest) = rest else {
        record.insert(name.to_owned(), value);
        return;
    };
    let slot = record.entry(name.to_owned()).or_insert_with(|| match index {
        Some(_) => json!([]),
        None => json!({}),
    });
    let inside = match (index, slot) {
        (Some(index), Value::Array(items)) => {
            while items.len() <= index {
                items.push(json!({}));
            }
            &mut items[index]
        }
        (_, slot) => slot,
    };
    if let Value::Object(inside) = inside {
        put(inside, rest, value);
    }
}

/// Whether a text fits a box at the smallest size, on as many as two lines.
fn has_room(&[_, _, w, h]: &Place, text: &str) -> bool {
    let width: f32 = text.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum();
    let lines = ((h - 0.4) / (1.2 * SMALLEST)).floor().clamp(1.0, 2.0);
    let room = w - 2.0 * pad(w);
    width * SMALLEST <= room || (lines > 1.0 && (width / lines + 1.5) * SMALLEST <= room)
}

/// The space left and right in a box of this width.
pub(super) fn pad(width: f32) -> f32 {
    if width < 25.0 { 0.3 } else { 1.0 }
}

/// Whether a field of the dictionary can be printed in a blank.
fn fits(field: &Field, what: &What) -> bool {
    let has_all = |words: &mut dyn Iterator<Item = &str>| {
        let words: Vec<&str> = words.collect();
        field.kind == Kind::Choice
            && words.iter().all(|word| field.choice(word).is_some_and(|(c, _)| c.value == *word))
            && field.choices.iter().all(|choice| words.contains(&choice.value.as_str()))
    };
    match what {
        What::Text(_) => !field.kind.is_group() && field.kind != Kind::Boolean,
        What::Digits(_, count) => field.kind == Kind::Digits && field.boxes() == *count,
        What::Date { parts, .. } => match parts.len() {
            3 => field.kind == Kind::Date,
            _ => field.kind == Kind::YearMonth,
        },
        What::Code(parts) => match parts.len() {
            2 => field.kind == Kind::PostalCode,
            _ => field.kind == Kind::Phone,
        },
        What::Ticks(all) => has_all(&mut all.iter().map(|(word, ..)| word.as_str())),
        What::Circles(all) => has_all(&mut all.iter().map(|(word, _)| word.as_str())),
        What::Choice(_, words) => has_all(&mut words.iter().map(String::as_str)),
    }
}

/// A field of the form's own, of the kind that its blank and its label say.
fn proposed(key: String, label: String, own: &str, what: &What) -> ProposedField {
    let mut choices = Vec::new();
    let mut length = None;
    let mut distinct = |words: &mut dyn Iterator<Item = &String>| {
        for (number, word) in (1..).zip(words) {
            let word = if word.is_empty() { format!("選択肢{number}") } else { word.clone() };
            if !choices.contains(&word) {
                choices.push(word);
            }
        }
    };
    let kind = match what {
        What::Text(place) => kind_of(own, place),
        What::Digits(_, count) => {
            length = Some(*count);
            Kind::Digits
        }
        What::Date { parts, .. } if parts.len() == 3 => Kind::Date,
        What::Date { .. } => Kind::YearMonth,
        What::Code(parts) if parts.len() == 2 => Kind::PostalCode,
        What::Code(_) => Kind::Phone,
        What::Ticks(all) if all.len() == 1 => Kind::Boolean,
        What::Ticks(all) => {
            distinct(&mut all.iter().map(|(word, ..)| word));
            Kind::Choice
        }
        What::Circles(all) => {
            distinct(&mut all.iter().map(|(word, _)| word));
            Kind::Choice
        }
        What::Choice(_, words) => {
            distinct(&mut words.iter());
            Kind::Choice
        }
    };
    let example = match (kind, choices.first(), length) {
        (Kind::Choice, Some(first), _) => first.clone(),
        (Kind::Digits, _, Some(length)) => "1234567890".chars().cycle().take(length).collect(),
        _ => example(kind).to_owned(),
    };
    ProposedField { key, label, kind, choices, length, example }
}

/// The kind of a value, by the label of its blank.
fn kind_of(label: &str, place: &Place) -> Kind {
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    let room = |kind: Kind| if has_room(place, example(kind)) { kind } else { Kind::Text };
    match () {
        () if has(&["郵便番号"]) => room(Kind::PostalCode),
        () if has(&["メール", "E-mail", "Email", "e-mail", "E-Mail"]) => room(Kind::Email),
        () if has(&["電話", "TEL", "ＴＥＬ", "Tel", "FAX", "ＦＡＸ", "ファクス"]) => {
            room(Kind::Phone)
        }
        () if has(&["フリガナ", "カナ"]) => room(Kind::Kana),
        () if has(&["ふりがな"]) => room(Kind::Hiragana),
        () if has(&["住所", "所在地"]) => room(Kind::Address),
        () if has(&["生年月日", "年月日", "期日"]) => room(Kind::Date),
        () if has(&["人数", "台数", "年齢", "金額", "件数", "員数", "個数", "回数"]) => {
            Kind::Integer
        }
        () => Kind::Text,
    }
}

/// A value that a kind accepts.
fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "見本",
        Kind::Address => "東京都千代田区霞が関1-2-2",
        Kind::Kana => "ミホン",
        Kind::Hiragana => "みほん",
        Kind::PostalCode => "100-0013",
        Kind::Phone => "03-0000-0000",
        Kind::Email => "a@example.jp",
        Kind::Date => "2024-05-01",
        Kind::YearMonth => "2024-05",
        Kind::Month | Kind::Integer | Kind::Digits => "1",
        Kind::Boolean => "true",
        Kind::Section | Kind::List | Kind::Choice => "",
    }
}

/// The boxes of a blank.
fn boxes(blank: &Blank, field: &str) -> Vec<ProposedBox> {
    let inside = |[x, y, w, h]: Place| {
        [x + INSIDE, y + INSIDE, (w - 2.0 * INSIDE).max(0.5), (h - 2.0 * INSIDE).max(0.5)]
    };
    let one = |at: Place| ProposedBox {
        page: blank.page + 1,
        at,
        field: field.to_owned(),
        label: blank.labels.join(" > "),
        pdf_field: blank.pdf_field.clone(),
        ..ProposedBox::default()
    };
    let shown = |at, show: &str| ProposedBox { show: Some(show.to_owned()), ..one(at) };
    match &blank.what {
        What::Text(place) | What::Choice(place, _) => vec![one(inside(*place))],
        // The boxes that the paper has are divided as it has them.
        What::Digits(place, count) if place[2] >= DIGIT * *count as f32 => {
            vec![shown(*place, "digits")]
        }
        // Too narrow for a digit each: they stand side by side.
        What::Digits(place, _) => vec![one(inside(*place))],
        What::Date { era, parts } => {
            let year = if *era { "era-year" } else { "year" };
            let names = [year, "month", "day"];
            let part = |(place, name): (&Place, &str)| ProposedBox {
                part: Some(name.to_owned()),
                ..one(inside(*place))
            };
            parts.iter().zip(names).map(part).collect()
        }
        What::Code(parts) => {
            let part = |(place, name): (&Place, &str)| ProposedBox {
                part: Some(name.to_owned()),
                ..one(inside(*place))
            };
            parts.iter().zip(["first", "second", "third"]).map(part).collect()
        }
        What::Ticks(all) if all.len() == 1 => {
            let (_, place, state) = &all[0];
            let is = Some("true".to_owned());
            vec![ProposedBox { is, pdf_state: state.clone(), ..shown(*place, "tick") }]
        }
        What::Ticks(all) => {
            let tick =
                |(number, (word, place, state)): (usize, &(String, Place, Option<String>))| {
                    let word =
                        if word.is_empty() { format!("選択肢{number}") } else { word.clone() };
                    ProposedBox {
                        is: Some(word),
                        pdf_state: state.clone(),
                        ..shown(*place, "tick")
                    }
                };
            (1..).zip(all).map(tick).collect()
        }
        What::Circles(all) => {
            let circle = |(word, place): &(String, Place)| ProposedBox {
                is: Some(word.clone()),
                ..shown(*place, "circle")
            };
            all.iter().map(circle).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_another_height_are_boxes_of_their_own() {
        let boxes = |heights: [f32; 3]| {
            let blank = |(row, height): (usize, f32)| Blank {
                page: 0,
                what: What::Text([20.0, 50.0 + 9.0 * row as f32, 60.0, height]),
                labels: vec!["見学者の氏名".into()],
                row: Some((0, row)),
                pdf_field: None,
            };
            let blanks = heights.into_iter().enumerate().map(blank).collect();
            let proposal = assign("x.pdf", "", blanks, Forms::built_in());
            let boxes = proposal.boxes.iter();
            boxes.map(|one| (one.repeat.is_some(), one.at[3])).collect::<Vec<_>>()
        };
        // A box is inside its cell by 0.3 mm at each side.
        assert_eq!(boxes([8.0; 3]), [(true, 7.4)]);
        assert_eq!(boxes([8.0, 8.0, 5.0]), [(false, 7.4), (false, 7.4), (false, 4.4)]);
    }
}
