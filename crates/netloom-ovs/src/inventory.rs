//! What there is.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::notation::Row;

/// A bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bridge {
    /// Its name, which is also that of its internal port.
    pub name: String,
    /// `system`, `netdev`, or empty for the first.
    pub datapath: String,
    /// Its ports by name, its own among them.
    pub ports: Vec<Port>,
    /// `standalone` or `secure`, if it was set.
    pub fail_mode: Option<String>,
    /// Spanning Tree.
    pub stp: bool,
    /// Rapid Spanning Tree.
    pub rstp: bool,
    /// Multicast snooping.
    pub multicast_snooping: bool,
    /// Notes of other programs.
    pub external_ids: BTreeMap<String, String>,
    /// Further settings.
    pub other_config: BTreeMap<String, String>,
}

impl Bridge {
    /// Where its interfaces are: by port and name.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.ports
            .iter()
            .flat_map(move |port| port.interfaces.iter().map(move |interface| Place { bridge: self, port, interface }))
    }
}

/// A port of a bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// Its name.
    pub name: String,
    /// One interface, several in a bond.
    pub interfaces: Vec<Interface>,
    /// The VLAN of untagged packets.
    pub tag: Option<u16>,
    /// The VLANs that pass; none means all.
    pub trunks: Vec<u16>,
    /// How these are meant, in the database's words ([`VlanMode`](crate::VlanMode)), if it was set.
    pub vlan_mode: Option<String>,
}

/// An interface of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interface {
    /// What the database knows it by, for as long as it is there: `65ee5a29-e598-44d7-95ab-32baf626b3f8`.
    pub uuid: String,
    /// Its name; the link's, if it is one.
    pub name: String,
    /// `internal`, `patch`, `vxlan`, …; empty or `system` for a link that others made.
    pub kind: String,
    /// Settings of this kind.
    pub options: BTreeMap<String, String>,
    /// Why it does not work, in Open vSwitch's words.
    pub error: Option<String>,
    /// Its number in OpenFlow; −1 if it does not work, None if `ovs-vswitchd` has not come to it yet.
    pub number: Option<i64>,
    /// The index of its link, if it is one and `ovs-vswitchd` has looked already.
    pub ifindex: Option<i32>,
    /// Its hardware address, `fe:6d:f3:5a:1a:3d`.
    pub mac: Option<String>,
    /// Its MTU in bytes.
    pub mtu: Option<u32>,
    /// Whether it is up and running: `up` or `down`.
    pub link_state: Option<String>,
    /// Notes of other programs.
    pub external_ids: BTreeMap<String, String>,
}

impl Interface {
    /// Whether Open vSwitch makes the link: a port of the kind `internal`.
    pub fn is_internal(&self) -> bool {
        self.kind == "internal"
    }

    /// Whether the kernel has no link of its name: it is a patch port or a tunnel.
    pub fn is_linkless(&self) -> bool {
        const KINDS: [&str; 11] =
            ["patch", "vxlan", "geneve", "gre", "ip6gre", "erspan", "ip6erspan", "gtpu", "bareudp", "lisp", "stt"];
        KINDS.contains(&&*self.kind)
    }

    /// Whether it is a link that others made.
    pub fn is_system(&self) -> bool {
        matches!(&*self.kind, "" | "system")
    }
}

/// Where an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place<'a> {
    /// The bridge.
    pub bridge: &'a Bridge,
    /// The port.
    pub port: &'a Port,
    /// The interface.
    pub interface: &'a Interface,
}

impl Place<'_> {
    /// Whether it is the bridge's own interface.
    pub fn is_bridge(&self) -> bool {
        self.bridge.name == self.interface.name
    }
}

/// All bridges of an Open vSwitch at one moment.
///
/// ```no_run
/// use netloom_ovs::OpenVswitch;
///
/// # fn main() -> netloom_ovs::Result<()> {
/// let inventory = OpenVswitch::new().list()?;
/// if let Some(place) = inventory.interface("eth1") {
///     println!("eth1 is on {}, with the tag {:?}", place.bridge.name, place.port.tag);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    bridges: Vec<Bridge>,
    /// Where an interface of a name is: bridge, port, interface.
    places: HashMap<String, (usize, usize, usize)>,
}

impl Inventory {
    /// The bridges by name.
    pub fn bridges(&self) -> &[Bridge] {
        &self.bridges
    }

    /// The bridge of this name.
    pub fn bridge(&self, name: &str) -> Option<&Bridge> {
        let found = self.bridges.binary_search_by(|bridge| (*bridge.name).cmp(name)).ok()?;
        self.bridges.get(found)
    }

