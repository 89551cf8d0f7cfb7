# SPDX-License-Identifier: BSD-3-Clause
# Seams and tables.
CORE_SRC += dataplane/hash.c dataplane/pkt_plain.c dataplane/pkt_dpdk.c dataplane/eal.c \
	dataplane/tbl_hash.c dataplane/mac.c dataplane/tables.c dataplane/apply.c dataplane/tx.c \
	dataplane/xt_record.c
# Shared with control.
CTL_SRC += dataplane/drop.c dataplane/ops.c dataplane/punt_names.c
# The walk, in its order.
CORE_SRC += dataplane/pipeline.c dataplane/parse.c dataplane/port_ingress.c dataplane/punt.c dataplane/punt_stage.c \
	dataplane/vlan_ingress.c dataplane/fdb.c dataplane/replicate.c dataplane/vlan_egress.c
# The instance and the library.
CORE_SRC += dataplane/core.c dataplane/dump.c dataplane/engine.c dataplane/model_api.c \
	dataplane/model_dump.c dataplane/model_trace.c
# Operations from the ring, which tests have too.
CORE_SRC += dataplane/builder.c dataplane/live_ops.c dataplane/live_inject.c
# The live data plane.
CORE_SRC += dataplane/handover.c dataplane/outlet.c
PFE_SRC += dataplane/live.c dataplane/live_events.c dataplane/live_ports.c dataplane/live_punt.c \
	dataplane/live_workers.c dataplane/worker.c dataplane/worker_sleep.c
# What both programs share and the library does not hold.
PROGRAM_SRC += dataplane/offline.c dataplane/offline_options.c dataplane/offline_batch.c
TEST_SRC += dataplane/age_test.c dataplane/buf_test.c dataplane/drops_test.c \
	dataplane/edges_test.c dataplane/fdb_test.c dataplane/handover_test.c dataplane/instances_test.c dataplane/live_clock_test.c dataplane/mac_stress_test.c \
	dataplane/ops_test.c dataplane/parse_test.c dataplane/punt_test.c dataplane/pvlan_test.c dataplane/random_test.c \
	dataplane/scale_test.c dataplane/stp_test.c dataplane/tbl_hash_test.c \
	dataplane/walk_test.c
TEST_SRC += dataplane/core_test.c dataplane/dump_test.c dataplane/live_inject_test.c dataplane/live_ops_test.c
FUZZ_SRC += dataplane/ops_fuzz.c dataplane/parse_fuzz.c
