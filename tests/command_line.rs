//! The command line as a user meets it: help, languages, wrong arguments, pipes.

use std::process::{Command, Output, Stdio};

fn onshi(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onshi"));
    command.args(args);
    for variable in ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.env("LANG", "en_US.UTF-8");
    command
}

fn run(args: &[&str]) -> Output {
    onshi(args).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_file_alone_is_told_what_it_is_and_what_to_do_with_it() {
    let told = |path: &str| {
        let output = run(&[path]);
        assert_eq!(output.status.code(), Some(0), "{path}");
        text(&output.stdout).to_owned()
    };
    let record = told("samples/clinic.yaml");
    assert!(record.contains("the record of one facility"), "{record}");
    assert!(record.contains("onshi fill samples/clinic.yaml -o out/"), "{record}");
    assert!(told("docs/samples/members.csv").contains("onshi batch docs/samples/members.csv"));
    assert!(told("tests/data/pdf/scan.pdf").contains("--to tests/data/pdf/scan.pdf"));
    assert_eq!(run(&["no-such-file"]).status.code(), Some(2));
}

#[test]
fn help_speaks_the_language_of_the_system_or_of_the_option() {
    assert!(text(&run(&["--help"]).stdout).contains("Usage: onshi"));
    assert!(text(&run(&["fill", "--help", "--lang", "ja"]).stdout).contains("使い方: onshi fill"));
    assert!(text(&run(&["--lang=ja", "help", "fill"]).stdout).contains("使い方: onshi fill"));
    let japanese = onshi(&["-h"]).env("LANG", "ja_JP.UTF-8").output().unwrap();
    assert!(text(&japanese.stdout).contains("使い方: onshi"));
    let version = run(&["--version"]);
    assert_eq!(text(&version.stdout), concat!("onshi ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    for args in [
        &["fil"][..],
        &["fill"],
        &["--lang", "fr", "forms"],
        &["fill", "a.yaml", "--today", "yesterday"],
        &[],
    ] {
        let out = run(args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(out.stdout.is_empty(), "{args:?}");
        assert!(!out.stderr.is_empty(), "{args:?}");
    }
    let japanese = run(&["fil", "--lang", "ja"]);
    assert!(text(&japanese.stderr).contains("エラー: 「fil」"));
}

#[test]
fn a_skeleton_says_when_a_line_is_needed() {
    let skeleton = run(&["new", "別紙2", "--lang", "ja"]);
    let skeleton = text(&skeleton.stdout);
    for part in [
        "「# 」を空白ごと消して",
        "（調達状況がイのとき必要） ［月］ 例: 3\n    # 整備予定月: \n",
        "（調達状況がア・イのとき必要） ［文字］ 例: 富士通\n    # メーカー名: \n",
        "（整備状況がア・イのとき必要） ［文字］ 例: NTT東日本 フレッツ光ネクスト\n    # ネットワーク導入事業者名: \n",
        "（任意） ［メールアドレス］ 例: hanako@example.jp\n  # Email: \n",
    ] {
        assert!(skeleton.contains(part), "{part} is not in:\n{skeleton}");
    }
    let english = run(&["new", "別紙2", "--lang", "en"]);
    assert!(
        text(&english.stdout)
            .contains("(needed when Procurement is ア or イ) [text] e.g. 富士通\n    # maker: \n")
    );
}

#[test]
fn colours_only_when_asked_for() {
    let escapes = |args: &[&str]| run(args).stderr.contains(&0x1b);
    assert!(!escapes(&["fil"]));
    assert!(!escapes(&["fil", "--color", "never"]));
    assert!(escapes(&["fil", "--color", "always"]));
    assert!(escapes(&["fil", "--color=always", "--lang=ja"]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = onshi(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!(text(&out.stderr), "");
    assert_eq!(out.status.code(), Some(0));
}

#[test]
fn manual_pages() {
    let page = run(&["man"]);
    assert!(text(&page.stdout).contains(".TH onshi 1"));
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("man1");
    let folder_name = folder.to_str().unwrap();
    assert!(run(&["man", "--lang", "ja", "-o", folder_name]).status.success());
    let fill = std::fs::read_to_string(folder.join("onshi-fill.1")).unwrap();
    assert!(fill.contains(".SH 名前\n"), "{fill}");
    assert!(folder.join("onshi.1").exists());
}

/// What nobody could write is not done.
#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_no_success() {
    for args in [&["--help"][..], &["--version"], &["fill", "--help"], &["forms"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let out = onshi(args).stdout(full).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(text(&out.stderr).contains("<stdout>"), "{args:?}");
    }
}

/// A name that a terminal would obey is shown, and not obeyed.
#[test]
fn what_a_terminal_would_obey_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["\u{202E}fdp.yaml", "\u{2066}a.yaml"] {
        let path = folder.path().join(name);
        let out = onshi(&["new", "-o"]).arg(&path).output().unwrap();
        assert_eq!(out.status.code(), Some(0));
        let said = text(&out.stderr);
        assert!(!said.contains(&name[..3]) && said.contains("\\u{20"), "{said:?}");
    }
    let out = run(&["fill", "a", "b\u{1b}[31m\u{202E}"]);
    assert_eq!(out.status.code(), Some(2));
    let said = text(&out.stderr);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202E}'), "{said:?}");
}

/// A list is read more than once.
#[cfg(target_os = "linux")]
#[test]
fn a_list_that_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for source in ["/dev/zero", "/dev/stdin"] {
        let out = onshi(&["batch", source, "--form", "別紙1", "-o"]).arg(folder.path()).output();
        let out = out.unwrap();
        assert_eq!(out.status.code(), Some(1), "{source}");
        assert!(text(&out.stderr).contains("not a file"), "{}", text(&out.stderr));
    }
}
