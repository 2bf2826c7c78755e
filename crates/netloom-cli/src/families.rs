//! Families of generic netlink by their numbers, which a kernel gives out as they are registered.

use crate::context::Context;
use crate::failure::Failure;
use crate::tables;
use netloom::Generic;
use netloom::generic::controller::{self, Controller, FamilyInfo, ListFamilies};
use netloom::wire::{Family as _, Layout, MessageType, Origin, RawMessage, Set, View as _, generic, nlmsg};
use std::collections::HashMap;

/// `CTRL_CMD_NEWFAMILY`.
const NEW_FAMILY: u16 = 1;

/// The families whose numbers are known.
#[derive(Debug)]
pub(crate) struct Families {
    known: HashMap<u16, Family>,
}

/// What the controller says of a family.
#[derive(Debug)]
struct Family {
    name: String,
    /// Bytes of its own header, before the attributes.
    header: usize,
}

/// A message of generic netlink, taken apart as far as it is known.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// Name of the family, if its number is known.
    pub(crate) family: Option<&'a str>,
    /// Its command.
    pub(crate) command: u16,
    /// The table of the message.
    pub(crate) kind: Option<&'static MessageType>,
    /// The family's own header, where there is no table of it.
    pub(crate) header: &'a [u8],
    /// What the table describes, or attributes of a family without tables.
    pub(crate) body: &'a [u8],
}

/// Attributes of which nothing is known.
static UNKNOWN: Layout = Layout {
    header: None,
    set: || {
        static NOTHING: Set = Set { name: "unknown", attributes: &[] };
        &NOTHING
    },
};

impl Families {
    /// Knows the controller, whose number is the same everywhere.
    pub(crate) fn new() -> Self {
        let controller = Family { name: Controller::NAME.to_owned(), header: 0 };
        Self { known: HashMap::from([(controller::ID, controller)]) }
    }

    /// Knows those of the running kernel.
    pub(crate) fn running(cx: &Context) -> Result<Self, Failure> {
        let mut families = Self::new();
        for info in &socket(cx)?.run(&ListFamilies::default())? {
            families.learn(info);
        }
        Ok(families)
    }

    /// Takes in what the controller says of a family.
    pub(crate) fn learn(&mut self, info: &FamilyInfo) {
        if let (Some(id), Some(name)) = (info.id(), info.name()) {
            let header = info.header_size().and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
            self.known.insert(id, Family { name: name.to_owned(), header });
        }
    }

    /// The same of a message that tells of a family, whatever else it is.
    pub(crate) fn hear(&mut self, message: &RawMessage<'_>) {
        match generic::split(message.payload) {
            Some((NEW_FAMILY, body)) if message.header.command() == controller::ID => {
                if let Some(info) = FamilyInfo::view(body) {
                    self.learn(info);
                }
            }
            _ => {}
        }
    }

    /// Takes a message of the family with this number apart, given its command and what follows its header.
    pub(crate) fn parts<'a>(&'a self, number: u16, origin: Origin, command: u16, body: &'a [u8]) -> Parts<'a> {
        let Some(family) = self.known.get(&number) else {
            return Parts { family: None, command, kind: None, header: &[], body };
        };
        let own = tables::generic().filter(|kind| kind.family == family.name);
        let kind = origin.kinds(own, command).find(|kind| body.len() >= (kind.layout)().header_size());
        let own = if kind.is_some() { 0 } else { nlmsg::align(family.header) };
        let (header, body) = body.split_at_checked(own).unwrap_or((body, &[]));
        Parts { family: Some(&family.name), command, kind, header, body }
    }
}

impl Parts<'_> {
    /// How the body is laid out; None if it is of a family that nobody knows.
    pub(crate) fn layout(&self) -> Option<&'static Layout> {
        self.family?;
        Some(self.kind.map_or(&UNKNOWN, |kind| (kind.layout)()))
    }
}

/// A socket that asks the controller, in the namespace that the options name.
pub(crate) fn socket(cx: &Context) -> Result<Generic<Controller>, Failure> {
    Generic::with(&cx.socket_options()?).map_err(Failure::Unavailable)
}
