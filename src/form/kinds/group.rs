//! Fields that hold other fields: sections and lists of them.

use super::{Cell, Data, Field, FieldKind, Read, Refused};
use crate::report::Text;

/// A map of further fields.
pub(super) struct Section;

/// A list of maps of further fields.
pub(super) struct List;

impl FieldKind for Section {
    fn words(&self) -> Text {
        Text::new("項目のまとまり", "section")
    }

    fn read(&self, _field: &Field, written: &str) -> Result<Read, Refused> {
        Ok(Read::any(written.to_owned(), Data::Text))
    }

    fn is_shown(&self, _cell: &Cell) -> bool {
        false
    }
}

impl FieldKind for List {
    fn words(&self) -> Text {
        Text::new("一覧", "list")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        Section.read(field, written)
    }

    fn is_shown(&self, _cell: &Cell) -> bool {
        false
    }
}
