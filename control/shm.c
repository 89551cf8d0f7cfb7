/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_SEALS   (F_SEAL_SHRINK | F_SEAL_GROW)
#define ALL_SEALS    (SIZE_SEALS | F_SEAL_SEAL)
#define LIFE_MAX     UINT32_C(0xffff)
#define ONE_RELEASE  "run vex, vex-pfe and vex-re of one release"
#define STOP_BY_VEX  "stop it with `vex stop`"
#define N_ELEMS(arr) (sizeof(arr) / sizeof((arr)[0]))

/* Where an error goes. */
struct report {
	const char *segment;
	char *err;
	size_t size;
};

/* One number of a header. */
struct field {
	const char *name;
	uint64_t found;
	uint64_t want;
};

static const struct vex_ring_shape shapes[VEX_RINGS] = {
	[VEX_RING_OP] = {VEX_OP_SLOTS, sizeof(struct vex_op), sizeof(struct vex_op)},
	[VEX_RING_ACK] = {VEX_ACK_SLOTS, sizeof(struct vex_ack), sizeof(struct vex_ack)},
	[VEX_RING_EVENT] = {VEX_EVENT_SLOTS, sizeof(struct vex_event), sizeof(struct vex_event)},
	[VEX_RING_DUMP] = {VEX_DUMP_SLOTS, sizeof(struct vex_op), sizeof(struct vex_op)},
	[VEX_RING_PUNT] = {VEX_PUNT_SLOTS, sizeof(struct vex_punt), VEX_PUNT_SIZE(1)},
	[VEX_RING_INJECT] = {VEX_INJECT_SLOTS, sizeof(struct vex_inject), VEX_INJECT_SIZE(1)},
};

static const size_t offsets[VEX_RINGS] = {
	[VEX_RING_OP] = offsetof(struct vex_ctl, op),
	[VEX_RING_ACK] = offsetof(struct vex_ctl, ack),
	[VEX_RING_EVENT] = offsetof(struct vex_ctl, event),
	[VEX_RING_DUMP] = offsetof(struct vex_ctl, dump),
	[VEX_RING_PUNT] = offsetof(struct vex_ctl, punt),
	[VEX_RING_INJECT] = offsetof(struct vex_ctl, inject),
};

static const char *const ring_names[VEX_RINGS] = {
	[VEX_RING_OP] = "operation ring",
	[VEX_RING_ACK] = "acknowledgement ring",
	[VEX_RING_EVENT] = "event ring",
	[VEX_RING_DUMP] = "dump ring",
	[VEX_RING_PUNT] = "punt ring",
	[VEX_RING_INJECT] = "inject ring",
};

static const char *const programs[VEX_SIDES] = {
	[VEX_SIDE_CONTROL] = "vex-re",
	[VEX_SIDE_PFE] = "vex-pfe",
};

__attribute__((format(printf, 2, 3))) static int refuse(
	const struct report *to, const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(to->err, to->size, "%s segment: ", to->segment);

	if (n >= 0 && (size_t)n < to->size) {
		va_start(ap, fmt);
		vsnprintf(to->err + n, to->size - (size_t)n, fmt, ap);
		va_end(ap);
	}
	return -1;
}

/* ---- headers -------------------------------------------------------------------------------- */

static void ctl_header(struct vex_ctl_header *h)
{
	*h = (struct vex_ctl_header){
		.magic = VEX_ABI_MAGIC_CTL,
		.version = VEX_ABI_VERSION,
		.header_size = sizeof(*h),
		.total_size = sizeof(struct vex_ctl),
		.rings = VEX_RINGS,
	};
	for (size_t i = 0; i < VEX_RINGS; i++) {
		uint32_t stride = VEX_SLOT_STRIDE(shapes[i].record);

		h->ring[i] = (struct vex_abi_ring){
			.offset = offsets[i],
			.size = sizeof(struct vex_ring_ctl) + (uint64_t)shapes[i].slots * stride,
			.slots = shapes[i].slots,
			.stride = stride,
			.record = shapes[i].record,
		};
	}
}

static void cnt_header(struct vex_cnt_header *h)
{
	*h = (struct vex_cnt_header){
		.magic = VEX_ABI_MAGIC_CNT,
		.version = VEX_ABI_VERSION,
		.header_size = sizeof(*h),
		.total_size = sizeof(struct vex_cnt),
		.ports = VEX_PORTS_MAX,
		.workers = VEX_WORKERS_MAX,
		.drop_reasons = DROP_REASONS,
		.worker_size = sizeof(struct vex_cnt_worker),
	};
}

