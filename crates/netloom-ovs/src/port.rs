//! Ports that are to be made or changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use netloom_wire::{Error, ErrorKind, Result};
use serde_json::{Map, Value, json};

use crate::{notation, tunnel::Tunnel};

/// How a port treats VLANs (column `vlan_mode` of the table `Port`).
///
/// Unset, a port with a tag is an access port and one without a trunk.
///
/// ```
/// use netloom_ovs::{NewPort, VlanMode};
///
/// let port = NewPort::new("eth1").tag(5).trunks([10, 20]).vlan_mode(VlanMode::NativeUntagged);
/// assert_eq!("native-untagged".parse(), Ok(VlanMode::NativeUntagged));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VlanMode {
    /// Untagged packets of one VLAN.
    Access,
    /// Tagged packets of the trunks' VLANs.
    Trunk,
    /// A trunk whose untagged packets are in the VLAN of the tag, and leave with it.
    NativeTagged,
    /// The same, but they leave without.
    NativeUntagged,
    /// Whatever comes, tagged or not, is in the VLAN of the tag (IEEE 802.1ad).
    Dot1qTunnel,
}

impl VlanMode {
    const NAMES: [(Self, &str); 5] = [
        (Self::Access, "access"),
        (Self::Trunk, "trunk"),
        (Self::NativeTagged, "native-tagged"),
        (Self::NativeUntagged, "native-untagged"),
        (Self::Dot1qTunnel, "dot1q-tunnel"),
    ];

    /// The database's name of it.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(mode, _)| *mode == self).map_or("", |(_, name)| name)
    }
}

impl std::str::FromStr for VlanMode {
    type Err = NotAVlanMode;

    fn from_str(text: &str) -> Result<Self, NotAVlanMode> {
        Self::NAMES.iter().find(|(_, name)| *name == text).map(|(mode, _)| *mode).ok_or(NotAVlanMode)
    }
}

/// A text that names no mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAVlanMode;

impl fmt::Display for NotAVlanMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a VLAN mode: access, trunk, native-tagged, native-untagged or dot1q-tunnel")
    }
}

impl std::error::Error for NotAVlanMode {}

/// The columns about VLANs of the table `Port`, as far as they are to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Vlans(Map<String, Value>);

impl Vlans {
    /// What the database refuses too, but in words that do not say which is wrong.
    const HIGHEST: u16 = 4095;

    fn tag(&mut self, tag: Option<u16>) {
        self.put("tag", tag.map_or_else(|| notation::set(Vec::new()), Value::from));
    }

    fn trunks(&mut self, trunks: impl IntoIterator<Item = u16>) {
        self.put("trunks", notation::set(trunks.into_iter().map(Value::from).collect()));
    }

    fn mode(&mut self, mode: Option<VlanMode>) {
        self.put("vlan_mode", mode.map_or_else(|| notation::set(Vec::new()), |mode| mode.name().into()));
    }

    fn put(&mut self, column: &str, value: Value) {
        self.0.insert(column.to_owned(), value);
    }

    fn check(&self) -> Result<()> {
        let numbers = self.0.values().flat_map(notation::elements).filter_map(Value::as_u64);
        match numbers.max().filter(|number| *number > Self::HIGHEST.into()) {
            None => Ok(()),
            Some(number) => {
                let detail = format!("{number} is no VLAN: 0 to {}", Self::HIGHEST);
                Err(Error::new(ErrorKind::InvalidInput, detail))
            }
        }
    }
}

/// What ports that are made and ports that are changed have in common.
macro_rules! common_methods {
    () => {
        /// Its name.
        pub fn name(&self) -> &str {
            &self.name
        }

        /// The VLAN of untagged packets, 0 to 4095.
        #[must_use]
        pub fn tag(mut self, tag: u16) -> Self {
            self.vlans.tag(Some(tag));
            self
        }

        /// The VLANs that pass, 0 to 4095; none, or nothing said, means all.
        #[must_use]
        pub fn trunks(mut self, trunks: impl IntoIterator<Item = u16>) -> Self {
            self.vlans.trunks(trunks);
            self
        }

        /// An option of its interface that has no method here, as `ovs-vswitchd.conf.db(5)` lists them; others stay.
        #[must_use]
        pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.options.insert(name.into(), value.into());
            self
        }

        pub(crate) fn check(&self) -> Result<()> {
            self.vlans.check()
        }

        /// What a patch port is to be connected to.
        pub(crate) fn peer(&self) -> Option<&str> {
            self.options.get("peer").map(String::as_str)
        }
    };
}

/// A port that is to be made, with one interface of the same name.
///
/// ```
/// use netloom_ovs::{NewPort, Tunnel};
///
/// let link = NewPort::new("eth1").trunks([10, 20]);
/// let internal = NewPort::internal("vlan10").tag(10).mtu(9000);
/// let [here, there] = [NewPort::patch("to-br1", "to-br0"), NewPort::patch("to-br0", "to-br1")];
/// let tunnel = NewPort::gre("gre0", Tunnel::to("192.0.2.1".parse().expect("an address")).key(7));
/// assert_eq!(tunnel.name(), "gre0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPort {
    name: String,
    kind: String,
    vlans: Vlans,
    interface: Map<String, Value>,
    options: BTreeMap<String, String>,
    external_ids: BTreeMap<String, String>,
}

