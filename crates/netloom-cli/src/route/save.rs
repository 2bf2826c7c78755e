//! `route save`, `restore` and `showdump`: routes as the kernel tells them, behind iproute2's mark.

use super::filter::{Filter, Hidden};
use super::show::{learn, print};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::words::Words;
use netloom::route::{Prepend, Route, RouteType};
use netloom::wire::{List, Messages, View, nlmsg};
use std::io::{BufWriter, IsTerminal, Read, Write as _};

/// What a file of routes begins with, in the machine's byte order.
const MARK: u32 = 0x4531_1224;
/// `RTM_NEWROUTE`.
const NEW_ROUTE: u16 = 24;

/// `route save`.
pub(super) fn save(cx: &mut Context, words: &Words) -> Outcome {
    if std::io::stdout().is_terminal() {
        return Err(Failure::Failed("routes are not saved to a terminal; redirect the output to a file".into()));
    }
    let filter = Filter::new(cx, words)?;
    let routes = cx.run(&filter.list)?;
    // Not by way of the context, whose output is for people: it drops what would colour.
    let mut out = BufWriter::new(std::io::stdout().lock());
    out.write_all(&MARK.to_ne_bytes())?;
    for route in routes.iter().filter(|route| filter.passes(route)) {
        let length = nlmsg::HEADER + route.bytes().len();
        let written = u32::try_from(length).map_err(|_| Failure::Failed("a route is too long".into()))?;
        let header = nlmsg::Header::new(written, NEW_ROUTE, nlmsg::MULTI, 0, 0);
        out.write_all(netloom::wire::zerocopy::IntoBytes::as_bytes(&header))?;
        out.write_all(route.bytes())?;
        out.write_all([0; 3].get(..nlmsg::align(length).saturating_sub(length)).unwrap_or_default())?;
    }
    Ok(out.flush()?)
}

/// The routes on standard input.
fn saved() -> Result<List<Route>, Failure> {
    let mut input = std::io::stdin().lock();
    let (mut mark, mut bytes) = ([0; 4], Vec::new());
    let whole = input.read_exact(&mut mark).is_ok() && u32::from_ne_bytes(mark) == MARK;
    if !whole {
        return Err(Failure::Failed("standard input is no file of saved routes".into()));
    }
    input.read_to_end(&mut bytes)?;
    let mut messages = Messages::new(&bytes);
    let mut routes = List::new();
    for message in messages.by_ref().filter(|message| message.header.command() == NEW_ROUTE) {
        if let Some(route) = Route::view(message.payload) {
            routes.push(route);
        }
    }
    match messages.rest() {
        [] => Ok(routes),
        _ => Err(Failure::Failed("the file of saved routes is cut".into())),
    }
}

/// `route restore`.
pub(super) fn restore(cx: &mut Context, _: &Words) -> Outcome {
    let routes = saved()?;
    // A route by a router needs the one that leads to it: local ones first, then those on a link, then the others.
    let order = |route: &Route| match (route.kind(), route.router()) {
        (RouteType::Local, _) => 0,
        (_, None) if route.multipath().is_none() => 1,
        _ => 2,
    };
    for turn in 0..3 {
        for route in routes.iter().filter(|route| order(route) == turn) {
            match cx.run(&Prepend::of(route)) {
                Err(Failure::Kernel(error)) if error.is_exists() => {}
                outcome => outcome?,
            }
        }
    }
    Ok(())
}

/// `route showdump`.
pub(super) fn show_dump(cx: &mut Context, _: &Words) -> Outcome {
    let routes = saved()?;
    for route in &routes {
        learn(cx, route)?;
    }
    print(cx, routes.iter(), Hidden::default())
}
