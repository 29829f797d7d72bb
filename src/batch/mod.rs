//! Many facilities at once.
//!
//! In: a roster or a folder of records. Out: one file per facility and form, a merged print file, and
//! the lists that account for every row. Good rows are never held up by bad ones. What a facility's
//! fields mean is not known here: `src/facility.rs` says it.

mod account;
mod done;
mod facilities;
mod folder;
mod ledger;
mod names;
mod options;
mod outcome;
mod print;
mod recipe;
mod run;
mod set;
mod share;
mod summary;
mod work;

pub use names::safe_name;
pub use options::{Options, Paint, Watch};
pub use outcome::{BatchError, Outcome};
pub use run::run;
