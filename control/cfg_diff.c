/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The difference of two trees, as `show | compare` prints it.
 *
 * A level that both have is gone into; what only one has, or a value that differs, stands behind
 * '-' or '+' below a line "[edit PATH]" of the level that holds it. Entries of lists that the user
 * orders show where they went: the entry before them as `name { ... }`, and '!' before one that
 * moved. '!' also stands before what only became active or inactive.
 *
 * Junos indents by the depth of the level: two columns for values, three for what may hold
 * something, and what stands first below a line "[edit ...]" decides for all below that line.
 * Values share such a line; so do the entries of one list.
 */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

struct diff {
	FILE *out;
	const struct cfg_tree *a, *b;
	/* The last "[edit ...]": its level, and the list below it that it is for. */
	const struct cfg_node *level;
	const struct cfg_snode *list;
	unsigned int indent;
	bool failed;
};

/* ---- Lines ------------------------------------------------------------------------------------ */

/* A level that is no line of its own: its word stands before each statement in it. */
static bool is_prefix(const struct cfg_node *level)
{
	return level->schema->join && level->parent != NULL;
}

static const struct cfg_node *shown_level(const struct cfg_node *level)
{
	while (is_prefix(level))
		level = level->parent;
	return level;
}

static void write_path(FILE *out, const struct cfg_node *level)
{
	if (level->parent == NULL)
		return;
	write_path(out, level->parent);
	fputc(' ', out);
	cfg_node_write(out, level);
}

static bool is_value(const struct cfg_node *n)
{
	return n->schema->kind == CFG_LEAF || n->schema->kind == CFG_LEAF_LIST ||
	       n->schema->kind == CFG_FLAG;
}

static void header(struct diff *d, const struct cfg_node *level, const struct cfg_node *child)
{
	const struct cfg_snode *list = child->schema->kind == CFG_LIST ? child->schema : NULL;
	unsigned int depth = 0;

	if (d->level == level && d->list == list)
		return;
	d->level = level;
	d->list = list;
	for (const struct cfg_node *n = level; n->parent != NULL; n = n->parent) {
		/* Of the two levels of a group Junos has one. */
		depth += n->schema->kind != CFG_CONTAINER || n->schema->omitted == NULL ||
			 !n->schema->omitted->any_value;
	}
	d->indent = depth + (is_value(child) ? 2 : 3);
	fputs("[edit", d->out);
	write_path(d->out, shown_level(level));
	fputs("]\n", d->out);
}

static void sign(struct diff *d, char c, unsigned int more)
{
	fprintf(d->out, "%c%*s", c, (int)(d->indent - 1 + more), "");
}

/* "family ": what stands before a statement of a level. */
static void write_prefix(FILE *out, const struct cfg_node *level)
{
	if (!is_prefix(level))
		return;
	write_prefix(out, level->parent);
	cfg_node_write(out, level);
	fputc(' ', out);
}

static char *text_of(struct diff *d, const struct cfg_node *n, const struct cfg_node *level)
{
	char *prefix = NULL, *text = NULL;
	size_t size;
	FILE *f = open_memstream(&prefix, &size);

	if (f != NULL) {
		write_prefix(f, level);
		fclose(f);
		f = open_memstream(&text, &size);
	}
	if (f != NULL && prefix != NULL) {
		cfg_print_statement(n, prefix, f);
		fclose(f);
	}
	free(prefix);
	d->failed |= text == NULL;
	return text;
}

/* A whole statement, each line behind a sign. @level is its level in b, if b has that. */
static void whole(struct diff *d, char c, const struct cfg_node *n, const struct cfg_node *level)
{
	char *text = text_of(d, n, n->parent), *line = text, *end;

	header(d, level, n);
	for (; line != NULL && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		sign(d, c, 0);
		fprintf(d->out, "%.*s\n", (int)(end - line), line);
	}
	free(text);
}