static int check_fields(
	const struct report *to, const char *where, const struct field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = &fields[i];

		if (f->found != f->want) {
			return refuse(to,
				"%s%s is %" PRIu64 ", this program expects %" PRIu64 ": %s", where,
				f->name, f->found, f->want, ONE_RELEASE);
		}
	}
	return 0;
}

static int check_ctl_header(const struct report *to, const struct vex_ctl_header *h)
{
	struct vex_ctl_header want;
	char where[64];

	ctl_header(&want);
	for (size_t i = 0; i < VEX_RINGS; i++) {
		const struct vex_abi_ring *f = &h->ring[i], *w = &want.ring[i];
		const struct field fields[] = {
			{"number of rings", h->rings, want.rings},
			{"offset", f->offset, w->offset},
			{"record size", f->record, w->record},
			{"slot size", f->stride, w->stride},
			{"number of slots", f->slots, w->slots},
			{"size", f->size, w->size},
		};

		if (check_fields(to, "", fields, 1) != 0)
			return -1;
		snprintf(where, sizeof(where), "%s: ", ring_names[i]);
		if (check_fields(to, where, fields + 1, N_ELEMS(fields) - 1) != 0)
			return -1;
	}
	return 0;
}

static int check_cnt_header(const struct report *to, const struct vex_cnt_header *h)
{
	struct vex_cnt_header want;

	cnt_header(&want);
	const struct field fields[] = {
		{"number of ports", h->ports, want.ports},
		{"number of workers", h->workers, want.workers},
		{"number of drop reasons", h->drop_reasons, want.drop_reasons},
		{"size of a worker's counters", h->worker_size, want.worker_size},
	};

	return check_fields(to, "", fields, N_ELEMS(fields));
}

/* ---- segments ------------------------------------------------------------------------------- */

/* What both headers begin with. */
struct preamble {
	uint64_t magic;
	uint32_t version;
	uint32_t header_size;
	uint64_t total_size;
};

/*
 * Checks that @fd is a segment of this version and of @want's sizes, whose size cannot change, and
 * reads its header, want->header_size bytes. The version comes before the sizes: another version
 * may have others.
 */
static int read_segment(
	const struct report *to, int fd, int mode, const struct preamble *want, void *header)
{
	struct preamble p;
	struct stat st;
	int seals, flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fstat(fd, &st) != 0)
		return refuse(to, "descriptor %d: %s", fd, strerror(errno));
	seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0)
		return refuse(to, "descriptor %d is not shared memory made by the supervisor", fd);
	if ((seals & SIZE_SEALS) != SIZE_SEALS)
		return refuse(to, "descriptor %d is not sealed against a change of its size", fd);
	if ((flags & O_ACCMODE) != mode) {
		return refuse(to, "descriptor %d must be open %s", fd,
			mode == O_RDONLY ? "for reading only" : "for reading and writing");
	}
	if (pread(fd, &p, sizeof(p), 0) != (ssize_t)sizeof(p)) {
		return refuse(to, "truncated to %jd bytes, expected %" PRIu64, (intmax_t)st.st_size,
			want->total_size);
	}
	if (p.magic != want->magic) {
		return refuse(to,
			"begins with %#" PRIx64 ", expected %#" PRIx64 ": not such a segment",
			p.magic, want->magic);
	}
	const struct field fields[] = {
		{"ABI version", p.version, want->version},
		{"header size", p.header_size, want->header_size},
		{"total size in the header", p.total_size, want->total_size},
		{"size", (uint64_t)st.st_size, want->total_size},
	};

	if (check_fields(to, "", fields, N_ELEMS(fields)) != 0)
		return -1;
	if (pread(fd, header, want->header_size, 0) != (ssize_t)want->header_size)
		return refuse(to, "cannot be read: %s", strerror(errno));
	return 0;
}

static int check_segments(enum vex_side side, int ctl_fd, int cnt_fd, char *err, size_t err_size)
{
	const struct report ctl_report = {"control", err, err_size};
	const struct report cnt_report = {"counters", err, err_size};
	const struct preamble ctl_want = {VEX_ABI_MAGIC_CTL, VEX_ABI_VERSION,
		sizeof(struct vex_ctl_header), sizeof(struct vex_ctl)};
	const struct preamble cnt_want = {VEX_ABI_MAGIC_CNT, VEX_ABI_VERSION,
		sizeof(struct vex_cnt_header), sizeof(struct vex_cnt)};
	int cnt_mode = side == VEX_SIDE_PFE ? O_RDWR : O_RDONLY;
	struct vex_ctl_header ctl;
	struct vex_cnt_header cnt;

	if (read_segment(&ctl_report, ctl_fd, O_RDWR, &ctl_want, &ctl) != 0 ||
		check_ctl_header(&ctl_report, &ctl) != 0)
		return -1;
	if (read_segment(&cnt_report, cnt_fd, cnt_mode, &cnt_want, &cnt) != 0 ||
		check_cnt_header(&cnt_report, &cnt) != 0)
		return -1;
	return 0;
}

