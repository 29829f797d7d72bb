//! A record as a tree of nodes, each with its place.

use crate::report::{Place, Source};

/// What the user wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it was read from.
    pub source: Source,
    /// The tree; its root is a map.
    pub root: Node,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub value: NodeValue,
}

/// The shapes a value can have.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    /// Nothing, as after `note:`.
    Null,
    /// A scalar, as the user wrote it: `0123` stays `0123`.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// A map in the order written; a key may be in it twice.
    Map(Vec<(Key, Node)>),
}

/// A key of a map and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key as written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// The entries, if this is a map.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }
}
