# SPDX-License-Identifier: Apache-2.0
# A front door for fingers used to make: `make VERB` is `./x VERB`.
VERBS := run build web test e2e bench asan tsan shake malloc fault crash fuzz cover tidy fmt bare help clean install-deps

.DEFAULT_GOAL := build
.PHONY: $(VERBS) check
$(VERBS):
	@./x $@
check: test
