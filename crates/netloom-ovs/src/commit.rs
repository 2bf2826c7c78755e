//! Carries a change out: read, transact, wait for `ovs-vswitchd`, look whether it worked.

use std::{collections::HashMap, path::Path, time::Duration};

use netloom_wire::{Error, ErrorKind, Result};
use serde_json::{Value, json};

use crate::{
    change::{Change, Step},
    plan::{Plan, questions},
    session::{Deadline, Failure, Session, refused},
    undo,
};

/// The database among those that a server may have.
pub(crate) const DATABASE: &str = "Open_vSwitch";

/// Carries a change out, wholly or not at all.
pub(crate) fn apply(path: &Path, timeout: Duration, change: &Change) -> Result<()> {
    change.check()?;
    if change.steps().is_empty() {
        return Ok(());
    }
    let deadline = Deadline::within(timeout);
    carry_out(path, deadline, change).map_err(|error| error.about(change))
}

fn carry_out(path: &Path, deadline: Deadline, change: &Change) -> Result<()> {
    let mut session = Session::open(path, deadline)?;
    let answers = select(&mut session, questions(change), deadline)?;
    let plan = Plan::new(change, &answers)?;
    let bodies = plan.operations.iter().map(|planned| planned.body.clone());
    let committed = transact(&mut session, follow_up(bodies, &format!("netloom: {change}")), deadline);
    let results = match committed {
        Ok(results) => results,
        Err((_, Failure::Unanswered(error))) => {
            let detail = format!("{error}; whether the database changed is not known");
            return Err(Error::new(ErrorKind::Unknown, detail));
        }
        Err((at, failure)) => {
            let planned = at.and_then(|at| plan.operations.get(at));
            let error = match planned.and_then(|planned| planned.guards.clone()) {
                Some(wrong) => Error::new(ErrorKind::Service, wrong),
                None => failure.into_error(),
            };
            let step = planned.and_then(|planned| change.steps().get(planned.step));
            return Err(match step {
                Some(step) => error.about(step),
                None => error,
            });
        }
    };
    let made = made(&plan, &results);
    let checks = checks(&plan, &made);
    let mut settled = settle(&mut session, next_configuration(&results), &checks, deadline);
    let is_move = |step: usize| matches!(change.steps().get(step), Some(Step::MovePort(..)));
    if matches!(settled, Err((_, Some(step))) if is_move(step)) {
        // It may add a tunnel to its new bridge before it takes it off the old one, which it only gets over when it looks
        // again.
        let again = transact(&mut session, follow_up(std::iter::empty(), &format!("netloom: {change}")), deadline);
        if let Ok(results) = again {
            settled = settle(&mut session, next_configuration(&results), &checks, deadline);
        }
    }
    let (error, step) = match settled {
        Ok(()) => return Ok(()),
        Err(problem) => problem,
    };
    let error = undo::take_back(session, path, change, &plan, &made, error);
    Err(match step.and_then(|step| change.steps().get(step)) {
        Some(step) => error.about(step),
        None => error,
    })
}

/// The operations, with those that ask `ovs-vswitchd` to follow and tell by which number it will say that it has.
pub(crate) fn follow_up(operations: impl Iterator<Item = Value>, comment: &str) -> Vec<Value> {
    let next = [
        json!({"op": "mutate", "table": "Open_vSwitch", "where": [], "mutations": [["next_cfg", "+=", 1]]}),
        // The log of the database shows it.
        json!({"op": "comment", "comment": comment}),
        json!({"op": "select", "table": "Open_vSwitch", "where": [], "columns": ["next_cfg"]}),
    ];
    operations.chain(next).collect()
}

/// The number that the last operation of [`follow_up`] found.
pub(crate) fn next_configuration(results: &[Value]) -> Option<i64> {
    results.last()?.get("rows")?.get(0)?.get("next_cfg")?.as_i64()
}