/* One line that stands for a statement: `inactive: unit 0 { ... }`. */
static void brief(struct diff *d, char c, const char *mark, const struct cfg_node *n)
{
	header(d, n->parent, n);
	sign(d, c, *mark != '\0');
	fputs(mark, d->out);
	write_prefix(d->out, n->parent);
	cfg_node_write(d->out, n);
	fputs(is_value(n) ? ";\n" : " { ... }\n", d->out);
}

/* ---- Moves ------------------------------------------------------------------------------------ */

struct place {
	const struct cfg_node *node; /* of b */
	size_t rank;		     /* of its counterpart in a */
	bool moved;
};

struct moves {
	struct place *v; /* by address of node */
	size_t n;
};

static int by_node(const void *pa, const void *pb)
{
	uintptr_t a = (uintptr_t)((const struct place *)pa)->node;
	uintptr_t b = (uintptr_t)((const struct place *)pb)->node;

	return (a > b) - (a < b);
}

/*
 * Mark what moved: all but a longest run of entries that follow each other in a as in b.
 * tail[k] is the entry with the lowest rank that ends a run of k + 1.
 */
static void mark_moved(struct place *v, size_t n, size_t *tail, size_t *before)
{
	size_t runs = 0;

	for (size_t i = 0; i < n; i++) {
		size_t low = 0, high = runs;

		while (low < high) {
			size_t middle = low + (high - low) / 2;

			if (v[tail[middle]].rank < v[i].rank)
				low = middle + 1;
			else
				high = middle;
		}
		before[i] = low > 0 ? tail[low - 1] : n;
		tail[low] = i;
		runs += low == runs;
		v[i].moved = true;
	}
	for (size_t i = runs > 0 ? tail[runs - 1] : n; i < n; i = before[i])
		v[i].moved = false;
}

static size_t common(
	struct diff *d, const struct cfg_node *a, const struct cfg_node *b, struct place *v)
{
	size_t n = 0, rank = 0;

	for (const struct cfg_node *c = a->child; c != NULL; c = c->next) {
		const struct cfg_node *other = cfg_is_ordered(c->schema) ? cfg_node_same(d->b, b, c)
									 : NULL;

		if (other == NULL || c->schema->kind != CFG_LIST)
			continue;
		if (v != NULL)
			v[n] = (struct place){.node = other, .rank = rank};
		n++;
		rank++;
	}
	return n;
}

/* Which entries of lists that both have stand elsewhere in b. */
static struct moves find_moves(struct diff *d, const struct cfg_node *a, const struct cfg_node *b)
{
	struct moves m = {.n = common(d, a, b, NULL)};
	struct place *in_b;
	size_t *work, i = 0;

	if (m.n < 2) {
		m.n = 0;
		return m;
	}
	m.v = calloc(2 * m.n, sizeof *m.v);
	work = calloc(2 * m.n, sizeof *work);
	if (m.v == NULL || work == NULL) {
		d->failed = true;
		m.n = 0;
	} else {
		in_b = m.v + m.n;
		common(d, a, b, m.v);
		qsort(m.v, m.n, sizeof *m.v, by_node);
		for (const struct cfg_node *c = b->child; c != NULL; c = c->next) {
			const struct place *p = bsearch(
				&(struct place){.node = c}, m.v, m.n, sizeof *m.v, by_node);

			if (p != NULL)
				in_b[i++] = *p;
		}
		mark_moved(in_b, m.n, work, work + m.n);
		memcpy(m.v, in_b, m.n * sizeof *m.v);
		qsort(m.v, m.n, sizeof *m.v, by_node);
	}
	free(work);
	return m;
}

static bool has_moved(const struct moves *m, const struct cfg_node *n)
{
	const struct place *p = m->n > 0 ? bsearch(&(struct place){.node = n}, m->v, m->n,
						   sizeof *m->v, by_node)
					 : NULL;

	return p != NULL && p->moved;
}

/* ---- Levels ----------------------------------------------------------------------------------- */

static void levels(struct diff *d, const struct cfg_node *a, const struct cfg_node *b);

/* What is compared as one text: values, and what has no structure that is known. */
static bool is_atom(const struct cfg_node *n)
{
	return is_value(n) || n->schema->one_line || n->schema->kind == CFG_OPAQUE;
}

