//! Temporary files: their names, and what becomes of those that a killed program left.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::{Builder, NamedTempFile, TempPath};

const PREFIX: &str = ".onshi-";
const SUFFIX: &str = ".tmp";
/// What ends the name of a file that was replaced, for as long as it may have to be put back. Before it
/// stands the second since 1970 at which it got that name: its own time is that of its contents.
const BACKUP: &str = ".old";
/// What ends the name of a file that is locked for as long as its program lives.
const LOCKED: &str = ".part";
/// So many letters and digits by chance stand between them: no name that anybody else gives.
const RANDOM: usize = 24;
/// A temporary file that is older has no program any more that would move it.
pub(super) const OLD: Duration = Duration::from_secs(600);

/// The temporary files of this program that are there now.
static PRESENT: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);

/// Held while all files of a command are moved to their names, or moved back.
static MOVING: Mutex<()> = Mutex::new(());

/// Makes names of temporary files.
pub(super) fn names() -> Builder<'static, 'static> {
    let mut names = Builder::new();
    names.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    names
}

/// What the name of a file that is replaced now ends in.
pub(super) fn backup_ending() -> String {
    format!(".{}{BACKUP}", since_1970().as_secs())
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
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
    random.is_some_and(is_random)
}

fn is_random(text: &str) -> bool {
    text.len() == RANDOM && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// When a file was replaced whose name is that of one, as a time since 1970.
fn replaced_at(name: &str) -> Option<Duration> {
    let (random, at) = name.strip_prefix(PREFIX)?.strip_suffix(BACKUP)?.split_once('.')?;
    is_random(random).then_some(Duration::from_secs(at.parse().ok()?))
}

/// Remembers a temporary file until it is forgotten.
pub(super) fn remember(path: &Path) {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
}

/// Forgets a temporary file that was moved or removed.
pub(super) fn forget(path: &Path) {
    PRESENT.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
}

/// Waits until no files are moved, and keeps others from it.
pub(super) fn moving() -> MutexGuard<'static, ()> {
    MOVING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the temporary files of this program before it ends at once: they hold a record's data. Waits until a
/// command that moves its files to their names has moved all of them, or none; while what comes back is kept,
/// none begins to.
#[must_use = "keep it until the program ends"]
pub fn abandon() -> impl Sized {
    let still = moving();
    for path in PRESENT.lock().unwrap_or_else(PoisonError::into_inner).drain() {
        // There is nobody left to tell.
        let _ = fs::remove_file(path);
    }
    still
}

/// Removes the files in a folder that a killed program left there: the temporary ones that it had locked, of
/// the others those that are `age` old, and the replaced ones that can be spared. One that cannot be removed is
/// left to the next.
pub(crate) fn sweep(folder: &Path, age: Duration) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_temporary = is_ours(&name, SUFFIX);
        let is_locked = is_ours(&name, LOCKED);
        // Whoever replaces files may need them whatever is asked here.
        let is_replaced = replaced_at(&name).is_some_and(|at| at + OLD <= since_1970());
        if !is_temporary && !is_locked && !is_replaced {
            continue;
        }
        let Some(found) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        let is_left = || File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        let is_old = || found.modified().ok().and_then(|at| at.elapsed().ok()) >= Some(age);
        let is_over = match (is_locked, is_temporary) {
            (true, _) => is_left(),
            (_, true) => is_old(),
            _ => has_copy(&entry.path(), found.len(), folder).unwrap_or(false),
        };
        if is_over {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file of the user's in the same folder has the same in it: then one that was replaced is in its
/// place again, or never left it.
fn has_copy(path: &Path, length: u64, folder: &Path) -> io::Result<bool> {
    let bytes = fs::read(path)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if !is_ours && found.is_file() && found.len() == length && fs::read(entry.path())? == bytes
        {
            return Ok(true);
        }
    }
    Ok(false)
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

    #[test]
    fn a_file_that_was_replaced_is_swept_only_where_it_is_not_the_only_copy() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let [fresh, stale, other] =
            [since_1970().as_secs(), 1_700_000_000, 1_700_000_001].map(|at| {
                let name = path(&format!(".onshi-0123456789abcdefghijklmn.{at}.old"));
                fs::write(&name, "what was there before").unwrap();
                name
            });
        // They are not copies of one another that the user would find.
        sweep(folder.path(), Duration::ZERO);
        assert!(fresh.exists() && stale.exists() && other.exists());
        fs::write(path("new.pdf"), "what is there instead").unwrap();
        sweep(folder.path(), Duration::ZERO);
        assert!(stale.exists());
        fs::write(path("new.pdf"), "what was there before").unwrap();
        sweep(folder.path(), Duration::ZERO);
        assert!(fresh.exists() && !stale.exists() && !other.exists());
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
