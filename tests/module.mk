# SPDX-License-Identifier: BSD-3-Clause
TEST_SRC += tests/unit/unit_filter.c tests/unit/unit_filter_test.c
TEST_SRC += tests/unit/frame.c tests/unit/pipe.c
TEST_SRC += tests/golden/golden_test.c
