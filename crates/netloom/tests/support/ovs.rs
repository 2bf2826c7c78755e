//! Open vSwitch's daemons, and a socket of netloom's beside them.
#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::{path::Path, time::Duration};

use netloom::{
    Error, IpRoute, Namespace as Enter, RawIpRoute,
    kind::{OpenVswitch, OpenVswitchPort},
    link::{self, Link, PortData},
    openvswitch::OpenVswitch as Database,
};
use netloom_testkit::{Namespace, OvsDaemons};

/// Daemons, and a socket in their namespace.
pub(crate) struct Lab {
    pub(crate) ipr: IpRoute,
    pub(crate) daemons: OvsDaemons,
}

impl Lab {
    pub(crate) fn new() -> Option<Self> {
        let daemons = OvsDaemons::start()?;
        Some(Self { ipr: socket(daemons.space(), &daemons.socket()), daemons })
    }

    pub(crate) fn bridge(&mut self, name: &str) -> u32 {
        self.ipr.run(&link::Add::new(name).kind(netdev())).expect("made");
        self.ipr.link(name).expect("there").index()
    }

    pub(crate) fn veth(&self, name: &str) {
        self.daemons.space().ip(&["link", "add", name, "type", "veth", "peer", "name", &format!("{name}-peer")]);
    }

    pub(crate) fn ports(&self, bridge: &str) -> Vec<String> {
        self.daemons.vsctl(&["list-ports", bridge]).lines().map(str::to_owned).collect()
    }

    /// As the kernel itself tells it.
    pub(crate) fn kernel(&self, name: &str) -> Result<Box<Link>, Error> {
        RawIpRoute::with(&netloom::SocketOptions::new().namespace(enter(self.daemons.space())))?
            .run(&link::Get::new(name))
    }

    /// How many links the kernel has.
    pub(crate) fn kernel_links(&self) -> usize {
        let mut raw =
            RawIpRoute::with(&netloom::SocketOptions::new().namespace(enter(self.daemons.space()))).expect("opened");
        raw.run(&link::List::all()).expect("listed").len()
    }
}

pub(crate) fn enter(space: &Namespace) -> Enter {
    Enter::path(space.path()).expect("it is there")
}

pub(crate) fn socket(space: &Namespace, database: &Path) -> IpRoute {
    let ipr = IpRoute::in_namespace(enter(space)).expect("opened");
    ipr.set_open_vswitch(Database::at(database).timeout(Duration::from_secs(60)));
    ipr
}

/// Settings of a bridge in the datapath that needs nothing of the kernel.
pub(crate) fn netdev() -> netloom::kind::OpenVswitchWriter {
    OpenVswitch::new().datapath("netdev")
}

pub(crate) fn kind(link: &Link) -> Option<&str> {
    link.kind()
}

pub(crate) fn port_kind(link: &Link) -> Option<&str> {
    link.linkinfo().and_then(|info| info.port_kind())
}

pub(crate) fn port(link: &Link) -> Option<&OpenVswitchPort> {
    match link.linkinfo()?.port_data()? {
        PortData::OpenVswitch(port) => Some(port),
        _ => None,
    }
}
