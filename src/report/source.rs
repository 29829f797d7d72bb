//! What the user wrote, as the report shows it.

/// The text a report speaks about, under the name the user knows it by.
///
/// ```
/// use onshi::report::Source;
/// let source = Source::new("record.yaml", "facility:\n");
/// assert_eq!(source.name, "record.yaml");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The file's name as the user gave it, or `<stdin>`.
    pub name: String,
    /// The whole text, as [`Place::Text`](super::Place::Text) counts its bytes in it;
    /// empty for a workbook.
    pub text: String,
}

impl Source {
    /// A text and its name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source { name: name.into(), text: text.into() }
    }
}
