//! `onshi fill`: a record's forms.

use super::args::Fill;
use super::context::{Context, Stop};
use super::output::{File, Output};
use super::paint::paint;

pub fn run(args: &Fill, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(args.to.output.as_deref());
    let format = output.format(args.to.format)?;
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let record = context.record(&args.record, &forms)?;
    let filling = onshi::fill(&record, &forms, &named, context.today);
    context.judge(&filling.report, &record.source)?;
    let mut files = Vec::new();
    for filled in &filling.sheets {
        let name = File::name_of(&args.record, &filled.form, filled.kind.as_deref(), format);
        files.push(File::new(name, paint(&filled.sheet, &filled.entries, format)?));
    }
    context.write(&output, files)
}
