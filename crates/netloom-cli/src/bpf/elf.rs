//! Object files: which program is wanted, and the file made such that aya-obj takes it.
//!
//! aya-obj goes by the names of sections, where iproute2 takes the caller's word for what a program is.

use std::collections::{HashMap, HashSet};
use std::ffi::{CStr, CString};

use object::Endianness;
use object::elf::{EM_BPF, FileHeader64, SHF_EXECINSTR, SHT_PROGBITS, SHT_SYMTAB, STT_FUNC};
use object::read::elf::{FileHeader as _, SectionHeader as _, SectionTable, Sym as _};

use crate::bpf::Wanted;

/// What sections with programs are called by a name before their own: aya-obj takes any there.
pub(super) const PREFIX: &str = "socket/";

type Header = FileHeader64<Endianness>;

/// A program, and the object that it is in.
pub(super) struct Selected {
    /// The object, for aya-obj.
    pub(super) bytes: Vec<u8>,
    /// Name of the program.
    pub(super) program: String,
    /// Section that it is in.
    pub(super) section: String,
    /// Its licence, empty if the object names none.
    pub(super) license: CString,
    /// Names of maps that their definitions in the section `maps` have shared.
    pub(super) shared: HashSet<String>,
    /// Whether it adapts itself to the running kernel (CO-RE).
    pub(super) adapts: bool,
}

/// A part of the file.
struct Section {
    name: String,
    /// Where its bytes are.
    at: usize,
    size: usize,
    has_programs: bool,
}

struct Symbol {
    name: String,
    section: usize,
    at: usize,
    size: usize,
    is_function: bool,
}

/// Finds the program that is wanted.
pub(super) fn select(bytes: Vec<u8>, wanted: Wanted<'_>) -> Result<Selected, String> {
    let (header, endian, machine) = header(&bytes)?;
    if machine != EM_BPF {
        return Err(format!("is an object for another machine (ELF number {machine}), not for BPF"));
    }
    if (endian == Endianness::Big) != cfg!(target_endian = "big") {
        return Err("is an object for BPF of the other byte order".to_owned());
    }
    let broken = |error: object::Error| format!("is no ELF object that can be read: {error}");
    let table = header.sections(endian, &*bytes).map_err(broken)?;
    let sections = sections(&bytes, endian, &table).map_err(broken)?;
    let symbols = symbols(&bytes, endian, &table).map_err(broken)?;
    check(&sections, &symbols, &bytes, endian, &table)?;
    let (program, section) = program_of(&sections, &symbols, wanted)?;
    let license = sections.iter().find(|section| section.name == "license").map(|section| section.of(&bytes));
    let license = license.and_then(|text| CStr::from_bytes_until_nul(text).ok()).unwrap_or_default().to_owned();
    let (names, headers) = (usize::from(header.e_shstrndx.get(endian)), header.e_shoff.get(endian));
    let mut file = File { bytes, sections, headers: usize::try_from(headers).unwrap_or(0) };
    let shared = file.take_shared(&symbols);
    let renamed = file.rename(names)?;
    let adapts = file.rename_in_types(&renamed)?;
    Ok(Selected { bytes: file.bytes, program, section, license, shared, adapts })
}

/// The header, the order of bytes, and the number of the machine.
fn header(bytes: &[u8]) -> Result<(&Header, Endianness, u16), String> {
    let header = Header::parse(bytes).map_err(|error| format!("is no ELF object of 64 bits: {error}"))?;
    let endian = header.endian().map_err(|error| format!("is no ELF object: {error}"))?;
    Ok((header, endian, header.e_machine.get(endian)))
}

fn sections(bytes: &[u8], endian: Endianness, table: &SectionTable<'_, Header>) -> Result<Vec<Section>, object::Error> {
    table
        .iter()
        .map(|section| {
            let name = String::from_utf8_lossy(table.section_name(endian, section)?).into_owned();
            // In `.text` are the functions that programs share.
            let has_programs = section.sh_type(endian) == SHT_PROGBITS
                && section.sh_flags(endian) & u64::from(SHF_EXECINSTR) != 0
                && !name.starts_with(".text")
                && section.sh_size(endian) > 0;
            // Also for sections without bytes, such as `.bss`.
            section.data(endian, bytes)?;
            let size = usize::try_from(section.sh_size(endian)).unwrap_or(usize::MAX);
            let at = usize::try_from(section.sh_offset(endian)).unwrap_or(0);
            Ok(Section { name, at, size, has_programs })
        })
        .collect()
}

fn symbols(bytes: &[u8], endian: Endianness, table: &SectionTable<'_, Header>) -> Result<Vec<Symbol>, object::Error> {
    let symbols = table.symbols(endian, bytes, SHT_SYMTAB)?;
    let mut found = Vec::new();
    for (index, symbol) in symbols.enumerate() {
        let Some(section) = symbols.symbol_section(endian, symbol, index)? else { continue };
        found.push(Symbol {
            name: String::from_utf8_lossy(symbol.name(endian, symbols.strings())?).into_owned(),
            section: section.0,
            at: usize::try_from(symbol.st_value(endian)).unwrap_or(usize::MAX),
            size: usize::try_from(symbol.st_size(endian)).unwrap_or(usize::MAX),
            is_function: symbol.st_type() == STT_FUNC,
        });
    }
    Ok(found)
}

