# SPDX-License-Identifier: BSD-3-Clause
#
# vEX build and test driver. `make help` lists the targets, the variables and their values.
#
# Each folder lists its sources in FOLDER/module.mk, which only appends to these variables
# (paths are relative to this file):
#
#   CORE_SRC   the data plane. Compiled twice: build/pfe (DPDK) and build/model (plain).
#   PROGRAM_SRC the offline driver: like CORE_SRC, but linked into the programs only.
#   PFE_SRC    the live data plane: with DPDK only, vex-pfe only.
#   CTL_SRC    libvexctl.a: configuration and chassis; .c and .S. Plain, once.
#   PORTS_SRC  packet files and the like; plain, once, linked into both programs.
#   TEST_SRC   CUnit suites and their helpers; all linked into the one program build/unit.
#   FUZZ_SRC   X_fuzz.c: one libFuzzer program each, build/fuzz/X_fuzz.
#
# The files with main() are not listed anywhere: this file knows them. A source that is listed but
# absent is left out of the build with a note, so that the rest can be worked on; lint fails on it.

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

# ---- Variables a caller may set ---------------------------------------------------------------

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin CC),undefined)
CC := gcc
endif
CFLAGS    ?= -O2 -g
LDFLAGS   ?=
SAN       ?=
COV       ?=
V         ?=
PREFIX    ?= /usr/local
DESTDIR   ?=
UNITDIR   ?= $(PREFIX)/lib/systemd/system
FUZZ_TIME ?= 20
JOBS      ?= $(shell nproc)

# ---- Variants: one tree each, so that they never mix -------------------------------------------

VARIANT := $(if $(SAN),san,$(if $(COV),cov))
BUILD   ?= build$(if $(VARIANT),/$(VARIANT))
B       := $(BUILD)
S       := $(if $(VARIANT),$(VARIANT)-)# prefix of the suite names of a variant
RESULTS := build/results

# Debian's own interpreter: scapy and pytest are installed for it and for no other.
PY           := /usr/bin/python3
CLANG        := clang-14
CLANG_FORMAT := clang-format-14

,  := ,
Q  := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# ---- Packages (Debian 12) ------------------------------------------------------------------------

DEPS_BUILD := gcc make pkg-config libc6-dev libdpdk-dev libyang2-dev libjansson-dev \
	libevent-dev libedit-dev libbpf-dev libxdp-dev clang-14
DEPS_TEST  := dpdk-dev libcunit1-dev libclang-rt-14-dev clang-format-14 g++ python3 python3-scapy \
	python3-pytest systemd user-mode-linux kmod iproute2 iputils-ping ethtool tcpdump iperf3 tshark
DEPS_COV   := gcovr

# ---- Sources -------------------------------------------------------------------------------------

FOLDERS := dataplane control vxlan macsec acl qos telemetry ports tests perf
CORE_SRC :=
PROGRAM_SRC :=
PFE_SRC :=
CTL_SRC :=
LIVE_SRC :=
VEX_SRC :=
PORTS_SRC :=
TEST_SRC :=
FUZZ_SRC :=
include $(wildcard $(FOLDERS:%=%/module.mk))

MAIN_pfe   := $(wildcard dataplane/main_pfe.c)
MAIN_model := $(wildcard dataplane/main_model.c)
MAIN_vex   := $(wildcard control/main_vex.c)
MAIN_re    := $(wildcard control/main_re.c)
MAIN_unit  := $(wildcard tests/unit/main.c)

LISTED := $(CORE_SRC) $(PROGRAM_SRC) $(PFE_SRC) $(CTL_SRC) $(LIVE_SRC) $(VEX_SRC) $(PORTS_SRC) $(TEST_SRC) $(FUZZ_SRC)
ABSENT := $(filter-out $(wildcard $(LISTED)),$(LISTED))

objs = $(addprefix $(B)/$(1)/,$(addsuffix .o,$(basename $(filter-out $(ABSENT),$(2)))))

