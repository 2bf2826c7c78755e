//! From an object file to a program in the kernel: its maps and types first, then its instructions, which name them.
//!
//! aya-obj reads maps and types, adapts instructions to the running kernel (CO-RE), and links functions together.

#[path = "elf.rs"]
mod elf;
#[path = "maps.rs"]
mod maps;

use std::collections::{BTreeSet, HashSet};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::panic::{self, AssertUnwindSafe};

use aya_obj::btf::{Btf, BtfFeatures};
use aya_obj::generated::{bpf_attach_type, bpf_insn};
use aya_obj::programs::XdpAttachType;
use aya_obj::{Function, Object, ProgramSection};
use netloom::bpf::{self, Program, Types};

use super::Order;
use elf::Selected;

/// `BPF_F_XDP_HAS_FRAGS`: the program takes packets in several parts.
const HAS_FRAGS: u32 = 1 << 5;
/// Code of a call, and what is in the register field of one that goes to a function of the program.
const CALL: u8 = 0x85;
const PSEUDO_CALL: u8 = 1;
/// The same for an instruction that loads the address of a function.
const LOAD_WIDE: u8 = 0x18;
const PSEUDO_FUNCTION: u8 = 4;

/// How many of the verifier's lines an error ends with.
const SHOWN: usize = 4;

/// Loads the program; with it come the verifier's words if it is `verbose`.
pub(super) fn load(order: &Order<'_>, verbose: bool) -> Result<(OwnedFd, String), String> {
    let Order { file, wanted, .. } = order;
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {file:?}: {error}"))?;
    let selected = elf::select(bytes, *wanted).map_err(|what| format!("{file:?} {what}"))?;
    // What the object says about its parts is checked above, as far as it matters to what follows; some of the types'
    // descriptions are not, and aya-obj does not expect them to be wrong.
    let made = guarded(|| prepare(order, &selected)).map_err(|what| format!("cannot load {file:?}: {what}"))?;
    made.load(order, &selected, verbose)
}

/// Runs what may panic on a broken object.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(hook);
    done.unwrap_or_else(|_| Err("what it says of its maps, types or functions contradicts itself".to_owned()))
}

/// All that the kernel is given for a program. The maps must be there until it is loaded.
struct Made {
    types: Option<OwnedFd>,
    _maps: Vec<OwnedFd>,
    instructions: Vec<[u8; 8]>,
    functions: Vec<[u8; 8]>,
    lines: Vec<[u8; 16]>,
}

fn prepare(order: &Order<'_>, selected: &Selected) -> Result<Made, String> {
    let mut object = Object::parse(&selected.bytes).map_err(|error| said(&error))?;
    // The others need not link.
    object.programs.retain(|name, _| *name == selected.program);
    // A kernel that does not know one of the types gets none: they are for people to read, but in few programs.
    let types = object
        .fixup_and_sanitize_btf(&BtfFeatures::new(true, true, true, true, true, true, true))
        .map_err(|error| said(&error))?
        .and_then(|types| bpf::load_types(&types.to_bytes()).ok());
    if selected.adapts {
        let kernel = Btf::from_sys_fs().map_err(|error| format!("types of the kernel: {}", said(&error)))?;
        object.relocate_btf(&kernel).map_err(|error| said(&error))?;
    }
    let described = std::mem::take(&mut object.maps);
    let mut maps = Vec::new();
    // Sections without variables come with some compilers.
    for (name, map) in described.iter().filter(|(_, map)| !maps::is_data(map) || !map.data().is_empty()) {
        maps.push((name.as_str(), maps::make(order, selected, name, map, types.as_ref())?, map));
    }
    let sections: HashSet<usize> = object.functions.keys().map(|(section, _)| *section).collect();
    object
        .relocate_maps(maps.iter().map(|(name, fd, map)| (*name, fd.as_raw_fd(), *map)), &sections)
        .map_err(|error| said(&error))?;
    // By this number the linker knows which functions it has already: of all that begin at the same place of their sections
    // it would take the first for the others.
    (0..).zip(object.functions.values_mut()).for_each(|(number, function)| function.address = number);
    object.relocate_calls(&sections).map_err(|error| said(&error))?;
    let program = object.programs.get(&selected.program);
    let function = program.and_then(|program| object.functions.get(&program.function_key()));
    let function = function.ok_or_else(|| format!("there is no program {:?}", selected.program))?;
    let (functions, lines) = notes(function);
    Ok(Made {
        types,
        _maps: maps.into_iter().map(|(_, fd, _)| fd).collect(),
        instructions: function.instructions.iter().map(encode).collect(),
        functions,
        lines,
    })
}

