//! The report on a record that is wrong on purpose, word for word.

use std::io::{Error, ErrorKind};

use crate::common::onshi;
use onshi::batch::BatchError;
use onshi::packet::attach::{AttachError, Damage};
use onshi::packet::carry::ExtractError;
use onshi::paint::PaintError;
use onshi::report::{Explain, Text, system};
use onshi::table::TableError;

fn check(args: &[&str]) -> (i32, String, String) {
    let mut check = onshi();
    check.args(["check", "samples/incomplete.yaml", "--today", "2024-01-25"]).args(args);
    let done = check.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

#[test]
fn in_japanese() {
    let (status, out, err) = check(&["--lang", "ja"]);
    assert_eq!((status, out.as_str()), (1, ""));
    insta::assert_snapshot!("incomplete-ja", err);
}

#[test]
fn in_english() {
    let (status, out, err) = check(&["--lang", "en"]);
    assert_eq!((status, out.as_str()), (1, ""));
    insta::assert_snapshot!("incomplete-en", err);
}

#[test]
fn as_json() {
    let (status, out, err) = check(&["--lang", "en", "--format", "json"]);
    assert_eq!((status, err.as_str()), (1, ""));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["errors"], 8);
    assert_eq!(report["warnings"], 1);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 9);
    for diagnostic in diagnostics {
        let keys: Vec<_> = diagnostic.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = [
            "severity",
            "code",
            "form",
            "field",
            "message",
            "hint",
            "suggestion",
            "cite",
            "file",
            "line",
            "column",
        ];
        assert_eq!(keys, expected);
        assert_eq!(diagnostic["file"], "samples/incomplete.yaml");
    }
    let lines: Vec<_> = diagnostics.iter().map(|d| d["line"].as_u64().unwrap()).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    assert_eq!(diagnostics[5]["code"], "introduction-plan/reader-month");
}

/// Three words of English in a row, outside of what is marked as a library's.
fn english(ja: &str) -> Option<String> {
    let ours: String = ja
        .split("（内部の表示: ")
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('）').map_or("", |p| p.1) })
        .collect();
    // Keys and commands are named one by one, with Japanese between them.
    ours.split(|c: char| !c.is_ascii()).find_map(|part| {
        let words: Vec<&str> = part.split(' ').collect();
        let is_word =
            |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
        let three = words.windows(3).find(|three| three.iter().all(is_word));
        three.map(|three| three.join(" "))
    })
}

#[test]
fn japanese_messages_have_no_english_of_a_library_in_them() {
    let words = || "something went wrong here".to_owned();
    let damages = [
        Damage::Header,
        Damage::CrossReferences,
        Damage::PageCircle,
        Damage::NoPages,
        Damage::MissingPages,
        Damage::Tangled,
        Damage::ObjectNumbers,
        Damage::Cut,
        Damage::Circle,
        Damage::TooLarge,
        Damage::Objects(words()),
    ];
    let kinds = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::IsADirectory,
        ErrorKind::StorageFull,
        ErrorKind::InvalidData,
        ErrorKind::BrokenPipe,
        ErrorKind::Other,
    ];
    let path = || std::path::PathBuf::from("x");
    let mut all: Vec<Box<dyn Explain>> = vec![
        Box::new(AttachError::NotPdf),
        Box::new(AttachError::Encrypted),
        Box::new(AttachError::Restricted(vec![Text::new("印刷", "printing")])),
        Box::new(AttachError::Restricted(Vec::new())),
        Box::new(AttachError::Signed),
        Box::new(AttachError::NoPaper),
        Box::new(ExtractError::NotPdf),
        Box::new(ExtractError::Encrypted),
        Box::new(ExtractError::NoRecord),
        Box::new(PaintError::Geometry(words())),
        Box::new(PaintError::Refused(vec![words(), words()])),
        Box::new(PaintError::Output(words())),
        Box::new(PaintError::Workbook(words())),
        Box::new(PaintError::Crowded),
        Box::new(PaintError::Picture(words())),
        Box::new(PaintError::Archive(words())),
        Box::new(BatchError::Workers(words())),
        Box::new(BatchError::Locked(path())),
        Box::new(BatchError::Foreign(path())),
        Box::new(BatchError::Stopped),
    ];
    for damage in damages {
        all.push(Box::new(AttachError::Damaged(damage.clone())));
        all.push(Box::new(AttachError::Appendix(damage.clone())));
        all.push(Box::new(ExtractError::Unreadable(damage)));
    }
    for kind in kinds {
        all.push(Box::new(TableError::Io(Error::new(kind, words()))));
        all.push(Box::new(BatchError::Writing(path(), Error::new(kind, words()))));
        assert_eq!(english(&system(&Error::new(kind, words())).ja), None);
    }
    for error in all {
        let (message, hint) = (error.message(), error.hint());
        assert_eq!(english(&message.ja), None, "{message:?}");
        assert_eq!(hint.as_ref().and_then(|hint| english(&hint.ja)), None, "{hint:?}");
        assert!(message.en.is_ascii(), "{message:?}");
    }
    assert!(english("読めません（no such file）").is_some());
}

#[test]
fn a_file_that_cannot_be_used_is_refused_in_our_words() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    std::fs::create_dir(folder.path().join("forms")).unwrap();
    let bureaus = "bureaus:\n  - {name: 九州厚生局, prefectures: [{code: '48', name: 架空県}]}\n";
    let form = "id: x\ntitel: 様式\n";
    let cases = [
        ("offices.yaml", bureaus),
        ("a.yaml", form),
        ("gaiji.yaml", "U+E000: {character: 髙}\n"),
        ("shared.yaml", "fields: [{key: a, label: b, kind: text, help: c, exmple: d}]\n"),
    ];
    for (name, text) in cases {
        let path = write(&format!("forms/{name}"), text);
        let mut lint = onshi();
        let output = lint.args(["lint", "--lang", "ja"]).arg(&path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(0), "{name}: {said}");
        let said: Vec<&str> = said.lines().filter(|line| !line.contains('|')).collect();
        assert_eq!(said.iter().find_map(|line| english(line)), None, "{name}: {said:?}");
        std::fs::remove_file(path).unwrap();
    }
}
