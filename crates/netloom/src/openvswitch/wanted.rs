//! What an order says about bridges and ports, as the database has it.

use std::collections::BTreeMap;

use netloom_ovs::{Change, FailMode, NewBridge, NewPort, Place, SetBridge, SetPort, Tunnel, VlanMode};
use netloom_route::{
    kind::{OpenVswitch, OpenVswitchPort},
    link::{Link, LinkData, PortData},
};
use netloom_wire::{Error, ErrorKind, Result};

use super::{KIND, options};

/// What the attributes say.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    link: &'a Link,
    /// What the link is, if the kind is ours.
    data: Option<&'a OpenVswitch>,
    /// What the port is, if it is one of ours.
    port: Option<&'a OpenVswitchPort>,
}

/// What bridges that are made and bridges that are changed get in the same way.
macro_rules! bridge_settings {
    ($bridge:expr, $data:expr) => {{
        let (bridge, data) = ($bridge, $data);
        let bridge = data.datapath().into_iter().fold(bridge, |bridge, kind| bridge.datapath(kind));
        let bridge = fail_mode(data)?.into_iter().fold(bridge, |bridge, mode| bridge.fail_mode(mode));
        let bridge = data.stp().into_iter().fold(bridge, |bridge, on| bridge.stp(on));
        let bridge = data.rstp().into_iter().fold(bridge, |bridge, on| bridge.rstp(on));
        data.multicast_snooping().into_iter().fold(bridge, |bridge, on| bridge.multicast_snooping(on))
    }};
}

impl<'a> Wanted<'a> {
    pub(super) fn of(link: &'a Link) -> Self {
        let info = link.linkinfo();
        let data = match info.and_then(|info| info.data()) {
            Some(LinkData::OpenVswitch(data)) => Some(data),
            _ => None,
        };
        let port = match info.and_then(|info| info.port_data()) {
            Some(PortData::OpenVswitch(port)) => Some(port),
            _ => None,
        };
        Self { link, data, port }
    }

    /// Whether it is about what only Open vSwitch knows.
    pub(super) fn is_ours(link: &Link) -> bool {
        link.linkinfo().is_some_and(|info| info.kind() == Some(KIND) || info.port_kind() == Some(KIND))
    }

