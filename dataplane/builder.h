/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_DATAPLANE_BUILDER_H
#define VEX_DATAPLANE_BUILDER_H

/*
 * A thread that does one slow job at a time for another thread, which goes on meanwhile.
 *
 *	builder_start(b, job, ctx);
 *	... builder_fd(b) becomes readable ...
 *	if (builder_done(b))
 *		use what the job has made
 *
 * What the owner wrote before builder_start the job sees, and what the job wrote the owner sees
 * after builder_done. The thread takes no signals that its maker had blocked, and runs where its
 * maker may. One owner thread calls every function.
 */

#include <stdbool.h>

struct builder;

/* NULL without memory, descriptors or threads. */
struct builder *builder_create(void);

/* Begins a job; there is none, or builder_done was true since the last. */
void builder_start(struct builder *b, void (*job)(void *ctx), void *ctx);

/* True once for each job, when it has returned. */
bool builder_done(struct builder *b);

/* Readable while builder_done would be true. */
int builder_fd(const struct builder *b);

/* Waits until a job that was begun has returned, and ends the thread. NULL is allowed. */
void builder_destroy(struct builder *b);

#endif