PFE_OBJ   := $(call objs,pfe,$(CORE_SRC))
MODEL_OBJ := $(call objs,model,$(CORE_SRC))
PFE_PROGRAM_OBJ   := $(call objs,pfe,$(PROGRAM_SRC) $(PFE_SRC))
MODEL_PROGRAM_OBJ := $(call objs,model,$(PROGRAM_SRC))
CTL_OBJ   := $(call objs,plain,$(CTL_SRC))
LIVE_OBJ  := $(call objs,plain,$(LIVE_SRC))
VEX_OBJ   := $(call objs,plain,$(VEX_SRC))
PORTS_OBJ := $(call objs,plain,$(PORTS_SRC))
TEST_OBJ  := $(call objs,plain,$(MAIN_unit) $(TEST_SRC))
PLAIN_OBJ := $(CTL_OBJ) $(LIVE_OBJ) $(VEX_OBJ) $(PORTS_OBJ) $(TEST_OBJ)

PROGRAMS := $(if $(MAIN_pfe),$(B)/vex-pfe) $(if $(MAIN_model),$(B)/vex-model) \
	$(if $(MAIN_vex),$(B)/vex) $(if $(MAIN_re),$(B)/vex-re)
LIBS     := $(if $(CTL_OBJ),$(B)/libvexctl.a) $(if $(LIVE_OBJ),$(B)/libvexlive.a) \
	$(if $(MODEL_OBJ),$(B)/libvexmodel.so $(B)/libvexmodel.a $(B)/include/vexmodel.h)
FUZZERS  := $(patsubst %.c,$(B)/fuzz/%,$(notdir $(filter-out $(ABSENT),$(FUZZ_SRC))))

# ---- Suites: each is a target that leaves $(RESULTS)/NAME.txt (tests/README.md) ---------------------

SUITES := build clang lint unit \
	$(if $(wildcard tests/vectors/run.py),vectors) \
	$(if $(wildcard tests/diff/run.py),diff) \
	$(if $(wildcard tests/system),system) \
	$(if $(FUZZERS),fuzz) san-unit \
	$(if $(wildcard tests/vectors/run.py),san-vectors) \
	$(if $(wildcard tests/diff/run.py),san-diff)

# ---- Flags ---------------------------------------------------------------------------------------

ARCH     := -march=x86-64-v2
WARN     := -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wstrict-prototypes
CORE_OPT := -O3
SAN_OPT  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ifneq ($(SAN),)
override CFLAGS := -O1 -g $(SAN_OPT) -Wno-error=maybe-uninitialized
override LDFLAGS += -fsanitize=address,undefined
CORE_OPT :=
endif
ifneq ($(COV),)
override CFLAGS := -O0 -g --coverage
override LDFLAGS += --coverage
CORE_OPT :=
endif

# Empty, so that a source that defines it too agrees.
CPPFLAGS_ALL := -I. -D_GNU_SOURCE= -MMD -MP
CFLAGS_ALL    = -std=gnu2x $(CFLAGS) $(ARCH) $(WARN)
FUZZ_CFLAGS  := -std=gnu2x -O1 -g $(ARCH) $(WARN) -fPIC $(SAN_OPT)

# Goals that need neither compiler nor libraries; the rest checks for both when it is read.
NO_BUILD := help deps deps-cov clean test demo cov format lint system print-% FORCE
BUILDING := $(filter-out $(NO_BUILD),$(or $(MAKECMDGOALS),all))

ifneq ($(BUILDING),)
ifneq ($(shell pkg-config --exists libdpdk libyang jansson libevent_core libedit libbpf libxdp && echo yes),yes)
$(error libdpdk, libyang, jansson, libevent, libedit, libbpf or libxdp is missing: run `make deps` as root)
endif
ifneq ($(if $(MAKELEVEL:0=),,$(ABSENT)),)
$(info note: listed but absent: $(ABSENT))
endif
DPDK_CFLAGS := $(patsubst -I%,-isystem %,$(filter-out -march=%,$(shell pkg-config --cflags libdpdk)))
DPDK_LIBS   := $(shell pkg-config --libs libdpdk)
XDP_LIBS    := $(shell pkg-config --libs libxdp libbpf)
CTL_CFLAGS  := $(shell pkg-config --cflags libyang jansson)
CTL_LIBS    := $(shell pkg-config --libs libyang jansson)
LIVE_LIBS   := $(shell pkg-config --libs libevent_core) $(CTL_LIBS)
EDIT_LIBS   := $(shell pkg-config --libs libedit)

