//! Prints records one after another: as a JSON array, as JSON lines, or as aligned text.

use super::record::Record;
use super::text::{self, Line, Units};
use crate::failure::Outcome;
use serde_json::Value as Json;
use std::io::Write;

/// How records are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Text; with `true`, each record on one line (`-o`).
    Text(bool),
    /// One array; with `true`, indented (`-p`).
    Array(bool),
    /// One object a line, printed at once.
    JsonLines,
}

/// Records whose columns are aligned together. A longer listing is printed in such portions, so that its memory
/// stays bounded; widths carry over.
const PORTION: usize = 1000;

/// A listing while it is printed.
pub(crate) struct Listing<'a> {
    out: &'a mut dyn Write,
    layout: Layout,
    units: Units,
    printed: usize,
    waiting: Vec<Vec<Line>>,
    widths: Vec<usize>,
}

impl<'a> Listing<'a> {
    /// Starts one.
    pub(crate) fn new(out: &'a mut dyn Write, layout: Layout, units: Units) -> Self {
        Self { out, layout, units, printed: 0, waiting: Vec::new(), widths: Vec::new() }
    }

    /// Prints a record (soon: text waits for its columns).
    pub(crate) fn push(&mut self, record: Record) -> Outcome {
        match self.layout {
            Layout::JsonLines => {
                serde_json::to_writer(&mut self.out, &record.into_json()).map_err(std::io::Error::from)?;
                self.out.write_all(b"\n")?;
                self.out.flush()?;
            }
            Layout::Array(pretty) => {
                self.out.write_all(if self.printed == 0 { b"[" } else { b"," })?;
                write_json(self.out, &record.into_json(), pretty)?;
            }
            Layout::Text(_) => {
                let lines = text::lines(&record, self.units);
                if !lines.is_empty() {
                    self.waiting.push(lines);
                }
                if self.waiting.len() >= PORTION {
                    self.flush_text()?;
                }
            }
        }
        self.printed += 1;
        Ok(())
    }

    /// Prints what waits; for a listing that never ends.
    pub(crate) fn flush(&mut self) -> Outcome {
        self.flush_text()?;
        Ok(self.out.flush()?)
    }

    /// Ends it.
    pub(crate) fn finish(mut self) -> Outcome {
        if matches!(self.layout, Layout::Array(_)) {
            self.out.write_all(if self.printed == 0 { b"[]\n" } else { b"]\n" })?;
        }
        self.flush()
    }

    fn flush_text(&mut self) -> Outcome {
        for line in self.waiting.iter().filter_map(|lines| lines.first()) {
            for (number, cell) in line.cells.iter().take_while(|cell| cell.column).enumerate() {
                match self.widths.get_mut(number) {
                    Some(width) => *width = (*width).max(cell.width),
                    None => self.widths.push(cell.width),
                }
            }
        }
        let oneline = self.layout == Layout::Text(true);
        for lines in std::mem::take(&mut self.waiting) {
            let mut text = String::new();
            for (number, line) in lines.iter().enumerate() {
                if number > 0 {
                    text.push_str(if oneline { "\\ " } else { "\n" });
                }
                render(line, if number == 0 { &self.widths } else { &[] }, &mut text);
            }
            writeln!(self.out, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

fn render(line: &Line, widths: &[usize], text: &mut String) {
    text.extend(std::iter::repeat_n(' ', line.indent));
    let mut columns = widths.iter();
    for (number, cell) in line.cells.iter().enumerate() {
        if number > 0 && !cell.glued {
            text.push(' ');
        }
        text.push_str(&cell.text);
        let width = if cell.column { columns.next().copied().unwrap_or_default() } else { 0 };
        text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width)));
    }
}

fn write_json(out: &mut dyn Write, json: &Json, pretty: bool) -> Outcome {
    if pretty {
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut serializer = serde_json::Serializer::with_formatter(out, formatter);
        serde::Serialize::serialize(json, &mut serializer).map_err(std::io::Error::from)?;
    } else {
        serde_json::to_writer(out, json).map_err(std::io::Error::from)?;
    }
    Ok(())
}
