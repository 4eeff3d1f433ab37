"""The cost of an operation apart from its arithmetic: an addition of two scalars that record gradients."""

from sitting import Sitting
from table import Row, at_most, faster

NAME = "operation"
TITLE = "An addition that records gradients, forward and backward"


def measure(sitting: Sitting, turn: int):
    sitting.report("operation/Levin", sitting.bench("scalar-add"))
    sitting.report("operation/PyTorch", sitting.peer("torch_scalar_add.py"))


def rows(sitting: Sitting) -> list[Row]:
    levin, peer = seconds(sitting.median("operation/Levin")), seconds(sitting.median("operation/PyTorch"))
    alone = [seconds(sitting.details(f"operation/{name}", "alone")) for name in ("Levin", "PyTorch")]
    return [
        at_most("one of a chain of 100", levin, 0.4e-6),
        faster("one of a chain of 100", levin, "PyTorch", peer),
        faster("one with a backward of its own", alone[0], "PyTorch", alone[1]),
    ]


def seconds(nanoseconds: float | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e9
