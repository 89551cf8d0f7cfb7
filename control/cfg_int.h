/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * cfg_int: what the files of the configuration library share. Nobody else includes it; the public
 * side is cfg.h.
 *
 *   cfg_lex      bytes -> tokens
 *   cfg_curly, cfg_set   tokens -> statements; cfg_walk follows their words down the schema
 *   cfg_schema   the compiled libyang schema -> the words of the command line
 *   cfg_value    one value against its type
 *   cfg_tree     the tree of statements, with a hash index over (parent, schema, words)
 *   cfg_groups, cfg_ranges, cfg_expand    tree as written -> tree as meant
 *   cfg_data     tree as meant -> libyang data, and back to positions
 *   cfg_print, cfg_print_json             tree as written -> text
 *
 * Memory of a tree comes from an arena and is freed at once. An arena that runs out of memory
 * hands out NULL and sets `failed`; whoever gets NULL returns, and cfg_parse_with() reports it.
 */
#ifndef VEX_CONTROL_CFG_INT_H
#define VEX_CONTROL_CFG_INT_H

#include <stdint.h>
#include <stdio.h>

#include "control/cfg.h"

/* ---- Arena ------------------------------------------------------------------------------------ */

struct cfg_arena {
	struct cfg_chunk *chunk; /* newest first */
	size_t bytes;		 /* handed out */
	bool failed;
};

/* Zeroed memory, aligned for any type; NULL when there is none. */
void *cfg_alloc(struct cfg_arena *a, size_t size);
char *cfg_strndup(struct cfg_arena *a, const char *s, size_t n);
void cfg_arena_free(struct cfg_arena *a);

/* ---- Tokens ----------------------------------------------------------------------------------- */

enum cfg_token_kind {
	CFG_T_EOF,
	CFG_T_WORD,
	CFG_T_OPEN,	 /* { */
	CFG_T_CLOSE,	 /* } */
	CFG_T_SEMICOLON, /* ; */
	CFG_T_LIST,	 /* [ */
	CFG_T_LIST_END,	 /* ] */
	CFG_T_COMMENT,	 /* text without markers */
	CFG_T_NEWLINE,	 /* only when asked for */
};

struct cfg_token {
	enum cfg_token_kind kind;
	bool quoted;
	bool first;	  /* first token of its line */
	const char *text; /* word or comment, in the arena */
	uint32_t line, column;
};

struct cfg_lexer {
	struct cfg_arena *arena;
	struct vex_errs *errs;
	const char *file;
	const char *p, *end, *line_start;
	uint32_t line;
	bool newlines; /* give CFG_T_NEWLINE */
	bool at_start; /* nothing but white space on this line so far */
	struct cfg_token token;
};

void cfg_lex_init(struct cfg_lexer *lx, struct cfg_arena *arena, const char *text, size_t len,
	const char *file, struct vex_errs *errs);
/* The next token, also in lx->token. Bad bytes are reported and skipped. */
const struct cfg_token *cfg_lex_next(struct cfg_lexer *lx);
/*
 * The text of a comment without its decoration: white space around lines, with @stars also a
 * leading '*' of every line but the first. Empty first and last lines go. NULL without memory.
 */
const char *cfg_tidy(struct cfg_arena *arena, const char *p, const char *end, bool stars);
/* True for the tags that may stand before a statement: "inactive:". */
bool cfg_is_tag(const char *word);
/* True if a word must be quoted in either written form. */
bool cfg_needs_quotes(const char *word);

/* ---- Schema ----------------------------------------------------------------------------------- */

enum cfg_kind {
	CFG_CONTAINER,
	CFG_LIST,
	CFG_LEAF,
	CFG_FLAG,      /* leaf of type empty */
	CFG_LEAF_LIST, /* its values are children of kind CFG_VALUE */
	CFG_VALUE,
	CFG_OPAQUE, /* not supported; children, if any, are CFG_RAW */
	CFG_RAW,    /* a statement below CFG_OPAQUE: just words */
};

#define CFG_KEYS_MAX 4

/* Steps of an expansion: what a text may cost that multiplies groups by statements. */
#define CFG_WORK_MAX 100000000u

