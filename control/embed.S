/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The YANG modules, inside the program: NAME_start is the text, which ends in a zero byte. Adding a module
 * takes a line here and one in cfg_yang.c.
 */
	.macro yang name file
	.globl	cfg_yang_\name
	.type	cfg_yang_\name, @object
cfg_yang_\name:
	.incbin	"\file"
	.byte	0
	.size	cfg_yang_\name, . - cfg_yang_\name
	.endm

	.section .rodata
	yang	vex_ext control/yang/vex-ext.yang
	yang	vex_junos control/yang/vex-junos.yang

	.section .note.GNU-stack, "", @progbits
