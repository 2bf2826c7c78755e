//! One guest from power on to power off.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::console;
use super::environment::exports;
use super::kernel::Kernel;
use super::memory_disk::MemoryDisk;
use crate::Outcome;

/// Folder of a run, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // The path of the monitor's socket has to be short.
        let folder = std::env::temp_dir().join(format!("netloom-guest-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join("exchange")).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Boots a guest, runs a bash script in there as root, in this folder and with the allowed variables of ours, and returns
/// its exit status. What it prints goes to `line` while it runs.
///
/// `seconds` bound it all. A script that does not end, a kernel that panics or a guest that dies is an error with the end of
/// the console in it.
pub(super) fn run(kernel: &Kernel, script: &str, seconds: u32, line: impl FnMut(&str)) -> Result<i32, String> {
    let folder = Folder::new()?;
    prepare(kernel, script, &folder.0)?;
    let in_time = boot(kernel, seconds, &folder.0, line)?;
    let status = fs::read_to_string(folder.0.join("exchange/status")).unwrap_or_default();
    status.trim().parse().map_err(|_| {
        let console = fs::read(folder.0.join("console")).unwrap_or_default();
        let what = if in_time { "died".to_owned() } else { format!("did not end within {seconds} s") };
        format!("the guest {what}; its console says\n{}", console::tail(&console))
    })
}

/// Writes what the guest reads.
fn prepare(kernel: &Kernel, script: &str, folder: &Path) -> Outcome {
    let exchange = folder.join("exchange");
    let write = |file: PathBuf, bytes: &[u8]| fs::write(&file, bytes).map_err(|e| format!("{}: {e}", file.display()));
    let here = std::env::current_dir().map_err(|e| e.to_string())?;
    let ours =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let script = format!("{}export NETLOOM_GUEST=1\n{script}\n", exports(ours));
    write(exchange.join("script"), script.as_bytes())?;
    write(exchange.join("directory"), here.display().to_string().as_bytes())?;
    write(exchange.join("modules"), kernel.modules().display().to_string().as_bytes())?;
    let start = exchange.join("start");
    write(start.clone(), include_bytes!("../../guest/start"))?;
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&start, executable).map_err(|e| e.to_string())?;

    let read = |file: &Path| fs::read(file).map_err(|e| format!("{}: {e}", file.display()));
    let mut disk = MemoryDisk::default();
    ["bin", "dev", "proc", "sys", "machine", "layer", "root", "modules"].iter().for_each(|name| disk.folder(name));
    disk.file("init", include_bytes!("../../guest/init"));
    disk.file("bin/busybox", &read(Path::new("/bin/busybox"))?);
    disk.link("bin/sh", "busybox");
    for (number, module) in kernel.early()?.iter().enumerate() {
        let name = module.file_name().unwrap_or_default().to_string_lossy();
        disk.file(&format!("modules/{number:02}-{name}"), &read(module)?);
    }
    write(folder.join("memory-disk"), &disk.finish())
}

/// Waits for the end of QEMU, and returns whether it came in time.
fn boot(kernel: &Kernel, seconds: u32, folder: &Path, mut line: impl FnMut(&str)) -> Result<bool, String> {
    let mut command = Command::new("timeout");
    // In the foreground: an interrupt from the terminal reaches QEMU too.
    command.args(["--foreground", "-k", "5", &seconds.to_string(), "qemu-system-x86_64"]);
    command.args(words(kernel, folder)).env("PATH", super::kernel::path());
    let complaints = fs::File::create(folder.join("complaints")).map_err(|e| e.to_string())?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(complaints)
        .spawn()
        .map_err(|e| format!("timeout: {e}"))?;
    if let Some(pipe) = child.stdout.take() {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).map_err(|e| e.to_string())? > 0 {
            line(&String::from_utf8_lossy(&bytes));
            bytes.clear();
        }
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    match status.code() {
        Some(0) => return Ok(true),
        // Of `timeout`: the time is over; killed, should QEMU not have obeyed.
        Some(124 | 137) => return Ok(false),
        _ => {}
    }
    let complaints = fs::read(folder.join("complaints")).unwrap_or_default();
    Err(format!("qemu-system-x86_64: {status}: {}", console::tail(&complaints)))
}

/// The kernel's arguments.
///
/// - An oops may leave a lock behind that all of the network waits for: it ends the guest at once, as a panic does.
/// - Without random addresses, what was translated for one process serves the next, which makes short ones 2 to 3 times as fast.
const KERNEL: &str = "console=ttyS0 loglevel=5 panic=-1 oops=panic mitigations=off net.ifnames=0 nokaslr norandmaps";

/// QEMU's arguments.
///
/// - Plain emulation: where KVM can be opened it need not work, and QEMU does not fall back by itself.
/// - The machine's files are read-only; the folder for exchange is not.
/// - Ports: `netloom.output` is what the script prints, `netloom.monitor` is QEMU's own monitor, so that a test in the guest
///   presses the power button (`system_powerdown`) or plugs a card (`device_add virtio-net-pci,bus=slot0,id=card`).
fn words(kernel: &Kernel, folder: &Path) -> Vec<String> {
    let at = |name: &str| folder.join(name).display().to_string();
    let monitor = at("monitor");
    let pairs = [
        ("-machine", "q35".to_owned()),
        ("-accel", "tcg,thread=multi,tb-size=512".to_owned()),
        ("-cpu", "max".to_owned()),
        ("-smp", "1".to_owned()),
        ("-m", "2048".to_owned()),
        ("-display", "none".to_owned()),
        ("-serial", format!("file:{}", at("console"))),
        ("-kernel", kernel.image().display().to_string()),
        ("-initrd", at("memory-disk")),
        ("-append", KERNEL.to_owned()),
        ("-acpitable", format!("file={}", kernel.thermal().display())),
        ("-fsdev", "local,id=machine,path=/,security_model=none,readonly=on,multidevs=remap".to_owned()),
        ("-device", "virtio-9p-pci,fsdev=machine,mount_tag=machine".to_owned()),
        ("-fsdev", format!("local,id=exchange,path={},security_model=none", at("exchange"))),
        ("-device", "virtio-9p-pci,fsdev=exchange,mount_tag=exchange".to_owned()),
        ("-device", "virtio-rng-pci".to_owned()),
        ("-device", "virtio-serial-pci".to_owned()),
        // Not `stdio`: at the end of its input it hangs up, and what the guest says is lost.
        ("-chardev", "file,id=output,path=/dev/stdout".to_owned()),
        ("-device", "virtserialport,chardev=output,name=netloom.output".to_owned()),
        ("-chardev", format!("socket,id=monitor,path={monitor},server=on,wait=off")),
        ("-mon", "chardev=monitor,mode=readline".to_owned()),
        ("-chardev", format!("socket,id=inside,path={monitor}")),
        ("-device", "virtserialport,chardev=inside,name=netloom.monitor".to_owned()),
        ("-netdev", "user,id=net,restrict=on".to_owned()),
        ("-device", "virtio-net-pci,netdev=net,romfile=".to_owned()),
        ("-device", "pcie-root-port,id=slot0,chassis=1,slot=1".to_owned()),
    ];
    let mut words = vec!["-nodefaults".to_owned(), "-no-reboot".to_owned()];
    words.extend(pairs.into_iter().flat_map(|(option, value)| [option.to_owned(), value]));
    words
}
