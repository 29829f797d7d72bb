//! In: a record and the forms it is for. Out: a [`Report`] of every fault at once, and how it is shown.
//! This room must not know how a form is laid out or painted.

pub mod networks;
mod report;

pub use report::{Diagnostic, Lang, Place, Report, Severity, Text};
