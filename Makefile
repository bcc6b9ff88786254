.PHONY: test race check bench fuzz

test:
	go test ./...

race:
	go test -race -short ./...

check:
	.ci/run

# Benchmarks of the engine, ready for benchstat.
bench:
	go test ./engine -run '^$$' -bench . -count 10 | tee bench.txt

fuzz:
	go test ./engine -run '^$$' -fuzz FuzzRun -fuzztime 2m
	go test ./engine/syntax -run '^$$' -fuzz FuzzParse -fuzztime 2m

# The same work on other script engines.
.PHONY: bench-peers
bench-peers:
	cd bench && go run .

# The profile that go build uses for cmd/rhai-tui: of all benchmark scripts.
.PHONY: pgo
pgo:
	go test ./engine -run '^$$' -bench Scripts -benchtime 2x -cpuprofile cmd/rhai-tui/default.pgo -o /dev/null
