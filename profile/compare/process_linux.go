package compare

import (
	"os/exec"
	"syscall"
)

// bindLife makes the kernel kill the worker when this process dies, however it
// dies.
func bindLife(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
