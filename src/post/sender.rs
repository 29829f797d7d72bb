//! Who sends what goes out by post, as a record says it.

use crate::form::Forms;
use crate::record;
use crate::report::{Report, Source};
use crate::values::{self, Values};

/// The values of the record of a sender.
pub(super) fn read(name: &str, bytes: &[u8], forms: &Forms) -> Result<Values, (Source, Report)> {
    let (record, mut report) = record::read_forgiving(name, bytes)?;
    let (values, found) = values::values(&record, forms);
    report.extend(found);
    report.sort();
    if report.errors() > 0 {
        return Err((record.source, report));
    }
    Ok(values)
}
