//! Temporary files: their names, and what becomes of those that a killed program left.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use tempfile::Builder;

const PREFIX: &str = ".onshi-";
const SUFFIX: &str = ".tmp";
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

fn is_ours(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
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

/// Removes the temporary files in a folder that a killed program left there, `age` ago or earlier.
/// One that cannot be removed is left to the next.
pub(crate) fn sweep(folder: &Path, age: Duration) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_ours(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let modified = entry.metadata().ok().filter(fs::Metadata::is_file);
        let modified = modified.and_then(|found| found.modified().ok()?.elapsed().ok());
        if modified.is_some_and(|modified| modified >= age) {
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
}
