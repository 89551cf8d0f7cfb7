/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interface ranges.
 *
 * `member` takes a name or a pattern. Brackets hold numbers and ranges of numbers and are counted
 * out, whether such a port exists or not; `*` and `?` match the ports of the configured chassis and
 * the interfaces that the configuration has. `member-range A to B` counts the last number.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

#include "ports/chassis.h"

/* Names that one member statement may stand for, and the length of one. */
#define MEMBERS_MAX  4096
#define NAME_MAX_LEN 64

struct ranges {
	struct cfg *cfg;
	struct cfg_tree *t;
	struct cfg_node *interfaces;
	const struct cfg_snode *interface; /* the list with the omitted name */
	struct chassis *chassis;	   /* made when the first `*` asks for it */
	/* What is done with each name; @from says where it was named. */
	bool (*each)(struct ranges *, const char *name, const struct cfg_node *from);
	struct cfg_node *arg; /* for each: the range, or the node that names it, */
	const char *unit;     /* with this unit ".0", or "" */
	size_t count;	      /* names of the member statement so far */
};

static bool range_error(struct ranges *r, enum vex_err_kind kind, const struct cfg_node *at,
	const char *fmt, const char *value)
{
	char text[256];

	snprintf(text, sizeof text, fmt, value);
	cfg_node_error(r->cfg, kind, at, value, "%s", text);
	return true;
}

/* ---- Names ------------------------------------------------------------------------------------ */

static bool give(struct ranges *r, const char *name, const struct cfg_node *from)
{
	if (r->count++ >= MEMBERS_MAX) {
		if (r->count == MEMBERS_MAX + 1)
			range_error(r, VEX_ERR_LIMIT, from, "'%s' stands for more than 4096 names",
				cfg_node_word(from));
		return true;
	}
	return r->each(r, name, from);
}

static const char *leaf_value(const struct ranges *r, const struct cfg_node *parent,
	const char *word, const char *otherwise)
{
	const struct cfg_node *n = parent ? cfg_node_child(r->cfg, r->t, parent, word) : NULL;

	return n != NULL && n->schema->kind == CFG_LEAF ? cfg_node_word(n) : otherwise;
}

static bool give_matching(struct ranges *r, const char *pattern, const struct cfg_node *from)
{
	struct cfg_node *last = r->interfaces->last, *chassis_node;
	size_t before = r->count;

	if (r->chassis == NULL) {
		struct chassis_error ignored;

		chassis_node = cfg_node_child(r->cfg, r->t, r->t->root, "chassis");
		r->chassis = chassis_create(
			&(struct chassis_spec){
				.model = leaf_value(
					r, chassis_node, "model", r->cfg->schema->model),
				.extension_module = leaf_value(r, chassis_node, "extension-module",
					r->cfg->schema->extension_module),
			},
			&ignored);
	}
	for (unsigned int i = 0; r->chassis != NULL && i < chassis_port_count(r->chassis); i++) {
		const char *name = chassis_port(r->chassis, i)->name;

		if (cfg_glob(pattern, name) && !give(r, name, from))
			return false;
	}
	for (struct cfg_node *n = r->interfaces->child; n != NULL; n = n->next) {
		const char *name = cfg_node_word(n);

		if (n->schema == r->interface && cfg_glob(pattern, name) &&
			(r->chassis == NULL || chassis_find_port(r->chassis, name) < 0) &&
			!give(r, name, from))
			return false;
		if (n == last)
			break;
	}
	return r->count > before ||
	       range_error(r, VEX_ERR_NOT_FOUND, from, "member '%s' matches no port", pattern);
}

/* A number without sign; false if there is none or it is too large to be part of a name. */
static bool number(const char **p, unsigned long *n)
{
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	*n = strtoul(*p, &end, 10);
	*p = end;
	return *n < 1000000;
}

/*
 * Count out the first bracket of @rest behind what is already in @name, then the others.
 */
static bool count_out(
	struct ranges *r, char *name, size_t len, const char *rest, const struct cfg_node *from)
{
	const char *open = strchr(rest, '['), *p;
	size_t lead = open ? (size_t)(open - rest) : strlen(rest);