/// Runs a transaction. Where it fails, the number of the operation that did, if it was one, is told.
pub(crate) fn transact(
    session: &mut Session,
    operations: Vec<Value>,
    deadline: Deadline,
) -> Result<Vec<Value>, (Option<usize>, Failure)> {
    let count = operations.len();
    let params = Value::Array([vec![json!(DATABASE)], operations].concat());
    let result = session.ask("transact", &params, deadline).map_err(|failure| (None, failure))?;
    let Value::Array(results) = result else {
        let error = Error::new(ErrorKind::Decode, "the database answered a transaction with something else");
        return Err((None, Failure::Unanswered(error)));
    };
    // Those after a failed one are null; a failure of the whole follows all of them.
    let failed = results.iter().position(|result| result.get("error").is_some_and(|error| !error.is_null()));
    match failed.and_then(|at| Some((at, results.get(at)?))) {
        Some((at, error)) => Err((Some(at).filter(|at| *at < count), Failure::Refused(refused(error)))),
        None if results.len() < count => {
            let error = Error::new(ErrorKind::Decode, "the database answered a part of the transaction only");
            Err((None, Failure::Unanswered(error)))
        }
        None => Ok(results),
    }
}

/// Runs a transaction that changes nothing.
pub(crate) fn select(session: &mut Session, operations: Vec<Value>, deadline: Deadline) -> Result<Vec<Value>> {
    transact(session, operations, deadline).map_err(|(_, failure)| failure.into_error())
}

/// The rows that were made, by the names that the plan has for them.
fn made(plan: &Plan, results: &[Value]) -> HashMap<String, Value> {
    let rows = plan.operations.iter().zip(results);
    rows.filter_map(|(planned, result)| Some((planned.makes.clone()?, result.get("uuid")?.clone()))).collect()
}

/// The interfaces that have to work, by their identities.
fn checks(plan: &Plan, made: &HashMap<String, Value>) -> Vec<(Value, usize)> {
    plan.checks.iter().map(|(interface, step)| (undo::resolved(interface, made), *step)).collect()
}

/// Waits until `ovs-vswitchd` has followed, and looks whether the interfaces work. The error has the step that failed,
/// if it was one.
pub(crate) fn settle(
    session: &mut Session,
    next: Option<i64>,
    checks: &[(Value, usize)],
    deadline: Deadline,
) -> Result<(), (Error, Option<usize>)> {
    let Some(next) = next else {
        return Err((Error::new(ErrorKind::Decode, "the database did not tell the number of its configuration"), None));
    };
    let Some(left) = deadline.left() else { return Err((no_followers(deadline), None)) };
    // The server shall say that time is over before the connection does.
    let patience = left.saturating_mul(9).as_millis().checked_div(10).and_then(|left| i32::try_from(left).ok());
    let patience = patience.unwrap_or(i32::MAX);
    let wait = json!({"op": "wait", "table": "Open_vSwitch", "where": [["cur_cfg", "<", next]], "columns": ["cur_cfg"],
        "until": "==", "rows": [], "timeout": patience});
    let columns = ["name", "error", "ofport"];
    let looks = checks.iter().map(|(interface, _)| {
        json!({"op": "select", "table": "Interface", "where": crate::notation::row(interface), "columns": columns})
    });
    let answers = match transact(session, std::iter::once(wait).chain(looks).collect(), deadline) {
        Ok(answers) => answers,
        // The first operation is the only one that can fail.
        Err((Some(0), Failure::Refused(_))) => return Err((no_followers(deadline), None)),
        Err((_, failure)) => return Err((failure.into_error(), None)),
    };
    for ((_, step), answer) in checks.iter().zip(answers.iter().skip(1)) {
        let row = answer.get("rows").and_then(|rows| rows.get(0)).and_then(crate::notation::Row::new);
        let Some(row) = row else {
            return Err((Error::new(ErrorKind::Service, "another program deleted it at once"), Some(*step)));
        };
        let trouble = match (row.text("error"), row.integer("ofport")) {
            (Some(error), _) => error.to_owned(),
            (None, Some(-1)) => "ovs-vswitchd could not set it up".to_owned(),
            (None, None) => "ovs-vswitchd did not set it up; its log says why".to_owned(),
            (None, Some(_)) => continue,
        };
        return Err((Error::new(ErrorKind::Service, trouble), Some(*step)));
    }
    Ok(())
}

fn no_followers(deadline: Deadline) -> Error {
    Error::new(ErrorKind::Timeout, format!("ovs-vswitchd did not follow the database {deadline}"))
}
