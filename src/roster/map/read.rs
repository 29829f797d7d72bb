//! A map out of its YAML, with every fault at its line.

use super::super::take::Take;
use super::words::{Part, is, join_between, join_columns, unused};
use super::{Copied, Join, Map, Mapped, Named, To, Translated, between as between_of};
use crate::form::{Column, HeadingFault, Headings};
use crate::key::FieldPath;
use crate::record::{self, Key, Node, NodeValue};
use crate::report::{Diagnostic, Lang, Place, Report, Source, Text, suggest};

pub(super) fn read(
    name: &str,
    bytes: &[u8],
    headings: &Headings<'_>,
) -> Result<Map, (Source, Report)> {
    let (record, slips) = record::read_forgiving(name, bytes)?;
    if slips.errors() > 0 {
        return Err((record.source, slips));
    }
    let map = Map { source: record.source, ..Map::default() };
    let mut reader = Reader { headings, map, given: Vec::new(), used: Vec::new() };
    reader.read(&record.root);
    reader.map.faults.sort();
    Ok(reader.map)
}

struct Reader<'r, 'a> {
    headings: &'r Headings<'a>,
    map: Map,
    /// Every field that is given, and where.
    given: Vec<(String, Place)>,
    /// Every heading that is used or ignored once, and where.
    used: Vec<(String, Place)>,
}

impl Reader<'_, '_> {
    fn read(&mut self, root: &Node) {
        let mut seen: Vec<Part> = Vec::new();
        for (key, node) in root.entries() {
            let Some(part) = Part::ALL.into_iter().find(|part| is(&key.text, &part.key())) else {
                self.unknown_key(key, Part::ALL.iter().map(|part| part.key()));
                continue;
            };
            if seen.contains(&part) {
                self.fault(
                    "duplicate-field",
                    &key.place,
                    Text::new(
                        format!("「{}」が二度書かれています", key.text),
                        format!("{} is written twice", key.text),
                    ),
                    Some(Text::new("一つにまとめてください", "put them together")),
                );
                continue;
            }
            seen.push(part);
            if !matches!(node.value, NodeValue::Null) {
                self.part(part, node);
            }
        }
    }

    fn part(&mut self, part: Part, node: &Node) {
        match part {
            Part::Sheet => {
                if let Some(text) = self.scalar(node) {
                    self.map.sheet = Some(text);
                }
            }
            Part::Heading => self.rows(node),
            Part::Columns => self.columns(node),
            Part::Join => self.joins(node),
            Part::Ignore => {
                for named in self.names(node) {
                    self.use_heading(&named);
                    self.map.ignored.push(named);
                }
            }
            Part::Constants => self.constants(node),
            Part::Same => self.copies(node),
            Part::Translate => self.translate(node),
            Part::LeaveOut => {
                for (key, node) in self.entries(node) {
                    let texts = self.names(node).into_iter().map(|named| named.text).collect();
                    let named = Named { text: key.text.clone(), place: key.place.clone() };
                    self.map.left_out.push((named, texts));
                }
            }
            Part::Key => self.map.key = self.names(node),
        }
    }

    fn rows(&mut self, node: &Node) {
        let named = self.names(node);
        let rows: Vec<Option<u32>> = named.iter().map(|n| n.text.trim().parse().ok()).collect();
        let is_sound = match rows[..] {
            [Some(row)] => row > 0,
            [Some(first), Some(second)] => first > 0 && first.checked_add(1) == Some(second),
            _ => false,
        };
        if !is_sound {
            let (ja, en) = ("見出しの行は番号で書きます", "the row of headings is a number");
            let hint = Text::new(
                "例: 3。二行にわたる見出しは [3, 4]",
                "such as 3; headings in two rows are [3, 4]",
            );
            return self.fault("kind", &node.place, Text::new(ja, en), Some(hint));
        }
        self.map.heading = rows.into_iter().flatten().collect();
    }

