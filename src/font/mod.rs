//! In: characters. Out: which face of the font chain prints them, with glyphs and widths.
//! This room must not know forms, pages or file formats.

mod face;
mod lookalike;
mod shape;
mod variants;
mod vertical;

pub(crate) use face::UNITS;
pub use face::{Face, ascent_em, cap_height_em, descent_em};
pub use lookalike::composed;
pub(crate) use lookalike::{is_invisible, voiced_composed};
pub use shape::{Fault, Glyph, GlyphFault, Shaped, faults, shape, width_em};
pub(crate) use shape::{is_private, is_selector, is_xml};
pub use variants::usual_form;
pub use vertical::{Column, Stacked, stack};

/// A family a form asks for; the chain behind it supplies what the family lacks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, schemars::JsonSchema,
)]
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

impl Family {
    /// The faces asked for a character, in this order.
    pub fn chain(self) -> [Face; 2] {
        let own = match self {
            Family::Mincho => Face::Mincho,
            Family::Gothic => Face::Gothic,
            Family::Bold => Face::Bold,
        };
        [own, Face::Ipamj]
    }
}
