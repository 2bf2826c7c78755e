//! Encapsulations that a route or a next hop puts packets into, a file each (`linux/lwtunnel.h`).
//!
//! The type of an encapsulation is the type of its table, so that requests cannot write one and name another:
//!
//! ```
//! use netloom_route::{encap::{Mpls, MplsLabel}, route};
//!
//! let tunnel = route::Add::new("10.7.0.0/16".parse()?)
//!     .via("192.0.2.1".parse()?)
//!     .encap::<Mpls>(|mpls| mpls.dst(&MplsLabel::stack(&[100, 200])).ttl(64));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bpf;
mod ila;
mod ioam6;
mod ip;
mod label;
mod mpls;
mod rpl;
mod seg6;
mod seg6local;
mod segments;
mod xfrm;

pub use bpf::{Bpf, BpfProgram, BpfProgramWriter, BpfWriter};
pub use ila::{Ila, IlaChecksumMode, IlaHook, IlaIdentifierType, IlaWriter};
pub use ioam6::{Ioam6, Ioam6Mode, Ioam6Trace, Ioam6Writer};
pub use ip::{
    ErspanOption, ErspanOptionWriter, GeneveOption, GeneveOptionWriter, Ip, Ip6, Ip6Writer, IpWriter, TunnelFlags,
    TunnelOptions, TunnelOptionsWriter, VxlanOption, VxlanOptionWriter,
};
pub use label::{MAX_LABEL, MplsLabel, show_labels};
pub use mpls::{Mpls, MplsWriter};
use netloom_wire::{View, select};
pub use rpl::{Rpl, RplWriter};
pub use seg6::{Seg6, Seg6Mode, Seg6Writer};
pub use seg6local::{
    Seg6Action, Seg6Local, Seg6LocalBpf, Seg6LocalBpfWriter, Seg6LocalCounters, Seg6LocalCountersWriter,
    Seg6LocalFlavors, Seg6LocalFlavorsWriter, Seg6LocalWriter,
};
pub use segments::{Segments, rpl_srh, srh};
pub use xfrm::{Xfrm, XfrmWriter};

select! {
    /// An encapsulation, by its type (`LWTUNNEL_ENCAP_*`).
    pub Encap = u16 {
        1 => Mpls(Nest(Mpls)),
        2 => Ip(Nest(Ip)),
        3 => Ila(Nest(Ila)),
        4 => Ip6(Nest(Ip6)),
        5 => Seg6(Nest(Seg6)),
        6 => Bpf(Nest(Bpf)),
        7 => Seg6Local(Nest(Seg6Local)),
        8 => Rpl(Nest(Rpl)),
        9 => Ioam6(Nest(Ioam6)),
        10 => Xfrm(Nest(Xfrm)),
    }
}

/// The table of an encapsulation; sealed, the ten of this module are all.
pub trait Encapsulation: View + sealed::Sealed {
    /// `LWTUNNEL_ENCAP_*`.
    const TYPE: u16;
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
}

macro_rules! encapsulations { ($($number:literal $view:ident,)*) => { $(
    impl sealed::Sealed for $view {}
    impl Encapsulation for $view {
        const TYPE: u16 = $number;
    }
)* } }
encapsulations! {
    1 Mpls, 2 Ip, 3 Ila, 4 Ip6, 5 Seg6, 6 Bpf, 7 Seg6Local, 8 Rpl, 9 Ioam6, 10 Xfrm,
}
