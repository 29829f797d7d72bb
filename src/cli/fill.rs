//! `onshi fill`: a record's forms.

use onshi::report::Text;
use onshi::{Format, Writer};

use super::args::Fill;
use super::blank::cannot_join;
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
    if args.one_file && args.carry_record {
        return Err(Failure::new(Text::new(
            "--one-file と --carry-record は一緒に使えません（添付する記録は様式ごとです）",
            "--one-file and --carry-record cannot be used together: each form carries its own record",
        ))
        .with_hint(Text::new("どちらかを外してください", "leave one of them out"))
        .into());
    }
    if args.one_file && !format.joins() {
        return Err(cannot_join(format).into());
    }
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let opened = context.open(&args.record, &forms)?;
    let filling = opened.fill(&forms, &named, context.today);
    let ready = context.ready(&filling, opened.source())?;
    let writer = Writer::new(&forms, format).carry_record(args.carry_record);
    let stem = stem(&args.record);
    if args.one_file && !ready.forms().is_empty() {
        let file = writer.packed(&ready, &stem, true).map_err(|e| Failure::of(&e))?;
        return context.write(&output, vec![file], args.to.force);
    }
    let files = writer.files(&ready, &stem).map_err(|e| Failure::of(&e))?;
    let (output, files) = match ready.forms() {
        [_] => output.of_one_form(files),
        _ => (output, files),
    };
    context.write(&output, files, args.to.force)
}
