//! A file is written whole or not at all: first under a temporary name beside its target, then moved.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::fault::step;
use super::sweep::{self, names};
use crate::report::{Explain, Text};

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
/// they moved to their names. [`abandon`](super::abandon) waits for these moves.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let [a, b] = ["a.txt", "no/b.txt"].map(|name| folder.path().join(name));
/// let failed = onshi::store::write_all(&[(&a, b"a"), (&b, b"b")]).unwrap_err();
/// assert_eq!(failed.path, b);
/// assert!(!a.exists());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The first file that cannot be written. Those moved before it are taken back, but for those it names.
pub fn write_all(files: &[(&Path, &[u8])]) -> Result<(), NotWritten> {
    let failed = |path: &Path, error| NotWritten { path: path.to_owned(), error, left: Vec::new() };
    let folders: HashSet<&Path> = files.iter().map(|(path, _)| folder_of(path)).collect();
    folders.iter().for_each(|folder| sweep::sweep(folder, sweep::OLD));
    let mut staged = Vec::new();
    for (path, bytes) in files {
        staged.push((*path, Stage::new(path, bytes).map_err(|error| failed(path, error))?));
    }
    // First, as nothing is taken back from a device, and a pipe may never be read: whoever waits for the
    // moves must not wait for that.
    let (devices, staged): (Vec<_>, Vec<_>) =
        staged.into_iter().partition(|(_, stage)| matches!(stage.0, Kind::Device { .. }));
    for (path, stage) in devices {
        stage.put().map_err(|error| failed(path, error))?;
    }
    let _moving = sweep::moving();
    let mut moved: Vec<Moved> = Vec::new();
    let mut staged = staged.into_iter().peekable();
    while let Some((path, stage)) = staged.next() {
        // Behind the last nothing can fail that would call for its way back.
        let outcome = match staged.peek() {
            Some(_) => stage.put_keeping().map(|file| moved.extend(file)),
            None => stage.put(),
        };
        if let Err(error) = outcome {
            let left = moved.into_iter().rev().filter_map(Moved::take_back).collect();
            return Err(NotWritten { left, ..failed(path, error) });
        }
    }
    moved.into_iter().for_each(Moved::keep);
    Ok(())
}

/// Why files are not written.
#[derive(Debug)]
#[non_exhaustive]
pub struct NotWritten {
    /// The first file that cannot be written.
    pub path: PathBuf,
    /// Why it cannot.
    pub error: io::Error,
    /// Files that could not be made as they were. Most often there are none.
    pub left: Vec<Left>,
}

/// A file that could not be made as it was before.
#[derive(Debug)]
#[non_exhaustive]
pub enum Left {
    /// It was not there before, and is now.
    New(PathBuf),
    /// What it had in it is in the second file now.
    Replaced(PathBuf, PathBuf),
    /// What it had in it is lost: somebody else has removed the file that kept it.
    Lost(PathBuf),
}

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write {}: {}", self.path.display(), self.error)?;
        self.left.iter().try_for_each(|left| write!(f, "; {left}"))
    }
}

impl Error for NotWritten {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.error)
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl Error for Left {}

impl Explain for Left {
    fn message(&self) -> Text {
        match self {
            Left::New(path) => {
                let path = path.display();
                Text::new(
                    format!("{path} が残りました"),
                    format!("{path} could not be removed again"),
                )
            }
            Left::Replaced(path, before) => {
                let (path, before) = (path.display(), before.display());
                Text::new(
                    format!("{path} を元に戻せませんでした（元の内容は {before} にあります）"),
                    format!("{path} could not be put back (what it had in it is in {before})"),
                )
            }
            Left::Lost(path) => {
                let path = path.display();
                Text::new(
                    format!("{path} を元に戻せませんでした（元の内容は失われました）"),
                    format!("{path} could not be put back (what it had in it is lost)"),
                )
            }
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            Left::New(path) => {
                let path = path.display();
                Some(Text::new(format!("{path} を消してください"), format!("remove {path}")))
            }
            Left::Replaced(path, before) => {
                let (path, before) = (path.display(), before.display());
                Some(Text::new(
                    format!("{before} の名前を {path} に変えてください"),
                    format!("rename {before} to {path}"),
                ))
            }
            Left::Lost(_) => None,
        }
    }
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

/// A file that was moved to its name, and the file that was there before under another. That one is removed here
/// and nowhere else: until then it may be the only copy.
struct Moved {
    target: PathBuf,
    before: Option<PathBuf>,
}

impl Moved {
    /// Makes it as it was, or says what is left.
    fn take_back(self) -> Option<Left> {
        let Moved { target, before } = self;
        match before {
            Some(before) if fs::rename(&before, &target).is_ok() => None,
            Some(before) if fs::symlink_metadata(&before).is_ok() => {
                Some(Left::Replaced(target, before))
            }
            Some(_) => Some(Left::Lost(target)),
            None if fs::remove_file(&target).is_ok() => None,
            None => fs::symlink_metadata(&target).is_ok().then_some(Left::New(target)),
        }
    }

    /// Leaves it as it is now.
    fn keep(self) {
        // One that cannot be removed stays; nothing is lost by that.
        let _ = self.before.map(fs::remove_file);
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
        let moved = Moved { target: target.clone(), before };
        match self.put() {
            Ok(()) => Ok(Some(moved)),
            Err(error) => {
                // The file has its first name still.
                moved.keep();
                Err(error)
            }
        }
    }
}

/// Gives a file a second name, so that it is not lost when another is moved to its first.
fn second_name(path: &Path) -> io::Result<PathBuf> {
    step()?;
    let (folder, ending) = (folder_of(path), sweep::backup_ending());
    let mut names = names();
    names.suffix(&ending);
    let name = match names.make_in(folder, |free| fs::hard_link(path, free)) {
        Ok(link) => link.into_temp_path(),
        // Not every disk has second names: there the file is copied.
        Err(_) => {
            let copy = names.tempfile_in(folder)?;
            fs::copy(path, copy.path())?;
            copy.into_temp_path()
        }
    };
    Ok(name.keep()?)
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_replaced_file_is_kept_however_old_it_is_until_it_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        fs::write(&path, "old").unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(1 << 20);
        File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        let moved = Stage::new(&path, b"new").unwrap().put_keeping().unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        // Another run in the same folder.
        sweep::sweep(folder.path(), Duration::ZERO);
        assert!(moved.take_back().is_none());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_put_back_is_said_with_the_name_it_has_now() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        let replaced = || {
            fs::write(&path, "old").unwrap();
            Stage::new(&path, b"new").unwrap().put_keeping().unwrap().unwrap()
        };
        let moved = replaced();
        fs::remove_file(moved.before.as_ref().unwrap()).unwrap();
        assert!(matches!(moved.take_back(), Some(Left::Lost(left)) if left == path));
        let moved = replaced();
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let Some(Left::Replaced(left, before)) = moved.take_back() else { panic!() };
        assert_eq!((left, fs::read(&before).unwrap()), (path.clone(), b"old".to_vec()));
        let said = Left::Replaced(path.clone(), before.clone()).message();
        assert!(said.ja.contains(&*before.to_string_lossy()) && said.en.contains("is in"));
        fs::remove_dir(&path).unwrap();
        let moved = Stage::new(&path, b"new").unwrap().put_keeping().unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        assert!(moved.take_back().is_none());
        let moved = Stage::new(&path, b"new").unwrap().put_keeping().unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(moved.take_back(), Some(Left::New(left)) if left == path));
    }
}
