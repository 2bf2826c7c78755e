//! Golden bytes of families of generic netlink: what the family's own tool sends and the kernel answers.
//!
//! Commands run in an empty folder, so that `run` can write the files that they name. Where this machine's kernel lacks the
//! family, the section runs in the guest.

use std::process::Command;

use netloom_testkit::Iproute2;

use super::{Case, Section, capture, output, tool::Tool, write};
use crate::guest;
use crate::strace::{self, Way};
use crate::{Outcome, root};

/// The word that has sections told on standard output instead of written, for the guest, which forgets its files.
pub(super) const TELL: &str = "--tell";

/// Stands before the name of each file that is told.
const FILE: &str = "=== ";

/// Length of `struct nlmsghdr`, and of `struct genlmsghdr`.
const HEADERS: (usize, usize) = (16, 4);

/// A family whose cases stand in a section of this name.
pub(super) struct Family {
    /// Its name in the kernel, and that of the section.
    name: &'static str,
    /// What says the version of the tool.
    version: &'static [&'static str],
    /// The tool's name.
    tool: &'static str,
    /// Where the cases are kept.
    folder: &'static str,
}

const FAMILIES: [Family; 2] = [
    Family {
        name: "team",
        version: &["dpkg-query", "-W", "-f", "${Version}", "libteam-utils"],
        tool: "libteam-utils",
        folder: "crates/netloom-generic/tests/golden",
    },
    Family {
        name: "wireguard",
        version: &["wg", "--version"],
        tool: "wireguard-tools",
        folder: "crates/netloom-wireguard/tests/golden",
    },
];

/// The family of a section, if it is one of generic netlink.
pub(super) fn find(object: &str) -> Option<&'static Family> {
    FAMILIES.iter().find(|family| family.name == object)
}

/// Captures these sections, here or in the guest, and returns how many cases were written.
pub(super) fn recapture(sections: Vec<Section>) -> Result<usize, String> {
    let mut written = 0;
    for section in sections {
        let Some(family) = find(&section.object) else { continue };
        let files = if family.is_here() { family.files(&section)? } else { in_guest(family)? };
        for (name, text) in &files {
            write(&root().join(family.folder).join(family.name).join(format!("{name}.txt")), text)?;
        }
        written += files.len();
    }
    Ok(written)
}

/// Captures these sections here and tells the files.
pub(super) fn tell(sections: Vec<Section>) -> Outcome {
    for section in sections {
        if let Some(family) = find(&section.object) {
            family.files(&section)?.iter().for_each(|(name, text)| print!("{FILE}{name}\n{text}"));
        }
    }
    Ok(())
}

/// The files of a family, captured by this program in the guest.
fn in_guest(family: &Family) -> Result<Vec<(String, String)>, String> {
    println!("[{}] in the guest", family.name);
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut files: Vec<(String, String)> = Vec::new();
    let script = format!("'{}' golden {TELL} {}", program.display(), family.name);
    let status = guest::script(&script, |line| match (line.strip_prefix(FILE), files.last_mut()) {
        (Some(name), _) => files.push((name.trim().to_owned(), String::new())),
        (None, Some((_, text))) => *text += line,
        (None, None) => print!("{line}"),
    })?;
    if status == 0 { Ok(files) } else { Err(format!("ended with {status} in the guest")) }
}

/// A message without what changes with every boot and run: the number of its family, its sequence number and port.
pub(super) fn placeless(mut message: Vec<u8>) -> Vec<u8> {
    for place in [4..6, 8..HEADERS.0] {
        if let Some(bytes) = message.get_mut(place) {
            bytes.fill(0);
        }
    }
    message
}

impl Family {
    /// Whether this kernel has it. Asking for a family loads its module.
    fn is_here(&self) -> bool {
        let genl = Command::new("genl").args(["ctrl", "get", "name", self.name]).output();
        genl.is_ok_and(|out| out.status.success() && !out.stdout.is_empty())
    }

    /// Names and contents of the files of its section.
    fn files(&self, section: &Section) -> Result<Vec<(String, String)>, String> {
        let iproute2 = Iproute2::installed().ok_or("no iproute2")?;
        let kernel = output(Command::new("uname").arg("-r"))?;
        let version = output(Command::new(self.version[0]).args(&self.version[1..]))?;
        let version = version.split_whitespace().find(|word| word.contains(|c: char| c.is_ascii_digit()));
        let judge = format!("{}: {}", self.tool, version.unwrap_or_default().trim_start_matches('v'));
        let empty = std::env::temp_dir().join(format!("golden-{}-{}", self.name, std::process::id()));
        std::fs::create_dir_all(&empty).map_err(|e| format!("{}: {e}", empty.display()))?;
        let before = std::env::current_dir().map_err(|e| e.to_string())?;
        std::env::set_current_dir(&empty).map_err(|e| e.to_string())?;
        let cases = capture(section, &Tool::Iproute2(iproute2));
        let _ = std::env::set_current_dir(before);
        let _ = std::fs::remove_dir_all(&empty);
        Ok(cases?.into_iter().map(|(name, case): (String, Case)| (name, case.text(&judge, &kernel))).collect())
    }

