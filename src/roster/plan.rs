//! What becomes of the columns of a list.

use super::source::Source;
use crate::form::Column;
use crate::report::Text;

/// A value of a record, and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub column: Column,
    pub source: Source,
}

/// What the headings were understood as.
#[derive(Default)]
pub(super) struct Columns {
    /// The values.
    pub values: Vec<Given>,
    /// The column that marks rows which are no facility.
    pub marker: Option<usize>,
    /// Columns without a heading that no map speaks of: they are not read.
    pub unheaded: Vec<usize>,
    /// Columns and the folded texts of the rows that are left out.
    pub left_out: Vec<(usize, Vec<String>)>,
    /// The columns that tell facilities apart, where several rows may be one.
    pub key: Vec<usize>,
    /// Headings of fields that only other forms have.
    pub others: Vec<String>,
    /// Headings that are known to be no field's.
    pub ignored: Vec<String>,
    /// What was joined without being told to.
    pub joined: Vec<Text>,
}

impl Columns {
    /// What is worth saying of the columns, once for all.
    pub fn notes(&self) -> Vec<Text> {
        let list = |titles: &[String]| (titles.join("、"), titles.join(", "));
        let mut notes = self.joined.clone();
        if !self.others.is_empty() {
            let (ja, en) = list(&self.others);
            notes.push(Text::new(
                format!("指定の様式で使わない列は読みません: {ja}"),
                format!("columns that the forms asked for do not use are not read: {en}"),
            ));
        }
        if !self.ignored.is_empty() {
            let (ja, en) = list(&self.ignored);
            notes.push(Text::new(
                format!("様式に項目のない列は読みません: {ja}"),
                format!("columns that no form has a field for are not read: {en}"),
            ));
        }
        notes
    }

    pub fn has(&self, key: &str) -> bool {
        self.values.iter().any(|given| given.column.key() == key)
    }
}
