//! Many facilities at once.
//!
//! In: a roster or a folder of what facilities handed in. Out: one file per facility and form, print files,
//! what goes out by post, and the lists that account for every row. Good rows are never held up by bad ones. What a facility's
//! fields mean is not known here: `src/facility.rs` says it.

mod account;
mod change;
mod done;
mod facilities;
mod folder;
mod ledger;
mod mail;
mod names;
mod naming;
mod options;
mod outcome;
mod pattern;
mod print;
mod recipe;
mod run;
mod set;
mod share;
mod since;
mod split;
mod summary;
mod words;
mod work;

pub use change::Change;
pub use names::safe_name;
pub use options::{Options, Paint, Post, Watch};
pub use outcome::{BatchError, Outcome};
pub use run::run;
pub use split::{Split, split};
