//! A file is written whole or not at all: first under a temporary name beside its target, then moved.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, IntoInnerError, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// What the name of a temporary file begins with.
pub(crate) const PREFIX: &str = ".onshi-";
/// What the name of a temporary file ends with.
pub(crate) const SUFFIX: &str = ".tmp";

/// Writes one file.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a.txt");
/// onshi::whole::write(&path, b"a")?;
/// assert_eq!(std::fs::read(&path)?, b"a");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When it cannot be written; a file that was there before is still there, as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Stage::new(path, bytes)?.put().map(drop)
}

/// A file in the making: beside its target, or, for a device or a pipe, which must not be replaced, in
/// memory.
pub struct Draft(Kind<BufWriter<NamedTempFile>>);

/// A file on its way: complete beside its target, or, for a device or a pipe, still in memory.
pub struct Stage(Kind<TempPath>);

enum Kind<T> {
    File {
        temporary: T,
        target: PathBuf,
        /// Whether there is no such file yet.
        new: bool,
    },
    Device {
        path: PathBuf,
        bytes: Vec<u8>,
    },
}

impl Draft {
    /// Begins a file beside its target, and finds out what would keep it from being moved there.
    ///
    /// # Errors
    /// When it cannot be begun, or could not be moved.
    pub fn new(path: &Path) -> io::Result<Self> {
        // A link stays a link: its target is replaced.
        let target = match fs::symlink_metadata(path) {
            Ok(link) if link.is_symlink() => fs::canonicalize(path).unwrap_or(path.to_owned()),
            _ => path.to_owned(),
        };
        let existing = match fs::metadata(&target) {
            Ok(existing) if existing.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(existing) if !existing.is_file() => {
                return Ok(Draft(Kind::Device { path: path.to_owned(), bytes: Vec::new() }));
            }
            Ok(existing) => {
                // Moving would replace a file that is write-protected, or open in another program.
                OpenOptions::new().write(true).open(&target)?;
                Some(existing.permissions())
            }
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => return Err(e),
        };
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let temporary = BufWriter::new(temporary(folder, existing.as_ref())?);
        Ok(Draft(Kind::File { temporary, new: existing.is_none(), target }))
    }

    /// The whole file.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> io::Result<Stage> {
        Ok(Stage(match self.0 {
            Kind::File { temporary, target, new } => {
                // Closed: there may be more results than a process may have files open.
                let temporary = temporary.into_inner().map_err(IntoInnerError::into_error)?;
                Kind::File { temporary: temporary.into_temp_path(), target, new }
            }
            Kind::Device { path, bytes } => Kind::Device { path, bytes },
        }))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::File { temporary, .. } => temporary.write(bytes),
            Kind::Device { bytes: all, .. } => all.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::File { temporary, .. } => temporary.flush(),
            Kind::Device { .. } => Ok(()),
        }
    }
}

impl Stage {
    /// Writes a file beside its target, and finds out what would keep it from being moved there.
    ///
    /// # Errors
    /// When it cannot be written, or could not be moved.
    pub fn new(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut draft = Draft::new(path)?;
        draft.write_all(bytes)?;
        draft.end()
    }

    /// What is written, from its beginning, and its length in bytes.
    pub(crate) fn read(&self) -> io::Result<(Box<dyn Read + '_>, u64)> {
        Ok(match &self.0 {
            Kind::File { temporary, .. } => {
                let file = File::open(temporary)?;
                let length = file.metadata()?.len();
                (Box::new(file), length)
            }
            Kind::Device { bytes, .. } => (Box::new(&bytes[..]), bytes.len() as u64),
        })
    }

    /// Moves the file to its name; comes back with its path if it is new there.
    ///
    /// # Errors
    /// When it cannot be moved, or the device does not take it.
    pub fn put(self) -> io::Result<Option<PathBuf>> {
        match self.0 {
            Kind::File { temporary, target, new } => {
                temporary.persist(&target).map_err(|e| e.error)?;
                Ok(new.then_some(target))
            }
            Kind::Device { path, bytes } => {
                let mut device = OpenOptions::new().write(true).open(path)?;
                match device.write_all(&bytes) {
                    Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(e),
                    _ => Ok(None),
                }
            }
        }
    }
}

/// A temporary file with the permissions of the file it replaces, or of any new file.
fn temporary(folder: &Path, existing: Option<&Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes its share of this.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let temporary = builder.tempfile_in(folder)?;
    if cfg!(unix)
        && let Some(existing) = existing
    {
        temporary.as_file().set_permissions(existing.clone())?;
    }
    Ok(temporary)
}