/* One statement that may be written. */
struct cfg_snode {
	enum cfg_kind kind;
	const char *word;	    /* of the command line */
	const char *name;	    /* of the schema; used in JSON */
	const struct lysc_node *ly; /* NULL for statements that the schema does not hold: groups */
	const struct cfg_snode *parent;
	bool omit_name;
	bool join;
	bool one_line;
	bool mandatory; /* a leaf that its parent cannot be without */
	bool any_value; /* values are not checked: apply-groups */
	uint8_t nkeys;
	uint16_t rank; /* where it stands among its siblings */
	const struct lysc_node *key[CFG_KEYS_MAX];

	/* Children, in schema order, without list keys. For `groups` those of the root. */
	struct cfg_snode **child;
	size_t nchild;
	struct cfg_snode *omitted; /* the child with omit_name */
	struct cfg_sword *words;   /* hash of the words and aliases of the children */
	size_t nwords;		   /* slots, a power of two */
	struct cfg_snode *value;   /* CFG_LEAF_LIST: the node of its values */
};

struct cfg_sword {
	const char *word;
	struct cfg_snode *node;
};

struct cfg_schema {
	struct cfg_arena arena;
	struct ly_ctx *ctx;
	const struct lys_module *module;
	struct cfg_snode *root;
	struct cfg_snode *groups;	       /* container, only below the root */
	struct cfg_snode *group;	       /* list with an omitted name, below groups */
	struct cfg_snode *apply_groups;	       /* leaf-list, below everything */
	struct cfg_snode *apply_groups_except; /* the same */
	struct cfg_snode *raw;
	/* For texts that do not say; NULL: the chassis' own default. */
	const char *model;
	const char *extension_module;
};

/* The child of @s that is written as @word (not by an omitted name); NULL if none. */
const struct cfg_snode *cfg_schema_find(
	const struct cfg_schema *schema, const struct cfg_snode *s, const char *word);
/* The text of a built-in YANG module, NULL if there is none. */
const char *cfg_yang_text(const char *module);
/* Module names, in order of loading; NULL past the last. */
const char *cfg_yang_name(unsigned int i);

/* ---- Near words ------------------------------------------------------------------------------- */

struct cfg_near {
	const char *word;  /* what was typed */
	const char *best;  /* NULL: nothing is near enough */
	unsigned int cost; /* of best */
};

void cfg_near_try(struct cfg_near *near, const char *candidate);
/* Edits (insert, delete, change, swap neighbours) from a to b, or more than @limit. */
unsigned int cfg_distance(const char *a, const char *b, unsigned int limit);

/* ---- Values ----------------------------------------------------------------------------------- */

/*
 * Check a value of @leaf and return its canonical spelling in the arena. NULL with *why (in the
 * arena) set to a clause that says what would be right.
 */
const char *cfg_value_check(const struct cfg_schema *schema, struct cfg_arena *arena,
	const struct lysc_node *leaf, const char *text, const char **why);

/* ---- Tree ------------------------------------------------------------------------------------- */

struct cfg_comment {
	struct cfg_comment *next;
	const char *text;
};

struct cfg_node {
	const struct cfg_snode *schema;
	struct cfg_node *parent, *child, *last, *next, *prev;
	const char **word; /* list: keys; leaf and value: the value; raw: all words */
	uint32_t nword;
	uint32_t hash;
	uint32_t line, column;
	struct cfg_comment *comment; /* before the statement; of the root: at the end of the file */
	const char *remark;	     /* where it was inherited from; NULL: nowhere */
	bool inactive;
	bool wildcard;	    /* a list entry in a group, some key is <...> */
	bool has_wildcards; /* some child is a wildcard */
	bool joined;	    /* raw: stood in one statement with its opaque parent */
	bool from_set;	    /* raw: came from a set line, so its structure is not known */
	bool replace;	    /* tagged `replace:` in a text that is loaded */
};

struct cfg_tree {
	struct cfg_arena *arena;
	struct cfg_node *root;
	struct cfg_node **slot;
	size_t slots, used; /* slots is a power of two; used counts tombstones too */
	size_t nodes;	    /* alive */
};

bool cfg_tree_init(struct cfg_tree *t, struct cfg_arena *arena, const struct cfg_snode *root);
void cfg_tree_free(struct cfg_tree *t);
/* The child with this schema and these words (ignored for a leaf), or NULL. */
struct cfg_node *cfg_node_find(const struct cfg_tree *t, const struct cfg_node *parent,
	const struct cfg_snode *schema, const char *const *word, uint32_t nword);
