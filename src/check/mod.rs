//! In: a record and the forms it is for. Out: a [`Report`] of every fault at once, and how it is shown.
//! This room must not know how a form is laid out or painted.

mod report;
pub mod show;
mod source;

pub use report::{Diagnostic, Lang, Place, Report, Severity, Text};
pub use source::Source;
