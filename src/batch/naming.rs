//! What the files of a facility are called.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::facilities::Facilities;
use super::names::Distinct;
use super::options::Options;
use super::outcome::BatchError;
use super::pattern::{Facts, Pattern, shortened};
use crate::report::Text;

/// The names of the files of a run.
pub(super) struct Naming {
    pattern: Pattern,
    extension: String,
    is_settled: bool,
    /// The names that differ from what the pattern gives, since another file has that: by the number of the
    /// facility and the name of the pattern.
    settled: OnceLock<HashMap<(u32, String), String>>,
}

/// Names that are given out in the order of the list.
#[derive(Default)]
pub(super) struct Settling {
    distinct: Distinct,
    changed: HashMap<(u32, String), String>,
}

impl Settling {
    /// The files of the next facility.
    pub fn add(&mut self, number: u32, names: &[String]) {
        for name in names {
            let given = self.distinct.name(name);
            if given != *name {
                self.changed.insert((number, name.clone()), given);
            }
        }
    }
}

impl Naming {
    /// The names of `--name`, or the usual ones.
    ///
    /// # Errors
    /// What cannot be a name, and what can.
    pub fn new(options: &Options<'_>, facilities: &Facilities<'_>) -> Result<Self, BatchError> {
        let is_folder = facilities.is_folder();
        let ending = format!(".{}", options.extension);
        let pattern = match options.name {
            None => Pattern::usual(options.lang, is_folder),
            Some(text) => {
                let is_ending = |text: &str| text.to_lowercase().ends_with(&ending);
                let text = if is_ending(text) { &text[..text.len() - ending.len()] } else { text };
                check(text)?;
                let column = |word: &str| facilities.column(word);
                Pattern::parse(text, "--name", facilities.titles(), column)
                    .map_err(|(message, hint)| BatchError::Pattern(message, hint))?
            }
        };
        let is_settled = pattern.tells_facilities_apart(is_folder);
        Ok(Naming { pattern, extension: ending, is_settled, settled: OnceLock::new() })
    }

    /// Whether two files may get the same name, which is known only when all have been asked for.
    pub fn is_to_be_settled(&self) -> bool {
        !self.is_settled && self.settled.get().is_none()
    }

    /// From now on these names differ from what the pattern gives.
    pub fn settle(&self, settling: Settling) {
        // It is asked once: a second answer would be the same.
        let _ = self.settled.set(settling.changed);
    }

    /// The file of a form, which is made for a `kind` where there are several.
    pub fn name(&self, facts: &Facts<'_>, kind: Option<&str>) -> String {
        let mut name = self.pattern.fill(facts);
        if !self.pattern.tells_forms_apart() {
            name += &format!("_{}", facts.form_name);
        }
        if let Some(kind) = kind.filter(|_| !self.pattern.has_kind()) {
            name += &format!("_{kind}");
        }
        let name = format!("{}{}", shortened(&name), self.extension);
        let key = (facts.row, name);
        let given = self.settled.get().and_then(|settled| settled.get(&key)).cloned();
        given.unwrap_or(key.1)
    }

    /// What the names of all files of a facility begin with; see [`Pattern::start`].
    pub fn start(&self, facts: &Facts<'_>) -> String {
        self.pattern.start(facts)
    }
}

/// A name stays inside the folder.
fn check(text: &str) -> Result<(), BatchError> {
    let leaves = text.split(['/', '\\']).any(|part| part.trim() == "..");
    if leaves || text.starts_with(['/', '\\']) || text.contains(':') || text.trim().is_empty() {
        return Err(BatchError::Pattern(
            Text::new(
                format!("--name の「{text}」は、-o のフォルダーの中の名前ではありません"),
                format!("--name {text} is no name inside the folder of -o"),
            ),
            Text::new(
                "{行}_{名称}_{様式} のように書いてください。フォルダーに分けるときは {提出先}/{行}_{様式} のように書きます",
                "write it like {row}_{name}_{form}, or with folders like {bureau}/{row}_{form}",
            ),
        ));
    }
    Ok(())
}
