//! Where the facilities of a batch come from.

use std::ops::ControlFlow;
use std::path::PathBuf;

use super::folder;
use super::options::Options;
use crate::report::{Place, Text};
use crate::roster::{Entry, Roster, Skipped};
use crate::store::Guard;
use crate::table::TableError;

/// A source of facilities.
pub(super) enum Facilities<'a> {
    Roster(Box<Roster<'a>>),
    /// The records of a folder, sorted by name.
    Folder(Vec<PathBuf>),
}

impl Facilities<'_> {
    /// What must not be written over: what the caller has read, and these.
    pub fn guarded(&self, options: &Options<'_>) -> Guard {
        let mut guard = options.inputs.clone();
        match self {
            Facilities::Roster(_) => guard.read(options.source),
            Facilities::Folder(paths) => paths.iter().for_each(|path| guard.read(path)),
        }
        guard
    }

    /// How many there are at most.
    pub fn most(&self) -> u64 {
        match self {
            Facilities::Roster(roster) => roster.most(),
            Facilities::Folder(paths) => paths.len() as u64,
        }
    }

    /// Hands over every facility in order, and says which rows were skipped as not a facility.
    pub fn each(
        &self,
        hand: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Skipped, TableError> {
        match self {
            Facilities::Roster(roster) => roster.each(hand),
            Facilities::Folder(paths) => {
                for (number, path) in (1..).zip(paths) {
                    if hand(folder::read(number, path)).is_break() {
                        break;
                    }
                }
                Ok(Skipped::default())
            }
        }
    }

    /// How a row or file is called: its number, or its name.
    pub fn label(&self, number: u32) -> String {
        match self {
            Facilities::Roster(_) => number.to_string(),
            Facilities::Folder(paths) => {
                let path = (number as usize).checked_sub(1).and_then(|i| paths.get(i));
                let name = path.and_then(|path| path.file_name());
                name.unwrap_or_default().to_string_lossy().into_owned()
            }
        }
    }

    /// How a message speaks of a row or file.
    pub fn called(&self, number: u32) -> Text {
        let label = self.label(number);
        match self {
            Facilities::Roster(_) => Text::new(format!(" {label} 行目"), format!("row {label}")),
            Facilities::Folder(_) => Text::new(format!(" {label} "), label),
        }
    }

    /// What is above a value: the column's heading, or the line and column in a file.
    pub fn title(&self, place: Option<&Place>, field: Option<&str>) -> String {
        match (self, place) {
            (Facilities::Roster(roster), place) => roster.title(place, field),
            (Facilities::Folder(_), Some(Place::Text { line, column, .. })) => {
                format!("{line}:{column}")
            }
            (Facilities::Folder(_), _) => String::new(),
        }
    }
}
