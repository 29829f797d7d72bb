//! What a form prints beside its blanks.

use std::collections::BTreeSet;

use super::dictionary::is_number;
use super::{Block, Field, Form, Forms, Row};
use crate::key::plain_key;

impl Forms {
    /// The field of a section that a user's key names: as [`super::Dictionary::child`] finds it, or by the number
    /// alone that a form prints before it, ③.
    ///
    /// ```
    /// let forms = onshi::form::Forms::built_in();
    /// assert_eq!(forms.child("introduction_plan.reader", "⑤").unwrap().name(), "status");
    /// assert_eq!(forms.child("", "② 開設者").unwrap().key, "founder");
    /// assert_eq!(forms.child("", "②").unwrap().key, "founder");
    /// ```
    pub fn child(&self, parent: &str, written: &str) -> Option<&Field> {
        self.dictionary().child(parent, written).or_else(|| {
            let mut chars = written.trim().chars();
            let number = chars.next().filter(|c| is_number(*c) && chars.as_str().is_empty())?;
            let pages = self.forms().flat_map(Form::pages_as_written);
            let tables = pages.flat_map(|page| &page.body).filter_map(|block| match &block.value {
                Block::Table(table) => Some(&table.rows),
                _ => None,
            });
            let numbered = tables.flat_map(|rows| {
                let rows: Vec<&Row> = rows.iter().map(|row| &row.value).collect();
                self.numbered(&rows, number)
            });
            numbered.into_iter().find(|field| field.parent() == parent)
        })
    }

    /// The fields that a table prints this number before: where it stands beside several blanks, their
    /// section.
    fn numbered(&self, rows: &[&Row], number: char) -> Vec<&Field> {
        let mut found = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            for cell in row.cells.iter().map(|cell| &cell.value) {
                let is_it = cell.text.as_ref().is_some_and(|text| text.starts_with(number));
                if !is_it {
                    continue;
                }
                let rows = rows[n..].iter().take(cell.down.unwrap_or(1) as usize);
                let beside = rows.flat_map(|row| &row.cells);
                let keys: BTreeSet<String> = beside
                    .filter_map(|cell| Some(plain_key(cell.value.field.as_ref()?.value.key())))
                    .collect();
                let fields: Vec<&Field> = keys
                    .iter()
                    .filter_map(|key| self.dictionary().get(key))
                    .filter(|field| !field.computed)
                    .collect();
                match fields[..] {
                    [field] => found.push(field),
                    [first, ..] => found.extend(self.dictionary().get(first.parent())),
                    [] => {}
                }
            }
        }
        found
    }
}
