// Package goprof captures Go profiles of the running process and summarises
// profile files of any origin.
package goprof
