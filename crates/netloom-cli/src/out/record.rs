//! The description: fields in order, each with its JSON value and its text.

use super::text::Paint;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// A key or label: nearly always written in the source.
type Name = Cow<'static, str>;

/// How a field looks to people.
#[derive(Debug, Default)]
pub(super) enum Shown {
    /// `key value`.
    #[default]
    Labelled,
    /// `label value`.
    Label(Name),
    /// The value alone.
    Bare,
    /// This text.
    Text(String),
    /// Not at all.
    Hidden,
}

/// One field of a record.
#[derive(Debug)]
pub(crate) struct Field {
    pub(super) key: Name,
    pub(super) value: Json,
    pub(super) shown: Shown,
    pub(super) paint: Paint,
    pub(super) column: bool,
    pub(super) glued: bool,
    pub(super) counter: bool,
}

impl Field {
    /// Text: `label value`.
    pub(crate) fn label(&mut self, label: impl Into<Name>) -> &mut Self {
        self.shown = Shown::Label(label.into());
        self
    }

    /// Text: the value alone.
    pub(crate) fn bare(&mut self) -> &mut Self {
        self.shown = Shown::Bare;
        self
    }

    /// Text: exactly this.
    pub(crate) fn shown(&mut self, text: impl Into<String>) -> &mut Self {
        self.shown = Shown::Text(text.into());
        self
    }

    /// Not in the text.
    pub(crate) fn json_only(&mut self) -> &mut Self {
        self.shown = Shown::Hidden;
        self
    }

    /// Colour of the value in the text.
    pub(crate) fn paint(&mut self, paint: Paint) -> &mut Self {
        self.paint = paint;
        self
    }

    /// A column: in the text, padded to the same width in all records. Only the first fields of a record can be.
    pub(crate) fn column(&mut self) -> &mut Self {
        self.column = true;
        self
    }

    /// No blank between the field before and this one.
    pub(crate) fn glued(&mut self) -> &mut Self {
        self.glued = true;
        self
    }
}

/// What a record is made of.
#[derive(Debug)]
pub(super) enum Item {
    Field(Field),
    /// Text goes on on a new line, so far in.
    Line(usize),
    /// An object within; its text flows on.
    Object(Name, Record),
    /// Records within; their texts flow on.
    Array(Name, Vec<Record>),
    /// Text that has no place in JSON.
    Text(String, Paint, bool),
}

/// One object to show.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(super) items: Vec<Item>,
    /// The field after the items, which may still be told how it looks.
    pub(super) last: Option<Field>,
}

/// The records of an array while they are written.
#[derive(Debug, Default)]
pub(crate) struct Records(Vec<Record>);

impl Records {
    /// Adds one.
    pub(crate) fn record(&mut self, write: impl FnOnce(&mut Record)) {
        let mut record = Record::new();
        write(&mut record);
        self.0.push(record);
    }
}

impl Record {
    /// An empty one: `{}`, and nothing for people. iproute2 prints such for a link that a filter hides.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn push(&mut self, item: Item) {
        self.items.extend(self.last.take().map(Item::Field));
        self.items.push(item);
    }

    /// Any value.
    pub(crate) fn value(&mut self, key: impl Into<Name>, value: impl Into<Json>) -> &mut Field {
        let field = Field {
            key: key.into(),
            value: value.into(),
            shown: Shown::default(),
            paint: Paint::Plain,
            column: false,
            glued: false,
            counter: false,
        };
        self.items.extend(self.last.take().map(Item::Field));
        self.last.insert(field)
    }

    /// A string.
    pub(crate) fn string(&mut self, key: impl Into<Name>, value: impl Into<String>) -> &mut Field {
        self.value(key, value.into())
    }

    /// A number.
    pub(crate) fn number(&mut self, key: impl Into<Name>, value: impl Into<serde_json::Number>) -> &mut Field {
        self.value(key, Json::Number(value.into()))
    }

    /// A counter; with `-human-readable` people see it with a unit.
    pub(crate) fn counter(&mut self, key: impl Into<Name>, value: u64) -> &mut Field {
        let field = self.value(key, value);
        field.counter = true;
        field
    }

    /// A number that iproute2 prints as a string in hexadecimal, `0x` included.
    pub(crate) fn hex(&mut self, key: impl Into<Name>, value: impl Into<u64>) -> &mut Field {
        self.value(key, format!("{:#x}", value.into()))
    }

    /// `true` or `false`; people see `on` or `off`.
    pub(crate) fn bool(&mut self, key: impl Into<Name>, value: bool) -> &mut Field {
        self.value(key, value)
    }

    /// A key whose being there is what it says (`null` in JSON); people see the key.
    pub(crate) fn flag(&mut self, key: impl Into<Name>) -> &mut Field {
        let key = key.into();
        let shown = key.replace('_', " ");
        self.value(key, Json::Null).shown(shown)
    }

    /// Strings; people see them with commas.
    pub(crate) fn strings<S: Into<String>>(
        &mut self,
        key: impl Into<Name>,
        values: impl IntoIterator<Item = S>,
    ) -> &mut Field {
        let values: Vec<Json> = values.into_iter().map(|value| Json::String(value.into())).collect();
        self.value(key, values)
    }

    /// An object within.
    pub(crate) fn object(&mut self, key: impl Into<Name>, write: impl FnOnce(&mut Self)) {
        let mut record = Self::new();
        write(&mut record);
        self.push(Item::Object(key.into(), record));
    }

    /// A record that was written before, as an object within; left out if there is nothing in it.
    pub(crate) fn nested(&mut self, key: impl Into<Name>, record: Self) {
        if !record.is_empty() {
            self.push(Item::Object(key.into(), record));
        }
    }

    /// An array of records.
    pub(crate) fn array(&mut self, key: impl Into<Name>, write: impl FnOnce(&mut Records)) {
        let mut records = Records::default();
        write(&mut records);
        self.push(Item::Array(key.into(), records.0));
    }

    /// Text only for people.
    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.push(Item::Text(text.into(), Paint::Plain, false));
    }

    /// The text goes on on a new line, `indent` blanks in.
    pub(crate) fn line(&mut self, indent: usize) {
        self.push(Item::Line(indent));
    }

    /// Whether nothing was written.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.last.is_none()
    }

    /// The JSON of it.
    pub(crate) fn into_json(self) -> Json {
        let mut map = Map::new();
        for item in self.items.into_iter().chain(self.last.map(Item::Field)) {
            let (key, value) = match item {
                Item::Field(field) => (field.key, field.value),
                Item::Object(key, record) => (key, record.into_json()),
                Item::Array(key, records) => (key, records.into_iter().map(Self::into_json).collect()),
                Item::Line(_) | Item::Text(..) => continue,
            };
            map.insert(key.into_owned(), value);
        }
        Json::Object(map)
    }
}