/* Append a child that is not there yet; words are kept, not copied. NULL without memory. */
struct cfg_node *cfg_node_add(struct cfg_tree *t, struct cfg_node *parent,
	const struct cfg_snode *schema, const char **word, uint32_t nword);
/* Remove a node with everything below it. */
void cfg_node_remove(struct cfg_tree *t, struct cfg_node *node);
/* The same with those of its parents that hold nothing then and mean nothing by themselves. */
void cfg_node_prune(struct cfg_tree *t, struct cfg_node *node);
/* Give a node other words, which no sibling of its kind has. */
void cfg_node_rename(struct cfg_tree *t, struct cfg_node *node, const char **word);
/* Move a node to another place among its siblings. */
void cfg_node_move(struct cfg_node *node, struct cfg_node *anchor, bool before);
/*
 * Append to @parent a copy of @from with everything below it and other words (NULL: its own),
 * all in the arena of @t. @parent has no such child. NULL without memory.
 */
struct cfg_node *cfg_node_copy(struct cfg_tree *t, struct cfg_node *parent,
	const struct cfg_node *from, const char **word);
/* Words, comments and marks of a statement for another one of its kind. False without memory. */
bool cfg_node_copy_self(struct cfg_tree *t, struct cfg_node *to, const struct cfg_node *from);
/* The child of @parent that stands for @child, which may be of another tree; or NULL. */
struct cfg_node *cfg_node_same(
	const struct cfg_tree *t, const struct cfg_node *parent, const struct cfg_node *child);
/* True if a statement of this kind says nothing without what it holds. */
bool cfg_is_level(const struct cfg_snode *s);
/* True if the order of nodes of this kind means something. */
bool cfg_is_ordered(const struct cfg_snode *s);
/* True if both say the same: values, marks, and order where it counts. Comments do not count. */
bool cfg_node_equal(const struct cfg_tree *ta, const struct cfg_node *a, const struct cfg_tree *tb,
	const struct cfg_node *b);
/* Add a comment before a statement; an empty one is none. */
void cfg_node_comment(struct cfg_tree *t, struct cfg_node *node, const char *text);
/* The words from the root to a node, separated by spaces, in the arena; "" for the root. */
const char *cfg_node_path(struct cfg_arena *arena, const struct cfg_node *node);
/* The first (and only) word of a leaf or value, or the first key. */
const char *cfg_node_word(const struct cfg_node *node);
/* Add the text of a statement (not its parents) to @out. */
void cfg_node_write(FILE *out, const struct cfg_node *node);
/* A word, quoted if it must be. */
void cfg_write_word(FILE *out, const char *word);

/* ---- Parser ----------------------------------------------------------------------------------- */

enum cfg_word_kind {
	CFG_W_WORD,
	CFG_W_LIST,
	CFG_W_LIST_END,
};

/* One word of a statement. */
struct cfg_word {
	enum cfg_word_kind kind;
	bool quoted;
	bool first;
	const char *text;
	uint32_t line, column;
};

struct cfg_words {
	struct cfg_word *v;
	size_t n, cap;
};

enum cfg_walk_mode {
	CFG_WALK_CURLY, /* create; saying a leaf twice is an error */
	CFG_WALK_SET,	/* create; the last value of a leaf holds */
	CFG_WALK_FIND,	/* find only */
};

/* What a walk has changed, to take it back if it fails. Zero it, free `v`. */
struct cfg_undo {
	struct cfg_undo_step {
		struct cfg_node *node;
		const char *value; /* the leaf had it before; NULL: the node is new */
	} * v;
	size_t n, cap;
};

struct cfg {
	struct cfg_arena arena;
	struct cfg_schema *schema;
	bool own_schema;
	const char *file;      /* in the arena; never NULL */
	struct vex_errs *errs; /* only while parsing */
	struct cfg_tree tree;
	struct cfg_node *top;  /* where the text that is parsed stands */
	struct cfg_undo *undo; /* NULL: nothing is taken back */
	bool replace_tags;     /* `replace:` is allowed */
	bool remarks;	       /* the expansion says where it took things from */
	uint64_t work;	       /* steps left to the expansion */
	struct lyd_node *data;
	struct cfg_origin *origin; /* hash: data node -> statement */
	size_t origins;		   /* slots, a power of two */
};

