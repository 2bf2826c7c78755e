//! Debian's kernel with all of its modules, kept outside of the tree by version.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools::{described, must, unpack};
use crate::{Outcome, root};

/// Where a kernel is looked for, the best first.
const SUITES: [&str; 2] = ["bookworm-backports", "bookworm"];
/// The modules that the guest needs before it sees the machine's files.
const EARLY: [&str; 4] = ["virtio_pci", "9pnet_virtio", "9p", "overlay"];
/// Grows when what is made of the packages changes: older results are made again.
const RECIPE: &str = "1";

/// A kernel that is ready to boot.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    folder: PathBuf,
    /// What `uname -r` says in there.
    pub(super) release: String,
}

impl Kernel {
    /// The one that was made last, if there is any; asks nobody.
    pub(super) fn cached() -> Option<Self> {
        let version = fs::read_to_string(cache().join("current")).ok()?;
        Self::at(&cache().join(version.trim()))
    }

    fn at(folder: &Path) -> Option<Self> {
        let recipe = fs::read_to_string(folder.join("recipe")).ok()?;
        let release = fs::read_to_string(folder.join("release")).ok()?.trim().to_owned();
        (recipe == RECIPE).then(|| Self { folder: folder.to_owned(), release })
    }

    /// The newest that the machine's mirror has of the first suite that has one; made unless it is there already.
    pub(super) fn newest() -> Result<Self, String> {
        let mut reasons = Vec::new();
        for suite in SUITES {
            match Packages::of(suite).and_then(|packages| made(suite, &packages)) {
                Ok(kernel) => return Ok(kernel),
                Err(reason) => reasons.push(format!("{suite}: {reason}")),
            }
            println!("no kernel of {}", reasons[reasons.len() - 1]);
        }
        Err(format!("no kernel for the guest: {}", reasons.join("; ")))
    }

    pub(super) fn image(&self) -> PathBuf {
        self.folder.join("vmlinuz")
    }

    /// What the guest sees as /lib/modules.
    pub(super) fn modules(&self) -> PathBuf {
        self.folder.join("lib/modules")
    }

    /// ACPI's thermal zone and fan.
    pub(super) fn thermal(&self) -> PathBuf {
        self.folder.join("thermal.aml")
    }

    /// The files of the modules of [`EARLY`], each after those that it needs.
    pub(super) fn early(&self) -> Result<Vec<PathBuf>, String> {
        let mut all: Vec<PathBuf> = Vec::new();
        for name in EARLY {
            let mut command = Command::new("modprobe");
            command.arg("-d").arg(&self.folder).args(["-S", &self.release, "--show-depends", name]);
            let list = must(command.env("PATH", path()))?;
            for file in list.lines().filter_map(|line| line.strip_prefix("insmod ")).map(|f| PathBuf::from(f.trim())) {
                if !all.contains(&file) {
                    all.push(file);
                }
            }
        }
        Ok(all)
    }
}

/// Where kernels are kept: `NETLOOM_GUEST_CACHE`, or a folder of the user's cache.
pub(super) fn cache() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("NETLOOM_GUEST_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("netloom/guest")))
        .or_else(|| Some(set("HOME")?.join(".cache/netloom/guest")))
        .unwrap_or_else(|| root().join("target/guest"))
}

