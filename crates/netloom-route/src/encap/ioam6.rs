//! In-situ OAM for IPv6 (`linux/ioam6_iptunnel.h`).

use netloom_wire::{Be16, Be32, attributes, fixed, open_enum};

attributes! {
    /// Adds an IOAM trace to packets (`IOAM6_IPTUNNEL_*`).
    pub Ioam6, Ioam6Writer = "lwtunnel/ioam6" {
        /// Into the packet or around it.
        1 "IOAM6_IPTUNNEL_MODE" mode: Ioam6Mode,
        /// Where the packet around it goes.
        2 "IOAM6_IPTUNNEL_DST" dst: Ipv6Addr,
        /// The trace.
        3 "IOAM6_IPTUNNEL_TRACE" trace: Ioam6Trace,
        /// Of so many packets …
        4 "IOAM6_IPTUNNEL_FREQ_K" frequency_k: u32,
        /// … in so many, at most 1,000,000.
        5 "IOAM6_IPTUNNEL_FREQ_N" frequency_n: u32,
        /// Where the packet around it comes from.
        6 "IOAM6_IPTUNNEL_SRC" src: Ipv6Addr,
    }
}

open_enum! {
    /// How a trace is added.
    pub Ioam6Mode: u8 = "ioam6-iptunnel-mode" {
        1 "IOAM6_IPTUNNEL_MODE_INLINE" Inline,
        2 "IOAM6_IPTUNNEL_MODE_ENCAP" Encap,
        3 "IOAM6_IPTUNNEL_MODE_AUTO" Auto,
    }
}

fixed! {
    /// Header of a pre-allocated trace (RFC 9197; `struct ioam6_trace_hdr`).
    pub Ioam6Trace = "ioam6_trace_hdr" {
        /// Namespace.
        pub namespace: Be16,
        /// Upper 5 bits: length of a node's data in 4 bytes; then whether it overflowed.
        pub node_length: u8,
        /// Lower 7 bits: what is left, in 4 bytes.
        pub remaining: u8,
        /// Upper 24 bits: which data each node adds.
        pub trace_type: Be32,
    }
}

impl Ioam6Trace {
    /// A trace of `bytes` bytes, a multiple of 4 of at most 244, in which each node adds what `trace_type` (24 bits) says.
    pub fn new(namespace: u16, trace_type: u32, bytes: u8) -> Self {
        Self {
            namespace: namespace.into(),
            node_length: 0,
            remaining: (bytes / 4) & 0x7f,
            trace_type: (trace_type << 8).into(),
        }
    }

    /// Which data each node adds, 24 bits.
    pub fn kind(&self) -> u32 {
        self.trace_type.get() >> 8
    }

    /// Bytes that are left.
    pub fn size(&self) -> u32 {
        u32::from(self.remaining & 0x7f) * 4
    }
}
