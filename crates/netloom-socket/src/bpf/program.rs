//! Programs, and what the verifier says of them.

use std::{
    ffi::CStr,
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use netloom_wire::{Result, open_enum};

use super::{name, refused};
use crate::sys::{self, BpfProgram};

/// Largest buffer for the verifier's words that every kernel takes, in bytes.
const LARGEST_LOG: usize = 0xff_ffff;
/// How often the kernel is asked again when a signal interrupts its verifier.
const ATTEMPTS: usize = 5;

open_enum! {
    /// What a program is for.
    pub ProgramType: u32 = "bpf-prog-type" {
        /// Packets as a link receives them.
        6 "BPF_PROG_TYPE_XDP" Xdp,
        /// Packets that a route takes in.
        10 "BPF_PROG_TYPE_LWT_IN" LwtIn,
        /// Packets of this machine that a route takes out.
        11 "BPF_PROG_TYPE_LWT_OUT" LwtOut,
        /// Packets that leave by a route.
        12 "BPF_PROG_TYPE_LWT_XMIT" LwtXmit,
        /// A segment's action (`End.BPF`).
        19 "BPF_PROG_TYPE_LWT_SEG6LOCAL" LwtSeg6Local,
    }
}

/// What is known of the types in a program.
#[derive(Clone, Copy, Debug)]
pub struct Types<'a> {
    /// What [`load_types`](super::load_types) made.
    pub types: BorrowedFd<'a>,
    /// Where each function begins and its type (`struct bpf_func_info`): all or none.
    pub functions: &'a [[u8; 8]],
    /// Lines of the source (`struct bpf_line_info`): none, or at least one at the beginning of each function.
    pub lines: &'a [[u8; 16]],
}

/// A program that is to be loaded.
///
/// ```no_run
/// use netloom_socket::bpf::{Program, ProgramType};
///
/// // Without a value to return, the verifier refuses it and says why.
/// let program = Program::new(ProgramType::Xdp, &[[0x95, 0, 0, 0, 0, 0, 0, 0]], c"GPL").name("broken");
/// let mut said = String::new();
/// assert!(program.load_and_tell(1, &mut said).is_err());
/// assert!(said.contains("R0 !read_ok"));
/// ```
#[derive(Clone, Debug)]
pub struct Program<'a> {
    numbers: BpfProgram,
    name: &'a str,
    instructions: &'a [[u8; 8]],
    license: &'a CStr,
    types: Option<Types<'a>>,
}

impl<'a> Program<'a> {
    /// A program of instructions as the kernel has them in memory (`struct bpf_insn`), under a licence: helpers are for
    /// programs whose licence goes with the GPL.
    pub fn new(kind: ProgramType, instructions: &'a [[u8; 8]], license: &'a CStr) -> Self {
        let numbers = BpfProgram { kind: kind.into(), ..BpfProgram::default() };
        Self { numbers, name: "", instructions, license, types: None }
    }

    /// Its name; the kernel keeps 15 bytes.
    #[must_use]
    pub fn name(mut self, wanted: &'a str) -> Self {
        (self.name, self.numbers.name) = (wanted, name(wanted));
        self
    }

    /// Flags (`BPF_F_*` of programs).
    #[must_use]
    pub fn flags(mut self, flags: u32) -> Self {
        self.numbers.flags = flags;
        self
    }

    /// Where it will be attached (`enum bpf_attach_type`), for types of programs that know several places.
    #[must_use]
    pub fn attach_type(mut self, place: u32) -> Self {
        self.numbers.attach_type = place;
        self
    }

    /// Index of the link whose device is to run it, in the network namespace of the calling thread; for another one
    /// there is [`Namespace::run`](crate::Namespace::run).
    #[must_use]
    pub fn device(mut self, index: u32) -> Self {
        self.numbers.device = index;
        self
    }

    /// Types of its functions, and lines of its source.
    #[must_use]
    pub fn types(mut self, types: Types<'a>) -> Self {
        self.types = Some(types);
        self
    }

    /// Loads it.
    pub fn load(&self) -> Result<OwnedFd> {
        self.attempt(0, &mut []).map_err(|error| self.refused(&error))
    }

    /// Loads it and tells in `said` what the verifier says, also if it refuses: with level 1 the way to where it ended,
    /// with 2 each path, and with 4 added what it took.
    pub fn load_and_tell(&self, level: u32, said: &mut String) -> Result<OwnedFd> {
        let mut size = 1 << 16;
        loop {
            let mut log = vec![0; size];
            let loaded = self.attempt(level, &mut log);
            // What did not fit lets the load fail.
            let full = loaded.as_ref().is_err_and(|error| error.raw_os_error() == Some(libc::ENOSPC));
            if full && size < LARGEST_LOG {
                size = size.saturating_mul(4).min(LARGEST_LOG);
                continue;
            }
            let words = CStr::from_bytes_until_nul(&log).map(CStr::to_string_lossy);
            *said = words.map(String::from).unwrap_or_default();
            return loaded.map_err(|error| self.refused(&error));
        }
    }

    fn attempt(&self, log_level: u32, log: &mut [u8]) -> io::Result<OwnedFd> {
        let types = self.types.map_or(0, |types| types.types.as_fd().as_raw_fd());
        let numbers = BpfProgram { types, log_level, ..self.numbers };
        let (functions, lines) = self.types.map_or((&[][..], &[][..]), |types| (types.functions, types.lines));
        let mut left = ATTEMPTS;
        loop {
            let loaded = sys::bpf_load_program(&numbers, self.instructions, self.license, functions, lines, &mut *log);
            left = left.saturating_sub(1);
            match loaded {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && left > 0 => {}
                other => return other,
            }
        }
    }

    fn refused(&self, error: &io::Error) -> netloom_wire::Error {
        refused(error, format_args!("load BPF program {:?}", self.name))
    }
}
