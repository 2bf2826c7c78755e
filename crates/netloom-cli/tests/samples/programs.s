# Programs of XDP. Made by: llvm-mc -triple=bpfel -filetype=obj programs.s -o programs.o, and with -triple=bpfeb programs-big-endian.o

	.section prog, "ax", @progbits
	.globl pass
	.type pass, @function
pass:
	r0 = 2
	exit
	.size pass, .-pass

	.section drop, "ax", @progbits
	.globl drop_all
	.type drop_all, @function
drop_all:
	r0 = 1
	exit
	.size drop_all, .-drop_all

# The kernel's verifier refuses it: nothing is in its register.
	.section refused, "ax", @progbits
	.globl wrong
	.type wrong, @function
wrong:
	exit
	.size wrong, .-wrong

	.section license, "aw", @progbits
	.ascii "GPL\0"
