//! What is between the cells of a text.

use std::path::Path;

use super::lines::LineFeeds;

/// How many records are compared.
const RECORDS: usize = 30;

/// The delimiter, and where the table begins. A line `sep=;` names it; .tsv has tabs; else it is the
/// one that cuts the most in those of the first records that have equally many cells: a title may be above,
/// and a value of several lines may have another mark in each.
/// `start` is the beginning of the file of this name.
pub(super) fn find(name: &Path, start: &[u8]) -> (u8, u64) {
    if let Some(named) = named(start) {
        return named;
    }
    if name.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv")) {
        return (b'\t', 0);
    }
    let score = |delimiter: &&u8| (fit(start, **delimiter), **delimiter == b',');
    let best = [b',', b'\t', b';'].iter().max_by_key(score).copied();
    (best.unwrap_or(b','), 0)
}

/// Excel's own line `sep=;` at the start.
fn named(start: &[u8]) -> Option<(u8, u64)> {
    let bom = if start.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let line = start[bom..].split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let line = line.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(line);
    let [delimiter] = line.strip_prefix(b"sep=")? else { return None };
    let end = start.iter().position(|byte| *byte == b'\n')? + 1;
    Some((*delimiter, end as u64))
}

/// How often the records with equally many cells are cut, at the most.
fn fit(start: &[u8], delimiter: u8) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(LineFeeds::new(start));
    let widths: Vec<usize> =
        reader.byte_records().take(RECORDS).flatten().map(|record| record.len()).collect();
    let times = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths.iter().map(|width| times(*width) * width.saturating_sub(1)).max().unwrap_or_default()
}
