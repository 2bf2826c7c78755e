//! `schema`: prints the tables, for people or as JSON.

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::tables::Tables;
use netloom::wire::{Attribute, Case, Enum, Key, Kind, Set, Struct};
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Runs the command: all tables, or the one called `name`.
pub(crate) fn run(cx: &mut Context, name: Option<&str>) -> Outcome {
    let mut tables = Tables::all();
    if let Some(name) = name {
        let set = |set: &Set| set.name == name || set.name.rsplit('/').next() == Some(name);
        tables.messages.retain(|message| message.name == name || message.kernel == name || message.family == name);
        tables.sets.retain(|table| set(table) || table.name.split('/').next() == Some(name));
        tables.structs.retain(|table| table.name == name);
        tables.enums.retain(|table| table.name == name);
        let found = tables.messages.len() + tables.sets.len() + tables.structs.len() + tables.enums.len();
        if found == 0 {
            return Err(Failure::Failed(format!("no table is called {name:?}; `netloom schema` lists them all")));
        }
    }
    let text = if cx.options.json {
        let json = to_json(&tables);
        if cx.options.pretty { format!("{json:#}\n") } else { format!("{json}\n") }
    } else if name.is_some() {
        to_text(&tables)
    } else {
        overview(&tables)
    };
    Ok(cx.out().write_all(text.as_bytes())?)
}

fn to_json(tables: &Tables) -> Json {
    json!({
        "sets": tables.sets.iter().map(|set| json!({
            "name": set.name,
            "attributes": set.attributes.iter().map(attribute).collect::<Json>(),
        })).collect::<Json>(),
        "structs": tables.structs.iter().map(|table| structure(table)).collect::<Json>(),
        "commands": tables.messages.iter().map(|message| json!({
            "family": message.family,
            "name": message.name,
            "kernel": message.kernel,
            "number": message.number,
            "header": (message.layout)().header.map(|header| header.name),
            "set": ((message.layout)().set)().name,
        })).collect::<Json>(),
        "enums": tables.enums.iter().map(|table| enumeration(table)).collect::<Json>(),
    })
}

fn attribute(row: &Attribute) -> Json {
    let mut json = json!({
        "number": row.number,
        "name": dashed(row.name),
        "kernel": row.kernel,
        "type": row.kind.name(),
    });
    if let Some(json) = json.as_object_mut().filter(|_| row.many) {
        json.insert("many".to_owned(), true.into());
    }
    detail(&row.kind, &mut json);
    json
}

/// Adds what a kind refers to.
fn detail(kind: &Kind, json: &mut Json) {
    match kind {
        Kind::Nest(shape) | Kind::Records(shape) => json["set"] = (shape().set)().name.into(),
        Kind::Struct(layout) => json["struct"] = layout.name.into(),
        Kind::Enum(named) | Kind::Flags(named) => json["enum"] = named.name.into(),
        Kind::Array(of) | Kind::List(of) => {
            let mut element = json!({ "type": of.name() });
            detail(of, &mut element);
            json["of"] = element;
        }
        Kind::Select { by, cases } => {
            json["by"] = dashed(by).into();
            json["cases"] = cases
                .iter()
                .map(|case| {
                    let mut chosen = json!({ "key": key(case), "type": case.kind.name() });
                    detail(&case.kind, &mut chosen);
                    chosen
                })
                .collect();
        }
        _ => {}
    }
}

fn key(case: &Case) -> Json {
    match case.key {
        Key::Str(text) => text.into(),
        Key::Number(number) => number.into(),
    }
}

fn structure(table: &Struct) -> Json {
    let members = table.members.iter().filter(|member| !member.name.starts_with('_')).map(|member| {
        json!({
            "name": member.name,
            "offset": member.offset,
            "size": member.size,
            "type": member.kind.name(),
        })
    });
    json!({ "name": table.name, "size": table.size, "members": members.collect::<Json>() })
}

