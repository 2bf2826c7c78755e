//! BPF programs that links and routes are given: loading them, with their maps and types, and those that are pinned
//! (`bpf(2)`, `linux/bpf.h`).
//!
//! What these make is a descriptor, which requests name: XDP of links, the encapsulations `bpf` and `seg6local` of routes. The
//! instructions come from the caller; none of this reads object files. It takes `CAP_BPF` and `CAP_NET_ADMIN` (before
//! Linux 5.8 `CAP_SYS_ADMIN`), and before Linux 5.11 room for locked memory (`RLIMIT_MEMLOCK`).
//!
//! ```no_run
//! use netloom_socket::bpf::{Program, ProgramType};
//!
//! // r0 = 2 (BPF_DROP); exit
//! let code = [[0xb7, 0, 0, 0, 2, 0, 0, 0], [0x95, 0, 0, 0, 0, 0, 0, 0]];
//! let drop_all = Program::new(ProgramType::LwtXmit, &code, c"GPL").name("drop_all").load()?;
//! netloom_socket::bpf::pin(&drop_all, "/sys/fs/bpf/drop_all")?;
//! # Ok::<(), netloom_wire::Error>(())
//! ```

mod map;
mod pins;
mod program;

use std::{ffi::CString, fmt, io, os::fd::OwnedFd};

use netloom_wire::{Error, ErrorKind, Result};

use crate::{namespace::failed, sys};

pub use map::Map;
pub use pins::{open_pinned, pin, program_type};
pub use program::{Program, ProgramType, Types};

/// Gives the kernel descriptions of types (the section `.BTF` of an object file; Linux 4.18), for [`Types`] and
/// [`Map::types`].
///
/// ```no_run
/// let types = netloom_socket::bpf::load_types(&std::fs::read("program.btf")?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load_types(types: &[u8]) -> Result<OwnedFd> {
    sys::bpf_load_types(types).map_err(|error| refused(&error, "load BPF types"))
}

/// A name as the kernel wants it: at most 15 bytes, and others than letters, digits, `_` and `.` are `_`.
fn name(wanted: &str) -> [u8; sys::BPF_NAME] {
    let mut name = [0; sys::BPF_NAME];
    let allowed = wanted.bytes().map(|b| if b.is_ascii_alphanumeric() || b == b'.' { b } else { b'_' });
    name.iter_mut().take(sys::BPF_NAME.saturating_sub(1)).zip(allowed).for_each(|(to, byte)| *to = byte);
    name
}

/// A path for the kernel.
fn path(given: &str) -> Result<CString> {
    CString::new(given).map_err(|_| Error::new(ErrorKind::InvalidInput, format!("{given:?} is no path")))
}

fn refused(error: &io::Error, asked: impl fmt::Display) -> Error {
    failed(error, "bpf").about(asked)
}
