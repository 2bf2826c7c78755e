//! Settings one under another, values in a column.

use crate::out::{Paint, Record};
use netloom::ethtool::header::Header;
use serde_json::Value as Json;

/// Blanks before what belongs to what stands above.
const STEP: usize = 4;

/// One setting.
#[derive(Debug)]
pub(super) struct Row {
    key: String,
    value: Json,
    /// What people see where it is not the value, line by line.
    shown: Option<Vec<String>>,
    paint: Paint,
    json_only: bool,
}

impl Row {
    /// Text: exactly this.
    pub(super) fn shown(&mut self, text: impl Into<String>) -> &mut Self {
        self.lines([text.into()])
    }

    /// Text: these lines, one under another.
    pub(super) fn lines(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Self {
        self.shown = Some(lines.into_iter().collect());
        self
    }

    /// Colour of the value in the text.
    pub(super) fn paint(&mut self, paint: Paint) -> &mut Self {
        self.paint = paint;
        self
    }

    /// Not in the text.
    pub(super) fn json_only(&mut self) -> &mut Self {
        self.json_only = true;
        self
    }
}

#[derive(Debug)]
enum Part {
    Row(Row),
    /// An object within, under a heading.
    Section(String, Sheet),
    /// What belongs to the row above; in JSON beside it.
    Under(Sheet),
    /// An array of objects, each under a heading of its own.
    Sections(String, Vec<(String, Sheet)>),
}

/// Settings of a device, or of a part of it.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    parts: Vec<Part>,
    /// The row after the parts, which may still be told how it looks.
    last: Option<Row>,
}

impl Sheet {
    /// Any value.
    pub(super) fn row(&mut self, key: impl Into<String>, value: impl Into<Json>) -> &mut Row {
        let row = Row { key: key.into(), value: value.into(), shown: None, paint: Paint::Plain, json_only: false };
        self.parts.extend(self.last.take().map(Part::Row));
        self.last.insert(row)
    }

    fn push(&mut self, part: Part) {
        self.parts.extend(self.last.take().map(Part::Row));
        self.parts.push(part);
    }

    /// A value, where there is one.
    pub(super) fn some(&mut self, key: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.row(key, value);
        }
    }

    /// An object within.
    pub(super) fn section(&mut self, key: impl Into<String>, write: impl FnOnce(&mut Self)) {
        let mut sheet = Self::default();
        write(&mut sheet);
        self.push(Part::Section(key.into(), sheet));
    }

    /// Rows that belong to the one above; in JSON they stand beside it.
    pub(super) fn under(&mut self, write: impl FnOnce(&mut Self)) {
        let mut sheet = Self::default();
        write(&mut sheet);
        self.push(Part::Under(sheet));
    }

    /// Objects of an array, each with its heading.
    pub(super) fn sections(&mut self, key: impl Into<String>, sheets: impl IntoIterator<Item = (String, Self)>) {
        self.push(Part::Sections(key.into(), sheets.into_iter().collect()));
    }

    /// Whether nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.last.is_none()
    }

    /// The record of the device that `header` names.
    pub(super) fn of(self, header: Option<&Header>) -> Record {
        let mut r = Record::new();
        if let Some(name) = header.and_then(|header| header.name()) {
            r.string("ifname", name).bare().paint(Paint::Device);
        }
        self.add_to(&mut r);
        r
    }

    /// Adds the settings to a record, each on a line of its own.
    pub(super) fn add_to(self, r: &mut Record) {
        let width = self.width(STEP);
        self.write(r, STEP, width);
    }

    /// Columns that the longest key takes, with what stands before it.
    fn width(&self, indent: usize) -> usize {
        let row = |row: &Row| if row.json_only { 0 } else { indent + row.key.chars().count() };
        let part = |part: &Part| match part {
            Part::Row(found) => row(found),
            Part::Section(_, sheet) | Part::Under(sheet) => sheet.width(indent + STEP),
            Part::Sections(_, sheets) => {
                sheets.iter().map(|(_, sheet)| sheet.width(indent + STEP)).max().unwrap_or_default()
            }
        };
        self.parts.iter().map(part).chain(self.last.iter().map(row)).max().unwrap_or_default()
    }

    fn write(self, r: &mut Record, indent: usize, width: usize) {
        for part in self.parts.into_iter().chain(self.last.map(Part::Row)) {
            match part {
                Part::Row(row) => write_row(row, r, indent, width),
                Part::Under(sheet) => sheet.write(r, indent + STEP, width),
                Part::Section(key, sheet) => {
                    heading(r, indent, &key);
                    r.object(key, |r| sheet.write(r, indent + STEP, width));
                }
                Part::Sections(key, sheets) => r.array(key, |list| {
                    for (title, sheet) in sheets {
                        list.record(|r| {
                            heading(r, indent, &title);
                            sheet.write(r, indent + STEP, width);
                        });
                    }
                }),
            }
        }
    }
}

fn heading(r: &mut Record, indent: usize, text: &str) {
    r.line(indent);
    r.text(text);
}

fn write_row(row: Row, r: &mut Record, indent: usize, width: usize) {
    if row.json_only {
        r.value(row.key, row.value).json_only();
        return;
    }
    r.line(indent);
    let label = format!("{:<1$}", row.key, width.saturating_sub(indent));
    let is_empty = row.value.as_array().is_some_and(Vec::is_empty);
    let mut lines = match row.shown {
        None if !is_empty => {
            r.value(row.key, row.value).label(label).paint(row.paint);
            return;
        }
        shown => shown.unwrap_or_default().into_iter(),
    };
    match lines.next().filter(|first| !first.is_empty()) {
        Some(first) => r.text(format!("{label} {}", row.paint.apply(&first))),
        None => r.text(row.key.clone()),
    }
    r.value(row.key, row.value).json_only();
    for line in lines {
        r.line(width + 1);
        r.text(line);
    }
}
