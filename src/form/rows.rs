//! Rows of a table as they are written, those among them that are repeated for the items of a list, and
//! the words in braces of what a form prints.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::definition::Builder;
use super::model::{Cell, LONGEST_LIST, Row};
use crate::report::{Text, suggest};
use crate::sheet::Stroke;
use crate::yaml::Spanned;

/// What a text prints in place of the number of its page.
pub(crate) const PAGE: &str = "{page}";
/// What a text prints in place of how many pages there are.
pub(crate) const PAGES: &str = "{pages}";
/// What a text prints in place of the form's title.
const TITLE: &str = "title";
/// What a text of repeated rows prints in place of the item's number.
const NUMBER: &str = "number";

/// A row, or rows that are repeated.
#[derive(Clone, Debug)]
pub enum Rows {
    /// A row.
    Row(Row),
    /// Rows repeated for a list.
    Repeat(Repeat),
}

impl JsonSchema for Rows {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rows".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let cells = generator.subschema_for::<Vec<Cell>>();
        let (row, repeat) = (generator.subschema_for::<Row>(), generator.subschema_for::<Repeat>());
        json_schema!({ "anyOf": [cells, row, repeat] })
    }
}

/// Rows that are repeated for the items of a list, of which it has either `times` or `items`. In them
/// `item.name` is the field `name` of the item.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Repeat {
    /// The key of the list.
    #[schemars(with = "String")]
    pub repeat: Spanned<String>,
    /// How many items have rows here. A longer list goes on in the next rows that repeat it, and on a
    /// page that `continues` it; without one it is an error.
    #[schemars(default)]
    pub times: Option<usize>,
    /// With `items`, the field whose value tells an item from the others.
    #[schemars(default, with = "Option<String>")]
    pub by: Option<Spanned<String>>,
    /// The items that the form itself names: for each the value of the field `by`, and texts that its
    /// rows print where they have the name in braces, such as `{maker}`.
    #[schemars(default, with = "Vec<BTreeMap<String, String>>")]
    pub items: Vec<Spanned<BTreeMap<String, String>>>,
    /// Rows above the items; a continuation page has them too.
    #[schemars(default, with = "Vec<Row>")]
    pub head: Vec<Spanned<Row>>,
    /// The rows of an item; where absent, as on a continuation page, those that the list had before.
    #[schemars(default, with = "Vec<Row>")]
    pub rows: Vec<Spanned<Row>>,
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor)
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Rows::deserialize(deserializer)? {
            Rows::Row(row) => Ok(row),
            Rows::Repeat(_) => {
                Err(serde::de::Error::custom("rows that are repeated cannot repeat others"))
            }
        }
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Rows;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cells, a map with height and cells, or a map with repeat and rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = seq.next_element()? {
            cells.push(cell);
        }
        Ok(Rows::Row(Row { is_again: false, height: None, top: None, cells }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rows, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            #[serde(default)]
            height: Option<f32>,
            #[serde(default)]
            top: Option<Stroke>,
            #[serde(default)]
            cells: Option<Vec<Spanned<Cell>>>,
            #[serde(default)]
            repeat: Option<Spanned<String>>,
            #[serde(default)]
            times: Option<usize>,
            #[serde(default)]
            by: Option<Spanned<String>>,
            #[serde(default)]
            items: Vec<Spanned<BTreeMap<String, String>>>,
            #[serde(default)]
            head: Vec<Spanned<Row>>,
            #[serde(default)]
            rows: Vec<Spanned<Row>>,
        }
        let whole = Whole::deserialize(MapAccessDeserializer::new(map))?;
        let Whole { height, top, cells, repeat, times, by, items, head, rows } = whole;
        let refused = |why: &str| Err(serde::de::Error::custom(why));
        match (repeat, cells) {
            (Some(repeat), None) if height.is_none() && top.is_none() => {
                Ok(Rows::Repeat(Repeat { repeat, times, by, items, head, rows }))
            }
            (Some(_), _) => refused(
                "rows with `repeat` take times or items, by, head and rows: height, top and cells belong to each of its rows",
            ),
            (None, Some(cells))
                if times.is_none()
                    && by.is_none()
                    && items.is_empty()
                    && head.is_empty()
                    && rows.is_empty() =>
            {
                Ok(Rows::Row(Row { is_again: false, height, top, cells }))
            }
            (None, Some(_)) => {
                refused("times, by, items, head and rows belong to rows with `repeat`")
            }
            (None, None) => refused("a row has `cells`, and rows that are repeated have `repeat`"),
        }
    }
}

/// The head and the rows that a list had first.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    head: Vec<Spanned<Row>>,
    rows: Vec<Spanned<Row>>,
}

/// The item that repeated rows are for.
pub(super) struct Item<'a> {
    /// The item in the list, as a path has it: `loan.items[0]`.
    pub path: String,
    /// What its texts print for words in braces.
    texts: BTreeMap<&'a str, String>,
}

