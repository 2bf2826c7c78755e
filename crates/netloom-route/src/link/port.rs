//! Port profiles (802.1Qbg): what an adjacent switch is to do for a virtual machine.

use netloom_wire::{attributes, fixed};

attributes! {
    /// Port profiles of virtual functions.
    pub VfPorts, VfPortsWriter = "rt-link/vf-ports-attrs" {
        /// One of them.
        1 "IFLA_VF_PORT" port: Many(Nest(PortInfo)),
    }
}

attributes! {
    /// A port profile (`IFLA_PORT_*`, `linux/if_link.h`).
    pub PortInfo, PortInfoWriter = "rt-link/port-self-attrs" {
        /// Number of the virtual function; all ones (`PORT_SELF_VF`) for the device itself.
        1 "IFLA_PORT_VF" vf: u32,
        /// Name of the profile, at most 39 bytes.
        2 "IFLA_PORT_PROFILE" profile: str,
        /// Type of the profile, where it has no name.
        3 "IFLA_PORT_VSI_TYPE" vsi_type: PortVsi,
        /// UUID of the instance, 16 bytes.
        4 "IFLA_PORT_INSTANCE_UUID" instance_uuid: Bytes,
        /// UUID of the host, 16 bytes.
        5 "IFLA_PORT_HOST_UUID" host_uuid: Bytes,
        /// What is asked of the switch (`PORT_REQUEST_*`).
        6 "IFLA_PORT_REQUEST" request: u8,
        /// What the switch said (`PORT_VDP_RESPONSE_*`, `PORT_PROFILE_RESPONSE_*`).
        7 "IFLA_PORT_RESPONSE" response: u16,
    }
}

fixed! {
    /// Type of a port profile (`struct ifla_port_vsi`).
    pub PortVsi = "ifla_port_vsi" {
        /// Manager of the types.
        pub vsi_mgr_id: u8,
        /// The type, lowest byte first.
        pub vsi_type_id: [u8; 3],
        /// Version of the type.
        pub vsi_type_version: u8,
        #[doc(hidden)]
        pub _pad: [u8; 3],
    }
}
