//! What came of a run, and what stops one.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::change::Change;
use crate::report::{Explain, Report, Source, Text, system};
use crate::roster::RosterError;
use crate::store::Refusal;
use crate::table::TableError;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many facilities there are.
    pub facilities: usize,
    /// How many of them have a fault.
    pub failed: usize,
    /// How many forms came out, by short name, in the order of the definitions.
    pub forms: Vec<(String, usize)>,
    /// How many files of forms there are now.
    pub files: usize,
    /// How many of them an earlier run had made, and nothing has changed.
    pub kept: usize,
    /// How many errors there are by code.
    pub errors: Vec<(String, usize)>,
    /// How many warnings there are by code.
    pub warnings: Vec<(String, usize)>,
    /// Values that more than two facilities share though no two should, and how many do.
    pub shared: Vec<Text>,
    /// The first findings, each report with its source.
    pub first: Vec<(Source, Report)>,
    /// Files of earlier runs that no facility of this run stands for.
    pub left: Vec<String>,
    /// Files of earlier runs as a whole, such as letters, that this one has not made.
    pub unasked: Vec<String>,
    /// Files of earlier runs that stand for a facility which now has a fault: they are as they were.
    pub outdated: Vec<String>,
    /// Lists of earlier runs that were changed since: what they were called, and what they are now.
    pub set_aside: Vec<(PathBuf, PathBuf)>,
    /// The merged print files and how many pages each has.
    pub merged: Vec<(PathBuf, usize)>,
    /// What was made for the post, and how many pages each file has.
    pub post: Vec<(PathBuf, usize)>,
    /// What is to be said of the letters, labels and covers, of lists that were asked for in vain, and of sheets
    /// that do not hold all rows.
    pub notes: Vec<Text>,
    /// How many facilities there are by what has become of them since an earlier run.
    pub since: Vec<(Change, usize)>,
    /// Whether nothing was written, because not every facility passed.
    pub is_withheld: bool,
}

/// Why a run stops.
#[derive(Debug)]
pub enum BatchError {
    /// The roster cannot be read.
    Table(TableError),
    /// The map of the roster is wrong: its source and what is wrong, and what is wrong with the roster.
    Map(Box<((Source, Report), Report)>),
    /// What all facilities are to share is wrong.
    Set(Report),
    /// A file cannot be read.
    Reading(PathBuf, io::Error),
    /// A record or definition beside the list has errors.
    Beside(Box<(Source, Report)>),
    /// A file cannot be written.
    Writing(PathBuf, io::Error),
    /// A file is there that no run wrote.
    Foreign(PathBuf),
    /// What was asked for cannot be done, such as a name that is no print file's: why, and what to write.
    Pattern(Text, Text),
    /// A file must not be written over: an input, or a print file without a ledger to tell whose it is.
    Refused(Refusal),
    /// Another run writes into the folder.
    Locked(PathBuf),
    /// The print file cannot be made.
    Print(Text),
    /// The workers cannot be started.
    Workers(String),
    /// It was told to stop. What is written is whole.
    Stopped,
}

impl From<Refusal> for BatchError {
    fn from(refusal: Refusal) -> Self {
        BatchError::Refused(refusal)
    }
}

impl std::error::Error for BatchError {}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl Explain for BatchError {
    fn message(&self) -> Text {
        match self {
            BatchError::Table(error) => error.message(),
            BatchError::Map(wrong) => match wrong.0.1.diagnostics.first() {
                Some(first) => first.message.clone(),
                None => Text::new("対応表が正しくありません", "the map is wrong"),
            },
            BatchError::Set(report) => match report.diagnostics.first() {
                Some(first) => first.message.clone(),
                None => Text::new("共通の値が正しくありません", "a shared value is wrong"),
            },
            BatchError::Reading(path, error) => {
                let (path, why) = (path.display(), system(error));
                Text::new(
                    format!("{path} を読めません: {}", why.ja),
                    format!("cannot read {path}: {}", why.en),
                )
            }
            BatchError::Beside(found) => match found.1.diagnostics.first() {
                Some(first) => first.message.clone(),
                None => Text::new("読めません", "cannot be read"),
            },
            BatchError::Writing(path, error) => {
                let (path, why) = (path.display(), system(error));
                Text::new(
                    format!("{path} に書き込めません: {}", why.ja),
                    format!("cannot write {path}: {}", why.en),
                )
            }
            BatchError::Foreign(path) => {
                let path = path.display();
                Text::new(
                    format!(
                        "{path} はこの一括作成で作ったものではないか、その後に変えられています"
                    ),
                    format!("{path} was not written by an earlier batch run, or was changed since"),
                )
            }
            BatchError::Pattern(message, _) => message.clone(),
            BatchError::Refused(refusal) => refusal.message(),
            BatchError::Locked(path) => {
                let path = path.display();
                Text::new(
                    format!("{path} には別の一括作成が書き込み中です"),
                    format!("another run is writing to {path}"),
                )
            }
            BatchError::Print(message) => message.clone(),
            BatchError::Workers(why) => {
                Text::quoting("並行処理を始められません", "cannot start the workers", why)
            }
            BatchError::Stopped => Text::new(
                "中断しました。書き終えたファイルはそのままです",
                "stopped; the files written so far are complete",
            ),
        }
    }

    fn hint(&self) -> Option<Text> {
        Some(match self {
            BatchError::Table(error) => return error.hint(),
            BatchError::Map(wrong) => return wrong.0.1.diagnostics.first()?.hint.clone(),
            BatchError::Set(report) => return report.diagnostics.first()?.hint.clone(),
            BatchError::Foreign(_) => Text::new(
                "別の場所に移すか、上書きしてよければ --force をつけてください",
                "move it away, or overwrite it with --force",
            ),
            BatchError::Pattern(_, hint) => hint.clone(),
            BatchError::Refused(refusal) => return refusal.hint(),
            BatchError::Locked(_) => Text::new(
                "終わるのを待つか、-o でほかのフォルダーを指定してください",
                "wait for it, or name another folder with -o",
            ),
            BatchError::Stopped => Text::new(
                "同じコマンドをもう一度実行すると、残りから続けます",
                "give the same command again to continue",
            ),
            BatchError::Beside(found) => return found.1.diagnostics.first()?.hint.clone(),
            BatchError::Reading(..)
            | BatchError::Writing(..)
            | BatchError::Print(_)
            | BatchError::Workers(_) => return None,
        })
    }
}

impl From<TableError> for BatchError {
    fn from(error: TableError) -> Self {
        BatchError::Table(error)
    }
}

impl From<RosterError> for BatchError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Table(error) => BatchError::Table(error),
            RosterError::Map(wrong) => BatchError::Map(wrong),
        }
    }
}
