"""The record of a session: the heading of the table, the notes under it, and the file with all figures."""

import dataclasses
import datetime
import importlib.metadata
import json
import pathlib
import platform
import subprocess

import table
from sitting import ROOT, Sitting

PACKAGES = ("torch", "lightning", "torchmetrics", "torchvision", "jax", "optax", "numpy", "tensorboard",
            "tensorboard-data-server", "tensorboardX", "tbparse", "safetensors")


def heading(sitting: Sitting) -> str:
    packages = ", ".join([f"Python {platform.python_version()}", *map(" ".join, versions().items())])
    return "\n".join([
        "# Levin beside its peers", "",
        f"{datetime.datetime.now():%Y-%m-%d %H:%M}, commit {commit()}; {processor()}, {sitting.cores} cores,"
        f" {platform.system()} {platform.release()}; rounds: {sitting.rounds}.",
        "A figure is the median over all rounds, a ratio that of two medians.", "",
        f"{packages}.", ""])


def notes(sitting: Sitting, section: str) -> list[str]:
    latencies = [table.time(taken / 1e9) for taken in sitting.latencies.get(section, ())]
    lines = [f"Fork-join latency, round by round: {', '.join(latencies)}."] if latencies else []
    lines += sitting.remarks.get(section, [])
    lines += [f"{series.split('/', 1)[1]} failed: {text}." for series, text in sitting.failures.items()
              if series.startswith(section + "/")]
    return lines


def save(sitting: Sitting, rows: dict[str, list[table.Row]]) -> pathlib.Path:
    now = datetime.datetime.now()
    path = ROOT / ".build" / "bench" / f"{now:%Y-%m-%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({
        "date": now.astimezone().isoformat(timespec="seconds"), "commit": commit(), "rounds": sitting.rounds,
        "quick": sitting.quick, "processor": processor(), "cores": sitting.cores, "system": platform.platform(),
        "versions": versions(), "fork_join_nanoseconds": sitting.latencies, "samples": sitting.samples,
        "reports": sitting.reports, "failures": sitting.failures,
        "rows": {name: [dataclasses.asdict(row) for row in some] for name, some in rows.items()},
    }, indent=1, ensure_ascii=False) + "\n")
    return path.relative_to(ROOT)


def versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def commit() -> str:
    """The short hash, with a plus if the tree has changes; `unknown` outside a repository."""
    def git(*arguments):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    try:
        return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def processor() -> str:
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
