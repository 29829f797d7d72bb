//! What became of one facility.

use std::fmt;

use crate::facility::Facility;
use crate::record::{Node, NodeValue};
use crate::report::{Diagnostic, Place, Report, Source};
use crate::sheet::Sheet;

/// A form that was made of a facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// The form's id.
    pub form: String,
    /// Its short name, such as 別紙1.
    pub short: String,
    /// Which of several it is, where the form is made once for each kind of facility.
    pub kind: Option<String>,
    /// What tells what is printed on it from what was; empty where nobody compares.
    pub printed: String,
}

/// `別紙1（医科）`, as lists and outlines call it.
impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Some(kind) => write!(f, "{}（{kind}）", self.short),
            None => f.write_str(&self.short),
        }
    }
}

/// A facility that was worked through.
#[derive(Default)]
pub(super) struct Done {
    pub number: u32,
    /// Its row, or the name of its file.
    pub label: String,
    /// What the list calls the facility.
    pub member: String,
    /// The row as it is written; empty for a file.
    pub cells: Vec<String>,
    /// What stands in cells of further rows of the facility that say otherwise.
    pub others: Vec<(Place, String)>,
    pub facility: Facility,
    pub forms: Vec<Made>,
    pub files: Vec<String>,
    pub report: Report,
    pub is_good: bool,
    /// What the names of its files begin with; empty where they share nothing.
    pub start: String,
    /// What the names of the files of its forms begin with.
    pub stem: Option<String>,
    /// The names its files have or would have.
    pub names: Vec<String>,
    pub source: Source,
    /// The record, where it has no row.
    pub root: Option<Node>,
    pub kept: usize,
    pub sheets: Vec<(Made, Sheet)>,
}

impl Done {
    /// What is written where something was found.
    pub fn written(&self, found: &Diagnostic) -> String {
        let other = self.others.iter().find(|(place, _)| Some(place) == found.place.as_ref());
        if let Some((_, written)) = other {
            return written.clone();
        }
        written(found, &self.cells, &self.source, self.root.as_ref())
    }
}

/// What is written where something was found: in the cells of a row, in a record, in a text.
pub(super) fn written(
    found: &Diagnostic,
    cells: &[String],
    source: &Source,
    root: Option<&Node>,
) -> String {
    let Some(place) = &found.place else { return String::new() };
    // A record has the value itself, without quotes or what else YAML has around it.
    let value = root.filter(|_| cells.is_empty()).and_then(|root| scalar(root, place));
    if let Some(value) = value {
        return value.to_owned();
    }
    match place {
        Place::Cell { column, .. } => {
            let cell = (*column as usize).checked_sub(1).and_then(|at| cells.get(at));
            cell.cloned().unwrap_or_default()
        }
        Place::Text { start, end, .. } => {
            let text = source.text.get(*start..*end).unwrap_or_default();
            text.lines().next().unwrap_or_default().to_owned()
        }
    }
}

/// The value that stands at a place.
fn scalar<'n>(node: &'n Node, place: &Place) -> Option<&'n str> {
    match &node.value {
        NodeValue::Scalar(text) => Some(text.as_str()).filter(|_| node.place == *place),
        NodeValue::List(items) => items.iter().find_map(|item| scalar(item, place)),
        NodeValue::Map(entries) => entries.iter().find_map(|(_, item)| scalar(item, place)),
        NodeValue::Null => None,
    }
}
