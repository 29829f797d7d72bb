//! `onshi batch`: the forms of many facilities.

use std::io::ErrorKind;
use std::path::Path;

use onshi::batch::{self, BatchError, Options, Outcome};
use onshi::form::{Forms, Headings};
use onshi::map::Map;
use onshi::paint::PaintError;
use onshi::record::is_record_name;
use onshi::report::{Diagnostic, Explain as _, Lang, Report, Severity, Source, Text};
use onshi::table::TableError;
use onshi::{FilledForm, Format, Writer};

use super::args::Batch;
use super::context::{Context, Stop};
use super::failure::Failure;
use super::progress::Progress;
use super::terminal::Terminal;

pub fn run(args: &Batch, context: &Context) -> Result<(), Stop> {
    let forms = context.forms()?;
    let named = context.named(&forms, &args.form)?;
    let format = args.format.unwrap_or(Format::Pdf);
    // Said once, and not for every facility.
    if format == Format::Xlsx && !named.is_empty() && named.iter().all(|f| f.paper.is_some()) {
        return Err(Failure::of(&PaintError::OnPaper).into());
    }
    if args.source.is_file() && is_record_name(&args.source) {
        return Err(record_as_roster(&args.source).into());
    }
    let map = match &args.map {
        Some(path) => Some(read_map(path, &forms, context)?),
        None => None,
    };
    if args.unfilled && format != Format::Xlsx {
        return Err(not_to_fill_in(format).into());
    }
    let progress = Progress::start(&context.terminal);
    let writer = Writer::new(&forms, format);
    let paint = |filled: &FilledForm, label: &str| {
        let painted = match args.unfilled {
            true => writer.to_fill_in(filled, label).map(|bytes| vec![bytes]),
            false => writer.write(filled),
        };
        painted.map_err(|error| error.message())
    };
    let (today, extension) = (context.today, format.extension());
    let mut options = Options::new(&args.source, &forms, today, extension, &paint);
    options.encoding = args.encoding.map(Into::into);
    options.sheet = args.sheet.as_deref();
    options.named = &named;
    options.set = &args.set;
    options.map = map.as_ref();
    options.ignore_unknown = args.ignore_unknown;
    options.allow_duplicates = args.allow_duplicates;
    options.deny_warnings = context.terminal.deny_warnings;
    options.strict = args.strict;
    options.force = args.force;
    options.inputs = context.guard();
    options.jobs = args.jobs.unwrap_or(0);
    options.folder = args.output.as_deref();
    options.merge = args.merge.as_deref();
    options.name = args.name.as_deref();
    options.label = args.label.as_deref();
    options.filters = &args.r#where;
    options.sort = args.sort.as_deref();
    options.visible_only = args.visible_only;
    options.unfilled = args.unfilled;
    options.since = args.since.as_deref();
    options.only_changed = args.changed;
    options.post = batch::Post {
        letters: args.letters.as_deref(),
        labels: args.labels.as_deref(),
        covers: args.cover.as_deref(),
        sender: args.sender.as_deref(),
        folder: context.folder(),
    };
    options.lang = context.terminal.lang;
    let outcome = batch::run(&options, &progress);
    progress.end();
    account(&outcome.map_err(|error| stop(error, &args.source, context))?, args, context)
}

/// Says what came of it, the last line being how many of how many.
fn account(outcome: &Outcome, args: &Batch, context: &Context) -> Result<(), Stop> {
    let terminal = &context.terminal;
    for (source, report) in by_source(&outcome.first) {
        terminal.findings(&report, &source);
    }
    counted(outcome, args, terminal);
    earlier_files(outcome, terminal);
    post_and_changes(outcome, terminal);
    verdict(outcome, args, terminal)
}