/* A sealed memfd of @size bytes, all of them present, that begins with @header; or -1. */
static int make_segment(const struct report *to, const char *name, const void *header,
	size_t header_size, size_t size)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return refuse(to, "memfd_create: %s", strerror(errno));
	if (fallocate(fd, 0, 0, (off_t)size) != 0) {
		refuse(to, "cannot reserve %zu KiB of memory: %s", size / 1024, strerror(errno));
	} else if (pwrite(fd, header, header_size, 0) != (ssize_t)header_size ||
		   fcntl(fd, F_ADD_SEALS, ALL_SEALS) != 0) {
		refuse(to, "cannot be set up: %s", strerror(errno));
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int vex_shm_create(struct vex_shm_fds *fds, char *err, size_t err_size)
{
	const struct report ctl_report = {"control", err, err_size};
	const struct report cnt_report = {"counters", err, err_size};
	struct vex_ctl_header ctl;
	struct vex_cnt_header cnt;
	char path[64];

	ctl_header(&ctl);
	cnt_header(&cnt);
	*fds = (struct vex_shm_fds){-1, -1, -1};
	fds->ctl = make_segment(&ctl_report, "vex-ctl", &ctl, sizeof(ctl), sizeof(struct vex_ctl));
	if (fds->ctl < 0)
		return -1;
	fds->cnt = make_segment(&cnt_report, "vex-cnt", &cnt, sizeof(cnt), sizeof(struct vex_cnt));
	if (fds->cnt >= 0) {
		/* A seal would do the same for all, also for a vex-pfe that is started again. */
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fds->cnt);
		fds->cnt_ro = open(path, O_RDONLY | O_CLOEXEC);
		if (fds->cnt_ro >= 0)
			return 0;
		refuse(&cnt_report, "cannot be opened for reading by %s: %s (is /proc mounted?)",
			path, strerror(errno));
	}
	vex_shm_close(fds);
	return -1;
}

void vex_shm_close(struct vex_shm_fds *fds)
{
	close_fd(&fds->ctl);
	close_fd(&fds->cnt);
	close_fd(&fds->cnt_ro);
}

/* ---- attaching ------------------------------------------------------------------------------ */

/*
 * The kernel knows who has a side, by a lock on the byte of that number: the lock goes with the
 * process, however it ends, and is not inherited by its children.
 */
static int lock_side(enum vex_side side, int ctl_fd, char *err, size_t err_size)
{
	const struct report to = {"control", err, err_size};
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = side, .l_len = 1};

	if (fcntl(ctl_fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno != EACCES && errno != EAGAIN)
		return refuse(&to, "cannot be locked: %s", strerror(errno));
	if (fcntl(ctl_fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
		return refuse(&to, "another %s, process %d, runs this instance: " STOP_BY_VEX,
			programs[side], (int)lock.l_pid);
	}
	return refuse(&to, "another %s just ran this instance: try again", programs[side]);
}

static void unlock_side(enum vex_side side, int ctl_fd)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = side, .l_len = 1};

	fcntl(ctl_fd, F_SETLK, &lock);
}

static uint32_t *life_word(const struct vex_shm *shm, enum vex_side side)
{
	return &shm->ctl->header.side[side].life;
}

/* The life of the other side, whatever it writes: 0 .. LIFE_MAX. */
static uint32_t read_peer_life(const struct vex_shm *shm)
{
	enum vex_side peer = shm->side == VEX_SIDE_PFE ? VEX_SIDE_CONTROL : VEX_SIDE_PFE;

	return __atomic_load_n(life_word(shm, peer), __ATOMIC_ACQUIRE) & LIFE_MAX;
}

