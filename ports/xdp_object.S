/* SPDX-License-Identifier: BSD-3-Clause */
/* The compiled steering program, inside vex-pfe. */
	.section .rodata
	.balign	16
	.globl	xdp_steer_object, xdp_steer_object_end
	.type	xdp_steer_object, @object
xdp_steer_object:
	.incbin	"ports/xdp_steer.bpf.o"
xdp_steer_object_end:
	.size	xdp_steer_object, . - xdp_steer_object

	.section .note.GNU-stack, "", @progbits
