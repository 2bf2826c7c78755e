//! Orders about links that are Open vSwitch's affair.

use netloom_ovs::{FailMode, Inventory, NewBridge, NewPort, OpenVswitch, Place, SetPort, VlanMode};
use netloom_route::{
    Rtnetlink,
    kind::{OpenVswitch as BridgeData, OpenVswitchPort},
    link::{self, Link, LinkData, LinkRef, PortData},
};
use netloom_socket::{
    blocking::Socket,
    hooks::{Outgoing, Replies, Verdict},
};
use netloom_wire::{Buffer, Command, Errno, Error, ErrorKind, Request, Result, View, nlmsg};

use super::{
    KIND,
    body::{
        INFO_PORT_DATA, INFO_PORT_KIND, LINK_INFO, MASTER, NAME, finished, is_empty, nest, put_info_without, text,
        without,
    },
    proxy::Proxy,
    show::place,
};

/// `RTM_DELLINK`.
pub(super) const DELLINK: u16 = 17;

/// Decides on an order; None: it is the kernel's affair.
pub(super) fn decide(proxy: &Proxy, message: &Outgoing<'_>) -> Result<Option<Verdict>> {
    let Some(link) = message.view::<Link>().filter(|link| link.family() == 0) else { return Ok(None) };
    let info = link.linkinfo();
    let makes = info.and_then(|info| info.kind()) == Some(KIND) && message.flags() & nlmsg::CREATE != 0;
    let sets = link.master().is_some() || info.and_then(|info| info.port_kind()) == Some(KIND);
    let deletes = message.command() == DELLINK;
    if !(makes || sets || deletes) {
        return Ok(None);
    }
    let order = Order { proxy, message, link, ovs: proxy.open_vswitch() };
    if makes {
        return order.add().map(Some);
    }
    if !order.ovs.has_socket() || !proxy.is_here(&order.ovs)? {
        return Ok(None);
    }
    if deletes { order.delete() } else { order.set() }
}

/// An order, and whom to ask about it.
struct Order<'a> {
    proxy: &'a Proxy,
    message: &'a Outgoing<'a>,
    link: &'a Link,
    ovs: OpenVswitch,
}

