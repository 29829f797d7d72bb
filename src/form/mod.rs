//! In: `forms/*.yaml`. Out: the [`Dictionary`] of every field and the [`Form`]s, checked.
//! This room must not know records, pages or file formats.

mod columns;
mod dictionary;
mod expression;
mod lint;
mod load;
mod model;
mod path;
mod schema;
mod skeleton;

pub use columns::{Column, HeadingFault, Headings};
pub use dictionary::{Choice, Dictionary, Field, Kind, fold};
pub use expression::Expression;
pub use load::{Forms, LoadError};
pub use model::*;
pub(crate) use path::plain as plain_key;
pub use path::{FieldPath, Selector};