fn enumeration(table: &Enum) -> Json {
    let entries = table.entries.iter().map(|entry| {
        let name = Some(("name", Json::from(dashed(entry.name))));
        let kernel = entry.kernel.map(|kernel| ("kernel", Json::from(kernel)));
        let value = Some(("value", Json::from(entry.value)));
        Json::from_iter([name, kernel, value].into_iter().flatten().map(|(key, value)| (key.to_owned(), value)))
    });
    json!({ "name": table.name, "entries": entries.collect::<Json>() })
}

/// A name of Rust (`proto_down`, `NotPresent`, `LOWER_UP`) as the kernel's specs write names: `proto-down`.
fn dashed(name: &str) -> String {
    let mut text = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if c == '_' {
            text.push('-');
        } else {
            if c.is_uppercase() && after_small {
                text.push('-');
            }
            text.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
    }
    text
}

/// A line for each table.
fn overview(tables: &Tables) -> String {
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<(String, usize, &str)>| {
        let _ = writeln!(text, "{title}");
        for (name, count, what) in rows {
            let _ = writeln!(text, "  {name:<40} {count:>4} {what}");
        }
    };
    section("Attribute sets", tables.sets.iter().map(|t| (t.name.into(), t.attributes.len(), "attributes")).collect());
    section("Structs", tables.structs.iter().map(|t| (t.name.into(), t.size, "bytes")).collect());
    section("Enums", tables.enums.iter().map(|t| (t.name.into(), t.entries.len(), "names")).collect());
    let command = |m: &&netloom::wire::MessageType| {
        (format!("{} {}", m.family, m.kernel), usize::from(m.number), ((m.layout)().set)().name)
    };
    section("Message types", tables.messages.iter().map(command).collect());
    text
}

/// The tables in full.
fn to_text(tables: &Tables) -> String {
    let mut text = String::new();
    for message in &tables.messages {
        let layout = (message.layout)();
        let header = layout.header.map_or("", |header| header.name);
        let _ = writeln!(
            text,
            "message {} = {} ({} {}): {header} {}",
            message.kernel,
            message.number,
            message.family,
            message.name,
            (layout.set)().name
        );
    }
    for set in &tables.sets {
        let _ = writeln!(text, "set {}", set.name);
        for row in set.attributes {
            let _ = writeln!(text, "  {:>5} {:<36} {:<28} {}", row.number, row.kernel, dashed(row.name), shape(row));
        }
    }
    for table in &tables.structs {
        let _ = writeln!(text, "struct {} ({} bytes)", table.name, table.size);
        for member in table.members.iter().filter(|member| !member.name.starts_with('_')) {
            let _ = writeln!(text, "  {:>5} {:<36} {}", member.offset, member.name, kind(&member.kind));
        }
    }
    for table in &tables.enums {
        let _ = writeln!(text, "enum {} ({})", table.name, table.width.name());
        for entry in table.entries {
            let kernel = entry.kernel.unwrap_or_default();
            let _ = writeln!(text, "  {:>5} {kernel:<36} {}", entry.value, dashed(entry.name));
        }
    }
    text
}

fn shape(row: &Attribute) -> String {
    let many = if row.many { ", repeatable" } else { "" };
    format!("{}{many}", kind(&row.kind))
}

fn kind(of: &Kind) -> String {
    match of {
        Kind::Nest(shape) => (shape().set)().name.into(),
        Kind::Records(shape) => format!("records of {}", (shape().set)().name),
        Kind::List(of) => format!("list of {}", kind(of)),
        Kind::Array(of) => format!("array of {}", kind(of)),
        Kind::Struct(layout) => format!("struct {}", layout.name),
        Kind::Enum(named) | Kind::Flags(named) => format!("{} {}", named.width.name(), named.name),
        Kind::Select { by, cases } => {
            let cases = cases.iter().map(|case| match case.key {
                Key::Str(text) => text.to_owned(),
                Key::Number(number) => number.to_string(),
            });
            format!("by {}: {}", dashed(by), cases.collect::<Vec<_>>().join(" "))
        }
        other => other.name().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::dashed;

    #[test]
    fn names_are_those_of_the_specs() {
        assert_eq!(
            ["proto_down", "NotPresent", "LOWER_UP", "Vlan8021Q", "ip6"].map(dashed),
            ["proto-down", "not-present", "lower-up", "vlan8021-q", "ip6"]
        );
    }
}
