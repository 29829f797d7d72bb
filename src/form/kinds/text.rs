//! Text, printed as written: names and addresses are never changed.

use super::{ColumnStyle, Data, Field, FieldKind, Read, Refused};
use crate::report;

/// Text, printed as written.
pub(super) struct Text;

impl FieldKind for Text {
    fn words(&self) -> report::Text {
        report::Text::new("文字", "text")
    }

    fn read(&self, _field: &Field, written: &str) -> Result<Read, Refused> {
        // The last line break of a YAML block belongs to YAML, not to the name.
        Ok(Read::any(written.trim_end_matches(['\n', '\r']).to_owned(), Data::Text))
    }

    fn column(&self, field: &Field) -> ColumnStyle {
        column(field)
    }
}

/// A column of text, wider where addresses are.
pub(super) fn column(field: &Field) -> ColumnStyle {
    let width = if field.name().contains("address") { 36.0 } else { 22.0 };
    ColumnStyle { width, ..ColumnStyle::TEXT }
}
