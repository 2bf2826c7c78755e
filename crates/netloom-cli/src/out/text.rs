//! Text for people: fields to painted cells and lines.

use super::record::{Field, Item, Record, Shown};
use anstyle::{AnsiColor, Style};
use serde_json::Value as Json;

/// What a value is, which decides its colour; the colours are iproute2's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Paint {
    /// No colour.
    #[default]
    Plain,
    /// A device's name.
    Device,
    /// A hardware address.
    Mac,
    /// An IPv4 address or prefix.
    Inet,
    /// An IPv6 address or prefix.
    Inet6,
    /// Something that is up.
    Up,
    /// Something that is down.
    Down,
}

impl Paint {
    /// The paint of an address.
    pub(crate) fn address(address: &std::net::IpAddr) -> Self {
        if address.is_ipv6() { Self::Inet6 } else { Self::Inet }
    }

    fn style(self) -> Style {
        let colour = match self {
            Self::Plain => return Style::new(),
            Self::Device => AnsiColor::Cyan,
            Self::Mac => AnsiColor::Yellow,
            Self::Inet => AnsiColor::Magenta,
            Self::Inet6 => AnsiColor::BrightBlue,
            Self::Up => AnsiColor::Green,
            Self::Down => AnsiColor::Red,
        };
        Style::new().fg_color(Some(colour.into()))
    }

    /// The text in its colour; whoever writes it strips that where there is no terminal.
    pub(super) fn apply(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// One piece of a line.
#[derive(Debug)]
pub(super) struct Cell {
    /// With colour.
    pub(super) text: String,
    /// Characters, without the colour.
    pub(super) width: usize,
    pub(super) column: bool,
    pub(super) glued: bool,
}

/// One line of a record.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) indent: usize,
    pub(super) cells: Vec<Cell>,
}

/// The lines of a record; lines on which nothing is are left out.
pub(super) fn lines(record: &Record) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    add(record, &mut lines);
    lines.retain(|line| !line.cells.is_empty());
    lines
}

fn add(record: &Record, lines: &mut Vec<Line>) {
    for item in &record.items {
        match item {
            Item::Line(indent) => lines.push(Line { indent: *indent, cells: Vec::new() }),
            Item::Field(field) => {
                if let Some(cell) = cell(field) {
                    push(lines, cell);
                }
            }
            Item::Text(text, paint, glued) => {
                push(
                    lines,
                    Cell { text: paint.apply(text), width: text.chars().count(), column: false, glued: *glued },
                );
            }
            Item::Object(_, record) => add(record, lines),
            Item::Array(_, records) => records.iter().for_each(|record| add(record, lines)),
        }
    }
}

fn push(lines: &mut [Line], cell: Cell) {
    if let Some(line) = lines.last_mut() {
        line.cells.push(cell);
    }
}

fn cell(field: &Field) -> Option<Cell> {
    let (label, value) = match &field.shown {
        Shown::Hidden => return None,
        Shown::Labelled => (field.key.replace('_', "-"), plain(&field.value)),
        Shown::Label(label) => (label.clone().into_owned(), plain(&field.value)),
        Shown::Bare => (String::new(), plain(&field.value)),
        Shown::Text(text) => (String::new(), text.clone()),
    };
    let blank = if label.is_empty() || value.is_empty() { "" } else { " " };
    Some(Cell {
        width: label.chars().count() + blank.len() + value.chars().count(),
        text: format!("{label}{blank}{}", field.paint.apply(&value)),
        column: field.column,
        glued: field.glued,
    })
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "on".into(),
        Json::Bool(false) => "off".into(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        Json::Object(map) => map.iter().map(|(k, v)| format!("{k} {}", plain(v))).collect::<Vec<_>>().join(" "),
    }
}
