"""A run with one curve, written by torch's writer, complete from the start. usage: make_curve.py FOLDER COUNT"""

import functools
import pathlib
import struct
import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import crc32c

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
START = 1_700_000_000.0


def masked(data: bytes) -> bytes:
    checksum = crc32c(data)
    return struct.pack("<I", (((checksum >> 15) | (checksum << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


@functools.cache
def length(size: int) -> bytes:
    head = struct.pack("<Q", size)
    return head + masked(head)


def record(event: Event) -> bytes:
    data = event.SerializeToString()
    return length(len(data)) + data + masked(data)


folder.mkdir(parents=True)
partial = folder / "partial"
with partial.open("wb") as file:
    file.write(record(Event(wall_time=START, file_version="brain.Event:2")))
    for step in range(count):
        value = Summary.Value(tag="train/loss", simple_value=1 / (step + 1))
        file.write(record(Event(wall_time=START + step / 64, step=step, summary=Summary(value=[value]))))
partial.rename(folder / f"events.out.tfevents.{START:.0f}.host.1.0")
