//! In: characters. Out: which face of the font chain prints them, with glyphs and widths.
//! This room must not know forms, pages or file formats.

/// A family a form asks for; the chain behind it supplies what the family lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// BIZ UD明朝
    #[default]
    Mincho,
    /// BIZ UDゴシック
    Gothic,
    /// BIZ UDゴシック Bold
    Bold,
}
