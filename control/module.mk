# SPDX-License-Identifier: BSD-3-Clause
CTL_SRC += control/err.c control/file.c control/cfg.c control/cfg_curly.c control/cfg_data.c \
	control/cfg_expand.c \
	control/cfg_groups.c control/cfg_lex.c control/cfg_near.c control/cfg_parse.c \
	control/cfg_print.c control/cfg_print_json.c control/cfg_ranges.c control/cfg_schema.c \
	control/cfg_set.c control/cfg_tree.c control/cfg_value.c control/cfg_walk.c \
	control/cfg_yang.c control/embed.S
TEST_SRC += control/cfg_testlib.c control/cfg_error_test.c control/cfg_expand_test.c \
	control/cfg_parse_test.c control/cfg_print_test.c
FUZZ_SRC += control/cfg_fuzz.c
CTL_SRC += control/ctl.c control/state_chassis.c control/state_err.c control/state_lag.c \
	control/state_limits.c control/state_log.c control/state_mac.c control/state_members.c control/state_node.c \
	control/state_ops.c control/state_ports.c control/state_punt.c control/state_pvlan.c control/state_storm.c \
	control/state_vlans.c control/state_voice.c
TEST_SRC += control/state_build.c control/state_ports_test.c control/state_vlans_test.c \
	control/state_log_test.c control/state_punt_test.c control/state_pvlan_test.c control/state_limits_test.c control/state_scale_test.c
FUZZ_SRC += control/ctl_fuzz.c
FUZZ_SRC += control/confdb_fuzz.c
# The difference of two configurations.
CTL_SRC += control/ctl_diff.c control/ctl_diff_side.c
TEST_SRC += control/ctl_diff_test.c control/ctl_diff_testlib.c
# Shared memory between vex-re and vex-pfe; abi.h and ring.h are headers only.
CTL_SRC += control/shm.c
TEST_SRC += control/ring_test.c control/ring_kill_test.c control/shm_test.c control/shm_kill_test.c
# What vex-re has of the tables of vex-pfe.
LIVE_SRC += control/re_dump.c control/re_sync.c
TEST_SRC += control/re_dump_test.c control/re_sync_test.c
# A live switch: what vex, vex-re and vex-pfe share, the supervisor, and the parts of vex-re.
LIVE_SRC += control/platform.c control/platform_json.c control/re_event.c \
	control/re_install.c control/re_commit.c control/re_config.c control/re_db.c control/re_events.c control/re_mac.c control/re_log.c control/re_mgmt.c control/re_pfe.c control/re_report.c \
	control/re_rpc.c control/re_show.c control/re_view.c control/rundir.c control/sup_child.c control/sup_log.c \
	control/sup_notify.c control/sup_sock.c control/sup_status.c control/sup_watch.c control/supervise.c
# The network namespace, its taps, and frames between them and vex-pfe.
LIVE_SRC += control/ddos.c control/re_ddos.c control/re_punt.c control/sup_netns.c control/sup_taps.c control/tap.c \
	control/cli_show_traffic.c control/monitor_traffic.c control/pcap_stream.c
TEST_SRC += control/ddos_test.c control/pcap_stream_test.c control/re_punt_test.c
LIVE_SRC += control/re_alarm.c control/re_watch.c
VEX_SRC += control/cli_term.c control/verb_cli.c control/verb_load.c
LIVE_SRC += control/platform_device.c
VEX_SRC += control/verb_check.c control/verb_format.c control/verb_start.c control/verb_status.c \
	control/verb_text.c
# The configuration database.
CTL_SRC += control/cfg_copy.c control/cfg_diff.c control/cfg_edit.c control/cfg_merge.c control/cfg_replace.c control/cfg_sort.c
LIVE_SRC += control/confdb.c control/confdb_commit.c control/confdb_disk.c control/confdb_edit.c \
	control/confdb_get.c control/confdb_session.c control/confdb_store.c
TEST_SRC += control/confdb_testlib.c control/confdb_compare_test.c control/confdb_crash_test.c \
	control/confdb_disk_test.c control/confdb_edit_test.c control/confdb_get_test.c \
	control/confdb_session_test.c

TEST_SRC += control/platform_test.c control/re_install_test.c control/re_alarm_test.c control/re_log_test.c control/supervise_test.c

# Operational commands: the trees, made in vex-re.
LIVE_SRC += control/show.c control/show_chassis.c control/show_clear.c control/show_complete.c \
	control/show_conf.c \
	control/show_ddos.c control/show_interfaces.c control/show_live.c control/show_log.c \
	control/show_mac.c control/show_pfe.c control/show_pfe_table.c control/show_port.c \
	control/show_proc.c control/show_request.c control/show_switching.c control/show_system.c \
	control/show_util.c control/show_vlans.c

# The command line.
CTL_SRC += control/cfg_complete.c
TEST_SRC += control/cli_grammar_test.c control/cli_pipe_test.c control/cli_wildcard_test.c
LIVE_SRC += control/cli.c control/cli_commit.c control/cli_complete.c control/cli_config.c \
	control/cli_conn.c control/cli_edit.c control/cli_grammar.c control/cli_line.c \
	control/cli_load.c control/cli_many.c control/cli_names.c control/cli_oper.c control/cli_options.c \
	control/cli_pipe.c control/cli_rest.c control/cli_screen.c \
	control/cli_stream.c control/cli_talk.c control/cli_wildcard.c control/cli_xml.c

# Operational commands in the client: their words, and the text that is made from the trees.
LIVE_SRC += control/cli_show.c control/cli_show_chassis.c control/cli_show_do.c \
	control/cli_show_interfaces.c control/cli_show_monitor.c control/cli_show_pfe.c \
	control/cli_show_switching.c control/cli_show_system.c control/cli_show_util.c
TEST_SRC += control/show_build.c control/cli_show_any_test.c control/cli_show_test.c control/show_live_test.c control/show_test.c
