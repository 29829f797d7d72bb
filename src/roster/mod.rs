//! A roster: in comes a table, out come records, one per row.
//!
//! The heading decides once which cell is which value. Forms are known only by their fields: what is
//! made of the records is not known here.

mod columns;
mod entry;
mod heading;
#[expect(clippy::module_inception, reason = "the room is named for what its largest file is")]
mod roster;
mod row;
mod skip;

pub(crate) use columns::Expected;
pub(crate) use entry::Entry;
pub(crate) use heading::is_roster;
pub(crate) use roster::Roster;
pub(crate) use skip::Skipped;
