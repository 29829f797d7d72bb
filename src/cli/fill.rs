//! `onshi fill`: a record's forms.

use onshi::report::Text;
use onshi::{Format, Writer};

use super::args::Fill;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{Output, stem};

pub fn run(args: &Fill, context: &Context) -> Result<(), Stop> {
    let output = Output::forms(args.to.output.as_deref());
    let format = output.format(args.to.format)?;
    if args.carry_record && format != Format::Pdf {
        return Err(Failure::new(Text::new(
            "--carry-record は PDF のときだけ使えます",
            "--carry-record is for PDF only",
        ))
        .with_hint(Text::new("--format pdf で書き出してください", "write it with --format pdf"))
        .into());
    }
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let opened = context.open(&args.record, &forms)?;
    let filling = opened.fill(&forms, &named, context.today);
    let ready = context.ready(&filling, opened.source())?;
    let writer = Writer::new(&forms, format).carry_record(args.carry_record);
    let files = writer.files(&ready, &stem(&args.record)).map_err(|e| Failure::of(&e))?;
    let (output, files) = match ready.forms() {
        [_] => output.of_one_form(files),
        _ => (output, files),
    };
    context.write(&output, files, args.to.force)
}
