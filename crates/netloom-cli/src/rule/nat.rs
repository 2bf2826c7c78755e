//! `rule add … nat ADDRESS`, which the kernel takes and ignores since it has no route NAT.

use netloom::Rtnetlink;
use netloom::rule::Rule;
use netloom::wire::{Buffer, Command, Request};
use std::net::Ipv4Addr;

/// `RTN_NAT`.
pub(super) const ACTION: u8 = 10;
/// The main table.
pub(super) const TABLE: u32 = 254;
/// Where the address was, when there was route NAT: `FRA_UNUSED2` now.
const ADDRESS: u16 = 5;

/// An order about a rule that translates addresses to this one.
pub(super) struct Translating<R>(pub(super) R, pub(super) Ipv4Addr);

impl<R: Request<Family = Rtnetlink, Kind = Command, Body = Rule, Reply = Rule>> Request for Translating<R> {
    type Family = Rtnetlink;
    type Body = Rule;
    type Reply = Rule;
    type Kind = Command;
    const COMMAND: u16 = R::COMMAND;
    const REPLY: u16 = R::REPLY;
    const VERB: &'static str = R::VERB;

    fn flags(&self) -> u16 {
        self.0.flags()
    }
    fn write(&self, out: &mut Buffer) {
        self.0.write(out);
        out.put(ADDRESS, &self.1.octets());
    }
}
