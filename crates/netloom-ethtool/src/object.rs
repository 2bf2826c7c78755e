//! What all messages are to errors: things of a device.

use alloc::{borrow::ToOwned, string::String};
use core::fmt;

use crate::header::Header;

/// Which device a message is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKey {
    /// None, or all: string sets of the kernel's own, a request for all devices.
    None,
    /// By index, as in every answer and notification.
    Index(u32),
    /// By name, as in a request.
    Name(String),
}

impl DeviceKey {
    pub(crate) fn of(header: Option<&Header>) -> Self {
        let index = header.and_then(|header| header.index()).map(Self::Index);
        let name = || header.and_then(|header| header.name()).map(|name| Self::Name(name.to_owned()));
        index.or_else(name).unwrap_or(Self::None)
    }
}

pub(crate) fn describe(header: Option<&Header>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(header) = header else { return Ok(()) };
    match (header.name(), header.index()) {
        (Some(name), _) => write!(f, "of {name}")?,
        (None, Some(index)) => write!(f, "of device {index}")?,
        (None, None) => return Ok(()),
    }
    header.phy_index().map_or(Ok(()), |phy| write!(f, " PHY {phy}"))
}

/// Makes a message a thing of a device; where a device has several, the attribute that tells them apart is named.
macro_rules! object {
    ($view:ident $noun:literal) => {
        impl netloom_wire::Object for $view {
            type Key = $crate::DeviceKey;
            const NOUN: &'static str = $noun;
            fn key(&self) -> Self::Key {
                $crate::DeviceKey::of(self.header())
            }
            fn describe(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::object::describe(self.header(), f)
            }
        }
    };
    ($view:ident $noun:literal $part:ident) => {
        impl netloom_wire::Object for $view {
            type Key = ($crate::DeviceKey, u32);
            const NOUN: &'static str = $noun;
            fn key(&self) -> Self::Key {
                ($crate::DeviceKey::of(self.header()), self.$part().unwrap_or_default())
            }
            fn describe(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::object::describe(self.header(), f)?;
                self.$part().map_or(Ok(()), |part| write!(f, concat!(" ", stringify!($part), " {}"), part))
            }
        }
    };
}
pub(crate) use object;
