//! What became of one facility.

use crate::facility::Facility;
use crate::report::{Report, Source};
use crate::sheet::Sheet;

/// A facility that was worked through.
#[derive(Default)]
pub(super) struct Done {
    pub number: u32,
    /// Its row, or the name of its file.
    pub label: String,
    pub facility: Facility,
    pub forms: Vec<String>,
    pub files: Vec<String>,
    pub report: Report,
    pub is_good: bool,
    /// What the names of its files begin with.
    pub start: String,
    pub source: Source,
    pub kept: usize,
    pub sheets: Vec<(String, String, Sheet)>,
}
