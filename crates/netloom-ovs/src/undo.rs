//! Takes back what was committed and then failed.

use std::{collections::HashMap, path::Path, thread, time::Duration};

use netloom_wire::{Error, Result};
use serde_json::Value;

use crate::{
    change::{Change, Step},
    commit::{follow_up, next_configuration, settle, transact},
    notation::as_uuid,
    plan::Plan,
    session::{Deadline, Failure, Session},
};

/// Longer than a transaction takes that nobody has to follow, and than a database that died needs to come back; the
/// caller's own time may be over already.
const GRACE: Duration = Duration::from_secs(5);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes the change back, and says in the error how that went.
pub(crate) fn take_back(
    session: Session,
    path: &Path,
    change: &Change,
    plan: &Plan,
    made: &HashMap<String, Value>,
    error: Error,
) -> Error {
    let kept: Vec<String> = change.steps().iter().filter_map(kept).collect();
    let outcome = if plan.undo.is_empty() {
        String::new()
    } else {
        match revert(session, path, change, plan, made, &error) {
            Ok(()) => "; the change was undone".to_owned(),
            Err(problem) => {
                let left: Vec<String> = change.steps().iter().filter_map(left).collect();
                format!("; undoing failed ({problem}), what may stay in the database: {}", left.join(", "))
            }
        }
    };
    let kept = if kept.is_empty() { kept.join("") } else { format!("; what stays: {}", kept.join(", ")) };
    Error::new(error.kind(), format!("{error}{outcome}{kept}"))
}

fn revert(
    session: Session,
    path: &Path,
    change: &Change,
    plan: &Plan,
    made: &HashMap<String, Value>,
    error: &Error,
) -> Result<()> {
    let deadline = Deadline::within(GRACE);
    // A connection whose last question was not answered is of no use.
    drop(session);
    let operations = plan.undo.iter().rev().map(|operation| resolved(operation, made));
    let operations = follow_up(operations, &format!("netloom: undo: {change}"));
    // What is taken back twice is taken back, so it does no harm to try again.
    let (mut session, results) = loop {
        match attempt(path, &operations, deadline) {
            Ok(done) => break done,
            Err(Failure::Refused(problem)) => return Err(problem),
            Err(failure) if deadline.left().is_none_or(|left| left < PAUSE) => return Err(failure.into_error()),
            Err(_) => thread::sleep(PAUSE),
        }
    };
    if !error.is_timeout() {
        // It is undone, whether or not anybody follows; but the caller should find the links gone.
        let _ = settle(&mut session, next_configuration(&results), &[], deadline);
    }
    Ok(())
}

fn attempt(path: &Path, operations: &[Value], deadline: Deadline) -> Result<(Session, Vec<Value>), Failure> {
    let mut session = Session::open(path, deadline).map_err(Failure::Unsent)?;
    let results = transact(&mut session, operations.to_vec(), deadline).map_err(|(_, failure)| failure)?;
    Ok((session, results))
}

/// With the identities of new rows instead of the names that they had in their transaction.
pub(crate) fn resolved(value: &Value, made: &HashMap<String, Value>) -> Value {
    let Value::Array(elements) = value else {
        return match value {
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), resolved(value, made))).collect()
            }
            other => other.clone(),
        };
    };
    if let [Value::String(tag), Value::String(label)] = elements.as_slice() {
        if let Some(uuid) = made.get(label).filter(|uuid| tag == "named-uuid" && as_uuid(uuid).is_some()) {
            return uuid.clone();
        }
    }
    elements.iter().map(|element| resolved(element, made)).collect()
}

/// What a step leaves that was not undone.
fn left(step: &Step) -> Option<String> {
    match step {
        Step::AddBridge(bridge) => Some(format!("bridge {}", bridge.name())),
        Step::AddPort(bridge, port) => Some(format!("port {} of bridge {bridge}", port.name())),
        Step::MovePort(port, bridge) => Some(format!("port {port} on bridge {bridge}")),
        Step::SetPort(port) => Some(format!("the changes of port {}", port.name())),
        Step::SetBridge(bridge) => Some(format!("the changes of bridge {}", bridge.name())),
        Step::DeleteBridge(_) | Step::DeletePort(_) => None,
    }
}

/// What a step does that cannot be taken back: the rows, with whatever others wrote in them, are gone.
fn kept(step: &Step) -> Option<String> {
    match step {
        Step::DeleteBridge(bridge) => Some(format!("bridge {bridge} is deleted from the database")),
        Step::DeletePort(port) => Some(format!("port {port} is deleted from the database")),
        _ => None,
    }
}