impl Builder<'_> {
    /// Rows for the items of a list. `height` is that of rows which give none.
    pub(super) fn repeat(
        &mut self,
        repeat: Repeat,
        height: Option<f32>,
        at: &Spanned<()>,
    ) -> Vec<Spanned<Row>> {
        let list = &repeat.repeat;
        let own = Pattern { head: repeat.head, rows: repeat.rows };
        let pattern = match self.patterns.get(&list.value) {
            Some(known) if own.rows.is_empty() => {
                let head = if own.head.is_empty() { known.head.clone() } else { own.head };
                Pattern { head, rows: known.rows.clone() }
            }
            _ => own,
        };
        if pattern.rows.is_empty() {
            let message = Text::new(
                "繰り返す行がありません。rows に書いてください",
                "there are no rows to repeat: write them in rows",
            );
            self.fault(message, at);
        }
        self.patterns.entry(list.value.clone()).or_insert_with(|| pattern.clone());
        let items = match (repeat.times, &repeat.by) {
            (Some(times @ 1..=LONGEST_LIST), None) if repeat.items.is_empty() => {
                self.numbered(list, times)
            }
            (None, Some(by)) if !repeat.items.is_empty() => self.named(list, by, &repeat.items),
            _ => {
                let message = Text::new(
                    format!(
                        "繰り返す行には、times（1〜{LONGEST_LIST}）か、by と items のどちらかを書きます"
                    ),
                    format!(
                        "rows that are repeated take either times (1 to {LONGEST_LIST}), or by and items"
                    ),
                );
                self.fault(message, at);
                return Vec::new();
            }
        };
        let head = pattern.head.into_iter().map(|row| self.row(row, height, None, false));
        let mut rows: Vec<_> = head.collect();
        for (i, item) in items.iter().enumerate() {
            let own = pattern.rows.iter().cloned();
            rows.extend(own.map(|row| self.row(row, height, Some(item), i > 0)));
        }
        rows
    }

    /// The next items of a list.
    fn numbered(&mut self, list: &Spanned<String>, times: usize) -> Vec<Item<'static>> {
        if self.continued.contains(&list.value) {
            let message = Text::new(
                format!("{} には続きのページがあります。行はその前に置いてください", list.value),
                format!("{} has gone on on a page of its own: put the rows before it", list.value),
            );
            self.fault(message, list);
        }
        let next = self.printed.entry(list.value.clone()).or_default();
        let from = *next;
        *next += times;
        (from..from + times)
            .map(|i| Item {
                path: format!("{}[{i}]", list.value),
                texts: BTreeMap::from([(NUMBER, (i + 1).to_string())]),
            })
            .collect()
    }

    /// The items that the form names.
    fn named<'i>(
        &mut self,
        list: &Spanned<String>,
        by: &Spanned<String>,
        items: &'i [Spanned<BTreeMap<String, String>>],
    ) -> Vec<Item<'i>> {
        let mut all = Vec::new();
        for (number, item) in (1..).zip(items) {
            let Some(value) = item.value.get(&by.value).filter(|value| !value.contains(']')) else {
                let message = Text::new(
                    format!("この項目に {} の値がありません（「]」は使えません）", by.value),
                    format!("the item has no value for {} (which cannot have a `]`)", by.value),
                );
                self.fault(message, item);
                continue;
            };
            let texts = item.value.iter().map(|(name, text)| (name.as_str(), text.clone()));
            all.push(Item {
                path: format!("{}[{}={value}]", list.value, by.value),
                texts: [(NUMBER, number.to_string())].into_iter().chain(texts).collect(),
            });
        }
        all
    }

    /// A text with what is known of its words in braces put in; those of the page stay.
    pub(super) fn words<T>(
        &mut self,
        text: &str,
        item: Option<&Item<'_>>,
        at: &Spanned<T>,
    ) -> String {
        let mut put = String::new();
        let mut rest = text;
        while let Some((before, word)) = next_word(rest) {
            put += before;
            rest = &rest[before.len() + word.len() + 2..];
            let known = item.and_then(|item| item.texts.get(word).map(String::as_str));
            match known {
                Some(text) => put += text,
                None if word == TITLE => put += self.title,
                None => {
                    let braced = format!("{{{word}}}");
                    if braced != PAGE && braced != PAGES {
                        self.unknown_word(word, item, at);
                    }
                    put += &braced;
                }
            }
        }
        put + rest
    }

    fn unknown_word<T>(&mut self, word: &str, item: Option<&Item<'_>>, at: &Spanned<T>) {
        let mut known = vec!["page", "pages", TITLE];
        known.extend(item.into_iter().flat_map(|item| item.texts.keys().copied()));
        let braced: Vec<String> = known.iter().map(|word| format!("{{{word}}}")).collect();
        let message = Text::new(
            format!("{{{word}}} に入るものがありません。使えるのは {} です", braced.join("、")),
            format!("nothing is put in place of {{{word}}}: there are {}", braced.join(", ")),
        );
        self.fault_with(message, suggest(word, known.into_iter()), at);
    }
}

/// The text before the next word in braces, and the word: lower-case letters and digits.
fn next_word(text: &str) -> Option<(&str, &str)> {
    text.match_indices('{').find_map(|(start, _)| {
        let inside = &text[start + 1..];
        let word = &inside[..inside.find('}')?];
        let is_word = word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        is_word.then_some((&text[..start], word))
    })
}

#[cfg(test)]
mod tests {
    use super::next_word;

    #[test]
    fn a_word_in_braces_is_of_lower_case_letters() {
        assert_eq!(next_word("{甲} 第{page}頁"), Some(("{甲} 第", "page")));
        assert_eq!(next_word("{page"), None);
        assert_eq!(next_word("{ page }{}"), None);
    }
}
