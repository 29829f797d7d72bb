//! What a folder's earlier runs wrote: nothing is done twice, nothing of others is overwritten.
//!
//! A line is added before a file gets its name, so that a run that is killed at any moment leaves no
//! file the next one doesn't know. A finished run leaves one line a file, sorted.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::outcome::BatchError;
use crate::whole::{self, Stage};

const LEDGER: &str = ".onshi-ledger";
const LOCK: &str = ".onshi-lock";

/// 128 bits of SHA-256 in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Hash(String);

impl Hash {
    pub fn of(parts: &[&[u8]]) -> Hash {
        let mut sha = Sha256::new();
        for part in parts {
            // Lengths keep the parts apart.
            sha.update((part.len() as u64).to_le_bytes());
            sha.update(part);
        }
        Hash::from(sha)
    }

    /// The hash of one part of this length, a piece of it in memory at a time.
    fn of_reader(mut part: impl Read, length: u64) -> io::Result<Hash> {
        let mut sha = Sha256::new();
        sha.update(length.to_le_bytes());
        let mut piece = vec![0; 1 << 16];
        loop {
            match part.read(&mut piece) {
                Ok(0) => return Ok(Hash::from(sha)),
                Ok(count) => sha.update(&piece[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The hash of a file, as of one part.
    fn of_file(path: &Path) -> io::Result<Hash> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Hash::of_reader(file, length)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Sha256> for Hash {
    fn from(sha: Sha256) -> Self {
        let mut text = String::with_capacity(32);
        for byte in sha.finalize().iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Hash(text)
    }
}

/// What a file was made from, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    input: Hash,
    content: Hash,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It holds what it is to hold.
    Done,
    /// There is one of that name that no run wrote, or that was changed since.
    Foreign,
}

/// The ledger of a folder that this run alone writes into.
pub(super) struct Ledger {
    folder: PathBuf,
    known: HashMap<String, Vec<Line>>,
    written: Mutex<HashMap<String, Line>>,
    journal: Mutex<File>,
    force: bool,
    /// Held until the end of the run.
    _lock: File,
}

impl Ledger {
    /// Takes a folder, creating it.
    pub fn open(folder: &Path, force: bool) -> Result<Ledger, BatchError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| BatchError::Writing(path, error)
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = folder.join(LOCK);
        let mut options = OpenOptions::new();
        let lock = options.create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BatchError::Locked(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(&lock_path)(error)),
        }
        sweep(folder).map_err(failed(folder))?;
        let path = folder.join(LEDGER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failed(&path)(error)),
        };
        let mut known: HashMap<String, Vec<Line>> = HashMap::new();
        for (name, line) in text.lines().filter_map(parse) {
            known.entry(name).or_default().push(line);
        }
        let mut journal =
            OpenOptions::new().create(true).append(true).open(&path).map_err(failed(&path))?;
        if !text.is_empty() && !text.ends_with('\n') {
            // The line a killed run was writing is to stay alone.
            journal.write_all(b"\n").map_err(failed(&path))?;
        }
        Ok(Ledger {
            folder: folder.to_owned(),
            known,
            written: Mutex::default(),
            journal: Mutex::new(journal),
            force,
            _lock: lock,
        })
    }

    /// Whether the file stands there as made from this input, so that it need not be made again.
    pub fn has(&self, name: &str, input: &Hash) -> bool {
        let lines = self.known.get(name).map_or(&[][..], Vec::as_slice);
        if !lines.iter().any(|line| line.input == *input) {
            return false;
        }
        let Ok(content) = Hash::of_file(&self.folder.join(name)) else { return false };
        let Some(line) = lines.iter().find(|l| l.input == *input && l.content == content) else {
            return false;
        };
        self.note(name, line.clone());
        true
    }

    /// Whether a file of this name may be written: there is none, or it is ours.
    pub fn may_write(&self, name: &str, path: &Path) -> bool {
        if self.force {
            return true;
        }
        let Ok(there) = Hash::of_file(path) else { return true };
        self.known.get(name).is_some_and(|lines| lines.iter().any(|l| l.content == there))
    }

    /// Writes a file, unless one stands there that is not ours.
    pub fn put(&self, name: &str, input: Hash, bytes: &[u8]) -> Result<Put, BatchError> {
        let path = self.folder.join(name);
        self.put_at(name, &path, input, bytes)
    }

    /// The same for a file outside the folder, known to the ledger as `name`.
    pub fn put_at(
        &self,
        name: &str,
        path: &Path,
        input: Hash,
        bytes: &[u8],
    ) -> Result<Put, BatchError> {
        let line = Line { input, content: Hash::of(&[bytes]) };
        self.place(name, path, line, || Stage::new(path, bytes))
    }

    /// The same for a file that is written already, made from nothing but itself.
    pub fn put_stage(&self, name: &str, path: &Path, stage: Stage) -> Result<Put, BatchError> {
        let content = stage.read().and_then(|(read, length)| Hash::of_reader(read, length));
        let content = content.map_err(|error| BatchError::Writing(path.to_owned(), error))?;
        let line = Line { input: content.clone(), content };
        self.place(name, path, line, || Ok(stage))
    }

    fn place(
        &self,
        name: &str,
        path: &Path,
        line: Line,
        stage: impl FnOnce() -> io::Result<Stage>,
    ) -> Result<Put, BatchError> {
        let failed = |error| BatchError::Writing(path.to_owned(), error);
        match self.is_foreign(name, path, &line.content).map_err(failed)? {
            Some(true) => return Ok(Put::Foreign),
            // It holds these very bytes.
            Some(false) => {
                self.journal(name, &line).map_err(failed)?;
                self.note(name, line);
                return Ok(Put::Done);
            }
            None => {}
        }
        let stage = stage().map_err(failed)?;
        self.journal(name, &line).map_err(failed)?;
        stage.put().map_err(failed)?;
        self.note(name, line);
        Ok(Put::Done)
    }

    /// Whether the file that stands there is not ours: `None` when it may be written, `Some(false)`
    /// when it holds what it is to hold.
    fn is_foreign(&self, name: &str, path: &Path, content: &Hash) -> io::Result<Option<bool>> {
        if self.force {
            return Ok(None);
        }
        let there = match Hash::of_file(path) {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if there == *content {
            return Ok(Some(false));
        }
        let ours = |lines: &Vec<Line>| lines.iter().any(|line| line.content == there);
        Ok(if self.known.get(name).is_some_and(ours) { None } else { Some(true) })
    }

    fn journal(&self, name: &str, line: &Line) -> io::Result<()> {
        let text = format!("{} {} {name}\n", line.input.0, line.content.0);
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.write_all(text.as_bytes())
    }

    fn note(&self, name: &str, line: Line) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(name.to_owned(), line);
    }

    /// Closes the ledger after a whole run. Comes back with the files of earlier runs that this one
    /// had nothing to do with and that are still there.
    pub fn finish(self) -> Result<Vec<String>, BatchError> {
        let written = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut left: Vec<&String> =
            self.known.keys().filter(|n| !written.contains_key(*n)).collect();
        left.retain(|name| self.folder.join(name).exists());
        left.sort();
        let mut lines: Vec<(&str, &Line)> = written.iter().map(|(n, l)| (n.as_str(), l)).collect();
        let all = left.iter().flat_map(|name| self.known[*name].iter().map(|l| (name.as_str(), l)));
        lines.extend(all);
        lines.sort_by(|a, b| (a.0, &a.1.input, &a.1.content).cmp(&(b.0, &b.1.input, &b.1.content)));
        let mut seen = HashSet::new();
        let mut text = String::new();
        for (name, line) in lines {
            let line = format!("{} {} {name}\n", line.input.0, line.content.0);
            if !seen.contains(&line) {
                text += &line;
                seen.insert(line);
            }
        }
        let path = self.folder.join(LEDGER);
        drop(self.journal);
        whole::write(&path, text.as_bytes()).map_err(|e| BatchError::Writing(path, e))?;
        Ok(left.into_iter().cloned().collect())
    }
}

fn parse(line: &str) -> Option<(String, Line)> {
    let mut parts = line.splitn(3, ' ');
    let mut hash = || {
        let text = parts.next()?;
        let sound = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        sound.then(|| Hash(text.to_owned()))
    };
    let line = Line { input: hash()?, content: hash()? };
    Some((parts.next()?.to_owned(), line))
}

/// Removes what a killed run left half written.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(whole::PREFIX) && name.ends_with(whole::SUFFIX) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> Hash {
        Hash::of(&[text.as_bytes()])
    }

