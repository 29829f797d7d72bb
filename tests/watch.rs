//! `onshi lint --watch`: the form is painted at each save, until Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::common;

/// Longer than any machine takes; the program itself is to take less than a second.
const PATIENCE: Duration = Duration::from_secs(60);

struct Watched {
    child: Child,
    lines: Receiver<String>,
    folder: tempfile::TempDir,
}

impl Watched {
    fn start(picture: &str) -> Watched {
        let folder = tempfile::tempdir().unwrap();
        let text =
            std::fs::read_to_string(common::root().join("tests/forms/everything.yaml")).unwrap();
        std::fs::write(folder.path().join("form.yaml"), text).unwrap();
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("onshi"));
        command.args(["--lang", "en", "lint", "--watch", "form.yaml", "-o", picture]);
        let mut child = command.current_dir(folder.path()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || {
            stderr.lines().map_while(Result::ok).all(|line| send.send(line).is_ok())
        });
        Watched { child, lines, folder }
    }

    /// Waits until the program has said this.
    fn says(&self, part: &str) -> String {
        let start = Instant::now();
        let mut all = String::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            all += &line;
            all.push('\n');
            if line.contains(part) {
                return all;
            }
        }
        panic!("{part} was not said:\n{all}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Saves the form as many editors do: a new file in the place of the old one.
    fn save(&self, change: impl Fn(String) -> String) {
        let (path, new) = (self.path("form.yaml"), self.path("form.yaml~"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&new, change(text)).unwrap();
        std::fs::rename(new, path).unwrap();
    }

    /// Presses Ctrl-C; what the program ends with.
    fn end(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // Where a test has failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn picture(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn it_paints_at_each_save_and_keeps_the_last_good_picture() {
    let mut watched = Watched::start("page.png");
    watched.says("no errors");
    let first: Vec<Vec<u8>> =
        (1..=3).map(|i| picture(&watched.path(&format!("page_{i}.png")))).collect();

    // A form with a fault is not painted.
    watched.save(|text| text.replace("field: register.keeper", "field: register.keper"));
    let said = watched.says("did you mean");
    assert!(said.contains("register.keper"), "{said}");
    let kept: Vec<Vec<u8>> =
        (1..=3).map(|i| picture(&watched.path(&format!("page_{i}.png")))).collect();
    assert!(kept == first);

    // Mended and changed, only the page that changed is another.
    let change = |text: String| {
        text.replace("register.keper", "register.keeper").replace("2　点検", "2　点検の記録")
    };
    watched.save(change);
    watched.says("no errors");
    let again: Vec<Vec<u8>> =
        (1..=3).map(|i| picture(&watched.path(&format!("page_{i}.png")))).collect();
    assert!(again[0] == first[0] && again[1] != first[1] && again[2] == first[2]);

    // A page less is a picture less, of those that the program wrote.
    std::fs::write(watched.path("page_4.png"), "mine").unwrap();
    watched.save(|text| {
        text.replace("        - {name: 無停電電源装置, place: 事務室, count: 1}\n", "")
    });
    watched.says("no errors");
    assert!(!watched.path("page_3.png").exists());
    assert_eq!(picture(&watched.path("page_4.png")), b"mine");
    assert_eq!(watched.end(), Some(0));
    assert!(watched.path("page_1.png").exists());
}

#[test]
fn it_says_what_it_cannot_do() {
    let folder = tempfile::tempdir().unwrap();
    let form = common::root().join("tests/forms/everything.yaml");
    std::fs::copy(&form, folder.path().join("form.yaml")).unwrap();
    std::fs::write(folder.path().join("page_1.svg"), "mine").unwrap();
    for (args, said) in [
        (&["form.yaml", "-o", "page.pdf"][..], "not the name of a picture"),
        (&["form.yaml", "other.yaml", "-o", "page.png"], "takes one form"),
        (&[".", "-o", "page.png"], "takes one form"),
        (&["none.yaml", "-o", "page.png"], "none.yaml"),
        (&["form.yaml", "-o", "page.svg"], "page_1.svg"),
        (&["form.yaml"], "--output"),
    ] {
        let mut command = common::onshi();
        command.current_dir(folder.path()).args(["--lang", "en", "lint", "--watch"]).args(args);
        let out = command.timeout(PATIENCE).output().unwrap();
        let errors = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{args:?}: {errors}");
        assert!(errors.contains(said), "{args:?}: {errors}");
    }
    assert_eq!(std::fs::read(folder.path().join("page_1.svg")).unwrap(), b"mine");
}
