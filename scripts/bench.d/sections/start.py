"""`levin --help` and an empty program with Foundation, which is compiled in the session."""

import os
import pathlib
import time

import programs
from sitting import Sitting
from table import Row, smaller

NAME = "start"
TITLE = "The start of a program"
EMPTY = "import Foundation\nprint(ProcessInfo.processInfo.processName)\n"
STARTS = 20


def measure(sitting: Sitting, turn: int):
    empty = sitting.folder / "empty"
    if turn == 1:
        source = sitting.folder / "empty.swift"
        source.write_text(EMPTY)
        try:
            programs.run(["swiftc", "-O", source, "-o", empty], sitting.folder)
        except programs.Failure as failure:
            sitting.failures["start/the empty program"] = str(failure)
    commands = {"start/Levin": [sitting.programs / "levin", "--help"], "start/the empty program": [empty]}
    for time_counts in [False] + [True] * STARTS:
        for series, command in commands.items():
            if series in sitting.failures:
                continue
            try:
                taken = seconds(command)
            except (programs.Failure, OSError) as failure:
                sitting.failures[series] = str(failure)
                continue
            if time_counts:
                sitting.add(series, taken)


def seconds(command: list[str | pathlib.Path]) -> float:
    """The time from start to end, with as little overhead as possible."""
    words = [os.fspath(word) for word in command]
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    _, status = os.waitpid(os.posix_spawn(words[0], words, programs.environment(), file_actions=nowhere), 0)
    taken = time.perf_counter() - start
    if status != 0:
        raise programs.Failure(f"it ended with status {status}")
    return taken


def rows(sitting: Sitting) -> list[Row]:
    return [smaller("`levin --help`", sitting.median("start/Levin"), "empty program with Foundation",
                    sitting.median("start/the empty program"), 1.3)]
