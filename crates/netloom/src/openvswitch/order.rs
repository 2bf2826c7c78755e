//! Orders about links that are Open vSwitch's affair.

use netloom_ovs::{Change, Inventory, NewPort, OpenVswitch, Place};
use netloom_route::{
    Rtnetlink,
    link::{self, Link, LinkFlags, LinkRef},
};
use netloom_socket::{
    blocking::Socket,
    hooks::{Outgoing, Replies, Verdict},
};
use netloom_wire::{Buffer, Command, Errno, Error, ErrorKind, Request, Result, View, nlmsg};

use super::{
    KIND,
    body::{
        ALTERNATIVE_NAME, EXT_MASK, INFO_DATA, INFO_KIND, INFO_PORT_DATA, INFO_PORT_KIND, LINK_INFO, MASTER, NAME,
        finished, is_empty, nest, put_info_without, text, without,
    },
    linkless::{self, Linkless},
    proxy::Proxy,
    show::{bridge_index, place},
    wanted::{Wanted, wrong},
};

/// Whether an order names Open vSwitch or a port of it by itself, without which only a database tells whose it is.
pub(super) fn says_so(message: &Outgoing<'_>) -> bool {
    let Some(link) = message.view::<Link>() else { return false };
    link.kind() == Some(KIND) || Wanted::is_ours(link) || Linkless::is_index(link.index())
}

/// Decides on an order; None: it is the kernel's affair.
pub(super) fn decide(proxy: &Proxy, message: &Outgoing<'_>) -> Result<Option<Verdict>> {
    let Some(link) = message.view::<Link>().filter(|link| link.family() == 0) else { return Ok(None) };
    let deletes = message.command() == Proxy::GONE;
    let is_kind = link.kind() == Some(KIND);
    let makes = !deletes && is_kind && message.flags() & nlmsg::CREATE != 0;
    let sets = !deletes && (link.master().is_some() || Wanted::is_ours(link));
    if !(makes || sets || deletes || is_linkless(proxy, link)) {
        return Ok(None);
    }
    // No other link stays because Open vSwitch hangs.
    if deletes && !is_kind && !Linkless::is_index(link.index()) {
        proxy.learn();
        if proxy.is_silent() {
            return Ok(None);
        }
    }
    let order = Order { proxy, message, link, wanted: Wanted::of(link), ovs: proxy.open_vswitch() };
    if makes {
        return order.add();
    }
    if !order.ovs.has_socket() || !proxy.is_here(&order.ovs)? {
        return Ok(None);
    }
    let inventory = match order.ovs.list() {
        // A socket that was left behind, at which nobody listens, is none.
        Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(None),
        listed => listed?,
    };
    if deletes { order.delete(&inventory) } else { order.set(&inventory) }
}

/// Whether an order is about a port that the kernel does not know, as far as is known.
fn is_linkless(proxy: &Proxy, link: &Link) -> bool {
    if link.index() != 0 {
        return Linkless::is_index(link.index());
    }
    let Some(name) = linkless::named(link) else { return false };
    proxy.learn();
    proxy.known().is_some_and(|known| known.linkless.index(name).is_some())
}

/// An order, and whom to ask about it.
struct Order<'a> {
    proxy: &'a Proxy,
    message: &'a Outgoing<'a>,
    link: &'a Link,
    wanted: Wanted<'a>,
    ovs: OpenVswitch,
}