    fn columns(&mut self, node: &Node) {
        for (key, node) in self.entries(node) {
            let heading = Named { text: key.text.clone(), place: key.place.clone() };
            self.use_heading(&heading);
            let to = match &node.value {
                NodeValue::Map(entries) => {
                    let pieces = entries.iter().filter_map(|(key, node)| self.piece(key, node));
                    Some(To::Pieces(pieces.collect()))
                }
                NodeValue::Scalar(text) if is(text, &unused()) => {
                    self.map.ignored.push(heading);
                    continue;
                }
                NodeValue::Scalar(text) => self.field(text, &node.place).map(To::Field),
                NodeValue::Null => {
                    let hint = Text::new(
                        "項目を書くか、使わない列なら「使わない」と書いてください",
                        "write the field, or `unused` for a column that is not used",
                    );
                    let message = Text::new(
                        format!("列「{}」の項目が書かれていません", key.text),
                        format!("there is no field for the column {}", key.text),
                    );
                    self.fault("required", &key.place, message, Some(hint));
                    None
                }
                NodeValue::List(_) => {
                    self.shape(&node.place);
                    None
                }
            };
            match to {
                Some(to) => self.map.columns.push(Mapped { heading, to }),
                None => self.map.unclear.push(heading),
            }
        }
    }

    /// What is taken out of a column, and the field it is.
    fn piece(&mut self, key: &Key, node: &Node) -> Option<(Take, Option<FieldPath>)> {
        let Some(take) = Take::ALL.into_iter().find(|take| is(&key.text, &take.key())) else {
            self.unknown_key(key, Take::ALL.iter().map(|take| take.key()));
            return None;
        };
        match &node.value {
            NodeValue::Null => Some((take, None)),
            NodeValue::Scalar(text) if is(text, &unused()) => Some((take, None)),
            NodeValue::Scalar(text) => Some((take, Some(self.field(text, &node.place)?))),
            NodeValue::List(_) | NodeValue::Map(_) => {
                self.shape(&node.place);
                None
            }
        }
    }

    fn joins(&mut self, node: &Node) {
        for (key, node) in self.entries(node) {
            let to = self.field(&key.text, &key.place);
            let (columns, between) = match &node.value {
                NodeValue::Map(entries) => {
                    let (mut columns, mut between) = (Vec::new(), None::<Vec<String>>);
                    for (key, node) in entries {
                        if is(&key.text, &join_columns()) {
                            columns = self.names(node);
                        } else if is(&key.text, &join_between()) {
                            between = Some(self.names(node).into_iter().map(|n| n.text).collect());
                        } else {
                            self.unknown_key(key, [join_columns(), join_between()].into_iter());
                        }
                    }
                    (columns, between)
                }
                _ => (self.names(node), None),
            };
            if columns.len() < 2 {
                let message = Text::new(
                    format!("「{}」につなぐ列を二つ以上書いてください", key.text),
                    format!("name two or more columns to be joined as {}", key.text),
                );
                let hint = Text::new("例: [都道府県, 市区町村, 番地]", "such as [city, street]");
                self.fault("required", &node.place, message, Some(hint));
                continue;
            }
            let gaps = columns.len() - 1;
            let between: Vec<String> = match between {
                Some(between) if between.len() == gaps => between,
                Some(between) if between.len() == 1 => vec![between[0].clone(); gaps],
                Some(between) => {
                    let count = between.len();
                    let message = Text::new(
                        format!("つなぐ列は {} 列ですが、間が {count} 個あります", columns.len()),
                        format!("{} columns have {gaps} gaps, not {count}", columns.len()),
                    );
                    let hint = Text::new(
                        format!("一つだけ書くか、{gaps} 個書いてください"),
                        format!("write one text, or {gaps}"),
                    );
                    self.fault("kind", &node.place, message, Some(hint));
                    continue;
                }
                None => {
                    let field = to.as_ref().and_then(|to| self.headings.field(to.key()));
                    vec![field.map_or("", between_of).to_owned(); gaps]
                }
            };
            if let Some(to) = to {
                self.map.joins.push(Join { to, columns, between });
            }
        }
    }

