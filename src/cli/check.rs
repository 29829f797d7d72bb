//! `onshi check`: the report alone.

use onshi::report::show;

use super::args::{Check, ReportFormat};
use super::context::{Context, Stop};
use super::output::to_stdout;

pub fn run(args: &Check, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let opened = context.open(&args.record, &forms)?;
    let filling = opened.fill(&forms, &named, context.today);
    let (report, source) = (filling.report(), opened.source());
    match args.format {
        ReportFormat::Json => {
            let json = show::json(&[(source, report)], context.terminal.lang);
            to_stdout(json.as_bytes())?;
            context.verdict(report)
        }
        ReportFormat::Text => {
            if report.diagnostics.is_empty() {
                context.terminal.note(&show::nothing_found());
            }
            context.judge(report, source)
        }
    }
}
