//! In: what the user wrote (YAML, JSON, tables). Out: a [`Record`], every value with its place in the
//! source.
//! This room must not know the forms: which keys exist and what a value means is checked later.

mod node;
pub mod table;
mod values;
mod write;
mod yaml;

pub use node::{Key, Node, NodeValue, Record};
pub use values::{Data, Value, Values};
pub use write::to_yaml;
pub(crate) use yaml::place_of;
pub use yaml::{MAX_RECORD_BYTES, read, read_node};
