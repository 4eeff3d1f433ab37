"""Writing and reading a large state with torch and safetensors. usage: torch_weights.py FOLDER MEGABYTES COUNT

The rows are those of `levin-bench weights`: writing includes the wait for the disk, reading the sum of all elements.
"""

import os
import sys

import torch
from report import elapsed, report
from safetensors.torch import load_file, save_file

folder, megabytes, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
state = {f"layer.{i}.weight": torch.rand(1000, 1000) for i in range(max(megabytes // 4, 1))}


def synced(path: str):
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def measure(name, write, read):
    path = f"{folder}/peer{name}"

    def written():
        write(state, path)
        synced(path)
    report(f"write {name}", "s", [elapsed(written) for _ in range(count)])
    report(f"read {name}", "s", [elapsed(lambda: [t.sum().item() for t in read(path).values()]) for _ in range(count)])


measure(".safetensors", save_file, load_file)
measure(".pt", torch.save, torch.load)
