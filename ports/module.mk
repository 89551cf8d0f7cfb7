# SPDX-License-Identifier: BSD-3-Clause

CORE_SRC  += ports/lag.c ports/ethdev.c
PFE_SRC   += ports/ethdev_open.c ports/ethdev_dpdk.c ports/packet_socket.c \
	ports/tap.c ports/netif.c ports/af_xdp.c ports/xdp_steer.c ports/xdp_object.S
CTL_SRC   += ports/chassis.c ports/chassis_text.c ports/management.c ports/segment.c
PORTS_SRC += ports/pcapng_input.c ports/pcapng_read.c ports/pcapng_write.c
TEST_SRC  += ports/chassis_test.c ports/pcapng_read_test.c ports/pcapng_refuse_test.c \
	ports/pcapng_write_test.c
FUZZ_SRC  += ports/pcapng_fuzz.c ports/segment_fuzz.c
TEST_SRC  += ports/lag_test.c ports/management_test.c ports/segment_test.c ports/steer_test.c
