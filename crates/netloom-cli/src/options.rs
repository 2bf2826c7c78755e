//! The program's options: iproute2's spellings on the way in, clap behind.

use crate::failure::{Failure, Outcome};
use crate::objects;
use crate::out::Units;
use crate::words::{self, Words};
use netloom::af;
use std::net::IpAddr;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

/// The command line: options, then an object with its words or a tool.
#[derive(Parser, Debug)]
#[command(
    name = "netloom",
    version,
    about = "Show and change the kernel's network objects, in iproute2's words",
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    args_override_self = true,
    allow_external_subcommands = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) tool: Option<Tool>,
}

/// What is not an object of the kernel, and the objects.
#[derive(Subcommand, Debug)]
pub(crate) enum Tool {
    /// Print a script that completes netloom's words in a shell
    Completions {
        /// The shell
        shell: crate::completions::Shell,
    },
    /// Print the manual page of the program or of an object (roff, for `man -l -`)
    Man {
        /// The object
        object: Option<String>,
    },
    /// Run a command and write what it exchanges with the kernel as a capture, for `decode` and Wireshark
    Record {
        /// Where to; without it the capture goes to standard output, and what the command prints to standard error
        #[arg(long, short)]
        write: Option<std::path::PathBuf>,
        /// The command, as behind `netloom`
        #[arg(required = true, last = true)]
        words: Vec<String>,
    },
    /// Print the tables of attributes, structs, enums and message types
    Schema {
        /// A set, struct, enum, message type or family
        name: Option<String>,
    },
    /// Print the netlink messages on standard input: pcap or pcapng of an nlmon device, hex, or strace's dumps
    Decode {
        /// Write each message again from its values and compare; fails on a difference
        #[arg(long)]
        check: bool,
        /// Families of generic netlink that the input does not tell of have the numbers of the running kernel
        #[arg(long)]
        running: bool,
        /// Protocol of what the input names none of, as in a hex dump: `route` (default), `generic`, `NETLINK_…` or a number
        #[arg(long, value_parser = crate::tables::protocol_number)]
        protocol: Option<u16>,
    },
    /// What may follow these words; the completion scripts ask it
    #[command(hide = true)]
    Complete {
        /// The words so far; the last one is being written
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// An object, a verb and its words
    #[command(external_subcommand)]
    Object(Vec<String>),
}

/// Options that hold for every object.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Options {
    /// Work in this network namespace: a name of /run/netns, or a path
    #[arg(short = 'n', long, value_name = "NETNS")]
    pub(crate) netns: Option<String>,
    /// Address family
    #[arg(short = 'f', long, value_enum, value_name = "FAMILY")]
    pub(crate) family: Option<Family>,
    /// The same as -family inet
    #[arg(short = '4', long, overrides_with = "family")]
    pub(crate) ipv4: bool,
    /// The same as -family inet6
    #[arg(short = '6', long, overrides_with = "family")]
    pub(crate) ipv6: bool,
    /// The same as -family bridge
    #[arg(short = 'B', long, overrides_with = "family")]
    pub(crate) bridge: bool,
    /// The same as -family mpls
    #[arg(short = 'M', long, overrides_with = "family")]
    pub(crate) mpls: bool,
    /// The same as -family link
    #[arg(short = '0', long, overrides_with = "family")]
    pub(crate) link: bool,
    /// Print JSON, as iproute2 does
    #[arg(short = 'j', long)]
    pub(crate) json: bool,
    /// Indent the JSON
    #[arg(short = 'p', long)]
    pub(crate) pretty: bool,
    /// Show more; may be repeated
    #[arg(short = 'd', long, action = clap::ArgAction::Count)]
    pub(crate) details: u8,
    /// Show counters; may be repeated
    #[arg(short = 's', long, action = clap::ArgAction::Count)]
    pub(crate) statistics: u8,
    /// Show little, as a table
    #[arg(long)]
    pub(crate) brief: bool,
    /// Each object on one line
    #[arg(short = 'o', long)]
    pub(crate) oneline: bool,
    /// Print what a change made, as the kernel says
    #[arg(long)]
    pub(crate) echo: bool,
    /// Flush: rounds of listing and removing until it gives up, 0 for no bound (default 10)
    #[arg(short = 'l', long, value_name = "N")]
    pub(crate) loops: Option<usize>,
    /// Of no meaning to the objects that are here; iproute2 has it for `netns exec`
    #[arg(short = 'a', long)]
    pub(crate) all: bool,
    /// Show names instead of addresses: not supported, refused
    #[arg(short = 'r', long)]
    pub(crate) resolve: bool,
    /// Colour: on a terminal (default, unless NO_COLOR is set), always or never
    #[arg(short = 'c', long, value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "always")]
    pub(crate) color: Option<Color>,
    /// Run the commands of a file, one a line; `-` is standard input
    #[arg(short = 'b', long, value_name = "FILE")]
    pub(crate) batch: Option<String>,
    /// Go on with a batch after a failure
    #[arg(long)]
    pub(crate) force: bool,
    /// Bytes that a socket's receive buffer holds
    #[arg(long, value_name = "BYTES")]
    pub(crate) rcvbuf: Option<usize>,
    /// Show numbers instead of the names of tables, protocols, scopes and groups
    #[arg(short = 'N', long)]
    pub(crate) numeric: bool,
    /// Counters with units: 1.5M
    #[arg(short = 'h', long = "human-readable")]
    pub(crate) human: bool,
    /// With -human-readable: units of 1024, 1.5Mi
    #[arg(long)]
    pub(crate) iec: bool,
    /// Monitor: the time before each message
    #[arg(short = 't', long)]
    pub(crate) timestamp: bool,
    /// Monitor: the time in short form
    #[arg(long)]
    pub(crate) tshort: bool,
    /// Print the version
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
    /// Print help
    #[arg(long)]
    pub(crate) help: bool,
    /// A PHY of the device, by index: an option of `ethtool`.
    #[arg(skip)]
    pub(crate) phy: Option<u32>,
}

