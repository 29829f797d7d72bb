//! Every step that changes a disk fails once, and the program dies and is interrupted at each once, for every
//! command that writes: nothing is half-written, nothing of the user's is lost, nothing is left over, and the same
//! command again gives what it would have given.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::common::{self, onshi};

/// The files of a folder and those below it, by their paths in it.
type Files = BTreeMap<String, Vec<u8>>;

/// A command that writes, in a folder with the records, lists and PDFs that it takes.
struct Case {
    name: &'static str,
    args: &'static [&'static str],
    /// Whether it makes many files, of which those before a fault stay.
    is_batch: bool,
}

const CASES: &[Case] = &[
    case("fill", &["fill", "clinic.yaml", "--form", "別紙2", "-o", "old.pdf", "--force"]),
    case("fill-folder", &["fill", "clinic.yaml", "-o", "out"]),
    case("fill-over", &["fill", "clinic.yaml", "-o", "out", "--force"]),
    case("fill-xlsx", &["fill", "clinic.yaml", "--form", "別紙1", "-o", "a.xlsx"]),
    case("carry", &["fill", "clinic.yaml", "--form", "別紙2", "--carry-record", "-o", "c.pdf"]),
    case("png", &["fill", "clinic.yaml", "--form", "別紙1", "-o", "a.png"]),
    case("blank", &["blank", "別紙1", "-o", "old.pdf", "--force"]),
    case("new", &["new", "別紙1", "-o", "new.yaml"]),
    case("roster", &["roster", "別紙1", "-o", "roster.xlsx"]),
    case("schedule", &["schedule", "clinic.yaml", "-o", "days.ics"]),
    case("extract", &["extract", "carried.pdf", "-o", "out.yaml"]),
    case("import", &["import", "filled.xlsx", "-o", "out.yaml"]),
    case("attach", &["attach", "clinic.yaml", "--to", "application.pdf", "-o", "packet.pdf"]),
    Case {
        is_batch: true, ..case("batch", &["batch", "records", "-o", "out", "--form", "別紙2"])
    },
    Case {
        is_batch: true,
        ..case(
            "merge",
            &["batch", "records", "-o", "out", "--merge", "print.pdf", "--form", "別紙2"],
        )
    },
];

const fn case(name: &'static str, args: &'static [&'static str]) -> Case {
    Case { name, args, is_batch: false }
}

/// What `fill` writes into a folder.
const FILLED: [&str; 2] = ["clinic_receipt-number.pdf", "clinic_introduction-plan.pdf"];

/// More steps than any of the commands has.
const MOST_STEPS: u32 = 200;

#[test]
fn a_step_that_fails_leaves_everything_as_it_was() {
    for case in CASES {
        let (before, after) = expected(case);
        for fault in 1..=MOST_STEPS {
            let folder = prepared(case);
            let out = run(case, folder.path(), Some(fault.to_string()));
            let found = files(folder.path());
            let name =
                format!("{}, step {fault}: {}", case.name, String::from_utf8_lossy(&out.stderr));
            if out.status.success() {
                assert!(fault > 1, "{name}");
                same(&found, &after, &name);
                break;
            }
            assert!(fault < MOST_STEPS, "{name}");
            assert_eq!(out.status.code(), Some(2), "{name}");
            if case.is_batch {
                assert!(!found.keys().any(|path| is_temporary(path)), "{name}: {:?}", found.keys());
                whole(&found, &before, &after, &name);
            } else {
                same(&found, &before, &name);
            }
        }
    }
}

#[test]
fn a_program_that_dies_at_a_step_has_lost_nothing() {
    for case in CASES {
        let (before, after) = expected(case);
        for fault in 1..=MOST_STEPS {
            let folder = prepared(case);
            let out = run(case, folder.path(), Some(format!("kill:{fault}")));
            if out.status.success() {
                assert!(fault > 1, "{}", case.name);
                break;
            }
            let name = format!("{}, killed at step {fault}", case.name);
            // It ended by a signal, or with the code that Windows gives for one, and by none of its own.
            let own = out.status.code().filter(|code| (0..=2).contains(code));
            assert_eq!(own, None, "{name}");
            let found = files(folder.path());
            whole(&found, &before, &after, &name);
            // What is being replaced has at least a name of the program's.
            let is_there = |bytes| found.values().any(|found| found == bytes);
            assert!(
                case.is_batch || before.values().all(is_there),
                "{name}: a replaced file is lost"
            );
            // What was made before the end is there already.
            let mut again = command(case, folder.path());
            if !case.is_batch && !case.args.contains(&"--force") {
                again.arg("--force");
            }
            let out = again.output().unwrap();
            assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
            // What it had locked is gone already, the rest once it is old.
            let found = files(folder.path());
            assert!(cfg!(windows) || !found.keys().any(|path| path.ends_with(".part")), "{name}");
            let found = found.into_iter().filter(|(path, _)| !is_temporary(path));
            same(&found.collect(), &after, &name);
        }
    }
}

#[test]
fn a_program_that_is_interrupted_at_a_step_has_written_everything_or_nothing() {
    for case in CASES.iter().filter(|case| !case.is_batch) {
        let (before, after) = expected(case);
        for fault in 1..=MOST_STEPS {
            let folder = prepared(case);
            let out = run(case, folder.path(), Some(format!("end:{fault}")));
            let found = files(folder.path());
            let name = format!("{}, interrupted at step {fault}", case.name);
            if out.status.success() {
                assert!(fault > 1, "{name}");
                same(&found, &after, &name);
                break;
            }
            assert_eq!(out.status.code(), Some(130), "{name}");
            same(&found, if found == before { &before } else { &after }, &name);
        }
    }
}

/// The files before the command and after it.
fn expected(case: &Case) -> (Files, Files) {
    let folder = prepared(case);
    let before = files(folder.path());
    let out = run(case, folder.path(), None);
    assert!(out.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&out.stderr));
    let after = files(folder.path());
    assert!(before != after, "{}", case.name);
    (before, after)
}

