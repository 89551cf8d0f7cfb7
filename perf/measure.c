/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs a command on one core and prints what it took, as JSON on descriptor 3:
 *
 *	measure CPU COMMAND ARGUMENT... 3> result.json
 *
 * wall and CPU time in seconds, elapsed ticks of the time-stamp counter, maximum resident size in
 * KiB, and the command's status. Start and end of the process are included.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	unsigned long long tsc;
	struct rusage usage;
	cpu_set_t cpus;
	int status;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: measure CPU COMMAND ARGUMENT... 3> result.json\n");
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET((size_t)atoi(argv[1]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) != 0) {
		perror("measure: sched_setaffinity");
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	tsc = __rdtsc();
	pid = fork();
	if (pid == 0) {
		close(3);
		execv(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
		perror("measure");
		return 1;
	}
	tsc = __rdtsc() - tsc;
	clock_gettime(CLOCK_MONOTONIC, &end);
	dprintf(3,
		"{\"wall\": %.6f, \"user\": %.6f, \"system\": %.6f, \"tsc\": %llu, \"rss_kib\": "
		"%ld, "
		"\"status\": %d}\n",
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(usage.ru_utime), seconds(usage.ru_stime), tsc, usage.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
