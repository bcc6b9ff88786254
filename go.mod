module github.com/rhai-tui/rhai-tui

go 1.26
