//! Control messages of `recvmsg` (`struct cmsghdr`), as the kernel lays them out.

/// What the kernel says of a datagram beside its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ancillary {
    /// `NETLINK_PKTINFO`: the group that it was sent to.
    pub(crate) group: Option<u32>,
    /// `NETLINK_LISTEN_ALL_NSID`: the namespace that it comes from.
    pub(crate) nsid: Option<i32>,
}

/// Length of `struct cmsghdr`: a `size_t` and two `int`s.
const HEADER: usize = size_of::<usize>() + 8;

/// Reads a control buffer; zeros after the last message end it.
pub(crate) fn read(mut control: &[u8]) -> Ancillary {
    let mut found = Ancillary::default();
    while let Some((length, level, kind)) = header(control) {
        let Some(payload) = control.get(HEADER..length) else { break };
        if level == libc::SOL_NETLINK {
            let value = payload.first_chunk::<4>().copied();
            match kind {
                libc::NETLINK_PKTINFO => found.group = value.map(u32::from_ne_bytes),
                libc::NETLINK_LISTEN_ALL_NSID => found.nsid = value.map(i32::from_ne_bytes),
                _ => {}
            }
        }
        // Each begins at a multiple of a word.
        let Some(next) = length.checked_next_multiple_of(size_of::<usize>()) else { break };
        control = control.get(next..).unwrap_or_default();
    }
    found
}

/// Length with the header, level and type of the first control message.
fn header(control: &[u8]) -> Option<(usize, i32, i32)> {
    let (length, rest) = control.split_first_chunk::<{ size_of::<usize>() }>()?;
    let (level, rest) = rest.split_first_chunk::<4>()?;
    let kind = rest.first_chunk::<4>()?;
    Some((usize::from_ne_bytes(*length), i32::from_ne_bytes(*level), i32::from_ne_bytes(*kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: i32, value: i32) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&(HEADER + 4).to_ne_bytes());
        bytes.extend_from_slice(&libc::SOL_NETLINK.to_ne_bytes());
        bytes.extend_from_slice(&kind.to_ne_bytes());
        bytes.extend_from_slice(&value.to_ne_bytes());
        bytes.resize(bytes.len().next_multiple_of(size_of::<usize>()), 0);
        bytes
    }

    #[test]
    fn finds_each_among_others() {
        let control = [message(77, 1), message(libc::NETLINK_LISTEN_ALL_NSID, 5), message(libc::NETLINK_PKTINFO, 33)];
        assert_eq!(read(&control.concat()), Ancillary { group: Some(33), nsid: Some(5) });
    }

    #[test]
    fn ends_at_what_does_not_fit() {
        let whole = [message(libc::NETLINK_PKTINFO, 33), message(libc::NETLINK_LISTEN_ALL_NSID, 5)].concat();
        for length in 0..whole.len() {
            let found = read(whole.get(..length).unwrap_or_default());
            assert!(found.nsid.is_none() || length >= HEADER * 2 + 4);
        }
        // A length of zero or beyond the end must end the walk, not hang it.
        for length in [0usize, 1, usize::MAX] {
            let mut bytes = whole.clone();
            bytes.splice(..size_of::<usize>(), length.to_ne_bytes());
            assert_eq!(read(&bytes), Ancillary::default());
        }
    }
}
