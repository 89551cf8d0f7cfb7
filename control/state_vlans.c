/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/cfg_int.h"
#include "control/state.h"

/* Errors with a nearest name; a search takes as long as there are VLANs. */
#define HINTS_MAX 100

#define DEFAULT_NAME "default"
#define DEFAULT_VID  1

/* Append a VLAN; @name becomes its own. Returns its index, STATE_NONE without memory. */
static int add_vlan(struct state *st, char *name, unsigned int vid, const struct lyd_node *node)
{
	size_t cap = st->cap_vlans;
	struct state_vlan *v = state_grow(st, st->vlans, st->n_vlans, &cap, sizeof(*v));

	if (v == NULL || name == NULL) {
		if (v != NULL)
			state_no_memory(st);
		free(name);
		return STATE_NONE;
	}
	st->vlans = v;
	st->cap_vlans = (unsigned int)cap;
	v += st->n_vlans;
	*v = (struct state_vlan){
		.name = name,
		.vid = (uint16_t)vid,
		.node = node,
		.primary = STATE_NONE,
		.age_seconds = STATE_AGE_DEFAULT,
		.limit = {.limit = VEX_MAC_UNLIMITED},
		.port_limit = {.limit = VEX_MAC_UNLIMITED},
	};
	if (vid != 0)
		st->vlan_by_vid[vid] = (int)st->n_vlans;
	return (int)st->n_vlans++;
}

/* True if no VLAN has the id yet; otherwise reported. */
static bool vid_free(
	struct state *st, const struct lyd_node *node, const char *name, unsigned int vid)
{
	int other = st->vlan_by_vid[vid];

	if (other == STATE_NONE)
		return true;
	state_err(st, VEX_ERR_CONFLICT, node, state_value(node),
		"VLAN %s cannot have id %u, which VLAN %s has; give each VLAN its own id", name,
		vid, st->vlans[other].name);
	return false;
}

/* NAME-vlan-NNNN, NULL without memory. */
static char *list_name(const char *name, unsigned int vid)
{
	size_t size = strlen(name) + sizeof("-vlan-4094");
	char *s = malloc(size);

	if (s != NULL)
		snprintf(s, size, "%s-vlan-%04u", name, vid);
	return s;
}

/* `vlan-id-list`: one VLAN for each id, NAME-vlan-NNNN. */
static void add_list(struct state *st, const struct lyd_node *vlan, const struct lyd_node *entry)
{
	const char *name = state_value(vlan);

	for (; entry != NULL; entry = state_next(entry)) {
		const char *text = state_value(entry);
		unsigned int low, high;

		if (!state_id_range(text, &low, &high) || low < 1 || high > VEX_VID_MAX ||
			low > high) {
			state_err(st, VEX_ERR_VALUE, entry, text,
				"%s is not a range of VLAN ids; write FIRST-LAST, both 1 to %d",
				text, VEX_VID_MAX);
			continue;
		}
		for (unsigned int vid = low; vid <= high; vid++) {
			if (vid_free(st, entry, name, vid) &&
				add_vlan(st, list_name(name, vid), vid, vlan) == STATE_NONE)
				return;
		}
	}
}

/* One `vlans NAME`. A VLAN whose id is refused is kept with id 0, so that its name is known. */
static void add_named(struct state *st, const struct lyd_node *vlan)
{
	const char *name = state_value(vlan);
	const struct lyd_node *id = state_child(vlan, "vlan-id");
	const struct lyd_node *list = state_child(vlan, "vlan-id-list");
	unsigned int vid = state_number(id, 0);
	unsigned int low, high;

	if (state_id_range(name, &low, &high) || strcmp(name, "all") == 0)
		state_err(st, VEX_ERR_VALUE, vlan, name,
			"a VLAN cannot be named %s, which `vlan members` takes for %s", name,
			strcmp(name, "all") == 0 ? "every VLAN" : "an id");
	if (id != NULL && list != NULL)
		state_err(st, VEX_ERR_CONFLICT, list, NULL,
			"VLAN %s has both vlan-id and vlan-id-list; keep one", name);
	if (id == NULL && list != NULL) {
		add_list(st, vlan, list);
		return;
	}
	if (id == NULL && strcmp(name, DEFAULT_NAME) == 0)
		vid = DEFAULT_VID;
	else if (id == NULL)
		state_err(st, VEX_ERR_MISSING, vlan, name,
			"VLAN %s has no id; say `vlans %s vlan-id N` with N 1 to %d", name, name,
			VEX_VID_MAX);
	if (vid != 0 && !vid_free(st, id != NULL ? id : vlan, name, vid))
		vid = 0;
	add_vlan(st, strdup(name), vid, vlan);
}

static int name_order(const void *a, const void *b)
{
	return strcmp(((const struct state_vlan_name *)a)->name,
		((const struct state_vlan_name *)b)->name);
}

static struct state_vlan_name *find_name(struct state *st, const char *name)
{
	struct state_vlan_name key = {.name = name};

	if (st->n_names == 0)
		return NULL;
	return bsearch(&key, st->names, st->n_names, sizeof(key), name_order);
}

