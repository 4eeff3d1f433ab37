"""One session of measurements: its folders, its rounds, and the resulting figures."""

import os
import pathlib
import statistics
import sys
import tempfile

import programs

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def say(text: str):
    """Prints a line about the progress; standard output is for the table."""
    print(text, file=sys.stderr, flush=True)


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Sitting:
    """Figures are kept in series: a name, and samples from all rounds. A series that failed once is left out afterwards."""

    def __init__(self, folder: pathlib.Path, rounds: int, quick: bool):
        self.folder, self.rounds, self.quick = folder, rounds, quick
        self.cores = processors()
        self.programs = pathlib.Path(os.environ["LEVIN_BENCH_PROGRAMS"])
        self.mnist = pathlib.Path(os.environ.get("LEVIN_MNIST") or ROOT / "MNIST" / "raw").resolve()
        os.environ["LEVIN_MNIST"] = str(self.mnist)
        self.section = ""
        self.samples: dict[str, list[float]] = {}
        self.reports: dict[str, list[dict]] = {}
        self.tables: dict[str, dict[str, None]] = {}
        self.failures: dict[str, str] = {}
        self.remarks: dict[str, list[str]] = {}
        self.latencies: dict[str, list[float]] = {}

    def begin(self, section: str):
        self.section = section

    def remark(self, text: str):
        """Adds a line under the section's table, once."""
        lines = self.remarks.setdefault(self.section, [])
        if text not in lines:
            lines.append(text)

    def bench(self, *arguments) -> list:
        return [self.programs / "levin-bench", *arguments]

    def peer(self, script: str, *arguments) -> list:
        return [sys.executable, HERE / "peers" / script, *arguments]

    def take_latency(self) -> float | None:
        """The current fork-join latency in seconds."""
        try:
            nanoseconds = programs.run(self.bench("latency"), self.folder).report()["median"]
        except programs.Failure as failure:
            self.failures["latency"] = str(failure)
            return None
        self.latencies.setdefault(self.section, []).append(nanoseconds)
        return nanoseconds / 1e9

    def latency(self) -> float | None:
        """The section's median in nanoseconds."""
        taken = self.latencies.get(self.section)
        return statistics.median(taken) if taken else None

    def is_slow(self) -> bool:
        """Whether the cores were so far apart that the lower goals apply."""
        return (self.latency() or 0) > 300

    def report(self, series: str, command: list) -> dict | None:
        """Runs a program that measures itself and adds its samples to the series."""
        finished = self._turn(series, lambda: programs.run(command, self.folder).report())
        if finished:
            self.samples.setdefault(series, []).extend(map(float, finished["samples"]))
            self.reports.setdefault(series, []).append(finished)
        return finished

    def reports_of(self, series: str, command: list):
        """Runs a program that prints one report per row; a row's samples are the series `series/row`."""
        for report in self._turn(series, lambda: programs.run(command, self.folder).reports()) or ():
            row = report["benchmark"]
            self.tables.setdefault(series, {})[row] = None
            self.samples.setdefault(f"{series}/{row}", []).extend(map(float, report["samples"]))

    def whole(self, series: str, command: list) -> programs.Finished | None:
        """Runs a program from start to end in a new folder; its time and its peak memory are series."""
        finished = self._turn(series, lambda: programs.run(command, pathlib.Path(tempfile.mkdtemp(dir=self.folder))))
        if finished:
            self.add(series, finished.seconds)
            self.add(series + " memory", finished.peak_bytes)
        return finished

    def add(self, series: str, *samples: float):
        self.samples.setdefault(series, []).extend(samples)

    def median(self, series: str) -> float | None:
        taken = self.samples.get(series)
        return statistics.median(taken) if taken else None

    def details(self, series: str, name: str) -> float | None:
        """The median of a detail over the reports of a series."""
        taken = [float(report["details"][name]) for report in self.reports.get(series, ())
                 if name in report.get("details", {})]
        return statistics.median(taken) if taken else None

    def fastest(self, series: list[str]) -> str:
        """The series with the smallest median; the first if none has one."""
        measured = [name for name in series if self.samples.get(name)]
        return min(measured, key=self.median) if measured else series[0]

    def _turn(self, series: str, work):
        if series in self.failures:
            return None
        say(f"  {series.split('/', 1)[-1]}")
        try:
            return work()
        except (programs.Failure, ValueError, KeyError) as failure:
            self.failures[series] = str(failure)
            say(f"  {series} failed: {failure}")
            return None
