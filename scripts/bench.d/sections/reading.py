"""Reading scalars from event files, one curve of 100,000 and one of 1,000,000 points; all files are in the page cache."""

import pathlib

import programs
from sitting import Sitting
from table import Row, faster

NAME = "reading"
TITLE = "Reading event files"
SERVER = "TensorBoard's Rust data server"


def counts(sitting: Sitting) -> list[int]:
    return [100_000] if sitting.quick else [100_000, 1_000_000]


def measure(sitting: Sitting, turn: int):
    if sitting.quick:
        sitting.remark("--quick leaves out the curve of a million points.")
    for count in counts(sitting):
        folder = sitting.folder / f"curve-{count}"
        if turn == 1:
            try:
                programs.run(sitting.peer("make_curve.py", folder, count), sitting.folder)
            except programs.Failure as failure:
                sitting.failures[f"reading/making the curve of {count:,}"] = str(failure)
        if folder.exists():
            read(sitting, turn, count, folder)


def read(sitting: Sitting, turn: int, count: int, folder: pathlib.Path):
    report = sitting.report(f"reading/Levin {count:,}", sitting.bench("read", folder, "--count", 5))
    if report and report["details"]["points"] != count:
        sitting.remark(f"Levin found {report['details']['points']:,.0f} points instead of {count:,}.")
    sitting.report(f"reading/{SERVER} {count:,}", sitting.peer("read_server.py", folder, count))
    sitting.whole(f"reading/levin-bench read, whole {count:,}", sitting.bench("read", folder, "--count", 1))
    sitting.whole(f"reading/levin events export, whole {count:,}",
                  [sitting.programs / "levin", "events", "export", "--csv", folder])
    # A million points take Python minutes; once is enough.
    if turn == 1 or count <= 100_000:
        for script, name in (("read_accumulator.py", "EventAccumulator"), ("read_tbparse.py", "tbparse")):
            sitting.report(f"reading/{name} {count:,}", sitting.peer(script, folder, count))
    if count > 100_000:
        sitting.remark(f"EventAccumulator and tbparse read the {count:,} points once, not in every round.")


def rows(sitting: Sitting) -> list[Row]:
    sitting.remark(f"The time of {SERVER} runs from its start until its client holds all points;"
                   " that of EventAccumulator and tbparse is without the start of Python and their imports.")
    found = []
    for count in counts(sitting):
        def median(name):
            return sitting.median(f"reading/{name} {count:,}")
        levin = median("Levin")
        found += [faster(f"{count:,} scalars", levin, name, median(name), goal)
                  for name, goal in ((SERVER, 3), ("EventAccumulator", None), ("tbparse", None))]
        found += [
            faster(f"{count:,}, `levin-bench read` from start to end", median("levin-bench read, whole"), SERVER,
                   median(SERVER), 3),
            faster(f"{count:,}, `levin events export --csv` from start to end", median("levin events export, whole"),
                   SERVER, median(SERVER)),
        ]
    return found
