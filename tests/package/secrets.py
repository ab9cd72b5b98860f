"""make-secrets at a terminal: what it asks again, and whether the terminal shows what is typed afterwards."""

import fcntl
import os
import pty
import subprocess
import sys
import termios

QUESTION = b"account main: "


def typing(*answers):
    """The exit code of a run that is given one answer after each question, and whether the terminal echoes then."""
    controlling, terminal = pty.openpty()

    def own_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    with subprocess.Popen(
        sys.argv[1:3], stdin=terminal, stdout=subprocess.DEVNULL, stderr=terminal, preexec_fn=own_terminal
    ) as asking:
        said = b""
        for number, answer in enumerate(answers, 1):
            while said.count(QUESTION) < number:
                said += os.read(controlling, 4096)
            os.write(controlling, answer)
        code = asking.wait(timeout=60)
    return code, bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def expect(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: {found} instead of {expected}")


expect(typing(b"\x03"), (130, True), "Ctrl-C")
expect(typing(b"\n", b"\x04"), (1, True), "the end of the input behind an empty answer")
expect(typing(b"\n", b"typed\n"), (0, True), "an answer behind an empty one")