    /// The type of the interface.
    pub(super) fn interface(&self) -> Option<&'a str> {
        self.data.and_then(OpenVswitch::interface)
    }

    /// The bridge that is named.
    pub(super) fn bridge(&self) -> Option<&'a str> {
        self.data.and_then(OpenVswitch::bridge)
    }

    /// The bridge that is to be made.
    pub(super) fn new_bridge(&self, name: &str) -> Result<NewBridge> {
        let mut bridge = NewBridge::new(name);
        bridge = self.link.mtu().into_iter().fold(bridge, NewBridge::mtu);
        if let Some(address) = self.link.address() {
            bridge = bridge.config("hwaddr", address.to_string());
        }
        let Some(data) = self.data else { return Ok(bridge) };
        if let Some(option) = self.options("")?.keys().next() {
            return Err(wrong(format!("{option} is an option of ports: say of which type it is, and on which bridge")));
        }
        Ok(bridge_settings!(bridge, data))
    }

    /// The port that is to be made.
    pub(super) fn new_port(&self, name: &str) -> Result<NewPort> {
        let kind = self.interface().unwrap_or("internal");
        self.no_settings_of_bridges()?;
        let mut options = self.options(kind)?;
        let lacks = |what: &str| wrong(format!("a port of the type {kind} needs {what}"));
        let port = match kind {
            "internal" => {
                options.into_iter().fold(NewPort::internal(name), |port, (name, value)| port.option(name, value))
            }
            "patch" => {
                let peer = options.remove("peer").ok_or_else(|| lacks("a peer"))?;
                options.into_iter().fold(NewPort::patch(name, peer), |port, (name, value)| port.option(name, value))
            }
            "vxlan" | "geneve" | "gre" if !options.contains_key("remote_ip") => {
                return Err(lacks("a remote end: an address, or flow"));
            }
            "vxlan" => NewPort::vxlan(name, Tunnel::with(options)),
            "geneve" => NewPort::geneve(name, Tunnel::with(options)),
            "gre" => NewPort::gre(name, Tunnel::with(options)),
            other => return Err(wrong(format!("{other} is no type of ports: internal, patch, vxlan, geneve or gre"))),
        };
        let port = if kind == "internal" { self.link.mtu().into_iter().fold(port, NewPort::mtu) } else { port };
        self.vlans(port)
    }

    /// The port that a link becomes, with what is said of VLANs.
    pub(super) fn vlans(&self, port: NewPort) -> Result<NewPort> {
        let Some(data) = self.port else { return Ok(port) };
        let mut port = data.tag().into_iter().fold(port, NewPort::tag);
        let trunks: Vec<u16> = data.trunk().collect();
        if !trunks.is_empty() {
            port = port.trunks(trunks);
        }
        Ok(match data.vlan_mode() {
            Some(mode) => port.vlan_mode(vlan_mode(mode)?),
            None => port,
        })
    }

    /// What is to change of a port, or of a bridge, that is there.
    pub(super) fn change(&self, change: Change, there: &Place<'_>) -> Result<Change> {
        let mut change = change;
        if let Some(data) = self.data {
            if there.is_bridge() {
                if self.interface().is_some() || self.bridge().is_some() || !self.options("")?.is_empty() {
                    return Err(wrong(format!("{} is a bridge, which has no options of ports", there.bridge.name)));
                }
                change = change.set_bridge(bridge_settings!(SetBridge::new(&there.bridge.name), data));
            } else {
                self.no_settings_of_bridges()?;
            }
        }
        let set = self.set_port(there)?;
        Ok(if set.is_empty() { change } else { change.set_port(set) })
    }

    fn set_port(&self, there: &Place<'_>) -> Result<SetPort> {
        let mut set = SetPort::new(&there.port.name);
        if let Some(data) = self.data.filter(|_| !there.is_bridge()) {
            let kind = &there.interface.kind;
            if self.interface().is_some_and(|interface| interface != kind) {
                let detail = format!("{} is a port of the type {kind}, and stays one", there.interface.name);
                return Err(wrong(detail));
            }
            set = data.unset().fold(set, SetPort::no_option);
            set = self.options(kind)?.into_iter().fold(set, |set, (name, value)| set.option(name, value));
        }
        let Some(data) = self.port else { return Ok(set) };
        if let Some(tag) = data.tag() {
            set = set.tag(tag);
        } else if data.untagged() {
            set = set.no_tag();
        }
        let trunks: Vec<u16> = data.trunk().collect();
        if !trunks.is_empty() || data.untrunked() {
            set = set.trunks(trunks);
        }
        if let Some(mode) = data.vlan_mode() {
            set = set.vlan_mode(Some(vlan_mode(mode)?));
        }
        Ok(set)
    }

    fn options(&self, kind: &str) -> Result<BTreeMap<String, String>> {
        self.data.map_or_else(|| Ok(BTreeMap::new()), |data| options::wanted(data, kind))
    }

    fn no_settings_of_bridges(&self) -> Result<()> {
        let Some(data) = self.data else { return Ok(()) };
        let given = [
            ("datapath", data.datapath().is_some()),
            ("fail_mode", data.fail_mode().is_some()),
            ("stp", data.stp().is_some()),
            ("rstp", data.rstp().is_some()),
            ("mcast_snooping", data.multicast_snooping().is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(wrong(format!("{name} is a setting of bridges, not of their ports"))),
            None => Ok(()),
        }
    }
}

fn fail_mode(data: &OpenVswitch) -> Result<Option<FailMode>> {
    match data.fail_mode() {
        None => Ok(None),
        Some("standalone") => Ok(Some(FailMode::Standalone)),
        Some("secure") => Ok(Some(FailMode::Secure)),
        Some(other) => Err(wrong(format!("{other} is no mode of failure: standalone or secure"))),
    }
}

fn vlan_mode(name: &str) -> Result<VlanMode> {
    name.parse().map_err(|problem| wrong(format!("{name} is {problem}")))
}

pub(super) fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}
