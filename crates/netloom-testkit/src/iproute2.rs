//! iproute2 as the foreign judge, in two versions.

use std::{path::PathBuf, process::Command};

use crate::tree;

/// One iproute2.
#[derive(Clone, Debug)]
pub struct Iproute2 {
    /// `6.15`.
    pub version: String,
    folder: Option<PathBuf>,
}

impl Iproute2 {
    /// The machine's own.
    pub fn installed() -> Option<Self> {
        Self::at(None)
    }

    /// 6.15 of Debian's backports, where `cargo xtask test` unpacked it.
    pub fn newer() -> Option<Self> {
        Self::at(Some(tree().join("target/tools/iproute2-6.15")))
    }

    /// Those at hand, the newest first.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Self::newer().into_iter().chain(Self::installed()).collect();
        all.dedup_by(|a, b| a.version == b.version);
        all
    }

    fn at(folder: Option<PathBuf>) -> Option<Self> {
        let mut iproute2 = Self { version: String::new(), folder };
        let out = Command::new(iproute2.tool("ip")).arg("-V").output().ok().filter(|out| out.status.success())?;
        let text = String::from_utf8_lossy(&out.stdout);
        let version = text.split("iproute2-").nth(1)?.split([',', ' ']).next()?.trim();
        iproute2.version = version.strip_suffix(".0").unwrap_or(version).to_owned();
        Some(iproute2)
    }

    /// The path of `ip`, `bridge` or `tc`.
    pub fn tool(&self, name: &str) -> PathBuf {
        let Some(folder) = &self.folder else { return PathBuf::from(name) };
        let places = ["bin", "sbin", "usr/bin", "usr/sbin"].map(|place| folder.join(place).join(name));
        places.iter().find(|path| path.exists()).unwrap_or(&places[0]).clone()
    }
}
