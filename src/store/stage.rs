//! A file is written whole or not at all: first under a temporary name beside its target, then moved.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::fault::step;
use super::sweep::{self, names};

/// Linux follows as many links in a row.
const MOST_LINKS: usize = 40;

/// Writes one file.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a.txt");
/// onshi::store::write(&path, b"a")?;
/// assert_eq!(std::fs::read(&path)?, b"a");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When it cannot be written; a file that was there before is still there, as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Stage::new(path, bytes)?.put()
}

/// Writes all files or leaves everything as it was: only when all are complete in temporary files are
/// they moved to their names.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let [a, b] = ["a.txt", "no/b.txt"].map(|name| folder.path().join(name));
/// let (path, _) = onshi::store::write_all(&[(&a, b"a"), (&b, b"b")]).unwrap_err();
/// assert_eq!(path, b);
/// assert!(!a.exists());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The first file that cannot be written. Those moved before it are taken back.
pub fn write_all(files: &[(&Path, &[u8])]) -> Result<(), (PathBuf, io::Error)> {
    let failed = |path: &Path, error| (path.to_owned(), error);
    let folders: HashSet<&Path> = files.iter().map(|(path, _)| folder_of(path)).collect();
    folders.iter().for_each(|folder| sweep::sweep(folder, sweep::OLD));
    let mut staged = Vec::new();
    for (path, bytes) in files {
        staged.push((*path, Stage::new(path, bytes).map_err(|error| failed(path, error))?));
    }
    let mut moved: Vec<Moved> = Vec::new();
    for (path, stage) in staged {
        match stage.put_keeping() {
            Ok(file) => moved.extend(file),
            Err(error) => {
                moved.into_iter().rev().for_each(Moved::take_back);
                return Err(failed(path, error));
            }
        }
    }
    Ok(())
}

/// Whether a path leads to a device or a pipe, into which is written and which is not replaced;
/// `/dev/stdout` is one whatever it is redirected to.
pub(super) fn is_device(path: &Path) -> bool {
    let found = fs::metadata(path);
    found.is_ok_and(|found| !found.is_dir() && (!found.is_file() || is_open_file(path)))
}

/// Whether a path leads to a file that a program has open, by its number: `/dev/stdout`, `/dev/fd/3`,
/// `/proc/self/fd/3` and links to them.
fn is_open_file(path: &Path) -> bool {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Some(name) = path.file_name() else { return false };
        let Ok(folder) = fs::canonicalize(folder_of(&path)) else { return false };
        // On Linux the first leads to the second.
        if folder == Path::new("/dev/fd") || folder.starts_with("/proc") && folder.ends_with("fd") {
            return true;
        }
        let Ok(target) = fs::read_link(folder.join(name)) else { return false };
        path = folder.join(target);
    }
    false
}

/// A file in the making: beside its target, or, for a device or a pipe, which must not be replaced, in
/// memory.
pub struct Draft(Kind<(BufWriter<File>, Temporary)>);

/// A file on its way: complete beside its target, or, for a device or a pipe, still in memory.
pub struct Stage(Kind<Temporary>);

enum Kind<T> {
    File {
        temporary: T,
        target: PathBuf,
        /// Whether there is such a file already, or a link of that name.
        exists: bool,
    },
    Device {
        path: PathBuf,
        bytes: Vec<u8>,
    },
}

/// The name of a temporary file, which goes again unless it is moved, and what locks it.
struct Temporary {
    path: Option<TempPath>,
    _lock: Option<File>,
}

impl Temporary {
    fn new(path: TempPath, lock: Option<File>) -> Self {
        sweep::remember(&path);
        Temporary { path: Some(path), _lock: lock }
    }

    fn path(&self) -> io::Result<&Path> {
        self.path.as_deref().ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn move_to(mut self, target: &Path) -> io::Result<()> {
        // Only moving takes it.
        let Some(path) = self.path.take() else { return Err(ErrorKind::NotFound.into()) };
        let name = path.to_path_buf();
        let moved = path.persist(target).map_err(|error| error.error);
        sweep::forget(&name);
        moved
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            sweep::forget(&path);
        }
    }
}

/// A file that was moved to its name, and the file that was there before under another.
struct Moved {
    target: PathBuf,
    before: Option<Temporary>,
}

impl Moved {
    /// Makes it as it was. What fails here is lost in the failure that called for it.
    fn take_back(self) {
        let _ = match self.before {
            Some(before) => before.move_to(&self.target),
            None => fs::remove_file(&self.target),
        };
    }
}

