//! What every command needs: the forms, the record, how to speak, and how it ends.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;

use onshi::calendar::{self, Date};
use onshi::form::{Form, Forms, Gaiji};
use onshi::record::is_record_name;
use onshi::report::{Report, Source, Text};
use onshi::store::Guard;
use onshi::{File, Filling, Opened, Ready, What};

use super::args::Global;
use super::failure::Failure;
use super::interrupt;
use super::output::Output;
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
    /// What has been read, and is not written over.
    guard: RefCell<Guard>,
}

impl Context {
    pub fn new(global: Global, terminal: Terminal) -> Self {
        let today = global.today.unwrap_or_else(calendar::today);
        Context { terminal, today, global, guard: RefCell::default() }
    }

    /// The day that `--today` names.
    pub fn asked_today(&self) -> Option<Date> {
        self.global.today
    }

    /// The built-in forms, with those of `--forms` and the table of `--gaiji`.
    pub fn forms(&self) -> Result<Cow<'static, Forms>, Stop> {
        let forms = self.of_folder()?;
        let Some(path) = &self.global.gaiji else { return Ok(forms) };
        self.reads(path);
        let text = fs::read_to_string(path).map_err(|error| Failure::reading(path, &error))?;
        match Gaiji::from_yaml(&text) {
            Ok(gaiji) => Ok(Cow::Owned(forms.into_owned().with_gaiji(gaiji))),
            Err(report) => {
                self.terminal.report(&report, &Source::new(path.display().to_string(), text));
                Err(Stop::Unusable)
            }
        }
    }

    /// The built-in forms, with those of `--forms`.
    fn of_folder(&self) -> Result<Cow<'static, Forms>, Stop> {
        let Some(folder) = &self.global.forms else { return Ok(Cow::Borrowed(Forms::built_in())) };
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        let files = files.map(|entry| entry.path()).filter(|path| is_record_name(path));
        files.for_each(|path| self.reads(&path));
        onshi::load_forms(folder).map(Cow::Owned).map_err(|error| {
            self.terminal.report(&error.report, &error.source);
            Stop::Unusable
        })
    }

    /// The folder that `--forms` names.
    pub fn folder(&self) -> Option<&Path> {
        self.global.forms.as_deref()
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
                format!("the forms are {}", names.join(", ")),
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

    /// Looks into a file, or standard input for `-`; one that can have no record ends the command.
    pub fn open(&self, path: &Path, forms: &Forms) -> Result<Opened, Failure> {
        let (name, bytes) = self.bytes(path, onshi::MAX_BYTES)?;
        let opened = onshi::open(&name, &bytes, forms);
        match opened.report().diagnostics.into_iter().next() {
            Some(fault) if opened.what() == What::Pdf => Err(Failure {
                message: Text::new(
                    format!("{name}: {}", fault.message.ja),
                    format!("{name}: {}", fault.message.en),
                ),
                hint: fault.hint,
            }),
            _ => Ok(opened),
        }
    }

    /// Reads a file, or standard input for `-`, and what the user calls it.
    pub fn bytes(&self, path: &Path, limit: usize) -> Result<(String, Vec<u8>), Failure> {
        // One byte more than is accepted, so that a larger file is refused and not read whole.
        let limit = limit as u64 + 1;
        self.reads(path);
        let mut bytes = Vec::new();
        let (name, read) = if path == Path::new("-") {
            ("<stdin>".to_owned(), io::stdin().lock().take(limit).read_to_end(&mut bytes))
        } else {
            let read = fs::File::open(path).and_then(|f| f.take(limit).read_to_end(&mut bytes));
            (path.display().to_string(), read)
        };
        read.map_err(|error| Failure::reading(path, &error))?;
        if bytes.len() as u64 == limit {
            let most = (limit - 1) >> 20;
            return Err(Failure::new(Text::new(
                format!("{name} は大きすぎます（{most} MB まで）"),
                format!("{name} is too large: at most {most} MB are read"),
            )));
        }
        Ok((name, bytes))
    }

    /// Shows what is wrong with a record; its forms, if nothing stops them.
    pub fn ready<'a>(&self, filling: &'a Filling, source: &Source) -> Result<Ready<'a>, Stop> {
        self.judge(filling.report(), source)?;
        filling.ready().map_err(|_| Stop::Faulty)
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

    /// Remembers a file that is read, so that no result is written over it.
    pub fn reads(&self, path: &Path) {
        let mut guard = self.guard.borrow_mut();
        if path == Path::new("-") { guard.read_stdin() } else { guard.read(path) }
    }

    /// What has been read so far.
    pub fn guard(&self) -> Guard {
        self.guard.borrow().clone()
    }

    /// Writes results and says where they are: over no input, and, unless `force`d, over no file that is
    /// there but the program's own.
    pub fn write(&self, output: &Output, files: Vec<File>, force: bool) -> Result<(), Stop> {
        self.write_all(vec![(output.clone(), files)], force)
    }

    /// Writes results that go to several places, all or none of them.
    pub fn write_all(&self, parts: Vec<(Output, Vec<File>)>, force: bool) -> Result<(), Stop> {
        interrupt::listen(false);
        for path in Output::write_all(parts, &self.guard.borrow(), force)? {
            let path = path.display();
            self.terminal.note(&Text::new(format!("{path} を書きました"), format!("wrote {path}")));
        }
        Ok(())
    }
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
