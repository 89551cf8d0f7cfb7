/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * `replace pattern`: a regular expression in every value and name below a statement. All changes are
 * found and checked before the first is made, so the command is carried out as a whole or not at all.
 */
#include "control/cfg_int.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS 10

struct change {
	struct cfg_node *node;
	const char **word; /* all of the node, in the arena */
};

struct replace {
	struct cfg *cfg;
	const struct cfg_word *at; /* where to report */
	regex_t pattern;
	const char *with;
	struct change *v;
	size_t n, cap;
};

/* Text of one match: `&` is the match, \1 to \9 are its groups. */
static void write_match(const struct replace *r, FILE *f, const char *text, const regmatch_t *m)
{
	for (const char *p = r->with; *p != '\0'; p++) {
		int group = -1;

		if (*p == '&')
			group = 0;
		else if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
			group = *++p - '0';
		else if (*p == '\\' && (p[1] == '&' || p[1] == '\\'))
			p++;
		if (group < 0)
			fputc(*p, f);
		else if (m[group].rm_so >= 0)
			fwrite(text + m[group].rm_so, 1, (size_t)(m[group].rm_eo - m[group].rm_so),
				f);
	}
}

/* The word with every match replaced, in the arena; NULL if there is none. */
static const char *replaced(const struct replace *r, const char *word)
{
	regmatch_t m[GROUPS];
	const char *p = word, *result;
	char *text = NULL;
	size_t size;
	FILE *f;

	if (regexec(&r->pattern, word, GROUPS, m, 0) != 0)
		return NULL;
	f = open_memstream(&text, &size);
	if (f == NULL)
		return NULL;
	do {
		fwrite(p, 1, (size_t)m[0].rm_so, f);
		write_match(r, f, p, m);
		p += m[0].rm_eo;
		/* An empty match takes a character along, or it would stay where it is. */
		if (m[0].rm_so == m[0].rm_eo && *p != '\0')
			fputc(*p++, f);
		else if (m[0].rm_so == m[0].rm_eo)
			break;
	} while (*p != '\0' && regexec(&r->pattern, p, GROUPS, m, REG_NOTBOL) == 0);
	fputs(p, f);
	if (fclose(f) != 0) {
		free(text);
		return NULL;
	}
	result = strcmp(text, word) != 0 ? cfg_strndup(&r->cfg->arena, text, size) : NULL;
	free(text);
	return result;
}

/* A name that two siblings would have. */
static bool is_taken(const struct replace *r, const struct cfg_node *n, const char **word)
{
	if (n->schema->kind == CFG_LEAF)
		return false;
	if (cfg_node_find(&r->cfg->tree, n->parent, n->schema, (const char *const *)word,
		    n->nword) != NULL)
		return true;
	for (size_t i = r->n; i-- > 0;) {
		const struct change *c = &r->v[i];
		uint32_t k = 0;

		if (c->node->parent != n->parent || c->node->schema != n->schema ||
			c->node->nword != n->nword)
			continue;
		while (k < n->nword && strcmp(c->word[k], word[k]) == 0)
			k++;
		if (k == n->nword)
			return true;
	}
	return false;
}

static bool add_change(struct replace *r, struct cfg_node *n, const char **word)
{
	if (is_taken(r, n, word)) {
		cfg_error(r->cfg, VEX_ERR_DUPLICATE, n->parent, word[0], r->at, word[0],
			"'%s' would be there twice; nothing was replaced", word[0]);
		return false;
	}
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		struct change *v = realloc(r->v, cap * sizeof *v);

		if (v == NULL) {
			r->cfg->arena.failed = true;
			return false;
		}
		r->v = v;
		r->cap = cap;
	}
	r->v[r->n++] = (struct change){.node = n, .word = word};
	return true;
}

/* The words of one node. False after an error. */
static bool find_in(struct replace *r, struct cfg_node *n)
{
	const char **word = NULL;

	for (uint32_t i = 0; i < n->nword; i++) {
		bool bracket = n->word[i] == cfg_list_open || n->word[i] == cfg_list_close;
		const char *new = bracket ? NULL : replaced(r, n->word[i]);
		const char *why;

		if (new == NULL)
			continue;
		if (word == NULL) {
			word = cfg_alloc(&r->cfg->arena, n->nword * sizeof *word);
			if (word == NULL)
				return false;
			memcpy(word, n->word, n->nword * sizeof *word);
		}
		word[i] = n->schema->kind == CFG_RAW ? new
						     : cfg_name_check(r->cfg, n, i, new, &why);
		if (word[i] == NULL) {
			cfg_error(r->cfg, VEX_ERR_VALUE, n->parent, n->schema->word, r->at, new,
				"bad value '%s' for '%s': %s; nothing was replaced", new,
				n->schema->word, why);
			return false;
		}
	}
	return word == NULL || add_change(r, n, word);
}

static bool find_below(struct replace *r, struct cfg_node *n)
{
	for (struct cfg_node *c = n->child; c != NULL; c = c->next) {
		if (!find_in(r, c) || !find_below(r, c))
			return false;
	}
	return !r->cfg->arena.failed;
}

bool cfg_edit_replace(struct cfg *cfg, struct cfg_node *below, const struct cfg_word *pattern,
	const struct cfg_word *with)
{
	struct replace r = {.cfg = cfg, .at = pattern, .with = with->text};
	char why[128];
	int error = regcomp(&r.pattern, pattern->text, REG_EXTENDED);
	bool ok;

	if (error != 0) {
		regerror(error, &r.pattern, why, sizeof why);
		cfg_error(cfg, VEX_ERR_VALUE, cfg->tree.root, NULL, pattern, pattern->text,
			"'%s' is not a regular expression: %s", pattern->text, why);
		return false;
	}
	ok = find_in(&r, below) && find_below(&r, below);
	for (size_t i = 0; ok && i < r.n; i++) {
		cfg_node_rename(&cfg->tree, r.v[i].node, r.v[i].word);
		cfg_node_renamed(r.v[i].node);
	}
	regfree(&r.pattern);
	free(r.v);
	return ok;
}