impl Made {
    fn load(&self, order: &Order<'_>, selected: &Selected, verbose: bool) -> Result<(OwnedFd, String), String> {
        let Selected { program: name, section, .. } = selected;
        let mut program = Program::new(order.purpose.kind(), &self.instructions, &selected.license).name(name);
        if let Ok(ProgramSection::Xdp { frags, attach_type }) = section.parse() {
            let place = match attach_type {
                XdpAttachType::Interface => 0,
                XdpAttachType::CpuMap => bpf_attach_type::BPF_XDP_CPUMAP as u32,
                XdpAttachType::DevMap => bpf_attach_type::BPF_XDP_DEVMAP as u32,
            };
            program = program.attach_type(place).flags(if frags { HAS_FRAGS } else { 0 });
        }
        if let Some(index) = order.purpose.device() {
            program = program.device(index);
        }
        if let Some(types) = self.types.as_ref().filter(|_| !self.functions.is_empty()) {
            program = program.types(Types { types: types.as_fd(), functions: &self.functions, lines: &self.lines });
        }
        let mut log = String::new();
        let loaded = if verbose {
            program.load_and_tell(7, &mut log)
        } else {
            // With its statistics, the log would not end with the reason.
            program.load().or_else(|_| program.load_and_tell(1, &mut log))
        };
        loaded.map(|fd| (fd, log.clone())).map_err(|error| {
            let why = error.errno().map_or_else(|| error.to_string(), |errno| errno.to_string());
            let tail = tail(&log, verbose);
            format!("cannot load program {name:?} in section {section:?} of {:?}: {why}{tail}", order.file)
        })
    }
}

/// The end of the verifier's words, or all of them.
fn tail(log: &str, whole: bool) -> String {
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = if whole { 0 } else { lines.len().saturating_sub(SHOWN) };
    lines.iter().skip(from).map(|line| format!("\n  {line}")).collect()
}

/// The records of a program's functions and lines, if they are of all of its functions: the kernel takes no others.
fn notes(function: &Function) -> (Vec<[u8; 8]>, Vec<[u8; 16]>) {
    let starts = starts(&function.instructions);
    let functions = &function.func_info.func_info;
    if functions.iter().map(|record| i64::from(record.insn_off)).ne(starts.iter().copied()) {
        return Default::default();
    }
    let lines = &function.line_info.line_info;
    let of_lines: HashSet<i64> = lines.iter().map(|record| i64::from(record.insn_off)).collect();
    let lines = if starts.iter().all(|start| of_lines.contains(start)) { &lines[..] } else { &[] };
    (
        functions.iter().map(|record| bytes(&[record.insn_off, record.type_id])).collect(),
        lines
            .iter()
            .map(|record| bytes(&[record.insn_off, record.file_name_off, record.line_off, record.line_col]))
            .collect(),
    )
}

/// Where the functions of a linked program begin, by instruction.
fn starts(instructions: &[bpf_insn]) -> BTreeSet<i64> {
    let target = |(at, instruction): (i64, &bpf_insn)| match (instruction.code, instruction.src_reg()) {
        (CALL, PSEUDO_CALL) | (LOAD_WIDE, PSEUDO_FUNCTION) => Some(at + 1 + i64::from(instruction.imm)),
        _ => None,
    };
    (0..).zip(instructions).filter_map(target).chain([0]).collect()
}

/// Words as the kernel has them in memory.
fn bytes<const WORDS: usize, const BYTES: usize>(words: &[u32; WORDS]) -> [u8; BYTES] {
    let mut all = words.iter().flat_map(|word| word.to_ne_bytes());
    std::array::from_fn(|_| all.next().unwrap_or(0))
}

/// An instruction as the kernel has it in memory (`struct bpf_insn`).
fn encode(instruction: &bpf_insn) -> [u8; 8] {
    let (to, from) = (instruction.dst_reg(), instruction.src_reg());
    // Two fields of four bits: which of them is the lower half is up to the machine.
    let registers = if cfg!(target_endian = "big") { to << 4 | from } else { from << 4 | to };
    let [low, high] = instruction.off.to_ne_bytes();
    let [a, b, c, d] = instruction.imm.to_ne_bytes();
    [instruction.code, registers, low, high, a, b, c, d]
}

/// What lies at the bottom of an error too: it says more than the top. Sections have the names that they had.
fn said(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        words = format!("{words}: {error}");
        below = error.source();
    }
    words.replace(elf::PREFIX, "")
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::bpf::Wanted;

    const SAMPLES: [(&[u8], &str); 4] = [
        (include_bytes!("../../tests/samples/counting.o"), "drop"),
        (include_bytes!("../../tests/samples/adapting.o"), "prog"),
        (include_bytes!("../../tests/samples/with-map.o"), "prog"),
        (include_bytes!("../../tests/samples/linked.o"), "prog"),
    ];

    fn parsed(bytes: Vec<u8>, section: &str) -> Result<Object, String> {
        let selected = elf::select(bytes, Wanted::Section(section))?;
        guarded(|| Object::parse(&selected.bytes).map_err(|error| said(&error)))
    }

    #[test]
    fn samples_are_objects() {
        for (bytes, section) in SAMPLES {
            let object = parsed(bytes.to_vec(), section).expect(section);
            assert!(!object.programs.is_empty());
        }
    }

    proptest! {
        #[test]
        fn broken_objects_are_refused(
            (bytes, section) in prop::sample::select(&SAMPLES[..]),
            changes in prop::collection::vec((any::<Index>(), any::<u8>()), 0..8),
            cut in any::<Index>(),
            is_cut: bool,
        ) {
            let mut bytes = bytes.to_vec();
            for (at, byte) in changes {
                *at.get_mut(&mut bytes) = byte;
            }
            if is_cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            // That nothing panics is all that holds.
            let _ = parsed(bytes, section);
        }
    }
}
