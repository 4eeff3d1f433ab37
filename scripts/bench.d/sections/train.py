"""A training epoch of the tutorial's model (784-128-64-10): 750 steps of 64 images, Adam."""

from sitting import Sitting
from table import Row, at_least, faster

NAME = "train"
TITLE = "A training epoch"
# Floating-point operations of the products of an epoch.
OPERATIONS = 29_081_600.0 * 750
ADAMS = ("plain", "foreach", "fused")


def torch_series(threads: int) -> list[str]:
    return [f"train/PyTorch, {kind} Adam, {threads} thread{'s' * (threads > 1)}" for kind in ADAMS]


def thread_counts(sitting: Sitting) -> list[int]:
    return sorted({1, sitting.cores})


def measure(sitting: Sitting, turn: int):
    count = 2 if sitting.quick else 5
    sitting.report("train/peak", sitting.bench("peak"))
    sitting.report("train/Levin", sitting.bench("epoch", "--count", count))
    sitting.report("train/Levin, 1 thread", sitting.bench("epoch", "--count", count, "--threads", 1))
    for threads in thread_counts(sitting):
        for kind, series in zip(ADAMS, torch_series(threads)):
            sitting.report(series, sitting.peer("torch_epoch.py", threads, kind, count))
    sitting.report("train/JAX step by step", sitting.peer("jax_epoch.py", "steps", "all", count))
    sitting.report("train/JAX scan", sitting.peer("jax_epoch.py", "scan", "all", count))
    sitting.report("train/JAX scan, one core", sitting.peer("jax_epoch.py", "scan", "one", count))


def rows(sitting: Sitting) -> list[Row]:
    slow = sitting.is_slow()
    if slow:
        sitting.remark("The fork-join latency is above 300 ns, so the lower goals hold.")
    median = sitting.median
    levin, alone = median("train/Levin"), median("train/Levin, 1 thread")
    best = sitting.fastest([series for threads in thread_counts(sitting) for series in torch_series(threads)])
    best_alone = sitting.fastest(torch_series(1))
    all_cores, one_core = median("train/peak"), sitting.details("train/peak", "one_core")
    beyond = [series for series, peak in (("Levin", all_cores), ("JAX scan", all_cores), ("Levin, 1 thread", one_core),
                                          ("JAX scan, one core", one_core), (name(best_alone), one_core))
              if (share(median(f"train/{series}"), peak) or 0) > 1]
    if beyond:
        sitting.remark(f"What `levin-bench peak` found is no peak, for there is more in: {'; '.join(beyond)}."
                       " The shares say nothing, and their goal is not judged.")
    what, what_alone = f"epoch, {sitting.cores} threads", "epoch, 1 thread"
    return [
        faster(what, levin, "JAX scan", median("train/JAX scan"), 1.3 if slow else 2.0),
        faster(what, levin, "JAX step by step", median("train/JAX step by step"), None),
        faster(what, levin, name(best), median(best), 3.0 if slow else 5.0),
        faster(what_alone, alone, "JAX scan, one core", median("train/JAX scan, one core"), 1.2),
        faster(what_alone, alone, name(best_alone), median(best_alone)),
        at_least(f"share of the {sitting.cores} cores' peak", share(levin, all_cores),
                 None if slow or beyond else 0.65),
        at_least("share of one core's peak", share(alone, one_core), None),
    ]


def name(series: str) -> str:
    return series.split("/", 1)[1]


def share(seconds: float | None, gigaflops: float | None) -> float | None:
    """The part of the time that multiply-adds alone would take."""
    return OPERATIONS / (gigaflops * 1e9) / seconds if seconds and gigaflops else None
