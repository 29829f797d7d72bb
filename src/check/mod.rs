//! In: the values of a record and the forms it is for. Out: a [`crate::report::Report`] of every fault
//! at once.
//! This room must not know how a form is laid out or painted.

mod conditions;
mod form;
mod glyphs;
mod lint;
mod lists;
mod needed;
mod parts;
mod postal;

pub use form::{check, skipped, wanted};
pub use lint::lint;
pub(crate) use postal::say_once;
