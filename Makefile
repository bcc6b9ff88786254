.PHONY: test race check bench fuzz arm64

# Pictures of the full screen for the documentation, made by the program itself.
.PHONY: screenshots
screenshots:
	go run ./cmd/rhai-tui screenshot -o docs/compare.svg example:pricing
	go run ./cmd/rhai-tui screenshot -o docs/compare.txt example:pricing

# What the strategies cost, for docs/findings.md: on a machine that does nothing else.
.PHONY: findings
findings:
	go build -o bin/rhai-tui ./cmd/rhai-tui
	RHAI_TUI=$(CURDIR)/bin/rhai-tui docs/findings/measure.sh

test:
	go test ./...

race:
	go test -race -short ./...

check:
	.ci/run

# The tests of what runs scripts, for arm64 on another processor: needs qemu-aarch64-static
# of qemu-user-static. Short, as emulation takes ten times as long and more.
QEMU ?= qemu-aarch64-static
ARM64 ?= ./engine/... ./packages ./internal/float
arm64:
	GOARCH=arm64 CGO_ENABLED=0 go test -short -timeout 60m -exec $(QEMU) $(ARM64)

# Benchmarks of the engine, ready for benchstat.
bench:
	go test ./engine -run '^$$' -bench . -count 10 | tee bench.txt

# With which power of n the time of scripts grows from n to 8n: 1 is in proportion. Processor
# time, as collections wait for a processor on a busy machine, and only large n has many.
.PHONY: growth
growth:
	go test ./engine -run '^$$' -bench '^BenchmarkGrowth$$' -benchtime 1x
	cd bench && go run . -growth -cpu -rounds 3

fuzz:
	go test ./engine -run '^$$' -fuzz FuzzRun -fuzztime 2m
	go test ./engine/syntax -run '^$$' -fuzz FuzzParse -fuzztime 2m

# The same work on other script engines.
.PHONY: bench-peers
bench-peers:
	-.ci/peers
	cd bench && go run .

# The profile that go build uses for cmd/rhai-tui: of all benchmark scripts.
.PHONY: pgo
pgo:
	go test ./engine -run '^$$' -bench Scripts -benchtime 2x -cpuprofile cmd/rhai-tui/default.pgo -o /dev/null

# Expressions, as rules engines evaluate them.
.PHONY: bench-expressions
bench-expressions:
	cd bench && go test -run '^$$' -bench Expressions
