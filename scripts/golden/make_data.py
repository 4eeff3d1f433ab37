"""Makes Tests/Golden/data: the results of torch, torchvision, safetensors, scikit-learn and gzip for the data tests.

Run with a Python that has torch, torchvision, safetensors and scikit-learn:
    python scripts/golden/make_data.py [FOLDER OF MNIST'S .gz FILES]
"""

import gzip
import json
import pathlib
import sys

import numpy
import torch
from safetensors.torch import save
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold
from torch.utils.data import DataLoader, TensorDataset, random_split
from torchvision import transforms
from torchvision.utils import make_grid

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "data"


def write_json(name, content):
    text = json.dumps(content, separators=(",", ":"))
    (OUT / name).write_text(text.replace('],"', '],\n"').replace('},"', '},\n"') + "\n")


def formats():
    """Gzip files, and a safetensors file of every dtype that Levin writes."""
    (OUT / "hello.gz").write_bytes(gzip.compress(b"hello, hello, hello, gzip\n", mtime=0))
    (OUT / "zeros-100000.gz").write_bytes(gzip.compress(bytes(100_000), mtime=0))
    tensors = {
        "model.0.weight": torch.tensor([[1.0, -2.5], [3.25, 4.0], [0.0, -0.0]]),
        "a scalar": torch.tensor(7, dtype=torch.int64),
        "double": torch.tensor([1 / 3], dtype=torch.float64),
        "ints": torch.tensor([-1, 2], dtype=torch.int32),
        "bytes": torch.tensor([0, 128, 255], dtype=torch.uint8),
        "flags": torch.tensor([True, False, True]),
        "empty": torch.zeros(0, 4),
    }
    metadata = {'quote"\\': "line\nbreak, é, \u0001"}
    (OUT / "seven.safetensors").write_bytes(save(tensors, metadata=metadata))


def splits():
    def parts(dataset, lengths, seed):
        return [
            list(part.indices)
            for part in random_split(dataset, lengths, generator=torch.Generator().manual_seed(seed))
        ]

    class Numbers(torch.utils.data.Dataset):
        def __init__(self, count):
            self.count = count

        def __len__(self):
            return self.count

        def __getitem__(self, index):
            return index

    big = parts(Numbers(60000), [48000, 12000], 42)
    nested = random_split(
        random_split(Numbers(20), [15, 5], generator=torch.Generator().manual_seed(1))[0],
        [5, 10],
        generator=torch.Generator().manual_seed(2),
    )
    torch.manual_seed(3)
    by_default = [list(part.indices) for part in random_split(Numbers(8), [5, 3])]
    write_json(
        "splits.json",
        {
            "count10_seed0": parts(Numbers(10), [7, 3], 0),
            "count11_fractions_seed5": parts(Numbers(11), [0.5, 0.25, 0.25], 5),
            "count10_fractions_seed6": parts(Numbers(10), [0.1, 0.2, 0.7], 6),
            "count20_nested": [[nested[i][k] for k in range(len(nested[i]))] for i in range(2)],
            "count8_default_seed3": by_default,
            "mnist_first": big[0][:16] + big[1][:16],
            "mnist_last": big[0][-16:] + big[1][-16:],
        },
    )


def folds():
    """The samples that validate in each fold of scikit-learn's cross-validations."""
    labels = [0] * 11 + [1, 2, 1, 0, 2, 1] * 5 + [2] * 3
    groups = [group for group, count in enumerate([9, 2, 4, 7, 1, 5, 3, 6]) for _ in range(count)]
    parts = lambda splitter, *arrays: [[int(i) for i in held] for _, held in splitter.split(*arrays)]
    write_json(
        "folds.json",
        {
            "kfold": parts(KFold(4), range(14)),
            "stratified": parts(StratifiedKFold(5), labels, labels),
            "grouped": parts(GroupKFold(3), groups, groups, groups),
        },
    )


