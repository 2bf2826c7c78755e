//! Lists of labels and of addresses among the words.

use crate::failure::Failure;
use crate::words::Words;
use netloom::encap::MAX_LABEL;
use std::net::Ipv6Addr;

/// Labels, `100/200`, outermost first.
pub(crate) fn labels(words: &Words, given: &str) -> Result<Vec<u32>, Failure> {
    let read = |label: &str| label.parse::<u32>().ok().filter(|label| *label <= MAX_LABEL);
    let labels: Option<Vec<u32>> = given.split('/').map(read).collect();
    labels.ok_or_else(|| words.wrong(format!("{given:?} is not a stack of labels, of 20 bits each")))
}

/// Segments, `2001:db8::1,2001:db8::2`, in the order of the visit.
pub(super) fn segments(words: &Words, name: &str) -> Result<Vec<Ipv6Addr>, Failure> {
    let given = words.text(name).ok_or_else(|| words.missing(name))?;
    let segments: Result<Vec<Ipv6Addr>, _> = given.split(',').map(str::parse).collect();
    segments.map_err(|_| words.wrong(format!("{given:?} is not a list of IPv6 addresses")))
}
