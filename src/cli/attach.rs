//! `onshi attach`: filled forms at the end of the applicant's own PDF.

use onshi::check;
use onshi::packet::attach::{AttachOptions, append};
use onshi::paint::{self, PdfOptions};
use onshi::report::{Report, Text};
use onshi::sheet::Sheet;
use onshi::values;

use super::args::Attach;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::output::{File, Output};
use super::paint::unpaintable;

/// The form that the application for designation asks for.
const FORM: &str = "introduction-plan";

pub fn run(args: &Attach, context: &Context) -> Result<(), Stop> {
    let application = std::fs::read(&args.to).map_err(|e| Failure::reading(&args.to, &e))?;
    let sheets = sheets(args, context)?;
    if sheets.is_empty() {
        let path = args.to.display();
        context.terminal.note(&Text::new(
            format!("加えるものがないので、何も書きませんでした。{path} をそのまま提出できます"),
            format!("nothing to append, so nothing is written: {path} can be handed in as it is"),
        ));
        return Ok(());
    }
    let outline = sheets.iter().map(|sheet| sheet.title.clone()).collect();
    let pages = paint::pdf(&sheets, &PdfOptions::default())
        .map_err(|error| unpaintable(&sheets[0], &error))?;
    let options = AttachOptions { outline, break_signature: args.break_signature };
    let attached = append(&application, &pages, &options).map_err(|error| {
        let (path, message) = (args.to.display(), error.message());
        let failure = Failure::new(Text::new(
            format!("{path}: {}", message.ja),
            format!("{path}: {}", message.en),
        ));
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    })?;
    if attached.signed {
        context.terminal.note(&Text::new(
            "電子署名の後にページを加えました。署名は検証に通りません",
            "pages were added after signing: the signature no longer holds",
        ));
    }
    context.write(&Output::file(Some(&args.output)), vec![File::new("packet.pdf", attached.bytes)])
}

/// Every record's filled forms; all records are judged before the command ends.
fn sheets(args: &Attach, context: &Context) -> Result<Vec<Sheet>, Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let mut sheets = Vec::new();
    let mut outcome = Ok(());
    for path in &args.record {
        let record = context.record(path, &forms)?;
        let wanted = if named.is_empty() {
            let form = context.form(&forms, FORM)?;
            let (values, report) = values::values(&record, &forms);
            if let Some(why) = check::skipped(form, &values, &forms, context.today) {
                let mut report = report;
                report.extend(Report { diagnostics: vec![why] });
                outcome = context.judge(&report, &record.source).and(outcome);
                continue;
            }
            vec![form]
        } else {
            named.clone()
        };
        let filling = onshi::fill(&record, &forms, &wanted, context.today);
        outcome = context.judge(&filling.report, &record.source).and(outcome);
        sheets.extend(filling.sheets.into_iter().map(|filled| filled.sheet));
    }
    outcome.map(|()| sheets)
}