impl Order<'_> {
    fn kernel(&self) -> Result<Socket<Rtnetlink>> {
        self.proxy.beside.open()
    }

    /// The link that is meant, as the kernel has it; None if there is none, which is for the kernel to say.
    fn target(&self) -> Result<Option<Box<Link>>> {
        let name = self.link.ifname().or_else(|| self.link.alt_ifname().next());
        let target = match (self.link.index(), name) {
            (0, None) => return Ok(None),
            (0, Some(name)) => LinkRef::from(name),
            (index, _) => LinkRef::Index(index),
        };
        found(self.kernel()?.run(&link::Get::new(target)))
    }

    /// The bridge that the order wants for a master, if it is one of Open vSwitch.
    fn bridge<'i>(&self, inventory: &'i Inventory) -> Result<Option<Place<'i>>> {
        let Some(index) = self.link.master().filter(|index| *index != 0) else { return Ok(None) };
        let master = found(self.kernel()?.run(&link::Get::new(index)))?;
        Ok(master.and_then(|master| place(inventory, &master)).filter(Place::is_bridge))
    }

    /// Makes a bridge or an internal port.
    fn add(&self) -> Result<Verdict> {
        if self.ovs.has_socket() && !self.proxy.is_here(&self.ovs)? {
            let detail = "Open vSwitch works in another network namespace than this socket";
            return Err(Error::new(ErrorKind::Unsupported, detail));
        }
        let inventory = self.ovs.list()?;
        let name = self.free_name()?;
        if inventory.bridge(&name).is_none() {
            // Open vSwitch would take a link that is there already for its own.
            let there = found(self.kernel()?.run(&link::Get::new(name.as_str())))?;
            if there.is_some() {
                return Err(
                    Error::new(ErrorKind::Service, format!("there is a link {name} already")).numbered(Errno::EEXIST)
                );
            }
        } else if self.message.flags() & (nlmsg::REPLACE | nlmsg::EXCL) == nlmsg::REPLACE {
            let detail = format!("there is a bridge {name} already, whose settings are not changed as a link's");
            return Err(Error::new(ErrorKind::Unsupported, detail));
        }
        let mut rest = vec![LINK_INFO, NAME];
        let bridge = self.bridge(&inventory)?;
        match &bridge {
            Some(bridge) => {
                rest.push(MASTER);
                let data = self.port_data();
                let port = NewPort::internal(&name);
                let port = self.link.mtu().into_iter().fold(port, NewPort::mtu);
                self.ovs.add_port(&bridge.bridge.name, vlans_of_new(port, data)?)?;
            }
            None => self.ovs.add_bridge(self.new_bridge(&name)?)?,
        }
        let undo = || match &bridge {
            Some(_) => self.ovs.delete_port(&name),
            None => self.ovs.delete_bridge(&name),
        };
        match self.finish(&name, &rest) {
            Ok(made) if self.message.flags() & nlmsg::ECHO != 0 => {
                Ok(Verdict::Return(Replies::new().reply(Proxy::SHOWN, made.bytes())))
            }
            Ok(_) => Ok(Verdict::Return(Replies::new())),
            Err(error) => Err(match undo() {
                Ok(()) => error,
                Err(problem) => {
                    let detail = format!("{error}; {name} stays, as it cannot be deleted: {problem}");
                    Error::new(error.kind(), detail)
                }
            }),
        }
    }

    /// Has the kernel do what else is wanted of a new link, beside what is done; the link.
    fn finish(&self, name: &str, done: &[u16]) -> Result<Box<Link>> {
        let mut kernel = self.kernel()?;
        let made = kernel.run(&link::Get::new(name))?;
        let mut rest = without(self.link, done);
        text(&mut rest, NAME, name);
        let rest = finished(rest)?;
        if is_empty(&rest) {
            return Ok(made);
        }
        kernel.run(&Rest(rest))?;
        kernel.run(&link::Get::new(name))
    }

    /// The name that is wanted, with a number in the place of `%d`.
    fn free_name(&self) -> Result<String> {
        let Some(name) = self.link.ifname().filter(|name| !name.is_empty()) else {
            return Err(Error::new(ErrorKind::InvalidInput, "a link of Open vSwitch needs a name"));
        };
        let Some((before, after)) = name.split_once("%d") else { return Ok(name.to_owned()) };
        let links = self.kernel()?.run(&link::List::all())?;
        let is_free = |name: &String| !links.iter().any(|link| link.is_named(name));
        let mut names = (0..u32::from(u16::MAX)).map(|number| format!("{before}{number}{after}"));
        names.find(is_free).ok_or_else(|| Error::new(ErrorKind::InvalidInput, format!("no name {name} is free")))
    }

    fn new_bridge(&self, name: &str) -> Result<NewBridge> {
        let data = match self.link.linkinfo().and_then(|info| info.data()) {
            Some(LinkData::OpenVswitch(data)) => Some(data),
            _ => None,
        };
        let mut bridge = NewBridge::new(name);
        bridge = self.link.mtu().into_iter().fold(bridge, NewBridge::mtu);
        if let Some(address) = self.link.address() {
            bridge = bridge.config("hwaddr", address.to_string());
        }
        bridge = data.and_then(BridgeData::datapath).into_iter().fold(bridge, NewBridge::datapath);
        bridge = match data.and_then(BridgeData::fail_mode) {
            None => bridge,
            Some("standalone") => bridge.fail_mode(FailMode::Standalone),
            Some("secure") => bridge.fail_mode(FailMode::Secure),
            Some(other) => {
                let detail = format!("{other} is no mode of failure: standalone or secure");
                return Err(Error::new(ErrorKind::InvalidInput, detail));
            }
        };
        bridge = data.and_then(BridgeData::stp).into_iter().fold(bridge, NewBridge::stp);
        bridge = data.and_then(BridgeData::rstp).into_iter().fold(bridge, NewBridge::rstp);
        Ok(data.and_then(BridgeData::multicast_snooping).into_iter().fold(bridge, NewBridge::multicast_snooping))
    }

    fn port_data(&self) -> Option<&OpenVswitchPort> {
        match self.link.linkinfo().and_then(|info| info.port_data()) {
            Some(PortData::OpenVswitch(data)) => Some(data),
            _ => None,
        }
    }

    /// Puts a port on a bridge, takes it off, or changes it.
    fn set(&self) -> Result<Option<Verdict>> {
        let inventory = self.ovs.list()?;
        let bridge = self.bridge(&inventory)?;
        let Some(target) = self.target()? else { return Ok(None) };
        let there = place(&inventory, &target);
        match (self.link.master(), &bridge, &there) {
            (Some(0), _, Some(there)) => {
                movable(there)?;
                self.ovs.delete_port(&there.port.name)?;
            }
            (Some(_), None, Some(there)) if self.link.master() != Some(0) => {
                let detail = format!("it is a port of {} and has to be taken off that first", there.bridge.name);
                return Err(Error::new(ErrorKind::Service, detail).numbered(Errno::EBUSY));
            }
            (_, Some(bridge), Some(there)) => {
                if there.bridge.name != bridge.bridge.name {
                    movable(there)?;
                    self.ovs.move_port(&there.port.name, &bridge.bridge.name)?;
                }
                self.set_vlans(&there.port.name)?;
            }
            (_, Some(bridge), None) => self.plug(&target, bridge)?,
            (None, _, Some(there)) => self.set_vlans(&there.port.name)?,
            _ => return Ok(None),
        }
        self.go_on().map(Some)
    }

    /// Makes a link a port; as with the kernel's own bridges it leaves that of which it was one.
    fn plug(&self, target: &Link, bridge: &Place<'_>) -> Result<()> {
        let name = target.name();
        let old = target.master();
        let mut kernel = self.kernel()?;
        if old.is_some() {
            kernel.run(&link::Set::new(target.index()).no_master())?;
        }
        let port = vlans_of_new(NewPort::new(name), self.port_data());
        let added = port.and_then(|port| self.ovs.add_port(&bridge.bridge.name, port));
        match (added, old) {
            (Err(error), Some(old)) => match kernel.run(&link::Set::new(target.index()).master(old)) {
                Ok(()) => Err(error),
                Err(problem) => {
                    let detail = format!("{error}; {name} is no port of its old master any more: {problem}");
                    Err(Error::new(error.kind(), detail))
                }
            },
            (added, _) => added,
        }
    }

    fn set_vlans(&self, port: &str) -> Result<()> {
        let Some(data) = self.port_data() else { return Ok(()) };
        let mut set = SetPort::new(port);
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
        self.ovs.set_port(set)
    }

    /// What else the order wants is the kernel's affair.
    fn go_on(&self) -> Result<Verdict> {
        let mut body = without(self.link, &[MASTER, LINK_INFO]);
        let mut info = Buffer::new();
        put_info_without(&mut info, self.link, &[INFO_PORT_KIND, INFO_PORT_DATA]);
        if !info.is_empty() {
            nest(&mut body, LINK_INFO, |body| body.append(&info));
        }
        let body = finished(body)?;
        Ok(if is_empty(&body) {
            Verdict::Return(Replies::new())
        } else {
            Verdict::Rewrite(self.message.with_body(body))
        })
    }

    /// Deletes a bridge or an internal port. Other ports are links of others, which the kernel deletes.
    fn delete(&self) -> Result<Option<Verdict>> {
        let inventory = self.ovs.list()?;
        let Some(target) = self.target()? else { return Ok(None) };
        match place(&inventory, &target).filter(|there| there.interface.is_internal()) {
            None => return Ok(None),
            Some(there) if there.is_bridge() => self.ovs.delete_bridge(&there.bridge.name)?,
            Some(there) => self.ovs.delete_port(&there.port.name)?,
        }
        Ok(Some(Verdict::Return(Replies::new())))
    }
}

