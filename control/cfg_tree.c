/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* ---- Arena ------------------------------------------------------------------------------------ */

#define CHUNK_SIZE (64u << 10)

struct cfg_chunk {
	struct cfg_chunk *next;
	size_t used, size;
	alignas(max_align_t) char mem[];
};

void *cfg_alloc(struct cfg_arena *a, size_t size)
{
	struct cfg_chunk *c = a->chunk;
	void *p;

	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	a->bytes += size;
	if (c == NULL || c->size - c->used < size) {
		size_t want = size > CHUNK_SIZE ? size : CHUNK_SIZE;

		c = calloc(1, sizeof *c + want);
		if (c == NULL) {
			a->failed = true;
			return NULL;
		}
		c->size = want;
		/* A large block goes behind the chunk in use, whose rest stays usable. */
		if (a->chunk != NULL && want > CHUNK_SIZE) {
			c->next = a->chunk->next;
			a->chunk->next = c;
		} else {
			c->next = a->chunk;
			a->chunk = c;
		}
	}
	p = c->mem + c->used;
	c->used += size;
	return p;
}

char *cfg_strndup(struct cfg_arena *a, const char *s, size_t n)
{
	char *copy = cfg_alloc(a, n + 1);

	if (copy != NULL)
		memcpy(copy, s, n);
	return copy;
}

