//! In: files, complete in memory, and the files a command reads. Out: files on disk: whole or not at all,
//! all of a command or none, and nothing of the user's lost.
//! This room must not know what the files are about: whose a file is, it tells by metadata alone.

mod fault;
mod guard;
mod origin;
mod plain;
mod stage;
mod sweep;

pub use guard::{Guard, Refusal};
pub use origin::is_own;
pub use stage::{Draft, Left, NotWritten, Stage, write, write_all};
pub use sweep::abandon;

pub(crate) use fault::step;
pub(crate) use plain::open_plain;
pub(crate) use sweep::sweep;
