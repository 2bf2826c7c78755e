//! From a change to the operations of a transaction (RFC 7047 §5.2), by what the database holds.

use std::collections::{HashMap, HashSet};

use netloom_wire::{Errno, Error, ErrorKind, Result};
use serde_json::{Map, Value, json};

use crate::{
    bridge::{NewBridge, SetBridge},
    change::{Change, Step},
    notation::{Row, as_uuid, named, row, set, uuid},
    port::{NewPort, SetPort},
};

/// The transaction of a change.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) operations: Vec<Planned>,
    /// Interfaces that have to work afterwards, each with its step.
    pub(crate) checks: Vec<(Value, usize)>,
    /// What takes the steps back, in their order; references to new rows are still by name.
    pub(crate) undo: Vec<Value>,
}

/// An operation of the transaction.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) body: Value,
    pub(crate) step: usize,
    /// If it makes a row, the name by which the others refer to it.
    pub(crate) makes: Option<String>,
    /// If it only guards against changes since the database was read, what is wrong when it fails.
    pub(crate) guards: Option<String>,
}

/// What was read, and what earlier steps make of it.
#[derive(Default)]
struct Found {
    bridges: HashMap<String, Value>,
    /// Bridges as they were before.
    rows: HashMap<String, Row>,
    ports: HashMap<String, FoundPort>,
    /// Those of the ports that patch ports of the change name which are there.
    peers: HashSet<String>,
    /// Kinds of datapaths that `ovs-vswitchd` has; none if it does not say.
    datapaths: Vec<String>,
}

#[derive(Clone)]
struct FoundPort {
    reference: Value,
    bridge: String,
    interfaces: Vec<Value>,
    /// As they were before; nothing of what the change itself makes.
    row: Option<Row>,
    options: Option<Value>,
}

/// What a plan has to know of bridges: also what [`SetBridge`] can change, to take that back.
const BRIDGE: [&str; 8] =
    ["_uuid", "name", "ports", "datapath_type", "fail_mode", "stp_enable", "rstp_enable", "mcast_snooping_enable"];