/// What an order is about.
enum Target<'i> {
    /// A link of the kernel's, and where it is.
    Link(Box<Link>, Option<Place<'i>>),
    /// A port that the kernel does not know.
    Linkless(Place<'i>),
}

impl Order<'_> {
    fn kernel(&self) -> Result<Socket<Rtnetlink>> {
        self.proxy.beside.open()
    }

    /// What is meant; None if there is nothing of the name, which is for the kernel to say.
    fn target<'i>(&self, inventory: &'i Inventory) -> Result<Option<Target<'i>>> {
        let meant = || Linkless::of(inventory).meant(inventory, self.link);
        let target = match (self.link.index(), linkless::named(self.link)) {
            (0, None) => return Ok(None),
            (0, Some(name)) => LinkRef::from(name),
            (index, _) if Linkless::is_index(index) => {
                return meant().map(|place| Some(Target::Linkless(place))).ok_or_else(|| {
                    Error::new(ErrorKind::Service, "Open vSwitch has no such port").numbered(Errno::ENODEV)
                });
            }
            (index, _) => LinkRef::Index(index),
        };
        Ok(match found(self.kernel()?.run(&link::Get::new(target)))? {
            Some(link) => {
                let place = place(inventory, &link);
                Some(Target::Link(link, place))
            }
            None => meant().map(Target::Linkless),
        })
    }

    /// The bridge that the order wants for a master, if it is one of Open vSwitch.
    fn bridge<'i>(&self, inventory: &'i Inventory) -> Result<Option<Place<'i>>> {
        let by_index = match self.link.master().filter(|index| *index != 0) {
            None => None,
            Some(index) => {
                let master = found(self.kernel()?.run(&link::Get::new(index)))?;
                master.and_then(|master| place(inventory, &master)).filter(Place::is_bridge)
            }
        };
        let Some(name) = self.wanted.bridge() else { return Ok(by_index) };
        let by_name = inventory.bridge(name).and_then(|bridge| inventory.interface(&bridge.name));
        let Some(by_name) = by_name else {
            return Err(Error::new(ErrorKind::Service, format!("there is no bridge {name}")).numbered(Errno::ENODEV));
        };
        let other = by_index.is_some_and(|by_index| by_index.bridge.name != name);
        if other || self.link.master().is_some() && by_index.is_none() {
            return Err(wrong(format!("bridge {name} is another than the master")));
        }
        Ok(Some(by_name))
    }

    /// Makes a bridge or a port.
    fn add(&self) -> Result<Option<Verdict>> {
        if self.ovs.has_socket() && !self.proxy.is_here(&self.ovs)? {
            let detail = "Open vSwitch works in another network namespace than this socket";
            return Err(Error::new(ErrorKind::Unsupported, detail));
        }
        let inventory = self.ovs.list()?;
        let name = self.free_name(&inventory)?;
        let is_there = inventory.interface(&name).is_some();
        if is_there && self.message.flags() & nlmsg::EXCL == 0 {
            return self.set(&inventory);
        }
        // Open vSwitch would take a link that is there already for its own.
        if !is_there && found(self.kernel()?.run(&link::Get::new(name.as_str())))?.is_some() {
            return Err(
                Error::new(ErrorKind::Service, format!("there is a link {name} already")).numbered(Errno::EEXIST)
            );
        }
        let bridge = self.bridge(&inventory)?;
        let is_linkless = self.wanted.interface().is_some_and(|interface| interface != "internal");
        let mut rest = vec![LINK_INFO, NAME];
        let change = match (&bridge, self.wanted.interface()) {
            (Some(bridge), _) => {
                rest.push(MASTER);
                let port = self.wanted.new_port(&name)?;
                if is_linkless {
                    self.nothing_for_the_kernel(self.link.ifname().unwrap_or(&name))?;
                    if self.link.index() != 0 {
                        return Err(wrong(
                            "the index cannot be chosen of a port that only Open vSwitch knows".to_owned(),
                        ));
                    }
                }
                Change::new().add_port(&bridge.bridge.name, port)
            }
            (None, Some(kind)) => {
                return Err(wrong(format!(
                    "a port of the type {kind} needs a bridge of Open vSwitch, as master or by name"
                )));
            }
            (None, None) => Change::new().add_bridge(self.wanted.new_bridge(&name)?),
        };
        self.ovs.apply(&change)?;
        if is_linkless {
            return self.made_linkless(&name).map(Some);
        }
        let undo = || match &bridge {
            Some(_) => self.ovs.delete_port(&name),
            None => self.ovs.delete_bridge(&name),
        };
        match self.finish(&name, &rest) {
            Ok(made) => Ok(Some(self.answer(made.bytes()))),
            Err(error) => Err(match undo() {
                Ok(()) => error,
                Err(problem) => {
                    let detail = format!("{error}; {name} stays, as it cannot be deleted: {problem}");
                    Error::new(error.kind(), detail)
                }
            }),
        }
    }

    /// The answer about what was made.
    fn answer(&self, made: &[u8]) -> Verdict {
        let echo = self.message.flags() & nlmsg::ECHO != 0;
        Verdict::Return(if echo { Replies::new().reply(Proxy::SHOWN, made) } else { Replies::new() })
    }

    /// The answer about a port that the kernel does not know.
    fn made_linkless(&self, name: &str) -> Result<Verdict> {
        if self.message.flags() & nlmsg::ECHO == 0 {
            return Ok(Verdict::Return(Replies::new()));
        }
        let inventory = self.ovs.list()?;
        let index = Linkless::of(&inventory).index(name);
        let body = inventory.interface(name).zip(index).and_then(|(place, index)| {
            linkless::body(&place, index, bridge_index(&self.proxy.beside, &inventory, &place))
        });
        match body {
            Some(body) => Ok(self.answer(&body)),
            None => Err(Error::new(ErrorKind::Service, format!("another program deleted {name} at once"))),
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
    fn free_name(&self, inventory: &Inventory) -> Result<String> {
        let Some(name) = self.link.ifname().filter(|name| !name.is_empty()) else {
            return Err(wrong("a link of Open vSwitch needs a name".to_owned()));
        };
        let Some((before, after)) = name.split_once("%d") else { return Ok(name.to_owned()) };
        let links = self.kernel()?.run(&link::List::all())?;
        let is_free =
            |name: &String| inventory.interface(name).is_none() && !links.iter().any(|link| link.is_named(name));
        let mut names = (0..u32::from(u16::MAX)).map(|number| format!("{before}{number}{after}"));
        names.find(is_free).ok_or_else(|| wrong(format!("no name {name} is free")))
    }

    /// Changes a bridge or a port, puts a port on a bridge, or takes it off.
    fn set(&self, inventory: &Inventory) -> Result<Option<Verdict>> {
        let bridge = self.bridge(inventory)?;
        let (there, is_linkless) = match self.target(inventory)? {
            None => return Ok(None),
            Some(Target::Linkless(there)) => {
                self.nothing_for_the_kernel(&there.interface.name)?;
                (there, true)
            }
            Some(Target::Link(_, Some(there))) => (there, false),
            Some(Target::Link(target, None)) => {
                let Some(bridge) = bridge else { return Ok(None) };
                self.plug(&target, &bridge)?;
                return self.go_on().map(Some);
            }
        };
        let mut change = Change::new();
        match (self.link.master(), &bridge) {
            (Some(0), None) => {
                goes(&there)?;
                self.ovs.delete_port(&there.port.name)?;
                return self.go_on().map(Some);
            }
            (Some(_), None) => {
                let detail = format!("it is a port of {} and has to be taken off that first", there.bridge.name);
                return Err(Error::new(ErrorKind::Service, detail).numbered(Errno::EBUSY));
            }
            (_, Some(bridge)) if there.bridge.name != bridge.bridge.name => {
                if !is_linkless {
                    goes(&there)?;
                }
                change = change.move_port(&there.port.name, &bridge.bridge.name);
            }
            _ => {}
        }
        self.ovs.apply(&self.wanted.change(change, &there)?)?;
        if is_linkless { Ok(Some(Verdict::Return(Replies::new()))) } else { self.go_on().map(Some) }
    }

    /// Makes a link a port; as with the kernel's own bridges it leaves that of which it was one.
    fn plug(&self, target: &Link, bridge: &Place<'_>) -> Result<()> {
        let name = target.name();
        let old = target.master();
        let mut kernel = self.kernel()?;
        if old.is_some() {
            kernel.run(&link::Set::new(target.index()).no_master())?;
        }
        let port = self.wanted.vlans(NewPort::new(name));
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

    /// What else the order wants is the kernel's affair.
    fn go_on(&self) -> Result<Verdict> {
        let mut body = without(self.link, &[MASTER, LINK_INFO]);
        let ours: &[u16] = if self.link.kind() == Some(KIND) {
            &[INFO_KIND, INFO_DATA, INFO_PORT_KIND, INFO_PORT_DATA]
        } else {
            &[INFO_PORT_KIND, INFO_PORT_DATA]
        };
        let mut info = Buffer::new();
        put_info_without(&mut info, self.link, ours);
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

    /// Fails if something is wanted that only the kernel could do, of a port that it does not know. Up it is by itself.
    fn nothing_for_the_kernel(&self, name: &str) -> Result<()> {
        let link = self.link;
        let asked = link.tlvs().map(|tlv| tlv.number()).find(|number| match *number {
            MASTER | LINK_INFO | EXT_MASK => false,
            // Which one is meant is no wish, but another name is.
            NAME | ALTERNATIVE_NAME => linkless::named(link) != Some(name),
            _ => true,
        });
        let row = asked.map(|number| (Link::layout().set)().get(number).map_or("an attribute", |row| row.kernel));
        let up = LinkFlags::UP.bits();
        let flags = link.change() & !up != 0 || link.change() & up != 0 && link.flags() & up == 0;
        let Some(what) = row.or_else(|| flags.then_some("flags")) else { return Ok(()) };
        let detail =
            format!("{what} cannot be set: {name} is no link of the kernel's, but a port that only Open vSwitch knows");
        Err(Error::new(ErrorKind::Unsupported, detail))
    }

    /// Deletes what Open vSwitch has made. Other ports are links of others, which the kernel deletes.
    fn delete(&self, inventory: &Inventory) -> Result<Option<Verdict>> {
        match self.target(inventory)? {
            Some(Target::Linkless(there)) => self.ovs.delete_port(&there.port.name)?,
            Some(Target::Link(_, Some(there))) if there.is_bridge() => self.ovs.delete_bridge(&there.bridge.name)?,
            Some(Target::Link(_, Some(there))) if there.interface.is_internal() => {
                self.ovs.delete_port(&there.port.name)?;
            }
            _ => return Ok(None),
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
fn goes(there: &Place<'_>) -> Result<()> {
    let (name, bridge) = (&there.interface.name, &there.bridge.name);
    let port = |kind: &str| format!("{name} is {kind} port of {bridge}, which goes only when it is deleted");
    Err(wrong(if there.is_bridge() {
        format!("{name} is a bridge of Open vSwitch")
    } else if there.interface.is_internal() {
        port("an internal")
    } else if there.interface.is_linkless() {
        port(&format!("a {}", there.interface.kind))
    } else if there.port.interfaces.len() > 1 {
        format!("{name} is in the bond {} of {bridge}", there.port.name)
    } else {
        return Ok(());
    }))
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
