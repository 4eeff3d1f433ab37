"""MNIST and the tutorial's split as NumPy arrays, without any framework."""

import gzip
import os
import pathlib

import numpy as np

TRAIN_COUNT = 48_000


def unpacked(name: str) -> bytes:
    folder = pathlib.Path(os.environ["LEVIN_MNIST"])
    for place in (folder, folder / "MNIST" / "raw"):
        if (place / name).exists():
            return (place / name).read_bytes()
        if (place / f"{name}.gz").exists():
            return gzip.decompress((place / f"{name}.gz").read_bytes())
    raise SystemExit(f"error: {name}(.gz) is not in {folder}")


def images(part: str) -> np.ndarray:
    """Bytes, `[count, 784]`."""
    return np.frombuffer(unpacked(f"{part}-images-idx3-ubyte"), np.uint8, offset=16).reshape(-1, 784)


def labels(part: str) -> np.ndarray:
    """Bytes, `[count]`."""
    return np.frombuffer(unpacked(f"{part}-labels-idx1-ubyte"), np.uint8, offset=8)


def normalized(pixels: np.ndarray) -> np.ndarray:
    return (pixels.astype(np.float32) / 255 - 0.5) / 0.5


def order() -> np.ndarray:
    """torch.randperm(60000, generator=torch.Generator().manual_seed(42)): training images first, then validation."""
    generator = np.random.MT19937()
    generator._legacy_seeding(42)
    count = 60_000
    places = list(range(count))
    for i, draw in enumerate(generator.random_raw(count - 1).tolist()):
        j = i + draw % (count - i)
        places[i], places[j] = places[j], places[i]
    return np.array(places)