	if (len + lead >= NAME_MAX_LEN)
		return range_error(r, VEX_ERR_VALUE, from, "member '%s' is too long", rest);
	memcpy(name + len, rest, lead);
	len += lead;
	name[len] = '\0';
	if (open == NULL)
		return strpbrk(name, "*?") ? give_matching(r, name, from) : give(r, name, from);
	p = open;
	do {
		unsigned long a, b;

		p++;
		if (!number(&p, &a))
			goto bad;
		b = a;
		if (*p == '-') {
			p++;
			if (!number(&p, &b))
				goto bad;
		}
		if (b < a || (*p != ',' && *p != ']') || strchr(p, ']') == NULL)
			goto bad;
		for (; a <= b && r->count <= MEMBERS_MAX; a++) {
			int n = snprintf(name + len, NAME_MAX_LEN - len, "%lu", a);

			if ((size_t)n >= NAME_MAX_LEN - len)
				return range_error(
					r, VEX_ERR_VALUE, from, "member '%s' is too long", rest);
			if (!count_out(r, name, len + (size_t)n, strchr(p, ']') + 1, from))
				return false;
		}
	} while (*p == ',');
	return true;
bad:
	return range_error(r, VEX_ERR_VALUE, from,
		"'%s': brackets hold numbers and ranges of numbers, as in ge-0/0/[0-5,7]", rest);
}

/* "ge-0/0/3" into "ge-0/0/" and 3. */
static bool split(const char *name, size_t *prefix, unsigned long *n)
{
	const char *p;

	*prefix = strlen(name);
	while (*prefix > 0 && name[*prefix - 1] >= '0' && name[*prefix - 1] <= '9')
		(*prefix)--;
	p = name + *prefix;
	return *prefix > 0 && *prefix < NAME_MAX_LEN / 2 && number(&p, n) && *p == '\0';
}

static bool give_from_to(struct ranges *r, const struct cfg_node *from)
{
	const char *a = cfg_node_word(from), *b = leaf_value(r, from, "to", NULL);
	unsigned long first, last;
	size_t na, nb;
	char name[NAME_MAX_LEN];

	if (b == NULL)
		return range_error(r, VEX_ERR_MISSING, from,
			"'member-range %s' needs its end, as in ge-0/0/0 to ge-0/0/5", a);
	if (!split(a, &na, &first) || !split(b, &nb, &last) || na != nb || memcmp(a, b, na) != 0 ||
		last < first)
		return range_error(r, VEX_ERR_VALUE, from,
			"the ends of 'member-range %s' must differ in their last number only, the "
			"smaller first, as in ge-0/0/0 to ge-0/0/5",
			a);
	for (; first <= last && r->count <= MEMBERS_MAX; first++) {
		snprintf(name, sizeof name, "%.*s%lu", (int)na, a, first);
		if (!give(r, name, from))
			return false;
	}
	return true;
}

static bool steers(const struct cfg_node *n)
{
	return strcmp(n->schema->word, "member") == 0 ||
	       strcmp(n->schema->word, "member-range") == 0;
}

static bool has_member(const struct cfg_node *range)
{
	const struct cfg_node *c = range->child;

	while (c != NULL && !steers(c))
		c = c->next;
	return c != NULL;
}

/* Call r->each for every name that a range stands for. */
static bool each_member(struct ranges *r, const struct cfg_node *range)
{
	char name[NAME_MAX_LEN];

	for (const struct cfg_node *c = range->child; c != NULL; c = c->next) {
		if (!steers(c))
			continue;
		if (c->schema->kind == CFG_LIST) {
			r->count = 0;
			if (!give_from_to(r, c))
				return false;
			continue;
		}
		for (const struct cfg_node *v = c->child; v != NULL; v = v->next) {
			r->count = 0;
			if (!count_out(r, name, 0, cfg_node_word(v), v))
				return false;
		}
	}
	return true;
}

/* ---- Ranges into interfaces ------------------------------------------------------------------- */

static bool into_interface(struct ranges *r, const char *name, const struct cfg_node *from)
{
	const char *word = cfg_strndup(&r->cfg->arena, name, strlen(name)), **own;
	struct cfg_node *n;

	own = word ? cfg_alloc(&r->cfg->arena, sizeof *own) : NULL;
	if (own == NULL)
		return false;
	*own = word;
	n = cfg_expand_node(r->cfg, r->t, r->interfaces,
		&(struct cfg_node){.schema = r->interface,
			.word = own,
			.nword = 1,
			.line = from->line,
			.column = from->column});
	if (n == NULL)
		return false;
	for (const struct cfg_node *c = r->arg->child; c != NULL; c = c->next) {
		if (!steers(c) && !cfg_expand_merge(r->cfg, r->t, n, c))
			return false;
	}
	return true;
}

