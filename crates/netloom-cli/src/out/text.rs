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
    pub(crate) fn apply(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// How counters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Units {
    /// To the last digit.
    #[default]
    Exact,
    /// Thousands, millions …: `1.5M`.
    Decimal,
    /// Multiples of 1024: `1.5Mi`.
    Binary,
}

impl Units {
    /// The text of a count, with at most two places after the point and three digits in all.
    fn show(self, count: u64) -> String {
        let (base, mark) = match self {
            Self::Exact => return count.to_string(),
            Self::Decimal => (1000.0, ""),
            Self::Binary => (1024.0, "i"),
        };
        #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
        let mut value = count as f64;
        let mut prefix = None;
        for next in ["K", "M", "G", "T", "P", "E"] {
            if value < base {
                break;
            }
            value /= base;
            prefix = Some(next);
        }
        match prefix {
            None => count.to_string(),
            Some(prefix) if value < 10.0 => format!("{value:.2}{prefix}{mark}"),
            Some(prefix) if value < 100.0 => format!("{value:.1}{prefix}{mark}"),
            Some(prefix) => format!("{value:.0}{prefix}{mark}"),
        }
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
pub(super) fn lines(record: &Record, units: Units) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    add(record, units, &mut lines);
    lines.retain(|line| !line.cells.is_empty());
    lines
}

fn add(record: &Record, units: Units, lines: &mut Vec<Line>) {
    for item in &record.items {
        match item {
            Item::Line(indent) => lines.push(Line { indent: *indent, cells: Vec::new() }),
            Item::Field(field) => add_field(field, units, lines),
            Item::Text(text, paint, glued) => {
                push(
                    lines,
                    Cell { text: paint.apply(text), width: text.chars().count(), column: false, glued: *glued },
                );
            }
            Item::Object(_, record) => add(record, units, lines),
            Item::Array(_, records) => records.iter().for_each(|record| add(record, units, lines)),
        }
    }
    if let Some(field) = &record.last {
        add_field(field, units, lines);
    }
}

fn add_field(field: &Field, units: Units, lines: &mut [Line]) {
    if let Some(cell) = cell(field, units) {
        push(lines, cell);
    }
}

fn push(lines: &mut [Line], cell: Cell) {
    if let Some(line) = lines.last_mut() {
        line.cells.push(cell);
    }
}

fn cell(field: &Field, units: Units) -> Option<Cell> {
    let plain = |value: &Json| match value.as_u64() {
        Some(count) if field.counter => units.show(count),
        _ => plain(value),
    };
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

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn counts_have_three_digits() {
        let decimal = [0, 999, 1000, 1536, 99_950, 123_456, 18_446_744_073_709_551_615].map(|n| Units::Decimal.show(n));
        assert_eq!(decimal, ["0", "999", "1.00K", "1.54K", "100.0K", "123K", "18.4E"]);
        assert_eq!([1023, 1024, 1_572_864].map(|n| Units::Binary.show(n)), ["1023", "1.00Ki", "1.50Mi"]);
        assert_eq!(Units::Exact.show(1_572_864), "1572864");
    }
}
