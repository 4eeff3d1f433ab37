"""Metrics over whole epochs against torchmetrics' objects; what an update costs of a training step. The rows are those of
Sources/levin-bench/MetricRows.swift."""

from sitting import Sitting
from table import Row, at_most, faster, percent

NAME = "metrics"
TITLE = "Metrics"
PEER = "torchmetrics, 1 thread"
UPDATE, STEP = "accuracy, one update of 64", "a training step of 64 digits"


def measure(sitting: Sitting, turn: int):
    sitting.reports_of("metrics/Levin", sitting.bench("operations", "metrics"))
    sitting.reports_of(f"metrics/{PEER}", sitting.peer("torch_metrics.py", 1, "metrics", 5))


def rows(sitting: Sitting) -> list[Row]:
    found = []
    for row in sitting.tables.get("metrics/Levin", {}):
        goal = 20 if "batches" in row else 5 if "1 M" in row else None
        found.append(faster(row, sitting.median(f"metrics/Levin/{row}"), PEER, sitting.median(f"metrics/{PEER}/{row}"), goal))
    update, step = (sitting.median(f"metrics/Levin/{row}") for row in (UPDATE, STEP))
    if update and step:
        found.append(at_most("an update, as part of a training step", update / step, 0.02, write=percent))
    return found
