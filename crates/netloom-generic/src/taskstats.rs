//! What tasks have used: CPU, memory, IO, and what they waited for (`TASKSTATS`, `linux/taskstats.h`).
//!
//! [`Get::thread`] and [`Get::process`] ask for those that run; after [`Register`] the kernel sends what each task had used
//! when it ends, to the very socket that asked: turn that into a subscription.

use alloc::{borrow::ToOwned, string::String};
use core::fmt;

use netloom_wire::{self as wire, Buffer, Command, Object, Request, attributes, commands, fixed, message};

commands! {
    /// Statistics of tasks.
    pub TaskStats = "TASKSTATS" version 1 in "" {
        /// Asks for a task, or registers for those that end; see [`Get`] and [`Register`].
        1 "TASKSTATS_CMD_GET" "get" Ask: Get(Question) -> 2 Usage,
        /// What a task has used.
        2 "TASKSTATS_CMD_NEW" "new": Event(Usage),
    }
}

message! {
    /// A question for statistics.
    pub Question QuestionAttributes
}

attributes! {
    /// Attributes of a question (`TASKSTATS_CMD_ATTR_*`).
    pub QuestionAttributes, QuestionWriter = "taskstats/cmd-attrs" {
        /// A thread.
        1 "TASKSTATS_CMD_ATTR_PID" thread: u32,
        /// A process: the sum of its threads.
        2 "TASKSTATS_CMD_ATTR_TGID" process: u32,
        /// CPUs whose ending tasks are to be told: `0-3,7`.
        3 "TASKSTATS_CMD_ATTR_REGISTER_CPUMASK" register: str,
        /// CPUs whose ending tasks are no longer to be told.
        4 "TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK" deregister: str,
    }
}

message! {
    /// What a task has used; of one that ended, with the last of its process also that process.
    pub Usage UsageAttributes
}

attributes! {
    /// Attributes of an answer (`TASKSTATS_TYPE_*`).
    pub UsageAttributes, UsageWriter = "taskstats/types" {
        /// Thread.
        1 "TASKSTATS_TYPE_PID" thread_id: u32,
        /// Process.
        2 "TASKSTATS_TYPE_TGID" process_id: u32,
        /// The figures.
        3 "TASKSTATS_TYPE_STATS" stats: Stats,
        /// A thread and its figures.
        4 "TASKSTATS_TYPE_AGGR_PID" thread: Nest(UsageAttributes),
        /// A process and its figures.
        5 "TASKSTATS_TYPE_AGGR_TGID" process: Nest(UsageAttributes),
    }
}

