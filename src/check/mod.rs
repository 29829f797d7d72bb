//! In: a record and the forms it is for. Out: a [`Report`] of every fault at once, and how it is shown.
//! This room must not know how a form is laid out or painted.

mod code;
mod form;
mod kinds;
pub mod networks;
mod report;
mod rules;
pub mod show;
mod source;
mod suggest;
mod value;

pub use code::check_digit_holds;
pub use form::{check, skipped, wanted};
pub use kinds::values;
pub(crate) use kinds::{derive, example_values, with_choice, written_values};
pub use report::{Diagnostic, Lang, Place, Report, Severity, Text};
pub(crate) use rules::{FUNCTIONS, Functions, Scope, Sections, VARIABLES, template_parts};
pub use source::Source;
pub(crate) use suggest::{did_you_mean, nearest, suggest};
