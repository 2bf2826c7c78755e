//! Which variables the guest gets of this machine's: those that are named here, no others. Tokens and paths stay outside.

const ALLOWED: [&str; 8] =
    ["CI", "LANG", "LC_ALL", "INSTA_UPDATE", "PROPTEST_CASES", "RUST_BACKTRACE", "RUST_LOG", "RUST_TEST_THREADS"];

/// The allowed ones of `variables` as lines of a shell script.
pub(super) fn exports(variables: impl Iterator<Item = (String, String)>) -> String {
    let allowed = variables.filter(|(name, _)| ALLOWED.contains(&name.as_str()));
    allowed.map(|(name, value)| format!("export {name}={}\n", quoted(&value))).collect()
}

/// One word for a shell.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_stays_outside() {
        let all =
            [("CARGO_REGISTRY_TOKEN", "secret"), ("RUST_LOG", "a='b c'"), ("HOME", "/home/me"), ("CI_TOKEN", "x")];
        let text = exports(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        assert_eq!(text, "export RUST_LOG='a='\\''b c'\\'''\n");
    }
}
