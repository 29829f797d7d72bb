//! A form as a workbook and back. In: a sheet and the entries of its form, or a workbook somebody filled
//! in. Out: a workbook to print and to fill in, or the record it was filled with.

mod cells;
mod entries;
mod grid;
mod import;
mod input;
mod map;
mod marks;
mod write;

pub use crate::form::{Calendar, Input};
pub use entries::{Entries, Entry, FormEntries, Inverse, Written, entries};
pub use import::{Import, import};
pub use map::MAP_SHEET;
pub use write::xlsx;
