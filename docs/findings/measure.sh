#!/bin/sh
# Measures every strategy against global for each script of this directory, with one
# caller, as many as there are processors, and twice as many. RHAI_TUI is the program.
set -eu
cd "$(dirname "$0")"
program=${RHAI_TUI:-rhai-tui}
cores=$(getconf _NPROCESSORS_ONLN)
callers=$(printf '1\n%s\n%s\n' "$cores" "$((2 * cores))" | sort -nu | paste -sd, -)
for script in tiny small long garbage; do
	for strategy in raw pool goroutine new bound; do
		"$program" compare "$script.rhai" --call 'work(x)' --strategies "global,$strategy" \
			--callers "$callers" --processes 5 --rounds 15 > "$script-$strategy.txt"
	done
done
