//! What all contenders share: the page as a list of lines and glyphs, the fonts, the floor and the
//! clock.

#![forbid(unsafe_code)]

pub mod elsewhere;
pub mod floor;
pub mod fonts;
mod measure;
mod page;

pub use measure::{Contender, Painting, measure};
pub use page::{Color, Frame, Page, Rule, Text};
