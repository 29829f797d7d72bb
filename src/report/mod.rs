//! In: what any room found wrong, and where. Out: a [`Report`] of every fault at once, shown as text or
//! as JSON, in Japanese or English.
//! This room must not know what the rooms above it check.

mod diagnostic;
mod plain;
pub mod show;
mod source;
mod suggest;
mod system;

pub use diagnostic::{Diagnostic, Explain, Lang, Place, Report, Severity, Text};
pub use plain::plain;
pub use source::Source;
pub(crate) use suggest::{did_you_mean, nearest, suggest};
pub use system::{is_open_elsewhere, system};
