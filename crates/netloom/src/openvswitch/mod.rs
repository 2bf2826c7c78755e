//! Open vSwitch: by its database, and as links.
//!
//! [`OpenVswitch`] is all that its database offers: tunnels, patch ports, VLANs, any number of changes in one transaction.
//!
//! What links have in common goes the way of links. [`IpRoute`](crate::IpRoute) and its async twin carry a proxy that
//! speaks with the database, if there is one and `ovs-vswitchd` works in the network namespace of the socket:
//!
//! | request | does |
//! |---|---|
//! | [`link::Add`](crate::link::Add) of the kind `openvswitch` | makes a bridge; with a bridge as master, or by name, an internal port of it |
//! | [`link::Add`](crate::link::Add) of [`patch`](crate::kind::OpenVswitch::patch), [`vxlan`](crate::kind::OpenVswitch::vxlan), `geneve` or `gre` | makes such a port of a bridge |
//! | [`link::Set`](crate::link::Set) with [`kind::OpenVswitch`](crate::kind::OpenVswitch) | changes a bridge, or the options of a port |
//! | [`link::Set`](crate::link::Set) with a bridge as master | makes the link a port of it, or moves it there |
//! | [`link::Set::no_master`](crate::link::Set::no_master) | takes a port off its bridge |
//! | [`link::Set`](crate::link::Set) with [`OpenVswitchPort`] | sets VLAN tag and trunks of a port |
//! | [`link::Delete`](crate::link::Delete) of a bridge, or of a port that Open vSwitch made | deletes it |
//!
//! Bridges and internal ports show as links of the kind `openvswitch`, ports with their bridge as master and
//! `openvswitch` as the kind that they are a port of, in replies, dumps and notifications. So do patch ports and tunnels,
//! which are no links of the kernel's: their indexes are from 2³¹ on, where the kernel has none, and stay for as long as the
//! port is there. Notifications of what only the database knows take `CAP_NET_ADMIN`.
//!
//! Where there is no socket of a database nobody is asked. A database that does not answer delays a question for links by
//! 1 s, once in 10 s, and then links show as the kernel has them; neither what comes nor other tasks wait for it.
//!
//! ```no_run
//! use netloom::{IpRoute, kind::{OpenVswitch, OpenVswitchPort}, link};
//!
//! let mut ipr = IpRoute::open()?;
//! ipr.run(&link::Add::new("br0").kind("openvswitch").up())?;
//! let br0 = ipr.link("br0")?;
//! ipr.run(&link::Set::new("eth1").master(br0.index()).port(OpenVswitchPort::new().tag(10)))?;
//! ipr.run(&link::Set::new("eth1").no_master())?;
//! let tunnel = OpenVswitch::vxlan("192.0.2.1").key("42").bridge("br0");
//! ipr.run(&link::Add::new("vx0").kind(tunnel).port(OpenVswitchPort::new().tag(10)))?;
//! ipr.run(&link::Set::new("vx0").kind(OpenVswitch::new().remote("192.0.2.2")))?;
//! ipr.run(&link::Set::new("br0").kind(OpenVswitch::new().fail_mode("secure")))?;
//! println!("{}", ipr.link("vx0")?.index());
//! ipr.run(&link::Delete::new("vx0"))?;
//! ipr.run(&link::Delete::new("br0"))?;
//! # Ok::<(), netloom::Error>(())
//! ```

mod body;
mod changes;
mod follower;
mod known;
mod linkless;
mod options;
mod order;
mod proxy;
mod question;
mod show;
mod wanted;

pub use netloom_ovs::{
    Bridge, Change, Ear, FailMode, Interface, Inventory, Mirror, Moment, NewBridge, NewPort, NotAVlanMode, OpenVswitch,
    Place, Port, SetBridge, SetPort, Tunnel, VlanMode,
};
pub use netloom_route::kind::{OpenVswitchPort, OpenVswitchPortWriter, OpenVswitchWriter};
pub(crate) use proxy::{Proxy, add};

/// `openvswitch`: the kind of bridges and of the ports that Open vSwitch makes, and the kind that others are a port of.
const KIND: &str = "openvswitch";
