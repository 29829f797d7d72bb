//! What one form costs, phase by phase, and what the program costs as a process:
//! `cargo bench --bench form [-- ROUNDS]`.
//!
//! A phase's first time in a process (fonts and definitions are parsed then) comes from processes of
//! its own; the later times from one process. CPU is user and system time together, on Unix only.

mod cpu;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use onshi::calendar::Date;
use onshi::form::Forms;
use onshi::layout::{Mode, fill};
use onshi::paint::{Book, PdfOptions, pdf, png};
use onshi::sheet::Sheet;
use onshi::values;
use onshi::workbook::{entries, xlsx};
use onshi::{check, record};
use unicode_width::UnicodeWidthStr;

/// What makes this program one of its own child processes.
const CHILD: &str = "ONSHI_BENCH";
const ROUNDS: usize = 100;
const FORM: &str = "introduction-plan";
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.yaml");
const TODAY: Date = Date::constant(2024, 1, 10);

const PHASES: [&str; 8] =
    ["definitions", "read", "check", "fill", "entries", "pdf", "xlsx", "png at 200 dpi"];

fn main() {
    if std::env::var_os(CHILD).is_some() {
        first_times();
        return;
    }
    // `cargo test` runs benches too: one round, to see that they work.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let asked = arguments.iter().find_map(|argument| argument.parse().ok());
    let rounds = asked.unwrap_or(if is_bench { ROUNDS } else { 1 });
    phases(rounds);
    println!();
    merged(rounds);
    println!();
    processes(rounds);
}

/// How long something took.
#[derive(Clone, Copy)]
struct Times {
    wall: f64,
    cpu: Option<f64>,
}

/// Runs something in this process, timed in ms.
fn own<T>(run: impl FnOnce() -> T) -> (T, Times) {
    timed(false, run)
}

/// Runs something, timed in ms, the CPU time that of ended child processes or of this one.
fn timed<T>(by_children: bool, run: impl FnOnce() -> T) -> (T, Times) {
    let cpu = || cpu::spent(by_children);
    let (before, started) = (cpu(), Instant::now());
    let out = std::hint::black_box(run());
    let wall = started.elapsed().as_secs_f64() * 1e3;
    let spent = cpu().zip(before).map(|(after, before)| (after - before).as_secs_f64() * 1e3);
    (out, Times { wall, cpu: spent })
}

/// Each phase once, in order.
fn one_round(sample: &[u8]) -> [Times; PHASES.len()] {
    let (forms, t0) = own(Forms::built_in);
    let form = forms.find(FORM).expect("the form is built in");
    let (record, t1) = own(|| record::read(SAMPLE, sample));
    let record = record.map_err(|(_, report)| report.to_string()).expect("the sample is good");
    let (values, t2) = own(|| {
        let (values, report) = values::values(&record, forms);
        assert_eq!(report.errors() + check::check(form, &values, forms, TODAY).errors(), 0);
        values
    });
    let mode = Mode::Filled(&values);
    let ((sheets, _), t3) = own(|| fill(form, mode, forms));
    let (cells, t4) = own(|| entries(form, mode, forms));
    let (done, t5) = own(|| pdf(&sheets, &PdfOptions::default()));
    done.expect("the page prints");
    let (done, t6) = own(|| xlsx(&sheets, Some(&cells)));
    done.expect("the page is a workbook");
    let (done, t7) = own(|| png(&sheets[0], 200.0));
    done.expect("the page is a picture");
    [t0, t1, t2, t3, t4, t5, t6, t7]
}

fn sample() -> Vec<u8> {
    std::fs::read(SAMPLE).expect("the sample is there")
}

/// As a child process: the phases' times, in ms.
fn first_times() {
    for Times { wall, cpu } in one_round(&sample()) {
        println!("{wall} {}", cpu.unwrap_or(f64::NAN));
    }
}