fixed! {
    /// The figures of a task. Kernels send shorter and longer ones: see [`Stats::version`].
    pub Stats = "taskstats" {
        /// Version of this struct: what later kernels append is zero on older ones.
        pub version: u16,
        #[doc(hidden)]
        pub _pad1: [u8; 2],
        /// Exit status, as `wait` gives it.
        pub ac_exitcode: u32,
        /// Accounting flags (`AFORK` …, `linux/acct.h`).
        pub ac_flag: u8,
        /// Nice value, 20 added.
        pub ac_nice: u8,
        #[doc(hidden)]
        pub _pad2: [u8; 6],
        /// Waits for a CPU.
        pub cpu_count: u64,
        /// Time waited for a CPU, in nanoseconds.
        pub cpu_delay_total: u64,
        /// Waits for block IO.
        pub blkio_count: u64,
        /// Time waited for block IO, in nanoseconds.
        pub blkio_delay_total: u64,
        /// Waits for pages to be swapped in.
        pub swapin_count: u64,
        /// Time waited for pages to be swapped in, in nanoseconds.
        pub swapin_delay_total: u64,
        /// Time on a CPU by the clock, in nanoseconds.
        pub cpu_run_real_total: u64,
        /// Time on a CPU as a virtual machine sees it, in nanoseconds.
        pub cpu_run_virtual_total: u64,
        /// Name of the command, up to a NUL.
        pub ac_comm: [u8; 32],
        /// Scheduling discipline.
        pub ac_sched: u8,
        #[doc(hidden)]
        pub _pad3: [u8; 3],
        #[doc(hidden)]
        pub _pad4: [u8; 4],
        /// User.
        pub ac_uid: u32,
        /// Group.
        pub ac_gid: u32,
        /// Thread.
        pub ac_pid: u32,
        /// Parent process.
        pub ac_ppid: u32,
        /// Begin, in seconds since 1970, 32 bits.
        pub ac_btime: u32,
        #[doc(hidden)]
        pub _pad5: [u8; 4],
        /// Time elapsed, in microseconds.
        pub ac_etime: u64,
        /// CPU time in user mode, in microseconds.
        pub ac_utime: u64,
        /// CPU time in the kernel, in microseconds.
        pub ac_stime: u64,
        /// Minor page faults.
        pub ac_minflt: u64,
        /// Major page faults.
        pub ac_majflt: u64,
        /// Resident memory over time, in MiB × microseconds.
        pub coremem: u64,
        /// Virtual memory over time, in MiB × microseconds.
        pub virtmem: u64,
        /// Most resident memory, in KiB.
        pub hiwater_rss: u64,
        /// Most virtual memory, in KiB.
        pub hiwater_vm: u64,
        /// Bytes read.
        pub read_char: u64,
        /// Bytes written.
        pub write_char: u64,
        /// Read calls.
        pub read_syscalls: u64,
        /// Write calls.
        pub write_syscalls: u64,
        /// Bytes read from storage.
        pub read_bytes: u64,
        /// Bytes written to storage.
        pub write_bytes: u64,
        /// Bytes whose writing was cancelled.
        pub cancelled_write_bytes: u64,
        /// Voluntary context switches.
        pub nvcsw: u64,
        /// Involuntary context switches.
        pub nivcsw: u64,
        /// CPU time in user mode, scaled by frequency, in microseconds.
        pub ac_utimescaled: u64,
        /// CPU time in the kernel, scaled by frequency, in microseconds.
        pub ac_stimescaled: u64,
        /// The same, scaled by frequency, in nanoseconds.
        pub cpu_scaled_run_real_total: u64,
        /// Waits for memory to be reclaimed.
        pub freepages_count: u64,
        /// Time waited for memory to be reclaimed, in nanoseconds.
        pub freepages_delay_total: u64,
        /// Waits for thrashing pages.
        pub thrashing_count: u64,
        /// Time waited for thrashing pages, in nanoseconds.
        pub thrashing_delay_total: u64,
        /// Begin, in seconds since 1970.
        pub ac_btime64: u64,
        /// Waits for memory to be compacted.
        pub compact_count: u64,
        /// Time waited for memory to be compacted, in nanoseconds.
        pub compact_delay_total: u64,
        /// Process.
        pub ac_tgid: u32,
        #[doc(hidden)]
        pub _pad6: [u8; 4],
        /// Time since the process began, in microseconds.
        pub ac_tgetime: u64,
        /// Device of the executable.
        pub ac_exe_dev: u64,
        /// Inode of the executable.
        pub ac_exe_inode: u64,
        /// Waits for pages to be copied on write.
        pub wpcopy_count: u64,
        /// Time waited for pages to be copied on write, in nanoseconds.
        pub wpcopy_delay_total: u64,
        /// Waits for interrupts.
        pub irq_count: u64,
        /// Time waited for interrupts, in nanoseconds.
        pub irq_delay_total: u64,
        /// Longest wait for a CPU, in nanoseconds.
        pub cpu_delay_max: u64,
        /// Shortest wait for a CPU, in nanoseconds.
        pub cpu_delay_min: u64,
        /// Longest wait for block IO, in nanoseconds.
        pub blkio_delay_max: u64,
        /// Shortest wait for block IO, in nanoseconds.
        pub blkio_delay_min: u64,
        /// Longest wait for pages to be swapped in, in nanoseconds.
        pub swapin_delay_max: u64,
        /// Shortest wait for pages to be swapped in, in nanoseconds.
        pub swapin_delay_min: u64,
        /// Longest wait for memory to be reclaimed, in nanoseconds.
        pub freepages_delay_max: u64,
        /// Shortest wait for memory to be reclaimed, in nanoseconds.
        pub freepages_delay_min: u64,
        /// Longest wait for thrashing pages, in nanoseconds.
        pub thrashing_delay_max: u64,
        /// Shortest wait for thrashing pages, in nanoseconds.
        pub thrashing_delay_min: u64,
        /// Longest wait for memory to be compacted, in nanoseconds.
        pub compact_delay_max: u64,
        /// Shortest wait for memory to be compacted, in nanoseconds.
        pub compact_delay_min: u64,
        /// Longest wait for pages to be copied on write, in nanoseconds.
        pub wpcopy_delay_max: u64,
        /// Shortest wait for pages to be copied on write, in nanoseconds.
        pub wpcopy_delay_min: u64,
        /// Longest wait for interrupts, in nanoseconds.
        pub irq_delay_max: u64,
        /// Shortest wait for interrupts, in nanoseconds.
        pub irq_delay_min: u64,
        /// When the longest wait for a CPU was: seconds and nanoseconds since 1970, 64 bits each.
        pub cpu_delay_max_ts: [u8; 16],
        /// When the longest wait for block IO was: seconds and nanoseconds since 1970, 64 bits each.
        pub blkio_delay_max_ts: [u8; 16],
        /// When the longest wait for pages to be swapped in was: seconds and nanoseconds since 1970, 64 bits each.
        pub swapin_delay_max_ts: [u8; 16],
        /// When the longest wait for memory to be reclaimed was: seconds and nanoseconds since 1970, 64 bits each.
        pub freepages_delay_max_ts: [u8; 16],
        /// When the longest wait for thrashing pages was: seconds and nanoseconds since 1970, 64 bits each.
        pub thrashing_delay_max_ts: [u8; 16],
        /// When the longest wait for memory to be compacted was: seconds and nanoseconds since 1970, 64 bits each.
        pub compact_delay_max_ts: [u8; 16],
        /// When the longest wait for pages to be copied on write was: seconds and nanoseconds since 1970, 64 bits each.
        pub wpcopy_delay_max_ts: [u8; 16],
        /// When the longest wait for interrupts was: seconds and nanoseconds since 1970, 64 bits each.
        pub irq_delay_max_ts: [u8; 16],
    }
}

