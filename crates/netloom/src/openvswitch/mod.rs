//! Open vSwitch: by its database, and as links.
//!
//! [`OpenVswitch`] is all that its database offers: tunnels, patch ports, VLANs, any number of changes in one transaction.
//!
//! What links have in common goes the way of links. [`IpRoute`](crate::IpRoute) and its async twin carry a proxy that
//! speaks with the database, if there is one and `ovs-vswitchd` works in the network namespace of the socket:
//!
//! | request | does |
//! |---|---|
//! | [`link::Add`](crate::link::Add) of the kind `openvswitch` | makes a bridge; with a bridge as master, an internal port of it |
//! | [`link::Set`](crate::link::Set) with a bridge as master | makes the link a port of it, or moves it there |
//! | [`link::Set::no_master`](crate::link::Set::no_master) | takes a port off its bridge |
//! | [`link::Set`](crate::link::Set) with [`OpenVswitchPort`] | sets VLAN tag and trunks of a port |
//! | [`link::Delete`](crate::link::Delete) of a bridge or an internal port | deletes it |
//!
//! Bridges and internal ports show as links of the kind `openvswitch`, ports with their bridge as master and
//! `openvswitch` as the kind that they are a port of, in replies, dumps and notifications. Where there is no socket of a
//! database nobody is asked. A database that does not answer delays what is shown by 1 s, and then links show as the
//! kernel has them.
//!
//! ```no_run
//! use netloom::{IpRoute, kind::OpenVswitchPort, link};
//!
//! let mut ipr = IpRoute::open()?;
//! ipr.run(&link::Add::new("br0").kind("openvswitch").up())?;
//! let br0 = ipr.link("br0")?;
//! ipr.run(&link::Set::new("eth1").master(br0.index()).port(OpenVswitchPort::new().tag(10)))?;
//! ipr.run(&link::Set::new("eth1").no_master())?;
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

/// `openvswitch`: the kind of bridges and internal ports, and the kind that others are a port of.
const KIND: &str = "openvswitch";
