//! Segment routing over IPv6 (`linux/seg6_iptunnel.h`).

use alloc::vec::Vec;
use core::net::Ipv6Addr;

use netloom_wire::attributes;

use super::{Segments, srh};

attributes! {
    /// Sends packets along segments (`SEG6_IPTUNNEL_*`).
    pub Seg6, Seg6Writer = "lwtunnel/seg6" {
        /// Mode (32 bits) and routing header; [`Seg6::mode`] and [`Seg6::segments`] read, [`Seg6Writer::segments`] writes it.
        1 "SEG6_IPTUNNEL_SRH" srh: Bytes,
        /// Source of the outer packet; the namespace's own if missing (Linux 6.15 and later).
        2 "SEG6_IPTUNNEL_SRC" src: Ipv6Addr,
        /// Table for the outer packet.
        3 "SEG6_IPTUNNEL_TABLE" table: u32,
    }
}

/// How packets are sent along segments (`SEG6_IPTUN_MODE_*`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Seg6Mode {
    /// The header goes into the packet.
    Inline,
    /// A packet around it.
    Encap,
    /// A packet around the whole frame.
    L2Encap,
    /// As `Encap`, without the first segment in the header.
    EncapReduced,
    /// As `L2Encap`, without the first segment in the header.
    L2EncapReduced,
    /// A number that this version has no name for.
    Other(u32),
}

impl From<u32> for Seg6Mode {
    fn from(number: u32) -> Self {
        match number {
            0 => Self::Inline,
            1 => Self::Encap,
            2 => Self::L2Encap,
            3 => Self::EncapReduced,
            4 => Self::L2EncapReduced,
            other => Self::Other(other),
        }
    }
}

impl From<Seg6Mode> for u32 {
    fn from(mode: Seg6Mode) -> Self {
        match mode {
            Seg6Mode::Inline => 0,
            Seg6Mode::Encap => 1,
            Seg6Mode::L2Encap => 2,
            Seg6Mode::EncapReduced => 3,
            Seg6Mode::L2EncapReduced => 4,
            Seg6Mode::Other(other) => other,
        }
    }
}

impl Seg6 {
    /// How packets are sent.
    pub fn mode(&self) -> Option<Seg6Mode> {
        let (mode, _) = self.srh()?.split_first_chunk()?;
        Some(u32::from_ne_bytes(*mode).into())
    }

    /// Along what.
    pub fn segments(&self) -> Option<Segments<'_>> {
        Segments::srh(self.srh()?.get(4..)?)
    }
}

impl Seg6Writer {
    /// How, along which segments in the order of the visit, and with which key signed if with any.
    pub fn segments(self, mode: Seg6Mode, segments: &[Ipv6Addr], hmac_key: Option<u32>) -> Self {
        let mut bytes: Vec<u8> = u32::from(mode).to_ne_bytes().into();
        bytes.extend(srh(segments, mode == Seg6Mode::Inline, hmac_key));
        self.srh(&bytes)
    }
}