/// Refuses what points beyond its section: aya-obj takes it for granted.
fn check(
    sections: &[Section],
    symbols: &[Symbol],
    bytes: &[u8],
    endian: Endianness,
    table: &SectionTable<'_, Header>,
) -> Result<(), String> {
    // aya-obj fills the memory for variables that begin as zeros, and no map's value is larger.
    if let Some(section) = sections.iter().find(|section| i32::try_from(section.size).is_err()) {
        return Err(format!("has a section {:?} of {} bytes, more than a map holds", section.name, section.size));
    }
    for symbol in symbols {
        let section = sections.get(symbol.section).ok_or("has a symbol in no section")?;
        let within = symbol.at.checked_add(symbol.size).is_some_and(|end| end <= section.size);
        let aligned = !symbol.is_function || (symbol.at % 8 == 0 && symbol.size % 8 == 0);
        if !within || !aligned {
            return Err(format!("has a symbol {:?} beyond section {:?}", symbol.name, section.name));
        }
    }
    for header in table.iter() {
        let records = header.rel(endian, bytes).map_err(|error| error.to_string())?;
        let Some((records, _)) = records else { continue };
        let target = usize::try_from(header.sh_info(endian)).ok().and_then(|index| sections.get(index));
        let target = target.ok_or("has relocations of no section")?;
        let is_code = target.has_programs || target.name.starts_with(".text");
        for record in records.iter().filter(|_| is_code) {
            // A relocation of an address is one of two instructions.
            let width = if record.r_type(endian) == object::elf::R_BPF_64_64 { 16 } else { 8 };
            let end = record.r_offset.get(endian).checked_add(width);
            if end.is_none_or(|end| usize::try_from(end).map_or(true, |end| end > target.size)) {
                return Err(format!("has a relocation beyond section {:?}", target.name));
            }
        }
    }
    Ok(())
}

/// The program that is wanted, and its section.
fn program_of(sections: &[Section], symbols: &[Symbol], wanted: Wanted<'_>) -> Result<(String, String), String> {
    let mut programs: Vec<(&str, usize, &str)> = Vec::new();
    for symbol in symbols.iter().filter(|symbol| symbol.is_function) {
        let Some(section) = sections.get(symbol.section).filter(|section| section.has_programs) else { continue };
        programs.push((&section.name, symbol.at, &symbol.name));
    }
    // The first of a section is the one at its beginning.
    programs.sort_unstable();
    let found = programs.iter().find(|(section, _, name)| match wanted {
        Wanted::Section(wanted) => *section == wanted,
        Wanted::Named(wanted) => *name == wanted,
    });
    found.map(|(section, _, name)| ((*name).to_owned(), (*section).to_owned())).ok_or_else(|| {
        let there: Vec<String> =
            programs.iter().map(|(section, _, name)| format!("{name} in section {section}")).collect();
        let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
        format!("has no {wanted}; there are: {there}")
    })
}

impl Section {
    fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.at..).and_then(|rest| rest.get(..self.size)).unwrap_or_default()
    }
}

/// A file whose sections are changed: those that grow are appended.
struct File {
    bytes: Vec<u8>,
    sections: Vec<Section>,
    /// Where the headers of the sections begin.
    headers: usize,
}

/// Sizes and offsets in the header of a section (`Elf64_Shdr`).
const HEADER: usize = 64;
const NAME: usize = 0;
const OFFSET: usize = 24;
const SIZE: usize = 32;

