//! Keys at the wrong place, and values inside comments.

use super::commented::{Commented, commented};
use super::read::Reader;
use super::slips::remark;
use crate::form::kinds::brief;
use crate::form::{Field, fold};
use crate::record::{Key, Node};
use crate::report::{Diagnostic, Text, did_you_mean, nearest};

impl Reader<'_> {
    /// A key that names no field here.
    pub(super) fn unknown(&mut self, parent: &str, path: &str, key: &Key) {
        let written = brief(&key.text);
        let siblings: Vec<&Field> = self.dictionary.children(parent).collect();
        let names = siblings.iter().flat_map(|f| [f.name(), f.label.ja.as_str()]);
        // A part of one label alone is that label.
        let folded = fold(&written);
        let mut longer = siblings.iter().filter(|f| fold(&f.label.ja).contains(&folded));
        let part = longer.next().filter(|_| folded.chars().count() > 2 && longer.next().is_none());
        let meant = nearest(&written, names).or(part.map(|field| field.label.ja.as_str()));
        let dot = if path.is_empty() { "" } else { "." };
        if let Some(field) = meant.and_then(|word| self.dictionary.child(parent, word)) {
            // The field that is meant is there, if misspelt: that it is missing need not be said.
            self.values.insert_invalid(format!("{path}{dot}{}", field.name()));
        }
        let hint = meant.map(did_you_mean).unwrap_or_else(|| self.elsewhere(key, &siblings));
        let section = match self.dictionary.get(parent) {
            Some(f) => (format!("{} に", f.label.ja), format!(" in {}", f.label.en)),
            None => (String::new(), String::new()),
        };
        let message = Text::new(
            format!("{}「{written}」という項目はありません", section.0),
            format!("there is no field `{written}`{}", section.1),
        );
        self.report.push(
            Diagnostic::error("unknown-field", message)
                .with_field(format!("{path}{dot}{written}"))
                .with_hint(hint)
                .at(Some(key.place.clone())),
        );
    }

    /// Where a key belongs that is unknown among these fields, or what may stand here.
    fn elsewhere(&self, key: &Key, siblings: &[&Field]) -> Text {
        let fields = self.dictionary.fields().iter();
        let mut known = fields.filter(|f| f.name() == key.text || f.label.ja == key.text);
        match known.next() {
            Some(field) if field.parent().is_empty() => Text::new(
                format!("{} は行の初めから書きます", key.text),
                format!("write {} at the beginning of a line", key.text),
            ),
            Some(field) => {
                let section = self.naming.call(field.parent(), self.dictionary);
                Text::new(
                    format!("{} は {}の下に書きます", key.text, section.ja),
                    format!("write {} under {}", key.text, section.en),
                )
            }
            None => {
                let written = siblings.iter().filter(|field| !field.computed);
                let names: Vec<&str> = written.map(|f| self.naming.name(f)).collect();
                Text::new(
                    format!("ここに書けるのは {} です", names.join("、")),
                    format!("the fields here are {}", names.join(", ")),
                )
            }
        }
    }

    /// The key of a neighbour below a field that takes a value.
    pub(super) fn too_deep<'n>(&self, field: &Field, node: &'n Node) -> Option<&'n Key> {
        let is_value = !field.kind.is_group();
        let (key, _) = node.entries().first().filter(|_| is_value)?;
        self.dictionary.child(field.parent(), &key.text).map(|_| key)
    }

    /// A key that stands below `above` and belongs beside it.
    pub(super) fn deep(&mut self, key: &Key, above: &Key, path: &str) {
        let message = Text::new(
            format!("{} の字下げが深すぎます", key.text),
            format!("{} is indented too far", key.text),
        );
        let hint = Text::new(
            format!(
                "{} と同じ位置から書いてください（ひな形の行は「# 」を空白ごと消します）",
                above.text
            ),
            format!(
                "begin it at the column of {} (in a skeleton, delete `# ` with its space)",
                above.text
            ),
        );
        let found = Diagnostic::error("kind", message).with_field(path).with_hint(hint);
        self.report.push(found.at(Some(key.place.clone())));
    }

    /// Says that a comment stands where a value would, unless it only says what the field is.
    pub(super) fn remarked(&mut self, field: &Field, path: &str, key: &Key) {
        let Some(comment) = remark(&key.place, self.source) else { return };
        self.values.insert_remarked(path);
        let label = &field.label;
        if [&label.ja, &label.en].into_iter().any(|label| comment.contains(label.as_str())) {
            return;
        }
        let comment = brief(comment);
        let message = Text::new(
            format!("「{comment}」は注釈として読み飛ばされ、{}に印字されません", label.ja),
            format!("`{comment}` is read as a comment and is not printed in {}", label.en),
        );
        let hint = Text::new(
            "値なら「#」の前に書いてください。「#」で始まる値は \" で囲んでください",
            "write a value before the `#`; put one that begins with `#` in quotes",
        );
        let found = Diagnostic::warning("comment", message).with_field(path).with_hint(hint);
        self.report.push(found.at(Some(key.place.clone())));
    }

    /// Says what is commented out: nothing, where nothing is written in it.
    pub(super) fn commented(&mut self) {
        for Commented { key, value, place } in commented(self.source, self.forms) {
            if self.values.has_key(&key) {
                continue;
            }
            let line = place.order().0;
            self.values.insert_commented(&key, line);
            if value.is_empty() {
                continue;
            }
            let label = self.dictionary.label(&key);
            let value = brief(&value);
            let message = Text::new(
                format!("{}「{value}」は注釈（#）の中にあり、印字されません", label.ja),
                format!("{} `{value}` is inside a comment (`#`) and is not printed", label.en),
            );
            let hint = Text::new(
                format!("印字するなら、{line} 行目の「# 」を空白ごと消してください"),
                format!("to print it, delete `# ` with its space in line {line}"),
            );
            let found = Diagnostic::warning("comment", message).with_field(key).with_hint(hint);
            self.report.push(found.at(Some(place)));
        }
    }
}
