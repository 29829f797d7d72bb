//! A record once its kinds are known: typed values by dotted key.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Data, Dictionary, Field};
use crate::key::{FieldPath, Item, overlap, plain_key};
use crate::report::{Place, Text};

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The value as it is printed when nothing more is known of it.
    pub text: String,
    /// What it means.
    pub data: Data,
    /// Where it is; none for a derived value.
    pub place: Option<Place>,
}

impl Value {
    /// Whether this choice is the value, or one of several.
    pub fn has(&self, choice: &str) -> bool {
        match &self.data {
            Data::Choices(all) => all.iter().any(|one| one == choice),
            _ => self.text == choice,
        }
    }
}

/// How a record calls its fields, and so what a hint calls them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// In English, as `facility: {name: …}` does.
    #[default]
    Keys,
    /// By their Japanese labels.
    Labels,
    /// Not at all: the values stand in cells.
    Cells,
}

impl Naming {
    /// What a hint calls a field, with its sections; in Japanese with a space behind it where it is a key.
    pub(crate) fn call(self, key: &str, dictionary: &Dictionary) -> Text {
        let label = dictionary.label(key);
        match self {
            Naming::Keys => {
                let path = plain_key(key).replace('.', " > ");
                Text::new(format!("{path} "), path)
            }
            Naming::Labels => Text::new(format!("「{}」", label.ja), format!("`{}`", label.ja)),
            Naming::Cells => Text::new(format!("「{}」", label.ja), format!("`{}`", label.en)),
        }
    }

    /// A field's own name, as it is typed before a colon.
    pub(crate) fn name(self, field: &Field) -> &str {
        match self {
            Naming::Keys => field.name(),
            Naming::Labels | Naming::Cells => &field.label.ja,
        }
    }
}

/// The values of a record by dotted key; items of lists as `products[0].units`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    values: BTreeMap<String, Value>,
    lengths: BTreeMap<String, usize>,
    places: BTreeMap<String, Place>,
    invalid: BTreeSet<String>,
    naming: Naming,
    /// The lines of fields that are commented out.
    commented: BTreeMap<String, usize>,
    /// The fields without a value that have a comment behind their colon.
    remarked: BTreeSet<String>,
}

impl Values {
    /// Adds or replaces a value.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        self.values.insert(key.into(), value);
    }

    /// Takes a value away.
    pub(crate) fn remove(&mut self, key: &str) {
        self.values.remove(key);
    }

    /// Says that a list has so many items.
    pub fn insert_list(&mut self, key: impl Into<String>, items: usize) {
        self.lengths.insert(key.into(), items);
    }

    /// Remembers where a key stands.
    pub fn insert_place(&mut self, key: impl Into<String>, place: Place) {
        self.places.insert(key.into(), place);
    }

    /// Remembers that a key has a value that is not what its kind asks for.
    pub fn insert_invalid(&mut self, key: impl Into<String>) {
        let key = key.into();
        // The field is faulty as well, of whichever item.
        self.invalid.insert(plain_key(&key));
        self.invalid.insert(key);
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The value a form's path finds: `products[product=Caora].units` looks for the item.
    pub fn find(&self, path: &FieldPath) -> Option<&Value> {
        self.values.get(&self.locate(path)?)
    }

    /// The key a form's path stands for in this record.
    pub fn locate(&self, path: &FieldPath) -> Option<String> {
        let Some(selector) = &path.selector else { return Some(path.base.clone()) };
        let index = match &selector.item {
            Item::Index(index) => *index,
            Item::With { name, value } => (0..self.len(&path.base)).find(|i| {
                self.get(&format!("{}[{i}].{name}", path.base))
                    .is_some_and(|known| known.text == *value)
            })?,
        };
        Some(format!("{}[{index}].{}", path.base, selector.rest))
    }

    /// Whether the record has the item of a list that a path leads into.
    pub fn has_item(&self, path: &FieldPath) -> bool {
        match path.selector.as_ref().map(|selector| &selector.item) {
            Some(Item::Index(index)) => *index < self.len(&path.base),
            Some(Item::With { .. }) => self.locate(path).is_some(),
            None => false,
        }
    }

    /// How many items a list has.
    pub fn len(&self, list: &str) -> usize {
        self.lengths.get(list).copied().unwrap_or(0)
    }

    /// Whether there is neither a value nor a list.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.lengths.is_empty()
    }

    /// Whether the record has this section, list or field, however empty.
    pub fn has_key(&self, key: &str) -> bool {
        self.places.contains_key(key) || self.values.contains_key(key)
    }

    /// Whether this key, one below it or one above it has a faulty value.
    pub fn is_invalid(&self, key: &str) -> bool {
        self.invalid.iter().any(|invalid| overlap(invalid, key))
    }

    /// Where a key stands, or the nearest section above it.
    pub fn place_near(&self, key: &str) -> Option<&Place> {
        let mut key = key;
        loop {
            let place = self.get(key).and_then(|v| v.place.as_ref());
            if let Some(place) = place.or_else(|| self.places.get(key)) {
                return Some(place);
            }
            key = &key[..key.rfind(['.', '['])?];
        }
    }

    /// How the record calls its fields.
    pub fn naming(&self) -> Naming {
        let given = self.values.values().filter_map(|value| value.place.as_ref());
        let place = self.places.values().chain(given).next();
        if matches!(place, Some(Place::Cell { .. })) { Naming::Cells } else { self.naming }
    }

    pub(super) fn set_naming(&mut self, naming: Naming) {
        self.naming = naming;
    }

    /// The line in which a field is commented out, from 1.
    pub fn commented(&self, key: &str) -> Option<usize> {
        self.commented.get(key).copied()
    }

    /// Whether a comment stands where the value of this key would stand.
    pub(crate) fn is_remarked(&self, key: &str) -> bool {
        self.remarked.contains(key)
    }

    pub(super) fn insert_remarked(&mut self, key: &str) {
        self.remarked.insert(key.to_owned());
    }

    pub(super) fn insert_commented(&mut self, key: &str, line: usize) {
        self.commented.entry(key.to_owned()).or_insert(line);
    }

    /// Every value with its key, in the order of keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Every list with its number of items.
    pub fn lists(&self) -> impl Iterator<Item = (&str, usize)> {
        self.lengths.iter().map(|(key, items)| (key.as_str(), *items))
    }

    /// The same values with one value of a choice in place of several.
    pub fn with_choice(&self, key: &str, choice: &str) -> Values {
        let mut values = self.clone();
        if let Some(value) = values.values.get_mut(key) {
            value.text = choice.to_owned();
            value.data = Data::Text;
        }
        values
    }
}
