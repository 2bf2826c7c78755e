//! BPF programs that words name: out of an ELF object, or pinned in a BPF file system.

// These are the machines that aya-obj knows; Cargo.toml has them too.
#[cfg_attr(
    not(all(
        feature = "bpf",
        any(
            target_arch = "aarch64",
            target_arch = "arm",
            target_arch = "powerpc64",
            target_arch = "riscv64",
            target_arch = "s390x",
            target_arch = "x86_64"
        )
    )),
    path = "bpf/absent.rs"
)]
mod loader;
mod pinned;

use std::fmt;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;

use netloom::bpf::ProgramType;

use crate::context::Context;
use crate::failure::Failure;
use crate::words::{Case, Kind, Word, Words, flag, word};

const OBJECT: &[Word] = &[
    word("section", Kind::Text("SECTION"), "its first program in this section").alias(&["sec"]),
    word("program", Kind::Text("NAME"), "the program with this name").alias(&["prog"]),
    flag("verbose", "tell all that the kernel's verifier says").alias(&["verb"]),
    word("file", Kind::Text("FILE"), "the object").bare(),
];
const PINNED: &[Word] = &[word("path", Kind::Text("PATH"), "where it is pinned").bare()];
const FD: &[Word] = &[word("number", Kind::Number(0, i32::MAX as u64), "the descriptor").bare()];

const OF_OBJECT: Case = Case { name: "object", about: "a program out of an ELF object", words: OBJECT };
const OF_OBJ: Case = Case { name: "obj", about: "the same", words: OBJECT };
const OF_FILE: Case = Case { name: "object-file", about: "the same", words: OBJECT };
const OF_PIN: Case = Case { name: "pinned", about: "a program that is pinned in a BPF file system", words: PINNED };
const OF_PIN_SHORT: Case = Case { name: "pin", about: "the same", words: PINNED };
const OF_PIN_LONG: Case = Case { name: "object-pinned", about: "the same", words: PINNED };

/// What may follow `xdp`.
pub(crate) const XDP: Kind = Kind::Choice(&[
    Case { name: "off", about: "none", words: &[] },
    Case { name: "none", about: "the same", words: &[] },
    OF_OBJECT,
    OF_OBJ,
    OF_FILE,
    OF_PIN,
    OF_PIN_SHORT,
    OF_PIN_LONG,
    Case { name: "fd", about: "the program of a descriptor that the caller left open", words: FD },
]);

/// What may follow a word of an encapsulation that names a program.
pub(crate) const PROGRAM: Kind = Kind::Choice(&[OF_OBJECT, OF_OBJ, OF_FILE, OF_PIN, OF_PIN_SHORT, OF_PIN_LONG]);

/// What a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Packets as a link receives them.
    Xdp,
    /// The same in the device of the link with this index.
    Offload(u32),
    /// Packets that a route takes in.
    In,
    /// Packets of this machine that a route takes out.
    Out,
    /// Packets that leave by a route.
    Xmit,
    /// A segment's action.
    Seg6Local,
}

impl Purpose {
    /// The type of its programs.
    fn kind(self) -> ProgramType {
        match self {
            Self::Xdp | Self::Offload(_) => ProgramType::Xdp,
            Self::In => ProgramType::LwtIn,
            Self::Out => ProgramType::LwtOut,
            Self::Xmit => ProgramType::LwtXmit,
            Self::Seg6Local => ProgramType::LwtSeg6Local,
        }
    }

    /// The link whose device runs the program, if it is not the kernel.
    fn device(self) -> Option<u32> {
        match self {
            Self::Offload(index) => Some(index),
            _ => None,
        }
    }
}

/// A program that a request names.
#[derive(Debug)]
pub(crate) struct Program {
    /// Its descriptor; the context holds it until the command has ended.
    pub(crate) fd: i32,
    /// What people see of it: `FILE:[SECTION]`, as iproute2 has it.
    pub(crate) name: String,
}

/// Which program of an object.
#[derive(Clone, Copy, Debug)]
enum Wanted<'a> {
    Section(&'a str),
    Named(&'a str),
}

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(section) => write!(f, "program in section {section:?}"),
            Self::Named(name) => write!(f, "program {name:?}"),
        }
    }
}

/// A program that is to be loaded out of an object.
#[derive(Clone, Copy, Debug)]
struct Order<'a> {
    purpose: Purpose,
    file: &'a str,
    wanted: Wanted<'a>,
}

/// The program that the case of an [`XDP`] or [`PROGRAM`] names with its words. Failing, it exits like words that make no
/// sense, as iproute2 does.
pub(crate) fn program(cx: &mut Context, purpose: Purpose, case: &str, words: &Words) -> Result<Program, Failure> {
    let (fd, file, section) = if let "pinned" | "pin" | "object-pinned" = case {
        let path = words.text("path").ok_or_else(|| words.missing("path"))?;
        (pinned::pinned(purpose, path), path, "*fsobj")
    } else {
        let file = words.text("file").ok_or_else(|| words.missing("file"))?;
        // iproute2 takes the program in this section, unless it is told another.
        let section = words.text("section").unwrap_or("prog");
        let wanted = words.text("program").map_or(Wanted::Section(section), Wanted::Named);
        let order = Order { purpose, file, wanted };
        (load(cx, &order, words.has("verbose"))?, file, section)
    };
    let fd = fd.map_err(|what| words.wrong(what))?;
    let base = Path::new(file).file_name().map_or_else(|| file.into(), |name| name.to_string_lossy());
    let program = Program { fd: fd.as_raw_fd(), name: format!("{base}:[{section}]") };
    cx.hold(fd);
    Ok(program)
}

/// Loads a program, and if it is `verbose` tells all that the kernel's verifier says. The kernel takes the index of a device
/// in the namespace of the one who loads.
fn load(cx: &Context, order: &Order<'_>, verbose: bool) -> Result<Result<OwnedFd, String>, Failure> {
    let namespace = if order.purpose.device().is_some() { cx.namespace()? } else { None };
    let loaded = match namespace {
        Some(namespace) => namespace.run(|| loader::load(order, verbose)).map_err(Failure::Unavailable)?,
        None => loader::load(order, verbose),
    };
    Ok(loaded.map(|(fd, said)| {
        if !said.is_empty() {
            cx.warn(said.trim_end());
        }
        fd
    }))
}