/// How many findings there are, and where those not shown are.
fn counted(outcome: &Outcome, args: &Batch, terminal: &Terminal) {
    let total = |counts: &[(String, usize)]| counts.iter().map(|(_, n)| n).sum::<usize>();
    let listed = |counts: &[(String, usize)]| {
        let counts: Vec<String> = counts.iter().map(|(code, n)| format!("{code} {n}")).collect();
        counts.join(", ")
    };
    let (errors, warnings) = (total(&outcome.errors), total(&outcome.warnings));
    let is_error = |d: &&Diagnostic| d.severity == Severity::Error;
    let shown = outcome.first.iter().flat_map(|(_, report)| &report.diagnostics).filter(is_error);
    let shown = shown.count();
    if shown < errors {
        terminal.note(&match (&args.output, outcome.is_withheld) {
            (Some(folder), false) => {
                let list = folder.join("errors.csv");
                let list = list.display();
                Text::new(
                    format!("エラーははじめの {shown} 件だけを示しました。全件は {list} にあります"),
                    format!("only the first {shown} errors are shown; all are in {list}"),
                )
            }
            _ => Text::new(
                format!("エラーははじめの {shown} 件だけを示しました。-o でフォルダーを指定し、--strict なしで実行すると、全件が errors.csv に書かれます"),
                format!("only the first {shown} errors are shown; to get all of them in errors.csv, give -o FOLDER and leave out --strict"),
            ),
        });
    }
    if errors > 0 {
        let codes = listed(&outcome.errors);
        terminal.note(&Text::new(
            format!("エラー {errors} 件（{codes}）"),
            format!("{errors} errors ({codes})"),
        ));
    }
    if warnings > 0 {
        let codes = listed(&outcome.warnings);
        terminal.note(&Text::new(
            format!("警告 {warnings} 件（{codes}）"),
            format!("{warnings} warnings ({codes})"),
        ));
        if warnings > outcome.warnings.len() {
            let list = args.output.as_ref().map(|folder| folder.join("summary.xlsx"));
            let all = list.map_or_else(Default::default, |list| {
                let list = list.display();
                (format!("。全件は {list} にあります"), format!("; all are in {list}"))
            });
            terminal.note(&Text::new(
                format!("警告は種類ごとにはじめの一つだけを示しました{}", all.0),
                format!("only the first warning of each kind is shown{}", all.1),
            ));
        }
    }
    outcome.shared.iter().for_each(|said| terminal.note(said));
}

/// What became of the files of earlier runs, and which print files were written.
fn earlier_files(outcome: &Outcome, terminal: &Terminal) {
    for (path, aside) in &outcome.set_aside {
        let (path, aside) = (path.display(), aside.display());
        terminal.note(&Text::new(
            format!("{path} は前回の後に変えられていたので、{aside} に移して新しく書きました"),
            format!(
                "{path} was changed since the last run: it was renamed to {aside} and written again"
            ),
        ));
    }
    earlier(terminal, &outcome.outdated, |name| {
        Text::new(
            format!("{name} は以前のままです（この施設に誤りがあるため、作り直していません）"),
            format!("{name} was kept from an earlier run: its facility now has an error"),
        )
    });
    earlier(terminal, &outcome.left, |name| {
        Text::new(
            format!("{name} は以前の一括作成のもので、今回の名簿からは作られません（消しません）"),
            format!("{name} is from an earlier run and matches no row of this roster; it was kept"),
        )
    });
    earlier(terminal, &outcome.unasked, |name| {
        Text::new(
            format!(
                "{name} は以前の一括作成のままです（今回は作っていません。--merge、--letters、--labels、--cover をつけると作ります）"
            ),
            format!(
                "{name} was kept from an earlier run: this one did not make it (--merge, --letters, --labels or --cover does)"
            ),
        )
    });
    if outcome.kept > 0 {
        terminal.note(&Text::new(
            format!("{} ファイルは変わっていないので、そのままにしました", outcome.kept),
            format!("{} files are unchanged and were kept", outcome.kept),
        ));
    }
    for (path, pages) in outcome.merged.iter().chain(&outcome.post) {
        let path = path.display();
        terminal.note(&Text::new(
            format!("{path} を書きました（{pages} ページ）"),
            format!("wrote {path} ({pages} pages)"),
        ));
    }
}

/// What is to be said of the post, and of what has changed since an earlier run.
fn post_and_changes(outcome: &Outcome, terminal: &Terminal) {
    outcome.notes.iter().for_each(|note| terminal.note(note));
    if !outcome.since.is_empty() {
        let listed = |lang: Lang, between: &str| {
            let all = outcome.since.iter().map(|(what, n)| format!("{} {n}", what.word(lang)));
            all.collect::<Vec<_>>().join(between)
        };
        terminal.note(&Text::new(
            format!("前回から: {}", listed(Lang::Ja, "、")),
            format!("since the earlier run: {}", listed(Lang::En, ", ")),
        ));
    }
}

/// How many facilities of how many were done.
fn verdict(outcome: &Outcome, args: &Batch, terminal: &Terminal) -> Result<(), Stop> {
    let (facilities, failed) = (outcome.facilities, outcome.failed);
    let good = facilities - failed;
    let files = match (&args.output, outcome.files) {
        (None, _) => Text::new("", ""),
        (Some(_), files) => Text::new(format!("（{files} ファイル）"), format!(" ({files} files)")),
    };
    if failed == 0 {
        terminal.note(&Text::new(
            format!("{facilities} 施設のうち {good} 施設分を作成しました{}", files.ja),
            format!("{good} of {facilities} facilities done{}", files.en),
        ));
        return Ok(());
    }
    terminal.verdict(&if outcome.is_withheld {
        Text::new(
            format!("{facilities} 施設のうち {failed} 施設に誤りがあるため、何も作っていません（--strict）"),
            format!("nothing was written: {failed} of {facilities} facilities have errors (--strict)"),
        )
    } else {
        let list = args.output.as_ref().map(|folder| folder.join("errors.csv"));
        let list = list.map_or_else(String::new, |list| format!(": {}", list.display()));
        Text::new(
            format!("{facilities} 施設のうち {good} 施設分を作成しました{}。{failed} 施設に誤りがあります{list}", files.ja),
            format!("{good} of {facilities} facilities done{}; {failed} with errors{list}", files.en),
        )
    });
    Err(Stop::Faulty)
}