impl NewPort {
    /// A link that is there, of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self::kind(name, "", BTreeMap::new())
    }

    /// A link that Open vSwitch makes, by which the machine itself is on the bridge.
    pub fn internal(name: impl Into<String>) -> Self {
        Self::kind(name, "internal", BTreeMap::new())
    }

    /// One end of a connection of two bridges; `peer` is the port at the other end, which names this one. Until that is
    /// there, this one waits for it.
    pub fn patch(name: impl Into<String>, peer: impl Into<String>) -> Self {
        Self::kind(name, "patch", [("peer".to_owned(), peer.into())].into())
    }

    /// A tunnel over VXLAN (RFC 7348).
    pub fn vxlan(name: impl Into<String>, tunnel: Tunnel) -> Self {
        Self::kind(name, "vxlan", tunnel.into_options())
    }

    /// A tunnel over Geneve (RFC 8926).
    pub fn geneve(name: impl Into<String>, tunnel: Tunnel) -> Self {
        Self::kind(name, "geneve", tunnel.into_options())
    }

    /// A tunnel of Ethernet over GRE (RFC 2890).
    pub fn gre(name: impl Into<String>, tunnel: Tunnel) -> Self {
        Self::kind(name, "gre", tunnel.into_options())
    }

    fn kind(name: impl Into<String>, kind: &str, options: BTreeMap<String, String>) -> Self {
        let (vlans, interface, external_ids) = Default::default();
        Self { name: name.into(), kind: kind.to_owned(), vlans, interface, options, external_ids }
    }

    common_methods!();

    /// How tag and trunks are meant.
    #[must_use]
    pub fn vlan_mode(mut self, mode: VlanMode) -> Self {
        self.vlans.mode(Some(mode));
        self
    }

    /// The MTU that an internal port gets, in bytes.
    #[must_use]
    pub fn mtu(mut self, mtu: u32) -> Self {
        self.interface.insert("mtu_request".to_owned(), mtu.into());
        self
    }

    /// The number of the port in OpenFlow that it gets if it is free, 1 to 65279.
    #[must_use]
    pub fn number(mut self, number: u16) -> Self {
        self.interface.insert("ofport_request".to_owned(), number.into());
        self
    }

    /// A note for other programs, in the column `external_ids` of its interface.
    #[must_use]
    pub fn external_id(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.external_ids.insert(key.into(), value.into());
        self
    }

    /// The row of the table `Port`.
    pub(crate) fn port_row(&self, interface: &Value) -> Value {
        let mut row = self.vlans.0.clone();
        row.insert("name".to_owned(), json!(self.name));
        row.insert("interfaces".to_owned(), interface.clone());
        row.into()
    }

    /// The row of the table `Interface`.
    pub(crate) fn interface_row(&self) -> Value {
        let mut row = self.interface.clone();
        row.insert("name".to_owned(), json!(self.name));
        row.insert("type".to_owned(), json!(self.kind));
        row.insert("options".to_owned(), notation::map(&self.options));
        row.insert("external_ids".to_owned(), notation::map(&self.external_ids));
        row.into()
    }
}

/// A port that is to be changed; what is not said stays.
///
/// ```
/// use netloom_ovs::SetPort;
///
/// let access = SetPort::new("eth1").tag(10).trunks([]);
/// let moved = SetPort::new("vx0").option("remote_ip", "192.0.2.2");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPort {
    name: String,
    vlans: Vlans,
    options: BTreeMap<String, String>,
    unset: BTreeSet<String>,
}

impl SetPort {
    /// Changes of the port of this name.
    pub fn new(name: impl Into<String>) -> Self {
        let (vlans, options, unset) = Default::default();
        Self { name: name.into(), vlans, options, unset }
    }

    common_methods!();

    /// Nothing said of an option of its interface any more.
    #[must_use]
    pub fn no_option(mut self, name: impl Into<String>) -> Self {
        self.unset.insert(name.into());
        self
    }

    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.vlans.0.is_empty() && self.options.is_empty() && self.unset.is_empty()
    }

    /// No tag any more.
    #[must_use]
    pub fn no_tag(mut self) -> Self {
        self.vlans.tag(None);
        self
    }

    /// How tag and trunks are meant; None: as it goes by whether there is a tag.
    #[must_use]
    pub fn vlan_mode(mut self, mode: Option<VlanMode>) -> Self {
        self.vlans.mode(mode);
        self
    }

    /// The columns of the table `Port` that change.
    pub(crate) fn columns(&self) -> &Map<String, Value> {
        &self.vlans.0
    }

    /// The options of the table `Interface` that change.
    pub(crate) fn options(&self) -> &BTreeMap<String, String> {
        &self.options
    }

    /// The options that go, whether or not they come anew.
    pub(crate) fn gone_options(&self) -> impl Iterator<Item = &String> {
        self.unset.iter().chain(self.options.keys())
    }
}
