//! Where a form finds a value: `facility.name`, or `card_reader.products[product=Caora].units`.

/// A dotted key, with at most one selector into a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The key up to the list, or the whole key when there is no selector.
    pub base: String,
    /// Which item of the list, and the key inside it.
    pub selector: Option<Selector>,
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

impl FieldPath {
    /// Reads a path; `None` when it is malformed.
    ///
    /// ```
    /// use onshi::key::FieldPath;
    /// let path = FieldPath::parse("card_reader.products[product=Caora].units").unwrap();
    /// assert_eq!(path.key(), "card_reader.products.units");
    /// assert!(FieldPath::parse("a[b").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<FieldPath> {
        let Some((base, rest)) = text.split_once('[') else {
            let ok = !text.is_empty() && !text.contains(']');
            return ok.then(|| FieldPath { base: text.to_owned(), selector: None });
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
        let selector = Selector { name, value: value.to_owned(), rest: rest.to_owned() };
        Some(FieldPath { base: base.to_owned(), selector: Some(selector) })
    }

    /// The field's key in the dictionary.
    pub fn key(&self) -> String {
        match &self.selector {
            Some(selector) => format!("{}.{}", self.base, selector.rest),
            None => self.base.clone(),
        }
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
