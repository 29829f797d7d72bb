//! One facility of a list, as it was read.

use crate::record::Record;
use crate::report::{Place, Report, Source};

/// A record, or what keeps it from being one.
pub(crate) struct Entry {
    /// Its row, or which file of the folder it is, from 1.
    pub number: u32,
    /// What the names of its files begin with; none for a row.
    pub stem: Option<String>,
    pub record: Result<Record, Source>,
    /// What was found while reading.
    pub report: Report,
    /// The row as it is written, a text for each column; empty for a file.
    pub cells: Vec<String>,
    /// What stands in cells of further rows of the facility that say otherwise than the first.
    pub others: Vec<(Place, String)>,
    /// The ids of the forms that the file asks for by having them: that on which a PDF was printed, and those of a
    /// workbook of several.
    pub printed: Vec<String>,
    /// Whether it was filled in as a workbook: a field that is refused there is not missing as well.
    pub is_workbook: bool,
    /// What the list it came from calls the facility, as a workbook that was sent out remembers it.
    pub label: Option<String>,
}

impl Entry {
    pub fn new(number: u32, record: Record, report: Report) -> Self {
        Entry {
            record: Ok(record),
            report,
            ..Entry::unreadable(number, Source::default(), Report::default())
        }
    }

    pub fn unreadable(number: u32, source: Source, report: Report) -> Self {
        Entry {
            number,
            stem: None,
            record: Err(source),
            report,
            cells: Vec::new(),
            others: Vec::new(),
            printed: Vec::new(),
            is_workbook: false,
            label: None,
        }
    }
}
