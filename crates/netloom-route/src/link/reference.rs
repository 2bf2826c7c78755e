//! Which link is meant.

use alloc::{borrow::ToOwned, string::String};

use netloom_wire::Write;

use super::{Link, LinkHeader, LinkWriter};

/// Longest name of a link, in bytes (`IFNAMSIZ` less the NUL); longer ones can only be alternative names.
const LONGEST_NAME: usize = 15;

/// Which link is meant: by index, or by a name, its own or an alternative one.
///
/// ```
/// use netloom_route::link::{Get, LinkRef};
///
/// assert_eq!(LinkRef::from("v0"), LinkRef::Name("v0".into()));
/// let _ = (Get::new(1), Get::new("lo"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LinkRef {
    /// By its index.
    Index(u32),
    /// By its name, or an alternative name.
    Name(String),
}

impl LinkRef {
    /// The header that a request has, with the index if that is how the link is named.
    pub(crate) fn header(&self) -> LinkHeader {
        let index = match self {
            Self::Index(index) => *index,
            Self::Name(_) => 0,
        };
        LinkHeader { index, ..LinkHeader::default() }
    }

    /// Appends the name, if that is how the link is named.
    pub(crate) fn write(&self, w: LinkWriter) -> LinkWriter {
        let name = match self {
            Self::Index(_) => None,
            Self::Name(name) => Some(name.as_str()),
        };
        w.some(name, |w, name| if name.len() <= LONGEST_NAME { w.ifname(name) } else { w.alt_ifname(name) })
    }

    /// Whether it is this link.
    pub fn is(&self, link: &Link) -> bool {
        match self {
            Self::Index(index) => link.index() == *index,
            Self::Name(name) => link.is_named(name),
        }
    }
}

impl From<u32> for LinkRef {
    fn from(index: u32) -> Self {
        Self::Index(index)
    }
}
impl From<&str> for LinkRef {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}
impl From<String> for LinkRef {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}
impl From<&String> for LinkRef {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}
impl From<&Link> for LinkRef {
    fn from(link: &Link) -> Self {
        Self::Index(link.index())
    }
}
