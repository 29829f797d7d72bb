//! What a folder's earlier runs wrote: nothing is done twice, nothing of others is overwritten.
//!
//! A line is added before a file gets its name, so that a run that is killed at any moment leaves no
//! file the next one doesn't know. A finished run leaves one line a file, sorted.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::outcome::BatchError;
use crate::store::{self, Guard, Stage};

const LEDGER: &str = ".onshi-ledger";
const LOCK: &str = ".onshi-lock";
/// The largest ledger, in bytes: more than two million files. It is kept in memory, some three times as large.
const LARGEST: u64 = 256 << 20;

/// What earlier runs wrote into a folder, by name.
#[derive(Default)]
pub(super) struct Earlier(HashMap<String, Vec<Line>>);

impl Earlier {
    /// What the ledger of a folder says; nothing where there is none.
    pub fn of(folder: &Path) -> Self {
        let ledger = File::open(folder.join(LEDGER)).and_then(|file| Earlier::read(&file));
        ledger.map_or_else(|_| Earlier::default(), |(earlier, _)| earlier)
    }

    /// The lines of a ledger, and whether the last was cut, by a kill or a full disk. What is no line is
    /// skipped.
    fn read(ledger: &File) -> io::Result<(Self, bool)> {
        if ledger.metadata()?.len() > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut known: HashMap<String, Vec<Line>> = HashMap::new();
        let mut reader = BufReader::new(ledger);
        let mut bytes = Vec::new();
        let mut is_cut = false;
        while reader.read_until(b'\n', &mut bytes)? > 0 {
            is_cut = bytes.pop_if(|last| *last == b'\n').is_none();
            if let Some((name, line)) = str::from_utf8(&bytes).ok().and_then(parse) {
                let lines = known.entry(name).or_default();
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
            bytes.clear();
        }
        Ok((Earlier(known), is_cut))
    }

    fn lines(&self, name: &str) -> &[Line] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a run left this content under this name.
    fn left(&self, name: &str, content: Hash) -> bool {
        self.lines(name).iter().any(|line| line.content == content)
    }

    /// Whether a file of the folder is as a run left it: one that was filled in since is somebody's.
    pub fn wrote(&self, name: &str, path: &Path) -> bool {
        // Most names are nobody's: their files need not be read.
        !self.lines(name).is_empty()
            && matches!(There::at(path), Ok(There::File(content)) if self.left(name, content))
    }
}

/// 128 bits of SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Hash([u8; 16]);

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

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn parse(digits: &str) -> Option<Hash> {
        let sound = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let bits = u128::from_str_radix(digits, 16).ok().filter(|_| sound)?;
        Some(Hash(bits.to_be_bytes()))
    }
}

impl From<Sha256> for Hash {
    fn from(sha: Sha256) -> Self {
        let mut hash = [0; 16];
        hash.copy_from_slice(&sha.finalize()[..16]);
        Hash(hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// What a file was made from, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    input: Hash,
    content: Hash,
}

/// A file of an earlier run that this one has not made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub name: String,
    /// Whether it is of the run as a whole, as a print file is, and of no facility.
    pub is_of_run: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It holds what it is to hold.
    Done,
    /// There is one of that name that no run wrote, or that was changed since.
    Foreign,
}

/// What is at a path.
enum There {
    Nothing,
    File(Hash),
    /// A link, which is not followed, a folder or a pipe.
    Other,
}

impl There {
    fn at(path: &Path) -> io::Result<There> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_file() => {
                let file = File::open(path)?;
                Hash::of_reader(file, found.len()).map(There::File)
            }
            Ok(_) => Ok(There::Other),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(There::Nothing),
            Err(error) => Err(error),
        }
    }
}

/// The ledger of a folder that this run alone writes into.
pub(super) struct Ledger<'g> {
    folder: PathBuf,
    guard: &'g Guard,
    known: Earlier,
    written: Mutex<HashMap<String, Line>>,
    journal: Mutex<File>,
    force: bool,
    /// Held until the end of the run.
    _lock: File,
}

