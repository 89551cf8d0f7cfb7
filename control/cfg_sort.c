/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order in which a candidate stands, which is that of the box: statements of a level as the
 * schema has them, entries of a list by name, numbers in names as numbers. What the user orders,
 * wildcards (of which the first that matches holds) and what is not supported stay in their order.
 */
#include "control/cfg_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ge-0/0/2 before ge-0/0/10. */
static int by_name(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			size_t na, nb;
			int c;

			a += strspn(a, "0");
			b += strspn(b, "0");
			na = strspn(a, "0123456789");
			nb = strspn(b, "0123456789");
			c = na != nb ? (na > nb) - (na < nb) : strncmp(a, b, na);
			if (c != 0)
				return c;
			a += na;
			b += nb;
			continue;
		}
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		a++;
		b++;
	}
	return (*a != '\0') - (*b != '\0');
}

/* Negative: @a stands before @b. 0: their order means something, or nothing can be said. */
static int compare(const struct cfg_node *a, const struct cfg_node *b)
{
	if (a->schema->rank != b->schema->rank)
		return a->schema->rank < b->schema->rank ? -1 : 1;
	if (a->schema != b->schema || a->schema->kind != CFG_LIST || cfg_is_ordered(a->schema))
		return 0;
	if (a->wildcard || b->wildcard)
		return a->wildcard - b->wildcard;
	for (uint32_t i = 0; i < a->nword && i < b->nword; i++) {
		int c = by_name(a->word[i], b->word[i]);

		if (c == 0)
			c = strcmp(a->word[i], b->word[i]);
		if (c != 0)
			return c;
	}
	return 0;
}

void cfg_node_place(struct cfg_node *node)
{
	struct cfg_node *p = node->prev;

	if (p == NULL || compare(p, node) <= 0)
		return;
	/* Names mostly come in order, or in the reverse. */
	if (compare(node->parent->child, node) > 0) {
		cfg_node_move(node, node->parent->child, true);
		return;
	}
	while (p->prev != NULL && compare(p->prev, node) > 0)
		p = p->prev;
	cfg_node_move(node, p, true);
}

struct item {
	struct cfg_node *node;
	size_t at; /* where it stood */
};

static int by_place(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = compare(a->node, b->node);

	return c != 0 ? c : (a->at > b->at) - (a->at < b->at);
}

static bool is_sorted(const struct cfg_node *n)
{
	for (const struct cfg_node *c = n->child; c != NULL && c->next != NULL; c = c->next) {
		if (compare(c, c->next) > 0)
			return false;
	}
	return true;
}

static bool sort_children(struct cfg_node *n)
{
	struct item *v;
	size_t count = 0;

	for (struct cfg_node *c = n->child; c != NULL; c = c->next)
		count++;
	v = calloc(count, sizeof *v);
	if (v == NULL)
		return false;
	count = 0;
	for (struct cfg_node *c = n->child; c != NULL; c = c->next, count++)
		v[count] = (struct item){.node = c, .at = count};
	qsort(v, count, sizeof *v, by_place);
	for (size_t i = 0; i < count; i++) {
		v[i].node->prev = i > 0 ? v[i - 1].node : NULL;
		v[i].node->next = i + 1 < count ? v[i + 1].node : NULL;
	}
	n->child = v[0].node;
	n->last = v[count - 1].node;
	free(v);
	return true;
}

bool cfg_sort(struct cfg_node *n)
{
	if (!is_sorted(n) && !sort_children(n))
		return false;
	for (struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (!cfg_sort(c))
			return false;
	}
	return true;
}