static void open_rings(struct vex_shm *shm)
{
	bool control = shm->side == VEX_SIDE_CONTROL;
	uint64_t lives[VEX_SIDES] = {
		[VEX_SIDE_CONTROL] = control ? shm->life : shm->peer_life,
		[VEX_SIDE_PFE] = control ? shm->peer_life : shm->life,
	};
	uint64_t generation = lives[VEX_SIDE_CONTROL] << 48 | lives[VEX_SIDE_PFE] << 32;

	vex_ring_open(&shm->op, &shm->ctl->op.ctl, shapes[VEX_RING_OP], generation, control);
	vex_ring_open(&shm->ack, &shm->ctl->ack.ctl, shapes[VEX_RING_ACK], generation, !control);
	vex_ring_open(
		&shm->event, &shm->ctl->event.ctl, shapes[VEX_RING_EVENT], generation, !control);
	vex_ring_open(&shm->dump, &shm->ctl->dump.ctl, shapes[VEX_RING_DUMP], generation, !control);
	vex_ring_open(&shm->punt, &shm->ctl->punt.ctl, shapes[VEX_RING_PUNT], generation, !control);
	vex_ring_open(
		&shm->inject, &shm->ctl->inject.ctl, shapes[VEX_RING_INJECT], generation, control);
}

/*
 * The rings are made before the new life is announced: when the other side sees it, no tag of ours
 * from an earlier life is left.
 */
static void begin_life(struct vex_shm *shm, uint32_t last)
{
	shm->life = last % LIFE_MAX + 1;
	shm->peer_life = read_peer_life(shm);
	open_rings(shm);
	__atomic_store_n(life_word(shm, shm->side), shm->life, __ATOMIC_RELEASE);
}

static void clear_counts(struct vex_shm *shm)
{
	struct vex_cnt *cnt = shm->cnt_rw;

	memset(&cnt->pfe, 0, sizeof(cnt->pfe));
	memset(cnt->port, 0, sizeof(cnt->port));
	memset(cnt->worker, 0, sizeof(cnt->worker));
	__atomic_store_n(&cnt->pfe.life, shm->life, __ATOMIC_RELEASE);
}

int vex_shm_attach(
	struct vex_shm *shm, enum vex_side side, int ctl_fd, int cnt_fd, char *err, size_t err_size)
{
	const struct report to = {"control", err, err_size};
	int cnt_prot = PROT_READ | (side == VEX_SIDE_PFE ? PROT_WRITE : 0);
	void *ctl, *cnt = MAP_FAILED;

	if (check_segments(side, ctl_fd, cnt_fd, err, err_size) != 0 ||
		lock_side(side, ctl_fd, err, err_size) != 0)
		return -1;
	/* Present from the start: no page faults in a worker's loop. */
	ctl = mmap(NULL, sizeof(struct vex_ctl), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		ctl_fd, 0);
	if (ctl != MAP_FAILED)
		cnt = mmap(NULL, sizeof(struct vex_cnt), cnt_prot, MAP_SHARED | MAP_POPULATE,
			cnt_fd, 0);
	if (cnt == MAP_FAILED) {
		refuse(&to, "or that of the counters cannot be mapped: %s", strerror(errno));
		if (ctl != MAP_FAILED)
			munmap(ctl, sizeof(struct vex_ctl));
		unlock_side(side, ctl_fd);
		return -1;
	}
	*shm = (struct vex_shm){.side = side,
		.ctl = ctl,
		.cnt = cnt,
		.cnt_rw = side == VEX_SIDE_PFE ? cnt : NULL,
		.ctl_fd = ctl_fd,
		.cnt_fd = cnt_fd};
	begin_life(shm, __atomic_load_n(life_word(shm, side), __ATOMIC_RELAXED) & LIFE_MAX);
	__atomic_store_n(&shm->ctl->header.side[side].pid, (int32_t)getpid(), __ATOMIC_RELAXED);
	if (shm->cnt_rw)
		clear_counts(shm);
	return 0;
}

void vex_shm_detach(struct vex_shm *shm)
{
	__atomic_store_n(&shm->ctl->header.side[shm->side].pid, 0, __ATOMIC_RELAXED);
	munmap(shm->ctl, sizeof(struct vex_ctl));
	munmap((void *)(uintptr_t)shm->cnt, sizeof(struct vex_cnt));
	/* Explicitly: a forked child that still has the descriptor must not matter. */
	unlock_side(shm->side, shm->ctl_fd);
	close(shm->ctl_fd);
	close(shm->cnt_fd);
	*shm = (struct vex_shm){.ctl_fd = -1, .cnt_fd = -1};
}

void vex_shm_renew(struct vex_shm *shm)
{
	begin_life(shm, shm->life);
}

bool vex_shm_sync(struct vex_shm *shm)
{
	uint32_t own = __atomic_load_n(life_word(shm, shm->side), __ATOMIC_RELAXED);
	uint32_t peer = read_peer_life(shm);

	if (own == shm->life && peer == shm->peer_life)
		return false;
	/* If the peer saw the wrong number, its rings are not ours: a third one settles it. */
	if (own != shm->life) {
		vex_shm_renew(shm);
	} else {
		shm->peer_life = peer;
		open_rings(shm);
	}
	return true;
}
