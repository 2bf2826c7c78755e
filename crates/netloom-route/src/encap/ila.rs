//! Identifier locator addressing (`linux/ila.h`).

use netloom_wire::{attributes, open_enum};

attributes! {
    /// Replaces the upper half of the destination (`ILA_ATTR_*`).
    pub Ila, IlaWriter = "lwtunnel/ila" {
        /// Locator: the upper 64 bits that a packet's destination gets.
        1 "ILA_ATTR_LOCATOR" locator: Be64,
        /// Identifier.
        2 "ILA_ATTR_IDENTIFIER" identifier: Be64,
        /// Locator that a packet must have.
        3 "ILA_ATTR_LOCATOR_MATCH" locator_match: Be64,
        /// Index of a link.
        4 "ILA_ATTR_IFINDEX" ifindex: i32,
        /// Direction: 1 in, 2 out.
        5 "ILA_ATTR_DIR" direction: u32,
        /// What is done to checksums.
        7 "ILA_ATTR_CSUM_MODE" checksum_mode: IlaChecksumMode,
        /// What the identifier is.
        8 "ILA_ATTR_IDENT_TYPE" identifier_type: IlaIdentifierType,
        /// Where packets are changed.
        9 "ILA_ATTR_HOOK_TYPE" hook: IlaHook,
    }
}

open_enum! {
    /// What is done to checksums.
    pub IlaChecksumMode: u8 = "ila-csum-mode" {
        0 "ILA_CSUM_ADJUST_TRANSPORT" AdjustTransport,
        1 "ILA_CSUM_NEUTRAL_MAP" NeutralMap,
        2 "ILA_CSUM_NO_ACTION" NoAction,
        3 "ILA_CSUM_NEUTRAL_MAP_AUTO" NeutralMapAuto,
    }
}

open_enum! {
    /// What an identifier is.
    pub IlaIdentifierType: u8 = "ila-ident-type" {
        0 "ILA_ATYPE_IID" InterfaceId,
        1 "ILA_ATYPE_LUID" Luid,
        2 "ILA_ATYPE_VIRT_V4" VirtualV4,
        3 "ILA_ATYPE_VIRT_UNI_V6" VirtualUnicastV6,
        4 "ILA_ATYPE_VIRT_MULTI_V6" VirtualMulticastV6,
        5 "ILA_ATYPE_NONLOCAL_ADDR" NonlocalAddress,
        32 "ILA_ATYPE_USE_FORMAT" UseFormat,
    }
}

open_enum! {
    /// Where packets are changed.
    pub IlaHook: u8 = "ila-hook-type" {
        0 "ILA_HOOK_ROUTE_OUTPUT" Output,
        1 "ILA_HOOK_ROUTE_INPUT" Input,
    }
}
