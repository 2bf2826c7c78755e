//! Netlink messages out of the hex dumps that `strace -e read=all -e write=all` prints.

/// Which way a message went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    Sent,
    Received,
}

/// The options that make strace print what [`messages`] reads.
pub(crate) const OPTIONS: [&str; 6] =
    ["-e", "trace=sendto,sendmsg,recvfrom,recvmsg", "-e", "read=all", "-e", "write=all"];

/// All netlink messages of a trace, in order.
pub(crate) fn messages(trace: &str) -> Vec<(Way, Vec<u8>)> {
    let mut found = Vec::new();
    let mut way = None;
    let mut bytes = Vec::new();
    for line in trace.lines() {
        if let Some(dump) = line.strip_prefix(" | ") {
            // Offset, then two groups of eight bytes in columns of fixed width, then the same as text.
            bytes
                .extend(dump.get(5..55).unwrap_or("").split_whitespace().map_while(|b| u8::from_str_radix(b, 16).ok()));
            continue;
        }
        if line.starts_with(" * ") {
            continue;
        }
        split(way, &std::mem::take(&mut bytes), &mut found);
        way = if line.starts_with("send") {
            Some(Way::Sent)
        } else if line.starts_with("recv") && !line.contains("MSG_PEEK") {
            Some(Way::Received)
        } else {
            None
        };
    }
    split(way, &bytes, &mut found);
    found
}

/// Cuts a datagram into messages; what is too short or padded with zeros ends it.
fn split(way: Option<Way>, mut bytes: &[u8], into: &mut Vec<(Way, Vec<u8>)>) {
    let Some(way) = way else { return };
    while let Some(length) = bytes.first_chunk().map(|l| u32::from_ne_bytes(*l) as usize) {
        let Some(message) = bytes.get(..length).filter(|m| m.len() >= 16) else { return };
        into.push((way, message.to_vec()));
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or(&[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_messages_of_one_datagram() {
        let trace = "sendto(3, [[{nlmsg_len=16}]], 36, 0, NULL, 0) = 36\n \
                     | 00000  14 00 00 00 1a 00 01 03  91 9c 04 6b 00 00 00 00  $..........k.... |\n \
                     | 00010  02 00 00 00 10 00 00 00  1b 00 01 03 00 00 00 00  ................ |\n \
                     | 00020  00 00 00 00                                       ....             |\n\
                     recvmsg(3, {}, MSG_PEEK|MSG_TRUNC) = 20\n\
                     +++ exited with 0 +++\n";
        let all = messages(trace);
        assert_eq!(all.iter().map(|(way, m)| (*way, m.len())).collect::<Vec<_>>(), [(Way::Sent, 20), (Way::Sent, 16)]);
        assert_eq!(all[1].1[4], 0x1b);
    }
}
