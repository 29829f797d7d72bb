//! A record as columns of a table: lists flattened, each column under a Japanese heading.

use std::collections::{BTreeSet, HashMap};

use super::{Dictionary, Field, Form, FormPage, Forms, Kind, fold, synonyms};
use crate::key::FieldPath;
use crate::report::{Text, suggest};

/// How many items of a list a heading may number.
const MOST_ITEMS: usize = 20;

/// The headings of the column that marks rows which are no facility.
pub(crate) const MARKER_HEADINGS: [&str; 3] = ["行", "#", "No."];
/// What marks the example row.
pub(crate) const EXAMPLE_MARK: &str = "例";

/// A column: one value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Where the value is, `card_reader.products[0].units`.
    pub path: FieldPath,
    /// The heading, `希望機種1 台数`.
    pub heading: String,
}

impl Column {
    /// The key of its value in a record.
    pub fn key(&self) -> &str {
        self.path.written()
    }
}

/// Why a heading names no column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadingFault {
    /// No field has this label or key.
    Unknown,
    /// Several fields have this label: their headings.
    Ambiguous(Vec<String>),
    /// The value is always computed, and is not written.
    Computed,
}

/// The headings of every field.
///
/// A heading is the field's label behind those of its sections, `開設者 氏名`; outer sections may be
/// left out where what remains names one field only, and items of a list are numbered from 1,
/// `希望機種1 製品名`. Width, case and spaces don't matter.
#[derive(Clone, Debug)]
pub struct Headings<'a> {
    forms: &'a Forms,
    pub(super) dictionary: &'a Dictionary,
    pub(super) columns: Vec<Column>,
    by_key: HashMap<String, usize>,
    /// Folded whole label paths.
    whole: HashMap<String, usize>,
    /// Folded ends of label paths.
    ends: HashMap<String, Vec<usize>>,
    /// Folded headings that the definitions give besides.
    pub(super) synonyms: HashMap<String, Vec<usize>>,
    /// Folded headings of the pieces of values, each with its column and which piece it is.
    pub(super) pieces: HashMap<String, Vec<(usize, usize)>>,
    /// Folded headings for which no form has a field.
    pub(super) ignored: BTreeSet<String>,
}

impl<'a> Headings<'a> {
    /// The headings of every field of these forms' dictionary.
    ///
    /// ```
    /// use onshi::form::{Forms, Headings};
    /// let headings = Headings::new(Forms::built_in());
    /// assert_eq!(headings.find("開設者 氏名").unwrap().key(), "founder.name");
    /// assert_eq!(headings.find("founder.name").unwrap().heading, "開設者 氏名");
    /// assert_eq!(headings.find("希望機種２ 台数").unwrap().key(), "card_reader.products[1].units");
    /// assert!(headings.find("氏名").is_err());
    /// ```
    pub fn new(forms: &'a Forms) -> Self {
        let dictionary = forms.dictionary();
        let mut paths: Vec<(FieldPath, Vec<String>)> = Vec::new();
        for field in dictionary.fields() {
            if !field.kind.is_group() {
                paths.extend(flattened(dictionary, field));
            }
        }
        let mut headings = Headings {
            forms,
            dictionary,
            columns: Vec::new(),
            by_key: HashMap::new(),
            whole: HashMap::new(),
            ends: HashMap::new(),
            synonyms: HashMap::new(),
            pieces: HashMap::new(),
            ignored: dictionary.ignored().iter().map(|word| fold(word)).collect(),
        };
        for (i, (path, labels)) in paths.iter().enumerate() {
            headings.by_key.insert(path.written().to_owned(), i);
            headings.add(i, labels);
            // The first item may go without its number.
            if path.index() == Some(0) {
                let list = dictionary.get(&path.base);
                let unnumbered = labels.iter().map(|label| match list {
                    Some(list) if *label == format!("{}1", list.label.ja) => list.label.ja.clone(),
                    _ => label.clone(),
                });
                headings.add(i, &unnumbered.collect::<Vec<_>>());
            }
        }
        for (i, (path, _)) in paths.iter().enumerate() {
            headings.add_synonyms(i, path);
        }
        for (path, labels) in paths {
            let heading = headings.shortest(&labels);
            headings.columns.push(Column { path, heading });
        }
        headings
    }

