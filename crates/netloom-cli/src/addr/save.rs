//! `address save`, `restore` and `showdump`.

use super::filter::Filter;
use super::show::describe;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::out::Record;
use crate::saved::{self, Again, Form};
use crate::words::Words;
use netloom::address::{Address, List};

const FORM: Form = Form { mark: 0x4736_1222, what: "addresses", refusal: Failure::Usage };

/// `address save`.
pub(super) fn save(cx: &mut Context, words: &Words) -> Outcome {
    let filter = Filter::new(cx, words)?;
    let mut list = List::family(filter.family);
    if let Some(index) = filter.index {
        list = list.device(index);
    }
    let addresses = cx.run(&list)?;
    for address in &addresses {
        cx.learn_device(address.index())?;
    }
    FORM.save(addresses.iter().filter(|address| filter.passes(address, &cx.devices.name(address.index()))))
}

/// `address restore`.
pub(super) fn restore(cx: &mut Context, _: &Words) -> Outcome {
    FORM.read::<Address>()?.iter().try_for_each(|address| saved::restore(cx, &Again(address)))
}

/// `address showdump`: links by their numbers, since those that had the addresses may not be here.
pub(super) fn show_dump(cx: &mut Context, _: &Words) -> Outcome {
    let addresses = FORM.read::<Address>()?;
    let options = cx.options.clone();
    let mut r = Record::new();
    r.array("addr_info", |list| {
        for address in &addresses {
            list.record(|r| {
                r.line(0);
                r.number("index", address.index()).shown(format!("if{}:", address.index()));
                describe(r, address, &options, None);
            });
        }
    });
    let mut list = cx.list();
    list.push(r)?;
    list.finish()
}
