//! The report on a record that is wrong on purpose, word for word.

use crate::common::onshi;

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