    /// What else lists call a column. Those of a list's items are numbered: none of them is called otherwise.
    fn add_synonyms(&mut self, column: usize, path: &FieldPath) {
        let field = self.dictionary.get(path.key());
        let Some(field) = field.filter(|_| path.selector.is_none()) else { return };
        let section = self.dictionary.get(field.parent());
        let behind = section.map(|section| synonyms::behind_section(field, section));
        // A label is a label, whatever a section and a synonym together make.
        let behind = behind.into_iter().flatten().filter(|word| !self.ends.contains_key(word));
        for word in behind.chain(synonyms::bare(field)).collect::<Vec<_>>() {
            let columns = self.synonyms.entry(word).or_default();
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        for (word, piece) in synonyms::of_pieces(field, section) {
            self.pieces.entry(word).or_default().push((column, piece));
        }
    }

    fn add(&mut self, column: usize, labels: &[String]) {
        self.whole.entry(fold(&labels.concat())).or_insert(column);
        for from in 0..labels.len() {
            let ends = self.ends.entry(fold(&labels[from..].concat())).or_default();
            if !ends.contains(&column) {
                ends.push(column);
            }
        }
    }

    /// The field's label and its section's, and as many more as it takes to be alone.
    fn shortest(&self, labels: &[String]) -> String {
        let least = labels.len().saturating_sub(2);
        let alone = |from: &usize| {
            self.ends.get(&fold(&labels[*from..].concat())).is_some_and(|ends| ends.len() == 1)
        };
        let from = (0..=least).rev().find(alone).unwrap_or(0);
        labels[from..].join(" ")
    }

    /// The column a heading or a dotted key names.
    ///
    /// # Errors
    /// Why it names none.
    pub fn find(&self, written: &str) -> Result<&Column, HeadingFault> {
        let written = written.trim();
        match self.meant(written) {
            [one] if self.is_computed(*one) => Err(HeadingFault::Computed),
            [one] => Ok(&self.columns[*one]),
            [] => Err(HeadingFault::Unknown),
            several => {
                let names = several.iter().map(|i| self.columns[*i].heading.clone());
                Err(HeadingFault::Ambiguous(names.collect()))
            }
        }
    }

    /// The columns whose labels or dotted key a heading may be.
    pub(super) fn meant(&self, written: &str) -> &[usize] {
        let folded = fold(&written.replace(['>', '＞'], ""));
        match self.by_key.get(written).or_else(|| self.whole.get(&folded)) {
            Some(one) => std::slice::from_ref(one),
            None => self.ends.get(&folded).map_or(&[], Vec::as_slice),
        }
    }

    pub(super) fn is_computed(&self, column: usize) -> bool {
        self.field(self.columns[column].path.key()).is_some_and(|field| field.computed)
    }

    /// The heading or key that an unknown one may be meant for, as a question.
    pub(crate) fn nearest(&self, written: &str) -> Option<Text> {
        let written_ones = (0..self.columns.len()).filter(|i| !self.is_computed(*i));
        let labels = written_ones.map(|i| self.columns[i].heading.as_str());
        // Of a list's items the first will do.
        suggest(
            written,
            labels.chain(self.by_key.keys().map(String::as_str).filter(|k| !k.contains('['))),
        )
    }

    /// The field of a column's key.
    pub fn field(&self, key: &str) -> Option<&'a Field> {
        self.dictionary.get(key)
    }

    /// The heading of a key, or the key itself where there is no such column.
    pub fn heading<'b>(&'b self, key: &'b str) -> &'b str {
        self.by_key.get(key).map_or(key, |i| &self.columns[*i].heading)
    }

    /// The columns that forms take, in the order of the dictionary, and whether each is required.
    /// A list has as many items as the forms number, else as many as its items can be told apart by
    /// a choice: two products, a first and a second wish.
    pub fn of(&self, forms: &[&Form]) -> Vec<(&Column, bool)> {
        let (mut required, mut all) = (BTreeSet::new(), BTreeSet::new());
        for form in forms {
            let needs = self.forms.needs(form);
            all.extend(needs.optional().iter().chain(needs.required()).cloned());
            required.extend(needs.required().iter().cloned());
        }
        let wanted = self.columns.iter().filter(|column| {
            let path = &column.path;
            let field = self.dictionary.get(path.key());
            all.contains(path.key())
                && field.is_some_and(|field| !field.computed)
                && path.index().is_none_or(|i| i < self.items(forms, &path.base))
        });
        wanted
            .map(|column| {
                let path = &column.path;
                let derived = self.dictionary.get(path.key()).is_some_and(|f| f.derive.is_some());
                let first = path.index().is_none_or(|i| i == 0);
                (column, first && !derived && required.contains(path.key()))
            })
            .collect()
    }

