//! Names of routing tables, protocols, scopes and groups, from iproute2's files.
//!
//! The files lie in `/etc/iproute2`, and where a file is not there in `/usr/share/iproute2` or `/usr/lib/iproute2`;
//! those of a folder `NAME.d` that end in `.conf` are read besides. A line is a number, decimal or `0x…`, and a name.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// Where iproute2 looks for its files; earlier ones win.
const FOLDERS: [&str; 3] = ["etc/iproute2", "usr/share/iproute2", "usr/lib/iproute2"];

/// A sort of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NameKind {
    /// Routing tables: `rt_tables`.
    Table,
    /// Who installed a route: `rt_protos`.
    Protocol,
    /// Scopes of addresses and routes: `rt_scopes`.
    Scope,
    /// Realms of routes: `rt_realms`.
    Realm,
    /// Values of the type-of-service field: `rt_dsfield`.
    DsField,
    /// Groups of links: `group`.
    Group,
    /// Who added an address: `rt_addrprotos`.
    AddressProtocol,
    /// Reasons to hold a link down: `protodown_reasons.d`.
    ProtoDownReason,
}

impl NameKind {
    const ALL: [Self; 8] = [
        Self::Table,
        Self::Protocol,
        Self::Scope,
        Self::Realm,
        Self::DsField,
        Self::Group,
        Self::AddressProtocol,
        Self::ProtoDownReason,
    ];

    fn file(self) -> &'static str {
        match self {
            Self::Table => "rt_tables",
            Self::Protocol => "rt_protos",
            Self::Scope => "rt_scopes",
            Self::Realm => "rt_realms",
            Self::DsField => "rt_dsfield",
            Self::Group => "group",
            Self::AddressProtocol => "rt_addrprotos",
            Self::ProtoDownReason => "protodown_reasons",
        }
    }

    /// Names that hold without any file (`linux/rtnetlink.h`, `linux/if_addr.h`).
    fn built_in(self) -> &'static [(u32, &'static str)] {
        match self {
            Self::Table => &[(253, "default"), (254, "main"), (255, "local")],
            Self::Protocol => &[
                (0, "unspec"),
                (1, "redirect"),
                (2, "kernel"),
                (3, "boot"),
                (4, "static"),
                (8, "gated"),
                (9, "ra"),
                (10, "mrt"),
                (11, "zebra"),
                (12, "bird"),
                (13, "dnrouted"),
                (14, "xorp"),
                (15, "ntk"),
                (16, "dhcp"),
                (17, "mrouted"),
                (18, "keepalived"),
                (42, "babel"),
                (84, "ovn"),
                (186, "bgp"),
                (187, "isis"),
                (188, "ospf"),
                (189, "rip"),
                (192, "eigrp"),
            ],
            Self::Scope => &[(0, "global"), (200, "site"), (253, "link"), (254, "host"), (255, "nowhere")],
            Self::AddressProtocol => &[(0, "unspec"), (1, "kernel_lo"), (2, "kernel_ra"), (3, "kernel_ll")],
            Self::Group => &[(0, "default")],
            Self::Realm | Self::DsField | Self::ProtoDownReason => &[],
        }
    }
}

/// The names that are in force on a system.
///
/// ```
/// use netloom::names::{NameKind, Names};
///
/// let names = Names::system();
/// assert_eq!(names.name(NameKind::Table, 254), Some("main"));
/// assert_eq!(names.number(NameKind::Table, "main"), Some(254));
/// assert_eq!(names.number(NameKind::Table, "0x64"), Some(100)); // a number is its own name
/// ```
#[derive(Clone, Debug)]
pub struct Names {
    /// In the order of [`NameKind::ALL`]; each by number.
    known: [Vec<(u32, String)>; NameKind::ALL.len()],
}

