//! In: a form and the values of a record. Out: [`crate::sheet::Sheet`]s, one for each page.
//! This room must not know PDF or Excel.

mod blocks;
mod cell;
mod code;
mod fill;
mod fit;
mod grid;
mod line;
mod link;
mod lint;
mod looks;
mod number;
mod pages;
mod template;
mod text;

pub use fill::{Mode, fill};
pub use lint::lint;
pub(crate) use lint::lint_each;
pub use template::Template;
pub(crate) use text::break_lines;
