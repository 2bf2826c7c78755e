//! Programs that are pinned in a BPF file system.

use std::os::fd::{AsFd, OwnedFd};

use aya::programs::{ProgramError, ProgramInfo, ProgramType};

use crate::bpf::Purpose;

/// Opens the program at `path`, which must be of the type that the purpose takes.
pub(crate) fn pinned(purpose: Purpose, path: &str) -> Result<OwnedFd, String> {
    if path.contains('\0') {
        return Err(format!("{path:?} is no path"));
    }
    let said = |error: ProgramError| format!("cannot open the program pinned at {path:?}: {}", deepest(&error));
    let info = ProgramInfo::from_pin(path).map_err(said)?;
    let (wanted, found) = (type_of(purpose), info.program_type().map_err(said)?);
    if found != wanted {
        return Err(format!("the program pinned at {path:?} is of the type {found:?}; {wanted:?} is needed"));
    }
    let fd = info.fd().map_err(said)?;
    fd.as_fd().try_clone_to_owned().map_err(|error| format!("{path:?}: {error}"))
}

fn type_of(purpose: Purpose) -> ProgramType {
    match purpose {
        Purpose::Xdp => ProgramType::Xdp,
        Purpose::In => ProgramType::LwtInput,
        Purpose::Out => ProgramType::LwtOutput,
        Purpose::Xmit => ProgramType::LwtXmit,
        Purpose::Seg6Local => ProgramType::LwtSeg6local,
    }
}

/// What lies at the bottom of an error: the kernel's own word.
pub(super) fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