impl File {
    /// Overwrites bytes that are there.
    fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(to) = self.bytes.get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())) {
            to.copy_from_slice(bytes);
        }
    }

    fn put_in_header(&mut self, section: usize, field: usize, bytes: &[u8]) {
        self.put(self.headers + section * HEADER + field, bytes);
    }

    /// Gives a section other bytes.
    fn replace(&mut self, section: usize, data: &[u8]) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(data);
        self.put_in_header(section, OFFSET, &u64::try_from(at).unwrap_or(0).to_ne_bytes());
        self.put_in_header(section, SIZE, &u64::try_from(data.len()).unwrap_or(0).to_ne_bytes());
        if let Some(section) = self.sections.get_mut(section) {
            (section.at, section.size) = (at, data.len());
        }
    }

    /// Names of the maps that are shared, by their definitions in the section `maps` (`struct bpf_elf_map`), from which
    /// that is taken: aya-obj knows but one value there.
    fn take_shared(&mut self, symbols: &[Symbol]) -> HashSet<String> {
        const PINNING: usize = 24;
        let mut shared = HashSet::new();
        for symbol in symbols {
            let Some(section) = self.sections.get(symbol.section) else { continue };
            if section.has_programs || !section.name.starts_with("maps") || symbol.size <= PINNING {
                continue;
            }
            let at = section.at + symbol.at + PINNING;
            let size = (symbol.size - PINNING).min(4);
            if size == 4 && word(&self.bytes, at).is_some_and(|pinning| pinning != 0) {
                shared.insert(symbol.name.clone());
            }
            self.put(at, &vec![0; size]);
        }
        shared
    }

    /// Renames the sections with programs; gives their old names and the new ones.
    fn rename(&mut self, names: usize) -> Result<HashMap<String, String>, String> {
        let table = self.sections.get(names).ok_or("has no names of sections")?;
        // The symbols may have their names in the same table: it is added to.
        let mut table = table.of(&self.bytes).to_vec();
        let mut renamed = HashMap::new();
        for index in 0..self.sections.len() {
            let Some(section) = self.sections.get(index).filter(|section| section.has_programs) else { continue };
            let (old, new) = (section.name.clone(), format!("{PREFIX}{}", section.name));
            let at = u32::try_from(table.len()).map_err(|_| "is too large")?;
            table.extend_from_slice(new.as_bytes());
            table.push(0);
            renamed.insert(old, new);
            self.put_in_header(index, NAME, &at.to_ne_bytes());
        }
        self.replace(names, &table);
        Ok(renamed)
    }

    /// Renames the same sections in what is noted of their functions, lines and places to be adapted to the kernel
    /// (`.BTF.ext`). Gives whether there are such places.
    fn rename_in_types(&mut self, renamed: &HashMap<String, String>) -> Result<bool, String> {
        const BROKEN: &str = "has broken descriptions of types (BTF)";
        let find = |name: &str| self.sections.iter().position(|section| section.name == name);
        let (Some(types_at), Some(notes_at)) = (find(".BTF"), find(".BTF.ext")) else { return Ok(false) };
        let data = |index: usize| self.sections.get(index).map(|section| section.of(&self.bytes).to_vec());
        let (mut types, mut notes) = data(types_at).zip(data(notes_at)).ok_or(BROKEN)?;
        // btf_header: length, then offset and length of the types, and of the strings, which come last.
        let field = |bytes: &[u8], at| word(bytes, at).and_then(|word| usize::try_from(word).ok());
        let (length, from, size) = (field(&types, 4), field(&types, 16), field(&types, 20));
        let (length, from, size) = length.zip(from).zip(size).map(|((l, f), s)| (l, f, s)).ok_or(BROKEN)?;
        let strings = length.checked_add(from).ok_or(BROKEN)?;
        if strings.checked_add(size) != Some(types.len()) {
            return Err(BROKEN.to_owned());
        }
        // btf_ext_header: length, then offset and length of three parts, the last of them since libbpf 0.0.6.
        let start = field(&notes, 4).ok_or(BROKEN)?;
        let parts: &[usize] = if start >= 32 { &[8, 16, 24] } else { &[8, 16] };
        let mut adapts = false;
        for &part in parts {
            let (from, size) = field(&notes, part).zip(field(&notes, part + 4)).ok_or(BROKEN)?;
            adapts |= part == 24 && size > 0;
            if size == 0 {
                continue;
            }
            let mut at = start.checked_add(from).ok_or(BROKEN)?;
            let end = at.checked_add(size).filter(|end| *end <= notes.len()).ok_or(BROKEN)?;
            let record = field(&notes, at).ok_or(BROKEN)?;
            at += 4;
            // Of each section: its name, how many records, and those.
            while at < end {
                let (name, count) = field(&notes, at).zip(field(&notes, at + 4)).ok_or(BROKEN)?;
                let text = strings.checked_add(name).and_then(|at| types.get(at..)).ok_or(BROKEN)?;
                let text = CStr::from_bytes_until_nul(text).map_err(|_| BROKEN)?.to_string_lossy();
                if let Some(new) = renamed.get(&*text) {
                    let offset = u32::try_from(types.len() - strings).map_err(|_| BROKEN)?;
                    types.extend_from_slice(new.as_bytes());
                    types.push(0);
                    if let Some(to) = notes.get_mut(at..at + 4) {
                        to.copy_from_slice(&offset.to_ne_bytes());
                    }
                }
                let records = record.checked_mul(count).and_then(|size| size.checked_add(8)).ok_or(BROKEN)?;
                at = at.checked_add(records).ok_or(BROKEN)?;
            }
        }
        let grown = u32::try_from(types.len() - strings).map_err(|_| BROKEN)?;
        if let Some(to) = types.get_mut(20..24) {
            to.copy_from_slice(&grown.to_ne_bytes());
        }
        self.replace(types_at, &types);
        self.replace(notes_at, &notes);
        Ok(adapts)
    }
}

/// A number of four bytes.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_ne_bytes(*word))
}
