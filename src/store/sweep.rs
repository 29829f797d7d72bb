//! Temporary files: their names, and what becomes of those that a killed program left.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile, TempPath};

const PREFIX: &str = ".onshi-";
const SUFFIX: &str = ".tmp";
/// What ends the name of a file that is locked for as long as its program lives.
const LOCKED: &str = ".part";
/// So many letters and digits by chance stand between them: no name that anybody else gives.
const RANDOM: usize = 24;
/// A temporary file that is older has no program any more that would move it.
pub(super) const OLD: Duration = Duration::from_secs(600);

/// The temporary files of this program that are there now.
static PRESENT: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);

/// Makes names of temporary files.
pub(super) fn names() -> Builder<'static, 'static> {
    let mut names = Builder::new();
    names.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    names
}

/// Locks a temporary file for as long as what comes back with it is kept, and says so by its name: a command that
/// can lock it knows that its program was killed. Where files cannot be locked it stays as it is; a locked file of
/// Windows could not be read.
pub(super) fn locked(temporary: NamedTempFile) -> io::Result<(File, TempPath, Option<File>)> {
    if !cfg!(unix) || temporary.as_file().try_lock().is_err() {
        let (file, path) = temporary.into_parts();
        return Ok((file, path, None));
    }
    let name = temporary.path().with_extension(&LOCKED[1..]);
    // Nobody else has such a name, and not every disk can move without replacing.
    let file = temporary.persist(&name)?;
    let lock = file.try_clone()?;
    Ok((file, TempPath::try_from_path(name)?, Some(lock)))
}

fn is_ours(name: &str, ending: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(ending));
    random.is_some_and(|r| r.len() == RANDOM && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Remembers a temporary file until it is forgotten.
pub(super) fn remember(path: &Path) {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
}

/// Forgets a temporary file that was moved or removed.
pub(super) fn forget(path: &Path) {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
}

/// Removes the temporary files of this program before it ends at once: they hold a record's data.
pub fn abandon() {
    for path in PRESENT.lock().unwrap_or_else(PoisonError::into_inner).drain() {
        // There is nobody left to tell.
        let _ = fs::remove_file(path);
    }
}

/// Removes the temporary files in a folder that a killed program left there: those that it had locked, and of
/// the others those that are `age` old. One that cannot be removed is left to the next.
pub(crate) fn sweep(folder: &Path, age: Duration) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_locked = is_ours(&name.to_string_lossy(), LOCKED);
        if !is_locked && !is_ours(&name.to_string_lossy(), SUFFIX) {
            continue;
        }
        let Some(found) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        let is_left = || File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        let is_old = || found.modified().ok().and_then(|at| at.elapsed().ok()) >= Some(age);
        if if is_locked { is_left() } else { is_old() } {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let left = names().tempfile_in(folder.path()).unwrap().into_temp_path().keep().unwrap();
        fs::write(path(".onshi-notes.tmp"), "").unwrap();
        fs::write(path(".onshi-backup.tmp"), "").unwrap();
        fs::create_dir(path(".onshi-0123456789abcdefghijklmn.tmp")).unwrap();
        sweep(folder.path(), OLD);
        assert!(left.exists());
        sweep(folder.path(), Duration::ZERO);
        assert!(!left.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_locked_file_is_swept_as_soon_as_nobody_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let (file, name, lock) = locked(names().tempfile_in(folder.path()).unwrap()).unwrap();
        let name = name.keep().unwrap();
        sweep(folder.path(), Duration::ZERO);
        assert!(name.exists());
        drop(file);
        sweep(folder.path(), Duration::ZERO);
        assert!(name.exists());
        drop(lock);
        sweep(folder.path(), OLD);
        assert!(!name.exists());
    }
}
