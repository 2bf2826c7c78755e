//! Hex dumps: plain digits, `xxd`, `hexdump -C`, `od -tx1`, `tcpdump -x`.

use super::Datagram;

/// Reads a dump. An empty line, or an offset of zero, begins a new datagram.
pub(super) fn read(text: &str) -> Result<Vec<Datagram>, String> {
    let mut found: Vec<Datagram> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            open = false;
            continue;
        }
        let so_far = found.last().filter(|_| open).map(|datagram| datagram.bytes.len());
        if u64::from_str_radix(line, 16).ok().and_then(|end| usize::try_from(end).ok()) == so_far && so_far.is_some() {
            continue; // `hexdump` ends with the length alone
        }
        let (offset, digits) = split_offset(line);
        let bytes = bytes(digits).ok_or_else(|| {
            format!("line {} is not hexadecimal: {line:?}; a capture, strace's output or hex is expected", number + 1)
        })?;
        if !open || offset == Some(0) {
            found.push(Datagram::default());
            open = true;
        }
        if let Some(datagram) = found.last_mut() {
            datagram.bytes.extend(bytes);
        }
    }
    found.retain(|datagram| !datagram.bytes.is_empty());
    Ok(found)
}

/// The offset at the begin of a line, if there is one, and the columns of bytes, without what is printed of them.
fn split_offset(line: &str) -> (Option<u64>, &str) {
    let (head, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let (digits, colon) = match head.strip_suffix(':') {
        Some(digits) => (digits.trim_start_matches("0x"), true),
        None => (head, false),
    };
    // Without a colon only the widths of `hexdump` and `od`: eight digits may also be four bytes, which then do not
    // stand before single bytes.
    let single = rest.split_whitespace().next().is_some_and(|word| word.len() == 2);
    let is_offset = colon || (matches!(head.len(), 7 | 8) && single) || (head.len() == 7 && rest.is_empty());
    let Some(offset) = u64::from_str_radix(digits, 16).ok().filter(|_| is_offset) else { return (None, line) };
    let columns = rest.trim_start();
    let columns = columns.split_once('|').map_or(columns, |(columns, _)| columns);
    // `xxd` and `tcpdump` part bytes and text with two blanks.
    (Some(offset), if colon { columns.split_once("  ").map_or(columns, |(columns, _)| columns) } else { columns })
}

/// The bytes of a line of digits, with any of the usual separators and marks.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let plain = digits.replace("\\x", " ").replace("0x", " ");
    let mut found = Vec::new();
    for word in plain.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '"' | '{' | '}' | '[' | ']')) {
        if word.len() % 2 != 0 {
            return None;
        }
        for at in (0..word.len()).step_by(2) {
            found.push(u8::from_str_radix(word.get(at..at + 2)?, 16).ok()?);
        }
    }
    Some(found)
}