/*
 * What a walk reached: every statement that the words named to their end, in order (one, except
 * for `members [ a b ]` and for several leafs on one line), never none after success. Zero it
 * before the first walk and free `named` after the last.
 */
struct cfg_target {
	struct cfg_node **named;
	size_t n, cap;
	struct cfg_node *block; /* what a following block continues; NULL: no block may follow */
};

/*
 * Follow the words of a statement, from word @first on, down from @from. @block says that a block
 * follows. Returns false if the statement cannot be used; that was reported.
 */
bool cfg_walk(struct cfg *cfg, struct cfg_node *from, const struct cfg_words *words, size_t first,
	enum cfg_walk_mode mode, bool block, struct cfg_target *target);
/* Raw words that are brackets are these, by address; a quoted "[" is not. */
extern const char cfg_list_open[], cfg_list_close[];

/* Take back what a walk did; forget what it did. */
void cfg_undo(struct cfg *cfg, struct cfg_undo *undo);

/* Report an error at a word. It concerns @statement (NULL: the block itself) below @under. */
__attribute__((format(printf, 7, 8))) void cfg_error(struct cfg *cfg, enum vex_err_kind kind,
	const struct cfg_node *under, const char *statement, const struct cfg_word *at,
	const char *value, const char *fmt, ...);
/* Add a word or bracket. False without memory. */
bool cfg_words_add(struct cfg_words *words, const struct cfg_token *token);
/* A word without text: a place to report. */
struct cfg_word cfg_word_of(const struct cfg_token *token);
/* Move the comments that wait in @pending to the statement that they stand before. */
void cfg_take_comments(struct cfg_node *pending, struct cfg_node *node);
/* (De)activate a statement; a leaf-list as a whole means each of its values. */
void cfg_set_inactive(struct cfg_node *n, bool inactive);
/* True if a text that begins with this word is in set form. */
bool cfg_is_set_verb(const char *word);
/* Both return with all errors reported. They read what stands at cfg->top. */
void cfg_parse_curly(struct cfg *cfg, struct cfg_lexer *lx);
void cfg_parse_set(struct cfg *cfg, struct cfg_lexer *lx);

/* How cfg_parse_at() reads a text. */
struct cfg_at {
	enum cfg_depth depth;
	const char *path;  /* where the text stands, in words; NULL: at the top */
	bool replace_tags; /* allow `replace:` */
};

struct cfg *cfg_parse_at(struct cfg_schema *schema, const struct cfg_at *at, const char *text,
	size_t len, const char *file, struct vex_errs *errs);

/* ---- Editing ---------------------------------------------------------------------------------- */

/*
 * Lines of a session -- set, delete, deactivate, activate, annotate, copy, rename, insert -- below
 * a path. What is not there to be deleted or (de)activated goes to @notes. Errors are reported; a
 * line with an error has changed nothing, the others hold. False if there was one.
 */
bool cfg_edit(struct cfg *cfg, const char *path, const char *text, size_t len, const char *file,
	struct vex_errs *notes, struct vex_errs *errs);
/* The words of a path, appended; false with the errors reported. */
bool cfg_path_words(struct cfg *cfg, const char *path, struct cfg_words *words);
/*
 * What stands at a path. 1: found, 0: the schema knows it but it is not there, -1: reported. Free
 * target->named in any case; "" is the root.
 */
int cfg_find(struct cfg *cfg, const char *path, struct cfg_target *target, struct vex_errs *errs);

/* The verbs with two statements. @words: verb, statement, keyword, name. @at is the keyword. */
bool cfg_edit_copy(
	struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at);
bool cfg_edit_rename(
	struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at);
bool cfg_edit_insert(
	struct cfg *cfg, struct cfg_node *node, const struct cfg_words *words, size_t at);

/* `replace pattern` in a statement and all below it. */
bool cfg_edit_replace(struct cfg *cfg, struct cfg_node *below, const struct cfg_word *pattern,
	const struct cfg_word *with);
/* Another word of a node against its type; NULL with *why. */
const char *cfg_name_check(struct cfg *cfg, const struct cfg_node *node, uint32_t i,
	const char *text, const char **why);
