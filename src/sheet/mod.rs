//! In: a form and the values of a record. Out: a [`Sheet`], the filled page as boxes with absolute
//! positions in millimetres and text already broken and sized.
//! This room must not know PDF or Excel.

mod entries;
mod fill;
mod grid;
mod line;
mod lint;
mod model;
mod text;

pub use entries::{Calendar, Entries, Entry, Input, Inverse, Written, entries};
pub(crate) use entries::{Keys, blank as blank_entries, filled as filled_entries};
pub use fill::{Mode, Template, fill};
pub use lint::lint;
pub use model::*;
