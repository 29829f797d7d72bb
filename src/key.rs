//! Where a form finds a value: `facility.name`, or `card_reader.products[product=Caora].units`.

use std::fmt;

/// A dotted key, with at most one selector into a list; parsed once, when a definition is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The key up to the list, or the whole key when there is no selector.
    pub base: String,
    /// Which item of the list, and the key inside it.
    pub selector: Option<Selector>,
    key: String,
    written: String,
}

/// Which item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The item's field that is compared; none when `value` is an index from 0.
    pub name: Option<String>,
    /// The value it must have.
    pub value: String,
    /// The key inside the item.
    pub rest: String,
}

impl Selector {
    /// The index, when it is one.
    pub(crate) fn index(&self) -> Option<usize> {
        if self.name.is_some() { None } else { self.value.parse().ok() }
    }
}

impl FieldPath {
    /// Reads a path; `None` when it is malformed.
    ///
    /// ```
    /// use onshi::key::FieldPath;
    /// let path = FieldPath::parse("card_reader.products[product=Caora].units").unwrap();
    /// assert_eq!(path.key(), "card_reader.products.units");
    /// assert_eq!(path.to_string(), "card_reader.products[product=Caora].units");
    /// assert!(FieldPath::parse("a[b").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<FieldPath> {
        let Some((base, rest)) = text.split_once('[') else {
            let ok = !text.is_empty() && !text.contains(']');
            return ok.then(|| FieldPath::of(text));
        };
        let (inside, rest) = rest.split_once(']')?;
        let rest = rest.strip_prefix('.')?;
        let (name, value) = match inside.split_once('=') {
            Some((name, value)) => (Some(name.to_owned()), value),
            None => (None, inside),
        };
        if name.is_none() && value.parse::<usize>().is_err() {
            return None;
        }
        Some(FieldPath {
            key: format!("{base}.{rest}"),
            written: text.to_owned(),
            base: base.to_owned(),
            selector: Some(Selector { name, value: value.to_owned(), rest: rest.to_owned() }),
        })
    }

    /// The path of a key outside of lists.
    pub fn of(key: impl Into<String>) -> FieldPath {
        let key = key.into();
        FieldPath { base: key.clone(), selector: None, written: key.clone(), key }
    }

    /// The field's key in the dictionary.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A key without list indices and selectors.
pub(crate) fn plain_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut inside = false;
    for c in key.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
