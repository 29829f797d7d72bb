//! `onshi import`: a form filled in Excel, back to a record.

use super::args::Import;
use super::context::{Context, Stop};
use super::output::{File, Output};

pub fn run(args: &Import, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let (name, bytes) = context.bytes(&args.workbook, onshi::Import::MAX_BYTES)?;
    let import = onshi::import(&name, &bytes, &forms);
    context.judge(&import.report, &import.record.source)?;
    let yaml = onshi::record::write(&import.record.root);
    let output = Output::file(args.output.as_deref());
    context.write_new(&output, vec![File::new("record.yaml", yaml)], args.force)
}
