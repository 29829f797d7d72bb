//! In: `forms/*.yaml`. Out: the [`Dictionary`] of every field and the [`Form`]s, checked.
//! This room must not know records, pages or file formats.

mod beside;
mod cell;
mod columns;
mod definition;
mod dictionary;
mod doubt;
mod folder;
mod gaiji;
pub(crate) mod kinds;
mod links;
mod lint;
mod load;
mod looks;
mod meant;
mod model;
mod needs;
mod papers;
mod part;
mod pictures;
mod printed;
mod rows;
mod rule;
mod samples;
mod schema;
mod skeleton;
mod synonyms;
mod words;

pub use crate::expr::FUNCTIONS;
pub use beside::Beside;
pub use cell::{Cell, CellEdges, Show};
pub use columns::{Column, HeadingFault, Headings};
pub(crate) use columns::{EXAMPLE_MARK, MARKER_HEADINGS};
pub use definition::definition_schema;
pub use dictionary::{Dictionary, Field, Needed, Otherwise, Piece, fold};
pub use folder::{What, definitions, lint_bureaus, lint_gaiji, lint_shared};
pub(crate) use gaiji::CodePoint;
pub use gaiji::{Gaiji, Meaning, Replaced};
pub(crate) use kinds::Breaking;
pub use kinds::{Calendar, Choice, ColumnStyle, Control, Data, Input, Kind};
pub use links::Links;
pub use load::{Forms, LoadError};
pub use looks::{Code, CodeKind, Diagonal, Part, Picture};
pub(crate) use meant::Meant;
pub(crate) use model::LONGEST_LIST;
pub use model::*;
pub use needs::Needs;
pub(crate) use part::{group_count, groups};
pub use rule::{Rule, RuleKey, Skip, Written};
pub(crate) use words::{PAGE, PAGES, is_of_page};

pub use crate::yaml::Spanned;
