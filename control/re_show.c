/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that look: show, and names for completion. */
#include <string.h>

#include "control/re.h"

void re_rpc_show(struct re_call *call)
{
	const char *what = re_arg_text(call, "what");

	if (what == NULL)
		re_call_fail(call, VEX_ERR_MISSING, NULL, NULL, "say what to show");
	else
		re_call_fail(call, VEX_ERR_UNKNOWN, NULL, what, "there is no '%s' to show", what);
}

static void add_name(json_t *names, const char *prefix, const char *name, const char *help)
{
	if (strncmp(name, prefix, strlen(prefix)) == 0)
		json_array_append_new(names, json_pack("{s:s, s:s}", "name", name, "help", help));
}

void re_rpc_complete(struct re_call *call)
{
	const struct ctl_image *image = call->re->image;
	const char *kind = re_arg_text(call, "kind"), *prefix = re_arg_text(call, "prefix");
	json_t *names = json_array();
	char name[CTL_LPORT_NAME_SIZE];

	kind = kind != NULL ? kind : "";
	prefix = prefix != NULL ? prefix : "";
	for (unsigned int i = 0;
		strcmp(kind, "interface") == 0 && i < chassis_port_count(image->chassis); i++)
		add_name(names, prefix, ctl_lport_name(image, i, name), "");
	for (size_t i = 0; i < image->n_lags; i++)
		if (strcmp(kind, "interface") == 0 || strcmp(kind, "lag") == 0)
			add_name(names, prefix, ctl_lport_name(image, image->lags[i].lport, name),
				"");
	for (size_t i = 0; strcmp(kind, "vlan") == 0 && i < image->n_vlans; i++)
		add_name(names, prefix, image->vlans[i].name, "");
	re_call_ok(call, json_pack("{s:o}", "names", names));
}
