package tui

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
)

// shotName is the subcommand that takes pictures for the documentation. It is for the
// project itself and in no help.
const shotName = "screenshot"

// cmdShot measures a script as the full screen does and writes pictures of the screen.
func cmdShot(ctx context.Context, s streams, args []string) int {
	var f benchFlags
	var series seriesFlags
	fs := newFlagSet(shotName, "[flags] -o FILE.svg | -o FILE.txt SCRIPT", "Writes a picture of the full screen.", s)
	f.register(fs, 0, "")
	series.register(fs)
	out := fs.String("o", "", "`FILE` that ends with .svg or .txt")
	size := fs.String("size", "120x36", "`WIDTHxHEIGHT` in cells")
	keys := fs.String("keys", "", "`KEYS` to press at the end, with blanks between")
	file, code, ok := f.parse(fs, args, s)
	if !ok {
		return code
	}
	text, h, _ := strings.Cut(*size, "x")
	width, err := strconv.Atoi(text)
	height, err2 := strconv.Atoi(h)
	if err != nil || err2 != nil || width < 20 || height < 5 || width > 400 || height > 200 {
		fmt.Fprintf(s.err, "rhai-tui %s: --size wants WIDTHxHEIGHT such as 120x36\n", shotName)
		return exitUsage
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, shotName, file, err)
	}
	opts := ui.Options{
		Config: cfg, Theme: "dark", Packages: packagesOfHost(), Files: scriptFiles(), Start: measureWith(series.series(cfg)),
	}
	shot, err := ui.TakeShot(ctx, opts, width, height, strings.Fields(*keys))
	if err != nil {
		return ended(ctx, s, shotName, err)
	}
	picture := shot.Text()
	if strings.HasSuffix(*out, ".svg") {
		picture = shot.SVG()
	}
	if *out == "" {
		fmt.Fprint(s.out, picture)
		return exitOK
	}
	if err := os.WriteFile(*out, []byte(picture), 0o644); err != nil {
		fmt.Fprintf(s.err, "rhai-tui %s: cannot write %s: %s\n", shotName, *out, reason(err))
		return exitInternal
	}
	return exitOK
}
