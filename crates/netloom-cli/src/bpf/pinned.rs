//! Programs that are pinned in a BPF file system.

use std::os::fd::OwnedFd;

use netloom::bpf;

use super::Purpose;

/// Opens the program at `path`, which must be of the type that the purpose takes.
pub(super) fn pinned(purpose: Purpose, path: &str) -> Result<OwnedFd, String> {
    let fd = bpf::open_pinned(path).map_err(|error| error.to_string())?;
    let wanted = purpose.kind();
    match bpf::program_type(&fd).map_err(|error| error.to_string())? {
        Some(found) if found == wanted => Ok(fd),
        Some(found) => Err(format!("the program pinned at {path:?} is of the type {found:?}; {wanted:?} is needed")),
        None => Err(format!("what is pinned at {path:?} is no program")),
    }
}
