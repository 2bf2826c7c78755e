//! The serial console, where the guest's kernel says why it dies.

/// Lines at the end that are shown.
const LINES: usize = 30;

/// How a kernel begins to say that it cannot go on; the trace that follows may be longer than [`LINES`].
const REASONS: [&str; 4] = ["Kernel panic", "BUG: ", "Oops: ", "Out of memory"];

/// The last lines that say something, without what terminals alone understand; before them those that name a reason.
pub(super) fn tail(console: &[u8]) -> String {
    let text = String::from_utf8_lossy(console);
    let lines: Vec<String> = text.lines().map(readable).filter(|line| !line.is_empty()).collect();
    let (before, last) = lines.split_at(lines.len().saturating_sub(LINES));
    let reasons = before.iter().filter(|line| REASONS.iter().any(|reason| line.contains(reason))).take(LINES);
    let shown: Vec<&str> = reasons.chain(last).map(String::as_str).collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown.join("\n") }
}

/// A line without control characters and escape sequences (`ESC [ … letter`, `ESC letter`).
fn readable(line: &str) -> String {
    let mut plain = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            if characters.next() == Some('[') {
                let _ = characters.find(|c| ('@'..='~').contains(c));
            }
        } else if !character.is_control() || character == '\t' {
            plain.push(character);
        }
    }
    plain.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_that_say_something() {
        let lines: String = (0..100).map(|number| format!("[ {number}.0] line\r\n\r\n")).collect();
        let tail = tail(format!("[ 0.0] Kernel panic - not syncing: test\r\n{lines}").as_bytes());
        assert_eq!(tail.lines().count(), LINES + 1);
        assert!(tail.starts_with("[ 0.0] Kernel panic - not syncing: test\n[ 70.0] line\n"), "{tail}");
        assert!(tail.ends_with("[ 99.0] line"));
    }

    #[test]
    fn without_what_only_terminals_read() {
        assert_eq!(tail(b"\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS\r\n\xff panic\n"), "SeaBIOS\n\u{fffd} panic");
        assert_eq!(tail(b"\r\n"), "nothing");
    }
}