fn phases(rounds: usize) {
    let sample = sample();
    let program = std::env::current_exe().expect("a running program has a path");
    one_round(&sample);
    let (mut first, mut later) =
        ([const { vec![] }; PHASES.len()], [const { vec![] }; PHASES.len()]);
    for _ in 0..rounds {
        let out = Command::new(&program).env(CHILD, "first").output().expect("it runs again");
        assert!(out.status.success());
        let lines = String::from_utf8(out.stdout).expect("it prints numbers");
        for (times, line) in first.iter_mut().zip(lines.lines()) {
            let mut parts = line.split(' ').map(|part| part.parse().expect("a number"));
            let mut next = || parts.next().expect("two numbers");
            times.push(Times { wall: next(), cpu: Some(next()).filter(|cpu: &f64| !cpu.is_nan()) });
        }
        for (times, time) in later.iter_mut().zip(one_round(&sample)) {
            times.push(time);
        }
    }
    let head = ["CPU ms", "wall ms", "first CPU", "first wall"];
    println!("{:<22} {:>10} {:>10} {:>10} {:>10}", "phase", head[0], head[1], head[2], head[3]);
    for ((name, later), first) in PHASES.iter().zip(&later).zip(&first) {
        let [(cpu, wall), (first_cpu, first_wall)] = [median(later), median(first)];
        println!("{name:<22} {cpu:>10} {wall:>10} {first_cpu:>10} {first_wall:>10}");
    }
}

/// Merged pages on an office's own PDF, and the same drawn on nothing: the paper is embedded once, so the first take
/// no longer.
fn merged(rounds: usize) {
    const PAGES: usize = 60;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let forms = onshi::load_forms(&folder).expect("the forms of the tests are sound");
    let (sheets, _) = fill(forms.find("見学届").expect("it is there"), Mode::Example, &forms);
    let on_paper = &sheets[0];
    let drawn = Sheet { paper: None, form: "drawn".to_owned(), ..on_paper.clone() };
    let once = |sheet: &Sheet| {
        let (bytes, times) = own(|| {
            let mut book = Book::new(Vec::new());
            (0..PAGES)
                .for_each(|n| book.add(&n.to_string(), &[("見学届", sheet)]).expect("it prints"));
            book.finish("見学届")
        });
        bytes.expect("it ends");
        times
    };
    let (on_paper, drawn): (Vec<_>, Vec<_>) =
        (0..rounds).map(|_| (once(on_paper), once(&drawn))).unzip();
    for (name, times) in [("on a paper", on_paper), ("drawn", drawn)] {
        let (cpu, wall) = median(&times);
        println!("{:<22} {cpu:>10} {wall:>10}", format!("{PAGES} merged, {name}"));
    }
}

fn processes(rounds: usize) {
    let onshi = env!("CARGO_BIN_EXE_onshi");
    let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
    // What any process costs here.
    if Path::new("/bin/true").exists() {
        commands.push(("/bin/true".into(), vec!["/bin/true"]));
    }
    for arguments in [
        &["--version"][..],
        &["check", "-", "--form", "別紙2"],
        &["blank", "別紙2", "-o", "-"],
        &["fill", "-", "--form", "別紙2", "-o", "-"],
        &["fill", "-", "--form", "別紙2", "--format", "xlsx", "-o", "-"],
    ] {
        let name = format!("onshi {}", arguments.join(" "));
        commands.push((name, std::iter::once(onshi).chain(arguments.iter().copied()).collect()));
    }
    let sample = sample();
    let mut times = vec![vec![]; commands.len()];
    for _ in 0..rounds {
        for ((name, words), times) in commands.iter().zip(&mut times) {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]).stdin(Stdio::piped()).stdout(Stdio::null());
            command.stderr(Stdio::null());
            let (status, time) = timed(true, || {
                let mut child = command.spawn().expect("it starts");
                // A program that does not read its input may be gone by now.
                let _ = child.stdin.take().map(|mut input| input.write_all(&sample));
                child.wait().expect("it ends")
            });
            assert!(status.success(), "{name}");
            times.push(time);
        }
    }
    println!("{:<46} {:>8} {:>8}", "process", "CPU ms", "wall ms");
    for ((name, _), times) in commands.iter().zip(&times) {
        let (cpu, wall) = median(times);
        let gap = " ".repeat(46_usize.saturating_sub(name.width()));
        println!("{name}{gap} {cpu:>8} {wall:>8}");
    }
}

/// The medians of the CPU and the wall times.
fn median(times: &[Times]) -> (String, String) {
    let middle = |values: &mut dyn Iterator<Item = f64>| {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
    };
    (middle(&mut times.iter().filter_map(|t| t.cpu)), middle(&mut times.iter().map(|t| t.wall)))
}
