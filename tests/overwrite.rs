//! Nothing of the user's is written over unasked, and no input even when asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common;
use tempfile::TempDir;

/// A folder with one of everything a command takes.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        desk.write("r.yaml", common::sample("clinic.yaml"));
        desk.write("own.yaml", "name: 私のファイル\n");
        desk.ok(&["fill", "r.yaml", "--form", "別紙2", "-o", "p.xlsx"]);
        desk.ok(&["fill", "r.yaml", "--form", "別紙2", "--carry-record", "-o", "carry.pdf"]);
        desk.ok(&["blank", "別紙1", "-o", "a.pdf"]);
        let roster = "種別,分類,医療機関・薬局 名称\n医科,診療所,オン資医院\n";
        desk.write("roster.csv", roster);
        fs::create_dir(desk.path("records")).unwrap();
        desk.write("records/r.yaml", common::sample("clinic.yaml"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
        command.args(args).args(["--today", "2024-01-10", "--lang", "en"]);
        command.current_dir(self.0.path()).output().expect("the program runs")
    }

    #[track_caller]
    fn ok(&self, args: &[&str]) {
        let out = self.run(args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }

    /// Every file below, with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let paths = common::paths(self.0.path()).into_iter();
        paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Runs a command that must be refused, with everything left as it is; gives back what it says.
    #[track_caller]
    fn refuses(&self, args: &[&str], words: &str) {
        let before = self.files();
        let out = self.run(args);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
        assert!(self.files() == before, "{args:?} changed a file");
    }
}

/// Every command whose output can be its input, with the name under which it is.
fn over_inputs(name: impl Fn(&str) -> String) -> Vec<Vec<String>> {
    let commands: [&[&str]; 10] = [
        &["fill", "p.xlsx", "--format", "xlsx", "-o", "=p.xlsx"],
        &["fill", "carry.pdf", "-o", "=carry.pdf"],
        &["extract", "carry.pdf", "-o", "=carry.pdf"],
        &["schedule", "r.yaml", "-o", "=r.yaml"],
        &["attach", "r.yaml", "--to", "a.pdf", "-o", "=a.pdf"],
        &["attach", "carry.pdf", "--to", "a.pdf", "-o", "=carry.pdf"],
        &["import", "p.xlsx", "-o", "=p.xlsx"],
        &["batch", "roster.csv", "--merge", "=roster.csv"],
        &["batch", "records", "--merge", "=records/r.yaml"],
        &["attach", "r.yaml", "--to", "a.pdf", "-o", "=r.yaml"],
    ];
    let named = |arg: &&str| arg.strip_prefix('=').map_or((*arg).to_owned(), &name);
    commands.iter().map(|command| command.iter().map(named).collect()).collect()
}

#[test]
fn an_output_that_is_an_input_is_refused_even_with_force() {
    let desk = Desk::new();
    let commands = over_inputs(str::to_owned).into_iter().chain(over_inputs(|n| format!("./{n}")));
    for command in commands {
        for force in [&[][..], &["--force"]] {
            let args: Vec<&str> =
                command.iter().map(String::as_str).chain(force.to_vec()).collect();
            desk.refuses(&args, "");
        }
    }
    // Told by what the file is, and said.
    desk.refuses(&["fill", "p.xlsx", "-o", "./p.xlsx", "--force"], "same file as the input p.xlsx");
    desk.refuses(&["attach", "r.yaml", "--to", "a.pdf", "-o", "a.pdf", "--force"], "an input");
    // A list that was corrected where it was found.
    fs::create_dir(desk.path("out")).unwrap();
    desk.ok(&["roster", "別紙1", "-o", "out/errors.csv"]);
    let empty = fs::read_to_string(desk.path("out/errors.csv")).unwrap();
    desk.write("out/errors.csv", empty.replace("\r\n例,", "\r\n,"));
    let inside = ["batch", "out/errors.csv", "-o", "out", "--force"];
    desk.refuses(&inside, "an input");
}

#[cfg(unix)]
#[test]
fn links_and_redirections_are_seen_through() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    symlink("p.xlsx", desk.path("soft.xlsx")).unwrap();
    fs::hard_link(desk.path("p.xlsx"), desk.path("hard.xlsx")).unwrap();
    for name in ["soft.xlsx", "hard.xlsx"] {
        desk.refuses(&["fill", "p.xlsx", "-o", name, "--force"], "same file as the input");
        desk.refuses(&["fill", name, "-o", "p.xlsx", "--force"], "same file as the input");
    }
    // Standard input, redirected from the file.
    let before = desk.files();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
    command.args(["fill", "-", "-o", "p.xlsx", "--force", "--today", "2024-01-10"]);
    command.current_dir(desk.0.path()).stdin(fs::File::open(desk.path("p.xlsx")).unwrap());
    assert_eq!(command.output().unwrap().status.code(), Some(2));
    assert!(desk.files() == before);
    // Two definitions are inputs too.
    fs::create_dir(desk.path("forms")).unwrap();
    desk.write("forms/visit-request.yaml", fs::read("tests/forms/visit-request.yaml").unwrap());
    desk.write("forms/shared.yaml", fs::read("tests/forms/shared.yaml").unwrap());
    let args = ["new", "--forms", "forms", "-o", "forms/visit-request.yaml", "--force"];
    desk.refuses(&args, "an input");
}

