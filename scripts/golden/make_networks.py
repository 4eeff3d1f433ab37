#!/usr/bin/env python3
"""Golden data of layers with torch 2.13: initial weights, and five steps of plain SGD of small networks.

usage: make_networks.py [OUT]      (default: Tests/Golden/engine/networks.json)

Batches are drawn first, then the weights, from one seed, so that only numbers that training changes have to be kept: losses, and of each
tensor of the state dictionary at most 64 elements, evenly spread.
"""
import hashlib
import json
import os
import pathlib
import sys

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import torch
from torch import nn

torch.set_num_threads(1)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def normalized():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding="same", bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1), nn.Dropout(0),
        nn.Conv2d(8, 8, 3, stride=2, groups=2), nn.BatchNorm2d(8, momentum=None), nn.ReLU(), nn.ConvTranspose2d(8, 4, 3, stride=2),
        nn.Dropout2d(0), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 6), nn.BatchNorm1d(6, affine=False), nn.Linear(6, 10))


def numbers(tensor):
    flat = tensor.detach().reshape(-1).to(torch.float64)
    step = -(-flat.numel() // 64)
    return {"shape": list(tensor.shape), "values": flat[::step].tolist()}


def digest(model):
    return hashlib.sha256(b"".join(t.detach().contiguous().numpy().tobytes() for t in model.state_dict().values())).hexdigest()


def train(make, shape):
    torch.manual_seed(1)
    x, y = torch.rand(shape), torch.randint(0, 10, (shape[0],))
    model = make()
    initial = digest(model)
    losses = []
    for _ in range(5):
        loss = nn.functional.cross_entropy(model(x), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= 0.1 * p.grad
    model.eval()
    with torch.no_grad():
        output = model(x)
    return {"initial": initial, "losses": losses, "state": [{"name": n, **numbers(t)} for n, t in model.state_dict().items()],
            "evaluated": numbers(output)}


def initial():
    """The digests of all weights that layers draw after seed 0."""
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv1d(4, 6, 3), nn.Conv1d(4, 6, 5, groups=2, bias=False), nn.Conv2d(3, 8, (3, 5), stride=2, dilation=2), nn.Conv2d(8, 8, 3, groups=8),
        nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), nn.BatchNorm2d(6), nn.Linear(5, 3))
    return {"digest": digest(model), "names": list(model.state_dict())}


def dropped():
    torch.manual_seed(3)
    x = torch.rand(4, 5, 2, 2)
    return {"dropout": numbers(nn.Dropout(0.3)(x)), "dropout2d": numbers(nn.Dropout2d(0.3)(x)), "after": torch.rand(1).item()}


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2] / "Tests/Golden/engine/networks.json"
    out.write_text(json.dumps({
        "lenet": train(lenet, (8, 1, 28, 28)), "normalized": train(normalized, (6, 3, 13, 11)), "initial": initial(), "dropped": dropped()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
