"""The tutorial's whole run as one process; the cost of the Trainer; an epoch while another process occupies a core."""

import programs
from sitting import Sitting
from table import FAILED, Row, at_most, faster, megabytes, number, percent, smaller

NAME = "process"
TITLE = "The whole run as one process: five epochs with validation, then the test"
TUTORIAL = "process/Lightning, the tutorial"


def variants(sitting: Sitting, program: str) -> dict[str, int]:
    """Series and their thread counts."""
    return {f"process/{program}, {count} thread{'s' * (count > 1)}": count for count in sorted({1, sitting.cores})}


def measure(sitting: Sitting, turn: int):
    sitting.whole("process/Levin", [sitting.programs / "digits"])
    for series, threads in variants(sitting, "Lightning at its best").items():
        sitting.whole(series, sitting.peer("lightning_best.py", threads))
    for series, threads in variants(sitting, "PyTorch loop").items():
        sitting.whole(series, sitting.peer("torch_run.py", threads))
    sitting.whole("process/JAX scan", sitting.peer("jax_run.py"))
    if turn == 1:
        tutorial(sitting)
    sitting.report("process/fit", sitting.bench("fit", "--count", 1 if sitting.quick else 2))
    sitting.report("process/contended", sitting.bench("contended"))


def tutorial(sitting: Sitting):
    """Run once in a session, because it takes more than a minute."""
    if sitting.quick:
        return sitting.remark("Lightning as the tutorial has it takes more than a minute; --quick leaves it out.")
    root = sitting.folder / "torchvision"
    try:
        programs.run(sitting.peer("unpack_mnist.py", root), sitting.folder)
    except programs.Failure as failure:
        sitting.failures[TUTORIAL] = str(failure)
        return
    sitting.whole(TUTORIAL, sitting.peer("lightning_tutorial.py", root))
    sitting.remark("Lightning as the tutorial has it was run once, not in every round.")


def rows(sitting: Sitting) -> list[Row]:
    median = sitting.median
    levin, memory = median("process/Levin"), median("process/Levin memory")
    lightning = sitting.fastest([*variants(sitting, "Lightning at its best")])
    loop = sitting.fastest([*variants(sitting, "PyTorch loop")])
    what = "`digits`, start to end"
    tutorials = [] if sitting.quick else [faster(what, levin, "Lightning, the tutorial", median(TUTORIAL), 60)]
    return [
        at_most(what, levin, 1.3),
        faster(what, levin, name(lightning), median(lightning), 13),
        *tutorials,
        faster(what, levin, name(loop), median(loop)),
        faster(what, levin, "JAX scan", median("process/JAX scan"), 6),
        at_most("peak memory", memory, 150e6, megabytes),
        smaller("peak memory", memory, name(lightning), median(lightning + " memory"), write=megabytes, shown=percent),
        smaller("peak memory", memory, name(loop), median(loop + " memory"), write=megabytes, shown=percent),
        smaller("peak memory", memory, "JAX scan", median("process/JAX scan memory"), write=megabytes, shown=percent),
        at_most("epoch by the Trainer, against a bare loop",
                sitting.details("process/fit", "against_bare"), 1.05, over),
        at_most("epoch while a core is taken away, against one thread",
                sitting.details("process/contended", "against_one_thread"), 1.3, over),
    ]


def name(series: str) -> str:
    return series.split("/", 1)[1]


def over(ratio: float | None) -> str:
    """1.05 as `1.05×`."""
    return FAILED if ratio is None else f"{number(ratio)}×"
