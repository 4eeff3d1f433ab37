"""Lays MNIST's files out as torchvision wants them, unpacked. usage: unpack_mnist.py ROOT"""

import pathlib
import sys

import mnist

raw = pathlib.Path(sys.argv[1]) / "MNIST" / "raw"
raw.mkdir(parents=True)
for part in ("train", "t10k"):
    for name in (f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"):
        (raw / name).write_bytes(mnist.unpacked(name))
