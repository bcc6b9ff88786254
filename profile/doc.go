// Package profile captures Go profiles of the running process and summarises
// profile files of any origin.
package profile
