//! What a command must not write over: what it reads, and what is not this program's own.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::origin::is_own;
use crate::report::{Explain, Text};

/// The files a command reads. Asked before anything is written.
///
/// ```
/// use onshi::store::{Guard, Refusal};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("record.yaml");
/// std::fs::write(&path, "facility: {}")?;
/// let mut guard = Guard::default();
/// guard.read(&path);
/// let same = folder.path().join("./record.yaml");
/// assert!(matches!(guard.check(&same, true), Err(Refusal::Input(..))));
/// assert!(guard.check(&folder.path().join("new.pdf"), false).is_ok());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Guard {
    inputs: HashMap<Identity, PathBuf>,
}

/// Why a file is not written over.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The output is the input of this name.
    Input(PathBuf, PathBuf),
    /// The file is there already, and not as this program wrote it.
    Foreign(PathBuf),
    /// A link to something else, which is not written through.
    Link(PathBuf),
}

/// What tells one file from another whatever its path is: links, `./` and case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg(unix)]
pub(super) struct Identity(u64, u64);

/// Without such numbers, the one path that all others lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg(not(unix))]
pub(super) struct Identity(PathBuf);

impl Identity {
    #[cfg(unix)]
    pub fn of(_: &Path, metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Identity(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    pub fn of(path: &Path, _: &Metadata) -> Option<Self> {
        fs::canonicalize(path).ok().map(Identity)
    }
}

impl Guard {
    /// Remembers a file that the command reads.
    pub fn read(&mut self, path: &Path) {
        // What is not there cannot be written over; devices and pipes are no files to lose.
        let Ok(metadata) = fs::metadata(path) else { return };
        if metadata.is_file()
            && let Some(identity) = Identity::of(path, &metadata)
        {
            self.inputs.insert(identity, path.to_owned());
        }
    }

    /// Remembers the file that standard input is redirected from, if it is one.
    pub fn read_stdin(&mut self) {
        #[cfg(unix)]
        {
            use std::os::fd::AsFd as _;
            let copy = io::stdin().as_fd().try_clone_to_owned().map(fs::File::from);
            let metadata = copy.and_then(|file| file.metadata());
            if let Ok(metadata) = metadata
                && metadata.is_file()
                && let Some(identity) = Identity::of(Path::new("-"), &metadata)
            {
                self.inputs.insert(identity, PathBuf::from("-"));
            }
        }
    }

    /// Whether a file may be written here. `force` is for files that are not ours, never for inputs.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, path: &Path, force: bool) -> Result<(), Refusal> {
        self.spare_inputs(path)?;
        let Ok(link) = fs::symlink_metadata(path) else { return Ok(()) };
        if force || !link.is_file() && !link.is_symlink() || super::stage::is_device(path) {
            return Ok(());
        }
        if link.is_symlink() {
            return Err(Refusal::Link(path.to_owned()));
        }
        // One that cannot be read is somebody's.
        match is_own(path) {
            Ok(true) => Ok(()),
            _ => Err(Refusal::Foreign(path.to_owned())),
        }
    }

    /// Whether a file is not one of the inputs.
    ///
    /// # Errors
    /// Which one it is.
    pub fn spare_inputs(&self, path: &Path) -> Result<(), Refusal> {
        let metadata = fs::metadata(path).ok();
        let identity = metadata.and_then(|metadata| Identity::of(path, &metadata));
        match identity.and_then(|identity| self.inputs.get(&identity)) {
            Some(input) => Err(Refusal::Input(path.to_owned(), input.clone())),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl Error for Refusal {}

impl Explain for Refusal {
    fn message(&self) -> Text {
        match self {
            Refusal::Input(path, input) if path == input => Text::new(
                format!("{} は入力のファイルです。上書きしません", path.display()),
                format!("{} is an input and is not overwritten", path.display()),
            ),
            Refusal::Input(path, input) => {
                let (path, input) = (path.display(), input.display());
                Text::new(
                    format!("{path} は入力の {input} と同じファイルです。上書きしません"),
                    format!("{path} is the same file as the input {input} and is not overwritten"),
                )
            }
            Refusal::Foreign(path) => Text::new(
                format!("{} は既にあるため、上書きしません", path.display()),
                format!("{} already exists and is not overwritten", path.display()),
            ),
            Refusal::Link(path) => Text::new(
                format!("{} はリンクです。リンク先には書き込みません", path.display()),
                format!("{} is a link, and nothing is written through it", path.display()),
            ),
        }
    }

    fn hint(&self) -> Option<Text> {
        Some(match self {
            Refusal::Input(..) => Text::new("別の名前を指定してください", "give another name"),
            Refusal::Foreign(_) => Text::new(
                "別の名前を指定するか、上書きしてよければ --force をつけてください",
                "give another name, or overwrite it with --force",
            ),
            Refusal::Link(_) => Text::new(
                "別の名前を指定するか、リンクを新しいファイルに置き換えてよければ --force をつけてください",
                "give another name, or --force to put a new file in place of the link",
            ),
        })
    }
}