/* Index of all names. A VLAN of a list is known by the list's name and by its own. */
static void index_names(struct state *st)
{
	unsigned int n = 0, group = 0;

	st->names = calloc(2 * (size_t)st->n_vlans + 1, sizeof(*st->names));
	if (st->names == NULL) {
		state_no_memory(st);
		return;
	}
	for (unsigned int i = 0; i < st->n_vlans; i++) {
		const struct state_vlan *v = &st->vlans[i];
		const char *written = state_value(v->node);

		st->names[n++] = (struct state_vlan_name){v->name, i, 1};
		if (strcmp(written, v->name) == 0)
			continue;
		if (i > 0 && st->vlans[i - 1].node == v->node) {
			st->names[group].count++;
			continue;
		}
		group = n;
		st->names[n++] = (struct state_vlan_name){written, i, 1};
	}
	st->n_names = n;
	qsort(st->names, n, sizeof(*st->names), name_order);
	for (unsigned int i = 1; i < n; i++)
		if (strcmp(st->names[i - 1].name, st->names[i].name) == 0)
			state_err(st, VEX_ERR_CONFLICT, st->vlans[st->names[i].first].node,
				st->names[i].name,
				"two VLANs are named %s, one of them by a vlan-id-list; rename one",
				st->names[i].name);
}

void state_vlans(struct state *st)
{
	const struct lyd_node *vlan;

	for (unsigned int i = 0; i <= VEX_VID_MAX; i++)
		st->vlan_by_vid[i] = STATE_NONE;
	for (vlan = state_find(st->root, "vlans/vlan"); vlan != NULL; vlan = state_next(vlan))
		add_named(st, vlan);
	index_names(st);
}

int state_default_vlan(struct state *st)
{
	struct state_vlan_name *have = find_name(st, DEFAULT_NAME);

	if (have != NULL)
		return (int)have->first;
	for (unsigned int i = st->n_vlans; i-- > 0;)
		if (st->vlans[i].node == NULL)
			return (int)i;
	if (st->vlan_by_vid[DEFAULT_VID] != STATE_NONE)
		return STATE_NONE;
	return add_vlan(st, strdup(DEFAULT_NAME), DEFAULT_VID, NULL);
}

bool state_vlan_lookup(struct state *st, const char *name, unsigned int *first, unsigned int *count)
{
	const struct state_vlan_name *have = find_name(st, name);
	int v;

	*count = 1;
	if (have != NULL) {
		*first = have->first;
		*count = have->count;
		return true;
	}
	if (strcmp(name, DEFAULT_NAME) != 0)
		return false;
	v = state_default_vlan(st);
	*first = v != STATE_NONE ? (unsigned int)v : 0;
	return v != STATE_NONE;
}

void state_vlan_unknown(struct state *st, const struct lyd_node *node, const char *name)
{
	struct cfg_near near = {.word = name};
	unsigned int low, high;

	if (state_id_range(name, &low, &high)) {
		if (low < 1 || high > VEX_VID_MAX)
			state_err(st, VEX_ERR_VALUE, node, name,
				"%s is no VLAN; VLAN ids are 1 to %d", name, VEX_VID_MAX);
		else
			state_err(st, VEX_ERR_NOT_FOUND, node, name,
				"no VLAN has %s %s; say `vlans NAME vlan-id %u`",
				low == high ? "id" : "an id of", name, low);
		return;
	}
	for (unsigned int i = 0; i < st->n_names && st->errs->n < HINTS_MAX; i++)
		cfg_near_try(&near, st->names[i].name);
	if (near.best != NULL)
		state_err(st, VEX_ERR_NOT_FOUND, node, name,
			"there is no VLAN %s; did you mean %s?", name, near.best);
	else
		state_err(st, VEX_ERR_NOT_FOUND, node, name,
			"there is no VLAN %s; say `vlans %s vlan-id N`", name, name);
}

/* The VLAN with an id, `default` included; STATE_NONE if there is none. */
static int by_vid(struct state *st, unsigned int vid)
{
	if (vid < 1 || vid > VEX_VID_MAX)
		return STATE_NONE;
	if (vid == DEFAULT_VID && st->vlan_by_vid[vid] == STATE_NONE &&
		find_name(st, DEFAULT_NAME) == NULL)
		return state_default_vlan(st);
	return st->vlan_by_vid[vid];
}

int state_vlan_ref(struct state *st, const struct lyd_node *node, const char *text)
{
	unsigned int first, count, low, high;
	int v;

	if (state_id_range(text, &low, &high) && low == high) {
		v = by_vid(st, low);
		if (v == STATE_NONE)
			state_vlan_unknown(st, node, text);
		return v;
	}
	if (!state_vlan_lookup(st, text, &first, &count)) {
		state_vlan_unknown(st, node, text);
		return STATE_NONE;
	}
	if (count > 1) {
		state_err(st, VEX_ERR_VALUE, node, text,
			"%s is %u VLANs, and this takes one; name one of them, such as %s", text,
			count, st->vlans[first].name);
		return STATE_NONE;
	}
	return (int)first;
}

void state_vlan_scale(struct state *st)
{
	const struct chassis_scale *scale = chassis_scale(st->chassis);
	const struct state_vlan *v;

	if (st->n_vlans <= scale->vlans)
		return;
	v = &st->vlans[scale->vlans];
	state_err(st, VEX_ERR_NO_RESOURCE, v->node, v->name,
		"%u VLANs are too many: with `chassis scale %s` there are at most %u, and VLAN "
		"%s (id %u) is the first that does not fit",
		st->n_vlans, scale->name, scale->vlans, v->name, v->vid);
}
