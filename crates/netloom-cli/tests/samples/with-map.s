# A program of XDP that names a map. Made by: llvm-mc -triple=bpfel -filetype=obj with-map.s -o with-map.o

	.section prog, "ax", @progbits
	.globl look_up
	.type look_up, @function
look_up:
	r1 = counters ll
	r2 = 0
	*(u32 *)(r10 - 4) = r2
	r2 = r10
	r2 += -4
	call 1
	r0 = 2
	exit
	.size look_up, .-look_up

# struct bpf_map_def: an array of one entry of 8 bytes.
	.section maps, "aw", @progbits
	.globl counters
	.type counters, @object
counters:
	.long 2, 4, 8, 1, 0
	.size counters, 20

	.section license, "aw", @progbits
	.ascii "GPL\0"
