//! Pluggable modules: memory, power, firmware.

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

message! {
    /// A piece of the memory of a pluggable module.
    pub ModuleEeprom ModuleEepromAttributes
}

attributes! {
    /// Attributes of [`ModuleEeprom`].
    pub ModuleEepromAttributes, ModuleEepromWriter = "ethtool/module-eeprom" {
        /// The device.
        1 "ETHTOOL_A_MODULE_EEPROM_HEADER" header: Nest(Header),
        /// Where it begins in the page, from 0 to 255.
        2 "ETHTOOL_A_MODULE_EEPROM_OFFSET" offset: u32,
        /// How many bytes, from 1 to 128 (or to the end of the page).
        3 "ETHTOOL_A_MODULE_EEPROM_LENGTH" length: u32,
        /// The page; pages but 0 begin at offset 128.
        4 "ETHTOOL_A_MODULE_EEPROM_PAGE" page: u8,
        /// The bank, of pages that have several.
        5 "ETHTOOL_A_MODULE_EEPROM_BANK" bank: u8,
        /// Address on the module's bus: 0x50, or 0x51 with SFP diagnostics.
        6 "ETHTOOL_A_MODULE_EEPROM_I2C_ADDRESS" i2c_address: u8,
        /// The bytes.
        7 "ETHTOOL_A_MODULE_EEPROM_DATA" data: Bytes,
    }
}

message! {
    /// Power of a pluggable module.
    pub Module ModuleAttributes
}

attributes! {
    /// Attributes of [`Module`].
    pub ModuleAttributes, ModuleWriter = "ethtool/module" {
        /// The device.
        1 "ETHTOOL_A_MODULE_HEADER" header: Nest(Header),
        /// When the module may use much power.
        2 "ETHTOOL_A_MODULE_POWER_MODE_POLICY" power_mode_policy: PowerPolicy,
        /// How much power it uses now.
        3 "ETHTOOL_A_MODULE_POWER_MODE" power_mode: PowerMode,
    }
}

message! {
    /// An update of a module's firmware.
    pub ModuleFlash ModuleFlashAttributes
}

attributes! {
    /// Attributes of [`ModuleFlash`].
    pub ModuleFlashAttributes, ModuleFlashWriter = "ethtool/module-fw-flash" {
        /// The device.
        1 "ETHTOOL_A_MODULE_FW_FLASH_HEADER" header: Nest(Header),
        /// File among those that the kernel loads firmware from (`/lib/firmware`).
        2 "ETHTOOL_A_MODULE_FW_FLASH_FILE_NAME" file_name: str,
        /// Password that the module asks for.
        3 "ETHTOOL_A_MODULE_FW_FLASH_PASSWORD" password: u32,
        /// How far it is.
        4 "ETHTOOL_A_MODULE_FW_FLASH_STATUS" status: FlashStatus,
        /// More of how far it is, or what failed.
        5 "ETHTOOL_A_MODULE_FW_FLASH_STATUS_MSG" status_text: str,
        /// Bytes written.
        6 "ETHTOOL_A_MODULE_FW_FLASH_DONE" done: Uint,
        /// Bytes to be written in all.
        7 "ETHTOOL_A_MODULE_FW_FLASH_TOTAL" total: Uint,
    }
}

open_enum! {
    /// When a module may use much power.
    pub PowerPolicy: u8 = "module-power-mode-policy" {
        /// Always.
        1 "ETHTOOL_MODULE_POWER_MODE_POLICY_HIGH" High,
        /// While its device is up.
        2 "ETHTOOL_MODULE_POWER_MODE_POLICY_AUTO" Auto,
    }
}

open_enum! {
    /// How much power a module uses.
    pub PowerMode: u8 = "module-power-mode" {
        1 "ETHTOOL_MODULE_POWER_MODE_LOW" Low, 2 "ETHTOOL_MODULE_POWER_MODE_HIGH" High,
    }
}

open_enum! {
    /// How far an update of firmware is.
    pub FlashStatus: u32 = "module-fw-flash-status" {
        1 "ETHTOOL_MODULE_FW_FLASH_STATUS_STARTED" Started,
        2 "ETHTOOL_MODULE_FW_FLASH_STATUS_IN_PROGRESS" InProgress,
        3 "ETHTOOL_MODULE_FW_FLASH_STATUS_COMPLETED" Completed,
        4 "ETHTOOL_MODULE_FW_FLASH_STATUS_ERROR" Failed,
    }
}

object! { ModuleEeprom "module EEPROM" }

object! { Module "module" }

object! { ModuleFlash "module firmware" }
