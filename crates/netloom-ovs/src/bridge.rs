//! Bridges that are to be made or changed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{notation, port::NewPort};

/// What a bridge does with packets while it has no controller (column `fail_mode` of the table `Bridge`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailMode {
    /// Forwards as a learning switch; what bridges do if nothing is said.
    Standalone,
    /// Only what flows that were set say.
    Secure,
}

impl FailMode {
    /// The database's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standalone => "standalone",
            Self::Secure => "secure",
        }
    }
}

/// What bridges that are made and bridges that are changed have in common.
macro_rules! common_methods {
    () => {
        /// Its name.
        pub fn name(&self) -> &str {
            &self.name
        }

        /// The datapath: `system` is the kernel's, `netdev` the one in user space. Of a bridge that is there Open vSwitch
        /// makes all links anew.
        #[must_use]
        pub fn datapath(self, kind: &str) -> Self {
            self.column("datapath_type", kind.into())
        }

        /// What it does without a controller.
        #[must_use]
        pub fn fail_mode(self, mode: FailMode) -> Self {
            self.column("fail_mode", mode.name().into())
        }

        /// Spanning Tree (IEEE 802.1D-1998).
        #[must_use]
        pub fn stp(self, on: bool) -> Self {
            self.column("stp_enable", on.into())
        }

        /// Rapid Spanning Tree (IEEE 802.1D-2004).
        #[must_use]
        pub fn rstp(self, on: bool) -> Self {
            self.column("rstp_enable", on.into())
        }

        /// Multicast snooping.
        #[must_use]
        pub fn multicast_snooping(self, on: bool) -> Self {
            self.column("mcast_snooping_enable", on.into())
        }

        fn column(mut self, name: &str, value: Value) -> Self {
            self.columns.insert(name.to_owned(), value);
            self
        }
    };
}

/// A bridge that is to be made, with the interface of its own name.
///
/// ```
/// use netloom_ovs::{FailMode, NewBridge};
///
/// let bridge = NewBridge::new("br0").datapath("netdev").fail_mode(FailMode::Secure).stp(true);
/// assert_eq!(bridge.name(), "br0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBridge {
    name: String,
    columns: Map<String, Value>,
    mtu: Option<u32>,
    external_ids: BTreeMap<String, String>,
    other_config: BTreeMap<String, String>,
}

impl NewBridge {
    /// A bridge of this name, in the kernel's datapath; at most 15 bytes, as its interface is a link of that name.
    pub fn new(name: impl Into<String>) -> Self {
        let (external_ids, other_config) = Default::default();
        Self { name: name.into(), columns: Map::new(), mtu: None, external_ids, other_config }
    }

    common_methods!();

    /// The MTU of its own interface, in bytes.
    #[must_use]
    pub fn mtu(mut self, mtu: u32) -> Self {
        self.mtu = Some(mtu);
        self
    }

    /// A note for other programs, in the column `external_ids`.
    #[must_use]
    pub fn external_id(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.external_ids.insert(key.into(), value.into());
        self
    }

    /// A setting of the column `other_config`: `hwaddr`, `mac-aging-time` …, as `ovs-vswitchd.conf.db(5)` lists them.
    #[must_use]
    pub fn config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.other_config.insert(key.into(), value.into());
        self
    }

    /// Its own port.
    pub(crate) fn port(&self) -> NewPort {
        let port = NewPort::internal(&self.name);
        match self.mtu {
            Some(mtu) => port.mtu(mtu),
            None => port,
        }
    }

    /// The row of the table `Bridge`, with its first port.
    pub(crate) fn row(&self, port: &Value) -> Value {
        let mut row = self.columns.clone();
        row.insert("name".to_owned(), json!(self.name));
        row.insert("ports".to_owned(), port.clone());
        row.insert("external_ids".to_owned(), notation::map(&self.external_ids));
        row.insert("other_config".to_owned(), notation::map(&self.other_config));
        row.into()
    }
}

/// A bridge that is to be changed; what is not said stays.
///
/// ```
/// use netloom_ovs::{FailMode, SetBridge};
///
/// let set = SetBridge::new("br0").fail_mode(FailMode::Secure).rstp(true);
/// assert_eq!(set.name(), "br0");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBridge {
    name: String,
    columns: Map<String, Value>,
}

impl SetBridge {
    /// Changes of the bridge of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), columns: Map::new() }
    }

    common_methods!();

    /// The columns of the table `Bridge` that change.
    pub(crate) fn columns(&self) -> &Map<String, Value> {
        &self.columns
    }
}
