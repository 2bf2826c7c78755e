//! `-batch FILE`: a command a line, as iproute2 reads them.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use std::io::{BufRead, BufReader};

/// Runs the lines of `file` (`-`: standard input) with `run`; tells each failure, and stops at the first unless
/// `force`.
pub(crate) fn run(cx: &mut Context, file: &str, run: fn(&mut Context, &[String]) -> Outcome) -> Outcome {
    let input: Box<dyn BufRead> = if file == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let opened = std::fs::File::open(file)
            .map_err(|error| Failure::Failed(format!("cannot open file {file:?} for reading: {error}")))?;
        Box::new(BufReader::new(opened))
    };
    let force = cx.options.force;
    let mut failed = false;
    for line in Lines::new(input) {
        let (number, text) = line.map_err(|error| Failure::Failed(format!("cannot read {file}: {error}")))?;
        cx.renew();
        let words = split(&text);
        let outcome = match words {
            Ok(words) if words.is_empty() => continue,
            Ok(words) => run(cx, &words),
            Err(what) => Err(Failure::Failed(what)),
        };
        let Err(failure) = outcome else { continue };
        if let Failure::Output(_) = failure {
            return Err(failure);
        }
        cx.out().flush()?;
        crate::tell(&failure);
        anstream::eprintln!("Command failed {file}:{number}");
        failed = true;
        if !force {
            return Err(if let Failure::Usage(_) = failure { Failure::BatchUsage } else { Failure::Batch });
        }
    }
    if failed { Err(Failure::Batch) } else { Ok(()) }
}

/// Logical lines: a backslash at the end joins the next one on. Numbered by where they end, from 1.
struct Lines<R> {
    input: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn new(input: R) -> Self {
        Self { input, number: 0 }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = std::io::Result<(usize, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = String::new();
        loop {
            let before = text.len();
            match self.input.read_line(&mut text) {
                Err(error) => return Some(Err(error)),
                Ok(0) if before == 0 => return None,
                Ok(0) => return Some(Ok((self.number, text))),
                Ok(_) => {}
            }
            self.number += 1;
            if text.ends_with('\n') {
                text.pop();
            }
            if !text.ends_with('\\') {
                return Some(Ok((self.number, text)));
            }
            text.pop();
        }
    }
}

/// The words of a line: blanks part them, quotes of either kind hold them together, `#` ends the line.
fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => word.get_or_insert_with(String::new).push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_with(String::new);
            }
            (None, '#') => break,
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_with(String::new).push(c),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".into());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_split_as_in_iproute2() {
        assert_eq!(
            split("link set  'a b' alias \"x # y\" # rest"),
            Ok(["link", "set", "a b", "alias", "x # y"].map(String::from).to_vec())
        );
        assert_eq!(split("  # nothing"), Ok(vec![]));
        assert_eq!(split("a ''"), Ok(vec!["a".into(), String::new()]));
        assert!(split("a 'b").is_err());
    }

    #[test]
    fn a_backslash_joins_lines() {
        let lines: Vec<_> =
            Lines::new("a \\\nb\nc\\".as_bytes()).map(|line| line.expect("memory can be read")).collect();
        assert_eq!(lines, [(2, "a b".to_owned()), (3, "c".to_owned())]);
    }
}
