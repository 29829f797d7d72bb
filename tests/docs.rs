//! What `docs/` and the READMEs show is what comes out: every command is run, in the order of the
//! page.

use std::fs;
use std::path::Path;

use crate::common;

/// The blocks of a page that show commands.
fn sessions(page: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => {
                inside = true;
                blocks.push(String::new());
            }
            "```" => inside = false,
            line if inside => *blocks.last_mut().expect("a block is open") += &format!("{line}\n"),
            _ => {}
        }
    }
    blocks
}

/// The arguments on the day the pages were written: on a later one some record of theirs is late.
fn on_a_day<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let day: &[&str] = if args.contains(&"--today") { &[] } else { &["--today", "2026-11-26"] };
    [day, args].concat()
}

/// Runs a line of the Windows command prompt in a folder.
fn run(line: &str, folder: &Path) -> String {
    let words: Vec<&str> = line.split(' ').map(|word| word.trim_matches('"')).collect();
    match words[..] {
        ["onshi", ..] => {
            let mut command = common::onshi();
            command.args(on_a_day(&words[1..])).current_dir(folder);
            let output = command.output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            String::from_utf8(said).expect("text")
        }
        ["dir", "/b", name] => {
            let entries = fs::read_dir(folder.join(name)).unwrap();
            let mut names: Vec<String> = entries
                .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned() + "\n")
                .collect();
            names.sort();
            names.concat()
        }
        ["type", name] => fs::read_to_string(folder.join(name)).unwrap(),
        _ => panic!("unknown command: {line}"),
    }
}

/// Runs a line of a README, from the folder above `samples/`; `None` for one that builds or tests.
fn run_of_readme(line: &str, folder: &Path, locale: &str) -> Option<String> {
    let words: Vec<&str> = line.split(" #").next().unwrap_or_default().split_whitespace().collect();
    let args = match words[..] {
        ["cargo", "run", "--", ..] => &words[3..],
        ["cargo", ..] => return None,
        ["onshi", ..] => &words[1..],
        _ => panic!("unknown command: {line}"),
    };
    let mut command = common::onshi();
    command.args(on_a_day(args)).env("LC_ALL", locale).current_dir(folder);
    let output = command.output().unwrap();
    Some(String::from_utf8([output.stdout, output.stderr].concat()).expect("text"))
}

/// Whether the text is as shown; a line `…` stands for any lines.
fn is_shown(text: &str, shown: &str) -> bool {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let shown: Vec<&str> = shown.trim_end().lines().collect();
    match shown.iter().position(|line| *line == "…") {
        Some(at) => lines.starts_with(&shown[..at]) && lines.ends_with(&shown[at + 1..]),
        None => lines == shown,
    }
}

fn runs_as_shown(page: &str) {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(common::root().join("docs/samples")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    let text = fs::read_to_string(common::root().join("docs").join(page)).unwrap();
    let sessions = sessions(&text);
    assert!(sessions.len() > 5, "{page} shows commands");
    for session in sessions {
        for step in format!("\n{session}").split("\n> ").skip(1) {
            let (line, shown) = step.split_once('\n').unwrap_or((step, ""));
            let said = run(line, folder.path());
            assert!(is_shown(&said, shown), "{page}: {line}\nshows:\n{shown}\nsays:\n{said}");
        }
    }
}

#[test]
fn the_page_on_rosters() {
    runs_as_shown("batch.ja.md");
}

#[test]
fn the_page_on_excel() {
    runs_as_shown("excel.ja.md");
}

#[test]
fn the_readmes() {
    for (page, locale) in [("README.md", "en_US.UTF-8"), ("README.ja.md", "ja_JP.UTF-8")] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("samples")).unwrap();
        for entry in fs::read_dir(common::root().join("samples")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.path().join("samples").join(path.file_name().unwrap())).unwrap();
        }
        let text = fs::read_to_string(common::root().join(page)).unwrap();
        assert!(text.lines().count() <= 150, "{page} is long");
        let mut ran = 0;
        for session in sessions(&text) {
            for step in format!("\n{session}").split("\n$ ").skip(1) {
                let (line, shown) = step.split_once('\n').unwrap_or((step, ""));
                let Some(said) = run_of_readme(line, folder.path(), locale) else { continue };
                ran += 1;
                assert!(is_shown(&said, shown), "{page}: {line}\nshows:\n{shown}\nsays:\n{said}");
            }
        }
        assert!(ran > 6, "{page} shows commands");
    }
}
