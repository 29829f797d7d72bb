//! Standard error, for people: reports, failures and notes, in colour where that is welcome.

use std::io::Write as _;

use anstream::AutoStream;
use anstream::stream::{AsLockedWrite, RawStream};
use clap::ColorChoice;
use onshi::report::{Lang, Report, Severity, Source, Text, show};

use super::args::Global;
use super::failure::Failure;

/// Columns of a terminal that doesn't say how many it has.
const WIDTH: usize = 100;

/// How the program speaks on standard error.
#[derive(Clone, Debug)]
pub struct Terminal {
    pub lang: Lang,
    pub color: ColorChoice,
    /// Nothing but errors.
    pub quiet: bool,
    /// Warnings are errors, hence shown even when quiet.
    pub deny_warnings: bool,
}

impl Terminal {
    pub fn new(global: &Global, lang: Lang) -> Self {
        Terminal {
            lang,
            color: global.color,
            quiet: global.quiet,
            deny_warnings: global.deny_warnings,
        }
    }

    /// Shows what is wrong with a source.
    pub fn report(&self, report: &Report, source: &Source) {
        let report = self.shown(report);
        self.print(&show::text(&report, source, self.lang, true, width()));
    }

    /// Shows the findings of a report that is a part of something larger.
    pub fn findings(&self, report: &Report, source: &Source) {
        let report = self.shown(report);
        self.print(&show::findings(&report, source, self.lang, true, width()));
    }

    /// What of a report is shown.
    fn shown(&self, report: &Report) -> Report {
        let mut report = report.clone();
        if self.quiet && !self.deny_warnings {
            let findings = &mut report.diagnostics;
            findings.retain(|finding| finding.severity == Severity::Error);
        }
        report
    }

    /// Shows what stopped the program.
    pub fn failure(&self, failure: &Failure) {
        let Failure { message, hint } = failure;
        self.print(&show::failure(message, hint.as_ref(), self.lang, true));
    }

    /// Says something that is not a fault, unless quiet.
    pub fn note(&self, note: &Text) {
        if !self.quiet {
            self.print(&format!("{}\n", show::visible(note.get(self.lang))));
        }
    }

    /// Says how it ended where it did not end well, quiet or not.
    pub fn verdict(&self, verdict: &Text) {
        self.print(&format!("{}\n", show::visible(verdict.get(self.lang))));
    }

    /// Writes coloured text; where colours are not welcome, they are taken out.
    pub fn print(&self, text: &str) {
        // If nobody can read it, there is nobody to tell.
        let _ = print(std::io::stderr(), text, self.color);
    }
}

/// Writes coloured text to standard output or standard error. With `auto`, colours are for a
/// terminal that can show them, unless `NO_COLOR` is set.
pub fn print(
    stream: impl RawStream + AsLockedWrite,
    text: &str,
    color: ColorChoice,
) -> std::io::Result<()> {
    let color = match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    };
    let mut stream = AutoStream::new(stream, color);
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush())
}

fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok();
    columns.and_then(|c| c.parse().ok()).unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests {
    use onshi::report::Diagnostic;

    use super::*;

    #[test]
    fn quiet_is_silent_about_warnings_that_stop_nothing() {
        let mut report = Report::default();
        report.push(Diagnostic::error("a", Text::new("", "")));
        report.push(Diagnostic::warning("b", Text::new("", "")));
        let shown = |quiet, deny_warnings| {
            let terminal =
                Terminal { lang: Lang::En, color: ColorChoice::Never, quiet, deny_warnings };
            terminal.shown(&report).diagnostics.len()
        };
        assert_eq!(shown(false, false), 2);
        assert_eq!(shown(true, false), 1);
        assert_eq!(shown(true, true), 2);
    }
}
