//! What tunnels have in common.

use std::{collections::BTreeMap, net::IpAddr};

/// The ends and properties of a tunnel: options of the table `Interface`.
///
/// Open vSwitch itself checks the values; what it refuses is an error of the call.
///
/// ```
/// use netloom_ovs::{NewPort, Tunnel};
///
/// let there = "192.0.2.1".parse().expect("an address");
/// let port = NewPort::geneve("gv0", Tunnel::to(there).key(5000).ttl(64).checksum(true));
/// let by_flows = NewPort::vxlan("vx0", Tunnel::by_flow().port(8472));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tunnel {
    options: BTreeMap<String, String>,
}

impl Tunnel {
    /// A tunnel to this address.
    pub fn to(remote: IpAddr) -> Self {
        Self { options: BTreeMap::new() }.option("remote_ip", remote.to_string())
    }

    /// A tunnel whose remote end and key flows set, packet by packet.
    pub fn by_flow() -> Self {
        Self { options: BTreeMap::new() }.option("remote_ip", "flow").option("key", "flow")
    }

    /// A tunnel with these options alone, as `ovs-vswitchd.conf.db(5)` lists them.
    ///
    /// ```
    /// use netloom_ovs::{NewPort, Tunnel};
    ///
    /// let port = NewPort::vxlan("vx0", Tunnel::with([("remote_ip", "flow"), ("key", "7")]));
    /// ```
    pub fn with<K: Into<String>, V: Into<String>>(options: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { options: options.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }

    /// The address that packets come from and that they have to be sent to.
    #[must_use]
    pub fn local(self, local: IpAddr) -> Self {
        self.option("local_ip", local.to_string())
    }

    /// The key of both directions: the network identifier of VXLAN and Geneve, 24 bits; GRE's key, 32 bits.
    #[must_use]
    pub fn key(self, key: u32) -> Self {
        self.option("key", key.to_string())
    }

    /// The UDP port of the remote end: of VXLAN 4789 if nothing is said, of Geneve 6081.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        self.option("dst_port", port.to_string())
    }

    /// The time to live of packets outside, 64 if nothing is said.
    #[must_use]
    pub fn ttl(self, ttl: u8) -> Self {
        self.option("ttl", ttl.to_string())
    }

    /// The time to live outside is that of the packet inside.
    #[must_use]
    pub fn inherit_ttl(self) -> Self {
        self.option("ttl", "inherit")
    }

    /// The type of service of packets outside, the ECN bits apart.
    #[must_use]
    pub fn tos(self, tos: u8) -> Self {
        self.option("tos", tos.to_string())
    }

    /// The type of service outside is that of the packet inside.
    #[must_use]
    pub fn inherit_tos(self) -> Self {
        self.option("tos", "inherit")
    }

    /// Whether packets outside must not be fragmented; so it is if nothing is said.
    #[must_use]
    pub fn dont_fragment(self, on: bool) -> Self {
        self.option("df_default", on.to_string())
    }

    /// Checksums of the header outside.
    #[must_use]
    pub fn checksum(self, on: bool) -> Self {
        self.option("csum", on.to_string())
    }

    /// Any other option that `ovs-vswitchd.conf.db(5)` lists for tunnels.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.insert(name.into(), value.into());
        self
    }

    pub(crate) fn into_options(self) -> BTreeMap<String, String> {
        self.options
    }
}
