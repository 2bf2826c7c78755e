//! The command: iproute2's words over the netloom library.
//!
//! How a command runs: `options` turns iproute2's spellings into clap's, `objects` finds object and verb, `words`
//! parses what follows by the verb's table, the object's own file makes a request of it, `out` prints the answer.

#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod accounts;
mod addr;
mod addrlabel;
mod batch;
mod bpf;
mod completions;
mod context;
mod decode;
mod devices;
mod echo;
mod encap;
mod ethtool;
mod failure;
mod families;
mod fdb;
mod flush;
mod genl;
mod hardware;
#[cfg(test)]
mod hostile;
mod kind;
mod link;
mod monitor;
mod named;
mod neigh;
mod netconf;
mod netns;
mod nexthop;
mod ntable;
mod objects;
mod options;
mod out;
mod record;
mod route;
mod rule;
mod saved;
mod schema;
mod stats;
mod tables;
mod tuntap;
mod wg;
mod words;

use clap::Parser as _;
use context::Context;
use failure::{Failure, Outcome};
use options::{Cli, Options, Tool};
use std::process::ExitCode;

/// What the program offers beside the kernel's objects.
const TOOLS: &[(&str, &str)] = &[
    ("completions SHELL", "print a script that completes netloom's words in bash, zsh or fish"),
    (
        "decode [--check] [--running] [--protocol PROTOCOL]",
        "print the netlink messages of a capture, a hex dump or strace's output on standard input; --check writes each \
         again and compares, --running takes numbers of families of generic netlink from this kernel, --protocol names \
         the protocol (route, generic, a number) of what the input does not tell it of, as in a hex dump",
    ),
    ("man [OBJECT]", "print a manual page (roff)"),
    (
        "record [--write FILE] -- COMMAND …",
        "run a command of netloom and write what it exchanges with the kernel as a capture, for decode and Wireshark; \
         without a file on standard output, and what the command prints goes to standard error",
    ),
    ("schema [NAME]", "print the tables of attributes, structs, enums and message types, or one of them"),
];

fn main() -> ExitCode {
    let cli = match options::normalise(std::env::args()) {
        Ok(words) => Cli::try_parse_from(words).map_err(|error| Failure::Usage(plain(&error))),
        Err(unknown) => Err(Failure::Usage(unknown)),
    };
    let outcome = cli.and_then(|cli| {
        let mut cx = Context::new(cli.options);
        let outcome = run(&mut cx, cli.tool);
        // What was printed before a failure stands before the failure's text.
        let flushed = cx.out().flush();
        outcome.and_then(|()| flushed.map_err(Failure::from))
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(cx: &mut Context, tool: Option<Tool>) -> Outcome {
    let Options { version, help, .. } = cx.options;
    if version {
        return Ok(writeln!(cx.out(), "netloom {}", env!("CARGO_PKG_VERSION"))?);
    }
    if help {
        return Ok(cx.out().write_all(self::help().as_bytes())?);
    }
    match tool {
        Some(Tool::Completions { shell }) => Ok(cx.out().write_all(shell.script().as_bytes())?),
        Some(Tool::Complete { words }) => {
            let (current, before) = words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
            for (word, about) in words::candidates(objects::OBJECTS, before, current) {
                writeln!(cx.out(), "{word}\t{about}")?;
            }
            Ok(())
        }
        Some(Tool::Man { object: None }) => {
            let page = words::program_page(objects::OBJECTS, TOOLS, &options::described());
            Ok(cx.out().write_all(page.as_bytes())?)
        }
        Some(Tool::Man { object: Some(name) }) => {
            let object = objects::find(&name).ok_or_else(|| Failure::Failed(format!("object {name:?} is unknown")))?;
            Ok(cx.out().write_all(words::object_page(object).as_bytes())?)
        }
        Some(Tool::Record { write, words }) => record::run(write.as_deref(), words),
        Some(Tool::Schema { name }) => schema::run(cx, name.as_deref()),
        Some(Tool::Decode { check, running, protocol }) => decode::run(cx, check, running, protocol),
        Some(Tool::Object(given)) => objects::run(cx, &given),
        None => match cx.options.batch.clone() {
            Some(file) => batch::run(cx, &file, objects::run),
            None => Err(Failure::Usage(self::help())),
        },
    }
}

/// Help of the program.
fn help() -> String {
    words::program_help(objects::OBJECTS, TOOLS, &options::described())
}

/// Tells a failure on standard error.
fn tell(failure: &Failure) {
    if !failure.is_silent() {
        anstream::eprintln!("{failure}");
    }
}

/// clap's text for a usage error, without its own `error:` before and help after.
fn plain(error: &clap::Error) -> String {
    let text = error.to_string();
    text.trim_start_matches("error: ").lines().next().unwrap_or_default().to_owned()
}
