//! Messages out of the hex dumps that `strace -e write=all` prints.

/// What makes strace print them.
pub const OPTIONS: [&str; 5] = ["-f", "-e", "trace=sendto,sendmsg", "-e", "write=all"];

/// The messages that a traced program sent, in order.
pub fn sent(trace: &str) -> Vec<Vec<u8>> {
    let mut datagrams = vec![Vec::new()];
    for line in trace.lines() {
        match line.split_once(" | ") {
            // `12345  | 00010  02 00 …  ascii |`: offset, two groups of eight bytes, the same as text.
            Some((_, dump)) if dump.len() > 55 && dump.starts_with(|c: char| c.is_ascii_hexdigit()) => {
                let bytes = dump.get(5..55).unwrap_or_default().split_whitespace();
                datagrams.last_mut().unwrap().extend(bytes.map_while(|byte| u8::from_str_radix(byte, 16).ok()));
            }
            _ if line.contains(" * ") => {} // the next buffer of the same datagram
            _ => datagrams.push(Vec::new()),
        }
    }
    datagrams.iter().flat_map(|datagram| messages(datagram)).collect()
}

fn messages(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while let Some(length) = rest.first_chunk().map(|length| u32::from_ne_bytes(*length) as usize) {
        let Some(message) = rest.get(..length).filter(|message| message.len() >= 16) else { break };
        found.push(message.to_vec());
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    found
}