impl Draft {
    /// Begins a file beside its target, and finds out what would keep it from being moved there. A link
    /// of that name is replaced, and what it leads to stays as it is. What a killed program left there goes.
    ///
    /// # Errors
    /// When it cannot be begun, or could not be moved.
    pub fn new(path: &Path) -> io::Result<Self> {
        Self::begin(path, true)
    }

    fn begin(path: &Path, is_locked: bool) -> io::Result<Self> {
        let (existing, exists) = match fs::symlink_metadata(path) {
            Ok(_) if is_device(path) => {
                return Ok(Draft(Kind::Device { path: path.to_owned(), bytes: Vec::new() }));
            }
            Ok(link) if link.is_symlink() => (None, true),
            Ok(existing) if existing.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(existing) => {
                // Moving would replace a file that is write-protected, or open in another program.
                OpenOptions::new().write(true).open(path)?;
                (Some(existing.permissions()), true)
            }
            Err(e) if e.kind() == ErrorKind::NotFound => (None, false),
            Err(e) => return Err(e),
        };
        step()?;
        let made = temporary(folder_of(path), existing.as_ref())?;
        let (file, name, lock) = match is_locked {
            true => {
                sweep::sweep(folder_of(path), sweep::OLD);
                sweep::locked(made)?
            }
            false => {
                let (file, name) = made.into_parts();
                (file, name, None)
            }
        };
        let temporary = (BufWriter::new(file), Temporary::new(name, lock));
        Ok(Draft(Kind::File { temporary, target: path.to_owned(), exists }))
    }

    /// The whole file.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> io::Result<Stage> {
        Ok(Stage(match self.0 {
            Kind::File { temporary: (mut file, temporary), target, exists } => {
                step()?;
                file.flush()?;
                Kind::File { temporary, target, exists }
            }
            Kind::Device { path, bytes } => Kind::Device { path, bytes },
        }))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::File { temporary: (file, _), .. } => file.write(bytes),
            Kind::Device { bytes: all, .. } => all.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::File { temporary: (file, _), .. } => file.flush(),
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
        // Closed and not locked: there may be more results than a process may have files open.
        let mut draft = Draft::begin(path, false)?;
        draft.write_all(bytes)?;
        draft.end()
    }

    /// What is written, from its beginning, and its length in bytes.
    pub(crate) fn read(&self) -> io::Result<(Box<dyn Read + '_>, u64)> {
        Ok(match &self.0 {
            Kind::File { temporary, .. } => {
                let file = File::open(temporary.path()?)?;
                let length = file.metadata()?.len();
                (Box::new(file), length)
            }
            Kind::Device { bytes, .. } => (Box::new(&bytes[..]), bytes.len() as u64),
        })
    }

    /// Moves the file to its name.
    ///
    /// # Errors
    /// When it cannot be moved, or the device does not take it.
    pub fn put(self) -> io::Result<()> {
        step()?;
        match self.0 {
            Kind::File { temporary, target, .. } => temporary.move_to(&target),
            Kind::Device { path, bytes } => {
                // What somebody redirected to the end of a file must not go over its beginning.
                let is_file = fs::metadata(&path)?.is_file();
                let mut device = OpenOptions::new().write(true).append(is_file).open(path)?;
                match device.write_all(&bytes) {
                    Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(e),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The same, with the way back: none from a device.
    fn put_keeping(self) -> io::Result<Option<Moved>> {
        let Kind::File { target, exists, .. } = &self.0 else { return self.put().map(|()| None) };
        let before = if *exists { Some(second_name(target)?) } else { None };
        let target = target.clone();
        self.put()?;
        Ok(Some(Moved { target, before }))
    }
}

/// Gives a file a second, temporary name, so that it is not lost when another is moved to its first.
fn second_name(path: &Path) -> io::Result<Temporary> {
    step()?;
    let folder = folder_of(path);
    let name = match names().make_in(folder, |free| fs::hard_link(path, free)) {
        Ok(link) => link.into_temp_path(),
        // Not every disk has second names: there the file is copied.
        Err(_) => {
            let copy = temporary(folder, None)?;
            fs::copy(path, copy.path())?;
            copy.into_temp_path()
        }
    };
    Ok(Temporary::new(name, None))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A temporary file with the permissions of the file it replaces, or of any new file.
fn temporary(folder: &Path, existing: Option<&Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = names();
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
