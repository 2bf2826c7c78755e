//! Which messages a handler is for.

use netloom_wire::{DecodeError, Family, Layout, MessageType, Origin, check, generic, nlmsg};

use crate::address::Address;

/// A command of a family, and how its messages are laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    message_type: u16,
    command: u16,
    /// Bytes between the `nlmsghdr` and the body.
    before: usize,
    types: &'static [MessageType],
}

impl Key {
    pub(crate) fn of<F: Family>(address: &Address, command: u16) -> Self {
        let before = if F::GENERIC.is_some() { generic::HEADER } else { 0 };
        Self { message_type: address.number::<F>(command), command, before, types: F::message_types() }
    }

    pub(super) fn message_type(&self) -> u16 {
        self.message_type
    }

    /// Whether it is that of a message, given its type and what follows its `nlmsghdr`.
    #[inline]
    pub(super) fn is_of(&self, message_type: u16, payload: &[u8]) -> bool {
        message_type == self.message_type && self.command_of(payload) == Some(self.command)
    }

    /// The same of a message of this type with this command.
    pub(super) fn is(&self, message_type: u16, command: u16) -> bool {
        message_type == self.message_type && command == self.command
    }

    /// Command of a message of this family, given what follows its `nlmsghdr`.
    fn command_of(&self, payload: &[u8]) -> Option<u16> {
        if self.before == 0 { Some(self.message_type) } else { generic::split(payload).map(|(command, _)| command) }
    }

    pub(super) fn command(&self) -> u16 {
        self.command
    }

    /// What follows the headers that netlink has.
    pub(super) fn body<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        payload.get(self.before..).unwrap_or_default()
    }

    /// Message type and payload of a message of this family with another command or body; None if there is no such
    /// command. What the header of generic netlink holds besides is as in `like`, the payload of another message.
    pub(super) fn message(&self, command: u16, body: &[u8], like: &[u8]) -> Option<(u16, Vec<u8>)> {
        if self.before == 0 {
            return (command >= nlmsg::MIN_TYPE).then(|| (command, body.to_vec()));
        }
        let command = u8::try_from(command).ok()?;
        let mut payload = Vec::with_capacity(self.before.saturating_add(body.len()));
        payload.push(command);
        payload.extend_from_slice(like.get(1..self.before)?);
        payload.extend_from_slice(body);
        Some((self.message_type, payload))
    }

    /// Says what is wrong with a body, as far as the family has a table for it; `known` is the table where that is known
    /// better.
    pub(super) fn check(
        &self,
        command: u16,
        origin: Origin,
        body: &[u8],
        known: Option<&'static Layout>,
    ) -> Result<(), DecodeError> {
        if let Some(layout) = known {
            return check(layout, body);
        }
        let mut problem = Ok(());
        for kind in origin.kinds(self.types.iter(), command) {
            match check((kind.layout)(), body) {
                Ok(()) => return Ok(()),
                wrong => problem = problem.and(wrong),
            }
        }
        problem
    }
}
