//! In: a form and the values of a record. Out: a [`crate::sheet::Sheet`].
//! This room must not know PDF or Excel.

mod fill;
mod grid;
mod line;
mod lint;
mod text;

pub use fill::{Mode, Template, fill};
pub use lint::lint;
