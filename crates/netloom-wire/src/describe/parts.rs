//! What a value of a tree is made of, for those who walk it.

use alloc::vec::Vec;

use super::fields::{Node, elements, items, members, nests};

impl<'a> Node<'a> {
    /// Members of a struct with their names, without padding; none for any other value.
    pub fn members(&self) -> Vec<(&'static str, Self)> {
        match *self {
            Node::Struct(layout, bytes) => members(layout, bytes).collect(),
            _ => Vec::new(),
        }
    }

    /// The values of a list, an array or of records, in order; none for any other value.
    pub fn elements(&self) -> Vec<Self> {
        match *self {
            Node::List(kind, bytes, depth) => items(kind, bytes, depth).map(|(_, item)| item).collect(),
            Node::Array(kind, bytes) => elements(kind, bytes).collect(),
            Node::Records(..) => nests(*self).into_iter().map(|(_, nest)| Node::Fields(nest)).collect(),
            _ => Vec::new(),
        }
    }
}
