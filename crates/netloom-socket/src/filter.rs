//! Classic BPF programs, which the kernel runs on each datagram before it queues it for a socket.

use std::fmt;

use netloom_wire::{Error, ErrorKind, Result};

/// One instruction (`struct sock_filter`, `linux/filter.h`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Instruction {
    /// What to do: `BPF_*` codes of `linux/bpf_common.h`, added together.
    pub code: u16,
    /// How many instructions a jump skips when its condition holds.
    pub if_true: u8,
    /// How many instructions a jump skips when it does not.
    pub if_false: u8,
    /// Operand: an offset, a number to compare with, what to return.
    pub operand: u32,
}

impl Instruction {
    /// An instruction that does not jump.
    pub const fn statement(code: u16, operand: u32) -> Self {
        Self { code, if_true: 0, if_false: 0, operand }
    }

    /// A conditional jump.
    pub const fn jump(code: u16, operand: u32, if_true: u8, if_false: u8) -> Self {
        Self { code, if_true, if_false, operand }
    }
}

impl fmt::Debug for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{ {:#04x}, {}, {}, {:#010x} }}", self.code, self.if_true, self.if_false, self.operand)
    }
}

/// `BPF_LD | BPF_H | BPF_ABS`: loads two bytes, as a big-endian number.
const LOAD_HALF: u16 = 0x28;
/// `BPF_JMP | BPF_JEQ | BPF_K`: compares with the operand.
const JUMP_EQUAL: u16 = 0x15;
/// `BPF_RET | BPF_K`: ends; the operand says how many bytes of the datagram are kept, 0 drops it.
const RETURN: u16 = 0x06;
/// Where `nlmsg_type` lies in a message, in bytes.
const COMMAND_OFFSET: u32 = 4;

/// A classic BPF program for a socket: datagrams that it returns 0 for are never queued.
///
/// It sees each datagram from the first `nlmsghdr` on, and it sees answers too: a socket that makes requests must let
/// acknowledgements through (types [`ERROR`](netloom_wire::nlmsg::ERROR) and [`DONE`](netloom_wire::nlmsg::DONE)).
///
/// ```
/// use netloom_socket::{Filter, SocketOptions};
///
/// # fn main() -> Result<(), netloom_wire::Error> {
/// // Only RTM_NEWROUTE and RTM_DELROUTE: the receive buffer holds nothing else.
/// let options = SocketOptions::new().group(7).filter(Filter::commands(&[24, 25])?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Vec<Instruction>);

impl Filter {
    /// Most instructions of a program (`BPF_MAXINSNS`).
    pub const MAX: usize = 4096;

    /// A program of 1 to [`Filter::MAX`] instructions; the kernel checks it when it is attached.
    pub fn new(program: impl Into<Vec<Instruction>>) -> Result<Self> {
        let program = program.into();
        if program.is_empty() || program.len() > Self::MAX {
            let problem = format!("a filter has 1 to {} instructions, not {}", Self::MAX, program.len());
            return Err(Error::new(ErrorKind::InvalidInput, problem));
        }
        Ok(Self(program))
    }

    /// A program that lets through the datagrams whose first message has one of these types; 1 to 255 of them.
    pub fn commands(commands: &[u16]) -> Result<Self> {
        let Some(count) = u8::try_from(commands.len()).ok().filter(|count| *count > 0) else {
            let problem = format!("a filter by type takes 1 to 255 types, not {}", commands.len());
            return Err(Error::new(ErrorKind::InvalidInput, problem));
        };
        let mut program = vec![Instruction::statement(LOAD_HALF, COMMAND_OFFSET)];
        // Each comparison that holds skips the remaining ones and the "drop" after them. The program loads in network
        // order what the kernel wrote in the machine's, so the operand is turned the same way.
        program.extend(commands.iter().zip((1..=count).rev()).map(|(command, to_keep)| {
            Instruction::jump(JUMP_EQUAL, u32::from(u16::from_be_bytes(command.to_ne_bytes())), to_keep, 0)
        }));
        program.push(Instruction::statement(RETURN, 0));
        program.push(Instruction::statement(RETURN, u32::MAX));
        Self::new(program)
    }

    /// The instructions.
    pub fn program(&self) -> &[Instruction] {
        &self.0
    }
}
