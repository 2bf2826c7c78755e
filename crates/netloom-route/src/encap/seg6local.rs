//! What a router does with packets of segment routing that are for it (RFC 8986; `linux/seg6_local.h`).

use netloom_wire::{attributes, open_enum};

use super::Segments;

attributes! {
    /// What is done with a packet that arrives at a segment (`SEG6_LOCAL_*`).
    pub Seg6Local, Seg6LocalWriter = "lwtunnel/seg6local" {
        /// What is done.
        1 "SEG6_LOCAL_ACTION" action: Seg6Action,
        /// Routing header for `End.B6` and `End.B6.Encaps`; [`srh`](super::srh) makes one.
        2 "SEG6_LOCAL_SRH" srh: Bytes,
        /// Table, for `End.T`, `End.DT4`, `End.DT6`.
        3 "SEG6_LOCAL_TABLE" table: u32,
        /// Next hop, for `End.DX4`.
        4 "SEG6_LOCAL_NH4" nh4: Ipv4Addr,
        /// Next hop, for `End.X`, `End.DX6`.
        5 "SEG6_LOCAL_NH6" nh6: Ipv6Addr,
        /// Index of the link that packets must come in by.
        6 "SEG6_LOCAL_IIF" iif: u32,
        /// Index of the link that packets leave by, for `End.DX2`, `End.X`.
        7 "SEG6_LOCAL_OIF" oif: u32,
        /// Program, for `End.BPF`.
        8 "SEG6_LOCAL_BPF" bpf: Nest(Seg6LocalBpf),
        /// Table of a VRF, for `End.DT4`, `End.DT6`, `End.DT46`.
        9 "SEG6_LOCAL_VRFTABLE" vrf_table: u32,
        /// Counters; in a request their being there asks for them.
        10 "SEG6_LOCAL_COUNTERS" counters: Nest(Seg6LocalCounters),
        /// Variants of the action.
        11 "SEG6_LOCAL_FLAVORS" flavors: Nest(Seg6LocalFlavors),
    }
}

impl Seg6Local {
    /// The segments of the routing header.
    pub fn segments(&self) -> Option<Segments<'_>> {
        Segments::srh(self.srh()?)
    }
}

open_enum! {
    /// What is done with a packet (RFC 8986).
    pub Seg6Action: u32 = "seg6-local-action" {
        1 "SEG6_LOCAL_ACTION_END" End,
        2 "SEG6_LOCAL_ACTION_END_X" EndX,
        3 "SEG6_LOCAL_ACTION_END_T" EndT,
        4 "SEG6_LOCAL_ACTION_END_DX2" EndDX2,
        5 "SEG6_LOCAL_ACTION_END_DX6" EndDX6,
        6 "SEG6_LOCAL_ACTION_END_DX4" EndDX4,
        7 "SEG6_LOCAL_ACTION_END_DT6" EndDT6,
        8 "SEG6_LOCAL_ACTION_END_DT4" EndDT4,
        9 "SEG6_LOCAL_ACTION_END_B6" EndB6,
        10 "SEG6_LOCAL_ACTION_END_B6_ENCAP" EndB6Encaps,
        11 "SEG6_LOCAL_ACTION_END_BM" EndBM,
        12 "SEG6_LOCAL_ACTION_END_S" EndS,
        13 "SEG6_LOCAL_ACTION_END_AS" EndAS,
        14 "SEG6_LOCAL_ACTION_END_AM" EndAM,
        15 "SEG6_LOCAL_ACTION_END_BPF" EndBpf,
        16 "SEG6_LOCAL_ACTION_END_DT46" EndDT46,
    }
}

attributes! {
    /// The program of `End.BPF` (`SEG6_LOCAL_BPF_*`).
    pub Seg6LocalBpf, Seg6LocalBpfWriter = "lwtunnel/seg6local-bpf" {
        /// Its descriptor in requests, its identifier in replies.
        1 "SEG6_LOCAL_BPF_PROG" program: u32,
        /// A name for people.
        2 "SEG6_LOCAL_BPF_PROG_NAME" name: str,
    }
}

attributes! {
    /// Counters of an action (`SEG6_LOCAL_CNT_*`).
    pub Seg6LocalCounters, Seg6LocalCountersWriter = "lwtunnel/seg6local-counters" {
        /// Packets.
        2 "SEG6_LOCAL_CNT_PACKETS" packets: u64,
        /// Bytes.
        3 "SEG6_LOCAL_CNT_BYTES" bytes_total: u64,
        /// Packets that went wrong.
        4 "SEG6_LOCAL_CNT_ERRORS" errors: u64,
    }
}

attributes! {
    /// Variants of an action (`SEG6_LOCAL_FLV_*`).
    pub Seg6LocalFlavors, Seg6LocalFlavorsWriter = "lwtunnel/seg6local-flavors" {
        /// Bit 1 PSP, 2 USP, 3 USD, 4 NEXT-C-SID.
        1 "SEG6_LOCAL_FLV_OPERATION" operations: u32,
        /// Bits of the locator block.
        2 "SEG6_LOCAL_FLV_LCBLOCK_BITS" block_bits: u8,
        /// Bits of node and function.
        3 "SEG6_LOCAL_FLV_LCNODE_FN_BITS" node_bits: u8,
    }
}
