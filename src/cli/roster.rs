//! `onshi roster`: an empty roster.

use onshi::File;
use onshi::report::{Explain as _, Text};
use onshi::workbook::{roster_csv, roster_xlsx};

use super::args::Roster;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::Output;

pub fn run(args: &Roster, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named_or_all(&forms, &args.form)?;
    let ending = args.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let bytes = match ending.as_str() {
        "csv" => roster_csv(&forms, &named),
        "xlsx" => roster_xlsx(&forms, &named).map_err(|error| {
            let why = error.message();
            Failure::new(Text::new(
                format!("名簿を作れません: {}", why.ja),
                format!("the roster cannot be made: {}", why.en),
            ))
        })?,
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
    context.write(&output, vec![File::new("roster", bytes)], args.force)
}