    /// Where every interface is: by bridge, port and name.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.bridges.iter().flat_map(Bridge::places)
    }

    /// Where the interface of this name is; a bridge's own has its name.
    pub fn interface(&self, name: &str) -> Option<Place<'_>> {
        let &(bridge, port, interface) = self.places.get(name)?;
        let bridge = self.bridges.get(bridge)?;
        let port = bridge.ports.get(port)?;
        Some(Place { bridge, port, interface: port.interfaces.get(interface)? })
    }
}

/// Tables that are asked for, each with its columns.
pub(crate) const TABLES: [(&str, &[&str]); 3] = [
    (
        "Bridge",
        &[
            "name",
            "datapath_type",
            "ports",
            "fail_mode",
            "stp_enable",
            "rstp_enable",
            "mcast_snooping_enable",
            "external_ids",
            "other_config",
        ],
    ),
    ("Port", &["name", "interfaces", "tag", "trunks", "vlan_mode"]),
    (
        "Interface",
        &["name", "type", "options", "error", "ofport", "ifindex", "mac_in_use", "mtu", "link_state", "external_ids"],
    ),
];

/// Rows of those tables by their identity.
pub(crate) type Tables = [HashMap<String, Row>; 3];

/// The questions whose answers [`read`] takes.
pub(crate) fn questions() -> impl Iterator<Item = Value> {
    TABLES.iter().map(|(table, columns)| {
        let columns: Vec<&str> = columns.iter().copied().chain(["_uuid"]).collect();
        json!({"op": "select", "table": table, "where": [], "columns": columns})
    })
}

/// The rows of the answers.
pub(crate) fn read(answers: &[Value]) -> Tables {
    let mut tables = Tables::default();
    for (table, answer) in tables.iter_mut().zip(answers) {
        let rows = answer.get("rows").and_then(Value::as_array);
        for row in rows.into_iter().flatten().filter_map(Row::new) {
            let uuid = row.uuid().map(str::to_owned);
            table.extend(uuid.map(|uuid| (uuid, row)));
        }
    }
    tables
}

impl From<&Tables> for Inventory {
    fn from([bridges, ports, interfaces]: &Tables) -> Self {
        let shown = |row: &Row| shown_bridge(row, ports, interfaces);
        let mut bridges: Vec<Bridge> = bridges.values().map(shown).collect();
        bridges.sort_by(|a, b| a.name.cmp(&b.name));
        let mut places = HashMap::new();
        for (b, bridge) in bridges.iter().enumerate() {
            for (p, port) in bridge.ports.iter().enumerate() {
                let names = port.interfaces.iter().enumerate();
                places.extend(names.map(|(i, interface)| (interface.name.clone(), (b, p, i))));
            }
        }
        Self { bridges, places }
    }
}

fn shown_bridge(row: &Row, ports: &HashMap<String, Row>, interfaces: &HashMap<String, Row>) -> Bridge {
    let rows = row.references("ports").filter_map(|uuid| ports.get(uuid));
    let mut ports: Vec<Port> = rows.map(|row| shown_port(row, interfaces)).collect();
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    Bridge {
        name: text(row, "name"),
        datapath: text(row, "datapath_type"),
        ports,
        fail_mode: row.text("fail_mode").map(str::to_owned),
        stp: row.flag("stp_enable"),
        rstp: row.flag("rstp_enable"),
        multicast_snooping: row.flag("mcast_snooping_enable"),
        external_ids: row.pairs("external_ids"),
        other_config: row.pairs("other_config"),
    }
}

fn shown_port(row: &Row, interfaces: &HashMap<String, Row>) -> Port {
    let rows = row.references("interfaces").filter_map(|uuid| Some((uuid, interfaces.get(uuid)?)));
    let mut interfaces: Vec<Interface> = rows.map(|(uuid, row)| shown_interface(uuid, row)).collect();
    interfaces.sort_by(|a, b| a.name.cmp(&b.name));
    let (name, vlan_mode) = (text(row, "name"), row.text("vlan_mode").map(str::to_owned));
    Port { name, interfaces, tag: row.number("tag"), trunks: row.numbers("trunks"), vlan_mode }
}

fn shown_interface(uuid: &str, row: &Row) -> Interface {
    Interface {
        uuid: uuid.to_owned(),
        name: text(row, "name"),
        kind: text(row, "type"),
        options: row.pairs("options"),
        error: row.text("error").map(str::to_owned),
        number: row.integer("ofport"),
        // Tunnels without a link of their own are told with 0.
        ifindex: row.number("ifindex").filter(|index| *index > 0),
        mac: row.text("mac_in_use").map(str::to_owned),
        mtu: row.number("mtu"),
        link_state: row.text("link_state").map(str::to_owned),
        external_ids: row.pairs("external_ids"),
    }
}

fn text(row: &Row, column: &str) -> String {
    row.text(column).unwrap_or_default().to_owned()
}
