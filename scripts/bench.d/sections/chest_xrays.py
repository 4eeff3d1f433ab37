"""Two epochs of a DenseNet-121 on a miniature of CheXpert with 1,500 patients, at 64×64, from three seeds."""

import programs
from sitting import Sitting
from table import Row, at_least, faster, number

NAME = "chest-xrays"
TITLE = "Chest X-rays"


def patients(sitting: Sitting) -> int:
    return 60 if sitting.quick else 1500


def loaders(sitting: Sitting) -> list[str]:
    """The series of PyTorch's; each seed has another number of workers."""
    return [f"chest-xrays/PyTorch, {count} workers" for count in range(3)]


def measure(sitting: Sitting, turn: int):
    root = sitting.folder / "chest-xrays"
    if turn == 1:
        programs.run([sitting.programs / "chexpert", "miniature", root, "--patients", patients(sitting)], sitting.folder)
    sitting.report("chest-xrays/Levin", sitting.bench("chest-xrays", root, "--seed", turn))
    workers = (turn - 1) % 3
    sitting.report(loaders(sitting)[workers], sitting.peer("torch_chest_xrays.py", root, 64, 2, turn, workers))


def rows(sitting: Sitting) -> list[Row]:
    best = sitting.fastest(loaders(sitting))
    areas = {name: [report["details"]["auroc"] for report in sitting.reports.get(name, ())]
             for name in ("chest-xrays/Levin", *loaders(sitting))}
    levin = min(areas.pop("chest-xrays/Levin"), default=None)
    peer = min((area for found in areas.values() for area in found), default=None)
    sitting.remark(f"The lowest area of PyTorch's seeds is {area(peer)}; Levin's goal is that less 0.02, or 0.85 if that is more.")
    return [
        faster("an epoch, with validation", sitting.median("chest-xrays/Levin"), best.split("/", 1)[1], sitting.median(best), 1),
        at_least("area under the ROC curve, the lowest seed", levin, max(0.85, (peer or 0) - 0.02), write=area),
    ]


def area(value: float | None) -> str:
    return "failed" if value is None else number(value)
