/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#define CHUNK 65536

char *file_read_stream(FILE *f, size_t max, size_t *len)
{
	size_t cap = 0, n = 0, got = 1;
	char *text = NULL, *more;

	errno = 0;
	while (got > 0 && n <= max) {
		if (cap - n < 2) {
			cap = cap > 0 ? cap * 2 : CHUNK;
			more = realloc(text, cap);
			if (more == NULL)
				break;
			text = more;
		}
		got = fread(text + n, 1, cap - n - 1, f);
		n += got;
	}
	if (got > 0 || ferror(f)) {
		if (n > max)
			errno = EFBIG;
		else if (errno == 0)
			errno = EIO;
		free(text);
		return NULL;
	}
	text[n] = '\0';
	*len = n;
	return text;
}

char *file_read(const char *path, size_t max, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text;
	int error;

	if (f == NULL)
		return NULL;
	text = file_read_stream(f, max, len);
	error = errno;
	fclose(f);
	errno = error;
	return text;
}
