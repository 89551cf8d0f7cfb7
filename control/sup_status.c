/* SPDX-License-Identifier: BSD-3-Clause */
/* What `vex status` shows, as one JSON object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/sup.h"
#include "dataplane/drop.h"

/* The number after @name in a file of lines "Name:  123 kB"; -1 if there is none. */
static json_int_t number_in(const char *file, const char *name)
{
	FILE *f = fopen(file, "re");
	size_t n = strlen(name);
	json_int_t found = -1;
	char line[256];

	while (f != NULL && found < 0 && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			found = strtoll(line + n + 1, NULL, 10);
	if (f != NULL)
		fclose(f);
	return found;
}

/* Counts belong to the life of vex-pfe that is running; a dead one has no state. */
static bool pfe_is_up(const struct sup *sup)
{
	return sup->child[SUP_PFE].pid > 0 &&
	       __atomic_load_n(&sup->cnt->pfe.life, __ATOMIC_ACQUIRE) != 0;
}

static uint64_t word(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

/* What the machine has, and what vex-pfe really uses, as the kernel counts it. */
static json_t *memory_status(const struct sup *sup)
{
	static const char info[] = "/proc/meminfo";
	pid_t pid = sup->child[SUP_PFE].pid;
	json_int_t used = 0, shared;
	char rollup[64];

	snprintf(rollup, sizeof(rollup), "/proc/%d/smaps_rollup", (int)pid);
	if (pid != 0) {
		used = number_in(rollup, "Private_Hugetlb");
		shared = number_in(rollup, "Shared_Hugetlb");
		used = (used > 0 ? used : 0) + (shared > 0 ? shared : 0);
	}
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "hugepages_used_kb", used, "hugepage_kb",
		number_in(info, "Hugepagesize"), "hugepages_total",
		number_in(info, "HugePages_Total"), "hugepages_free",
		number_in(info, "HugePages_Free"), "pfe_kb",
		(json_int_t)(pfe_is_up(sup) ? word(&sup->cnt->pfe.memory_kb) : 0));
}

static json_t *child_status(const struct sup_child *child, uint64_t now)
{
	static const char *const states[] = {
		[SUP_CHILD_STOPPED] = "stopped",
		[SUP_CHILD_RUNNING] = "running",
		[SUP_CHILD_WAITING] = "waiting",
	};
	bool runs = child->pid > 0;
	json_t *o = json_pack("{s:s, s:s, s:I, s:I}", "name", child->name, "state",
		states[child->state], "restarts", (json_int_t)child->restarts, "uptime_ms",
		runs ? (json_int_t)(now - child->since_ms) : (json_int_t)0);

	json_object_set_new(o, "pid", runs ? json_integer(child->pid) : json_null());
	json_object_set_new(o, "last_exit",
		child->last_exit[0] != '\0' ? json_string(child->last_exit) : json_null());
	return o;
}

/* The list of processors in a file, "2-3,6"; empty if there is none. */
static char *cpu_list(const char *file, char *buf, size_t size)
{
	FILE *f = fopen(file, "re");

	if (f == NULL || fgets(buf, (int)size, f) == NULL)
		buf[0] = '\0';
	if (f != NULL)
		fclose(f);
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

/* Processors that the scheduler leaves to those who ask: isolcpus=, or an isolated cpuset. */
static char *isolated_cpus(char *buf, size_t size)
{
	cpu_list("/sys/devices/system/cpu/isolated", buf, size);
	return *buf != '\0' ? buf : cpu_list("/sys/fs/cgroup/cpuset.cpus.isolated", buf, size);
}

static bool has_cpu(const char *list, unsigned int cpu)
{
	bool found = false;

	for (char *p = (char *)(uintptr_t)list; *p >= '0' && *p <= '9' && !found;) {
		unsigned long first = strtoul(p, &p, 10), last = first;

		if (*p == '-')
			last = strtoul(p + 1, &p, 10);
		found = cpu >= first && cpu <= last;
		p += *p == ',';
	}
	return found;
}

static json_t *workers_status(const struct sup *sup, const char *isolated)
{
	json_t *list = json_array();

	for (uint32_t w = 0; pfe_is_up(sup) && w < vex_cnt_workers(sup->cnt); w++) {
		const struct vex_cnt_worker *worker = &sup->cnt->worker[w];

		json_array_append_new(
			list, json_pack("{s:I, s:I, s:b, s:b, s:I, s:I, s:I}", "cpu",
				      (json_int_t)worker->cpu, "tid", (json_int_t)worker->tid,
				      "isolated", has_cpu(isolated, worker->cpu), "hangs",
				      sup->watch.worker[w].hangs_since != 0, "heartbeat",
				      (json_int_t)word(&worker->heartbeat), "busy_clocks",
				      (json_int_t)word(&worker->busy_clocks), "idle_clocks",
				      (json_int_t)word(&worker->idle_clocks)));
	}
	return list;
}

/* Counters of a port, all workers together. */
struct sums {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, drops;
	uint64_t reason[DROP_REASONS];
};

static struct sums sum_port(const struct sup *sup, unsigned int port)
{
	struct sums s = {0};

	for (uint32_t w = 0; w < vex_cnt_workers(sup->cnt); w++) {
		const struct port_counters *c = &sup->cnt->worker[w].counters.port[port];

		s.rx_packets += word(&c->rx_packets);
		s.rx_bytes += word(&c->rx_bytes);
		s.tx_packets += word(&c->tx_packets);
		s.tx_bytes += word(&c->tx_bytes);
		for (unsigned int i = 0; i < DROP_REASONS; i++) {
			s.reason[i] += word(&c->drops[i]);
			s.drops += word(&c->drops[i]);
		}
	}
	return s;
}

static json_t *reasons(const struct sums *s)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < DROP_REASONS; i++)
		if (s->reason[i] != 0)
			json_object_set_new(
				o, drop_name(i), json_integer((json_int_t)s->reason[i]));
	return o;
}