# What is built depends on these two files; they change only when their contents change.
stamp = $(shell mkdir -p $(B); printf '%s\n' '$(2)' | cmp -s - $(B)/$(1) || printf '%s\n' '$(2)' >$(B)/$(1))
$(call stamp,.flags,$(CC) $(shell $(CC) -dumpfullversion 2>/dev/null || $(CC) -dumpversion) $(CFLAGS_ALL) $(CORE_OPT) $(LDFLAGS) $(DPDK_CFLAGS) $(CTL_CFLAGS))
# A file that moves from one library to another changes both.
$(call stamp,.objects,$(sort $(PFE_OBJ)) : $(sort $(CTL_OBJ)) : $(sort $(LIVE_OBJ)) : $(sort $(PLAIN_OBJ)))
endif

# ---- Build ---------------------------------------------------------------------------------------

.PHONY: all
all: $(PROGRAMS) $(LIBS) $(if $(MAIN_unit),$(B)/unit) ## build every program and library

$(B)/pfe/%.o: %.c $(B)/.flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) -DVEX_DPDK $(DPDK_CFLAGS) $(CTL_CFLAGS) $(CFLAGS_ALL) $(CORE_OPT) -c -o $@ $<

$(B)/model/%.o: %.c $(B)/.flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CTL_CFLAGS) $(CFLAGS_ALL) $(CORE_OPT) -fPIC -c -o $@ $<

$(B)/plain/%.o: %.c $(B)/.flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CTL_CFLAGS) $(CFLAGS_ALL) -fPIC -c -o $@ $<