/// Operations that ask for what a plan has to know.
pub(crate) fn questions(change: &Change) -> Vec<Value> {
    let mut questions = vec![
        json!({"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["_uuid", "datapath_types"]}),
        json!({"op": "select", "table": "Bridge", "where": [], "columns": BRIDGE}),
    ];
    for step in change.steps() {
        let name = subject(step);
        let of_name = json!([["name", "==", name]]);
        let columns = ["_uuid", "name", "interfaces", "tag", "trunks", "vlan_mode"];
        questions.push(json!({"op": "select", "table": "Port", "where": of_name, "columns": columns}));
        let columns = ["_uuid", "name", "options"];
        questions.push(json!({"op": "select", "table": "Interface", "where": of_name, "columns": columns}));
        let of_peer = json!([["name", "==", peer(step).unwrap_or_default()]]);
        questions.push(json!({"op": "select", "table": "Interface", "where": of_peer, "columns": ["name"]}));
    }
    questions
}

/// The port that a step is about; a bridge has one of its name.
fn subject(step: &Step) -> &str {
    match step {
        Step::AddBridge(bridge) => bridge.name(),
        Step::AddPort(_, port) => port.name(),
        Step::SetPort(port) => port.name(),
        Step::SetBridge(bridge) => bridge.name(),
        Step::DeleteBridge(name) | Step::DeletePort(name) | Step::MovePort(name, _) => name,
    }
}

/// The port that a patch port of the step is to be connected to.
fn peer(step: &Step) -> Option<&str> {
    match step {
        Step::AddPort(_, port) => port.peer(),
        Step::SetPort(port) => port.peer(),
        _ => None,
    }
}

impl Plan {
    /// The plan of a change, by the answers to its [`questions`].
    pub(crate) fn new(change: &Change, answers: &[Value]) -> Result<Self> {
        let mut plan = Self::default();
        let rows = |answer: Option<&Value>| -> Vec<Row> {
            let rows = answer.and_then(|answer| answer.get("rows")).and_then(Value::as_array);
            rows.into_iter().flatten().filter_map(Row::new).collect()
        };
        let root = rows(answers.first());
        if root.is_empty() {
            // Nobody has used this database yet: `ovs-vsctl` makes the row in the same way.
            plan.guard(0, "another program has set up the database in the meantime", "Open_vSwitch", json!([]), &[]);
            plan.push(0, json!({"op": "insert", "table": "Open_vSwitch", "row": {}}));
        }
        let bridges = rows(answers.get(1));
        let mut of_names = answers.get(2..).unwrap_or_default().iter();
        let datapaths = root.first().map(|root| root.texts("datapath_types")).unwrap_or_default();
        let mut found = Found { datapaths, ..Found::default() };
        for bridge in &bridges {
            if let (Some(name), Some(id)) = (bridge.text("name"), bridge.uuid()) {
                found.bridges.insert(name.to_owned(), uuid(id));
                found.rows.insert(name.to_owned(), bridge.clone());
            }
        }
        while let Some(ports) = of_names.next() {
            let interfaces = rows(of_names.next());
            for port in rows(Some(ports)) {
                found.take(&port, interfaces.first(), &bridges);
            }
            found.peers.extend(rows(of_names.next()).iter().filter_map(|peer| peer.text("name")).map(str::to_owned));
        }
        for (number, step) in change.steps().iter().enumerate() {
            plan.step(number, step, &mut found).map_err(|error| error.about(step))?;
        }
        Ok(plan)
    }

    fn step(&mut self, number: usize, step: &Step, found: &mut Found) -> Result<()> {
        match step {
            Step::AddBridge(bridge) => self.add_bridge(number, bridge, found),
            Step::AddPort(bridge, port) => self.add_port(number, bridge, port, found),
            Step::DeleteBridge(bridge) => {
                let reference = found.bridge(bridge)?;
                self.guard_bridge(number, bridge, &reference, None);
                self.mutate(number, "Open_vSwitch", &json!([]), "bridges", "delete", &reference);
                found.bridges.remove(bridge);
                found.ports.retain(|_, port| port.bridge != *bridge);
                Ok(())
            }
            Step::DeletePort(port) => {
                let at = found.movable(port)?;
                let bridge = found.bridge(&at.bridge)?;
                self.guard_bridge(number, &at.bridge, &bridge, Some((port, &at.reference)));
                self.mutate(number, "Bridge", &row(&bridge), "ports", "delete", &at.reference);
                found.ports.remove(port);
                Ok(())
            }
            Step::MovePort(port, bridge) => self.move_port(number, port, bridge, found),
            Step::SetPort(port) => self.set_port(number, port, found),
            Step::SetBridge(bridge) => self.set_bridge(number, bridge, found),
        }
    }

    fn add_bridge(&mut self, number: usize, bridge: &NewBridge, found: &mut Found) -> Result<()> {
        let name = bridge.name();
        check_name(name)?;
        found.is_free(name)?;
        if found.bridges.contains_key(name) {
            return Err(exists(format!("there is a bridge {name} already")));
        }
        let (interface, port, made) = self.insert_port(number, &bridge.port());
        let label = format!("bridge{number}");
        self.insert(number, "Bridge", bridge.row(&port), label.clone());
        let made_bridge = named(&label);
        self.mutate(number, "Open_vSwitch", &json!([]), "bridges", "insert", &made_bridge);
        self.undo.push(mutation("Open_vSwitch", &json!([]), "bridges", "delete", &made_bridge));
        self.checks.push((interface, number));
        found.bridges.insert(name.to_owned(), made_bridge);
        found.ports.insert(name.to_owned(), FoundPort { bridge: name.to_owned(), ..made });
        Ok(())
    }

    fn add_port(&mut self, number: usize, bridge: &str, port: &NewPort, found: &mut Found) -> Result<()> {
        check_name(port.name())?;
        let to = found.bridge(bridge)?;
        found.is_free(port.name())?;
        self.guard_bridge(number, bridge, &to, None);
        let (interface, reference, made) = self.insert_port(number, port);
        self.mutate(number, "Bridge", &row(&to), "ports", "insert", &reference);
        self.undo.push(mutation("Bridge", &row(&to), "ports", "delete", &reference));
        if !found.lacks(port.peer(), port.name()) {
            self.checks.push((interface, number));
        }
        found.ports.insert(port.name().to_owned(), FoundPort { bridge: bridge.to_owned(), ..made });
        Ok(())
    }

    /// Inserts the rows of a port; the references to interface and port.
    fn insert_port(&mut self, number: usize, port: &NewPort) -> (Value, Value, FoundPort) {
        let (interface_label, port_label) = (format!("interface{number}"), format!("port{number}"));
        let (interface, reference) = (named(&interface_label), named(&port_label));
        self.insert(number, "Interface", port.interface_row(), interface_label);
        self.insert(number, "Port", port.port_row(&interface), port_label);
        let interfaces = vec![interface.clone()];
        let made =
            FoundPort { reference: reference.clone(), bridge: String::new(), interfaces, row: None, options: None };
        (interface, reference, made)
    }

    fn move_port(&mut self, number: usize, port: &str, bridge: &str, found: &mut Found) -> Result<()> {
        let to = found.bridge(bridge)?;
        let at = found.movable(port)?;
        if at.bridge == bridge {
            return Ok(());
        }
        let from = found.bridge(&at.bridge)?;
        self.guard_bridge(number, &at.bridge, &from, Some((port, &at.reference)));
        self.guard_bridge(number, bridge, &to, None);
        for (bridge, mutator, back) in [(&from, "delete", "insert"), (&to, "insert", "delete")] {
            self.mutate(number, "Bridge", &row(bridge), "ports", mutator, &at.reference);
            self.undo.push(mutation("Bridge", &row(bridge), "ports", back, &at.reference));
        }
        self.checks.extend(at.interfaces.iter().map(|interface| (interface.clone(), number)));
        if let Some(moved) = found.ports.get_mut(port) {
            bridge.clone_into(&mut moved.bridge);
        }
        Ok(())
    }

    fn set_port(&mut self, number: usize, port: &SetPort, found: &Found) -> Result<()> {
        let at = found.port(port.name())?;
        let of_port = row(&at.reference);
        if as_uuid(&at.reference).is_some() {
            let rows = [json!({"name": port.name()})];
            self.guard(number, "the port was deleted in the meantime", "Port", of_port.clone(), &rows);
        }
        self.update(number, "Port", &of_port, port.columns(), at.row.as_ref());
        if port.gone_options().next().is_some() {
            let [interface] = at.interfaces.as_slice() else {
                return Err(Error::new(ErrorKind::Unsupported, "a bond has several interfaces, each with its options"));
            };
            let names = set(port.gone_options().map(|name| json!(name)).collect());
            let values = crate::notation::map(port.options());
            let mutations = json!([["options", "delete", names], ["options", "insert", values]]);
            let of_interface = row(interface);
            self.push(
                number,
                json!({"op": "mutate", "table": "Interface", "where": of_interface, "mutations": mutations}),
            );
            if let Some(old) = &at.options {
                let old = json!({"options": old});
                self.undo.push(json!({"op": "update", "table": "Interface", "where": of_interface, "row": old}));
            }
        }
        if !found.lacks(port.peer(), port.name()) {
            self.checks.extend(at.interfaces.iter().map(|interface| (interface.clone(), number)));
        }
        Ok(())
    }

    fn set_bridge(&mut self, number: usize, bridge: &SetBridge, found: &Found) -> Result<()> {
        let reference = found.bridge(bridge.name())?;
        let datapath = bridge.columns().get("datapath_type").and_then(Value::as_str).filter(|kind| !kind.is_empty());
        // The links of a bridge whose new datapath is not there are gone, and the database does not say a word.
        if let Some(kind) = datapath.filter(|kind| found.has_not(kind)) {
            let detail = format!("{kind} is no datapath of this Open vSwitch: {}", found.datapaths.join(", "));
            return Err(Error::new(ErrorKind::InvalidInput, detail));
        }
        self.guard_bridge(number, bridge.name(), &reference, None);
        self.update(number, "Bridge", &row(&reference), bridge.columns(), found.rows.get(bridge.name()));
        if let Ok(own) = found.port(bridge.name()) {
            self.checks.extend(own.interfaces.iter().map(|interface| (interface.clone(), number)));
        }
        Ok(())
    }

    /// Writes columns of a row; `old` is what it was before the change, if it was there.
    fn update(&mut self, step: usize, table: &str, of: &Value, columns: &Map<String, Value>, old: Option<&Row>) {
        if columns.is_empty() {
            return;
        }
        let update =
            |columns: &Map<String, Value>| json!({"op": "update", "table": table, "where": of, "row": columns});
        self.push(step, update(columns));
        if let Some(old) = old {
            self.undo.push(update(&columns.keys().map(|name| (name.clone(), old.column(name))).collect()));
        }
    }

    fn push(&mut self, step: usize, body: Value) {
        self.operations.push(Planned { body, step, makes: None, guards: None });
    }

    fn insert(&mut self, step: usize, table: &str, row: Value, label: String) {
        let body = json!({"op": "insert", "table": table, "row": row, "uuid-name": label});
        self.operations.push(Planned { body, step, makes: Some(label), guards: None });
    }

    fn mutate(&mut self, step: usize, table: &str, of: &Value, column: &str, mutator: &str, element: &Value) {
        self.push(step, mutation(table, of, column, mutator, element));
    }

    /// Fails unless these rows, by their names, are those that meet the condition.
    fn guard(&mut self, step: usize, wrong: &str, table: &str, condition: Value, rows: &[Value]) {
        let body = json!({"op": "wait", "table": table, "where": condition, "columns": ["name"], "until": "==",
            "rows": rows, "timeout": 0});
        // The root of the tables has no name.
        let body = if rows.is_empty() {
            json!({"op": "wait", "table": table, "where": condition, "columns": ["_uuid"], "until": "==",
                "rows": [], "timeout": 0})
        } else {
            body
        };
        self.operations.push(Planned { body, step, makes: None, guards: Some(wrong.to_owned()) });
    }

    /// Fails unless the bridge is still there, and the port is on it.
    fn guard_bridge(&mut self, step: usize, name: &str, bridge: &Value, port: Option<(&str, &Value)>) {
        if as_uuid(bridge).is_none() {
            return;
        }
        let (wrong, condition) = match port.filter(|(_, reference)| as_uuid(reference).is_some()) {
            Some((port, reference)) => (
                format!("port {port} left bridge {name} in the meantime"),
                json!([["_uuid", "==", bridge], ["ports", "includes", reference]]),
            ),
            None => (format!("bridge {name} was deleted in the meantime"), row(bridge)),
        };
        self.guard(step, &wrong, "Bridge", condition, &[json!({"name": name})]);
    }
}

impl Found {
    /// Takes a port that was read.
    fn take(&mut self, port: &Row, interface: Option<&Row>, bridges: &[Row]) {
        let (Some(name), Some(id)) = (port.text("name"), port.uuid()) else { return };
        let holder = bridges.iter().find(|bridge| bridge.references("ports").any(|held| held == id));
        let Some(bridge) = holder.and_then(|bridge| bridge.text("name")) else { return };
        let made = FoundPort {
            reference: uuid(id),
            bridge: bridge.to_owned(),
            interfaces: port.references("interfaces").map(uuid).collect(),
            row: Some(port.clone()),
            options: interface.map(|interface| interface.column("options")),
        };
        self.ports.insert(name.to_owned(), made);
    }

    /// Whether what a patch port is connected to is not there yet: until it is, the port has an error that is none.
    fn lacks(&self, peer: Option<&str>, own: &str) -> bool {
        peer.is_some_and(|peer| peer != own && !self.peers.contains(peer) && !self.ports.contains_key(peer))
    }

    /// Whether there is certainly no such datapath.
    fn has_not(&self, datapath: &str) -> bool {
        !self.datapaths.is_empty() && !self.datapaths.iter().any(|known| known == datapath)
    }

    fn bridge(&self, name: &str) -> Result<Value> {
        self.bridges.get(name).cloned().ok_or_else(|| absent(format!("there is no bridge {name}")))
    }

    fn port(&self, name: &str) -> Result<FoundPort> {
        self.ports.get(name).cloned().ok_or_else(|| absent(format!("no bridge has a port {name}")))
    }

    /// A port that may leave its bridge.
    fn movable(&self, name: &str) -> Result<FoundPort> {
        let port = self.port(name)?;
        if port.bridge == name {
            let detail = format!("{name} is the bridge's own port, which goes with the bridge only");
            return Err(Error::new(ErrorKind::InvalidInput, detail));
        }
        Ok(port)
    }

    fn is_free(&self, name: &str) -> Result<()> {
        match self.ports.get(name) {
            Some(port) if port.bridge == name => Err(exists(format!("there is a bridge {name} already"))),
            Some(port) => Err(exists(format!("bridge {} has a port {name} already", port.bridge))),
            None => Ok(()),
        }
    }
}

fn mutation(table: &str, of: &Value, column: &str, mutator: &str, element: &Value) -> Value {
    let mutations = json!([[column, mutator, set(vec![element.clone()])]]);
    json!({"op": "mutate", "table": table, "where": of, "mutations": mutations})
}

/// The database would take a row without name.
fn check_name(name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "bridges and ports need a name"));
    }
    Ok(())
}

fn exists(detail: String) -> Error {
    Error::new(ErrorKind::Service, detail).numbered(Errno::EEXIST)
}

fn absent(detail: String) -> Error {
    Error::new(ErrorKind::Service, detail).numbered(Errno::ENODEV)
}
