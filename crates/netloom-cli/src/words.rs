//! The words after a verb: one table per object and verb, from which come the parser, usage errors, help,
//! completions and manual pages.
//!
//! An object's file holds `static OBJECT: Object` with its [`Verb`]s; each verb names its [`Word`]s and the
//! function that runs it. The function gets the parsed [`Words`] and asks them by name:
//!
//! ```text
//! static OBJECT: Object = Object {
//!     names: &["neighbor", "neighbour"],
//!     about: "neighbour (ARP and NDP) entries",
//!     verbs: &[Verb { names: &["add"], about: "add an entry", words: ADD, run: add }],
//! };
//! const ADD: &[Word] = &[
//!     word("to", Kind::Address, "address of the neighbour").bare(),
//!     word("dev", Kind::Device, "device it is reached by"),
//!     word("lladdr", Kind::Mac, "its hardware address").prefix(),
//!     flag("router", "it is a router"),
//! ];
//! fn add(cx: &mut Context, words: &Words) -> Outcome {
//!     let to = words.address("to").ok_or_else(|| words.missing("to"))?;
//!     …
//! }
//! ```
//!
//! Matching follows iproute2: the first word of the table that matches wins; a word marked [`Word::prefix`]
//! may be abbreviated to any of its beginnings; a [`Word::bare`] word's own keyword may be left out; verbs and
//! objects are always abbreviable, first in table order wins.

mod complete;
mod help;
mod man;
mod near;
mod parse;
mod scalar;
mod table;
mod value;

pub(crate) use complete::candidates;
pub(crate) use help::{case_help, object_help, program_help, verb_help};
pub(crate) use man::{object_page, program_page};
pub(crate) use near::nearest;
pub(crate) use parse::{Input, abbreviates, leading, parse, verb_of};
pub(crate) use scalar::{Prefix, hardware, number, prefix};
pub(crate) use table::{Case, Kind, Object, Verb, Word, flag, word};
pub(crate) use value::{Value, Words};
