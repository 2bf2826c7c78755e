//! ACPI events: buttons, lids, batteries, docks (`acpi_event`, `drivers/acpi/event.c`).

use core::fmt;

use netloom_wire::{Object, attributes, commands, fixed, message};

/// The multicast group that the events go to.
pub const GROUP: &str = "acpi_mc_group";

commands! {
    /// ACPI events; there is nothing to ask for.
    pub AcpiEvents = "acpi_event" version 1 in "" {
        /// Something happened.
        1 "ACPI_GENL_CMD_EVENT" "event": Event(AcpiEvent),
    }
}

message! {
    /// An event.
    pub AcpiEvent AcpiAttributes
}

attributes! {
    /// Attributes of an event.
    pub AcpiAttributes, AcpiWriter = "acpi_event/attrs" {
        /// What happened.
        1 "ACPI_GENL_ATTR_EVENT" details: AcpiDetails,
    }
}

fixed! {
    /// What happened, and to which device (`struct acpi_genl_event`).
    pub AcpiDetails = "acpi_genl_event" {
        /// Class of the device, up to a NUL: `button/power`.
        pub device_class: [u8; 20],
        /// The device, up to a NUL: `PWRF`.
        pub bus_id: [u8; 15],
        #[doc(hidden)]
        pub _pad: u8,
        /// Kind of event, by the class of the device.
        pub kind: u32,
        /// What goes with it, as how often it happened.
        pub data: u32,
    }
}

impl AcpiDetails {
    /// Class of the device: `button/power`.
    pub fn class(&self) -> &str {
        text(&self.device_class)
    }

    /// The device: `PWRF`.
    pub fn device(&self) -> &str {
        text(&self.bus_id)
    }
}

fn text(bytes: &[u8]) -> &str {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    core::str::from_utf8(text).unwrap_or_default()
}

impl Object for AcpiEvent {
    type Key = ();
    const NOUN: &'static str = "ACPI event";
    fn key(&self) {}
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.details() {
            Some(of) => write!(f, "{} {} {:08x} {:08x}", of.class(), of.device(), of.kind, of.data),
            None => Ok(()),
        }
    }
}
