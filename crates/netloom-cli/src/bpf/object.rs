//! Programs out of ELF objects.

use std::os::fd::{AsFd, OwnedFd};

use aya::programs::{ProgramError, Xdp};
use aya::{EbpfLoader, VerifierLogLevel};
use object::build::elf::{Builder, Section, SectionData};
use object::elf::{SHF_EXECINSTR, SHT_PROGBITS, SHT_STRTAB, STT_FUNC};

use super::pinned::deepest;
use crate::bpf::Wanted;

/// How aya knows programs of XDP by their section.
const KNOWN: [&[u8]; 2] = [b"xdp", b"xdp.frags"];

/// Loads a program of XDP into the kernel, with its maps.
pub(crate) fn xdp(file: &str, wanted: Wanted<'_>, verbose: bool) -> Result<OwnedFd, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {file:?}: {error}"))?;
    let (name, bytes) = select(&bytes, wanted).map_err(|what| format!("{file:?} {what}"))?;
    // With its statistics, its log would not end with the reason.
    let level = if verbose { VerifierLogLevel::VERBOSE | VerifierLogLevel::STATS } else { VerifierLogLevel::DEBUG };
    let mut objects = EbpfLoader::new()
        .verifier_log_level(level)
        .load(&bytes)
        .map_err(|error| format!("cannot load {file:?}: {error}: {}", deepest(&error)))?;
    let program = objects.program_mut(&name).ok_or_else(|| format!("{file:?} has no program {name:?}"))?;
    let program: &mut Xdp =
        program.try_into().map_err(|error: ProgramError| format!("{file:?}, program {name:?}: {error}"))?;
    program
        .load()
        .map_err(|error| format!("cannot load program {name:?} of {file:?}: {}", refused(&error, verbose)))?;
    let fd = program.fd().map_err(|error| format!("{file:?}: {error}"))?;
    fd.as_fd().try_clone_to_owned().map_err(|error| format!("{file:?}: {error}"))
}

/// What the kernel says; of the verifier's log the end, or all.
fn refused(error: &ProgramError, verbose: bool) -> String {
    let ProgramError::LoadError { io_error, verifier_log } = error else { return error.to_string() };
    let log = verifier_log.to_string();
    let log: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    let shown = if verbose { 0 } else { log.len().saturating_sub(2) };
    let mut said = io_error.to_string();
    for line in log.get(shown..).unwrap_or_default() {
        said += "\n  ";
        said += line;
    }
    said
}

/// The name of the program that is wanted, and the object with its sections named so that aya takes them for XDP: it goes by
/// the names of sections, where iproute2 takes the caller's word.
fn select(bytes: &[u8], wanted: Wanted<'_>) -> Result<(String, Vec<u8>), String> {
    let mut builder = Builder::read(bytes).map_err(|error| format!("is no ELF object: {error}"))?;
    let name = program_of(&builder, wanted)?;
    let mut renamed = false;
    for section in &mut builder.sections {
        if has_programs(section) && !KNOWN.contains(&section.name.as_slice()) {
            section.name = KNOWN[0].into();
            renamed = true;
        }
    }
    if !renamed {
        return Ok((name, bytes.to_vec()));
    }
    set_aside_notes(&mut builder)?;
    if !builder.sections.iter().any(|section| matches!(section.data, SectionData::SectionString)) {
        // LLVM keeps the names of sections and symbols in one table.
        let names = builder.sections.add();
        names.name = b".shstrtab"[..].into();
        names.sh_type = SHT_STRTAB;
        names.data = SectionData::SectionString;
    }
    let mut out = Vec::new();
    builder.write(&mut out).map_err(|error| format!("cannot be rewritten: {error}"))?;
    Ok((name, out))
}

/// Hides what is noted of the sections by the names that they had: lines and types of functions, which nobody needs. What
/// is noted of places to be adapted to the running kernel cannot be left out.
fn set_aside_notes(builder: &mut Builder<'_>) -> Result<(), String> {
    for section in &mut builder.sections {
        if section.name.as_slice() != b".BTF.ext" {
            continue;
        }
        if let SectionData::Data(notes) = &section.data {
            // btf_ext_header: length, then offset and length of three parts, the last of them since libbpf 0.0.6.
            let word = |at: usize| notes.get(at..)?.first_chunk().map(|word| u32::from_ne_bytes(*word));
            if word(4).is_some_and(|length| length >= 32) && word(28).is_some_and(|length| length > 0) {
                return Err(
                    "adapts itself to the kernel (CO-RE); its programs must be in sections named \"xdp\"".to_owned()
                );
            }
        }
        section.name = b".unused"[..].into();
    }
    Ok(())
}

/// Whether programs begin in a section; in `.text` are the functions that they share.
fn has_programs(section: &Section<'_>) -> bool {
    section.sh_type == SHT_PROGBITS
        && section.sh_flags & u64::from(SHF_EXECINSTR) != 0
        && !section.name.starts_with(b".text")
        && section.sh_size > 0
}

/// The name of the program that is wanted.
fn program_of(builder: &Builder<'_>, wanted: Wanted<'_>) -> Result<String, String> {
    let mut programs: Vec<(String, u64, String)> = Vec::new();
    for symbol in &builder.symbols {
        let Some(section) = symbol.section.map(|section| builder.sections.get(section)) else { continue };
        if symbol.st_type() == STT_FUNC && has_programs(section) {
            programs.push((section.name.to_string(), symbol.st_value, symbol.name.to_string()));
        }
    }
    // The first of a section is the one at its beginning.
    programs.sort();
    let found = programs.iter().find(|(section, _, name)| match wanted {
        Wanted::Section(wanted) => section == wanted,
        Wanted::Named(wanted) => name == wanted,
    });
    found.map(|(_, _, name)| name.clone()).ok_or_else(|| {
        let there: Vec<String> =
            programs.iter().map(|(section, _, name)| format!("{name} in section {section}")).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        format!("has no {wanted}; there are: {there}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_TYPES: &[u8] = include_bytes!("../../tests/samples/with-types.o");

    #[test]
    fn what_adapts_itself_to_the_kernel_must_be_named_as_the_loader_knows_it() {
        // As read from a file: the reader wants it aligned.
        let object = WITH_TYPES.to_vec();
        select(&object, Wanted::Section("prog")).expect("an object without adaptations");
        let mut builder = Builder::read(&*object).expect("an object");
        let notes = builder.sections.iter_mut().find(|section| section.name.as_slice() == b".BTF.ext").expect("notes");
        let SectionData::Data(data) = &mut notes.data else { panic!("no data") };
        // core_relo_len
        data.to_mut()[28] = 8;
        assert!(set_aside_notes(&mut builder).is_err_and(|what| what.contains("CO-RE")));
    }
}