    fn constants(&mut self, node: &Node) {
        for (key, node) in self.entries(node) {
            let Some(path) = self.field(&key.text, &key.place) else { continue };
            let texts: Vec<String> = self.names(node).into_iter().map(|named| named.text).collect();
            if texts.is_empty() {
                continue;
            }
            let text = texts.join("・");
            // Every column's key is the dictionary's.
            let Some(field) = self.headings.field(path.key()) else { continue };
            let parts = field.parts(&text);
            let parts = if parts.is_empty() { vec![text.as_str()] } else { parts };
            let refused = parts.into_iter().find_map(|part| field.read(part).err());
            match refused {
                Some(refused) => {
                    let fault = refused.diagnostic().with_field(path.written());
                    self.map.faults.push(fault.at(Some(node.place.clone())));
                }
                None => self.map.constants.push((path.written().to_owned(), text)),
            }
        }
    }

    fn copies(&mut self, node: &Node) {
        for (key, node) in self.entries(node) {
            let Some(text) = self.scalar(node) else { continue };
            let other = text.trim().trim_end_matches("と同じ").trim().to_owned();
            let (to, from) = (self.section(&key.text), self.section(&other));
            if let (Some(to), Some(from)) = (to, from) {
                self.copy_section(&to, &from, &key.place);
                continue;
            }
            let to = self.field(&key.text, &key.place);
            let from = self.known(&other, &node.place);
            let (Some(to), Some(from)) = (to, from) else { continue };
            self.map.copies.push(Copied { to, from, place: node.place.clone() });
        }
    }

    /// Copies what two sections have alike.
    fn copy_section(&mut self, to: &str, from: &str, place: &Place) {
        let alike: Vec<(FieldPath, FieldPath)> = self
            .headings
            .children(to)
            .filter_map(|name| {
                let path = |section: &str| format!("{section}.{name}");
                let is_there = self.headings.index_of(&path(from)).is_some();
                is_there.then(|| (FieldPath::of(path(to)), FieldPath::of(path(from))))
            })
            .collect();
        for (to, from) in alike {
            if self.give(&to, place) {
                self.map.copies.push(Copied { to, from, place: place.clone() });
            }
        }
    }

    /// The key of the section a text names.
    fn section(&self, written: &str) -> Option<String> {
        self.headings.section(written).map(|field| field.key.clone())
    }

    fn translate(&mut self, node: &Node) {
        for (key, node) in self.entries(node) {
            let path = self.known(&key.text, &key.place);
            let entries = self.entries(node);
            let mut pairs = Vec::new();
            for (from, to) in entries {
                let to = match to.value {
                    NodeValue::Null => Some(String::new()),
                    _ => self.scalar(to),
                };
                pairs.extend(to.map(|to| (from.text.clone(), to)));
            }
            if let Some(path) = path {
                let place = key.place.clone();
                self.map.translate.push(Translated { of: path, place, pairs });
            }
        }
    }

    /// A field by its label or key, given here for the first time.
    fn field(&mut self, written: &str, place: &Place) -> Option<FieldPath> {
        let path = self.known(written, place)?;
        self.give(&path, place).then_some(path)
    }

    /// Whether a field is given here for the first time.
    fn give(&mut self, path: &FieldPath, place: &Place) -> bool {
        let known = self.given.iter().find(|(key, _)| key == path.written());
        let Some((_, first)) = known else {
            self.given.push((path.written().to_owned(), place.clone()));
            return true;
        };
        let (heading, line) = (self.headings.heading(path.written()), first.order().0);
        let message = Text::new(
            format!("「{heading}」の値が二つあります（{line} 行目にも書かれています）"),
            format!("{heading} is given twice (in line {line} too)"),
        );
        let hint = Text::new("どちらか一方にしてください", "leave one of them out");
        self.fault("duplicate-field", place, message, Some(hint));
        false
    }

