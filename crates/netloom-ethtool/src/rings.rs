//! Sizes of the queues of descriptors (`ethtool -g`).

use netloom_wire::{attributes, message, open_enum};

use crate::{header::Header, object::object};

message! {
    /// Sizes of a device's queues of descriptors.
    pub Rings RingsAttributes
}

attributes! {
    /// Attributes of [`Rings`].
    pub RingsAttributes, RingsWriter = "ethtool/rings" {
        /// The device.
        1 "ETHTOOL_A_RINGS_HEADER" header: Nest(Header),
        /// Greatest number of entries in a receive ring.
        2 "ETHTOOL_A_RINGS_RX_MAX" rx_max: u32,
        /// Greatest number of entries in a receive ring for small packets.
        3 "ETHTOOL_A_RINGS_RX_MINI_MAX" rx_mini_max: u32,
        /// Greatest number of entries in a receive ring for large packets.
        4 "ETHTOOL_A_RINGS_RX_JUMBO_MAX" rx_jumbo_max: u32,
        /// Greatest number of entries in a transmit ring.
        5 "ETHTOOL_A_RINGS_TX_MAX" tx_max: u32,
        /// Entries in each receive ring; at least 1, at most [`Self::rx_max`] of the answer.
        6 "ETHTOOL_A_RINGS_RX" rx: u32,
        /// Entries in each receive ring for small packets.
        7 "ETHTOOL_A_RINGS_RX_MINI" rx_mini: u32,
        /// Entries in each receive ring for large packets.
        8 "ETHTOOL_A_RINGS_RX_JUMBO" rx_jumbo: u32,
        /// Entries in each transmit ring; at least 1, at most [`Self::tx_max`] of the answer.
        9 "ETHTOOL_A_RINGS_TX" tx: u32,
        /// Bytes of each receive buffer; at least 1.
        10 "ETHTOOL_A_RINGS_RX_BUF_LEN" rx_buf_len: u32,
        /// Whether headers of TCP are received apart from the data.
        11 "ETHTOOL_A_RINGS_TCP_DATA_SPLIT" tcp_data_split: TcpDataSplit,
        /// Bytes of an entry of the completion queue; at least 1.
        12 "ETHTOOL_A_RINGS_CQE_SIZE" cqe_size: u32,
        /// Whether the driver writes transmit descriptors straight into the device's memory.
        13 "ETHTOOL_A_RINGS_TX_PUSH" tx_push: Switch,
        /// Whether the driver writes receive descriptors straight into the device's memory.
        14 "ETHTOOL_A_RINGS_RX_PUSH" rx_push: Switch,
        /// Bytes of a packet that are pushed into the device's memory.
        15 "ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN" tx_push_buf_len: u32,
        /// Greatest value of [`Self::tx_push_buf_len`], in bytes.
        16 "ETHTOOL_A_RINGS_TX_PUSH_BUF_LEN_MAX" tx_push_buf_len_max: u32,
        /// Headers are split from the data of packets that are longer than this, in bytes.
        17 "ETHTOOL_A_RINGS_HDS_THRESH" header_split_threshold: u32,
        /// Greatest value of [`Self::header_split_threshold`], in bytes.
        18 "ETHTOOL_A_RINGS_HDS_THRESH_MAX" header_split_threshold_max: u32,
    }
}

open_enum! {
    /// Whether headers of TCP are received apart from the data.
    pub TcpDataSplit: u8 = "tcp-data-split" {
        0 "ETHTOOL_TCP_DATA_SPLIT_UNKNOWN" Unknown,
        1 "ETHTOOL_TCP_DATA_SPLIT_DISABLED" Disabled,
        2 "ETHTOOL_TCP_DATA_SPLIT_ENABLED" Enabled,
    }
}

object! { Rings "rings" }