    /// Messages of the family that went one way, by the number that the controller tells in the same trace.
    pub(super) fn select(&self, request: bool, trace: &str) -> Vec<Vec<u8>> {
        let way = if request { Way::Sent } else { Way::Received };
        let messages = strace::messages(trace);
        let Some(number) = messages.iter().find_map(|(_, message)| self.number(message)) else { return Vec::new() };
        let of_family = |message: &[u8]| message.get(4..6) == Some(&number);
        let kept = messages.into_iter().filter(|(gone, message)| *gone == way && of_family(message));
        kept.map(|(_, message)| placeless(message)).collect()
    }

    /// The number that a message of the controller gives this family.
    fn number(&self, message: &[u8]) -> Option<[u8; 2]> {
        const CONTROLLER: [u8; 2] = 16u16.to_ne_bytes();
        const NEW_FAMILY: u8 = 1;
        let (id, name) = (1u16, 2u16);
        let is_told = message.get(4..6) == Some(&CONTROLLER) && message.get(HEADERS.0) == Some(&NEW_FAMILY);
        let mut rest = message.get(HEADERS.0 + HEADERS.1..).filter(|_| is_told)?;
        let (mut number, mut named) = (None, false);
        while let Some([a, b, c, d]) = rest.first_chunk() {
            let (length, kind) = (usize::from(u16::from_ne_bytes([*a, *b])), u16::from_ne_bytes([*c, *d]));
            let payload = rest.get(4..length)?;
            if kind == id {
                number = payload.try_into().ok();
            } else if kind == name {
                named = payload.strip_suffix(&[0]) == Some(self.name.as_bytes());
            }
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        number.filter(|_| named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of generic netlink in a trace, as strace dumps it.
    fn dumped(call: &str, kind: u16, command: u8, body: &[u8]) -> String {
        let length = u32::try_from(HEADERS.0 + HEADERS.1 + body.len()).unwrap();
        let header = [&length.to_ne_bytes()[..], &kind.to_ne_bytes(), &[0; 10], &[command, 1, 0, 0]].concat();
        let bytes = [&header, body].concat();
        let rows = bytes.chunks(16).enumerate().map(|(number, row)| {
            let (left, right) = row.split_at(row.len().min(8));
            let hex = |half: &[u8]| half.iter().map(|b| format!("{b:02x} ")).collect::<String>();
            format!(" | {:05x}  {:<24} {:<24} {} |\n", number * 16, hex(left), hex(right), ".".repeat(row.len()))
        });
        format!("{call}(3, {{}}, 0) = {length}\n{}", rows.collect::<String>())
    }

    #[test]
    fn messages_of_the_family_are_kept() {
        let family = find("wireguard").unwrap();
        let name = [&14u16.to_ne_bytes()[..], &2u16.to_ne_bytes(), b"wireguard\0", &[0, 0]].concat();
        let id = [&6u16.to_ne_bytes()[..], &1u16.to_ne_bytes(), &35u16.to_ne_bytes(), &[0, 0]].concat();
        let asked = dumped("sendto", 16, 3, &name);
        let told = dumped("recvmsg", 16, 1, &[name.clone(), id].concat());
        let both = dumped("sendto", 35, 0, &[8, 0, 1, 0, 7, 0, 0, 0]) + &dumped("recvmsg", 35, 0, &[4, 0, 9, 0]);
        let trace = format!("{asked}{told}{both}{}", dumped("sendto", 36, 0, &[4, 0, 1, 0]));
        let kept = |request| family.select(request, &trace).into_iter().map(|message| message[HEADERS.0..].to_vec());
        assert_eq!(kept(true).collect::<Vec<_>>(), [[0, 1, 0, 0, 8, 0, 1, 0, 7, 0, 0, 0]]);
        assert_eq!(kept(false).collect::<Vec<_>>(), [[0, 1, 0, 0, 4, 0, 9, 0]]);
        // Without its number nothing is of the family.
        assert!(family.select(true, &format!("{asked}{both}")).is_empty());
    }
}
