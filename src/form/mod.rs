//! In: `forms/*.yaml`. Out: the [`Dictionary`] of every field and the [`Form`]s, checked.
//! This room must not know records, pages or file formats.

mod columns;
mod dictionary;
pub(crate) mod kinds;
mod lint;
mod load;
mod model;
mod schema;
mod skeleton;

pub use columns::{Column, HeadingFault, Headings};
pub use dictionary::{Choice, Dictionary, Field, Kind, fold};
pub use kinds::Data;
pub use load::{Forms, LoadError};
pub use model::*;
