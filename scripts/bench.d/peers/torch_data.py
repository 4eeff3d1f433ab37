"""JPEG and PNG files to batches with torchvision's DataLoader and with Pillow, CIFAR in memory, and a folder of many files.

usage: torch_data.py FOLDER COUNT

The rows are those of `levin-bench data`, which makes the files.
"""

import pathlib
import sys

import torch
from report import elapsed, report

import without_operators  # noqa: F401
import torchvision
import numpy
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms as T

folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
# A pass without workers is one thread's; workers have one thread each.
torch.set_num_threads(1)


def side(size):
    return [T.Resize((size, size)), T.ToTensor(), T.Normalize([0.5], [0.25])]


def gray(path):
    with Image.open(path) as image:
        return image.convert("L")


PICTURES = {
    "gray-390x320": (gray, side(320)),
    "gray-2048x2500": (gray, side(320)),
    "png-gray-1024x1024": (gray, side(320)),
    "colour-500x375": (torchvision.datasets.folder.pil_loader, [
        T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToTensor(),
        T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]),
}


class CIFAR(torchvision.datasets.CIFAR10):
    """The records of the binary version in place of the pickled files."""

    def __init__(self, path, transform):
        records = numpy.fromfile(path, numpy.uint8).reshape(-1, 3073)
        self.data = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).copy()
        self.targets = records[:, 0].tolist()
        self.transform, self.target_transform = transform, None


def passes(name, dataset, size, shuffle):
    for workers in range(3):
        loader = DataLoader(dataset, batch_size=size, shuffle=shuffle, num_workers=workers)

        def work():
            for _ in loader:
                pass
        report(f"{name}, {workers} workers", "1/s", [len(dataset) / elapsed(work) for _ in range(count)])


for name, (loader, steps) in PICTURES.items():
    dataset = torchvision.datasets.ImageFolder(folder / name, T.Compose(steps), loader=loader)
    passes(name, dataset, 16, False)
    # What torchvision does with Pillow, up to the bytes of the result.
    only = [step for step in steps if not isinstance(step, (T.ToTensor, T.Normalize))]

    def pillow():
        for path, _ in dataset.samples:
            image = loader(path)
            for step in only:
                image = step(image)
            numpy.asarray(image)
    report(f"{name}, Pillow", "1/s", [len(dataset) / elapsed(pillow) for _ in range(count)])

passes("cifar", CIFAR(folder / "cifar-10-batches-bin" / "test_batch.bin", T.Compose([
    T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(),
    T.Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616])])), 128, True)

report("folder", "s", [elapsed(lambda: torchvision.datasets.ImageFolder(folder / "folder")) for _ in range(count)])
