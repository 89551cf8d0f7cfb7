# SPDX-License-Identifier: BSD-3-Clause
CTL_SRC += control/ctl.c control/state_chassis.c control/state_err.c control/state_lag.c \
	control/state_limits.c control/state_mac.c control/state_members.c control/state_node.c \
	control/state_ops.c control/state_ports.c control/state_pvlan.c control/state_storm.c \
	control/state_vlans.c control/state_voice.c
TEST_SRC += control/state_testlib.c control/state_ports_test.c control/state_vlans_test.c \
	control/state_pvlan_test.c control/state_limits_test.c control/state_scale_test.c