/* Marks and place of a node that has another name now. */
void cfg_node_renamed(struct cfg_node *node);

/* A copy of everything, or of what stands below @only (one node, or NULL) with the levels above. */
struct cfg *cfg_clone(const struct cfg *cfg);
struct cfg *cfg_clone_below(const struct cfg *cfg, const struct cfg_target *only);
/* Tree as meant, as a tree to print: groups and ranges expanded. NULL with @errs. */
struct cfg *cfg_inherited(const struct cfg *cfg, struct vex_errs *errs);

/* Put everything below a node, or one node that is new, where a box would show it. */
bool cfg_sort(struct cfg_node *n);
void cfg_node_place(struct cfg_node *node);

/* A copy with data, as cfg_parse_with() makes it at depth CFG_DATA_WITHOUT_REFUSED. */
struct cfg *cfg_with_data(const struct cfg *from, struct vex_errs *errs);

/* Add to @to what @from says; what is tagged `replace:` takes the place of what is there. */
bool cfg_merge(struct cfg *to, const struct cfg *from);
/*
 * Carry the changes from @base to @mine over to @to. Where @to has changed differently, mine holds,
 * and it is reported as a conflict. False without memory.
 */
bool cfg_merge_changes(
	struct cfg *to, const struct cfg *base, const struct cfg *mine, struct vex_errs *errs);

/* Write the difference below a path, as `show | compare` does. False with @errs. */
bool cfg_compare(
	struct cfg *from, struct cfg *to, const char *path, FILE *out, struct vex_errs *errs);

/* ---- Expansion -------------------------------------------------------------------------------- */

/* Does @text match the pattern: *, ?, [a-z], [!a-z]? */
bool cfg_glob(const char *pattern, const char *text);
/* The child of @parent that is written as @word, of a kind without keys; NULL if there is none. */
struct cfg_node *cfg_node_child(const struct cfg *cfg, const struct cfg_tree *t,
	const struct cfg_node *parent, const char *word);
/*
 * Find or add below @parent what @from says, without its children. NULL: the tree is too large
 * (reported), there is no memory, or @parent cannot hold it.
 */
struct cfg_node *cfg_expand_node(
	struct cfg *cfg, struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from);
/* The same with all active children. What is there already stays. False: as for NULL above. */
bool cfg_expand_merge(
	struct cfg *cfg, struct cfg_tree *t, struct cfg_node *parent, const struct cfg_node *from);
/*
 * Make @t from what is active in cfg->tree, with ranges and groups expanded. Errors are reported;
 * returns false if there were any.
 */
bool cfg_expand(struct cfg *cfg, struct cfg_tree *t);
/* Give every member of every interface range what the range says, if it does not say it itself. */
bool cfg_expand_ranges(struct cfg *cfg, struct cfg_tree *t);
/* Replace the name of a range, where an interface is referred to, by its members. */
bool cfg_expand_range_names(struct cfg *cfg, struct cfg_tree *t);
/* Add what is inherited from groups. */
bool cfg_expand_groups(struct cfg *cfg, struct cfg_tree *t);
/* Report an error at the position of a statement. */
__attribute__((format(printf, 5, 6))) void cfg_node_error(struct cfg *cfg, enum vex_err_kind kind,
	const struct cfg_node *node, const char *value, const char *fmt, ...);

/* ---- Data ------------------------------------------------------------------------------------- */

/* Build and validate cfg->data from an expanded tree; errors are reported. */
void cfg_build(struct cfg *cfg, const struct cfg_tree *t);
/* The word of the command line for a schema node; NULL if it is left out. */
const char *cfg_schema_word(const struct lysc_node *ly);

/* ---- Printing --------------------------------------------------------------------------------- */

void cfg_print_json(const struct cfg *cfg, FILE *out);
void cfg_print_set(const struct cfg *cfg, FILE *out);
void cfg_print_curly(const struct cfg *cfg, FILE *out);
/* What `show` prints at a node: what it holds, or itself if it is a value. */
void cfg_print_at(const struct cfg_node *node, FILE *out);
/* One statement in curly form, behind @prefix. */
void cfg_print_statement(const struct cfg_node *node, const char *prefix, FILE *out);

#endif