/// A link that may not be there.
fn found(asked: Result<Box<Link>>) -> Result<Option<Box<Link>>> {
    match asked {
        Ok(link) => Ok(Some(link)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Fails for what is nothing without its bridge, and for a part of a bond.
fn movable(there: &Place<'_>) -> Result<()> {
    let (name, bridge) = (&there.interface.name, &there.bridge.name);
    let detail = if there.is_bridge() {
        format!("{name} is a bridge of Open vSwitch")
    } else if there.interface.is_internal() {
        format!("{name} is an internal port of {bridge}, which goes only when it is deleted")
    } else if there.port.interfaces.len() > 1 {
        format!("{name} is in the bond {} of {bridge}", there.port.name)
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidInput, detail))
}

fn vlans_of_new(port: NewPort, data: Option<&OpenVswitchPort>) -> Result<NewPort> {
    let Some(data) = data else { return Ok(port) };
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

fn vlan_mode(name: &str) -> Result<VlanMode> {
    name.parse().map_err(|problem| Error::new(ErrorKind::InvalidInput, format!("{name} is {problem}")))
}

/// What is left of an order for the kernel.
struct Rest(Vec<u8>);

impl Request for Rest {
    type Family = Rtnetlink;
    type Body = Link;
    type Reply = Link;
    type Kind = Command;
    const COMMAND: u16 = Proxy::SHOWN;
    const REPLY: u16 = Proxy::SHOWN;
    const VERB: &'static str = "set";

    fn write(&self, out: &mut Buffer) {
        out.raw(&self.0);
    }
}
