//! In: what the user wrote (YAML, JSON, tables, the cells of a workbook). Out: a [`Record`], every value
//! with its place in the source, and back to YAML.
//! This room must not know the forms: which keys exist and what a value means is checked later.

mod node;
pub mod table;
mod tree;
mod values;
mod write;
pub(crate) mod xlsx;
mod yaml;

pub use node::{Key, Node, NodeValue, Record};
pub use tree::to_yaml;
pub use values::{Data, Value, Values};
pub use write::write;
pub(crate) use yaml::place_of;
pub use yaml::{MAX_RECORD_BYTES, read, read_node};
