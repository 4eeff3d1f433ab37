"""Runs a program and returns how long it took, its peak memory, and what it reported."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

# Variables that users may have set for other reasons, and that would affect the measurements.
NOT_PASSED_ON = (
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE",
    "XLA_FLAGS", "LEVIN_THREADS")
# Peers use only the CPU, and print little.
PASSED_ON = {
    "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
# In ru_maxrss; macOS counts bytes.
BYTES_IN_UNIT = 1 if sys.platform == "darwin" else 1024


class Failure(Exception):
    """A program did not do its work; the message is one line."""


@dataclasses.dataclass
class Finished:
    """A program that ended well."""
    seconds: float
    peak_bytes: int
    output: str

    def report(self) -> dict:
        """The last line of JSON that it printed, in the form of levin-bench."""
        return self.reports()[-1]

    def reports(self) -> list[dict]:
        """All reports; there is at least one."""
        found = [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]
        if not found:
            raise Failure("it printed no report")
        return found


def environment() -> dict:
    return {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON} | PASSED_ON


def run(command: list, folder: pathlib.Path, limit: float = 900) -> Finished:
    """Runs `command` in `folder`, for `limit` seconds at most. The peak memory is that of the process, without its children.

    The peak includes this process's own size, which the kernel counts for a child before it becomes another program;
    so nothing large may be imported here.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        try:
            process = subprocess.Popen([str(word) for word in command], cwd=folder, env=environment(),
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        except OSError as error:
            raise Failure(f"it could not be started: {error.strerror}") from error
        alarm = threading.Timer(limit, process.kill)
        alarm.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            alarm.cancel()
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            late = f" after more than {limit:.0f} s" if seconds >= limit else ""
            raise Failure(f"exit status {process.returncode}{late}: {complaint(text(errors))}")
        return Finished(seconds, usage.ru_maxrss * BYTES_IN_UNIT, text(output))


def text(file) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def complaint(errors: str) -> str:
    """The line of standard error that says most: the first with `Error:` in it, else the last."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower()]
    return (telling or lines or ["it said nothing"])[0 if telling else -1][:160]
