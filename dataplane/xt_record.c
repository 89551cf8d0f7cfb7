/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/xt_record.h"

const struct port_entry xt_no_port = {.mtu = 0};
const struct lport_entry xt_no_lport = {.untagged_bd = VEX_BD_NONE};

static const char *const names[XT_NUMBERS] = {
#define XT(number, name, text) [number] = #name,
#include "dataplane/xt.def"
#undef XT
};

const char *xt_name(unsigned int number)
{
	return names[number];
}

#ifndef VEX_DPDK
bool xt_record(struct xt_recorder *r, enum xt_number number, uint64_t arg)
{
	struct xt_fault *f = &r->fault[number];
	bool admitted = true;

	r->seen[number]++;
	if (f->skip) {
		f->skip--;
	} else if (f->count) {
		f->count--;
		admitted = false;
	}
	if (r->log)
		r->log(r->ctx, number, arg, admitted);
	return admitted;
}
#endif