/// The search path with the sbin folders, which is where `modprobe` and `depmod` are.
pub(super) fn path() -> String {
    format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

/// The names of what belongs to one kernel.
#[derive(Debug, PartialEq, Eq)]
struct Packages {
    /// Of Debian: `6.12.95-1~bpo12+1`.
    version: String,
    /// `6.12.95+deb12-amd64`.
    release: String,
    /// The tools that its modules are built with: `linux-kbuild-6.12.95+deb12`, or without the last numbers.
    tools: String,
}

impl Packages {
    fn of(suite: &str) -> Result<Self, String> {
        let text = described(suite, "linux-image-amd64")?;
        let (release, version) = image(&text).ok_or("linux-image-amd64 depends on no image")?;
        let text = described(suite, &format!("linux-headers-{release}"))?;
        let tools = depends(&text, "linux-kbuild-").ok_or("the kernel's headers depend on no linux-kbuild")?;
        let tools = tools.split(' ').next().unwrap_or(tools).to_owned();
        Ok(Self { version, release, tools })
    }

    /// The release without its flavour: `6.12.95+deb12`.
    fn base(&self) -> &str {
        self.release.rsplit_once('-').map_or(&self.release, |(base, _)| base)
    }

    /// `6.12`.
    fn series(&self) -> String {
        self.version.split('.').take(2).collect::<Vec<_>>().join(".")
    }

    /// Image, headers and source, all of the same version.
    fn names(&self) -> [String; 5] {
        let (version, release, base) = (&self.version, &self.release, self.base());
        [
            format!("linux-image-{release}={version}"),
            format!("linux-headers-{release}={version}"),
            format!("linux-headers-{base}-common={version}"),
            format!("{}={version}", self.tools),
            format!("linux-source-{}={version}", self.series()),
        ]
    }
}

/// The newest image's release and version, out of what `apt-cache show` says of the package that only depends on it.
fn image(text: &str) -> Option<(String, String)> {
    let (name, rest) = depends(text, "linux-image-")?.split_once(' ')?;
    let version = rest.split_once("(=")?.1.split(')').next()?.trim();
    Some((name.strip_prefix("linux-image-")?.to_owned(), version.to_owned()))
}

/// The first that a package depends on of those whose names begin so, with its version: `linux-image-6.1 (= 6.1-1)`.
fn depends<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let all = text.lines().find_map(|line| line.strip_prefix("Depends:"))?;
    all.split([',', '|']).map(str::trim).find(|one| one.starts_with(prefix))
}

/// The kernel of these packages; made in a folder of its own and renamed, so that a half-made one is never seen.
fn made(suite: &str, packages: &Packages) -> Result<Kernel, String> {
    let folder = cache().join(&packages.version);
    if Kernel::at(&folder).is_none() {
        let work = cache().join(format!("unfinished-{}", std::process::id()));
        let _ = fs::remove_dir_all(&work);
        fs::create_dir_all(&work).map_err(|e| format!("{}: {e}", work.display()))?;
        let outcome = make(suite, packages, &work).and_then(|result| {
            let _ = fs::remove_dir_all(&folder);
            fs::rename(&result, &folder).map_err(|e| format!("{}: {e}", folder.display()))
        });
        let _ = fs::remove_dir_all(&work);
        // Another one may have been quicker.
        if Kernel::at(&folder).is_none() {
            outcome?;
        }
    }
    fs::write(cache().join("current"), &packages.version).map_err(|e| e.to_string())?;
    Kernel::at(&folder).ok_or_else(|| format!("{} is incomplete", folder.display()))
}

fn make(suite: &str, packages: &Packages, work: &Path) -> Result<PathBuf, String> {
    println!("fetching Linux {} of {suite}", packages.version);
    let (debs, result) = (work.join("debs"), work.join("result"));
    let names = packages.names();
    unpack(suite, &names.each_ref().map(String::as_str), &debs)?;
    let io = |e: std::io::Error| e.to_string();
    fs::create_dir_all(result.join("lib/modules")).map_err(io)?;
    let release = &packages.release;
    let modules = result.join("lib/modules").join(release);
    let from = ["lib/modules", "usr/lib/modules"].map(|at| debs.join(at).join(release));
    let from = from.iter().find(|at| at.join("kernel").exists()).ok_or("the image has no modules")?;
    fs::rename(from, &modules).map_err(io)?;
    fs::rename(debs.join(format!("boot/vmlinuz-{release}")), result.join("vmlinuz")).map_err(io)?;

    println!("building netdevsim");
    netdevsim(packages, &debs, work, &modules)?;
    println!("preparing the modules");
    // Emulation makes decompression slow, and the first ones are loaded by busybox, which cannot do it.
    for (suffix, tool) in [("*.ko.xz", "xz -d"), ("*.ko.zst", "zstd -q -d --rm")] {
        let script = format!("find \"$0\" -name '{suffix}' -print0 | xargs -0 -r -P 2 -n 64 {tool}");
        must(Command::new("sh").args(["-c", &script]).arg(&modules))?;
    }
    must(Command::new("depmod").arg("-b").arg(&result).arg(release).env("PATH", path()))?;
    thermal(&result)?;
    fs::write(result.join("release"), release).map_err(io)?;
    fs::write(result.join("recipe"), RECIPE).map_err(io)?;
    Ok(result)
}

