//! The serial console, where the guest's kernel says why it dies.

/// As many lines as a panic with its call trace takes.
const LINES: usize = 40;

/// The last lines that say something, without what terminals alone understand.
pub(super) fn tail(console: &[u8]) -> String {
    let text = String::from_utf8_lossy(console);
    let lines: Vec<String> = text.lines().map(readable).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    lines[lines.len().saturating_sub(LINES)..].join("\n")
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
        let text: String = (0..100).map(|number| format!("[ {number}.0] line\r\n\r\n")).collect();
        let tail = tail(text.as_bytes());
        assert_eq!(tail.lines().count(), LINES);
        assert!(tail.starts_with("[ 60.0] line\n") && tail.ends_with("[ 99.0] line"));
    }

    #[test]
    fn without_what_only_terminals_read() {
        assert_eq!(tail(b"\x1bc\x1b[?7l\x1b[2J\x1b[0mSeaBIOS\r\n\xff panic\n"), "SeaBIOS\n\u{fffd} panic");
        assert_eq!(tail(b"\r\n"), "nothing");
    }
}
