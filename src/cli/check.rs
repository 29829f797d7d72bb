//! `onshi check`: the report alone, on a record, a form filled in Excel, or a PDF that carries its record.

use onshi::packet::carry::Carried;
use onshi::report::{Report, show};

use super::args::{Check, ReportFormat};
use super::context::{Context, Stop};
use super::extract::{MAX_PDF_BYTES, failure};
use super::output::to_stdout;

pub fn run(args: &Check, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let (name, bytes) = context.bytes(&args.record, MAX_PDF_BYTES)?;
    let (source, report) = if bytes.starts_with(b"%PDF-") {
        let carried = Carried::extract(&bytes).map_err(|e| failure(&args.record, &e))?;
        let form = context.form(&forms, &carried.form)?;
        let named = if named.is_empty() { vec![form] } else { named };
        let (source, filling) = context.filling(&name, carried.yaml.as_bytes(), &forms, &named);
        let mut report = filling.report;
        report.extend(Report {
            diagnostics: carried.altered(&bytes, form, &forms).into_iter().collect(),
        });
        (source, report)
    } else {
        let (source, filling) = context.filling(&name, &bytes, &forms, &named);
        (source, filling.report)
    };
    match args.format {
        ReportFormat::Json => {
            let json = show::json(&[(&source, &report)], context.terminal.lang);
            to_stdout(json.as_bytes())?;
            context.verdict(&report)
        }
        ReportFormat::Text => {
            if report.diagnostics.is_empty() {
                context.terminal.note(&show::nothing_found());
            }
            context.judge(&report, &source)
        }
    }
}
