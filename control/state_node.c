/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "control/state.h"

static const struct lyd_node *child_named(
	const struct lyd_node *node, const char *name, size_t length)
{
	if (node == NULL)
		return NULL;
	for (const struct lyd_node *c = lyd_child(node); c != NULL; c = c->next) {
		const char *have = c->schema->name;

		if (strncmp(have, name, length) == 0 && have[length] == '\0')
			return c;
	}
	return NULL;
}

const struct lyd_node *state_child(const struct lyd_node *node, const char *name)
{
	return child_named(node, name, strlen(name));
}

const struct lyd_node *state_next(const struct lyd_node *node)
{
	const struct lysc_node *schema = node->schema;

	for (node = node->next; node != NULL; node = node->next)
		if (node->schema == schema)
			return node;
	return NULL;
}

const struct lyd_node *state_find(const struct lyd_node *node, const char *path)
{
	while (node != NULL && *path != '\0') {
		size_t n = strcspn(path, "/");

		node = child_named(node, path, n);
		path += n + (path[n] == '/');
	}
	return node;
}

const char *state_value(const struct lyd_node *node)
{
	if (node != NULL && node->schema->nodetype == LYS_LIST)
		node = lyd_child(node);
	if (node == NULL || !(node->schema->nodetype & LYD_NODE_TERM))
		return "";
	return lyd_get_value(node);
}

uint32_t state_number(const struct lyd_node *node, uint32_t otherwise)
{
	return node != NULL ? (uint32_t)strtoul(state_value(node), NULL, 10) : otherwise;
}

/* Digits only, at most 5; advances *text. */
static bool read_id(const char **text, unsigned int *id)
{
	const char *p = *text;
	unsigned int v = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (p - *text == 5)
			return false;
		v = v * 10 + (unsigned int)(*p - '0');
	}
	if (p == *text || v > UINT16_MAX)
		return false;
	*text = p;
	*id = v;
	return true;
}

bool state_id_range(const char *text, unsigned int *low, unsigned int *high)
{
	if (!read_id(&text, low))
		return false;
	*high = *low;
	if (*text == '-') {
		text++;
		if (!read_id(&text, high))
			return false;
	}
	return *text == '\0';
}
