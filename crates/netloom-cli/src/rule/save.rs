//! `rule save` and `restore`.

use super::show::{self, Filter};
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::saved::{self, Again, Form};
use crate::words::Words;
use netloom::rule::Rule;

const FORM: Form = Form { mark: 0x7170_6986, what: "rules", refusal: Failure::Usage };

/// `rule save`.
pub(super) fn save(cx: &mut Context, words: &Words) -> Outcome {
    let rules = cx.run(&show::list(&cx.options))?;
    let filter = Filter::new(words);
    FORM.save(rules.iter().filter(|rule| filter.passes(rule)))
}

/// `rule restore`. A rule that is there already is made once more, as in iproute2: so does the kernel without `NLM_F_EXCL`.
pub(super) fn restore(cx: &mut Context, _: &Words) -> Outcome {
    FORM.read::<Rule>()?.iter().try_for_each(|rule| saved::restore(cx, &Again(rule)))
}