/// Names the first files of earlier runs, and counts the rest.
fn earlier(terminal: &Terminal, names: &[String], said: impl Fn(&str) -> Text) {
    const MOST: usize = 10;
    names.iter().take(MOST).for_each(|name| terminal.note(&said(name)));
    if let Some(more) = names.len().checked_sub(MOST).filter(|more| *more > 0) {
        terminal.note(&Text::new(
            format!("同じようなファイルがほかに {more} 個あります"),
            format!("{more} more files are like these"),
        ));
    }
}

/// Findings about the same source in one report.
fn by_source(first: &[(Source, Report)]) -> Vec<(Source, Report)> {
    let mut reports: Vec<(Source, Report)> = Vec::new();
    for (source, report) in first {
        match reports.last_mut() {
            Some((known, all)) if known.name == source.name => all.extend(report.clone()),
            _ => reports.push((source.clone(), report.clone())),
        }
    }
    reports
}

/// What cannot be filled in further.
fn not_to_fill_in(format: Format) -> Failure {
    Failure::new(Text::new(
        format!("--unfilled は Excel のときに使えます（今は {format}）"),
        format!("--unfilled is for workbooks, not for {format}"),
    ))
    .with_hint(Text::new("--format xlsx をつけてください", "give --format xlsx"))
}

fn record_as_roster(path: &Path) -> Failure {
    let path = path.display();
    Failure::new(Text::new(
        format!("{path} は名簿ではなく、記録（YAML・JSON）です"),
        format!("{path} is a record in YAML or JSON, not a roster"),
    ))
    .with_hint(Text::new(
        format!("一施設の記録なら onshi fill {path} で様式を作ります。施設が多いときは、一施設を一つのファイルにして、そのフォルダーを指定してください"),
        format!("make the forms of one facility with `onshi fill {path}`; for several, put each into its own file and name their folder"),
    ))
}

/// Reads the map of a list; what is wrong with it besides its YAML is told with what the list lacks.
pub fn read_map(path: &Path, forms: &Forms, context: &Context) -> Result<Map, Stop> {
    let (name, bytes) = context.bytes(path, onshi::record::MAX_RECORD_BYTES)?;
    Map::read(&name, &bytes, &Headings::new(forms)).map_err(|(source, report)| {
        context.terminal.report(&report, &source);
        Stop::Faulty
    })
}

/// How a command ends that cannot work through this list or folder.
pub fn stop(error: BatchError, path: &Path, context: &Context) -> Stop {
    let source = Source::new(path.display().to_string(), "");
    match error {
        BatchError::Map(wrong) => {
            let ((map, in_map), in_list) = *wrong;
            context.terminal.report(&in_map, &map);
            if !in_list.diagnostics.is_empty() {
                context.terminal.report(&in_list, &source);
            }
            Stop::Faulty
        }
        BatchError::Table(TableError::Faulty(report)) => {
            context.terminal.report(&report, &source);
            Stop::Faulty
        }
        BatchError::Table(TableError::Io(error)) if error.kind() == ErrorKind::NotFound => {
            let path = path.display();
            Stop::Failed(
                Failure::new(Text::new(
                    format!("{path} がありません"),
                    format!("there is no {path}"),
                ))
                .with_hint(Text::new(
                    "名簿のファイル名か、記録（YAML）のあるフォルダーを確かめてください",
                    "check the name of the roster, or of the folder of records",
                )),
            )
        }
        BatchError::Table(TableError::Io(error)) => Stop::Failed(Failure::reading(path, &error)),
        BatchError::Set(report) => {
            context.terminal.report(&report, &Source::new("--set", ""));
            Stop::Unusable
        }
        BatchError::Beside(found) => {
            let (source, report) = *found;
            context.terminal.report(&report, &source);
            Stop::Unusable
        }
        BatchError::Reading(path, error) => Stop::Failed(Failure::reading(&path, &error)),
        BatchError::Writing(path, error) => Stop::Failed(Failure::writing(&path, &error)),
        error => Stop::Failed(Failure::of(&error)),
    }
}
