//! `encap TYPE …`: what a route or a next hop puts packets into.

mod options;
mod read;
mod segments;
mod show;
mod words;

pub(crate) use read::read;
pub(crate) use segments::labels;
pub(crate) use show::{describe, links};
pub(crate) use words::ENCAPS;
