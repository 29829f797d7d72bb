//! In: a record and the dictionary. Out: [`Values`], each of its kind, those that follow from others
//! added, and back to a record.
//! This room must not know how a form is checked, laid out or painted.

mod astray;
mod commented;
mod read;
mod sections;
mod slips;
mod value;
mod yaml;

pub use crate::form::Data;
pub use read::values;
pub(crate) use read::{SUPPOSED, derive, example_values, with_choice, written_values};
pub(crate) use sections::{Sections, shown};
pub use value::{Naming, Value, Values};
pub use yaml::to_yaml;
