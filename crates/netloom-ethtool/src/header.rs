//! The header of every message: which device, and how to answer.

use alloc::{borrow::ToOwned, string::String};

use netloom_wire::{attributes, flags};

attributes! {
    /// The device that a message is about, and what is asked of the reply: the first attribute of every message.
    pub Header, HeaderWriter = "ethtool/header" {
        /// Index of the device.
        1 "ETHTOOL_A_HEADER_DEV_INDEX" index: u32,
        /// Name of the device; in a request an alternative name does too.
        2 "ETHTOOL_A_HEADER_DEV_NAME" name: str,
        /// How the kernel is to answer.
        3 "ETHTOOL_A_HEADER_FLAGS" flags: HeaderFlags,
        /// A PHY of the device, by its index in the device's own numbering; where it is left out, the one
        /// that the MAC is attached to.
        4 "ETHTOOL_A_HEADER_PHY_INDEX" phy_index: u32,
    }
}

flags! {
    /// How the kernel is to answer (`ETHTOOL_FLAG_*`).
    pub HeaderFlags: u32 = "header-flags" {
        /// Bitsets of the answer in the compact form: words, no names.
        "ETHTOOL_FLAG_COMPACT_BITSETS" COMPACT_BITSETS = 1,
        /// No answer to a setter beside the acknowledgement.
        "ETHTOOL_FLAG_OMIT_REPLY" OMIT_REPLY = 2,
        /// Counters too, where there are any.
        "ETHTOOL_FLAG_STATS" STATS = 4,
    }
}

/// The device that a request is about, and how it is to be answered.
///
/// ```
/// use netloom_ethtool::{DeviceRef, commands::{GetPause, GetRings}};
///
/// let by_name = GetRings::of("eth0");
/// let by_index = GetRings::of(2);
/// let counted = GetPause::of(DeviceRef::from("eth0").statistics());
/// # let _ = (by_name, by_index, counted);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceRef {
    device: Device,
    flags: HeaderFlags,
    phy: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Device {
    Name(String),
    Index(u32),
}

impl DeviceRef {
    /// Asks for counters too: [`HeaderFlags::STATS`].
    #[must_use]
    pub fn statistics(self) -> Self {
        self.flags(HeaderFlags::STATS)
    }

    /// Asks for bitsets in the compact form: [`HeaderFlags::COMPACT_BITSETS`].
    #[must_use]
    pub fn compact(self) -> Self {
        self.flags(HeaderFlags::COMPACT_BITSETS)
    }

    /// Adds these flags.
    #[must_use]
    pub fn flags(mut self, flags: HeaderFlags) -> Self {
        self.flags |= flags;
        self
    }

    /// A PHY of the device rather than the one that its MAC is attached to.
    #[must_use]
    pub fn phy(mut self, index: u32) -> Self {
        self.phy = Some(index);
        self
    }

    pub(crate) fn write(&self, w: HeaderWriter) -> HeaderWriter {
        let w = match &self.device {
            Device::Name(name) => w.name(name),
            Device::Index(index) => w.index(*index),
        };
        let w = if self.flags.is_empty() { w } else { w.flags(self.flags) };
        match self.phy {
            Some(phy) => w.phy_index(phy),
            None => w,
        }
    }
}

impl From<Device> for DeviceRef {
    fn from(device: Device) -> Self {
        Self { device, flags: HeaderFlags::empty(), phy: None }
    }
}

impl From<&str> for DeviceRef {
    fn from(name: &str) -> Self {
        Device::Name(name.to_owned()).into()
    }
}

impl From<String> for DeviceRef {
    fn from(name: String) -> Self {
        Device::Name(name).into()
    }
}

impl From<u32> for DeviceRef {
    fn from(index: u32) -> Self {
        Device::Index(index).into()
    }
}