# Assembler sources embed files (.incbin), which the compiler does not report as dependencies.
$(B)/plain/%.o: %.S $(B)/.flags $(wildcard control/yang/*.yang)
	$(call say,AS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -fPIC -c -o $@ $<

# Programs for the kernel, and the assembler source that embeds them.
.PRECIOUS: $(B)/bpf/%.bpf.o
$(B)/bpf/%.bpf.o: %.bpf.c $(wildcard ports/steer.h)
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -O2 -g -Wall -Wextra -Werror -target bpf -I. -isystem /usr/include/$(shell $(CC) -print-multiarch) -c -o $@ $<

$(B)/pfe/%.o: %.S $(B)/bpf/ports/xdp_steer.bpf.o $(B)/.flags
	$(call say,AS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wa,-I$(B)/bpf -c -o $@ $<

# An archive is made afresh, by appending: members of different folders may share a file name.
define archive
$(call say,AR,$@)
$(Q)rm -f $@
$(Q)ar qcD $@ $(filter %.o,$^)
endef

# -z noexecstack: an assembler source must not make the stack of a whole program executable.
LINK = $(CC) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed -Wl,-z,noexecstack

$(B)/libvexctl.a: $(CTL_OBJ) $(B)/.objects
	$(archive)

# What the processes of a live switch share, and their parent.
$(B)/libvexlive.a: $(LIVE_OBJ) $(B)/.objects
	$(archive)

$(B)/libvexmodel.a: $(MODEL_OBJ) $(CTL_OBJ) $(PORTS_OBJ) $(B)/.objects
	$(archive)

# Only vexmodel_* leaves the shared library.
$(B)/libvexmodel.map: Makefile
	$(Q)mkdir -p $(@D)
	$(Q)printf '{\n\tglobal: vexmodel_*;\n\tlocal: *;\n};\n' >$@

SONAME := libvexmodel.so.0

$(B)/libvexmodel.so: $(MODEL_OBJ) $(CTL_OBJ) $(PORTS_OBJ) $(B)/libvexmodel.map $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -shared $(if $(SAN),,-Wl$(,)-z$(,)defs) -Wl,-soname,$(SONAME) -Wl,--version-script=$(B)/libvexmodel.map \
		-o $@ $(filter %.o,$^) $(CTL_LIBS)
	$(Q)ln -sf $(@F) $(@D)/$(SONAME)

# The model's public header is one file: ops.h stands where model_api.h includes it.
$(B)/include/vexmodel.h: dataplane/model_api.h dataplane/ops.h
	$(Q)mkdir -p $(@D)
	$(Q)sed -e '/#include "dataplane\/ops.h"/{r dataplane/ops.h' -e 'd}' $< >$@

$(B)/vex-pfe: $(B)/pfe/dataplane/main_pfe.o $(PFE_PROGRAM_OBJ) $(PFE_OBJ) $(CTL_OBJ) $(PORTS_OBJ) $(B)/libvexlive.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(DPDK_LIBS) $(XDP_LIBS) $(CTL_LIBS)

$(B)/vex-model: $(B)/model/dataplane/main_model.o $(MODEL_PROGRAM_OBJ) $(B)/libvexmodel.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(CTL_LIBS)

$(B)/vex: $(B)/plain/control/main_vex.o $(VEX_OBJ) $(PORTS_OBJ) $(B)/libvexlive.a $(B)/libvexctl.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIVE_LIBS) $(EDIT_LIBS)

$(B)/vex-re: $(B)/plain/control/main_re.o $(PORTS_OBJ) $(B)/libvexlive.a $(B)/libvexctl.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIVE_LIBS)

# Stands for vex-pfe in the tests of the supervisor.
$(B)/tests/vex-pfe: $(B)/plain/tests/live/fake_pfe.o $(B)/libvexlive.a $(B)/libvexctl.a $(PORTS_OBJ) $(B)/.objects
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIVE_LIBS)

# A real vex-pfe under a control side that is a program of its own.
$(B)/perf/ops-rate: $(B)/plain/perf/ops_rate.o
$(B)/tests/ops-storm: $(B)/plain/tests/live/ops_storm.o $(B)/libvexmodel.a
$(B)/tests/ops-long: $(B)/plain/tests/live/ops_long.o
$(B)/perf/ops-rate $(B)/tests/ops-storm $(B)/tests/ops-long: $(B)/plain/tests/live/pfe_host.o $(B)/libvexlive.a $(B)/libvexctl.a $(PORTS_OBJ) $(B)/.objects
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIVE_LIBS)

$(B)/diff-model: $(B)/model/tests/diff/diff.o $(B)/libvexmodel.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(CTL_LIBS)

$(B)/diff-pfe: $(B)/pfe/tests/diff/diff.o $(PFE_OBJ) $(CTL_OBJ) $(PORTS_OBJ) $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o,$^) $(DPDK_LIBS) $(CTL_LIBS)

$(B)/unit: $(TEST_OBJ) $(B)/libvexlive.a $(B)/libvexmodel.a $(B)/.objects
	$(call say,LINK,$@)
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) $(LIVE_LIBS) -lcunit

# ---- Fuzz programs: everything again, instrumented, by clang ---------------------------------------

FUZZ_LIB_OBJ := $(patsubst $(B)/%,$(B)/fuzz/%,$(MODEL_OBJ) $(CTL_OBJ) $(PORTS_OBJ))
FUZZ_OBJ     := $(addprefix $(B)/fuzz/plain/,$(addsuffix .o,$(basename $(filter-out $(ABSENT),$(FUZZ_SRC)))))

define compile-fuzz
$(call say,CC,$@)
$(Q)mkdir -p $(@D)
$(Q)$(CLANG) $(CPPFLAGS_ALL) $(CTL_CFLAGS) $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<
endef

$(B)/fuzz/model/%.o: %.c $(B)/.flags
	$(compile-fuzz)

$(B)/fuzz/plain/%.o: %.c $(B)/.flags
	$(compile-fuzz)

$(B)/fuzz/plain/%.o: %.S $(B)/.flags $(wildcard control/yang/*.yang)
	$(call say,AS,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -I. -MMD -MP -fPIC -c -o $@ $<

$(B)/fuzz/libvexfuzz.a: $(FUZZ_LIB_OBJ) $(B)/.objects
	$(archive)

define fuzzer
$(B)/fuzz/$(notdir $(1:.c=)): $(B)/fuzz/plain/$(1:.c=.o) $(B)/fuzz/libvexfuzz.a
	$$(call say,LINK,$$@)
	$$(Q)$$(CLANG) $$(FUZZ_CFLAGS) -fsanitize=fuzzer -Wl,--as-needed -o $$@ $$^ $$(CTL_LIBS)
endef
$(foreach f,$(filter-out $(ABSENT),$(FUZZ_SRC)),$(eval $(call fuzzer,$(f))))

-include $(patsubst %.o,%.d,$(PFE_OBJ) $(MODEL_OBJ) $(PFE_PROGRAM_OBJ) $(MODEL_PROGRAM_OBJ) $(PLAIN_OBJ) $(FUZZ_LIB_OBJ) $(FUZZ_OBJ) \
	$(B)/pfe/dataplane/main_pfe.o $(B)/model/dataplane/main_model.o $(B)/plain/control/main_vex.o \
	$(B)/plain/control/main_re.o $(B)/plain/tests/live/fake_pfe.o $(B)/plain/tests/live/pfe_host.o \
	$(B)/plain/tests/live/ops_storm.o $(B)/plain/tests/live/ops_long.o $(B)/plain/perf/ops_rate.o \
	$(B)/pfe/tests/diff/diff.o $(B)/model/tests/diff/diff.o)

# ---- Packages ------------------------------------------------------------------------------------

# $(call install-packages,LIST): asks dpkg first; apt-get runs only when something is missing.
define install-packages
@missing=$$(for p in $(1); do \
	dpkg-query -W -f '$${Status}\n' $$p 2>/dev/null | grep -qx 'install ok installed' || echo $$p; done); \
[ -z "$$missing" ] && exit 0; \
if [ "$$(id -u)" != 0 ]; then \
	echo "make deps: these packages are missing:" $$missing >&2; \
	echo "make deps: run 'sudo make deps', or as root: apt-get install --no-install-recommends" $$missing >&2; \
	exit 1; \
fi; \
echo "  APT  " $$missing; \
export DEBIAN_FRONTEND=noninteractive; \
apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing
endef

.PHONY: deps deps-cov
deps: ## install the Debian 12 packages that build and tests need (as root)
	$(call install-packages,$(DEPS_BUILD) $(DEPS_TEST))

deps-cov: deps
	$(call install-packages,$(DEPS_COV))

# ---- Tests ---------------------------------------------------------------------------------------

# Sub-makes run in parallel unless the caller chose a number of jobs.
J      = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))
SUITE := VEX_BUILD=$(B) $(PY) tests/run.py suite

export ASAN_OPTIONS  ?= detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS ?= print_stacktrace=1

.PHONY: test build clang unit vectors diff system fuzz lint format san cov bench demo
test: deps ## everything that CI runs; the last line counts all tests
	+@$(PY) tests/run.py all --make '$(MAKE) $(J) --no-print-directory' $(SUITES)

build: # the whole build, as one test of `make test`
	+@$(SUITE) $(S)build -- $(MAKE) $(J) --no-print-directory all

clang: # the same with the other compiler
	+@$(SUITE) clang -- $(MAKE) $(J) --no-print-directory CC=$(CLANG) BUILD=build/clang all

unit: $(B)/unit ## CUnit suites; `build/unit -l` lists them
	@$(SUITE) $(S)unit -- $(B)/unit

vectors: $(PROGRAMS) $(LIBS) ## replay every vector folder through both programs
	@$(SUITE) $(S)vectors -- $(PY) tests/vectors/run.py

diff: $(B)/diff-model $(if $(VARIANT),,$(B)/diff-pfe) $(B)/vex ## random configurations and packets: both builds against each other
	@$(SUITE) $(S)diff -- $(PY) tests/diff/run.py

system: ## pytest over the programs, with scapy and network namespaces
	+@$(MAKE) $(J) --no-print-directory all $(B)/tests/vex-pfe $(B)/tests/ops-storm $(B)/tests/ops-long $(B)/perf/ops-rate
	@VEX_BUILD=$(B) $(PY) tests/run.py pytest $(S)system -- tests/system

fuzz: $(FUZZERS) ## every fuzz target over its corpus, then FUZZ_TIME seconds
	@$(SUITE) fuzz -- $(PY) tests/fuzz/run.py --time $(FUZZ_TIME) $(FUZZERS)

lint: ## style and architecture rules, and the tests of the linter
	+@-$(MAKE) $(J) -s --no-print-directory $(B)/libvexmodel.a $(B)/include/vexmodel.h >/dev/null 2>&1
	@$(SUITE) $(S)lint -- $(PY) tests/lint/run.py

format: ## run clang-format over all C sources
	$(Q)find $(wildcard $(FOLDERS)) -name '*.[ch]' -print0 | xargs -0 -r $(CLANG_FORMAT) -i

san: san-unit $(filter san-vectors san-diff,$(SUITES)) ## unit, vectors and diff under ASan and UBSan

.PHONY: san-unit san-vectors san-diff
san-unit san-vectors san-diff: san-%:
	+@$(MAKE) $(J) --no-print-directory SAN=1 $*

cov: deps-cov ## line coverage of unit, vectors and diff, by file
	+@-$(MAKE) $(J) --no-print-directory COV=1 unit
	$(if $(filter vectors,$(SUITES)),+@-$(MAKE) $(J) --no-print-directory COV=1 vectors)
	$(if $(filter diff,$(SUITES)),+@-$(MAKE) $(J) --no-print-directory COV=1 diff)
	@gcovr --root . --object-directory build/cov --exclude '.*_(test|fuzz)\.c' --exclude 'tests/.*' \
		--print-summary --txt build/cov/coverage.txt && cat build/cov/coverage.txt

bench: all ## measure packets/s of both programs
	@VEX_BUILD=$(B) perf/run.sh

demo: deps ## install, build, and run a live switch between three hosts (the offline one without root)
	+@$(MAKE) $(J) -s --no-print-directory all
	@VEX_BUILD=$(B) tests/demo/run.sh

# ---- Housekeeping --------------------------------------------------------------------------------

.PHONY: help clean install FORCE
help: ## this text
	@echo 'vEX: a virtual EX4400 Ethernet switch. Targets:'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | sort | \
		awk -F '\t' '{ printf "  make %-9s %s\n", $$1, $$2 }'
	@echo 'Variables (value now):'
	@printf '  %-9s %s\n' CC '$(CC)   the compiler of everything but the fuzz programs' \
		CFLAGS '$(CFLAGS)' LDFLAGS '$(LDFLAGS)' \
		SAN '$(SAN)   1: AddressSanitizer and UBSan, tree build/san' \
		COV '$(COV)   1: gcov, tree build/cov' V '$(V)   1: print whole commands' \
		BUILD '$(B)   where results go' FUZZ_TIME '$(FUZZ_TIME)   seconds for each fuzz target' \
		JOBS '$(JOBS)   parallel jobs of test, demo, lint' \
		PREFIX '$(PREFIX)' DESTDIR '$(DESTDIR)' \
		CI '$(CI)   true: a skip that tests/allowed-skips.txt does not list is a failure'

install: all ## install programs, libraries and the model's header under DESTDIR PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(UNITDIR)
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(B)/libvexmodel.so $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libvexmodel.so
	install -m 644 $(B)/libvexmodel.a $(DESTDIR)$(PREFIX)/lib
	install -m 644 $(B)/include/vexmodel.h $(DESTDIR)$(PREFIX)/include
	sed 's,@bindir@,$(PREFIX)/bin,' control/systemd/vex@.service.in >$(DESTDIR)$(UNITDIR)/vex@.service

clean: ## remove build/
	rm -rf build

# For tests/lint: `make -s print-CORE_SRC`.
print-%: FORCE
	@printf '%s\n' '$($*)'
