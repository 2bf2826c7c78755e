//! `decode --check`: what is read by the tables and written again must be the same bytes.

use super::Decoder;
use netloom::wire::{Origin, RawMessage, check, generic, path, reencode};

/// What is wrong with a message, if anything. A message type without a table is not checked.
pub(super) fn message(decoder: Decoder<'_>, message: &RawMessage<'_>) -> Option<String> {
    let (kind, body) = if decoder.is_generic(message) {
        let (command, body) = generic::split(message.payload)?;
        let parts = decoder.families.parts(message.header.command(), Origin::of(message.header), command, body);
        (parts.kind?, body)
    } else {
        (decoder.message_type(message)?, message.payload)
    };
    let layout = (kind.layout)();
    let name = kind.kernel;
    if let Err(problem) = check(layout, body) {
        return Some(format!("{name}: {problem}"));
    }
    match reencode(layout, body) {
        Ok(written) if written == body => None,
        Ok(written) => {
            let same = written.iter().zip(body).take_while(|(ours, theirs)| ours == theirs).count();
            let at = path(layout, body, same);
            Some(format!("{name}: written again it differs from byte {same} on, at {at}"))
        }
        Err(problem) => Some(format!("{name}: {problem}")),
    }
}
