/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <stdlib.h>
#include <string.h>

void cfg_lex_init(struct cfg_lexer *lx, struct cfg_arena *arena, const char *text, size_t len,
	const char *file, struct vex_errs *errs)
{
	*lx = (struct cfg_lexer){
		.arena = arena,
		.errs = errs,
		.file = file,
		.p = text,
		.end = text + len,
		.line_start = text,
		.line = 1,
		.at_start = true,
	};
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		lx->p = lx->line_start = text + 3;
}

static uint32_t column(const struct cfg_lexer *lx, const char *p)
{
	return (uint32_t)(p - lx->line_start) + 1;
}

__attribute__((format(printf, 5, 6))) static void lex_error(struct cfg_lexer *lx,
	enum vex_err_kind kind, uint32_t line, uint32_t col, const char *fmt, ...)
{
	struct vex_pos at = {.file = lx->file, .line = line, .column = col};
	va_list ap;

	va_start(ap, fmt);
	vex_err_vadd(lx->errs, kind, &at, NULL, NULL, fmt, ap);
	va_end(ap);
}

static void newline(struct cfg_lexer *lx)
{
	lx->p++;
	lx->line++;
	lx->line_start = lx->p;
	lx->at_start = true;
}

/* Length of the UTF-8 character at p; 0 if it is malformed, too long or a surrogate. */
static size_t utf8(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t n = u[0] < 0x80 ? 1 : u[0] < 0xc2 ? 0 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

	if (n == 0 || u[0] > 0xf4 || (size_t)(end - p) < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
		(u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	/* U+FFFE and U+FFFF are not characters of a YANG string. */
	if (n == 3 && u[0] == 0xef && u[1] == 0xbf && u[2] >= 0xbe)
		return 0;
	return n;
}

/*
 * Length of the character at lx->p inside a word, a string or a comment. A byte that may not
 * stand there is reported and counts as a character.
 */
static size_t character(struct cfg_lexer *lx)
{
	unsigned char c = (unsigned char)*lx->p;
	size_t n = utf8(lx->p, lx->end);

	if (n == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
		lex_error(lx, VEX_ERR_SYNTAX, lx->line, column(lx, lx->p),
			n == 0 ? "byte 0x%02x is not UTF-8 text"
			       : "control character 0x%02x may not stand in a configuration",
			c);
		return 1;
	}
	return n;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_word(char c)
{
	return is_space(c) || c == ';' || c == '{' || c == '}' || c == '[' || c == ']' || c == '"';
}

/* A bracket that directly follows a character and closes without white space: ge-0/0/[0-5,7]. */
static const char *inner_bracket(const char *p, const char *end)
{
	for (p++; p < end && !is_space(*p) && *p != '[' && *p != ';' && *p != '{'; p++) {
		if (*p == ']')
			return p + 1;
	}
	return NULL;
}

static void lex_word(struct cfg_lexer *lx)
{
	const char *start = lx->p;

	while (lx->p < lx->end) {
		if (*lx->p == '[' && (lx->p > start)) {
			const char *close = inner_bracket(lx->p, lx->end);

			if (close == NULL)
				break;
			while (lx->p < close)
				lx->p += character(lx);
			continue;
		}
		if (ends_word(*lx->p))
			break;
		lx->p += character(lx);
	}
	lx->token.kind = CFG_T_WORD;
	lx->token.text = cfg_strndup(lx->arena, start, (size_t)(lx->p - start));
}

static void lex_string(struct cfg_lexer *lx)
{
	uint32_t col = column(lx, lx->p);
	const char *q = lx->p + 1;
	char *text, *o;

	while (q < lx->end && *q != '"' && *q != '\n')
		q += *q == '\\' && lx->end - q > 1 && q[1] != '\n' ? 2 : 1;
	text = o = cfg_alloc(lx->arena, (size_t)(q - lx->p) + 1);
	if (text == NULL) {
		lx->p = lx->end;
		return;
	}
	lx->p++;
	while (lx->p < q) {
		size_t n;

		if (*lx->p == '\\' && q - lx->p > 1) {
			lx->p++;
			if (*lx->p == 'n' || *lx->p == 't') {
				*o++ = *lx->p == 'n' ? '\n' : '\t';
				lx->p++;
				continue;
			}
			/* A backslash that escapes nothing stands for itself: regular expressions. */
			if (*lx->p != '"' && *lx->p != '\\')
				*o++ = '\\';
		}
		n = character(lx);
		memcpy(o, lx->p, n);
		o += n;
		lx->p += n;
	}
	if (lx->p < lx->end && *lx->p == '"')
		lx->p++;
	else
		lex_error(lx, VEX_ERR_SYNTAX, lx->line, col,
			"this quoted text has no closing '\"' on its line; a line break in it is "
			"written \\n");
	lx->token.kind = CFG_T_WORD;
	lx->token.quoted = true;
	lx->token.text = text;
}

const char *cfg_tidy(struct cfg_arena *arena, const char *p, const char *end, bool stars)
{
	char *text = cfg_alloc(arena, (size_t)(end - p) + 1), *o = text;
	bool first = true;

	if (text == NULL)
		return NULL;
	for (; p <= end; first = false) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		const char *a = p, *b = eol ? eol : end;

		while (a < b && is_space(*a))
			a++;
		if (stars && !first && a < b && *a == '*')
			a++;
		while (a < b && is_space(*a))
			a++;
		while (b > a && is_space(b[-1]))
			b--;
		if (b > a || o > text) {
			if (o > text)
				*o++ = '\n';
			memcpy(o, a, (size_t)(b - a));
			o += b - a;
		}
		if (eol == NULL)
			break;
		p = eol + 1;
	}
	while (o > text && o[-1] == '\n')
		o--;
	*o = '\0';
	return text;
}

static void check_comment(struct cfg_lexer *lx, const char *end)
{
	while (lx->p < end) {
		size_t n = character(lx);

		if (*lx->p == '\n')
			newline(lx);
		else
			lx->p += n;
	}
}

/* Lines that begin with ## are remarks of Junos itself (SECRET-DATA, Last changed): not kept. */
static bool lex_comment(struct cfg_lexer *lx)
{
	uint32_t line = lx->line, col = column(lx, lx->p);
	const char *start, *stop;
	bool block = *lx->p == '/';

	if (block) {
		start = lx->p + 2;
		for (stop = start; stop < lx->end; stop++) {
			if (*stop == '*' && lx->end - stop > 1 && stop[1] == '/')
				break;
		}
		if (stop == lx->end)
			lex_error(
				lx, VEX_ERR_SYNTAX, line, col, "this comment has no closing '*/'");
	} else {
		start = lx->p + 1;
		stop = memchr(start, '\n', (size_t)(lx->end - start));
		stop = stop ? stop : lx->end;
	}
	check_comment(lx, stop);
	if (block && lx->p < lx->end)
		lx->p += 2;
	if (!block && start < stop && *start == '#')
		return false;
	lx->token.kind = CFG_T_COMMENT;
	lx->token.text = cfg_tidy(lx->arena, start, stop, block);
	return lx->token.text != NULL;
}

static bool lex_one(struct cfg_lexer *lx)
{
	static const char punctuation[] = "{};[]";
	static const enum cfg_token_kind kind[] = {
		CFG_T_OPEN, CFG_T_CLOSE, CFG_T_SEMICOLON, CFG_T_LIST, CFG_T_LIST_END};
	const char *at = strchr(punctuation, *lx->p);

	lx->token = (struct cfg_token){
		.first = lx->at_start, .line = lx->line, .column = column(lx, lx->p)};
	lx->at_start = false;
	if (*lx->p == '\0') {
		character(lx);
		lx->p++;
		return false;
	}
	if (at != NULL) {
		lx->token.kind = kind[at - punctuation];
		lx->p++;
		return true;
	}
	if (*lx->p == '#' || (*lx->p == '/' && lx->end - lx->p > 1 && lx->p[1] == '*'))
		return lex_comment(lx);
	if (*lx->p == '"')
		lex_string(lx);
	else
		lex_word(lx);
	return lx->token.text != NULL;
}

const struct cfg_token *cfg_lex_next(struct cfg_lexer *lx)
{
	while (lx->p < lx->end) {
		if (*lx->p == '\n') {
			lx->token = (struct cfg_token){.kind = CFG_T_NEWLINE,
				.line = lx->line,
				.column = column(lx, lx->p)};
			newline(lx);
			if (lx->newlines)
				return &lx->token;
		} else if (is_space(*lx->p)) {
			lx->p++;
		} else if (lex_one(lx)) {
			return &lx->token;
		}
	}
	lx->token = (struct cfg_token){
		.kind = CFG_T_EOF, .line = lx->line, .column = column(lx, lx->p)};
	return &lx->token;
}

bool cfg_is_tag(const char *word)
{
	static const char *const tag[] = {"inactive:", "active:", "protect:", "unprotect:",
		"replace:", "delete:", "merge:", "rename:", "insert:", "update:"};

	for (size_t i = 0; i < sizeof tag / sizeof tag[0]; i++) {
		if (strcmp(word, tag[i]) == 0)
			return true;
	}
	return false;
}

bool cfg_needs_quotes(const char *word)
{
	return *word == '\0' || *word == '#' || (word[0] == '/' && word[1] == '*') ||
	       strpbrk(word, " \t\r\n;{}[]\"\\") != NULL || cfg_is_tag(word);
}