    fn open(folder: &Path) -> Ledger {
        Ledger::open(folder, false).unwrap()
    }

    #[test]
    fn only_what_is_ours_and_unchanged_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let ledger = open(folder);
        assert_eq!(ledger.put("a", hash("1"), b"one").unwrap(), Put::Done);
        ledger.finish().unwrap();
        let ledger = open(folder);
        assert!(ledger.has("a", &hash("1")));
        assert!(!ledger.has("a", &hash("2")));
        assert_eq!(ledger.put("a", hash("2"), b"two").unwrap(), Put::Done);
        fs::write(folder.join("b"), "theirs").unwrap();
        assert_eq!(ledger.put("b", hash("1"), b"ours").unwrap(), Put::Foreign);
        ledger.finish().unwrap();
        fs::write(folder.join("a"), "edited").unwrap();
        let ledger = open(folder);
        assert!(!ledger.has("a", &hash("2")));
        assert_eq!(ledger.put("a", hash("2"), b"two").unwrap(), Put::Foreign);
        drop(ledger);
        let ledger = Ledger::open(folder, true).unwrap();
        assert_eq!(ledger.put("a", hash("2"), b"two").unwrap(), Put::Done);
    }

    #[test]
    fn a_killed_run_leaves_nothing_the_next_one_does_not_know() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let ledger = open(folder);
        ledger.put("a", hash("1"), b"one").unwrap();
        ledger.put("b", hash("1"), b"old").unwrap();
        ledger.put("b", hash("2"), b"new").unwrap();
        drop(ledger);
        // Killed between the line and the file, and in the middle of a line and of a file.
        fs::write(folder.join("b"), "old").unwrap();
        let mut journal = OpenOptions::new().append(true).open(folder.join(LEDGER)).unwrap();
        journal.write_all(b"0123456789abcdef").unwrap();
        fs::write(folder.join(".onshi-x.tmp"), "ha").unwrap();
        let ledger = open(folder);
        assert!(!folder.join(".onshi-x.tmp").exists());
        assert!(ledger.has("a", &hash("1")));
        assert_eq!(ledger.put("b", hash("2"), b"new").unwrap(), Put::Done);
        assert_eq!(ledger.finish().unwrap(), Vec::<String>::new());
        let text = fs::read_to_string(folder.join(LEDGER)).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[test]
    fn a_folder_belongs_to_one_run() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open(folder.path());
        assert!(matches!(Ledger::open(folder.path(), false), Err(BatchError::Locked(_))));
        drop(ledger);
        drop(open(folder.path()));
    }

    #[test]
    fn files_that_left_are_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open(folder.path());
        ledger.put("a", hash("1"), b"one").unwrap();
        ledger.put("b", hash("1"), b"two").unwrap();
        ledger.finish().unwrap();
        for _ in 0..2 {
            let ledger = open(folder.path());
            assert!(ledger.has("a", &hash("1")));
            assert_eq!(ledger.finish().unwrap(), ["b"]);
        }
        assert!(folder.path().join("b").exists());
    }
}
