//! `monitor file FILE`: the messages that `rtmon` wrote to a file.

use super::{News, View, clock::Moment, print, tell};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use netloom::wire::Messages;

/// `NLMSG_TSTAMP`: rtmon's own, before each message; seconds and microseconds.
const TIME: u16 = 15;

/// Tells what is in the file.
pub(super) fn tell_file(cx: &mut Context, view: &View, file: &str) -> Outcome {
    let bytes = std::fs::read(file).map_err(|error| Failure::Usage(format!("cannot read {file:?}: {error}")))?;
    let mut messages = Messages::new(&bytes);
    for message in messages.by_ref() {
        let (command, payload) = (message.header.command(), message.payload);
        if let (TIME, Some(time)) = (command, time(payload)) {
            let mut r = Record::new();
            r.string("timestamp", time.short()).shown(format!("Timestamp: {}", time.long()));
            print(cx, r)?;
        }
        for source in &view.sources {
            if let Some(tells) = source.tells(command, payload) {
                tell(cx, view, &News { source, tells, payload, nsid: None, synthetic: false })?;
            }
        }
        super::remember(cx, command, payload);
    }
    match messages.rest() {
        [] => Ok(()),
        rest => Err(Failure::Failed(format!("{file:?} is cut: its last {} bytes are no whole message", rest.len()))),
    }
}

fn time(payload: &[u8]) -> Option<Moment> {
    let (seconds, rest) = payload.split_first_chunk()?;
    let microseconds = rest.first_chunk()?;
    Some(Moment::new(u32::from_ne_bytes(*seconds).into(), u32::from_ne_bytes(*microseconds)))
}
