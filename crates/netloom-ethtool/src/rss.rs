//! How received packets are spread over queues (`ethtool -x`).

use netloom_wire::{attributes, flags, message};

use crate::{header::Header, object::object, uint_flags::uint_flags};

attributes! {
    /// Fields of packets that are hashed, by the sort of packet.
    pub FlowHash, FlowHashWriter = "ethtool/flow" {
        /// Ethernet.
        1 "ETHTOOL_A_FLOW_ETHER" ether: HashFields,
        /// IPv4.
        2 "ETHTOOL_A_FLOW_IP4" ip4: HashFields,
        /// IPv6.
        3 "ETHTOOL_A_FLOW_IP6" ip6: HashFields,
        /// TCP over IPv4.
        4 "ETHTOOL_A_FLOW_TCP4" tcp4: HashFields,
        /// TCP over IPv6.
        5 "ETHTOOL_A_FLOW_TCP6" tcp6: HashFields,
        /// UDP over IPv4.
        6 "ETHTOOL_A_FLOW_UDP4" udp4: HashFields,
        /// UDP over IPv6.
        7 "ETHTOOL_A_FLOW_UDP6" udp6: HashFields,
        /// SCTP over IPv4.
        8 "ETHTOOL_A_FLOW_SCTP4" sctp4: HashFields,
        /// SCTP over IPv6.
        9 "ETHTOOL_A_FLOW_SCTP6" sctp6: HashFields,
        /// IPsec's AH over IPv4.
        10 "ETHTOOL_A_FLOW_AH4" ah4: HashFields,
        /// IPsec's AH over IPv6.
        11 "ETHTOOL_A_FLOW_AH6" ah6: HashFields,
        /// IPsec's ESP over IPv4.
        12 "ETHTOOL_A_FLOW_ESP4" esp4: HashFields,
        /// IPsec's ESP over IPv6.
        13 "ETHTOOL_A_FLOW_ESP6" esp6: HashFields,
        /// IPsec's AH or ESP over IPv4.
        14 "ETHTOOL_A_FLOW_AH_ESP4" ah_esp4: HashFields,
        /// IPsec's AH or ESP over IPv6.
        15 "ETHTOOL_A_FLOW_AH_ESP6" ah_esp6: HashFields,
        /// GTP user data over IPv4.
        16 "ETHTOOL_A_FLOW_GTPU4" gtpu4: HashFields,
        /// GTP user data over IPv6.
        17 "ETHTOOL_A_FLOW_GTPU6" gtpu6: HashFields,
        /// GTP control without a tunnel's identifier, over IPv4.
        18 "ETHTOOL_A_FLOW_GTPC4" gtpc4: HashFields,
        /// GTP control without a tunnel's identifier, over IPv6.
        19 "ETHTOOL_A_FLOW_GTPC6" gtpc6: HashFields,
        /// GTP control with a tunnel's identifier, over IPv4.
        20 "ETHTOOL_A_FLOW_GTPC_TEID4" gtpc_teid4: HashFields,
        /// GTP control with a tunnel's identifier, over IPv6.
        21 "ETHTOOL_A_FLOW_GTPC_TEID6" gtpc_teid6: HashFields,
        /// GTP user data with an extension header, over IPv4.
        22 "ETHTOOL_A_FLOW_GTPU_EH4" gtpu_eh4: HashFields,
        /// GTP user data with an extension header, over IPv6.
        23 "ETHTOOL_A_FLOW_GTPU_EH6" gtpu_eh6: HashFields,
        /// GTP user data upwards with an extension header, over IPv4.
        24 "ETHTOOL_A_FLOW_GTPU_UL4" gtpu_ul4: HashFields,
        /// GTP user data upwards with an extension header, over IPv6.
        25 "ETHTOOL_A_FLOW_GTPU_UL6" gtpu_ul6: HashFields,
        /// GTP user data downwards with an extension header, over IPv4.
        26 "ETHTOOL_A_FLOW_GTPU_DL4" gtpu_dl4: HashFields,
        /// GTP user data downwards with an extension header, over IPv6.
        27 "ETHTOOL_A_FLOW_GTPU_DL6" gtpu_dl6: HashFields,
    }
}

message! {
    /// How received packets are spread over queues.
    pub Rss RssAttributes
}

attributes! {
    /// Attributes of [`Rss`].
    pub RssAttributes, RssWriter = "ethtool/rss" {
        /// The device.
        1 "ETHTOOL_A_RSS_HEADER" header: Nest(Header),
        /// Number of a context beside the device's own; absent or 0: the device's own.
        2 "ETHTOOL_A_RSS_CONTEXT" context: u32,
        /// Bit of the hash function, as a set of one: 1 Toeplitz, 2 XOR, 4 CRC32.
        3 "ETHTOOL_A_RSS_HFUNC" hash_function: u32,
        /// Queue for each value of the hash's low bits.
        4 "ETHTOOL_A_RSS_INDIR" table: Array(u32),
        /// Key of the hash function.
        5 "ETHTOOL_A_RSS_HKEY" key: Bytes,
        /// What is done with the fields before they are hashed.
        6 "ETHTOOL_A_RSS_INPUT_XFRM" transform: HashTransform,
        /// Of a dump: begins with this context; 1 leaves out the devices' own.
        7 "ETHTOOL_A_RSS_START_CONTEXT" start_context: u32,
        /// Fields that are hashed.
        8 "ETHTOOL_A_RSS_FLOW_HASH" flow_hash: Nest(FlowHash),
    }
}

uint_flags! {
    /// Fields of a packet that are hashed (`RXH_*`).
    pub HashFields = "rxfh-fields" {
        /// Destination's hardware address.
        "RXH_L2DA" ETHERNET_DESTINATION = 1 << 1,
        /// VLAN tag.
        "RXH_VLAN" VLAN = 1 << 2,
        /// Protocol over IP.
        "RXH_L3_PROTO" PROTOCOL = 1 << 3,
        /// Source's IP address.
        "RXH_IP_SRC" IP_SOURCE = 1 << 4,
        /// Destination's IP address.
        "RXH_IP_DST" IP_DESTINATION = 1 << 5,
        /// Source port: bytes 0 and 1 behind the IP header.
        "RXH_L4_B_0_1" SOURCE_PORT = 1 << 6,
        /// Destination port: bytes 2 and 3 behind the IP header.
        "RXH_L4_B_2_3" DESTINATION_PORT = 1 << 7,
        /// Identifier of a GTP tunnel.
        "RXH_GTP_TEID" GTP_TUNNEL = 1 << 8,
        /// IPv6 flow label.
        "RXH_IP6_FL" FLOW_LABEL = 1 << 9,
        /// Nothing: such packets are dropped. Without the kernel's constant, which is a negative `int`.
        #[doc(alias = "RXH_DISCARD")]
        DISCARD = 1 << 31,
    }
}

flags! {
    /// What is done with the fields of a packet before they are hashed.
    pub HashTransform: u32 = "input-xfrm" {
        /// Source and destination are combined by exclusive or: both directions of a flow hash alike.
        "RXH_XFRM_SYM_XOR" SYMMETRIC_XOR = 1,
        /// The same, with one copy combined by or.
        "RXH_XFRM_SYM_OR_XOR" SYMMETRIC_OR_XOR = 2,
    }
}

object! { Rss "RSS" context }
