//! Names of devices: what messages give as an index, people want by name.

use netloom::link::Link;
use std::collections::HashMap;

/// The devices that have been seen.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    known: HashMap<u32, Device>,
}

#[derive(Debug)]
struct Device {
    name: String,
    up: bool,
    hardware: u16,
}

impl Devices {
    /// Remembers a link.
    pub(crate) fn learn(&mut self, link: &Link) {
        let device = Device { name: link.name().to_owned(), up: link.is_up(), hardware: link.hardware() };
        self.known.insert(link.index(), device);
    }

    /// Whether the index is known.
    pub(crate) fn knows(&self, index: u32) -> bool {
        self.known.contains_key(&index)
    }

    /// Name of the device with this index; `if7` if nobody knows it, as iproute2 has it.
    pub(crate) fn name(&self, index: u32) -> String {
        self.known.get(&index).map_or_else(|| format!("if{index}"), |device| device.name.clone())
    }

    /// Whether the device is known and down.
    pub(crate) fn is_down(&self, index: u32) -> bool {
        self.known.get(&index).is_some_and(|device| !device.up)
    }

    /// Hardware type of the device (`ARPHRD_*`).
    pub(crate) fn hardware(&self, index: u32) -> Option<u16> {
        self.known.get(&index).map(|device| device.hardware)
    }

    /// Index of the device with this name.
    pub(crate) fn index(&self, name: &str) -> Option<u32> {
        self.known.iter().find(|(_, device)| device.name == name).map(|(index, _)| *index)
    }
}
