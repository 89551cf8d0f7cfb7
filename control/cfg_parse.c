/* SPDX-License-Identifier: BSD-3-Clause */
/* What the readers of both written forms share. */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

bool cfg_words_add(struct cfg_words *words, const struct cfg_token *token)
{
	if (words->n == words->cap) {
		size_t cap = words->cap ? words->cap * 2 : 32;
		struct cfg_word *v = realloc(words->v, cap * sizeof *v);

		if (v == NULL)
			return false;
		words->v = v;
		words->cap = cap;
	}
	words->v[words->n++] = (struct cfg_word){
		.kind = token->kind == CFG_T_LIST	? CFG_W_LIST
			: token->kind == CFG_T_LIST_END ? CFG_W_LIST_END
							: CFG_W_WORD,
		.quoted = token->quoted,
		.first = token->first,
		.text = token->text		    ? token->text
			: token->kind == CFG_T_LIST ? "["
						    : "]",
		.line = token->line,
		.column = token->column,
	};
	return true;
}

struct cfg_word cfg_word_of(const struct cfg_token *token)
{
	return (struct cfg_word){.line = token->line, .column = token->column};
}

void cfg_take_comments(struct cfg_node *pending, struct cfg_node *node)
{
	struct cfg_comment **at = &node->comment;

	while (*at != NULL)
		at = &(*at)->next;
	*at = pending->comment;
	pending->comment = NULL;
}

void cfg_set_inactive(struct cfg_node *n, bool inactive)
{
	if (n->schema->kind != CFG_LEAF_LIST) {
		n->inactive = inactive;
		return;
	}
	for (struct cfg_node *v = n->child; v != NULL; v = v->next)
		v->inactive = inactive;
}
