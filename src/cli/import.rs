//! `onshi import`: a form filled in with Excel, or an office's PDF filled in with a viewer, back to a record.

use onshi::File;
use onshi::packet::filled::FilledIn;
use onshi::report::{Diagnostic, Source, Text};

use super::args::Import;
use super::context::{Context, Stop};
use super::output::{Output, RECORD};

pub fn run(args: &Import, context: &Context) -> Result<(), Stop> {
    let output = Output::file(args.output.as_deref(), RECORD)?;
    let forms = context.forms()?;
    let (name, bytes) = context.bytes(&args.workbook, onshi::workbook::Import::MAX_BYTES)?;
    if let Some(filled) = FilledIn::read(&bytes, &forms) {
        context.judge(&filled.report, &Source::new(&name, filled.yaml.clone()))?;
        let files = vec![File::new("record.yaml", filled.yaml)];
        return context.write(&output, files, args.force);
    }
    let import = onshi::workbook::import(&name, &bytes, &forms);
    let yaml = onshi::record::write(&import.record.root);
    let mut report = import.report;
    if yaml.is_empty() && report.errors() == 0 {
        let message = Text::new("何も記入されていません", "nothing has been filled in");
        let place = Some(import.record.root.place);
        report.push(Diagnostic::error("required", message).at(place).with_hint(Text::new(
            "色のついたセルに記入し、保存してから読んでください",
            "fill in the coloured cells and save the workbook first",
        )));
    }
    context.judge(&report, &import.record.source)?;
    context.write(&output, vec![File::new("record.yaml", yaml)], args.force)
}