static const struct cfg_snode *range_schema(const struct ranges *r)
{
	return cfg_schema_find(r->cfg->schema, r->interfaces->schema, "interface-range");
}

static bool ranges_init(struct ranges *r, struct cfg *cfg, struct cfg_tree *t)
{
	*r = (struct ranges){.cfg = cfg, .t = t, .unit = ""};
	r->interfaces = cfg_node_child(cfg, t, t->root, "interfaces");
	if (r->interfaces == NULL)
		return false;
	r->interface = r->interfaces->schema->omitted;
	return r->interface != NULL && range_schema(r) != NULL;
}

bool cfg_expand_ranges(struct cfg *cfg, struct cfg_tree *t)
{
	size_t before = cfg->errs->n + cfg->errs->lost;
	struct cfg_node *last;
	struct ranges r;
	bool ok = true;

	if (!ranges_init(&r, cfg, t))
		return true;
	r.each = into_interface;
	last = r.interfaces->last;
	for (struct cfg_node *n = r.interfaces->child; ok && n != NULL; n = n->next) {
		if (n->schema == range_schema(&r)) {
			r.arg = n;
			ok = each_member(&r, n);
		}
		if (n == last)
			break;
	}
	chassis_free(r.chassis);
	return ok && cfg->errs->n + cfg->errs->lost == before;
}

/* ---- Names of ranges where an interface is named ---------------------------------------------- */

/* The range that a name, perhaps with a unit, stands for. */
static const struct cfg_node *range_named(struct ranges *r, const char *name)
{
	const char *dot = strchr(name, '.');
	char plain[256];
	const char *key = plain;
	size_t n = dot ? (size_t)(dot - name) : strlen(name);

	if (n >= sizeof plain)
		return NULL;
	memcpy(plain, name, n);
	plain[n] = '\0';
	r->unit = dot ? dot : "";
	return cfg_node_find(r->t, r->interfaces, range_schema(r), &key, 1);
}

static bool into_reference(struct ranges *r, const char *name, const struct cfg_node *)
{
	size_t size = strlen(name) + strlen(r->unit) + 1;
	const char **own = cfg_alloc(&r->cfg->arena, sizeof *own);
	char *word = cfg_alloc(&r->cfg->arena, size);
	struct cfg_node *from = r->arg, *n;

	if (own == NULL || word == NULL)
		return false;
	snprintf(word, size, "%s%s", name, r->unit);
	*own = word;
	n = cfg_expand_node(r->cfg, r->t, from->parent,
		&(struct cfg_node){.schema = from->schema,
			.word = own,
			.nword = 1,
			.line = from->line,
			.column = from->column});
	if (n == NULL)
		return false;
	for (const struct cfg_node *c = from->child; c != NULL; c = c->next) {
		if (!cfg_expand_merge(r->cfg, r->t, n, c))
			return false;
	}
	return true;
}

static bool replace_names(struct ranges *r, struct cfg_node *parent)
{
	struct cfg_node *last = parent->last, *next;

	for (struct cfg_node *n = parent->child; n != NULL; n = next) {
		const struct cfg_node *range = NULL;
		bool end = n == last;

		next = n->next;
		if ((n->schema->kind == CFG_LIST || n->schema->kind == CFG_VALUE) &&
			n->nword == 1 && strcmp(n->schema->word, "interface") == 0 &&
			parent != r->interfaces)
			range = range_named(r, cfg_node_word(n));
		if (range != NULL) {
			r->arg = n;
			if (!each_member(r, range))
				return false;
			cfg_node_remove(r->t, n);
		} else if (!replace_names(r, n)) {
			return false;
		}
		if (end)
			break;
	}
	return true;
}

bool cfg_expand_range_names(struct cfg *cfg, struct cfg_tree *t)
{
	struct cfg_node *next;
	struct ranges r;
	bool ok;

	if (!ranges_init(&r, cfg, t))
		return true;
	r.each = into_reference;
	ok = replace_names(&r, t->root);
	chassis_free(r.chassis);
	for (struct cfg_node *n = r.interfaces->child; n != NULL; n = next) {
		next = n->next;
		if (n->schema != range_schema(&r))
			continue;
		if (!has_member(n))
			cfg_node_error(cfg, VEX_ERR_MISSING, n, NULL,
				"'interface-range %s' has no member", cfg_node_word(n));
		cfg_node_remove(t, n);
	}
	return ok;
}
