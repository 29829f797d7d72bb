//! In: a form and the values of a record. Out: a [`Sheet`], the filled page as boxes with absolute
//! positions in millimetres and text already broken and sized.
//! This room must not know PDF or Excel.

mod model;

pub use model::*;
