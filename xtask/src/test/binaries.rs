//! The test binaries of the workspace, and the script that runs some of them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cargo;
use crate::root;

/// A test binary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binary {
    pub(crate) path: PathBuf,
    /// The folder of its package.
    pub(crate) package: PathBuf,
    /// Its name within the package: `route_shown`.
    pub(crate) name: String,
    /// Whether it stands in `tests/`, and is not the unit tests of a crate.
    pub(crate) integration: bool,
}

impl Binary {
    /// Out of a line of what cargo says with `--message-format=json`. None if it is no test binary.
    fn read(line: &str) -> Option<Self> {
        // Of the profile, which the features follow: a target that may be tested says `test` too.
        if !line.contains("\"test\":true},\"features\"") {
            return None;
        }
        let package = Path::new(text_of(line, "manifest_path")?).parent()?.to_path_buf();
        Some(Self {
            path: text_of(line, "executable")?.into(),
            package,
            name: text_of(line, "name")?.to_owned(),
            integration: line.contains("\"kind\":[\"test\"]"),
        })
    }
}

/// The text after `"key":"` of a line of JSON; none of those read here holds a quote.
fn text_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(&format!("\"{key}\":\""))?.1.split_once('"').map(|(text, _)| text)
}

/// Builds the tests of all crates and finds the binaries in what cargo says of them.
pub(crate) fn build() -> Result<Vec<Binary>, String> {
    let out = Command::new(cargo())
        .args(["test", "--workspace", "--all-features", "--no-run", "--message-format=json-render-diagnostics"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo: {e}"))?;
    if !out.status.success() {
        return Err("the tests do not build".to_owned());
    }
    let all: Vec<Binary> = String::from_utf8_lossy(&out.stdout).lines().filter_map(Binary::read).collect();
    if all.is_empty() { Err("cargo named no test binary".to_owned()) } else { Ok(all) }
}

/// Shell words that run the binaries one after the other; each says when it begins and, should it die, that it did.
pub(crate) fn script<'a>(binaries: impl IntoIterator<Item = &'a Binary>, filter: &str) -> String {
    let mut script = String::new();
    for binary in binaries {
        let (path, package) = (binary.path.display(), binary.package.display());
        script += &format!("echo '== {path}'; SECONDS=0; cd '{package}'\n");
        script += &format!("CARGO_MANIFEST_DIR='{package}' '{path}' '{filter}'; rc=$?\n");
        // A binary that dies has no result line, and must not be overlooked.
        script += &format!("[ $rc = 0 ] || [ $rc = 101 ] || echo \"no result: {path} ended with $rc\"\n");
        script += "[ $SECONDS -lt 5 ] || echo \"took $SECONDS s\"\n";
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_in_cargos_words() {
        let line = r#"{"reason":"compiler-artifact","manifest_path":"/a/b/Cargo.toml","target":{"kind":["test"],"name":"watch","test":true},"profile":{"test":true},"features":[],"executable":"/a/target/watch-1","fresh":true}"#;
        let binary = Binary::read(line).expect("a test binary");
        assert_eq!((binary.path, binary.package), ("/a/target/watch-1".into(), "/a/b".into()));
        assert_eq!((binary.name.as_str(), binary.integration), ("watch", true));
        assert_eq!(Binary::read(&line.replace("true},\"features\"", "false},\"features\"")), None);
        assert_eq!(Binary::read(&line.replace("\"/a/target/watch-1\"", "null")), None);
    }

    #[test]
    fn every_binary_is_told_of() {
        let one = Binary { path: "/t/x-1".into(), package: "/p".into(), ..Binary::default() };
        let text = script([&one, &one], "name");
        assert_eq!(text.matches("echo '== /t/x-1'").count(), 2);
        assert!(text.contains("CARGO_MANIFEST_DIR='/p' '/t/x-1' 'name'"));
    }
}
