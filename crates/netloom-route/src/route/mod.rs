//! Routes of IPv4, IPv6 and MPLS: the tables and the view (`RTM_*ROUTE`, `linux/rtnetlink.h`).

mod attributes;
mod get;
mod hop;
mod list;
mod metrics;
mod object;
mod order;

pub use attributes::{
    DelReason, MulticastStats, NextHop, NextHopHeader, Route, RouteAddress, RouteAttributes, RouteCacheInfo,
    RouteFlags, RouteHeader, RouteType, RouteWriter, RouterPreference, TransportPort,
};
pub use get::Get;
pub use hop::Hop;
pub use list::List;
pub use metrics::{MetricLock, Metrics, MetricsWriter, RouteFeatures};
pub use object::{RouteKey, RouteTarget};
pub use order::{Add, Append, Change, Delete, Order, Prepend, Replace, Test};

pub(crate) const RTM_NEWROUTE: u16 = 24;
pub(crate) const RTM_DELROUTE: u16 = 25;
pub(crate) const RTM_GETROUTE: u16 = 26;

/// Table `main`: where routes are unless something else is said.
pub const TABLE_MAIN: u32 = 254;
/// Table `local`: the kernel's own routes to local addresses and broadcasts.
pub const TABLE_LOCAL: u32 = 255;
