/* SPDX-License-Identifier: BSD-3-Clause */
#include "control/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

char *tap_name(const char *port, char buf[IFNAMSIZ])
{
	snprintf(buf, IFNAMSIZ, "%s", port);
	for (char *p = buf; *p != '\0'; p++)
		if (*p == '/' || *p == ':')
			*p = '_';
	return buf;
}

int tap_open(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_TUN_EXCL};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) == 0 && tap_set_carrier(fd, false))
		return fd;
	if (fd >= 0) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return -1;
}

bool tap_get_name(int fd, char buf[IFNAMSIZ])
{
	struct ifreq request = {0};

	if (ioctl(fd, TUNGETIFF, &request) != 0)
		return false;
	snprintf(buf, IFNAMSIZ, "%s", request.ifr_name);
	return true;
}

bool tap_set_carrier(int fd, bool carrier)
{
	int on = carrier;

	return ioctl(fd, TUNSETCARRIER, &on) == 0;
}

static struct ifreq request_for(const char *name)
{
	struct ifreq request = {0};

	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	return request;
}

bool tap_set_mac(int sock, const char *name, const uint8_t mac[6])
{
	struct ifreq request = request_for(name);

	request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(request.ifr_hwaddr.sa_data, mac, 6);
	return ioctl(sock, SIOCSIFHWADDR, &request) == 0;
}

bool tap_set_mtu(int sock, const char *name, unsigned int mtu)
{
	struct ifreq request = request_for(name);

	request.ifr_mtu = (int)mtu;
	return ioctl(sock, SIOCSIFMTU, &request) == 0;
}

bool tap_set_up(int sock, const char *name, bool up)
{
	struct ifreq request = request_for(name);

	if (ioctl(sock, SIOCGIFFLAGS, &request) != 0)
		return false;
	request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
	return ioctl(sock, SIOCSIFFLAGS, &request) == 0;
}

static bool rename_request(int sock, const char *from, const char *to)
{
	struct ifreq request = request_for(from);

	snprintf(request.ifr_newname, IFNAMSIZ, "%s", to);
	return ioctl(sock, SIOCSIFNAME, &request) == 0;
}

bool tap_rename(int sock, const char *from, const char *to)
{
	bool done = rename_request(sock, from, to);
	int error;

	/* Before Linux 6.2 an interface that is up keeps its name. */
	if (done || errno != EBUSY || !tap_set_up(sock, from, false))
		return done;
	done = rename_request(sock, from, to);
	error = errno;
	tap_set_up(sock, done ? to : from, true);
	errno = error;
	return done;
}
