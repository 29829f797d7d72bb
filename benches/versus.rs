//! This build of the program against another one, such as an older version, on the same work:
//! `cargo bench --bench versus -- OTHER [ROUNDS] [ROWS]`.
//!
//! Both do the same in turn, so that what else runs on the machine slows down both. Figures are medians
//! of CPU time, user and system, of the whole process; ratios are taken round by round. Under
//! `taskset -c 1` both stay on one core. On Unix only.

mod cpu;
mod generator;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What makes this program run another and report what it took.
const PROBE: &str = "ONSHI_BENCH";
const ROUNDS: usize = 5;
const ROWS: usize = 2_000;
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.yaml");

/// Starts of the program are so short that each round has several.
const STARTS: usize = 20;

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if std::env::var_os(PROBE).is_some() {
        probe(&arguments);
        return;
    }
    // `cargo test` runs benches too: once, against itself, to see that they work.
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let own = PathBuf::from(env!("CARGO_BIN_EXE_onshi"));
    let mut given = arguments.iter().filter(|argument| *argument != "--bench");
    let other = given.next().map_or_else(|| own.clone(), PathBuf::from);
    let mut number = |least, usual| {
        let asked = given.next().and_then(|text| text.to_str()?.parse().ok());
        asked.unwrap_or(if is_bench { usual } else { least })
    };
    let (rounds, rows) = (number(1, ROUNDS), number(3, ROWS));
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let roster = folder.path().join("roster.csv");
    let facilities = generator::facilities(rows);
    std::fs::write(&roster, generator::csv(&facilities)).expect("the folder takes a roster");
    println!("{rows} facilities, {rounds} rounds");
    println!("{:<24} {:>10} {:>10} {:>7} {:>14}", "", "CPU ms", "other's", "times", "peak MB");
    for case in cases(&roster) {
        compare(&case, [&own, &other], rounds, folder.path());
    }
}

/// Something both programs do.
struct Case {
    name: String,
    arguments: Vec<OsString>,
    /// Whether it writes to a folder of its own, whose name comes last.
    writes: bool,
    starts: usize,
}

fn cases(roster: &Path) -> Vec<Case> {
    let case = |name: &str, arguments: &[&str], starts| Case {
        name: name.to_owned(),
        arguments: arguments.iter().map(OsString::from).collect(),
        writes: false,
        starts,
    };
    let today = ["--today", "2024-01-10"];
    let fill = [&["fill", SAMPLE, "--form", "別紙2", "-o", "-"][..], &today].concat();
    let workbook = [&fill[..], &["--format", "xlsx"]].concat();
    let mut cases = vec![
        case("--version", &["--version"], STARTS),
        case("fill", &fill, STARTS),
        case("fill to a workbook", &workbook, STARTS),
    ];
    let roster = roster.to_str().expect("a folder with a name in Unicode");
    let batch = [&["batch", roster, "--form", "別紙2", "-q"][..], &today].concat();
    for (name, to) in [
        ("separate", &["-o"][..]),
        ("merged", &["--merge"]),
        ("workbooks", &["--format", "xlsx", "-o"]),
    ] {
        for (workers, jobs) in [("1 worker", &["--jobs", "1"][..]), ("all workers", &[])] {
            let arguments = [&batch[..], jobs, to].concat();
            let name = format!("{name}, {workers}");
            cases.push(Case { writes: true, ..case(&name, &arguments, 1) });
        }
    }
    cases
}

/// What runs of a program took: CPU time in ms, and the memory of the largest in MB.
#[derive(Clone, Copy)]
struct Took {
    cpu: f64,
    peak: f64,
}

fn compare(case: &Case, programs: [&Path; 2], rounds: usize, folder: &Path) {
    let mut took: [Vec<Took>; 2] = Default::default();
    for _ in 0..rounds {
        for (program, took) in programs.into_iter().zip(&mut took) {
            took.push(run(case, program, folder));
        }
    }
    let [own, other] = &took;
    let cpu = |took: &[Took]| median(took.iter().map(|took| took.cpu));
    let peak = |took: &[Took]| median(took.iter().map(|took| took.peak));
    let times = median(own.iter().zip(other).map(|(own, other)| other.cpu / own.cpu));
    let peaks = format!("{:.0}, {:.0}", peak(own), peak(other));
    let (own, other) = (cpu(own), cpu(other));
    println!("{:<24} {own:>10.2} {other:>10.2} {times:>7.2} {peaks:>14}", case.name);
}

/// Runs a program in a process that has no other child.
fn run(case: &Case, program: &Path, folder: &Path) -> Took {
    let this = std::env::current_exe().expect("a running program has a path");
    let mut command = Command::new(this);
    command.env(PROBE, case.starts.to_string()).arg(program).args(&case.arguments);
    if case.writes {
        // Emptied at the end: deleting slows down what is written next.
        let out = tempfile::tempdir_in(folder).expect("the folder takes another").keep();
        command.arg(out.join("out.pdf"));
    }
    let out = command.output().expect("the program runs again");
    assert!(out.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).expect("it prints numbers");
    let mut numbers = text.split_whitespace().map(|part| part.parse().expect("a number"));
    let mut next = || numbers.next().expect("two numbers");
    Took { cpu: next(), peak: next() }
}

/// As the process between: runs the program, and prints what it took.
fn probe(arguments: &[OsString]) {
    let starts: usize = std::env::var(PROBE).map_or(1, |n| n.parse().expect("a number"));
    let (program, arguments) = arguments.split_first().expect("a program to run");
    for _ in 0..starts {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        assert!(command.status().expect("it starts").success(), "{arguments:?}");
    }
    let cpu = cpu::spent(true).map_or(f64::NAN, |cpu| cpu.as_secs_f64() * 1e3 / starts as f64);
    let peak = cpu::peak_of_children().map_or(f64::NAN, |kb| kb as f64 / 1024.0);
    println!("{cpu} {peak}");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
