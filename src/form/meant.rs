//! What a heading of a list may mean: the labels of the fields, what else lists call them, and the pieces of
//! values that lists have in columns of their own.

use std::collections::BTreeSet;

use super::{Column, Field, Headings, Kind, fold};

/// What a heading may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meant {
    /// One of these columns of wanted fields: at least one. `all` has those that are not wanted too.
    Columns { wanted: Vec<usize>, all: Vec<usize> },
    /// One of these pieces, each of a column of a wanted field: at least one.
    Pieces(Vec<(usize, usize)>),
    /// A value that is always computed.
    Computed,
    /// A field has it, but none of those that are wanted.
    Other,
    /// No form has a field for it, which is known.
    Ignored,
    /// Nobody knows.
    Unknown,
}

impl Headings<'_> {
    /// What a heading may mean, where only some fields are wanted, by key.
    pub(crate) fn meaning(&self, written: &str, wanted: Option<&BTreeSet<String>>) -> Meant {
        match self.meaning_of(written, wanted) {
            // 告示番号※1 has a note somewhere.
            Meant::Unknown => match without_note(written) {
                Some(bare) => self.meaning_of(bare, wanted),
                None => Meant::Unknown,
            },
            meaning => meaning,
        }
    }

    fn meaning_of(&self, written: &str, wanted: Option<&BTreeSet<String>>) -> Meant {
        let folded = fold(written);
        let mut all = self.meant(written.trim()).to_vec();
        // A whole heading, or a key, is what it says.
        let is_whole = matches!(all[..], [one] if fold(&self.columns[one].heading) == folded);
        if !is_whole {
            let also = self.synonyms.get(&folded).into_iter().flatten().copied();
            all.extend(also.filter(|i| !self.meant(written.trim()).contains(i)));
        }
        let is_wanted =
            |i: &usize| wanted.is_none_or(|wanted| wanted.contains(self.columns[*i].path.key()));
        let found: Vec<usize> = all.iter().copied().filter(is_wanted).collect();
        match found[..] {
            [one] if self.is_computed(one) => return Meant::Computed,
            [] => {}
            _ => return Meant::Columns { wanted: found, all },
        }
        let pieces = self.pieces.get(&folded).map_or(&[][..], Vec::as_slice);
        let of_wanted = pieces.iter().copied().filter(|(column, _)| is_wanted(column));
        match of_wanted.collect::<Vec<_>>() {
            found if !found.is_empty() => Meant::Pieces(found),
            _ if self.ignored.contains(&folded) => Meant::Ignored,
            _ if all.is_empty() && pieces.is_empty() => Meant::Unknown,
            _ => Meant::Other,
        }
    }

    /// Whether a text may be a heading: nobody else writes such words at the top of a table.
    pub(crate) fn knows(&self, written: &str) -> bool {
        let meaning = self.meaning(written, None);
        matches!(meaning, Meant::Columns { .. } | Meant::Pieces(_))
    }

    /// A column by its place among all.
    pub(crate) fn column(&self, index: usize) -> &Column {
        &self.columns[index]
    }

    /// The key and the heading of every column.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        let both = |column: &Column| (column.key().to_owned(), column.heading.clone());
        self.columns.iter().map(both).collect()
    }

    /// The columns of wanted fields whose names are nearest to a heading that is not known, at most so many.
    pub(crate) fn nearest_of(
        &self,
        written: &str,
        wanted: Option<&BTreeSet<String>>,
        most: usize,
    ) -> Vec<&Column> {
        let folded = fold(written);
        let mut near: Vec<(f64, &Column)> = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let key = column.path.key();
            let is_first = column.path.index().is_none_or(|index| index == 0);
            if !is_first || self.is_computed(index) || wanted.is_some_and(|w| !w.contains(key)) {
                continue;
            }
            let field = self.dictionary.get(key);
            let also = field.into_iter().flat_map(|f| std::iter::once(&f.label.ja).chain(&f.also));
            let names = also.map(|word| fold(word)).chain([fold(&column.heading)]);
            // What stands in brackets is often left out: 運用開始 for 運用開始（予定）日.
            let names = names.flat_map(|name| [without_brackets(&name), name]);
            let likeness = names
                .map(|name| strsim::normalized_damerau_levenshtein(&name, &folded))
                .fold(0.0, f64::max);
            if likeness >= 0.5 {
                near.push((likeness, column));
            }
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        near.into_iter().take(most).map(|(_, column)| column).collect()
    }

    /// The place of a column among all.
    pub(crate) fn index_of(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key() == key)
    }

    /// The section of this label or key, alone or behind those it is in.
    pub(crate) fn section(&self, written: &str) -> Option<&Field> {
        let folded = fold(&written.replace(['>', '＞'], ""));
        let mut sections = self.dictionary.fields().iter().filter(|f| f.kind == Kind::Section);
        sections.find(|field| {
            let path = self.dictionary.label(&field.key).ja.replace(" > ", "");
            field.key == written || fold(&field.label.ja) == folded || fold(&path) == folded
        })
    }

    /// The names of the fields in a section that have a column.
    pub(crate) fn children<'k>(&'k self, section: &'k str) -> impl Iterator<Item = &'k str> {
        let fields = self.dictionary.children(section);
        fields.filter(|field| !field.kind.is_group() && !field.computed).map(|field| field.name())
    }

    /// The section that a list without sections in its headings is about: that of the field which names a
    /// record.
    pub(crate) fn subject(&self) -> &str {
        self.dictionary.naming().map_or("", |field| field.parent())
    }
}

/// A heading without the sign of a note at its end, ※1 or *2.
fn without_note(written: &str) -> Option<&str> {
    let bare = written.trim_end_matches(|c: char| c.is_numeric()).trim_end();
    bare.strip_suffix(['※', '*', '＊', '注'])
}

/// A name without what stands in brackets in it.
fn without_brackets(name: &str) -> String {
    let (mut outside, mut depth) = (String::new(), 0_usize);
    for c in name.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    fn keys(written: &str) -> Vec<String> {
        let headings = Headings::new(Forms::built_in());
        let Meant::Columns { wanted, .. } = headings.meaning(written, None) else {
            return Vec::new();
        };
        wanted.iter().map(|i| headings.column(*i).key().to_owned()).collect()
    }

    #[test]
    fn a_synonym_stands_alone_and_behind_what_its_section_is_called() {
        assert_eq!(keys("医療機関名"), ["facility.name"]);
        assert_eq!(keys("営業所の所在地"), ["facility.address"]);
        assert_eq!(keys("施設 郵便番号"), ["facility.postal_code"]);
        assert_eq!(keys("開設者ＴＥＬ"), ["founder.phone"]);
        assert_eq!(keys("連絡担当者の電話番号"), ["contact.phone"]);
    }

    #[test]
    fn a_whole_heading_or_a_key_means_itself_alone() {
        assert_eq!(keys("医療機関・薬局 施設区分"), ["facility.category"]);
        assert_eq!(keys("founder.phone"), ["founder.phone"]);
        assert_eq!(keys("開設者 住所"), ["founder.address"]);
    }

    #[test]
    fn codes_are_not_taken_for_one_another() {
        assert_eq!(keys("医療機関コード"), ["facility.code"]);
        let headings = Headings::new(Forms::built_in());
        assert_eq!(headings.meaning("点数表コード", None), Meant::Computed);
        assert_eq!(headings.meaning("FAX番号", None), Meant::Ignored);
        assert_eq!(headings.meaning("告示番号\n※1", None), Meant::Ignored);
        assert_eq!(headings.meaning("処方箋番号", None), Meant::Unknown);
    }
}
