# SPDX-License-Identifier: BSD-3-Clause
CORE_SRC += qos/queue.c qos/enqueue.c qos/storm.c qos/storm_stage.c
TEST_SRC += qos/queue_test.c qos/storm_test.c