static json_t *port_status(const struct sup *sup, unsigned int i)
{
	const struct platform_port *port = &sup->platform->ports[i];
	const struct vex_cnt_port *device = &sup->cnt->port[i];
	bool up = pfe_is_up(sup), bound = up && device->bound == 1;
	struct sums s = up ? sum_port(sup, i) : (struct sums){0};
	char text[256];

	return json_pack(
		"{s:s, s:s, s:s, s:b, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I}",
		"name", port->name, "device", platform_device_name(port->device), "on",
		platform_device_text(port, text, sizeof(text)), "bound", bound, "link",
		bound && device->up == 1 ? "up" : "down", "speed_mbps",
		(json_int_t)(bound ? device->speed_mbps : 0), "rx_packets",
		(json_int_t)s.rx_packets, "rx_bytes", (json_int_t)s.rx_bytes, "tx_packets",
		(json_int_t)s.tx_packets, "tx_bytes", (json_int_t)s.tx_bytes, "drops",
		(json_int_t)s.drops, "reasons", reasons(&s), "device_missed",
		(json_int_t)(up ? word(&device->device_missed) : 0), "device_errors",
		(json_int_t)(up ? word(&device->device_errors) : 0), "no_buffer",
		(json_int_t)(up ? word(&device->no_buffer) : 0));
}

static json_t *ports_status(const struct sup *sup)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < sup->platform->n_ports; i++)
		if (sup->platform->ports[i].device != PLATFORM_UNBOUND)
			json_array_append_new(list, port_status(sup, i));
	return list;
}

json_t *sup_status(const struct sup *sup)
{
	const struct vex_cnt_pfe *pfe = &sup->cnt->pfe;
	char mac[PLATFORM_MAC_TEXT_SIZE], isolated[256];
	uint64_t now = sup_now_ms();
	json_t *children = json_array();
	json_t *o = json_pack("{s:s, s:s, s:i, s:I, s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "instance",
		sup->options->instance, "state", sup_state_name(sup->state), "pid", (int)getpid(),
		"uptime_ms", (json_int_t)(now - sup->since_ms), "run_directory", sup->dir_path,
		"model", chassis_model(sup->platform->chassis), "base_mac",
		platform_mac_text(sup->platform->base_mac, mac), "text", sup->text, "operations",
		(json_int_t)sup->operations, "install_ms", (json_int_t)sup->install_ms,
		"ports_total", (json_int_t)sup->platform->n_ports);

	for (int i = 0; i < SUP_PROGRAMS; i++)
		json_array_append_new(children, child_status(&sup->child[i], now));
	json_object_set_new(
		o, "namespace", sup->taps.n > 0 ? json_string(sup->netns.name) : json_null());
	json_object_set_new(o, "no_taps", json_string(sup->no_taps));
	json_object_set_new(o, "children", children);
	json_object_set_new(o, "memory", memory_status(sup));
	json_object_set_new(o, "simd_bits", json_integer(pfe_is_up(sup) ? pfe->simd_bits : 0));
	json_object_set_new(o, "generation",
		json_integer(pfe_is_up(sup) ? (json_int_t)word(&pfe->generation) : 0));
	isolated_cpus(isolated, sizeof(isolated));
	json_object_set_new(o, "isolated_cpus", json_string(isolated));
	json_object_set_new(o, "workers", workers_status(sup, isolated));
	json_object_set_new(o, "alarms", sup_alarms(sup, now));
	json_object_set_new(o, "ports", ports_status(sup));
	return o;
}
