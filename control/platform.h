/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VEX_CONTROL_PLATFORM_H
#define VEX_CONTROL_PLATFORM_H

/*
 * platform: the hardware of an instance, as its platform file (JSON) says it.
 *
 *	{
 *		"model": "ex4400-24t",			all members are optional
 *		"scale": "ex4400",			or "server"
 *		"extension-module": "em-4s",
 *		"channel-speed": {"et-0/1/0": "10g"},	the port is split into four
 *		"base-mac": "02:00:00:00:10:00",
 *		"workers": 1,				polling threads, 1 .. 32
 *		"cores": [2, 3],			their CPUs, in turn; absent: any
		"memory-mb": 256,			of vex-pfe
 *		"idle": "sleep",			or "poll": workers never sleep
 *		"ports": {
 *			"ge-0/0/0": {"device": "af_packet", "interface": "veth0"},
 *			"ge-0/0/1": {"device": "af_xdp", "interface": "eth1", "management": ["tcp/22"]},
 *			"ge-0/0/2": {"device": "tap", "name": "vex-p2", "persistent": true},
 *			"ge-0/0/3": {"device": "memif", "socket": "/run/a.sock", "role": "server", "id": 0},
 *			"ge-0/0/4": {"device": "vhost_user", "socket": "/run/b.sock", "role": "server"},
 *			"ge-0/0/5": {"device": "virtio_user", "socket": "/run/c.sock"},
 *			"ge-0/0/6": {"device": "pci", "address": "0000:03:00.0"},
 *			"ge-0/0/7": {"device": "null"},
 *			"ge-0/0/8": {"device": "pcap", "rx": "in.pcap", "tx": "out.pcap"}
 *		}
 *	}
 *
 * A port is named as at any of its speeds; one that is not listed has no device and is down. Nothing
 * is accepted and ignored: an unknown member, a wrong type, a port that the chassis does not have, or a
 * kernel interface that two ports name is an error. What breaks JSON itself has a line and a
 * column; every other error has the path of the member, `ports ge-0/0/0 interface`.
 *
 *	struct platform *platform = platform_load_file("leaf.json", "leaf", &errs);
 *
 * An object is read-only once made. Nothing is printed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/ctl.h"
#include "control/err.h"
#include "ports/chassis.h"

/* Bytes of a platform file. */
#define PLATFORM_TEXT_MAX (1u << 20)
/* Characters of the name of an instance: letters, digits, '-', '_'; the first is no '-'. */
#define PLATFORM_INSTANCE_MAX 32
/* Characters of the name of a kernel interface (IFNAMSIZ - 1). */
#define PLATFORM_INTERFACE_MAX 15
#define PLATFORM_WORKERS_MAX   32
#define PLATFORM_MAC_TEXT_SIZE 18
/*
 * What a frame may have over AF_XDP without two tags: a page, less the headroom that the kernel keeps
 * before each frame.
 */
#define PLATFORM_AF_XDP_MTU (4096 - 256 - 8)
/* Characters of a file name of a pcap device. */
#define PLATFORM_FILE_MAX      1024
#define PLATFORM_ARGUMENT_SIZE (2 * PLATFORM_FILE_MAX + 32)

enum platform_device {
	PLATFORM_UNBOUND,
	PLATFORM_AF_PACKET,   /* a kernel interface, by packet sockets */
	PLATFORM_AF_XDP,      /* a kernel interface, before the kernel sees its frames */
	PLATFORM_TAP,	      /* a kernel interface that vex-pfe makes */
	PLATFORM_MEMIF,	      /* shared memory with another process on this machine */
	PLATFORM_VHOST_USER,  /* the host's end of virtio, for a virtual machine */
	PLATFORM_VIRTIO_USER, /* the guest's end */
	PLATFORM_PCI,	      /* a network card that DPDK drives itself */
	PLATFORM_NULL,	      /* receives nothing, sends to nowhere */
	PLATFORM_PCAP,	      /* receives from one file, sends to another */
	PLATFORM_DEVICES,
};

/* Which end of a socket. */
enum platform_role {
	PLATFORM_CLIENT, /* connects, again and again */
	PLATFORM_SERVER, /* makes the socket and waits */
};

enum platform_idle {
	PLATFORM_SLEEP, /* a worker without packets sleeps */
	PLATFORM_POLL,
};

/* A physical port. Strings are owned by the platform; those that the device does not use are NULL. */
struct platform_port {
	enum platform_device device;
	char name[CHASSIS_NAME_SIZE]; /* as in the file; of an unbound port, its default name */
	char *interface;	      /* af_packet, af_xdp: exists; tap: is made */
	char *management;	      /* af_xdp: for management_parse(); NULL is "own" */
	bool persistent;	      /* tap: it stays when vex-pfe ends */
	char *socket;		      /* memif, vhost_user, virtio_user: path */
	enum platform_role role;      /* memif, vhost_user; client if not said */
	unsigned int id;	      /* memif: of this port on the socket */
	char *address;		      /* pci */
	char *rx;		      /* pcap: at least one of the two */
	char *tx;
};

struct platform {
	struct ctl_platform ctl; /* for ctl_load_on(); its strings live as long as the platform */
	struct chassis *chassis; /* with every port at its default speed */
	uint8_t base_mac[6];
	unsigned int workers;
	unsigned int cores[PLATFORM_WORKERS_MAX]; /* of the workers, used in turn */
	unsigned int n_cores;			  /* 0: wherever the scheduler puts them */
	unsigned int memory_mb;			  /* 0: not said */
	enum platform_idle idle;
	unsigned int n_ports; /* of the chassis; index as everywhere */
	unsigned int n_bound;
	struct platform_port ports[CHASSIS_PORTS_MAX];

	char *file, *model, *scale, *extension_module; /* NULL: not said */
};

/*
 * Make a platform from @len bytes of @text. @file is the name that errors carry; @machine is the
 * identity of this machine (any text) and @instance the name of the instance: both go into the
 * base MAC if the text has none. NULL with every error appended to @errs.
 */
struct platform *platform_parse(const char *text, size_t len, const char *file, const char *machine,
	const char *instance, struct vex_errs *errs);

/* The same from a file, with the identity in /etc/machine-id. */
struct platform *platform_load_file(const char *file, const char *instance, struct vex_errs *errs);

void platform_free(struct platform *platform);

/* The device as the platform file writes it, "af_packet"; "unbound"; "?" out of range. */
const char *platform_device_name(enum platform_device device);

/*
 * What the device is told, in the words of ports/ethdev.h: the interface and more, DPDK's arguments, or
 * nothing. Returns buf, PLATFORM_ARGUMENT_SIZE bytes.
 */
char *platform_device_argument(const struct platform_port *port, char *buf);

/* The longest MTU (without up to two tags) that the device takes; 0: any. */
unsigned int platform_device_mtu(enum platform_device device);

/* What stands behind a port for people: "veth0", "in.pcap > out.pcap", a socket, "-". Returns buf. */
char *platform_device_text(const struct platform_port *port, char *buf, size_t size);

/*
 * A locally administered unicast address whose last octet is 0, so that the addresses of the ports,
 * base + port, differ from those of any other instance unless 38 bits of a hash agree.
 */
void platform_derive_mac(const char *machine, const char *instance, uint8_t mac[6]);

char *platform_mac_text(const uint8_t mac[6], char buf[PLATFORM_MAC_TEXT_SIZE]);

/* True if @name may be the name of an instance. */
bool platform_instance_ok(const char *name);

#endif