    /// A field by its label or key.
    fn known(&mut self, written: &str, place: &Place) -> Option<FieldPath> {
        let (message, hint) = match self.headings.find(written) {
            Ok(Column { path, .. }) => return Some(path.clone()),
            Err(HeadingFault::Ambiguous(names)) => (
                Text::new(
                    format!("「{written}」という項目が {} つあります", names.len()),
                    format!("there are {} fields called {written}", names.len()),
                ),
                Some(Text::new(
                    format!("{} のいずれかを書いてください", names.join("、")),
                    format!("write one of {}", names.join(", ")),
                )),
            ),
            Err(HeadingFault::Computed) => (
                Text::new(
                    format!("「{written}」は計算で求めるので、書けません"),
                    format!("{written} is computed and is not written"),
                ),
                Some(Text::new("この行を消してください", "remove this line")),
            ),
            Err(HeadingFault::Unknown) => (
                Text::new(
                    format!("「{written}」という項目はありません"),
                    format!("there is no field {written}"),
                ),
                self.headings.nearest(written),
            ),
        };
        self.fault("unknown-field", place, message, hint);
        None
    }

    /// Notes that a heading is used, which it may be once.
    fn use_heading(&mut self, named: &Named) {
        let folded = crate::form::fold(&named.text);
        let known = self.used.iter().find(|(text, _)| *text == folded);
        let Some((_, first)) = known else {
            self.used.push((folded, named.place.clone()));
            return;
        };
        let line = first.order().0;
        let message = Text::new(
            format!("見出し「{}」が二度書かれています（{line} 行目にもあります）", named.text),
            format!("the heading {} is written twice (in line {line} too)", named.text),
        );
        let hint = Text::new("どちらか一方にしてください", "leave one of them out");
        self.fault("duplicate-field", &named.place, message, Some(hint));
    }

    /// The entries of what must be a map.
    fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Key, Node)] {
        if !matches!(node.value, NodeValue::Map(_) | NodeValue::Null) {
            self.shape(&node.place);
        }
        node.entries()
    }

    /// The texts of a list, or the one that stands alone.
    fn names(&mut self, node: &Node) -> Vec<Named> {
        let items = match &node.value {
            NodeValue::List(items) => items.as_slice(),
            NodeValue::Null => &[],
            _ => std::slice::from_ref(node),
        };
        let mut names = Vec::new();
        for item in items {
            if let Some(text) = self.scalar(item) {
                names.push(Named { text, place: item.place.clone() });
            }
        }
        names
    }

    fn scalar(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            NodeValue::Scalar(text) => Some(text.clone()),
            _ => {
                self.shape(&node.place);
                None
            }
        }
    }

    /// What is not written as it must be.
    fn shape(&mut self, place: &Place) {
        let message = Text::new("この部分の書き方が違います", "this is not written as it must be");
        let hint = Text::new(
            "onshi map で作った対応表の同じ部分と比べてください",
            "compare it with the same part of a map made with `onshi map`",
        );
        self.fault("syntax", place, message, Some(hint));
    }

    fn unknown_key(&mut self, key: &Key, known: impl Iterator<Item = Text> + Clone) {
        let message = Text::new(
            format!("「{}」は対応表に書けません", key.text),
            format!("a map has no {}", key.text),
        );
        let list = |lang: Lang| known.clone().map(move |word| word.get(lang).to_owned());
        let words: Vec<String> = list(Lang::Ja).chain(list(Lang::En)).collect();
        let near = suggest(&key.text, words.iter().map(String::as_str));
        let hint = near.unwrap_or_else(|| {
            Text::new(
                format!("書けるのは {} です", list(Lang::Ja).collect::<Vec<_>>().join("、")),
                format!("it may have {}", list(Lang::En).collect::<Vec<_>>().join(", ")),
            )
        });
        self.fault("unknown-field", &key.place, message, Some(hint));
    }

    fn fault(&mut self, code: &str, place: &Place, message: Text, hint: Option<Text>) {
        let fault = Diagnostic::error(code, message);
        let fault = hint.into_iter().fold(fault, Diagnostic::with_hint);
        self.map.faults.push(fault.at(Some(place.clone())));
    }
}
