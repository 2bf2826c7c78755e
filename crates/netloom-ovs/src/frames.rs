//! Cuts a stream of JSON objects, which nothing separates (RFC 7047 §4), into its objects.

use netloom_wire::{Error, ErrorKind, Result};

/// What one message may take: a database of 100,000 ports is a quarter of it.
const LIMIT: usize = 256 << 20;

/// Bytes that have come, looked at once each.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    /// How many of them have been looked at, and what is open there.
    seen: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Frames {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next object that is complete. What does not begin as one is an error, and so is one without end.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>> {
        while let Some(&byte) = self.bytes.get(self.seen) {
            self.seen = self.seen.saturating_add(1);
            if self.is_end(byte)? {
                let rest = self.bytes.split_off(self.seen);
                self.seen = 0;
                return Ok(Some(std::mem::replace(&mut self.bytes, rest)));
            }
        }
        if self.bytes.len() > LIMIT {
            return Err(Error::new(ErrorKind::Decode, "the database sent a message without end"));
        }
        Ok(None)
    }

    /// Whether an object ends with this byte.
    fn is_end(&mut self, byte: u8) -> Result<bool> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Ok(false);
        }
        match byte {
            b'"' if self.depth > 0 => self.in_string = true,
            b'{' => self.depth = self.depth.saturating_add(1),
            b'}' if self.depth > 0 => {
                self.depth = self.depth.saturating_sub(1);
                return Ok(self.depth == 0);
            }
            _ if self.depth > 0 || byte.is_ascii_whitespace() => {}
            _ => {
                return Err(Error::new(
                    ErrorKind::Decode,
                    "what answers on the socket does not speak OVSDB's JSON-RPC",
                ));
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_cut_wherever_the_stream_is_torn() {
        let stream = br#"{"a":"}\"{"} {"b":{"c":[]}}{"d":"\\"}"#;
        for step in 1..=stream.len() {
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for piece in stream.chunks(step) {
                frames.push(piece);
                while let Some(frame) = frames.next().expect("well formed") {
                    found.push(String::from_utf8(frame).expect("text").trim().to_owned());
                }
            }
            assert_eq!(found, [r#"{"a":"}\"{"}"#, r#"{"b":{"c":[]}}"#, r#"{"d":"\\"}"#], "pieces of {step}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for garbage in ["HTTP/1.1 400", "[1]", "}", "\"{\""] {
            let mut frames = Frames::default();
            frames.push(garbage.as_bytes());
            assert!(frames.next().is_err(), "{garbage}");
        }
    }
}
