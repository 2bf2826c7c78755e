//! Counters of a link.
#![expect(
    unnameable_types,
    missing_debug_implementations,
    reason = "what zerocopy derives for fields that a macro names"
)]

use netloom_wire::fixed;

macro_rules! counters {
    ($(#[$meta:meta])* $name:ident $c:literal $width:ident $($(#[$more_meta:meta])* $more:ident)?) => {
        fixed! {
            $(#[$meta])*
            pub $name = $c {
                /// Packets received.
                pub rx_packets: $width,
                /// Packets sent.
                pub tx_packets: $width,
                /// Bytes received.
                pub rx_bytes: $width,
                /// Bytes sent.
                pub tx_bytes: $width,
                /// Bad packets received.
                pub rx_errors: $width,
                /// Problems of sending.
                pub tx_errors: $width,
                /// Received, and dropped for want of room.
                pub rx_dropped: $width,
                /// Dropped on the way out.
                pub tx_dropped: $width,
                /// Multicast packets received.
                pub multicast: $width,
                /// Collisions while sending.
                pub collisions: $width,
                /// Received with a wrong length.
                pub rx_length_errors: $width,
                /// Receiver's ring overflowed.
                pub rx_over_errors: $width,
                /// Received with a wrong checksum.
                pub rx_crc_errors: $width,
                /// Received with a wrong alignment.
                pub rx_frame_errors: $width,
                /// Receiver's FIFO overran.
                pub rx_fifo_errors: $width,
                /// Missed by the receiver.
                pub rx_missed_errors: $width,
                /// Sending was aborted.
                pub tx_aborted_errors: $width,
                /// The carrier was lost while sending.
                pub tx_carrier_errors: $width,
                /// Sender's FIFO ran empty.
                pub tx_fifo_errors: $width,
                /// The transceiver's heartbeat failed.
                pub tx_heartbeat_errors: $width,
                /// Collisions came too late.
                pub tx_window_errors: $width,
                /// Compressed packets received.
                pub rx_compressed: $width,
                /// Compressed packets sent.
                pub tx_compressed: $width,
                /// Received, and nobody wanted them.
                pub rx_nohandler: $width,
                $($(#[$more_meta])* pub $more: $width,)?
            }
        }
    };
}

counters! {
    /// Counters of 32 bits (`struct rtnl_link_stats`); they wrap.
    LinkStats "rtnl_link_stats" u32
}
counters! {
    /// Counters of 64 bits (`struct rtnl_link_stats64`).
    LinkStats64 "rtnl_link_stats64" u64
    /// Received, and meant for another host.
    rx_otherhost_dropped
}