impl Names {
    /// The names of this system, read once.
    pub fn system() -> &'static Self {
        static SYSTEM: OnceLock<Names> = OnceLock::new();
        SYSTEM.get_or_init(|| Self::of_root(Path::new("/")))
    }

    /// The names of the system whose root folder is `root`; files that cannot be read count as empty.
    pub fn of_root(root: &Path) -> Self {
        let folders = FOLDERS.map(|folder| root.join(folder));
        let known = NameKind::ALL.map(|kind| {
            let mut names = Vec::new();
            kind.built_in().iter().for_each(|(number, name)| insert(&mut names, *number, (*name).to_owned()));
            for text in texts(&folders, kind.file()) {
                text.lines().filter_map(entry).for_each(|(number, name)| insert(&mut names, number, name));
            }
            names
        });
        Self { known }
    }

    /// Name of a number.
    pub fn name(&self, kind: NameKind, number: u32) -> Option<&str> {
        let names = self.of(kind);
        let place = names.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        names.get(place).map(|(_, name)| name.as_str())
    }

    /// Name of a number, or the number itself.
    pub fn show(&self, kind: NameKind, number: u32) -> String {
        self.name(kind, number).map_or_else(|| number.to_string(), ToOwned::to_owned)
    }

    /// Number of a name, or of a number in decimal, `0x…` or `0…`, as iproute2 takes it.
    pub fn number(&self, kind: NameKind, name: &str) -> Option<u32> {
        let named = self.of(kind).iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
        named.or_else(|| parse(name))
    }

    /// All names of a kind with their numbers, in the order of the numbers.
    pub fn iter(&self, kind: NameKind) -> impl Iterator<Item = (u32, &str)> {
        self.of(kind).iter().map(|(number, name)| (*number, name.as_str()))
    }

    fn of(&self, kind: NameKind) -> &[(u32, String)] {
        let place = NameKind::ALL.iter().position(|known| *known == kind);
        place.and_then(|place| self.known.get(place)).map_or(&[], Vec::as_slice)
    }
}

/// Gives a number its name; the last one counts.
fn insert(names: &mut Vec<(u32, String)>, number: u32, name: String) {
    match names.binary_search_by_key(&number, |(number, _)| *number) {
        Ok(place) => {
            if let Some((_, known)) = names.get_mut(place) {
                *known = name;
            }
        }
        Err(place) => names.insert(place, (number, name)),
    }
}

/// Contents of the first file of that name, then of all `.conf` files in the folders `NAME.d`; a file of the same name
/// in an earlier folder hides the later one.
fn texts(folders: &[PathBuf], file: &str) -> Vec<String> {
    let main = folders.iter().find_map(|folder| fs::read_to_string(folder.join(file)).ok());
    let mut extra: Vec<(OsString, PathBuf)> = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder.join(format!("{file}.d"))) else { continue };
        for entry in entries.flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            let hidden = extra.iter().any(|(known, _)| *known == name);
            if path.extension().is_some_and(|extension| extension == "conf") && !hidden {
                extra.push((name, path));
            }
        }
    }
    extra.sort_unstable();
    main.into_iter().chain(extra.iter().filter_map(|(_, path)| fs::read_to_string(path).ok())).collect()
}

/// A line's number and name; None for comments and what is neither.
fn entry(line: &str) -> Option<(u32, String)> {
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split_whitespace();
    Some((parse(words.next()?)?, words.next()?.to_owned()))
}

fn parse(text: &str) -> Option<u32> {
    let plain = |digits: &str| !digits.starts_with(['+', '-']);
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok().filter(|_| plain(digits)),
        None if text.len() > 1 && text.starts_with('0') => u32::from_str_radix(text, 8).ok(),
        None => text.parse().ok().filter(|_| plain(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)]) -> (PathBuf, Names) {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("netloom-names-{}-{number}", std::process::id()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let names = Names::of_root(&root);
        (root, names)
    }

    #[test]
    fn a_file_in_etc_hides_the_one_in_usr_and_folders_add() {
        let (root, names) = with(&[
            ("etc/iproute2/rt_tables", "# comment\n255\tlocal\n100 blue # trailing\n0x65 red\n"),
            ("usr/share/iproute2/rt_tables", "102 hidden\n"),
            ("etc/iproute2/rt_tables.d/a.conf", "200 extra\nnonsense\n"),
            ("etc/iproute2/rt_tables.d/b.txt", "201 ignored\n"),
            ("usr/lib/iproute2/rt_tables.d/a.conf", "202 hidden\n"),
            ("usr/lib/iproute2/rt_protos", "99 other\n"),
        ]);
        assert_eq!(names.name(NameKind::Table, 100), Some("blue"));
        assert_eq!(names.number(NameKind::Table, "red"), Some(101));
        assert_eq!(names.number(NameKind::Table, "extra"), Some(200));
        assert_eq!(names.name(NameKind::Protocol, 99), Some("other"));
        for hidden in ["hidden", "ignored", "nonsense"] {
            assert_eq!(names.number(NameKind::Table, hidden), None, "{hidden}");
        }
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_number_is_its_own_name() {
        let names = Names::of_root(Path::new("/nonexistent"));
        assert_eq!(names.show(NameKind::Protocol, 250), "250");
        assert_eq!(names.number(NameKind::Table, "0x10"), Some(16));
        assert_eq!(names.number(NameKind::Table, "010"), Some(8));
        for bad in ["", "-1", "+1", "4294967296", "0xg", "main2"] {
            assert_eq!(names.number(NameKind::Table, bad), None, "{bad}");
        }
    }
}