/// Builds netdevsim, which no Debian kernel has, out of Debian's source of the same kernel.
fn netdevsim(packages: &Packages, debs: &Path, work: &Path, modules: &Path) -> Outcome {
    let sources = debs.join("usr/src");
    let series = packages.series();
    must(
        Command::new("tar")
            .arg("-xJf")
            .arg(sources.join(format!("linux-source-{series}.tar.xz")))
            .arg("-C")
            .arg(work)
            .args(["--strip-components=3", &format!("linux-source-{series}/drivers/net/netdevsim")]),
    )?;
    let headers = sources.join(format!("linux-headers-{}", packages.release));
    let makefile = headers.join("Makefile");
    let text = fs::read_to_string(&makefile).map_err(|e| format!("{}: {e}", makefile.display()))?;
    let text = text.replace("/usr/src/", &format!("{}/", sources.display()));
    fs::write(&makefile, text).map_err(|e| e.to_string())?;
    let source = work.join("netdevsim");
    let mut make = Command::new("make");
    make.args(["-s", "-j2", "-C"]).arg(&headers).arg(format!("M={}", source.display()));
    // Type information for BPF would need the whole kernel image.
    must(make.args(["CONFIG_NETDEVSIM=m", "CONFIG_DEBUG_INFO_BTF_MODULES=", "modules"]))
        .map_err(|reason| format!("netdevsim does not build: {reason}"))?;
    let module = source.join("netdevsim.ko");
    must(Command::new("strip").arg("--strip-debug").arg(&module))?;
    let extra = modules.join("extra");
    fs::create_dir_all(&extra).map_err(|e| e.to_string())?;
    fs::copy(&module, extra.join("netdevsim.ko")).map_err(|e| format!("{}: {e}", module.display()))?;
    Ok(())
}

/// Compiles the thermal zone that QEMU hands to the guest's ACPI.
fn thermal(result: &Path) -> Outcome {
    let source = result.join("thermal.asl");
    fs::write(&source, include_str!("../../guest/thermal.asl")).map_err(|e| e.to_string())?;
    must(Command::new("iasl").arg("-p").arg(result.join("thermal")).arg(&source)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_out_of_apts_words() {
        let text = "Package: linux-image-amd64\nSource: linux-signed-amd64 (6.12.95+1~bpo12+1)\n\
                    Version: 6.12.95-1~bpo12+1\nDepends: linux-image-6.12.95+deb12-amd64 (= 6.12.95-1~bpo12+1)\n\n\
                    Package: linux-image-amd64\nDepends: linux-image-6.12.9+bpo-amd64 (= 6.12.9-1~bpo12+1)\n";
        let (release, version) = image(text).expect("an image");
        let packages = Packages { version, release, tools: "linux-kbuild-6.12.95+deb12".to_owned() };
        assert_eq!((packages.release.as_str(), packages.base()), ("6.12.95+deb12-amd64", "6.12.95+deb12"));
        assert_eq!(packages.series(), "6.12");
        assert_eq!(packages.names()[2], "linux-headers-6.12.95+deb12-common=6.12.95-1~bpo12+1");
        assert_eq!(packages.names()[3], "linux-kbuild-6.12.95+deb12=6.12.95-1~bpo12+1");
        assert_eq!(packages.names()[4], "linux-source-6.12=6.12.95-1~bpo12+1");
    }

    #[test]
    fn names_among_others() {
        let text = "Depends: initramfs-tools | dracut, linux-image-6.1.0-42-amd64 (= 6.1.172-1)\n";
        assert_eq!(image(text), Some(("6.1.0-42-amd64".to_owned(), "6.1.172-1".to_owned())));
        let text = "Depends: linux-headers-6.1.0-42-common (= 6.1.172-1), linux-kbuild-6.1 (= 6.1.172-1), gcc-12\n";
        assert_eq!(depends(text, "linux-kbuild-"), Some("linux-kbuild-6.1 (= 6.1.172-1)"));
        assert_eq!(image("Depends: linux-image-amd64\n"), None);
        assert_eq!(image(""), None);
    }
}
