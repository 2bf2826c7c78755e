# A program of routes that names the map of shared.ll, in the way that iproute2 had before the types of maps.
# Made by: llvm-mc -triple=bpfel -filetype=obj shared-legacy.s -o shared-legacy.o

	.section prog, "ax", @progbits
	.globl look_up_common
	.type look_up_common, @function
look_up_common:
	r1 = common ll
	r0 = 0
	exit
	.size look_up_common, .-look_up_common

# struct bpf_elf_map: an array of one entry of 8 bytes, shared by its name (PIN_GLOBAL_NS).
	.section maps, "aw", @progbits
	.globl common
	.type common, @object
common:
	.long 2, 4, 8, 1, 0, 0, 2, 0, 0
	.size common, 36

	.section license, "aw", @progbits
	.ascii "GPL\0"
