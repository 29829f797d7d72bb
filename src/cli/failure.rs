//! What stops the program outside a record: usage, input and output. The exit status is 2.

use std::io::{self, ErrorKind};
use std::path::Path;

use onshi::report::{Explain, Text, is_open_elsewhere, system};
use onshi::store::NotWritten;

/// What went wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub message: Text,
    pub hint: Option<Text>,
}

impl Failure {
    pub fn new(message: Text) -> Self {
        Failure { message, hint: None }
    }

    pub fn with_hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// What a part of the program refuses.
    pub fn of(error: &dyn Explain) -> Self {
        Failure { message: error.message(), hint: error.hint() }
    }

    /// What a part of the program refuses about a file.
    pub fn in_file(name: &str, error: &dyn Explain) -> Self {
        let Failure { message, hint } = Failure::of(error);
        let message =
            Text::new(format!("{name}: {}", message.ja), format!("{name}: {}", message.en));
        Failure { message, hint }
    }

    /// A file that can't be read.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        let (path, reason) = (path.display(), system(error));
        let hint = match error.kind() {
            ErrorKind::NotFound => Some(Text::new(
                "ファイル名を確かめてください。標準入力からは「-」で読みます",
                "check the name; `-` reads standard input",
            )),
            ErrorKind::IsADirectory => Some(Text::new(
                "フォルダーの中のファイルを一つ指定してください",
                "name a file inside the folder",
            )),
            _ => None,
        };
        Failure {
            message: Text::new(
                format!("{path} を読めません: {}", reason.ja),
                format!("can't read {path}: {}", reason.en),
            ),
            hint,
        }
    }

    /// Files that can't be written. The hint is about those that could not be made as they were, if there are
    /// any: that is more urgent than another place to write to.
    pub fn writing_all(failed: &NotWritten) -> Self {
        let mut failure = Failure::writing(&failed.path, &failed.error);
        let left = || failed.left.iter();
        for said in left().map(Explain::message) {
            failure.message.ja += &format!("。{}", said.ja);
            failure.message.en += &format!("; {}", said.en);
        }
        if let Some(hint) = left().filter_map(Explain::hint).reduce(|all, next| {
            Text::new(format!("{}。{}", all.ja, next.ja), format!("{}; {}", all.en, next.en))
        }) {
            failure.hint = Some(hint);
        }
        failure
    }

    /// A file or folder that can't be written.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        let (path, mut reason) = (path.display(), system(error));
        if error.kind() == ErrorKind::NotFound {
            reason.ja = "フォルダーがありません".to_owned();
        }
        let hint = match error.kind() {
            ErrorKind::NotFound => Text::new(
                "先にフォルダーを作るか、-o でほかの場所を指定してください",
                "create the folder first, or name another place with -o",
            ),
            ErrorKind::IsADirectory => {
                Text::new("-o にファイル名まで書いてください", "give -o the name of a file")
            }
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Text::new(
                "途中の名前がフォルダーではなくファイルです。-o でほかの場所を指定してください",
                "part of the path is a file, not a folder; name another place with -o",
            ),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Text::new(
                "空きを作るか、-o でほかのディスクを指定してください",
                "make room, or name another disk with -o",
            ),
            _ if is_open_elsewhere(error) => Text::new(
                "ファイルを開いているプログラムを閉じてください",
                "close the program that has the file open",
            ),
            ErrorKind::InvalidFilename => {
                Text::new("-o に短い名前を指定してください", "give -o a shorter name")
            }
            _ => Text::new(
                "-o で書き込める場所を指定してください",
                "name a place you may write to with -o",
            ),
        };
        Failure {
            message: Text::new(
                format!("{path} に書き込めません: {}", reason.ja),
                format!("can't write {path}: {}", reason.en),
            ),
            hint: Some(hint),
        }
    }
}