/// An address family that `-family` takes.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// IPv4
    Inet,
    /// IPv6
    Inet6,
    /// MPLS labels
    Mpls,
    /// Bridges
    Bridge,
    /// Packet level
    Link,
}

impl Family {
    /// Its number (`AF_*`).
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Inet => af::INET,
            Self::Inet6 => af::INET6,
            Self::Mpls => af::MPLS,
            Self::Bridge => af::BRIDGE,
            Self::Link => af::PACKET,
        }
    }
}

/// When text is coloured.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Options {
    /// The family that was asked for.
    pub(crate) fn family(&self) -> Option<Family> {
        let short = [
            (self.ipv4, Family::Inet),
            (self.ipv6, Family::Inet6),
            (self.bridge, Family::Bridge),
            (self.mpls, Family::Mpls),
            (self.link, Family::Link),
        ];
        self.family.or_else(|| short.into_iter().find_map(|(given, family)| given.then_some(family)))
    }

    /// Takes over the options of an object's own.
    ///
    /// # Errors
    ///
    /// One that means nothing here.
    pub(crate) fn adopt(&mut self, own: &Words) -> Outcome {
        for (name, value) in own.iter() {
            match name {
                "--json" => self.json = true,
                "--include-statistics" => self.statistics = self.statistics.max(1),
                "--phy" => self.phy = value.number(),
                "--debug" => {
                    let other = "`strace -e read=all -e write=all COMMAND 2>&1 | netloom decode` shows the messages";
                    return Err(Failure::Failed(format!("option --debug: not supported; {other}")));
                }
                _ => return Err(Failure::Failed(format!("option {name}: there is nothing but netlink here"))),
            }
        }
        Ok(())
    }

    /// How counters are shown.
    pub(crate) fn units(&self) -> Units {
        match (self.human, self.iec) {
            (true, true) => Units::Binary,
            (true, false) => Units::Decimal,
            (false, _) => Units::Exact,
        }
    }

    /// The text of a host's address: with `-resolve` its name, if it has one.
    pub(crate) fn host(&self, address: IpAddr) -> String {
        // What has no name comes back as a number.
        let name = self.resolve.then(|| dns_lookup::lookup_addr(&address).ok()).flatten();
        name.unwrap_or_else(|| address.to_string())
    }

    /// Whether addresses among the words must be IPv6, or IPv4.
    pub(crate) fn wants_v6(&self) -> Option<bool> {
        match self.family()? {
            Family::Inet => Some(false),
            Family::Inet6 => Some(true),
            _ => None,
        }
    }
}

/// iproute2's options in its order of precedence: spelling, whether it may be abbreviated, whether a value
/// follows, and the spelling that clap knows.
const SPELLINGS: &[(&str, bool, bool, &str)] = &[
    ("loops", true, true, "--loops"),
    ("family", true, true, "--family"),
    ("4", false, false, "--ipv4"),
    ("6", false, false, "--ipv6"),
    ("0", false, false, "--link"),
    ("M", false, false, "--mpls"),
    ("B", false, false, "--bridge"),
    ("human-readable", true, false, "--human-readable"),
    ("iec", true, false, "--iec"),
    ("stats", true, false, "--statistics"),
    ("statistics", true, false, "--statistics"),
    ("details", true, false, "--details"),
    ("resolve", true, false, "--resolve"),
    ("oneline", true, false, "--oneline"),
    ("timestamp", true, false, "--timestamp"),
    ("tshort", true, false, "--tshort"),
    ("Version", true, false, "--version"),
    ("version", true, false, "--version"),
    ("force", true, false, "--force"),
    ("batch", true, true, "--batch"),
    ("brief", true, false, "--brief"),
    ("json", true, false, "--json"),
    ("pretty", true, false, "--pretty"),
    ("rcvbuf", true, true, "--rcvbuf"),
    ("color", true, false, "--color"),
    ("colour", true, false, "--color"),
    ("help", true, false, "--help"),
    ("netns", true, true, "--netns"),
    ("Numeric", true, false, "--numeric"),
    ("numeric", true, false, "--numeric"),
    ("all", true, false, "--all"),
    ("echo", true, false, "--echo"),
    ("ipv4", false, false, "--ipv4"),
    ("ipv6", false, false, "--ipv6"),
    ("link", false, false, "--link"),
    ("mpls", false, false, "--mpls"),
    ("bridge", false, false, "--bridge"),
];

