//! `onshi lint`: checks form definitions.

use std::fs;

use onshi::form::Forms;
use onshi::layout;
use onshi::report::{Report, Source, show};

use super::args::Lint;
use super::context::{Context, Stop};
use super::failure::Failure;

pub fn run(args: &Lint, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let mut outcome = Ok(());
    for path in &args.file {
        let text = fs::read_to_string(path).map_err(|e| Failure::reading(path, &e))?;
        let name = path.display().to_string();
        let (source, report) = match Forms::parse_form(&name, &text) {
            Ok(form) => {
                let mut report = form.lint(forms.dictionary(), &text);
                // A grid that is not sound has no places to compare.
                if report.errors() == 0 {
                    report = layout::lint(&form, &forms, &text);
                }
                (Source::new(name, text), report)
            }
            Err(error) => (error.source, error.report),
        };
        if report == Report::default() {
            context.terminal.note(&show::nothing_found());
        }
        if let Err(stop) = context.judge(&report, &source) {
            outcome = Err(stop);
        }
    }
    outcome
}
