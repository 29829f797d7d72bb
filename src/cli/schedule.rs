//! `onshi schedule`: when each step towards the designation is due.

use std::ffi::OsStr;

use onshi::packet::schedule::{FORM, Schedule};
use onshi::report::Text;
use onshi::{File, Format, Writer};

use super::args::{self, ScheduleFormat};
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(args: &args::Schedule, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let form = context.form(&forms, FORM)?;
    let opened = context.open(&args.record, &forms)?;
    let filling = opened.fill(&forms, &[form], context.today);
    let ready = context.ready(&filling, opened.source())?;
    let schedule = Schedule::of(filling.values(), &forms, context.today);
    // A definition of one's own may not ask for the date.
    let schedule = schedule.ok_or_else(|| {
        Failure::new(Text::new(
            "designation.date（指定希望日）がありません",
            "there is no designation.date",
        ))
    })?;
    let lang = context.terminal.lang;
    let bytes = match format(args) {
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
    context.write(&Output::file(args.output.as_deref()), vec![File::new(FORM, bytes)])
}

fn format(args: &args::Schedule) -> ScheduleFormat {
    let ending = args.output.as_deref().and_then(|p| p.extension()).and_then(OsStr::to_str);
    args.format.unwrap_or(match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => ScheduleFormat::Json,
        Some("ics") => ScheduleFormat::Ics,
        Some("pdf") => ScheduleFormat::Pdf,
        _ => ScheduleFormat::Text,
    })
}
