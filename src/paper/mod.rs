//! In: the bytes of a PDF that an office publishes. Out: a [`Paper`]: its pages as a viewer shows them,
//! their lines, words and form fields, and what another PDF needs to show them too.
//! This room must not know forms, records or how a page is painted.

mod copy;
mod fields;
mod geometry;
mod header;
mod input;
mod read;
mod see;

pub(crate) use copy::Parts;
pub use fields::{Widget, WidgetKind};
pub(crate) use header::header;
pub use input::{Damage, Unusable};
pub(crate) use input::{Input, open};
pub(crate) use read::filled_in;
pub use read::{LARGEST, MOST_PAGES, Paper, PaperPage};
pub(crate) use see::interpreter;
pub use see::{Ruled, Seen, Word};