    fn items(&self, forms: &[&Form], list: &str) -> usize {
        // What goes on on pages of its own has as many items as a heading may number.
        let pages = forms.iter().flat_map(|form| &form.pages);
        let cells = pages.filter(|page| page.continues.is_none()).flat_map(FormPage::field_cells);
        let numbered = cells.filter_map(|cell| {
            let path = &cell.value.field.as_ref()?.value;
            Some(path.index().filter(|_| path.base == list)? + 1)
        });
        let choices = self.dictionary.children(list).filter(|f| f.kind == Kind::Choice);
        let told_apart = || choices.map(|f| f.choices.len()).min();
        numbered.max().or_else(told_apart).unwrap_or(3).min(MOST_ITEMS)
    }
}

/// The paths and labels of a field, one for each item of the list it is in.
fn flattened(dictionary: &Dictionary, field: &Field) -> Vec<(FieldPath, Vec<String>)> {
    let Some((list, rest)) = dictionary.list_of(field) else {
        return vec![(FieldPath::of(&field.key), labels(dictionary, field, 0))];
    };
    let path = |item| (FieldPath::of_item(list, item, rest), labels(dictionary, field, item));
    (0..MOST_ITEMS).map(path).collect()
}

/// The labels of a field's sections and its own; the list's with the number of the item.
fn labels(dictionary: &Dictionary, field: &Field, item: usize) -> Vec<String> {
    let ends = field.key.match_indices('.').map(|(end, _)| end).chain([field.key.len()]);
    let parts = ends.filter_map(|end| dictionary.get(&field.key[..end]));
    let label = |part: &Field| match part.kind {
        Kind::List => format!("{}{}", part.label.ja, item + 1),
        _ => part.label.ja.clone(),
    };
    parts.map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    fn headings() -> Headings<'static> {
        Headings::new(Forms::built_in())
    }

    #[test]
    fn every_heading_names_its_own_column() {
        let headings = headings();
        for column in &headings.columns {
            if headings.field(column.path.key()).is_some_and(|f| f.computed) {
                continue;
            }
            assert_eq!(headings.find(&column.heading), Ok(column));
            assert_eq!(headings.find(column.key()), Ok(column));
        }
    }

    #[test]
    fn width_spaces_and_outer_sections_do_not_matter() {
        let headings = headings();
        let key = |written: &str| headings.find(written).map(Column::key);
        assert_eq!(key("開設者氏名"), Ok("founder.name"));
        assert_eq!(key("医療機関・薬局 > 名称"), Ok("facility.name"));
        assert_eq!(key("所在地"), Ok("facility.address"));
        assert_eq!(key("ｅｍａｉｌ"), Ok("founder.email"));
        assert_eq!(key("担当者 氏名"), Ok("contact.name"));
        assert_eq!(key("地方厚生(支)局"), Ok("bureau"));
        assert_eq!(
            key("希望機種 製品名"),
            headings.find("card_reader.products[0].product").map(Column::key)
        );
    }

    #[test]
    fn what_names_no_column_says_why() {
        let headings = headings();
        assert_eq!(headings.find("住 所 ２"), Err(HeadingFault::Unknown));
        assert!(
            matches!(headings.find("フリガナ"), Err(HeadingFault::Ambiguous(names)) if names.len() == 2)
        );
        assert_eq!(headings.find("点数表コード"), Err(HeadingFault::Computed));
        let hint = headings.nearest("開設者 指名").unwrap();
        assert!(hint.ja.contains("開設者 氏名"), "{hint:?}");
    }

    #[test]
    fn forms_take_their_own_columns() {
        let forms = Forms::built_in();
        let headings = headings();
        let of = |name: &str| headings.of(&[forms.find(name).unwrap()]);
        let products = of("様式2").iter().filter(|(c, _)| c.heading.contains("製品名")).count();
        assert_eq!(products, 2);
        let columns = of("別紙1");
        assert!(columns.iter().any(|(c, required)| c.key() == "founder.name" && *required));
        assert!(columns.iter().any(|(c, required)| c.key() == "founder.registration" && !required));
        assert!(!columns.iter().any(|(c, _)| c.key().starts_with("card_reader")));
    }
}
