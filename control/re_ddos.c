/* SPDX-License-Identifier: BSD-3-Clause */
/* Watches the policers of punted protocols, and logs which are violated. */
#include <string.h>

#include "control/ddos.h"
#include "control/re.h"

#define LOOK_MS 1000

static void sum_workers(const struct vex_cnt *cnt, struct punt_counters sum[PUNT_PROTOCOLS])
{
	memset(sum, 0, PUNT_PROTOCOLS * sizeof(*sum));
	for (uint32_t w = 0; w < vex_cnt_workers(cnt); w++)
		for (unsigned int i = 0; i < PUNT_PROTOCOLS; i++) {
			const struct punt_counters *c = &cnt->worker[w].counters.punt[i];

			sum[i].received += __atomic_load_n(&c->received, __ATOMIC_RELAXED);
			sum[i].dropped += __atomic_load_n(&c->dropped, __ATOMIC_RELAXED);
		}
}

static const char *time_text(int64_t when, char buf[32])
{
	time_t t = (time_t)when;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, 32, "%Y-%m-%d %H:%M:%S UTC", &tm);
	return buf;
}

static void tell(struct re *re, unsigned int protocol)
{
	const struct ddos_protocol *p = &re->ddos.of[protocol];
	char since[32], latest[32];

	time_text(p->since, since);
	if (p->violated)
		re_syslog(re, CTL_LOG_DAEMON, CTL_LOG_WARNING, "DDOS_PROTOCOL_VIOLATION_SET",
			"Warning: Host-bound traffic for protocol/exception %s:aggregate exceeded "
			"its allowed bandwidth at fpc 0 for %u times, started at %s",
			punt_name(protocol), p->times, since);
	else
		re_syslog(re, CTL_LOG_DAEMON, CTL_LOG_INFO, "DDOS_PROTOCOL_VIOLATION_CLEAR",
			"INFO: Host-bound traffic for protocol/exception %s:aggregate has returned "
			"to "
			"normal. Its allowed bandwidth was exceeded at fpc 0 for %u times, from %s "
			"to %s",
			punt_name(protocol), p->times, since, time_text(p->latest, latest));
}

void re_ddos_step(struct re *re)
{
	struct punt_counters sum[PUNT_PROTOCOLS];
	uint64_t now = re_now_ms();
	uint32_t changed;

	if (re->ddos.looked_ms > 0 && now - re->ddos.looked_ms < LOOK_MS)
		return;
	sum_workers(re->shm.cnt, sum);
	changed = ddos_look(&re->ddos, sum, now, time(NULL));
	for (; changed; changed &= changed - 1)
		tell(re, (unsigned int)__builtin_ctz(changed));
}