#[test]
fn a_file_of_the_users_is_replaced_only_when_asked() {
    let desk = Desk::new();
    for command in [
        &["extract", "carry.pdf", "-o", "own.yaml"][..],
        &["schedule", "r.yaml", "-o", "own.txt"],
        &["new", "-o", "own.yaml"],
        &["import", "p.xlsx", "-o", "own.yaml"],
        &["fill", "r.yaml", "--form", "別紙2", "-o", "own.pdf"],
        &["fill", "r.yaml", "--form", "別紙2", "-o", "own.png"],
        &["blank", "別紙1", "-o", "own.xlsx"],
        &["roster", "別紙1", "-o", "own.csv"],
        &["attach", "r.yaml", "--to", "a.pdf", "-o", "own.pdf"],
        &["fill", "r.yaml", "--form", "別紙2"],
        &["man", "-o", "."],
    ] {
        let target = match command {
            ["fill", _, _, _] => "r_introduction-plan.pdf",
            ["man", ..] => "onshi.1",
            _ => command.last().unwrap(),
        };
        desk.write(target, "mine");
        desk.refuses(command, "already exists and is not overwritten");
        desk.ok(&[command, &["--force"]].concat());
        assert_ne!(fs::read(desk.path(target)).unwrap(), b"mine", "{command:?}");
    }
}

/// A file in memory is below `/dev`, and a file all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_file_below_dev_is_a_file_and_an_open_one_is_written_through() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    fn blank_to(output: &str) -> [&str; 6] {
        ["blank", "別紙1", "--format", "pdf", "-o", output]
    }
    if let Ok(memory) = tempfile::tempdir_in("/dev/shm") {
        let notes = memory.path().join("notes.pdf");
        let long = "私のメモ".repeat(100_000);
        fs::write(&notes, &long).unwrap();
        symlink(memory.path(), desk.path("link")).unwrap();
        for path in [notes.to_str().unwrap(), "link/notes.pdf"] {
            let out = desk.run(&blank_to(path));
            assert_eq!(out.status.code(), Some(2), "{path}");
            assert!(fs::read_to_string(&notes).unwrap() == long, "{path}");
        }
        desk.ok(&[&blank_to("link/notes.pdf")[..], &["--force"]].concat());
        assert!(fs::read(&notes).unwrap().ends_with(b"%%EOF\n"));
        fs::remove_file(desk.path("link")).unwrap();
    }
    desk.ok(&blank_to("plain.pdf"));
    let whole = fs::read(desk.path("plain.pdf")).unwrap();
    symlink("/dev/stdout", desk.path("out.pdf")).unwrap();
    for output in [
        "/dev/stdout",
        "/dev/stderr",
        "/dev/fd/3",
        "/proc/self/fd/3",
        "/proc/thread-self/fd/3",
        "out.pdf",
    ] {
        for (redirected, start) in [(">", ""), (">>", "before\n")] {
            desk.write("x.pdf", "before\n");
            let number = match output.rsplit('/').next() {
                Some("3") => "3",
                Some("stderr") => "2",
                _ => "1",
            };
            let line = format!("\"$@\" {number}{redirected} x.pdf");
            let mut shell = Command::new("sh");
            shell.args(["-c", &line, "sh", env!("CARGO_BIN_EXE_onshi")]).args(blank_to(output));
            let out = shell.arg("--quiet").current_dir(desk.0.path()).output().unwrap();
            assert!(out.status.success(), "{output}: {}", String::from_utf8_lossy(&out.stderr));
            let expected = [start.as_bytes(), &whole].concat();
            assert!(fs::read(desk.path("x.pdf")).unwrap() == expected, "{output} {redirected}");
        }
    }
}

#[test]
fn what_onshi_wrote_and_nobody_changed_is_replaced() {
    let desk = Desk::new();
    for command in [
        &["fill", "r.yaml", "-o", "forms/"][..],
        &["fill", "r.yaml", "-o", "forms/", "--format", "xlsx"],
        &["fill", "r.yaml", "-o", "forms/", "--format", "png"],
        &["fill", "r.yaml", "--form", "別紙2", "--carry-record", "-o", "again.pdf"],
        &["example", "別紙1", "-o", "example.pdf"],
        &["roster", "-o", "empty.xlsx"],
        &["schedule", "r.yaml", "-o", "dates.pdf"],
        &["batch", "records", "--merge", "all.pdf"],
    ] {
        desk.ok(command);
        desk.ok(command);
    }
}