/// A folder with what the commands take, and files that are not theirs.
fn prepared(case: &Case) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let record = fs::read(common::root().join("samples/clinic.yaml")).unwrap();
    put("clinic.yaml", &record);
    put("old.pdf", b"what was here before");
    put("notes.tmp", b"the user's own");
    let made = |args: &[&str]| {
        let clinic = folder.path().join("clinic.yaml");
        let mut onshi = onshi();
        onshi.args(["fill", "--form", "別紙2", "--today", "2024-01-10"]).arg(clinic).args(args);
        let out = onshi.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    };
    match case.name {
        "fill-over" => {
            FILLED.iter().for_each(|name| put(&format!("out/{name}"), name.as_bytes()));
        }
        "extract" => put("carried.pdf", &made(&["--carry-record", "-o", "-"])),
        "import" => put("filled.xlsx", &made(&["--format", "xlsx", "-o", "-"])),
        "attach" => put("application.pdf", &made(&["-o", "-"])),
        "batch" | "merge" => {
            let text = String::from_utf8(record).unwrap();
            for name in ["みなと", "もみじ野"] {
                let named = text.replacen("みなとの丘内科クリニック", &format!("{name}医院"), 1);
                assert_ne!(named, text);
                put(&format!("records/{name}.yaml"), named.as_bytes());
            }
        }
        _ => {}
    }
    folder
}

fn command(case: &Case, folder: &Path) -> assert_cmd::Command {
    let mut onshi = onshi();
    onshi.args(case.args).args(["--today", "2024-01-10"]).current_dir(folder);
    if case.is_batch {
        onshi.args(["--jobs", "1"]);
    }
    onshi
}

fn run(case: &Case, folder: &Path, fault: Option<String>) -> Output {
    let mut onshi = command(case, folder);
    if let Some(fault) = fault {
        onshi.env("ONSHI_FAULT", fault);
    }
    onshi.output().unwrap()
}

fn files(folder: &Path) -> Files {
    fn add(folder: &Path, within: &str, all: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{within}{}", entry.file_name().to_string_lossy());
            match entry.file_type().unwrap().is_dir() {
                true => add(&entry.path(), &format!("{name}/"), all),
                false => drop(all.insert(name, fs::read(entry.path()).unwrap())),
            }
        }
    }
    let mut all = Files::new();
    add(folder, "", &mut all);
    // The ledger has the times of files, and the lock is empty.
    all.retain(|name, _| !name.ends_with(".onshi-ledger") && !name.ends_with(".onshi-lock"));
    all
}

/// The name of a file in the making, which the next command in the folder takes away once it is old, or nobody's.
fn is_temporary(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| {
        name.starts_with(".onshi-")
            && ([".tmp", ".part", ".old"].iter().any(|ending| name.ends_with(ending)))
    })
}

fn same(found: &Files, expected: &Files, name: &str) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{name}");
    for (path, bytes) in found {
        assert!(bytes == &expected[path], "{name}: {path} differs");
    }
}

/// Each file is as it was before or as it is after, whole.
fn whole(found: &Files, before: &Files, after: &Files, name: &str) {
    for (path, bytes) in found.iter().filter(|(path, _)| !is_temporary(path)) {
        let is_list = path.ends_with("summary.xlsx") || path.ends_with("errors.csv");
        let is_known = [before, after].iter().any(|files| files.get(path) == Some(bytes));
        // A list says how far the run came.
        assert!(is_known || is_list, "{name}: {path} is neither old nor new");
    }
    for path in before.keys() {
        assert!(found.contains_key(path), "{name}: {path} is lost");
    }
}
