//! `onshi schedule`: when each step towards the designation is due.

use std::ffi::OsStr;
use std::path::Path;

use clap::ValueEnum as _;
use onshi::packet::schedule::{FORM, Schedule};
use onshi::report::Text;
use onshi::{File, Format, Writer};

use super::args::{self, ScheduleFormat};
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(args: &args::Schedule, context: &Context) -> Result<(), Stop> {
    let (format, output) = format(args)?;
    let forms = context.forms()?;
    let form = context.form(&forms, FORM)?;
    let opened = context.open(&args.record, &forms)?;
    let filling = opened.fill(&forms, &[form], context.today);
    let ready = context.ready(&filling, opened.source())?;
    let schedule = Schedule::of(filling.values(), &forms, context.today);
    // A definition of one's own may not ask for the date.
    let schedule = schedule.ok_or_else(|| {
        Failure::new(Text::new(
            "指定希望日がありません",
            "the record has no wished date of designation",
        ))
    })?;
    let lang = context.terminal.lang;
    let bytes = match format {
        ScheduleFormat::Text => schedule.text(lang).into_bytes(),
        ScheduleFormat::Json => schedule.json(lang).into_bytes(),
        ScheduleFormat::Ics => schedule.ics(lang).into_bytes(),
        ScheduleFormat::Pdf => {
            let writer = Writer::new(&forms, Format::Pdf);
            let mut files = writer.files(&ready, FORM).map_err(|e| Failure::of(&e))?;
            // One form was asked for, and it is made for no field with several values.
            files.swap_remove(0).bytes
        }
    };
    context.write(&output, vec![File::new(FORM, bytes)], args.force)
}

/// What to write: what `--format` says, else what the file's ending says, else text.
fn format(args: &args::Schedule) -> Result<(ScheduleFormat, Output), Failure> {
    let output = args.output.as_deref();
    let ending = output.and_then(Path::extension).and_then(OsStr::to_str).unwrap_or_default();
    let formats = ScheduleFormat::value_variants();
    let is_named = |format: &&ScheduleFormat| {
        format.endings().iter().any(|known| ending.eq_ignore_ascii_case(known))
    };
    let format = args.format.or_else(|| formats.iter().find(is_named).copied());
    let endings: Vec<&str> = match format {
        Some(format) => format.endings().to_vec(),
        None => formats.iter().flat_map(|f| f.endings()).copied().collect(),
    };
    Ok((format.unwrap_or(ScheduleFormat::Text), Output::file(output, &endings)?))
}