impl Stats {
    /// Name of the command.
    pub fn command(&self) -> &str {
        let text = self.ac_comm.split(|byte| *byte == 0).next().unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl Usage {
    /// The figures that were asked for, of a thread or a process.
    pub fn figures(&self) -> Option<Stats> {
        self.thread().or_else(|| self.process())?.stats()
    }
}

impl Object for Question {
    type Key = (Option<u32>, Option<u32>);
    const NOUN: &'static str = "task statistics";
    fn key(&self) -> Self::Key {
        (self.thread(), self.process())
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.thread(), self.process(), self.register().or_else(|| self.deregister())) {
            (Some(thread), ..) => write!(f, "of thread {thread}"),
            (None, Some(process), _) => write!(f, "of process {process}"),
            (None, None, Some(mask)) => write!(f, "of CPUs {mask}"),
            (None, None, None) => Ok(()),
        }
    }
}

impl Object for Usage {
    type Key = (Option<u32>, Option<u32>);
    const NOUN: &'static str = "task statistics";
    fn key(&self) -> Self::Key {
        (self.thread().and_then(UsageAttributes::thread_id), self.process().and_then(UsageAttributes::process_id))
    }
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key() {
            (Some(thread), _) => write!(f, "of thread {thread}"),
            (None, Some(process)) => write!(f, "of process {process}"),
            (None, None) => Ok(()),
        }
    }
}

/// Gets what a thread or a process has used so far. Takes CAP_NET_ADMIN.
///
/// ```
/// use netloom_generic::taskstats::Get;
///
/// let of_init = Get::process(1);
/// let of_its_first_thread = Get::thread(1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Get {
    id: u32,
    process: bool,
}

impl Get {
    /// Of a thread.
    pub fn thread(id: u32) -> Self {
        Self { id, process: false }
    }

    /// Of a process: the sum of its threads, those that ended included.
    pub fn process(id: u32) -> Self {
        Self { id, process: true }
    }
}

impl Request for Get {
    type Family = TaskStats;
    type Body = Question;
    type Reply = Usage;
    type Kind = wire::Get;
    const COMMAND: u16 = Ask::COMMAND;
    const REPLY: u16 = Ask::REPLY;
    const VERB: &'static str = "get";

    fn write(&self, out: &mut Buffer) {
        out.message((), |w: QuestionWriter| if self.process { w.process(self.id) } else { w.thread(self.id) });
    }
}

/// Has the kernel send what tasks had used when they end, to the socket that runs this. Takes CAP_NET_ADMIN.
///
/// ```
/// use netloom_generic::taskstats::Register;
///
/// let on_four_cpus = Register::cpus("0-3");
/// let no_more = Register::cpus("0-3").undo();
/// ```
#[derive(Clone, Debug)]
pub struct Register {
    cpus: String,
    undo: bool,
}

impl Register {
    /// For tasks that end on these CPUs, as the kernel writes lists of them: `0-3,7`.
    pub fn cpus(cpus: &str) -> Self {
        Self { cpus: cpus.to_owned(), undo: false }
    }

    /// Ends what was registered for these CPUs instead.
    #[must_use]
    pub fn undo(self) -> Self {
        Self { undo: true, ..self }
    }
}

impl Request for Register {
    type Family = TaskStats;
    type Body = Question;
    type Reply = Usage;
    type Kind = Command;
    const COMMAND: u16 = Ask::COMMAND;
    const REPLY: u16 = Ask::REPLY;
    const VERB: &'static str = "register for";

    fn write(&self, out: &mut Buffer) {
        let cpus = self.cpus.as_str();
        out.message((), |w: QuestionWriter| if self.undo { w.deregister(cpus) } else { w.register(cpus) });
    }
}
