/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/ctl.h"
#include "control/state.h"

static struct state *state_create(
	const struct ctl_platform *platform, const struct cfg *cfg, struct vex_errs *errs)
{
	struct state *st = calloc(1, sizeof(*st));

	if (st == NULL)
		return NULL;
	st->platform = platform;
	st->cfg = cfg;
	st->root = cfg_data(cfg);
	st->errs = errs;
	for (unsigned int l = 0; l < VEX_LPORTS_MAX; l++) {
		struct state_lport *lport = &st->lports[l];

		lport->mtu = STATE_MTU_DEFAULT;
		lport->lag = STATE_NONE;
		lport->untagged = STATE_NONE;
		lport->voice = STATE_NONE;
	}
	for (unsigned int k = 0; k < VEX_LAGS_MAX; k++)
		st->lags[k].minimum_links = 1;
	return st;
}

static void state_free(struct state *st)
{
	for (unsigned int i = 0; i < st->n_vlans; i++)
		free(st->vlans[i].name);
	free(st->vlans);
	free(st->names);
	free(st->port_limits);
	free(st->macs);
	free(st->log.targets);
	chassis_free(st->chassis);
	free(st);
}

/* Each step may rely on what those before it left in @st, wrong or not. */
static void run_steps(struct state *st)
{
	if (!state_chassis(st))
		return; /* no name can be checked */
	state_speeds(st);
	state_vlans(st);
	state_pvlans(st);
	state_interfaces(st);
	state_lags(st);
	state_members(st);
	state_pvlan_ports(st);
	state_voice(st);
	state_vlan_scale(st);
	state_vlan_sets(st);
	state_limits(st);
	state_static_macs(st);
	state_storm(st);
	state_log(st);
	state_mac_notification(st);
}

int ctl_load_cfg_on(const struct ctl_platform *platform, const struct cfg *cfg,
	struct ctl_image **out, struct vex_errs *errs)
{
	struct vex_errs mine = {0}; /* of this call: @errs may hold others */
	struct state *st = state_create(platform, cfg, &mine);

	*out = NULL;
	if (st == NULL) {
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
		return -1;
	}
	run_steps(st);
	if (!vex_errs_any(&mine)) {
		*out = state_image(st);
		if (*out == NULL)
			state_no_memory(st);
	}
	state_free(st);
	vex_errs_sort(&mine);
	vex_errs_copy(errs, &mine);
	vex_errs_free(&mine);
	return *out != NULL ? 0 : -1;
}

int ctl_load_cfg(const struct cfg *cfg, struct ctl_image **out, struct vex_errs *errs)
{
	return ctl_load_cfg_on(NULL, cfg, out, errs);
}

int ctl_load_on(const struct ctl_platform *platform, const char *text, size_t len, const char *file,
	struct ctl_image **out, struct vex_errs *errs)
{
	struct cfg_schema *schema = cfg_schema_create(errs);
	size_t refused = errs->n;
	struct cfg *cfg = NULL;
	int status = -1;

	*out = NULL;
	if (schema != NULL && platform != NULL)
		cfg_schema_set_chassis(
			schema, platform->chassis.model, platform->chassis.extension_module);
	/* Mistakes beside statements that are not supported are to be seen in the same run. */
	if (schema != NULL)
		cfg = cfg_parse_with(schema, CFG_DATA_WITHOUT_REFUSED, text != NULL ? text : "",
			text != NULL ? len : 0, file, errs);
	refused = errs->n - refused;
	if (cfg != NULL)
		status = ctl_load_cfg_on(platform, cfg, out, errs);
	if (refused > 0 && status == 0) {
		ctl_image_free(*out);
		*out = NULL;
		status = -1;
	}
	vex_errs_sort(errs);
	cfg_free(cfg);
	cfg_schema_free(schema);
	return status;
}

int ctl_load(const char *text, size_t len, const char *file, struct ctl_image **out,
	struct vex_errs *errs)
{
	return ctl_load_on(NULL, text, len, file, out, errs);
}

void ctl_image_free(struct ctl_image *image)
{
	if (image == NULL)
		return;
	for (size_t i = 0; i < image->n_vlans; i++)
		free(image->vlans[i].name);
	free(image->vlans);
	free(image->lags);
	free(image->ops);
	free(image->host_name);
	free(image->log.targets);
	chassis_free(image->chassis);
	free(image);
}

const struct ctl_vlan *ctl_vlan_by_bd(const struct ctl_image *image, unsigned int bd)
{
	size_t low = 0, high = image->n_vlans;

	/* A bridge domain is the VLAN's id, by which they are sorted. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->vlans[middle].bd < bd)
			low = middle + 1;
		else
			high = middle;
	}
	return low < image->n_vlans && image->vlans[low].bd == bd ? &image->vlans[low] : NULL;
}

const char *ctl_lport_name(
	const struct ctl_image *image, unsigned int lport, char buf[CTL_LPORT_NAME_SIZE])
{
	const struct chassis_port *port = lport < VEX_LPORT_LAG0
						  ? chassis_port(image->chassis, lport)
						  : NULL;

	if (port != NULL)
		snprintf(buf, CTL_LPORT_NAME_SIZE, "%s", port->name);
	else if (lport >= VEX_LPORT_LAG0 && lport < VEX_LPORTS_MAX)
		snprintf(buf, CTL_LPORT_NAME_SIZE, "ae%u", lport - VEX_LPORT_LAG0);
	else
		snprintf(buf, CTL_LPORT_NAME_SIZE, "?");
	return buf;
}

int ctl_lport_find(const struct ctl_image *image, const char *name)
{
	char base[CTL_LPORT_NAME_SIZE];
	size_t n = strlen(name);

	if (n > 2 && strcmp(name + n - 2, ".0") == 0)
		n -= 2;
	if (n >= sizeof(base))
		return -1;
	memcpy(base, name, n);
	base[n] = '\0';
	for (size_t i = 0; i < image->n_lags; i++) {
		char ae[CTL_LPORT_NAME_SIZE];

		if (strcmp(ctl_lport_name(image, image->lags[i].lport, ae), base) == 0)
			return image->lags[i].lport;
	}
	return chassis_find_port(image->chassis, base);
}
