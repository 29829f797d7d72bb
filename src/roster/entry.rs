//! One facility of a list, as it was read.

use crate::record::Record;
use crate::report::{Report, Source};

/// A record, or what keeps it from being one.
pub(crate) struct Entry {
    /// Its row, or which file of the folder it is, from 1.
    pub number: u32,
    /// The file's name without its ending; none for a row.
    pub stem: Option<String>,
    pub record: Result<Record, Source>,
    /// What was found while reading.
    pub report: Report,
}

impl Entry {
    pub fn new(number: u32, record: Record, report: Report) -> Self {
        Entry { number, stem: None, record: Ok(record), report }
    }

    pub fn unreadable(number: u32, source: Source, report: Report) -> Self {
        Entry { number, stem: None, record: Err(source), report }
    }
}
