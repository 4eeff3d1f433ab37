"""Pictures from JPEG and PNG files to batches, CIFAR in memory, and a folder of 100,000 files, against torchvision and Pillow."""

from sitting import Sitting
from table import Row, at_most, faster, rate, time

NAME = "data"
TITLE = "Data"
ROWS = (
    ("gray-390x320", "gray 390×320 to 320×320", 2),
    ("gray-2048x2500", "gray 2048×2500 to 320×320", 1.25),
    ("png-gray-1024x1024", "PNG, gray 1024×1024 to 320×320", 1.25),
    ("colour-500x375", "colour 500×375, RandomResizedCrop(224), flip", 1.5),
    ("cifar", "CIFAR in memory, crop, flip, normalise", 10),
)


def measure(sitting: Sitting, turn: int):
    count = 1 if sitting.quick else 3
    sitting.reports_of("data/Levin", sitting.bench("data", sitting.folder, "--count", count))
    sitting.reports_of("data/peer", sitting.peer("torch_data.py", sitting.folder, count))


def rows(sitting: Sitting) -> list[Row]:
    def levin(name):
        return sitting.median(f"data/Levin/{name}")

    def peer(name):
        return sitting.median(f"data/peer/{name}")

    def row(what, ours, name, theirs, goal=None):
        return faster(what, ours, name, theirs, goal, write=rate, larger_is_better=True)

    def best(median, workers):
        """The highest rate, and the number of workers that it is of."""
        return max(((median(f"{name}, {number} workers"), number) for number in workers if median(f"{name}, {number} workers")),
                   default=(None, workers[0]))

    found = []
    for name, what, goal in ROWS:
        alone = levin(f"{name}, 0 workers")
        found.append(row(f"{what}, one thread", alone, "DataLoader", peer(f"{name}, 0 workers"), goal))
        if name != "cifar":
            found.append(row(f"{what}, one thread", alone, "Pillow, without tensors", peer(f"{name}, Pillow")))
        theirs, workers = best(peer, (0, 1, 2))
        ours = levin(f"{name}, 2 workers") if name != "cifar" else best(levin, (0, 1, 2))[0]
        word = "2 workers" if name != "cifar" else "the best of 0, 1 and 2 workers"
        found.append(row(f"{what}, {word}", ours, f"DataLoader, {workers} workers", theirs, goal))
        if name == "gray-2048x2500":
            found.append(row(f"{what}, one thread, decoded at 1/4", levin("scaled-2048x2500, 0 workers"), "DataLoader",
                             peer(f"{name}, 0 workers"), 1.6))
    found.append(faster("a folder of 100,000 files", levin("folder"), "ImageFolder", peer("folder")))
    found.append(at_most("a folder of 100,000 files", levin("folder"), 1, write=time))
    return found