/* The entry before a new or moved one, so that its place can be seen. */
static void context(struct diff *d, const struct cfg_node *n, const struct cfg_node **shown)
{
	const struct cfg_node *p = n->prev;

	if (n->schema->kind != CFG_LIST || !cfg_is_ordered(n->schema))
		return;
	while (p != NULL && p->schema != n->schema)
		p = p->prev;
	if (p != NULL && p != *shown)
		brief(d, ' ', "", p);
	*shown = n;
}

/* Both have it. */
static void changed(struct diff *d, const struct cfg_node *a, const struct cfg_node *b)
{
	if (is_atom(b)) {
		bool mark = a->inactive != b->inactive;

		if (!mark && cfg_node_equal(d->a, a, d->b, b))
			return;
		if (mark && b->schema->kind == CFG_LEAF && strcmp(a->word[0], b->word[0]) == 0) {
			brief(d, '!', b->inactive ? "inactive: " : "active: ", b);
			return;
		}
		if (mark && b->schema->kind == CFG_FLAG) {
			brief(d, '!', b->inactive ? "inactive: " : "active: ", b);
			return;
		}
		whole(d, '-', a, b->parent);
		whole(d, '+', b, b->parent);
		return;
	}
	if (a->inactive != b->inactive)
		brief(d, '!', b->inactive ? "inactive: " : "active: ", b);
	levels(d, a, b);
}

/* What a has from @n on and b does not, up to the next one that both have. */
static void removed(struct diff *d, const struct cfg_node *n, const struct cfg_node *b)
{
	for (; n != NULL && cfg_node_same(d->b, b, n) == NULL; n = n->next)
		whole(d, '-', n, b);
}

static void levels(struct diff *d, const struct cfg_node *a, const struct cfg_node *b)
{
	struct moves moves = find_moves(d, a, b);
	const struct cfg_node *shown = NULL;

	removed(d, a->child, b);
	for (const struct cfg_node *n = b->child; n != NULL; n = n->next) {
		const struct cfg_node *old = cfg_node_same(d->a, a, n);

		if (old == NULL) {
			context(d, n, &shown);
			whole(d, '+', n, b);
			continue;
		}
		if (has_moved(&moves, n)) {
			context(d, n, &shown);
			brief(d, '!', "", n);
		}
		changed(d, old, n);
		removed(d, old->next, b);
	}
	free(moves.v);
}

/* What stands at the path in one of them only. */
static void only(struct diff *d, char c, const struct cfg_target *target)
{
	for (size_t i = 0; i < target->n; i++) {
		const struct cfg_node *n = target->named[i];

		n = n->schema->kind == CFG_VALUE ? n->parent : n;
		whole(d, c, n, n->parent);
	}
}

static const struct cfg_node *level_of(const struct cfg_target *t)
{
	const struct cfg_node *n = t->named[0];

	return n->schema->kind == CFG_VALUE ? n->parent : n;
}

bool cfg_compare(
	struct cfg *from, struct cfg *to, const char *path, FILE *out, struct vex_errs *errs)
{
	struct diff d = {.out = out, .a = &from->tree, .b = &to->tree};
	struct cfg_target ta = {0}, tb = {0};
	int a = cfg_find(from, path, &ta, errs), b = a < 0 ? -1 : cfg_find(to, path, &tb, errs);

	if (a > 0 && b == 0) {
		only(&d, '-', &ta);
	} else if (a == 0 && b > 0) {
		only(&d, '+', &tb);
	} else if (a > 0 && b > 0) {
		const struct cfg_node *na = level_of(&ta), *nb = level_of(&tb);

		if (is_atom(nb))
			changed(&d, na, nb);
		else
			levels(&d, na, nb);
	}
	free(ta.named);
	free(tb.named);
	if (d.failed)
		vex_err_add(errs, VEX_ERR_INTERNAL, NULL, NULL, NULL, "out of memory");
	return a >= 0 && b >= 0 && !d.failed;
}