impl<'g> Ledger<'g> {
    /// Takes a folder, creating it. Nothing that `guard` knows as an input is written over.
    pub fn open(folder: &Path, guard: &'g Guard, force: bool) -> Result<Self, BatchError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| BatchError::Writing(path, error)
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let lock_path = folder.join(LOCK);
        let lock = store::open_plain(&lock_path, OpenOptions::new().write(true));
        let lock = lock.map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BatchError::Locked(folder.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(&lock_path)(error)),
        }
        // Nobody else makes files here now.
        store::sweep(folder, Duration::ZERO);
        let path = folder.join(LEDGER);
        let journal = store::open_plain(&path, OpenOptions::new().read(true).append(true));
        let mut journal = journal.map_err(failed(&path))?;
        let known = known(&mut journal).map_err(failed(&path))?;
        Ok(Ledger {
            folder: folder.to_owned(),
            guard,
            known,
            written: Mutex::default(),
            journal: Mutex::new(journal),
            force,
            _lock: lock,
        })
    }

    /// Whether the file is there as made from this input, so that it need not be made again.
    pub fn has(&self, name: &str, input: &Hash) -> bool {
        let lines = self.known.lines(name);
        if !lines.iter().any(|line| line.input == *input) {
            return false;
        }
        let Ok(There::File(content)) = There::at(&self.folder.join(name)) else { return false };
        let Some(line) = lines.iter().find(|l| l.input == *input && l.content == content) else {
            return false;
        };
        self.note(name, *line);
        true
    }

    /// Whether a file of this name may be written: there is none, or it is ours.
    pub fn may_write(&self, name: &str, path: &Path) -> bool {
        self.force
            || match There::at(path) {
                Ok(There::File(content)) => self.known.left(name, content),
                // What cannot be read cannot be written either, which is reported when it is tried.
                Ok(There::Nothing) | Err(_) => true,
                Ok(There::Other) => false,
            }
    }

    /// Writes a file, unless one is there that is not ours.
    pub fn put(&self, name: &str, input: Hash, bytes: &[u8]) -> Result<Put, BatchError> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent().filter(|_| name.contains('/')) {
            let failed = |error| BatchError::Writing(folder.to_owned(), error);
            fs::create_dir_all(folder).map_err(failed)?;
        }
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
        let line = Line { input: content, content };
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
        self.guard.spare_inputs(path)?;
        if !self.force {
            match There::at(path).map_err(failed)? {
                There::Nothing => {}
                There::File(content) if content == line.content => {
                    self.journal(name, &line).map_err(failed)?;
                    self.note(name, line);
                    return Ok(Put::Done);
                }
                There::File(content) if self.known.left(name, content) => {}
                There::File(_) | There::Other => return Ok(Put::Foreign),
            }
        }
        let stage = stage().map_err(failed)?;
        self.journal(name, &line).map_err(failed)?;
        stage.put().map_err(failed)?;
        self.note(name, line);
        Ok(Put::Done)
    }

    fn journal(&self, name: &str, line: &Line) -> io::Result<()> {
        let text = format!("{} {} {name}\n", line.input, line.content);
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        store::step()?;
        journal.write_all(text.as_bytes())
    }

    fn note(&self, name: &str, line: Line) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(name.to_owned(), line);
    }

    /// Whether this run has made a file of that name already.
    pub fn has_made(&self, name: &str) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).contains_key(name)
    }

    /// Closes the ledger after a whole run. Comes back with the files of earlier runs that this one
    /// had nothing to do with and that are still there.
    pub fn finish(self) -> Result<Vec<Left>, BatchError> {
        let written = self.written.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut left: Vec<&String> =
            self.known.0.keys().filter(|n| !written.contains_key(*n)).collect();
        left.retain(|name| self.folder.join(name).exists());
        left.sort();
        let mut lines: Vec<(&str, Line)> = written.iter().map(|(n, l)| (n.as_str(), *l)).collect();
        let all =
            left.iter().flat_map(|name| self.known.lines(name).iter().map(|l| (name.as_str(), *l)));
        lines.extend(all);
        lines.sort();
        lines.dedup();
        let mut text = String::new();
        for (name, Line { input, content }) in lines {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{input} {content} {name}");
        }
        let path = self.folder.join(LEDGER);
        drop(self.journal);
        store::write(&path, text.as_bytes()).map_err(|e| BatchError::Writing(path, e))?;
        // What is made of a whole run is made from nothing but itself.
        let is_of_run =
            |name: &String| self.known.lines(name).iter().all(|line| line.input == line.content);
        Ok(left
            .into_iter()
            .map(|name| Left { name: name.clone(), is_of_run: is_of_run(name) })
            .collect())
    }
}

/// The lines of a ledger. Behind one that was cut the next to be written stays alone.
fn known(ledger: &mut File) -> io::Result<Earlier> {
    let (known, is_cut) = Earlier::read(ledger)?;
    if is_cut {
        store::step()?;
        ledger.write_all(b"\n")?;
    }
    Ok(known)
}

fn parse(line: &str) -> Option<(String, Line)> {
    let mut parts = line.splitn(3, ' ');
    let mut hash = || Hash::parse(parts.next()?);
    let line = Line { input: hash()?, content: hash()? };
    Some((parts.next()?.to_owned(), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> Hash {
        Hash::of(&[text.as_bytes()])
    }

    fn open(folder: &Path) -> Ledger<'static> {
        open_with(folder, false).unwrap()
    }

    fn open_with(folder: &Path, force: bool) -> Result<Ledger<'static>, BatchError> {
        Ledger::open(folder, Box::leak(Box::default()), force)
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
        let ledger = open_with(folder, true).unwrap();
        assert_eq!(ledger.put("a", hash("2"), b"two").unwrap(), Put::Done);
    }

    #[test]
    fn a_ledger_that_would_fill_the_memory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        File::create(folder.path().join(LEDGER)).unwrap().set_len(LARGEST + 1).unwrap();
        let refused = open_with(folder.path(), true).err().unwrap();
        assert!(
            matches!(&refused, BatchError::Writing(_, e) if e.kind() == io::ErrorKind::FileTooLarge),
            "{refused:?}"
        );
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
        fs::write(folder.join(".onshi-0123456789abcdefghijklmn.tmp"), "ha").unwrap();
        let ledger = open(folder);
        assert!(!folder.join(".onshi-0123456789abcdefghijklmn.tmp").exists());
        assert!(ledger.has("a", &hash("1")));
        assert_eq!(ledger.put("b", hash("2"), b"new").unwrap(), Put::Done);
        assert_eq!(ledger.finish().unwrap(), []);
        let text = fs::read_to_string(folder.join(LEDGER)).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[test]
    fn a_folder_belongs_to_one_run() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open(folder.path());
        assert!(matches!(open_with(folder.path(), false), Err(BatchError::Locked(_))));
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
            assert_eq!(ledger.finish().unwrap(), [Left { name: "b".into(), is_of_run: false }]);
        }
        assert!(folder.path().join("b").exists());
    }
}
