//! `onshi lint --watch`: a form is checked and painted at each save, until Ctrl-C.
//!
//! Whether something was saved is seen by looking, ten times a second: that works on every drive and
//! with every editor, whereas a notice of the system is lost where an editor puts a new file in the
//! place of the old one, or the drive is another computer's.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use onshi::check;
use onshi::form::{self, Forms, What};
use onshi::layout::Mode;
use onshi::report::{Report, Source, Text, show};
use onshi::{Format, Writer};

use super::args::Lint;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::interrupt;
use super::lint::{folder_of, parse};
use super::output::Output;

/// How often it is looked for a save.
const EVERY: Duration = Duration::from_millis(100);

/// What is seen of the files of a folder: a save changes it.
type Seen = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// The form that is watched, and its pictures.
struct Watch<'a> {
    form: &'a Path,
    picture: Output,
    format: Format,
    context: &'a Context,
    /// The pictures that this run wrote last.
    written: Vec<PathBuf>,
}

pub fn run(args: &Lint, picture: &Path, context: &Context) -> Result<(), Stop> {
    let [form] = args.file.as_slice() else { return Err(one_form().into()) };
    if form.is_dir() || What::of(form) != What::Form {
        return Err(one_form().into());
    }
    // What cannot be read now is a slip of the pen; later it may be half saved.
    context.bytes(form, onshi::MAX_BYTES)?;
    let Some(format) = Format::of(picture).filter(|format| format.is_picture()) else {
        let path = picture.display();
        return Err(Failure::new(Text::new(
            format!("「{path}」は画像の名前ではありません"),
            format!("{path} is not the name of a picture"),
        ))
        .with_hint(Text::new(
            "-o に .png か .svg で終わる名前を指定してください",
            "give -o a name that ends in .png or .svg",
        ))
        .into());
    };
    let picture = Output::File(picture.to_owned());
    let mut watch = Watch { form, picture, format, context, written: Vec::new() };
    interrupt::listen(true);
    context.terminal.note(&Text::new(
        format!(
            "{} を保存するたびに描き直します。終えるときは Ctrl-C を押してください",
            form.display()
        ),
        format!("painting {} anew at each save; Ctrl-C ends it", form.display()),
    ));
    let mut last = None;
    while !interrupt::is_stopped() {
        let seen = watch.seen();
        if last.as_ref() != Some(&seen) {
            watch.round(last.is_none())?;
            last = Some(seen);
        }
        thread::sleep(EVERY);
    }
    Ok(())
}

fn one_form() -> Failure {
    Failure::new(Text::new("--watch では様式の定義を一つ指定します", "--watch takes one form"))
        .with_hint(Text::new(
            "onshi lint --watch FORM.yaml -o page.png のように指定してください",
            "write it like `onshi lint --watch FORM.yaml -o page.png`",
        ))
}

impl Watch<'_> {
    fn folder(&self) -> &Path {
        folder_of(self.form, self.context)
    }

    /// The form's file and the definitions beside it.
    fn seen(&self) -> Seen {
        let mut paths = form::definitions(self.folder()).unwrap_or_default();
        paths.push(self.form.to_owned());
        let look = |path: PathBuf| {
            let about = fs::metadata(&path).ok();
            let about = about.and_then(|about| Some((about.modified().ok()?, about.len())));
            (path, about)
        };
        paths.into_iter().map(look).collect()
    }

    /// Paints the form if nothing stands against it, and says what is wrong with it. Only a picture that
    /// cannot be written the first time ends the watch.
    fn round(&mut self, is_first: bool) -> Result<(), Stop> {
        let name = self.form.display().to_string();
        // An editor may be about to put the file there.
        let Ok(text) = fs::read_to_string(self.form) else { return Ok(()) };
        let source = Source::new(&name, &text);
        let (form, forms, report) = match parse(self.form, self.folder(), &text) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.context.terminal.report(&error.report, &error.source);
                return Ok(());
            }
        };
        if report.errors() > 0 {
            self.context.terminal.report(&report, &source);
            return Ok(());
        }
        let painted = self.paint(&form, &forms);
        // The rules are tried on many records: the picture does not wait for it.
        let mut report = report;
        report.extend(check::lint(&form, &forms, &text));
        match report == Report::default() {
            true => self.context.terminal.note(&show::nothing_found()),
            false => self.context.terminal.report(&report, &source),
        }
        match painted {
            Err(failure) if is_first => Err(failure.into()),
            Err(failure) => {
                self.context.terminal.failure(&failure);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn paint(&mut self, form: &form::Form, forms: &Forms) -> Result<(), Failure> {
        let files = Writer::new(forms, self.format).form(form, Mode::Example);
        let files = files.map_err(|error| Failure::of(&error))?;
        let (output, files) = self.picture.clone().of_one_form(files);
        let written = output.write(files, &self.context.guard(), false)?;
        for path in &written {
            let path = path.display();
            let note = Text::new(format!("{path} を書きました"), format!("wrote {path}"));
            self.context.terminal.note(&note);
        }
        // A form that has fewer pages now has no picture of those that it had.
        for old in self.written.iter().filter(|old| !written.contains(old)) {
            // Gone already, or in use: it is no longer ours to care for.
            let _ = fs::remove_file(old);
        }
        self.written = written;
        Ok(())
    }
}
