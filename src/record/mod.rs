//! In: what the user wrote (YAML, JSON, tables, the cells of a workbook). Out: a [`Record`], every value
//! with its place in the source, and back to YAML.
//! This room must not know the forms: which keys exist and what a value means is checked later.

mod build;
mod forgiving;
mod node;
mod parse;
mod stop;
mod write;
mod yaml;

pub(crate) use build::Shape;
pub use node::{Key, Node, NodeValue, Record};
pub use write::write;
pub use yaml::{MAX_RECORD_BYTES, read, read_forgiving};

/// Whether a file is called as records are: `.yaml`, `.yml` or `.json`.
///
/// ```
/// use onshi::record::is_record_name;
/// assert!(is_record_name("Clinic.YML".as_ref()) && !is_record_name("members.csv".as_ref()));
/// ```
pub fn is_record_name(path: &std::path::Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
