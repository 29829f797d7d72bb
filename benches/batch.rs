//! How fast a batch is, and how much memory it takes: `cargo bench --bench batch [-- ROWS…]`.
//!
//! Rosters of 1,000 and 10,000 invented facilities, one form each, as separate files, as one merged
//! print file and as workbooks, with one worker and with all that keep the cores busy. Every line comes
//! from a process of its own, so that its peak memory (VmHWM, Linux only) is its own. Where a machine is
//! shared, CPU time (Unix only) tells more than the rate.

mod cpu;
mod generator;

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use onshi::FilledForm;
use onshi::batch::{Options, Outcome, Paint, Watch, run};
use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::paint::{PdfOptions, pdf};
use onshi::report::{Lang, Text};
use onshi::workbook::{FormEntries, xlsx};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What makes this program one of its own child processes.
const CHILD: &str = "ONSHI_BENCH";
const ROWS: [usize; 2] = [1_000, 10_000];
const FORM: &str = "introduction-plan";

fn main() {
    if let Ok(task) = std::env::var(CHILD) {
        let folder = std::env::args_os().nth(1).expect("a child is told where to write");
        child(&task, Path::new(&folder));
        return;
    }
    // `cargo test` runs benches too, with few facilities to see that they work.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let asked: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    let rows = match (asked.is_empty(), is_bench) {
        (false, _) => asked,
        (true, true) => ROWS.to_vec(),
        (true, false) => vec![10],
    };
    println!("   rows  to         workers   forms/s  CPU ms/form    peak MB");
    // Emptied after the last line: ext4 steps over every inode that was given back within the last minutes.
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let program = std::env::current_exe().expect("a running program has a path");
    for rows in rows {
        for kind in ["separate", "merged", "workbooks"] {
            for jobs in [1, 0] {
                let mut command = Command::new(&program);
                command.env(CHILD, format!("{rows} {kind} {jobs}")).arg(folder.path());
                let status = command.status();
                assert!(status.expect("the program runs again").success());
            }
        }
    }
}

/// One figure; what is written stays in `folder`.
fn child(task: &str, folder: &Path) {
    let mut parts = task.split(' ');
    let mut next = || parts.next().expect("a task has three parts");
    let (rows, kind, jobs) = (next(), next(), next());
    let count: usize = rows.parse().expect("a number of rows");
    let jobs: usize = jobs.parse().expect("a number of workers");
    let folder = tempfile::tempdir_in(folder).expect("the folder takes another").keep();
    let roster = folder.join("roster.csv");
    let facilities = generator::facilities(count);
    std::fs::write(&roster, generator::csv(&facilities)).expect("the folder takes a roster");
    drop(facilities);
    let out = folder.join("out");
    let print = folder.join("print.pdf");
    let (to, merge) = match kind {
        "merged" => (None, Some(print.as_path())),
        _ => (Some(out.as_path()), None),
    };
    let extension = if kind == "workbooks" { "xlsx" } else { "pdf" };
    // Fonts and definitions are parsed once a process; that is not what is measured.
    warm_up();
    let (started, cpu) = (Instant::now(), cpu::spent(false));
    let outcome = batch(&roster, jobs, to, merge, extension);
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!((outcome.facilities, outcome.failed), (count, 0));
    let workers = if jobs == 0 { "all".to_owned() } else { jobs.to_string() };
    let rate = count as f64 / seconds;
    let figure = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let cpu = cpu.zip(cpu::spent(false)).map(|(before, now)| now - before);
    let cpu = figure(cpu.map(|cpu| format!("{:.2}", cpu.as_secs_f64() * 1e3 / count as f64)));
    let peak = figure(peak_memory().map(|kb| format!("{:.0}", kb as f64 / 1024.0)));
    println!("{count:>7}  {kind:<9} {workers:>8}  {rate:>8.0}  {cpu:>11}  {peak:>9}");
}

fn batch(
    roster: &Path,
    jobs: usize,
    folder: Option<&Path>,
    merge: Option<&Path>,
    extension: &str,
) -> Outcome {
    let forms = Forms::built_in();
    let form = forms.find(FORM).expect("the form is built in");
    let paint: &Paint<'_> = if extension == "pdf" { &as_pdf } else { &as_workbook };
    let (today, named) = (Date::constant(2024, 1, 10), [form]);
    let mut options = Options::new(roster, forms, today, extension, paint);
    options.named = &named;
    (options.jobs, options.folder, options.merge) = (jobs, folder, merge);
    options.lang = Lang::Ja;
    run(&options, &Silent).expect("the roster is good")
}

fn as_pdf(filled: &FilledForm, _: &str) -> Result<Vec<Vec<u8>>, Text> {
    let painted = pdf(filled.sheets(), &PdfOptions::default());
    painted
        .map(|bytes| vec![bytes])
        .map_err(|error| Text::new(error.to_string(), error.to_string()))
}

static ENTRIES: LazyLock<FormEntries> = LazyLock::new(|| FormEntries::new(Forms::built_in()));

fn as_workbook(filled: &FilledForm, _: &str) -> Result<Vec<Vec<u8>>, Text> {
    let painted = xlsx(filled.sheets(), Some(&ENTRIES.of(filled)));
    painted
        .map(|bytes| vec![bytes])
        .map_err(|error| Text::new(error.to_string(), error.to_string()))
}

fn warm_up() {
    let forms = Forms::built_in();
    let form = forms.find(FORM).expect("the form is built in");
    let sheet = &onshi::layout::fill(form, onshi::layout::Mode::Example, forms).0[0];
    pdf(std::slice::from_ref(sheet), &PdfOptions::default()).expect("the example prints");
}

struct Silent;

impl Watch for Silent {
    fn say(&self, _: &Text) {}
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
    fn is_stopped(&self) -> bool {
        false
    }
}

/// The most memory this process has had, in kB.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
