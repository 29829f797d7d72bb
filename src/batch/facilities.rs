//! Where the facilities of a batch come from.

use std::ops::ControlFlow;
use std::path::Path;

use super::folder::Member;
use super::options::Options;
use crate::form::Forms;
use crate::report::{Place, Text};
use crate::roster::{Entry, Roster, Skipped};
use crate::store::Guard;
use crate::table::TableError;

/// A source of facilities.
pub(super) enum Facilities<'a> {
    Roster(Box<Roster<'a>>),
    /// The files of a folder, sorted by name.
    Folder(&'a Path, Vec<Member>, &'a Forms),
}

impl Facilities<'_> {
    /// What must not be written over: what the caller has read, and these.
    pub fn guarded(&self, options: &Options<'_>) -> Guard {
        let mut guard = options.inputs.clone();
        match self {
            Facilities::Roster(_) => guard.read(options.source),
            Facilities::Folder(_, files, _) => {
                files.iter().for_each(|file| guard.read(file.path()))
            }
        }
        guard
    }

    /// How many there are at most.
    pub fn most(&self) -> u64 {
        match self {
            Facilities::Roster(roster) => roster.most(),
            Facilities::Folder(_, files, _) => files.len() as u64,
        }
    }

    /// Hands over every facility in order, and says which rows were skipped as not a facility.
    pub fn each(
        &self,
        hand: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Skipped, TableError> {
        match self {
            Facilities::Roster(roster) => roster.each(hand),
            Facilities::Folder(folder, files, forms) => {
                for (number, file) in (1..).zip(files) {
                    if hand(file.read(number, folder, forms)).is_break() {
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
            Facilities::Folder(_, files, _) => {
                let file = (number as usize).checked_sub(1).and_then(|i| files.get(i));
                file.map_or_else(String::new, |file| file.label.clone())
            }
        }
    }

    /// How a message speaks of a row or file.
    pub fn called(&self, number: u32) -> Text {
        let label = self.label(number);
        match self {
            Facilities::Roster(_) => Text::new(format!(" {label} 行目"), format!("row {label}")),
            Facilities::Folder(..) => Text::new(format!(" {label} "), label),
        }
    }

    /// What is above a value: the column's heading, or what the form calls its field.
    pub fn title(&self, place: Option<&Place>, field: Option<&str>) -> String {
        match (self, place) {
            (Facilities::Roster(roster), place) => roster.title(place, field),
            (Facilities::Folder(.., forms), _) => {
                let known = field.filter(|field| forms.dictionary().get(field).is_some());
                known.map_or_else(String::new, |field| forms.dictionary().label(field).ja)
            }
        }
    }

    /// Where a value is, in a few characters: a cell, or a line and column.
    pub fn address(place: Option<&Place>) -> String {
        match place {
            Some(place @ Place::Cell { .. }) => place.cell().unwrap_or_default(),
            Some(Place::Text { line, column, .. }) => format!("{line}:{column}"),
            None => String::new(),
        }
    }

    /// The column of a heading; none in a folder.
    pub fn column(&self, heading: &str) -> Option<usize> {
        match self {
            Facilities::Roster(roster) => roster.column(heading),
            Facilities::Folder(..) => None,
        }
    }

    /// The headings; none in a folder.
    pub fn titles(&self) -> &[String] {
        match self {
            Facilities::Roster(roster) => roster.titles(),
            Facilities::Folder(..) => &[],
        }
    }

    pub fn is_folder(&self) -> bool {
        matches!(self, Facilities::Folder(..))
    }
}
