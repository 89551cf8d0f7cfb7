/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/cfg_int.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_signed(LY_DATA_TYPE base)
{
	return base == LY_TYPE_INT8 || base == LY_TYPE_INT16 || base == LY_TYPE_INT32 ||
	       base == LY_TYPE_INT64;
}

/* "1 to 9 or 20", from the parts of a range; the limits of the type itself if it has none. */
static void write_range(FILE *f, const struct lysc_range *range, LY_DATA_TYPE base)
{
	static const uint64_t most[] = {[LY_TYPE_UINT8] = UINT8_MAX,
		[LY_TYPE_UINT16] = UINT16_MAX,
		[LY_TYPE_UINT32] = UINT32_MAX,
		[LY_TYPE_UINT64] = UINT64_MAX};
	LY_ARRAY_COUNT_TYPE i;

	if (range == NULL) {
		if (base == LY_TYPE_UINT8 || base == LY_TYPE_UINT16 || base == LY_TYPE_UINT32 ||
			base == LY_TYPE_UINT64)
			fprintf(f, " 0 to %" PRIu64, most[base]);
		return;
	}
	LY_ARRAY_FOR(range->parts, i)
	{
		const char *sep = i ? " or" : "";

		if (is_signed(base))
			fprintf(f, "%s %" PRId64, sep, range->parts[i].min_64);
		else
			fprintf(f, "%s %" PRIu64, sep, range->parts[i].min_u64);
		if (range->parts[i].min_u64 == range->parts[i].max_u64)
			continue;
		if (is_signed(base))
			fprintf(f, " to %" PRId64, range->parts[i].max_64);
		else
			fprintf(f, " to %" PRIu64, range->parts[i].max_u64);
	}
}

static bool in_range(const struct lysc_range *range, uint64_t n)
{
	LY_ARRAY_COUNT_TYPE i;

	LY_ARRAY_FOR(range->parts, i)
	{
		if (n >= range->parts[i].min_u64 && n <= range->parts[i].max_u64)
			return true;
	}
	return false;
}

static uint64_t characters(const char *text)
{
	uint64_t n = 0;

	for (; *text != '\0'; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

static void write_string(FILE *f, const struct lysc_type_str *t, const char *text)
{
	LY_ARRAY_COUNT_TYPE i;

	if (t->length != NULL && !in_range(t->length, characters(text))) {
		if (t->length->emsg != NULL) {
			fputs(t->length->emsg, f);
			return;
		}
		fputs("it must have", f);
		write_range(f, t->length, LY_TYPE_STRING);
		fputs(" characters", f);
		return;
	}
	LY_ARRAY_FOR(t->patterns, i)
	{
		if (t->patterns[i]->emsg != NULL) {
			fputs(t->patterns[i]->emsg, f);
			return;
		}
	}
	if (LY_ARRAY_COUNT(t->patterns) > 0)
		fprintf(f, "it must match %s", t->patterns[0]->expr);
	else
		fputs("it is not a text that can stand here", f);
}

static void write_enum(FILE *f, const struct lysc_type_enum *t, const char *text)
{
	struct cfg_near near = {.word = text};
	LY_ARRAY_COUNT_TYPE i;

	fputs("it must be ", f);
	LY_ARRAY_FOR(t->enums, i)
	{
		bool last = i + 1 == LY_ARRAY_COUNT(t->enums);

		fprintf(f, "%s%s", i == 0 ? "" : last ? " or " : ", ", t->enums[i].name);
		cfg_near_try(&near, t->enums[i].name);
	}
	if (near.best != NULL)
		fprintf(f, "; did you mean '%s'?", near.best);
}

/* A clause that says which values are right, given one that is not. */
static void write_type(FILE *f, const struct lysc_type *type, const char *text)
{
	const struct lysc_type_num *num = (const struct lysc_type_num *)type;
	const struct lysc_type_union *u = (const struct lysc_type_union *)type;
	LY_ARRAY_COUNT_TYPE i;

	switch (type->basetype) {
	case LY_TYPE_INT8:
	case LY_TYPE_INT16:
	case LY_TYPE_INT32:
	case LY_TYPE_INT64:
	case LY_TYPE_UINT8:
	case LY_TYPE_UINT16:
	case LY_TYPE_UINT32:
	case LY_TYPE_UINT64:
		if (num->range != NULL && num->range->emsg != NULL) {
			fputs(num->range->emsg, f);
			break;
		}
		fputs("it must be a number", f);
		if (num->range != NULL || !is_signed(type->basetype))
			fputs(",", f);
		write_range(f, num->range, type->basetype);
		break;
	case LY_TYPE_STRING:
		write_string(f, (const struct lysc_type_str *)type, text);
		break;
	case LY_TYPE_ENUM:
		write_enum(f, (const struct lysc_type_enum *)type, text);
		break;
	case LY_TYPE_BOOL:
		fputs("it must be true or false", f);
		break;
	case LY_TYPE_LEAFREF:
		write_type(f, ((const struct lysc_type_leafref *)type)->realtype, text);
		break;
	case LY_TYPE_UNION:
		LY_ARRAY_FOR(u->types, i)
		{
			if (i > 0)
				fputs("; or ", f);
			write_type(f, u->types[i], text);
		}
		break;
	default:
		fputs("it is not of the right type", f);
		break;
	}
}

static const char *explain(struct cfg_arena *arena, const struct lysc_node *leaf, const char *text)
{
	char *clause = NULL;
	const char *copy = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&clause, &size);

	if (f != NULL) {
		write_type(f, ((const struct lysc_node_leaf *)leaf)->type, text);
		if (fclose(f) == 0)
			copy = cfg_strndup(arena, clause, size);
		free(clause);
	}
	return copy ? copy : "out of memory";
}

const char *cfg_value_check(const struct cfg_schema *schema, struct cfg_arena *arena,
	const struct lysc_node *leaf, const char *text, const char **why)
{
	const char *canonical = NULL, *copy;
	LY_ERR rc = lyd_value_validate(NULL, leaf, text, strlen(text), NULL, NULL, &canonical);

	/* Incomplete: a reference, which is looked up when all data is there. */
	if ((rc == LY_SUCCESS || rc == LY_EINCOMPLETE) && canonical != NULL) {
		copy = strcmp(canonical, text) == 0
			       ? text
			       : cfg_strndup(arena, canonical, strlen(canonical));
		lydict_remove(schema->ctx, canonical);
		*why = "out of memory";
		return copy;
	}
	if (rc == LY_SUCCESS || rc == LY_EINCOMPLETE)
		return text;
	*why = explain(arena, leaf, text);
	return NULL;
}