void cfg_arena_free(struct cfg_arena *a)
{
	struct cfg_chunk *next;

	for (struct cfg_chunk *c = a->chunk; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	*a = (struct cfg_arena){0};
}

/* ---- Index ------------------------------------------------------------------------------------ */

/* A slot that was vacated holds the root, which is never indexed itself. */

static uint32_t hash_of(const struct cfg_node *parent, const struct cfg_snode *schema,
	const char *const *word, uint32_t nword)
{
	uint64_t h = 0xcbf29ce484222325u ^ (uintptr_t)parent;

	h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15u;
	h ^= (uintptr_t)schema;
	h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15u;
	for (uint32_t i = 0; i < nword; i++) {
		for (const char *p = word[i]; *p != '\0'; p++)
			h = (h ^ (unsigned char)*p) * 0x100000001b3u;
		h = (h ^ 0xff) * 0x100000001b3u;
	}
	h = (h ^ (h >> 29)) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

/* A leaf is there once, whatever its value is. */
static uint32_t identity_words(const struct cfg_snode *schema, uint32_t nword)
{
	return schema->kind == CFG_LEAF ? 0 : nword;
}

static bool same(const struct cfg_node *n, const struct cfg_node *parent,
	const struct cfg_snode *schema, const char *const *word, uint32_t nword)
{
	if (n->parent != parent || n->schema != schema)
		return false;
	if (identity_words(schema, n->nword) != nword)
		return false;
	for (uint32_t i = 0; i < nword; i++) {
		if (strcmp(n->word[i], word[i]) != 0)
			return false;
	}
	return true;
}

static void index_put(struct cfg_tree *t, struct cfg_node *n)
{
	size_t i = n->hash & (t->slots - 1);

	while (t->slot[i] != NULL)
		i = (i + 1) & (t->slots - 1);
	t->slot[i] = n;
	t->used++;
}

static bool index_grow(struct cfg_tree *t)
{
	struct cfg_node **old = t->slot;
	size_t n = t->slots;

	if ((t->used + 1) * 2 <= n)
		return true;
	t->slots = n ? n * 2 : 64;
	t->slot = calloc(t->slots, sizeof *t->slot);
	if (t->slot == NULL) {
		t->slot = old;
		t->slots = n;
		t->arena->failed = true;
		return false;
	}
	t->used = 0;
	for (size_t i = 0; i < n; i++) {
		if (old[i] != NULL && old[i] != t->root)
			index_put(t, old[i]);
	}
	free(old);
	return true;
}

/* ---- Nodes ------------------------------------------------------------------------------------ */

bool cfg_tree_init(struct cfg_tree *t, struct cfg_arena *arena, const struct cfg_snode *root)
{
	*t = (struct cfg_tree){.arena = arena};
	t->root = cfg_alloc(arena, sizeof *t->root);
	if (t->root == NULL || !index_grow(t))
		return false;
	t->root->schema = root;
	return true;
}

void cfg_tree_free(struct cfg_tree *t)
{
	free(t->slot);
	*t = (struct cfg_tree){0};
}

struct cfg_node *cfg_node_find(const struct cfg_tree *t, const struct cfg_node *parent,
	const struct cfg_snode *schema, const char *const *word, uint32_t nword)
{
	uint32_t words = identity_words(schema, nword);
	uint32_t hash = hash_of(parent, schema, word, words);

	for (size_t i = hash & (t->slots - 1); t->slot[i] != NULL; i = (i + 1) & (t->slots - 1)) {
		struct cfg_node *n = t->slot[i];

		if (n != t->root && n->hash == hash && same(n, parent, schema, word, words))
			return n;
	}
	return NULL;
}

struct cfg_node *cfg_node_add(struct cfg_tree *t, struct cfg_node *parent,
	const struct cfg_snode *schema, const char **word, uint32_t nword)
{
	struct cfg_node *n = index_grow(t) ? cfg_alloc(t->arena, sizeof *n) : NULL;

	if (n == NULL)
		return NULL;
	n->schema = schema;
	n->parent = parent;
	n->word = word;
	n->nword = nword;
	n->hash = hash_of(parent, schema, word, identity_words(schema, nword));
	n->prev = parent->last;
	if (parent->last != NULL)
		parent->last->next = n;
	else
		parent->child = n;
	parent->last = n;
	index_put(t, n);
	t->nodes++;
	return n;
}

static void unindex_one(struct cfg_tree *t, const struct cfg_node *node)
{
	size_t i = node->hash & (t->slots - 1);

	while (t->slot[i] != node)
		i = (i + 1) & (t->slots - 1);
	t->slot[i] = t->root;
}

static void unindex(struct cfg_tree *t, struct cfg_node *node)
{
	for (struct cfg_node *c = node->child; c != NULL; c = c->next)
		unindex(t, c);
	unindex_one(t, node);
	t->nodes--;
}

static void unlink_node(struct cfg_node *node)
{
	if (node->prev != NULL)
		node->prev->next = node->next;
	else
		node->parent->child = node->next;
	if (node->next != NULL)
		node->next->prev = node->prev;
	else
		node->parent->last = node->prev;
}

void cfg_node_remove(struct cfg_tree *t, struct cfg_node *node)
{
	unindex(t, node);
	unlink_node(node);
}

void cfg_node_rename(struct cfg_tree *t, struct cfg_node *node, const char **word)
{
	/* Its children are indexed by its address, so they stay. */
	if (!index_grow(t))
		return;
	unindex_one(t, node);
	node->word = word;
	node->hash = hash_of(
		node->parent, node->schema, word, identity_words(node->schema, node->nword));
	index_put(t, node);
}

void cfg_node_move(struct cfg_node *node, struct cfg_node *anchor, bool before)
{
	if (node == anchor)
		return;
	unlink_node(node);
	node->prev = before ? anchor->prev : anchor;
	node->next = before ? anchor : anchor->next;
	if (node->prev != NULL)
		node->prev->next = node;
	else
		node->parent->child = node;
	if (node->next != NULL)
		node->next->prev = node;
	else
		node->parent->last = node;
}

void cfg_node_comment(struct cfg_tree *t, struct cfg_node *node, const char *text)
{
	struct cfg_comment **at = &node->comment;
	struct cfg_comment *c = *text != '\0' ? cfg_alloc(t->arena, sizeof *c) : NULL;

	if (c == NULL)
		return;
	c->text = text;
	while (*at != NULL)
		at = &(*at)->next;
	*at = c;
}

/* ---- Words ------------------------------------------------------------------------------------ */

const char *cfg_node_word(const struct cfg_node *node)
{
	return node->nword ? node->word[0] : "";
}

void cfg_write_word(FILE *out, const char *word)
{
	if (!cfg_needs_quotes(word)) {
		fputs(word, out);
		return;
	}
	fputc('"', out);
	for (const char *p = word; *p != '\0'; p++) {
		if (*p == '\n' || *p == '\t') {
			fputs(*p == '\n' ? "\\n" : "\\t", out);
			continue;
		}
		if (*p == '"' || *p == '\\')
			fputc('\\', out);
		fputc(*p, out);
	}
	fputc('"', out);
}

void cfg_node_write(FILE *out, const struct cfg_node *node)
{
	const struct cfg_snode *s = node->schema;
	bool named = s->kind != CFG_VALUE && s->kind != CFG_RAW && !s->omit_name;

	if (named)
		fputs(s->word, out);
	for (uint32_t i = 0; i < node->nword; i++) {
		if (i > 0 || named)
			fputc(' ', out);
		if (node->word[i] == cfg_list_open || node->word[i] == cfg_list_close)
			fputs(node->word[i], out);
		else
			cfg_write_word(out, node->word[i]);
	}
}

static void write_path(FILE *out, const struct cfg_node *node)
{
	if (node->parent == NULL)
		return;
	write_path(out, node->parent);
	if (node->parent->parent != NULL)
		fputc(' ', out);
	cfg_node_write(out, node);
}

const char *cfg_node_path(struct cfg_arena *arena, const struct cfg_node *node)
{
	char *text = NULL, *copy;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		return "";
	write_path(f, node);
	if (fclose(f) != 0) {
		free(text);
		return "";
	}
	copy = cfg_strndup(arena, text, size);
	free(text);
	return copy ? copy : "";
}
