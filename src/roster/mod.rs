//! A roster: in comes a table, out come records, one per row.
//!
//! The heading decides once which cell is which value. Forms are known only by their fields: what is
//! made of the records is not known here.

mod apply;
mod blame;
mod columns;
mod entry;
mod group;
mod heading;
pub mod map;
mod plan;
mod resolve;
#[expect(clippy::module_inception, reason = "the room is named for what its largest file is")]
mod roster;
mod row;
mod select;
mod sheet;
mod skip;
mod source;
mod take;

pub(crate) use columns::{Expected, STATE_HEADINGS};
pub(crate) use entry::Entry;
pub(crate) use heading::is_roster;
pub(crate) use roster::{Roster, RosterError};
pub(crate) use select::{Choice, no_heading};
pub(crate) use skip::Skipped;
