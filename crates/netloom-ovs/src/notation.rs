//! How the database writes values (RFC 7047 §5.1): a set of one element is the element itself, the rest is tagged.

use serde_json::{Map, Value, json};

/// A set.
pub(crate) fn set(elements: Vec<Value>) -> Value {
    json!(["set", elements])
}

/// A map of strings.
pub(crate) fn map<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a String)>) -> Value {
    let pairs: Vec<Value> = pairs.into_iter().map(|(key, value)| json!([key, value])).collect();
    json!(["map", pairs])
}

/// A reference to a row that is there.
pub(crate) fn uuid(uuid: &str) -> Value {
    json!(["uuid", uuid])
}

/// A reference to a row that the same transaction inserts under this name.
pub(crate) fn named(name: &str) -> Value {
    json!(["named-uuid", name])
}

/// The condition that meets one row.
pub(crate) fn row(reference: &Value) -> Value {
    json!([["_uuid", "==", reference]])
}

/// What follows a tag.
fn tagged<'a>(value: &'a Value, tag: &str) -> Option<&'a Value> {
    match value.as_array()?.as_slice() {
        [Value::String(found), inner] if found == tag => Some(inner),
        _ => None,
    }
}

/// The elements of a set, also of one that is written as its one element.
pub(crate) fn elements(value: &Value) -> &[Value] {
    match tagged(value, "set") {
        Some(inner) => inner.as_array().map_or(&[], Vec::as_slice),
        None => std::slice::from_ref(value),
    }
}

/// What a reference refers to.
pub(crate) fn as_uuid(value: &Value) -> Option<&str> {
    tagged(value, "uuid")?.as_str()
}

/// A row as the database tells it: its columns by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row(Map<String, Value>);

impl Row {
    pub(crate) fn new(value: &Value) -> Option<Self> {
        value.as_object().cloned().map(Self)
    }

    /// A column as it is written; the empty set if it was not told.
    pub(crate) fn column(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_else(|| set(Vec::new()))
    }

    fn elements(&self, name: &str) -> &[Value] {
        self.0.get(name).map_or(&[], elements)
    }

    /// The row's own identity, in what a `select` found.
    pub(crate) fn uuid(&self) -> Option<&str> {
        self.0.get("_uuid").and_then(as_uuid)
    }

    /// A string, or nothing where the column is empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.elements(name).first()?.as_str()
    }

    /// All strings of a set.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.elements(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// An integer, or nothing where the column is empty.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.elements(name).first()?.as_i64()
    }

    /// An integer within the type's range.
    pub(crate) fn number<T: TryFrom<i64>>(&self, name: &str) -> Option<T> {
        T::try_from(self.integer(name)?).ok()
    }

    /// A truth value.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.elements(name).first().and_then(Value::as_bool).unwrap_or(false)
    }

    /// All integers of a set, within the type's range.
    pub(crate) fn numbers<T: TryFrom<i64>>(&self, name: &str) -> Vec<T> {
        self.elements(name).iter().filter_map(|number| T::try_from(number.as_i64()?).ok()).collect()
    }

    /// All references of a set.
    pub(crate) fn references(&self, name: &str) -> impl Iterator<Item = &str> {
        self.elements(name).iter().filter_map(as_uuid)
    }

    /// A map of strings.
    pub(crate) fn pairs<T: FromIterator<(String, String)>>(&self, name: &str) -> T {
        let pairs = self.0.get(name).and_then(|value| tagged(value, "map")).and_then(Value::as_array);
        let pair = |pair: &Value| match pair.as_array()?.as_slice() {
            [key, value] => Some((key.as_str()?.to_owned(), value.as_str()?.to_owned())),
            _ => None,
        };
        pairs.into_iter().flatten().filter_map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_none_one_and_more_and_maps() {
        // As `ovs-vsctl --format=json list` of 3.1 wrote them.
        let told = json!({"tag": 7, "trunks": ["set", [1, 2]], "error": ["set", []], "ofport": -1,
            "_uuid": ["uuid", "65ee5a29-e598-44d7-95ab-32baf626b3f8"], "options": ["map", [["remote_ip", "1.2.3.4"]]]});
        let row = Row::new(&told).expect("an object");
        assert_eq!((row.number::<u16>("tag"), row.numbers::<u16>("trunks")), (Some(7), vec![1, 2]));
        assert_eq!((row.text("error"), row.text("absent"), row.integer("ofport")), (None, None, Some(-1)));
        assert_eq!(row.number::<u16>("ofport"), None);
        assert_eq!(row.uuid(), Some("65ee5a29-e598-44d7-95ab-32baf626b3f8"));
        assert_eq!(row.pairs::<Vec<_>>("options"), [("remote_ip".to_owned(), "1.2.3.4".to_owned())]);
    }

    #[test]
    fn values_of_another_type_read_as_nothing() {
        let row =
            Row::new(&json!({"tag": "x", "options": [["a"]], "ports": [["uuid", 3]], "up": 1})).expect("an object");
        assert_eq!(row.number::<u16>("tag"), None);
        assert!(row.pairs::<Vec<_>>("options").is_empty() && !row.flag("up"));
        assert_eq!(row.references("ports").count(), 0);
        assert!(Row::new(&json!(3)).is_none());
    }
}
