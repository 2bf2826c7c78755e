//! ethtool as the foreign judge.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::tree;

/// One ethtool.
#[derive(Clone, Debug)]
pub struct EthtoolJudge {
    /// Major and minor version: `(7, 2)`.
    pub version: (u32, u32),
    path: PathBuf,
}

impl EthtoolJudge {
    /// The newest at hand: that of a newer Debian, where `cargo xtask test` unpacked it, or the machine's own.
    pub fn newest() -> Option<Self> {
        let tools = std::fs::read_dir(tree().join("target/tools")).into_iter().flatten().flatten();
        let unpacked = tools.map(|entry| entry.path()).filter(|path| path.to_string_lossy().contains("/ethtool-"));
        let programs = unpacked.map(|folder| folder.join("usr/sbin/ethtool")).chain([PathBuf::from("ethtool")]);
        programs.filter_map(Self::at).max_by_key(|judge| judge.version)
    }

    /// The program.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn at(path: PathBuf) -> Option<Self> {
        let out = Command::new(&path).arg("--version").output().ok().filter(|out| out.status.success())?;
        let text = String::from_utf8_lossy(&out.stdout);
        let mut numbers = text.trim().rsplit(' ').next()?.split('.').map_while(|number| number.parse().ok());
        Some(Self { version: (numbers.next()?, numbers.next()?), path })
    }
}
