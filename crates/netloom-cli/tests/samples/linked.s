# A program of routes that drops if the functions that it calls, which begin at the same place of two sections, are both
# there. Made by: llvm-mc -triple=bpfel -filetype=obj linked.s -o linked.o

	.section prog, "ax", @progbits
	.globl sum
	.type sum, @function
sum:
	call one
	r6 = r0
	call two
	r0 += r6
	exit
	.size sum, .-sum

	.text
	.globl one
	.type one, @function
one:
	r0 = 0
	exit
	.size one, .-one

	.section .text.more, "ax", @progbits
	.globl two
	.type two, @function
two:
	r0 = 2
	exit
	.size two, .-two

	.section license, "aw", @progbits
	.ascii "GPL\0"
