//! A route and how to add one: as much as tests of pipelines and streams need.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of this")]

use std::{fmt, net::Ipv4Addr};

use netloom_route::Rtnetlink;
use netloom_wire::{Buffer, Command, Dump, Object, Request, attributes, message, nlmsg};

attributes! {
    /// Attributes of a route.
    pub RouteAttributes, RouteWriter = "test/route-attrs" {
        /// Destination.
        1 "RTA_DST" dst: Ipv4Addr,
        /// Device.
        4 "RTA_OIF" oif: u32,
        /// Gateway.
        5 "RTA_GATEWAY" gateway: Ipv4Addr,
        /// Priority.
        6 "RTA_PRIORITY" priority: u32,
        /// Table.
        15 "RTA_TABLE" table: u32,
    }
}
message! {
    /// A route.
    pub Route, RouteHeader = "rtmsg" RouteAttributes {
        /// Family.
        pub family: u8,
        /// Length of the destination's prefix.
        pub dst_len: u8,
        #[doc(hidden)]
        pub _src_len: u8,
        #[doc(hidden)]
        pub _tos: u8,
        /// Table, if it is below 256.
        pub table_id: u8,
        /// Who made it.
        pub protocol: u8,
        /// How far it leads.
        pub scope: u8,
        /// Type.
        pub kind: u8,
        #[doc(hidden)]
        pub _flags: u32,
    }
}

impl Object for Route {
    type Key = (u32, Option<Ipv4Addr>);
    const NOUN: &'static str = "route";
    fn key(&self) -> Self::Key {
        (self.table().unwrap_or(0), self.dst())
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.dst().unwrap_or(Ipv4Addr::UNSPECIFIED), self.dst_len())
    }
}

/// Where the `number`th route leads.
pub fn destination(number: u32) -> Ipv4Addr {
    Ipv4Addr::from((10 << 24) + number)
}

/// Adds the `number`th route over loopback, or through a gateway that cannot be reached.
#[derive(Clone, Debug)]
pub struct Add {
    pub number: u32,
    pub table: u32,
    pub reachable: bool,
}

impl Request for Add {
    type Family = Rtnetlink;
    type Body = Route;
    type Reply = Route;
    type Kind = Command;
    const COMMAND: u16 = 24;
    const REPLY: u16 = 24;
    const VERB: &'static str = "add";
    fn flags(&self) -> u16 {
        nlmsg::CREATE | nlmsg::EXCL
    }
    fn write(&self, out: &mut Buffer) {
        let header = RouteHeader { family: 2, dst_len: 32, protocol: 4, kind: 1, scope: 0, ..Default::default() };
        out.message(header, |w: RouteWriter| {
            let w = w.dst(destination(self.number)).table(self.table);
            if self.reachable { w.oif(1) } else { w.gateway(Ipv4Addr::new(192, 0, 2, 1)) }
        });
    }
}

/// All IPv4 routes of a table.
#[derive(Clone, Debug)]
pub struct List {
    pub table: u32,
}

impl Request for List {
    type Family = Rtnetlink;
    type Body = Route;
    type Reply = Route;
    type Kind = Dump;
    const COMMAND: u16 = 26;
    const REPLY: u16 = 24;
    const VERB: &'static str = "list";
    fn write(&self, out: &mut Buffer) {
        let header = RouteHeader { family: 2, ..Default::default() };
        out.message(header, |w: RouteWriter| w.table(self.table));
    }
    fn accepts(&self, reply: &Route) -> bool {
        reply.table() == Some(self.table)
    }
    fn is_empty(errno: netloom_wire::Errno) -> bool {
        errno == netloom_wire::Errno::ENOENT
    }
}
