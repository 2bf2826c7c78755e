//! Maps, in which programs keep what outlives a packet.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use netloom_wire::Result;

use super::{name, refused};
use crate::sys::{self, BpfMap};

/// A map that is to be made.
///
/// ```no_run
/// use netloom_socket::bpf::Map;
///
/// // An array (BPF_MAP_TYPE_ARRAY) of 16 counters.
/// let counters = Map::new(2, 4, 8, 16).name("counters").create()?;
/// # Ok::<(), netloom_wire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Map<'a> {
    numbers: BpfMap,
    name: &'a str,
    types: Option<BorrowedFd<'a>>,
}

impl<'a> Map<'a> {
    /// A map of a kind (`BPF_MAP_TYPE_*`), with the sizes of its keys and values in bytes, and its most entries.
    pub fn new(kind: u32, key_size: u32, value_size: u32, entries: u32) -> Self {
        Self { numbers: BpfMap { kind, key_size, value_size, entries, ..BpfMap::default() }, name: "", types: None }
    }

    /// Its name; the kernel keeps 15 bytes.
    #[must_use]
    pub fn name(mut self, wanted: &'a str) -> Self {
        (self.name, self.numbers.name) = (wanted, name(wanted));
        self
    }

    /// Flags (`BPF_F_*` of maps).
    #[must_use]
    pub fn flags(mut self, flags: u32) -> Self {
        self.numbers.flags = flags;
        self
    }

    /// Index of the link whose device is to hold it, in the network namespace of the calling thread.
    #[must_use]
    pub fn device(mut self, index: u32) -> Self {
        self.numbers.device = index;
        self
    }

    /// The types of its keys and values: what [`load_types`](super::load_types) made, and two numbers in there.
    #[must_use]
    pub fn types(mut self, types: &'a impl AsFd, key: u32, value: u32) -> Self {
        self.types = Some(types.as_fd());
        (self.numbers.key_type, self.numbers.value_type) = (key, value);
        self
    }

    /// Makes it.
    pub fn create(&self) -> Result<OwnedFd> {
        let types = self.types.map_or(0, |types| types.as_raw_fd());
        let made = sys::bpf_create_map(BpfMap { types, ..self.numbers });
        made.map_err(|error| refused(&error, self.asked()))
    }

    /// Makes an array whose one value is `data`, whatever kind and sizes were said: global variables of a program.
    ///
    /// ```no_run
    /// use netloom_socket::bpf::Map;
    ///
    /// /// BPF_F_RDONLY_PROG
    /// const READ_ONLY: u32 = 1 << 7;
    /// let constants = Map::new(0, 0, 0, 0).name(".rodata").flags(READ_ONLY).create_with(&[7, 0, 0, 0])?;
    /// netloom_socket::bpf::Map::freeze(&constants)?;
    /// # Ok::<(), netloom_wire::Error>(())
    /// ```
    pub fn create_with(&self, data: &[u8]) -> Result<OwnedFd> {
        sys::bpf_create_data(self.numbers, data).map_err(|error| refused(&error, self.asked()))
    }

    /// Has system calls no longer change a map (Linux 5.2); with it the verifier takes constants for what they are.
    pub fn freeze(map: &impl AsFd) -> Result<()> {
        sys::bpf_freeze(map.as_fd()).map_err(|error| refused(&error, "freeze a BPF map"))
    }

    fn asked(&self) -> String {
        format!("make BPF map {:?}", self.name)
    }
}
