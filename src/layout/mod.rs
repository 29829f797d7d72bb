//! In: a form and the values of a record. Out: [`crate::sheet::Sheet`]s, one for each page.
//! This room must not know PDF or Excel.

mod fill;
mod grid;
mod line;
mod lint;
mod pages;
mod template;
mod text;

pub use fill::{Mode, fill};
pub use lint::lint;
pub use template::Template;
