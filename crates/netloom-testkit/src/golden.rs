//! Golden bytes: whole netlink messages as iproute2 or ethtool sent them or a kernel answered, with the command beside
//! them.
//!
//! The files stand in `crates/CRATE/tests/golden/OBJECT/CASE.txt`; `cargo xtask golden` writes them. Lines that
//! begin with `#` say where the bytes come from; each block of hex is one message, header included. Sequence number and
//! port, which change with every run, are zero; so is the message type where the kernel gives numbers to families as they
//! are registered.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::tree;

/// Which way the messages went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the kernel.
    Request,
    /// From the kernel: an answer or a notification.
    Reply,
}

/// One captured case.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The folder: `link`.
    pub object: String,
    /// The file's name without its extension: `add-veth`, or `add-veth.6.1` for what an older iproute2 does differently.
    pub name: String,
    /// What was run; for a notification the watcher, ` -- `, and what it heard.
    pub command: String,
    /// Version of the tool: `6.15`.
    pub version: String,
    /// Release of the kernel.
    pub kernel: String,
    /// Which way the messages went.
    pub direction: Direction,
    /// The messages, each with its `nlmsghdr`.
    pub messages: Vec<Vec<u8>>,
}

/// Tools whose messages are kept; a line of each file says which it was, and its version.
const TOOLS: [&str; 4] = ["iproute2", "ethtool", "wireguard-tools", "libteam-utils"];

impl Golden {
    /// Every case of rtnetlink, in the order of their paths.
    ///
    /// # Panics
    /// If a file cannot be read.
    pub fn all() -> Vec<Self> {
        Self::in_crate("netloom-route")
    }

    /// Every case of a crate, in the order of their paths.
    ///
    /// # Panics
    /// If a file cannot be read, or there is none.
    pub fn in_crate(name: &str) -> Vec<Self> {
        let folder = tree().join("crates").join(name).join("tests/golden");
        let mut all = Vec::new();
        for object in entries(&folder) {
            all.extend(entries(&object).iter().map(|file| Self::read(file)));
        }
        assert!(!all.is_empty(), "no golden bytes below {}", folder.display());
        all
    }

    /// The cases of one object.
    ///
    /// # Panics
    /// If there are none.
    pub fn of(object: &str) -> Vec<Self> {
        let mut all = Self::all();
        all.retain(|golden| golden.object == object);
        assert!(!all.is_empty(), "no golden bytes of {object}");
        all
    }

    /// `link/add-veth`, for messages of failing tests.
    pub fn title(&self) -> String {
        format!("{}/{}", self.object, self.name)
    }

    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let part = |path: Option<&Path>| path.and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
        let mut golden = Self::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        golden.object = part(file.parent()).unwrap_or_default();
        golden.name = part(Some(file)).unwrap_or_default().trim_end_matches(".txt").to_owned();
        golden
    }

    fn parse(text: &str) -> Result<Self, String> {
        let noted = |key: &str| text.lines().find_map(|l| l.strip_prefix("# ")?.strip_prefix(key)?.strip_prefix(": "));
        let note = |key: &str| noted(key).map(str::to_owned).ok_or_else(|| format!("no line `# {key}: `"));
        let direction = match noted("direction") {
            Some("request") => Direction::Request,
            Some("reply") => Direction::Reply,
            other => return Err(format!("direction {other:?}")),
        };
        let messages = blocks(text).ok_or("not hex")?;
        let (object, name) = (String::new(), String::new());
        let version = TOOLS.iter().find_map(|tool| noted(tool)).ok_or("no line says which tool it was")?.to_owned();
        let (command, kernel) = (note("command")?, note("kernel")?);
        Ok(Self { object, name, command, version, kernel, direction, messages })
    }
}

/// The blocks of hex in a text.
fn blocks(text: &str) -> Option<Vec<Vec<u8>>> {
    let hex = text.split("\n\n").map(|block| block.lines().filter(|line| !line.starts_with('#')).collect::<String>());
    hex.filter(|hex| !hex.trim().is_empty()).map(|hex| bytes(hex.trim())).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    digits?.chunks(2).map(|pair| <[u8; 2]>::try_from(pair).ok().map(|[high, low]| high << 4 | low)).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut all: Vec<PathBuf> = all.filter_map(|entry| Some(entry.ok()?.path())).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_messages() {
        let text = "# command: ip x\n# iproute2: 6.15\n# kernel: 6.1\n# direction: reply\n\n0102\n03ff\n\n0a\n";
        let golden = Golden::parse(text).expect("well-formed");
        assert_eq!((golden.command.as_str(), golden.direction), ("ip x", Direction::Reply));
        assert_eq!(golden.messages, [vec![1, 2, 3, 255], vec![10]]);
        assert!(Golden::parse("# command: ip x\n\n0102").is_err());
        assert!(Golden::parse(&text.replace("03ff", "03f")).is_err());
    }

    #[test]
    fn every_file_holds_whole_messages() {
        for golden in Golden::all().into_iter().chain(Golden::in_crate("netloom-ethtool")) {
            assert!(!golden.messages.is_empty(), "{}", golden.title());
            for message in &golden.messages {
                let length = message.first_chunk().map(|l| u32::from_ne_bytes(*l) as usize);
                assert_eq!(length, Some(message.len()), "{}", golden.title());
            }
        }
    }
}