/// Rewrites a command line so that clap understands it: `-br` becomes `--brief`. Options stand before the object;
/// those spelled out with two dashes may also stand after it, unless the object has a verb of that spelling.
///
/// # Errors
///
/// The option that nobody knows.
pub(crate) fn normalise(given: impl IntoIterator<Item = String>) -> Result<Vec<String>, String> {
    let mut given = given.into_iter();
    let mut options: Vec<String> = given.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(word) = given.next() {
        if !word.starts_with('-') || word == "-" {
            rest.push(word);
            break;
        }
        if word == "--" {
            break;
        }
        let Some(mut found) = spelled(&word, words::abbreviates) else {
            let near = words::nearest(word.trim_start_matches('-'), SPELLINGS.iter().map(|(name, ..)| *name));
            return Err(format!("option {word:?} is unknown{near}; try `netloom -help`"));
        };
        if found.wants_value {
            found.words.extend(given.next());
        }
        options.append(&mut found.words);
    }
    // The completion scripts hand over somebody else's words.
    let verbatim = rest.first().is_some_and(|tool| tool == "complete");
    let object = rest.first().and_then(|name| objects::find(name));
    while let Some(word) = given.next() {
        let is_verb = object.is_some_and(|object| object.has_option_verb(&word));
        let known = word.strip_prefix("--").filter(|_| !verbatim && !is_verb);
        match known.and_then(|_| spelled(&word, |given, name| given == name)) {
            Some(mut found) => {
                if found.wants_value {
                    found.words.extend(given.next());
                }
                options.append(&mut found.words);
            }
            None => rest.push(word),
        }
    }
    options.append(&mut rest);
    Ok(options)
}

/// An option in clap's spelling.
struct Spelled {
    words: Vec<String>,
    /// A value is still to come.
    wants_value: bool,
}

fn spelled(word: &str, matches: fn(&str, &str) -> bool) -> Option<Spelled> {
    let (name, value) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (word, None),
    };
    let name = name.strip_prefix("--").or_else(|| name.strip_prefix('-'))?;
    let (_, _, takes_value, long) =
        SPELLINGS.iter().find(|(full, short, _, _)| name == *full || (*short && matches(name, full)))?;
    Some(match value {
        Some(value) => Spelled { words: vec![format!("{long}={value}")], wants_value: false },
        None => Spelled { words: vec![(*long).into()], wants_value: *takes_value },
    })
}

/// Usage and meaning of every option, for help and the manual.
pub(crate) fn described() -> Vec<(String, String)> {
    let command = Cli::command();
    let options = command.get_arguments().filter_map(|option| {
        let long = option.get_long()?;
        let short = option.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
        let takes_value = option.get_action().takes_values() && option.get_long() != Some("color");
        let value = match option.get_value_names() {
            Some([value, ..]) if takes_value => format!(" {value}"),
            _ if long == "color" => "[=always|auto|never]".into(),
            _ => String::new(),
        };
        let about = option.get_help().map(ToString::to_string).unwrap_or_default();
        Some((format!("{short}-{long}{value}"), about))
    });
    options.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(line: &str) -> String {
        match normalise(line.split(' ').map(str::to_owned)) {
            Ok(words) => words.join(" "),
            Err(error) => error,
        }
    }

    #[test]
    fn options_are_spelled_as_in_iproute2() {
        assert_eq!(normal("n -br -4 a"), "n --brief --ipv4 a");
        assert_eq!(normal("n -b - "), "n --batch - ");
        assert_eq!(
            normal("n -s -s -d -j -p l show dev -"),
            "n --statistics --statistics --details --json --pretty l show dev -"
        );
        assert_eq!(normal("n -f inet6 -fo -n blue r"), "n --family inet6 --force --netns blue r");
        assert_eq!(normal("n -c=never -color l"), "n --color=never --color l");
        assert_eq!(normal("n -r -rc 9 -l 5 -a -echo l"), "n --resolve --rcvbuf 9 --loops 5 --all --echo l");
        assert_eq!(normal("n -t -ts monitor all"), "n --timestamp --tshort monitor all");
        assert_eq!(normal("n --json link"), "n --json link");
        assert_eq!(normal("n link --json dev x --unknown"), "n --json link dev x --unknown");
        assert_eq!(normal("n -frob l"), "option \"-frob\" is unknown; try `netloom -help`");
    }

    #[test]
    fn clap_knows_every_spelling() {
        Cli::command().debug_assert();
        for (name, _, takes_value, long) in SPELLINGS {
            let value = if ["rcvbuf", "loops"].contains(name) { "1" } else { "inet" };
            let line = ["netloom", long].into_iter().chain(takes_value.then_some(value));
            assert!(Cli::try_parse_from(line).is_ok(), "{name} becomes {long}, which clap refuses");
        }
    }
}
