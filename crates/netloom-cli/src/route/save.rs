//! `route save`, `restore` and `showdump`.

use super::filter::{Filter, Hidden};
use super::show::print;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::saved::{self, Form};
use crate::words::Words;
use netloom::route::{Prepend, Route, RouteType};

const FORM: Form = Form { mark: 0x4531_1224, what: "routes", refusal: Failure::Failed };

/// `route save`.
pub(super) fn save(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(cx, words)?;
    let routes = cx.run(&filter.list)?;
    FORM.save(routes.iter().filter(|route| filter.passes(route)))
}

/// `route restore`.
pub(super) fn restore(cx: &mut Context, _: &Words) -> Outcome {
    let routes = FORM.read::<Route>()?;
    // A route by a router needs the one that leads to it: local ones first, then those on a link, then the others.
    let order = |route: &Route| match (route.kind(), route.router()) {
        (RouteType::Local, _) => 0,
        (_, None) if route.multipath().is_none() => 1,
        _ => 2,
    };
    for turn in 0..3 {
        for route in routes.iter().filter(|route| order(route) == turn) {
            saved::restore(cx, &Prepend::of(route))?;
        }
    }
    Ok(())
}

/// `route showdump`.
pub(super) fn show_dump(cx: &mut Context, _: &Words) -> Outcome {
    let routes = FORM.read::<Route>()?;
    print(cx, || routes.iter(), Hidden::default())
}
