//! `decode --check`: what is read by the tables and written again must be the same bytes.

use crate::tables::Protocol;
use netloom::wire::{RawMessage, check, path, reencode};

/// What is wrong with a message, if anything. A message type without a table is not checked.
pub(super) fn message(protocol: Option<&Protocol>, message: &RawMessage<'_>) -> Option<String> {
    let kind = super::message_type(protocol, message)?;
    let layout = (kind.layout)();
    let name = kind.kernel;
    if let Err(problem) = check(layout, message.payload) {
        return Some(format!("{name}: {problem}"));
    }
    match reencode(layout, message.payload) {
        Ok(written) if written == message.payload => None,
        Ok(written) => {
            let same = written.iter().zip(message.payload).take_while(|(ours, theirs)| ours == theirs).count();
            let at = path(layout, message.payload, same);
            Some(format!("{name}: written again it differs from byte {same} on, at {at}"))
        }
        Err(problem) => Some(format!("{name}: {problem}")),
    }
}
