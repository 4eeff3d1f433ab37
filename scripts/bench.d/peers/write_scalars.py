"""Scalars per second from the creation of a writer to its close. usage: write_scalars.py torch|tensorboardX COUNT"""

import pathlib
import sys
import tempfile

from report import elapsed, report

writer_name, count = sys.argv[1], int(sys.argv[2])
if writer_name == "torch":
    from torch.utils.tensorboard import SummaryWriter
else:
    from tensorboardX import SummaryWriter


def write(folder: str, count: int):
    writer = SummaryWriter(folder)
    for step in range(count):
        writer.add_scalar("train/loss", 1.0 / (step + 1), step)
    writer.close()


def bytes_in(folder: str) -> int:
    return sum(file.stat().st_size for file in pathlib.Path(folder).iterdir())


rates = []
with tempfile.TemporaryDirectory() as folder:
    write(f"{folder}/none", 0)
    for i in range(3):
        rates.append(count / elapsed(lambda: write(f"{folder}/{i}", count)))
    bytes_per_event = (bytes_in(f"{folder}/0") - bytes_in(f"{folder}/none")) / count
report("write-scalars", "1/s", rates, {"bytes_per_event": bytes_per_event})
