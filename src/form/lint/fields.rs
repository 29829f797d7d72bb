//! What a definition says of its fields: that each is printed, and that all of its values are.

use std::collections::{BTreeMap, BTreeSet};

use super::Lint;
use crate::expr::{Expression, Template};
use crate::form::{Cell, Field, Kind, Show};
use crate::key::Item;
use crate::report::{Diagnostic, Place, Text};
use crate::yaml::{Spanned, place};

impl Lint<'_> {
    /// A choice shown by tick boxes has one for each of its values: a value without one would be lost.
    pub(super) fn ticks(&mut self) {
        let mut shown: BTreeMap<&str, Vec<&Spanned<Cell>>> = BTreeMap::new();
        for cell in self.form.field_cells() {
            let Some(path) = &cell.value.field else { continue };
            shown.entry(path.value.written()).or_default().push(cell);
        }
        for cells in shown.into_values() {
            let Some(path) = &cells[0].value.field else { continue };
            let Some(field) = self.dictionary.get(path.value.key()) else { continue };
            let is_ticked = cells.iter().all(|cell| match cell.value.show {
                Some(Show::Tick) => true,
                Some(Show::Circle) => cell.value.is.is_some(),
                _ => false,
            });
            let has_box = |value: &str| cells.iter().any(|c| c.value.is.as_deref() == Some(value));
            let lost = field.choices.iter().map(|c| c.value.as_str()).find(|value| !has_box(value));
            if let Some(value) = lost.filter(|_| is_ticked && field.kind == Kind::Choice) {
                let key = &field.key;
                self.at(
                    cells[0],
                    format!("{key} の「{value}」に印をつける欄がありません。is: {value} の欄を足してください"),
                    format!("no box is ticked for `{value}` of {key}: add a cell with is: {value}"),
                );
            }
        }
    }

    /// A warning for each of the form's own fields that no cell prints and no condition reads.
    pub(super) fn unprinted(&mut self) {
        let known = self.fields_read();
        for field in &self.form.fields {
            let content = &field.value;
            if content.kind.is_group() || content.computed || known.contains(&content.key) {
                continue;
            }
            let message = Text::new(
                format!("{} を印字する欄がありません。記録に書いても紙には出ません", content.key),
                format!(
                    "no cell prints {}: what a record has for it is not on the paper",
                    content.key
                ),
            );
            let hint = Text::new(
                format!("field: {} のセルを足すか、項目を消してください", content.key),
                format!("add a cell with field: {}, or remove the field", content.key),
            );
            let found = Diagnostic::warning("definition", message).with_hint(hint);
            self.report.push(found.at(place(field, self.source)));
        }
    }

    /// The keys of the dictionary that the form prints or reads.
    fn fields_read(&self) -> BTreeSet<String> {
        let form = self.form;
        let mut keys: BTreeSet<String> = form.each.iter().map(|each| each.value.clone()).collect();
        for cell in form.cells().map(|cell| &cell.value) {
            keys.extend(cell.keys_read());
            keys.extend(cell.field.iter().map(|path| path.value.key().to_owned()));
            if let Some(item) = cell.item()
                && let Some(Item::With { name, .. }) = item.selector.as_ref().map(|s| &s.item)
            {
                keys.insert(format!("{}.{name}", item.base));
            }
        }
        for rule in form.rules.iter().map(|rule| &rule.value) {
            let conditions = [&rule.when, &rule.check].into_iter().flatten();
            let read = conditions.flat_map(|condition| condition.value.keys().clone());
            let said = [&rule.message, &rule.hint].map(|text| Template::from(text.ja.as_str()));
            let said = said.iter().flat_map(Template::expressions).flat_map(Expression::keys);
            keys.extend(read.chain(said.cloned()).map(|key| rule.key(&key.into(), None)));
            let named = [&rule.require, &rule.at].into_iter().flatten();
            keys.extend(named.map(|key| rule.key(&key.value, None)));
        }
        keys.extend(form.skip.iter().flat_map(|skip| skip.when.keys().clone()));
        for field in self.dictionary.fields() {
            let needed = field.needed.as_ref().and_then(|needed| needed.when.as_ref());
            let read = field.derive.iter().chain(needed).flat_map(Expression::keys);
            let list = field.parent();
            keys.extend(read.map(|key| match key.strip_prefix("item.") {
                Some(rest) => format!("{list}.{rest}"),
                None => key.clone(),
            }));
        }
        keys
    }

    /// A value cannot be shown as its cell says: which ways there are.
    pub(super) fn shown_otherwise(&mut self, cell: &Spanned<Cell>, field: &Field) {
        let kind = field.kind;
        let (some, words) =
            (Some("true".to_owned()), BTreeMap::from([(String::new(), String::new())]));
        let is_way = |show: &Show| {
            let text = some.clone().filter(|_| *show == Show::Circle);
            let words = Some(words.clone());
            kind.ways().is_shown(&Cell {
                show: Some(*show),
                text,
                is: some.clone(),
                words,
                ..Cell::default()
            })
        };
        let ways: Vec<Show> = Show::ALL.into_iter().filter(is_way).collect();
        let ja = ways.iter().map(|show| match show {
            Show::Circle => format!("{}（text か is）", show.name()),
            Show::Tick => format!("{}（is）", show.name()),
            Show::Words => format!("{}（words）", show.name()),
            _ => show.name().to_owned(),
        });
        let ja = ja.collect::<Vec<_>>().join("・");
        let en = ways.iter().map(|show| match show {
            Show::Circle => format!("{} (text or is)", show.name()),
            Show::Tick => format!("{} (is)", show.name()),
            Show::Words => format!("{} (words)", show.name()),
            _ => show.name().to_owned(),
        });
        let en = en.collect::<Vec<_>>().join(", ");
        let message = Text::new(
            format!("{} は{}なので、このセルの書き方では表せません", field.key, kind.label().ja),
            format!("{} is a {} and cannot be shown as this cell says", field.key, kind.label().en),
        );
        let hint = match ways.is_empty() {
            true => Text::new("show と text を書かないでください", "leave show and text out"),
            false => Text::new(
                format!(
                    "show に書けるのは {ja} です（括弧は、一緒に要るもの）。書かなければ値をそのまま印字します"
                ),
                format!(
                    "show may be {en}, each with what is in brackets; without show the value is printed as it is"
                ),
            ),
        };
        let found = Diagnostic::error("definition", message).with_hint(hint);
        self.report.push(found.at(place(cell, self.source)));
    }

    /// A tick box has no text of its own: what is written for it would be lost.
    pub(super) fn box_alone(&mut self, cell: &Spanned<Cell>) {
        let content = &cell.value;
        let lost = [
            ("text", content.text.is_some()),
            ("before", !content.before().is_empty()),
            ("after", !content.after().is_empty()),
            ("blank", !content.blank().is_empty()),
        ];
        let lost: Vec<&str> = lost.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
        if content.show == Some(Show::Tick) && !lost.is_empty() {
            self.at(
                cell,
                format!("show: tick のセルには四角だけを印字します。{} は隣のセルの text に書いてください", lost.join("・")),
                format!("a cell with show: tick prints the box alone: write {} as text of the cell beside it", lost.join(", ")),
            );
        }
    }

    /// A choice of several values is one text with all of them, so that to compare it as a whole with one
    /// value fails as soon as another is chosen too.
    pub(super) fn compared(
        &mut self,
        expression: &Expression,
        at: Option<&Place>,
        item: Option<&str>,
    ) {
        // Of a form made for each value, a record has one.
        let each = self.form.each.as_ref().map(|each| each.value.as_str());
        for key in expression.compared() {
            let full = match (key.strip_prefix("item."), item) {
                (Some(rest), Some(list)) => format!("{list}.{rest}"),
                _ => key.clone(),
            };
            let field = self.dictionary.get(&full).filter(|field| field.many);
            if field.is_none_or(|field| each == Some(field.key.as_str())) {
                continue;
            }
            let message = Text::new(
                format!(
                    "{full} は二つ以上の値を取ります。二つ選ぶと「月・水」のような一つの文字になり、== や in では等しくなりません"
                ),
                format!(
                    "{full} takes several values, which are one text such as `月・水`: == and in do not find one of them"
                ),
            );
            let hint = Text::new(
                format!("{key}.contains(\"…\") と書いてください"),
                format!("write {key}.contains(\"…\")"),
            );
            let found = Diagnostic::error("definition", message).with_hint(hint);
            self.report.push(found.at(at.cloned()));
        }
    }
}
