"""Writing scalars and images to event files, from the creation of the writer to its close."""

from sitting import Sitting
from table import Row, faster, rate, size, smaller

NAME = "writing"
TITLE = "Writing event files"
SCALARS = 100_000


def measure(sitting: Sitting, turn: int):
    # The same for all, because larger steps take more bytes.
    count = SCALARS // (10 if sitting.quick else 1)
    sitting.report("writing/scalars by Levin", sitting.bench("write", "--scalars", count))
    for writer in ("torch", "tensorboardX"):
        sitting.report(f"writing/scalars by {writer}", sitting.peer("write_scalars.py", writer, count))
    sitting.report("writing/image by Levin", sitting.bench("write-image"))
    sitting.report("writing/image by torch", sitting.peer("write_image.py"))


def rows(sitting: Sitting) -> list[Row]:
    scalars = {name: sitting.median(f"writing/scalars by {name}") for name in ("Levin", "torch", "tensorboardX")}
    events = {name: sitting.details(f"writing/scalars by {name}", "bytes_per_event") for name in scalars}
    images = {name: sitting.median(f"writing/image by {name}") for name in ("Levin", "torch")}
    pictures = {name: sitting.details(f"writing/image by {name}", "bytes") for name in images}
    return [
        faster("scalars", scalars["Levin"], "torch", scalars["torch"], 40, rate, larger_is_better=True),
        faster("scalars", scalars["Levin"], "tensorboardX", scalars["tensorboardX"], 40, rate, larger_is_better=True),
        smaller("a scalar in the file", events["Levin"], "torch", events["torch"], 1, size),
        faster("grid of 64 digits, 242×242", images["Levin"], "torch", images["torch"], 2),
        smaller("its PNG", pictures["Levin"], "torch", pictures["torch"], 0.6, size),
    ]
