#!/usr/bin/env python3
"""The tutorial's training in plain PyTorch, as small golden data: Tests/Golden/digits/seedN.json.

usage: make_digits.py MNIST_FOLDER SEED...        needs torch (CPU) and numpy

The random draws come in the tutorial's order: torch.manual_seed(SEED), then the model is built; the 80/20 split has
its own generator, seeded with 42; training batches come in the order of the split, unshuffled.
"""
import gzip
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn

COMPARED_STEPS = 150
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "digits"


def idx(folder, name, header):
    data = gzip.decompress((pathlib.Path(folder) / name).read_bytes())
    return np.frombuffer(data, np.uint8)[header:].copy()


def load(folder, part):
    x = torch.from_numpy(idx(folder, f"{part}-images-idx3-ubyte.gz", 16)).reshape(-1, 784)
    y = torch.from_numpy(idx(folder, f"{part}-labels-idx1-ubyte.gz", 8).astype(np.int64))
    return (x.to(torch.float32).div(255) - 0.5) / 0.5, y


def evaluate(model, loss_fn, x, y):
    loss = correct = 0.0
    with torch.no_grad():
        for i in range(0, len(x), 64):
            output, target = model(x[i:i + 64]), y[i:i + 64]
            loss += loss_fn(output, target).item() * len(target)
            correct += (output.argmax(1) == target).sum().item()
    return {"loss": loss / len(x), "acc": correct / len(x)}


def run(folder, seed):
    x, y = load(folder, "train")
    test_x, test_y = load(folder, "t10k")
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    weights = b"".join(t.numpy().tobytes() for t in model.state_dict().values())
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    order = torch.randperm(60000, generator=torch.Generator().manual_seed(42))
    train, val = order[:48000], order[48000:]
    record = {
        "torch": torch.__version__.split("+")[0],
        "seed": seed,
        "initial_weights_sha256": hashlib.sha256(weights).hexdigest(),
        "split_sha256": hashlib.sha256(order.numpy().astype("<i8").tobytes()).hexdigest(),
        "train_loss": [],
        "val": [],
    }
    for _ in range(5):
        for i in range(0, len(train), 64):
            batch = train[i:i + 64]
            loss = loss_fn(model(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if len(record["train_loss"]) < COMPARED_STEPS:
                record["train_loss"].append(float(np.float32(loss.item())))
        record["val"].append(evaluate(model, loss_fn, x[val], y[val]))
    record["test"] = evaluate(model, loss_fn, test_x, test_y)
    return record


torch.set_num_threads(1)
OUT.mkdir(parents=True, exist_ok=True)
for seed in map(int, sys.argv[2:]):
    record = run(sys.argv[1], seed)
    (OUT / f"seed{seed}.json").write_text(json.dumps(record, indent=1) + "\n")
    print(seed, record["val"][-1], record["test"])