def shuffles():
    """The samples of two passes, and what the default generator draws after them."""

    def passes(shuffle, explicit, drop_last=False, break_first=False):
        torch.manual_seed(42)
        generator = torch.Generator().manual_seed(7) if explicit else None
        loader = DataLoader(
            TensorDataset(torch.arange(10)),
            batch_size=4,
            shuffle=shuffle,
            drop_last=drop_last,
            generator=generator,
        )
        if break_first:
            for _ in loader:
                break
        epochs = [[batch[0].tolist() for batch in loader] for _ in range(2)]
        after = torch.randint(0, 1000000, (2,)).tolist()
        return {"epochs": epochs, "default_after": after}

    write_json(
        "shuffles.json",
        {
            "shuffled": passes(True, False),
            "shuffled_generator": passes(True, True),
            "shuffled_drop_last": passes(True, False, drop_last=True),
            "shuffled_after_break": passes(True, False, break_first=True),
            "ordered": passes(False, False),
            "ordered_generator": passes(False, True),
        },
    )


def normalization():
    """All 256 bytes through ToTensor and Normalize, as bit patterns."""
    pixels = numpy.arange(256, dtype=numpy.uint8).reshape(16, 16, 1)

    def bits(*steps):
        values = transforms.Compose([transforms.ToTensor(), *steps])(pixels)
        return values.numpy().view(numpy.uint32).reshape(-1).tolist()

    write_json(
        "normalization.json",
        {
            "to_tensor": bits(),
            "half": bits(transforms.Normalize((0.5,), (0.5,))),
            "mnist": bits(transforms.Normalize((0.1307,), (0.3081,))),
            "twice": bits(transforms.Normalize((0.1,), (0.3,)), transforms.Normalize((-0.7,), (1.9,))),
        },
    )


def grids():
    """makeGrid's inputs are (i * 37 % 101) / 50 - 1, so that both sides make the same ones."""

    def case(shape, dtype="float32", **options):
        count = int(numpy.prod(shape))
        ramp = torch.arange(count) * 37 % 101
        if dtype == "uint8":
            images = ramp.to(torch.uint8).reshape(shape)
        else:
            images = (ramp.to(torch.float32) / 50 - 1).reshape(shape)
        names = {"value_range": list(options["value_range"])} if "value_range" in options else {}
        grid = make_grid(images, **options)
        return {
            "shape": list(shape),
            "dtype": dtype,
            "options": {**options, **names},
            "grid_shape": list(grid.shape),
            "grid": [round(v, 9) for v in grid.reshape(-1).tolist()],
        }

    write_json(
        "grids.json",
        [
            case((3, 1, 4, 5)),
            case((10, 1, 3, 3), nrow=4, padding=1, pad_value=0.5),
            case((5, 3, 2, 3), nrow=2, padding=0),
            case((1, 1, 3, 4)),
            case((1, 3, 3, 4)),
            case((4, 5)),
            case((1, 4, 5)),
            case((3, 4, 5)),
            case((4, 2, 3, 3), nrow=3),
            case((3, 1, 3, 3), normalize=True),
            case((3, 1, 3, 3), normalize=True, scale_each=True, padding=1),
            case((3, 1, 3, 3), normalize=True, value_range=(-0.5, 0.75)),
            case((2, 1, 3, 3), dtype="uint8", pad_value=9),
        ],
    )


def mnist_first_batch(raw):
    """The first training batch of the tutorial's split: labels and the sum of each image's values."""

    def read(name, header):
        return numpy.frombuffer(gzip.decompress((raw / name).read_bytes()), numpy.uint8, offset=header)

    images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    labels = read("train-labels-idx1-ubyte.gz", 8)
    picked = torch.randperm(60000, generator=torch.Generator().manual_seed(42))[:64]
    floats = (torch.tensor(images[picked]).to(torch.float32) / 255 - 0.5) / 0.5
    sums = floats.to(torch.float64).sum(dim=(1, 2))
    write_json(
        "mnist_first_batch.json",
        {"labels": labels[picked].tolist(), "sums": [round(v, 4) for v in sums.tolist()]},
    )


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    formats()
    splits()
    folds()
    shuffles()
    normalization()
    grids()
    if len(sys.argv) > 1:
        mnist_first_batch(pathlib.Path(sys.argv[1]))
