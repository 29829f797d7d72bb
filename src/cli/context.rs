//! What every command needs: the forms, the record, how to speak, and how it ends.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use onshi::Filling;
use onshi::calendar::Date;
use onshi::form::{Form, Forms};
use onshi::record::{self, MAX_RECORD_BYTES, Record};
use onshi::report::{Diagnostic, Report, Source, Text};
use onshi::workbook::{self, Import};

use super::args::Global;
use super::failure::Failure;
use super::output::{File, Output};
use super::terminal::Terminal;

/// Why a command ends early.
#[derive(Debug)]
pub enum Stop {
    /// What the user wrote has errors, which have been shown: exit status 1.
    Faulty,
    /// A definition of forms has errors, which have been shown: exit status 2.
    Unusable,
    /// Usage, input or output: exit status 2.
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Failed(failure)
    }
}

/// What was asked for globally.
pub struct Context {
    pub terminal: Terminal,
    pub today: Date,
    global: Global,
}

impl Context {
    pub fn new(global: Global, terminal: Terminal) -> Self {
        let today = global.today.unwrap_or_else(today);
        Context { terminal, today, global }
    }

    /// The built-in forms, with those of `--forms`.
    pub fn forms(&self) -> Result<Cow<'static, Forms>, Stop> {
        let Some(folder) = &self.global.forms else { return Ok(Cow::Borrowed(Forms::built_in())) };
        onshi::load_forms(folder).map(Cow::Owned).map_err(|error| {
            self.terminal.report(&error.report, &error.source);
            Stop::Unusable
        })
    }

    /// The form of an id or alias.
    pub fn form<'a>(&self, forms: &'a Forms, name: &str) -> Result<&'a Form, Failure> {
        forms.find(name).ok_or_else(|| {
            let names: Vec<String> =
                forms.forms().map(|form| format!("{} ({})", form.id, form.short_name())).collect();
            Failure::new(Text::new(
                format!("様式「{name}」はありません"),
                format!("there is no form {name}"),
            ))
            .with_hint(Text::new(
                format!("あるのは {} です", names.join("、")),
                format!("there are {}", names.join(", ")),
            ))
        })
    }

    pub fn named<'a>(&self, forms: &'a Forms, names: &[String]) -> Result<Vec<&'a Form>, Failure> {
        let mut named: Vec<&Form> = Vec::new();
        for name in names {
            let form = self.form(forms, name)?;
            if !named.iter().any(|known| known.id == form.id) {
                named.push(form);
            }
        }
        Ok(named)
    }

    pub fn named_or_all<'a>(
        &self,
        forms: &'a Forms,
        names: &[String],
    ) -> Result<Vec<&'a Form>, Failure> {
        if names.is_empty() {
            return Ok(forms.forms().collect());
        }
        self.named(forms, names)
    }

    /// Reads a record, or `-` from standard input; one that cannot be read is shown.
    pub fn record(&self, path: &Path, forms: &Forms) -> Result<Record, Stop> {
        self.read(path, forms)?.map_err(|(source, report)| {
            self.terminal.report(&report, &source);
            Stop::Faulty
        })
    }

    /// A record's forms, filled, and everything that is wrong with it.
    pub fn filled(
        &self,
        path: &Path,
        forms: &Forms,
        named: &[&Form],
    ) -> Result<(Source, Filling), Failure> {
        let (name, bytes) = self.bytes(path, MAX_RECORD_BYTES.max(Import::MAX_BYTES))?;
        Ok(self.filling(&name, &bytes, forms, named))
    }

    /// What [`Context::filled`] gives, of what was read.
    pub fn filling(
        &self,
        name: &str,
        bytes: &[u8],
        forms: &Forms,
        named: &[&Form],
    ) -> (Source, Filling) {
        if Import::is_workbook(bytes) {
            let import = workbook::import(name, bytes, forms);
            let filling = import.fill(forms, named, self.today);
            return (import.record.source, filling);
        }
        match record::read(name, bytes) {
            Ok(record) => {
                let filling = onshi::fill(&record, forms, named, self.today);
                (record.source, filling)
            }
            Err((source, mut report)) => {
                let ending = Path::new(name).extension().unwrap_or_default();
                if ["csv", "tsv"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
                    report = roster_as_record().into();
                }
                (source, Filling { sheets: Vec::new(), report, values: Arc::default() })
            }
        }
    }

    /// Reads a record, or a form filled in Excel; the inner error is what is wrong with it.
    pub fn read(
        &self,
        path: &Path,
        forms: &Forms,
    ) -> Result<Result<Record, (Source, Report)>, Failure> {
        let (name, bytes) = self.bytes(path, MAX_RECORD_BYTES.max(Import::MAX_BYTES))?;
        Ok(self.parse(&name, &bytes, forms))
    }

    /// The record in what was read.
    pub fn parse(
        &self,
        name: &str,
        bytes: &[u8],
        forms: &Forms,
    ) -> Result<Record, (Source, Report)> {
        if !Import::is_workbook(bytes) {
            return record::read(name, bytes);
        }
        let Import { record, report } = workbook::import(name, bytes, forms);
        if report.errors() > 0 {
            return Err((record.source, report));
        }
        self.terminal.report(&report, &record.source);
        Ok(record)
    }

    /// Reads a file, or standard input for `-`, and what the user calls it.
    pub fn bytes(&self, path: &Path, limit: usize) -> Result<(String, Vec<u8>), Failure> {
        // One byte more than is accepted, so that a larger file is refused and not read whole.
        let limit = limit as u64 + 1;
        let mut bytes = Vec::new();
        let (name, read) = if path == Path::new("-") {
            ("<stdin>".to_owned(), io::stdin().lock().take(limit).read_to_end(&mut bytes))
        } else {
            let read = fs::File::open(path).and_then(|f| f.take(limit).read_to_end(&mut bytes));
            (path.display().to_string(), read)
        };
        read.map_err(|error| Failure::reading(path, &error))?;
        Ok((name, bytes))
    }

    /// Shows a report, and ends the command if it has errors.
    pub fn judge(&self, report: &Report, source: &Source) -> Result<(), Stop> {
        self.terminal.report(report, source);
        self.verdict(report)
    }

    /// Ends the command if a report has errors; with `--deny-warnings`, if it has anything.
    pub fn verdict(&self, report: &Report) -> Result<(), Stop> {
        if report.errors() > 0 {
            return Err(Stop::Faulty);
        }
        if self.global.deny_warnings && report.warnings() > 0 {
            self.terminal.note(&Text::new(
                "--deny-warnings が指定されているため、警告をエラーとして扱います",
                "warnings count as errors because of --deny-warnings",
            ));
            return Err(Stop::Faulty);
        }
        Ok(())
    }

    /// Writes results that somebody may fill in by hand: unless `force`d, over no file that is there.
    pub fn write_new(&self, output: &Output, files: Vec<File>, force: bool) -> Result<(), Stop> {
        if let Some(path) = output.existing(&files).filter(|_| !force) {
            let path = path.display();
            return Err(Failure::new(Text::new(
                format!("{path} はもうあります。上書きしません"),
                format!("{path} is there already and is not overwritten"),
            ))
            .with_hint(Text::new(
                "別の名前を指定するか、上書きしてよければ --force をつけてください",
                "give another name, or --force to overwrite it",
            ))
            .into());
        }
        self.write(output, files)
    }

    /// Writes results and says where they are.
    pub fn write(&self, output: &Output, files: Vec<File>) -> Result<(), Stop> {
        for path in output.write(files)? {
            let path = path.display();
            self.terminal.note(&Text::new(format!("{path} を書きました"), format!("wrote {path}")));
        }
        Ok(())
    }
}

/// A list of facilities in text, where the record of one is asked for.
fn roster_as_record() -> Diagnostic {
    let message = Text::new(
        "一施設の記録ではなく、名簿のようです",
        "this looks like a roster, not like the record of one facility",
    );
    Diagnostic::error("syntax", message).with_hint(Text::new(
        "名簿からは onshi batch で様式を作ります",
        "`onshi batch` makes the forms of a roster",
    ))
}

/// Today in Japan, wherever the computer believes to be.
fn today() -> Date {
    jiff::tz::offset(9).to_datetime(jiff::Timestamp::now()).date()
}

/// Ends the program.
pub fn status(outcome: Result<(), Stop>, terminal: &Terminal) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Faulty) => ExitCode::from(1),
        Err(Stop::Unusable) => ExitCode::from(2),
        Err(Stop::Failed(failure)) => {
            terminal.failure(&failure);
            ExitCode::from(2)
        }
    }
}
