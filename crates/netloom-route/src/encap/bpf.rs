//! BPF programs on a route (`linux/lwtunnel.h`).

use netloom_wire::attributes;

attributes! {
    /// Runs BPF programs on packets (`LWT_BPF_*`).
    pub Bpf, BpfWriter = "lwtunnel/bpf" {
        /// On packets that came in.
        1 "LWT_BPF_IN" input: Nest(BpfProgram),
        /// On packets of this machine.
        2 "LWT_BPF_OUT" output: Nest(BpfProgram),
        /// On packets that leave.
        3 "LWT_BPF_XMIT" xmit: Nest(BpfProgram),
        /// Bytes to keep free before a packet that leaves, at most 256.
        4 "LWT_BPF_XMIT_HEADROOM" xmit_headroom: u32,
    }
}

attributes! {
    /// A BPF program (`LWT_BPF_PROG_*`).
    pub BpfProgram, BpfProgramWriter = "lwtunnel/bpf-prog" {
        /// Its descriptor, in requests.
        1 "LWT_BPF_PROG_FD" fd: u32,
        /// A name for people; requests need one.
        2 "LWT_BPF_PROG_NAME" name: str,
    }
}
