"""Files of weights: a state of 500 MB against `dd`, safetensors and torch; the tutorial's checkpoint beside the disk."""

import programs
from sitting import Sitting
from table import Row, at_most, faster, megabytes as written, time

NAME = "weights"
TITLE = "Files of weights"
PEERS = {".safetensors": "safetensors", ".pt": "torch"}


def megabytes(sitting: Sitting) -> int:
    return 100 if sitting.quick else 500


def measure(sitting: Sitting, turn: int):
    size, folder = megabytes(sitting), sitting.folder
    sitting.reports_of("weights/Levin", sitting.bench("weights", folder, "--megabytes", size, "--count", 3))
    sitting.reports_of("weights/peer", sitting.peer("torch_weights.py", folder, size, 3))
    sitting.whole("weights/dd", ["dd", "if=/dev/urandom", f"of={folder}/random", "bs=1M", f"count={size}"])
    sitting.whole("weights/dd with fsync", ["dd", f"if={folder}/random", f"of={folder}/copy", "bs=1M", "conv=fsync"])


def rows(sitting: Sitting) -> list[Row]:
    size = megabytes(sitting)
    dd = sitting.median("weights/dd with fsync")
    found = [faster(f"{size} MB, write .safetensors", sitting.median("weights/Levin/write .safetensors"), "dd, fsync", dd, 0.8)]
    found.append(at_most(f"{size} MB, write .safetensors, extra memory",
                         sitting.median("weights/Levin/write .safetensors, memory"), size * 1e5, write=written))
    for kind, goals in ((".safetensors", (None, 1)), (".pt", (None, 2))):
        for word, goal in zip(("write", "read"), goals):
            row = f"{word} {kind}"
            found.append(faster(f"{size} MB, {row}", sitting.median(f"weights/Levin/{row}"), PEERS[kind],
                                sitting.median(f"weights/peer/{row}"), goal))
    found.append(at_most("the tutorial's checkpoint, without the disk",
                         sitting.median("weights/Levin/the tutorial's checkpoint"), 0.005, write=time))
    return found
