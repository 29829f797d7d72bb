//! `onshi roster`: an empty roster, or rosters with what a list knows.

use onshi::batch::{self, Options};
use onshi::form::Forms;
use onshi::report::{Explain as _, Report, Text};
use onshi::workbook::{RosterRows, roster_csv, roster_xlsx_of};
use onshi::{File, Format};

use super::args::Roster;
use super::batch::{read_map, stop};
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;
use super::progress::Progress;

pub fn run(args: &Roster, context: &Context) -> Result<(), Stop> {
    let ending = args.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let forms = context.forms()?;
    let named = context.named_or_all(&forms, &args.form)?;
    let make = |rows| {
        roster_xlsx_of(&forms, &named, rows).map_err(|error| {
            let why = error.message();
            Failure::new(Text::new(
                format!("名簿を作れません: {}", why.ja),
                format!("the roster cannot be made: {}", why.en),
            ))
        })
    };
    let mut report = Report::default();
    let rosters = match (ending.as_str(), args.split) {
        ("csv", None) => vec![roster_csv(&forms, &named)],
        ("csv", Some(_)) => return Err(only_workbooks().into()),
        ("xlsx", None) => vec![make(RosterRows::Endless)?],
        ("xlsx", Some(rows)) if args.from.is_none() => vec![make(RosterRows::Empty(rows))?],
        ("xlsx", Some(rows)) => {
            let split = split(args, rows, &forms, context)?;
            for (source, found) in split.found {
                context.terminal.report(&found, &source);
                report.extend(found);
            }
            let rosters = split.rosters.iter().map(|rows| make(RosterRows::Filled(rows)));
            rosters.collect::<Result<_, _>>()?
        }
        _ => {
            let path = args.output.display();
            return Err(Failure::new(Text::new(
                format!("「{path}」の拡張子からは形式が分かりません"),
                format!("the ending of {path} does not name a format"),
            ))
            .with_hint(Text::new(".xlsx か .csv で終えてください", "end it in .xlsx or .csv"))
            .into());
        }
    };
    let output = Output::file(Some(&args.output), &["csv", "xlsx"])?;
    let files = rosters.into_iter().map(|bytes| File::new("roster", bytes)).collect();
    let (output, files) = output.of_one_form(files);
    context.write(&output, files, args.force)?;
    // What is wrong in the list is in the rosters too, to be put right there.
    context.verdict(&report)
}

/// The facilities of the list, so many for each roster.
fn split(args: &Roster, rows: u32, forms: &Forms, context: &Context) -> Result<batch::Split, Stop> {
    let named = context.named(forms, &args.form)?;
    // It is asked for only with a list.
    let Some(list) = &args.from else { return Ok(batch::Split::default()) };
    let map = match &args.map {
        Some(path) => Some(read_map(path, forms, context)?),
        None => None,
    };
    context.reads(list);
    let paint = |_: &_, _: &str| Ok(Vec::new());
    let mut options = Options::new(list, forms, context.today, Format::Xlsx.extension(), &paint);
    options.encoding = args.encoding.map(Into::into);
    options.sheet = args.sheet.as_deref();
    options.named = &named;
    options.map = map.as_ref();
    options.ignore_unknown = args.ignore_unknown;
    // A roster is made to be completed: the list need not have every column.
    options.unfilled = true;
    let progress = Progress::start(&context.terminal);
    let split = batch::split(&options, rows as usize, &progress);
    progress.end();
    split.map_err(|error| stop(error, list, context))
}

fn only_workbooks() -> Failure {
    Failure::new(Text::new(
        "--split は Excel の名簿のときだけ使えます",
        "--split is for workbooks only",
    ))
    .with_hint(Text::new(
        "-o に .xlsx で終わる名前を書いてください",
        "give -o a name that ends in .xlsx",
    ))
}
