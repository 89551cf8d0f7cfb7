/* SPDX-License-Identifier: BSD-3-Clause */
#include "dataplane/builder.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct builder {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	void (*job)(void *ctx); /* under the lock, as the next two: to be begun */
	void *ctx;
	bool stop;
	atomic_bool returned;
	int done;
};

/* The next job, or NULL if there will be none. */
static void (*next_job(struct builder *b, void **ctx))(void *)
{
	void (*job)(void *ctx);

	pthread_mutex_lock(&b->lock);
	while (!b->job && !b->stop)
		pthread_cond_wait(&b->wake, &b->lock);
	job = b->job;
	*ctx = b->ctx;
	b->job = NULL;
	pthread_mutex_unlock(&b->lock);
	return job;
}

static void *run(void *arg)
{
	static const uint64_t one = 1;
	struct builder *b = arg;
	void (*job)(void *ctx);
	void *ctx;

	while ((job = next_job(b, &ctx)) != NULL) {
		job(ctx);
		atomic_store_explicit(&b->returned, true, memory_order_release);
		/* Fails never: the counter was read since the job before. */
		if (write(b->done, &one, sizeof(one)) < 0)
			break;
	}
	return NULL;
}

struct builder *builder_create(void)
{
	struct builder *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->wake, NULL);
	if (b->done >= 0 && pthread_create(&b->thread, NULL, run, b) == 0)
		return b;
	if (b->done >= 0)
		close(b->done);
	free(b);
	return NULL;
}

void builder_start(struct builder *b, void (*job)(void *ctx), void *ctx)
{
	pthread_mutex_lock(&b->lock);
	b->job = job;
	b->ctx = ctx;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
}

bool builder_done(struct builder *b)
{
	uint64_t count;

	return read(b->done, &count, sizeof(count)) == sizeof(count) &&
	       atomic_exchange_explicit(&b->returned, false, memory_order_acquire);
}

int builder_fd(const struct builder *b)
{
	return b->done;
}

void builder_destroy(struct builder *b)
{
	if (!b)
		return;
	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
	close(b->done);
	free(b);
}
