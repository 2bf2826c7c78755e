//! Programs and maps with a path in a BPF file system.

use std::{
    fs, io,
    os::fd::{AsFd, AsRawFd, OwnedFd},
};

use netloom_wire::Result;

use super::{ProgramType, path, refused};
use crate::sys;

/// Pins a program or a map at a path of a BPF file system, where it stays when its descriptors are closed.
///
/// ```no_run
/// use netloom_socket::bpf;
///
/// let counters = bpf::Map::new(2, 4, 8, 16).name("counters").create()?;
/// bpf::pin(&counters, "/sys/fs/bpf/counters")?;
/// # Ok::<(), netloom_wire::Error>(())
/// ```
pub fn pin(object: &impl AsFd, at: &str) -> Result<()> {
    sys::bpf_pin(object.as_fd(), path(at)?.as_c_str())
        .map_err(|error| refused(&error, format_args!("pin a BPF object at {at:?}")))
}

/// Opens the program or map that is pinned at a path.
///
/// ```no_run
/// use netloom_socket::bpf::{self, ProgramType};
///
/// let program = bpf::open_pinned("/sys/fs/bpf/drop_all")?;
/// assert_eq!(bpf::program_type(&program)?, Some(ProgramType::LwtXmit));
/// # Ok::<(), netloom_wire::Error>(())
/// ```
pub fn open_pinned(at: &str) -> Result<OwnedFd> {
    sys::bpf_open(path(at)?.as_c_str())
        .map_err(|error| refused(&error, format_args!("open the BPF object pinned at {at:?}")))
}

/// The type of the program that a descriptor is of; None if it is of something else. It reads `/proc`.
pub fn program_type(object: &impl AsFd) -> Result<Option<ProgramType>> {
    let known = fs::read_to_string(format!("/proc/self/fdinfo/{}", object.as_fd().as_raw_fd()))
        .map_err(|error: io::Error| refused(&error, "look at a BPF object"))?;
    let number = known.lines().find_map(|line| line.strip_prefix("prog_type:")?.trim().parse().ok());
    Ok(number.map(|number: u32| number.into()))
}
