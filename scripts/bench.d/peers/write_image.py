"""Seconds of one of many pictures through torch's writer, from its creation to its close, and the bytes of the PNG.

The picture is a grid of the first 64 digits of MNIST's test set, normalized as the tutorial logs them, and as in
`levin-bench write-image`.
"""

import pathlib
import tempfile

import without_operators  # noqa: F401

import mnist
import torch
from report import elapsed, report
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from torch.utils.tensorboard import SummaryWriter
from torchvision.utils import make_grid

PICTURES = 50
grid = make_grid(torch.from_numpy(mnist.normalized(mnist.images("t10k")[:64])).view(-1, 1, 28, 28))


def write(folder: str):
    writer = SummaryWriter(folder)
    for step in range(PICTURES):
        writer.add_image("test/inputs", grid, step)
    writer.close()


with tempfile.TemporaryDirectory() as folder:
    write(f"{folder}/warm-up")
    seconds = [elapsed(lambda: write(f"{folder}/{i}")) / PICTURES for i in range(5)]
    file = next(pathlib.Path(f"{folder}/0").iterdir())
    pictures = [value.tensor.string_val[2] for event in EventFileLoader(str(file)).Load()
                for value in event.summary.value]
report("write-image", "s", seconds, {"bytes": len(pictures[0]), "height": grid.shape[1], "width": grid.shape[2]})
