package tui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

// fetchTimeout bounds how long an address may take: profiles of a time come when it is over.
const fetchTimeout = 5 * time.Minute

// openProfile opens what an argument names: a file, - for the standard input, an address, or
// a script, which is profiled under the name as.
func openProfile(ctx context.Context, s streams, arg, as string) (*view.Data, error) {
	switch {
	case arg == "-":
		d, err := view.Read(s.in)
		if err != nil {
			return nil, fmt.Errorf("the standard input: %w", err)
		}
		return d, nil
	case strings.HasPrefix(arg, "http://"), strings.HasPrefix(arg, "https://"):
		return fetchProfile(ctx, arg)
	case strings.HasPrefix(arg, examplePrefix), strings.HasSuffix(arg, ".rhai"):
		p, err := exactProfile(ctx, s, arg, as)
		if err != nil {
			return nil, err
		}
		return view.New(p)
	}
	d, err := view.Open(arg)
	if err != nil {
		return nil, fmt.Errorf("cannot open %w", namely(arg, err))
	}
	return d, nil
}

// namely is an error that begins with the name of the file.
func namely(file string, err error) error {
	if strings.HasPrefix(err.Error(), file+": ") {
		return err
	}
	return fmt.Errorf("%s: %s", file, reason(err))
}

// fetchProfile gets a profile from an address, such as that of net/http/pprof.
func fetchProfile(ctx context.Context, address string) (*view.Data, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("%s is no address", address)
	}
	if path := strings.TrimSuffix(u.Path, "/"); path == "" || path == "/debug/pprof" {
		return nil, fmt.Errorf("%s lists profiles: name one of them, such as %s://%s/debug/pprof/heap or …/profile?seconds=5", address, u.Scheme, u.Host)
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		line, _ := bufio.NewReader(io.LimitReader(resp.Body, 400)).ReadString('\n')
		return nil, fmt.Errorf("%s: %s", u.Redacted(), plainText(resp.Status+" "+strings.TrimSpace(line)))
	}
	d, err := view.Read(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	return d, nil
}

// titleOf is the name of a profile for people.
func titleOf(arg string) string {
	if u, err := url.Parse(arg); err == nil && u.Host != "" {
		return u.Host + u.Path
	}
	return filepath.Base(arg)
}

// plainText replaces control characters, which could drive the terminal.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
