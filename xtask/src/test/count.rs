//! What test binaries and skips came to, on this machine and in the guest.

use std::collections::BTreeSet;

/// What was counted in one place.
#[derive(Debug, Default)]
pub(crate) struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
    /// Test binaries or doc tests that did not end with a result.
    broken: Vec<String>,
    /// `binary::test` of all that ran to an end and did not fail.
    ran: BTreeSet<String>,
    skips: BTreeSet<Skip>,
}

/// A test that lacked something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Skip {
    /// `binary::test`.
    test: String,
    feature: String,
    reason: String,
}

impl Skip {
    /// Whether both lack the same, for whatever reason.
    fn is_as(&self, other: &Self) -> bool {
        self.test == other.test && self.feature == other.feature
    }
}

impl Count {
    /// Adds the words of libtest and of [`super::binaries::script`].
    pub(crate) fn read(&mut self, output: &str) {
        let mut binary = "";
        for line in output.lines() {
            if let Some(path) = line.strip_prefix("== ") {
                binary = name_of(path);
            }
            if let Some(what) = line.strip_prefix("no result: ") {
                self.broken.push(what.to_owned());
            }
            // What children print may stand between a name and its outcome.
            if let Some((test, outcome)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
                && !outcome.starts_with("ignored")
                && !outcome.ends_with("FAILED")
            {
                self.ran.insert(format!("{binary}::{test}"));
            }
            let Some(result) = line.strip_prefix("test result: ") else { continue };
            let number = |word: &str| {
                let part = result.split([';', '.']).map(str::trim).find_map(|part| part.strip_suffix(word));
                part.and_then(|number| number.trim().parse::<usize>().ok()).unwrap_or_default()
            };
            self.passed += number("passed");
            self.failed += number("failed");
            self.ignored += number("ignored");
        }
    }

    /// Adds what tests recorded: `test TAB feature TAB reason`.
    pub(crate) fn read_skips(&mut self, text: &str) {
        self.skips.extend(text.lines().filter_map(|line| {
            let mut words = line.splitn(3, '\t').map(str::to_owned);
            Some(Skip { test: words.next()?, feature: words.next()?, reason: words.next()? })
        }));
    }

    pub(crate) fn broken(&mut self, what: String) {
        self.broken.push(what);
    }

    /// Tests that ran without lacking anything.
    fn complete(&self) -> usize {
        let tests: BTreeSet<&str> = self.skips.iter().map(|skip| skip.test.as_str()).collect();
        self.passed.saturating_sub(tests.len())
    }

    fn failures(&self) -> usize {
        self.failed + self.broken.len()
    }

    /// Whether the test ran here and did not lack that.
    fn made_up_for(&self, skip: &Skip) -> bool {
        self.ran.contains(&skip.test) && !self.skips.iter().any(|other| other.is_as(skip))
    }
}

/// The sum of both places in words, and how many tests failed. What one place lacks and the other ran is no skip.
pub(crate) fn summary(here: &Count, guest: Option<&Count>) -> (String, usize) {
    let mut text = String::new();
    let mut list = |title: &str, skips: &[&Skip]| {
        for skip in skips {
            text += &format!("{title}: {}: {}: {}\n", skip.test, skip.feature, skip.reason);
        }
    };
    let (ran_there, mut nowhere): (Vec<&Skip>, Vec<&Skip>) =
        here.skips.iter().partition(|skip| guest.is_some_and(|guest| guest.made_up_for(skip)));
    let (ran_here, only_there): (Vec<&Skip>, Vec<&Skip>) =
        guest.into_iter().flat_map(|guest| &guest.skips).partition(|skip| here.made_up_for(skip));
    for skip in only_there {
        if !nowhere.iter().any(|other| other.is_as(skip)) {
            nowhere.push(skip);
        }
    }
    list("skipped here, run in the guest", &ran_there);
    list("skipped in the guest, run here", &ran_here);
    list("skipped", &nowhere);
    for count in [Some(here), guest].into_iter().flatten() {
        count.broken.iter().for_each(|what| text += &format!("no result: {what}\n"));
    }
    let failed = here.failures() + guest.map_or(0, Count::failures);
    let skipped = nowhere.len() + here.ignored + guest.map_or(0, |guest| guest.ignored);
    let place = guest.map_or(String::new(), |guest| format!(" here and {} in the guest", guest.complete()));
    text += &format!("{} passed{place}, {failed} failed, {skipped} skipped", here.complete());
    let elsewhere = ran_there.len() + ran_here.len();
    if elsewhere > 0 {
        text += &format!(" ({elsewhere} more that ran in the other place)");
    }
    (text, failed)
}

/// `watch` of `/target/debug/deps/watch-0123456789abcdef`.
fn name_of(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('-').map_or(file, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(output: &str, skips: &str) -> Count {
        let mut count = Count::default();
        count.read(output);
        count.read_skips(skips);
        count
    }

    #[test]
    fn results_are_added_up() {
        let count = count(
            "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.0s\n\
             noise\ntest result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n\
             no result: target/debug/deps/x ended with 139\n",
            "",
        );
        assert_eq!((count.passed, count.failed, count.ignored, count.broken.len()), (9, 3, 1, 1));
    }

    const HERE: &str = "== /t/links-99\ntest tun ... ok\ntest result: ok. 9 passed; 0 failed; 0 ignored\n";
    const GUEST: &str = "== /t/links-01\ntest bond ... child says\nok\ntest vlan ... FAILED\ntest tun ... ok\n\
                         test old ... ignored\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\n";

    #[test]
    fn what_the_other_place_ran_is_no_skip() {
        let here = count(
            HERE,
            "links::bond\tkind bond\tnone\nlinks::vlan\tkind vlan\tnone\nlinks::tun\tkind tun\tnone\nshell\tzsh\tnone\n",
        );
        let guest = count(GUEST, "links::tun\tkind tun\tnot there\nlinks::tun\tioam6\tnone\nlinks::tax\tx\tnone\n");
        let (text, failed) = summary(&here, Some(&guest));
        let lines: Vec<&str> = text.lines().collect();
        let expected = [
            "skipped here, run in the guest: links::bond: kind bond: none",
            "skipped in the guest, run here: links::tun: ioam6: none",
            "skipped: links::tun: kind tun: none",
            "skipped: links::vlan: kind vlan: none",
            "skipped: shell: zsh: none",
            "skipped: links::tax: x: none",
            "5 passed here and 0 in the guest, 0 failed, 5 skipped (2 more that ran in the other place)",
        ];
        assert_eq!((lines, failed), (expected.to_vec(), 0));
    }

    #[test]
    fn without_a_guest_every_skip_counts() {
        let here = count("test result: ok. 3 passed; 1 failed; 0 ignored\n", "a::b\tkind bond\tnone\n");
        let (text, failed) = summary(&here, None);
        assert_eq!((text.lines().last(), failed), (Some("2 passed, 1 failed, 1 skipped"), 1));
    }
}