#[test]
fn what_another_program_saved_is_not_ours_any_more() {
    let desk = Desk::new();
    let changed = |name: &str, bytes: Vec<u8>| desk.write(name, bytes);
    // Revised: a signature or a comment comes behind what was there.
    let mut pdf = fs::read(desk.path("carry.pdf")).unwrap();
    pdf.extend(b"\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n");
    changed("own.pdf", pdf);
    desk.refuses(&["fill", "r.yaml", "--form", "別紙2", "-o", "own.pdf"], "already");
    // Saved anew by a program that keeps the metadata.
    let pdf = fs::read(desk.path("carry.pdf")).unwrap();
    let pdf = [b"%PDF-1.7\n%\xBF\xF7\xA2\xFE\n%", &pdf[17..]].concat();
    changed("own.pdf", pdf);
    desk.refuses(&["fill", "r.yaml", "--form", "別紙2", "-o", "own.pdf"], "already");
    // Attached: what the applicant's PDF says of its maker is not about us.
    desk.ok(&["attach", "r.yaml", "--to", "a.pdf", "-o", "packet.pdf"]);
    desk.refuses(&["attach", "r.yaml", "--to", "a.pdf", "-o", "packet.pdf"], "already");
    // A workbook as Excel, LibreOffice and scripts leave it.
    let saved = [
        ("<cp:lastModifiedBy>onshi<", "<cp:lastModifiedBy>三浦 花江<"),
        (
            "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">20",
            "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">21",
        ),
        ("<dc:creator>onshi<", "<dc:creator>openpyxl<"),
    ];
    for (from, to) in saved {
        changed("own.xlsx", resaved(&fs::read(desk.path("p.xlsx")).unwrap(), from, to));
        desk.refuses(&["fill", "r.yaml", "--form", "別紙2", "-o", "own.xlsx"], "already");
    }
    desk.ok(&["fill", "r.yaml", "--form", "別紙2", "-o", "p.xlsx"]);
    // A picture that was painted over.
    desk.ok(&["fill", "r.yaml", "--form", "別紙2", "-o", "p.png"]);
    let png = fs::read(desk.path("p.png")).unwrap();
    let time =
        [&7u32.to_be_bytes()[..], b"tIME\x07\xE8\x01\x01\x00\x00\x00\x00\x00\x00\x00"].concat();
    changed("p.png", [&png[..33], &time, &png[33..]].concat());
    desk.refuses(&["fill", "r.yaml", "--form", "別紙2", "-o", "p.png"], "already");
}

/// The workbook with a part of its document properties changed.
fn resaved(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name == "docProps/core.xml" {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{text}");
            content = text.replace(from, to).into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&content).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn the_ending_suits_what_is_written() {
    let desk = Desk::new();
    for command in [
        &["new", "-o", "x.xlsx"][..],
        &["schedule", "r.yaml", "-o", "s.xlsx"],
        &["schedule", "r.yaml", "--format", "ics", "-o", "s.pdf"],
        &["extract", "carry.pdf", "-o", "x.pdf"],
        &["import", "p.xlsx", "-o", "x.json"],
        &["attach", "r.yaml", "--to", "a.pdf", "-o", "x.yaml"],
        &["fill", "r.yaml", "--form", "別紙2", "--format", "png", "-o", "x.doc"],
        &["batch", "records", "--merge", "x.xlsx"],
    ] {
        desk.refuses(command, "the ending of");
        desk.refuses(&[command, &["--force"]].concat(), "the ending of");
    }
    desk.ok(&["schedule", "r.yaml", "-o", "dates"]);
    desk.ok(&["schedule", "r.yaml", "-o", "dates.ICS"]);
    assert!(fs::read_to_string(desk.path("dates.ICS")).unwrap().starts_with("BEGIN:VCALENDAR"));
}

#[test]
fn what_a_print_files_name_does_not_know_is_refused() {
    let desk = Desk::new();
    for (pattern, named) in [
        ("{郡市区医師会}.pdf", "{郡市区医師会}"),
        ("{form}_{forms}.pdf", "{forms}"),
        ("｛会員｝.pdf", "｛会員｝"),
    ] {
        desk.refuses(&["batch", "records", "--merge", pattern], named);
        desk.refuses(&["batch", "records", "--merge", pattern], "{form}, {様式}, {kind}, {bureau}");
    }
    desk.refuses(&["batch", "records", "-o", "o", "--name", "../{name}"], "is no name inside");
    desk.ok(&["batch", "records", "--merge", "{form} {1.pdf"]);
    assert!(Path::new(&desk.path("introduction-plan {1.pdf")).exists());
}
