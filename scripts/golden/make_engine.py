#!/usr/bin/env python3
"""Results of PyTorch, as golden data for the engine: Tests/Golden/engine/{operations,optimizers,texts,random}.json.

usage: make_engine.py        needs torch (CPU)
"""
import hashlib
import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "engine"
OUT.mkdir(parents=True, exist_ok=True)


def write(name, data):
    (OUT / f"{name}.json").write_text(json.dumps(data, indent=None, separators=(",", ":")) + "\n")


def numbers(t):
    return {"shape": list(t.shape), "values": t.detach().reshape(-1).double().tolist()}


# Operations: forward, and the gradient of sum(output * weights) for every input.

random = torch.Generator().manual_seed(1)


def draw(*shape, low=-2.0, high=2.0):
    return torch.rand(shape, generator=random) * (high - low) + low


operations = []


def case(name, function, *inputs, targets=None):
    inputs = [x.clone().requires_grad_() for x in inputs]
    output = function(*inputs)
    weights = draw(*output.shape, low=0.5, high=1.5)
    (output * weights).sum().backward()
    operations.append({
        "name": name, "inputs": [numbers(x) for x in inputs], "targets": targets,
        "output": numbers(output), "weights": numbers(weights), "gradients": [numbers(x.grad) for x in inputs]})


for name, function in (("add", torch.add), ("subtract", torch.sub), ("multiply", torch.mul), ("divide", torch.div)):
    for a, b in (((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)), ((), (2, 2)), ((5,), (1,))):
        case(name, function, draw(*a), draw(*b, low=0.5, high=2))
for name, function in (("relu", torch.relu), ("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("exp", torch.exp),
                       ("squared", torch.square), ("negate", torch.neg)):
    case(name, function, draw(7, 5))
for name, function in (("log", torch.log), ("sqrt", torch.sqrt)):
    case(name, function, draw(7, 5, low=0.1, high=3))
case("matmul", torch.matmul, draw(5, 7), draw(7, 3))
case("linear", F.linear, draw(6, 9), draw(4, 9), draw(4))
case("linear", F.linear, draw(6, 9), draw(4, 9))
case("linearRelu", lambda x, w, b: torch.relu(F.linear(x, w, b)), draw(6, 9), draw(4, 9), draw(4))
case("transposed", lambda x: x.t(), draw(3, 5))
case("reshaped", lambda x: x.reshape(5, 3), draw(3, 5))
case("rows1to3", lambda x: x[1:3], draw(4, 3))
case("sum", lambda x: x.sum(), draw(4, 3))
case("mean", lambda x: x.mean(), draw(4, 3))
for dim in (0, 1, 2):
    case(f"sum{dim}", lambda x: x.sum(dim), draw(2, 3, 4))
    case(f"mean{dim}", lambda x: x.mean(dim, keepdim=True), draw(2, 3, 4))
targets = [2, 0, 4, 4, 1, 3]
case("crossEntropy", lambda x: F.cross_entropy(x, torch.tensor(targets)), draw(6, 5, low=-5, high=5), targets=targets)
some = [2, -100, 4, 4, -100, 3]
case("crossEntropy", lambda x: F.cross_entropy(x, torch.tensor(some)), draw(6, 5), targets=some)
shared = lambda x: x * x + x  # the same input several times over
case("shared", shared, draw(4))
write("operations", operations)

# Optimizers: values after each of a few steps with given gradients.

optimizers = []
for name, make in (
        ("adam", lambda p: torch.optim.Adam(p)),
        ("adam-decay", lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1))):
    parameters = [draw(3, 4).requires_grad_(), draw(5).requires_grad_()]
    start = [numbers(p) for p in parameters]
    optimizer = make(parameters)
    steps = []
    for _ in range(6):
        for p in parameters:
            p.grad = draw(*p.shape)
        gradients = [numbers(p.grad) for p in parameters]
        optimizer.step()
        steps.append({"gradients": gradients, "values": [numbers(p) for p in parameters]})
    optimizers.append({"name": name, "start": start, "steps": steps})
write("optimizers", optimizers)

# Texts: str(tensor).

texts = []


def text(t):
    dtype = str(t.dtype).removeprefix("torch.")
    values = t.reshape(-1).tolist()
    values = [str(v) if isinstance(v, float) and (v != v or abs(v) == float("inf")) else v for v in values]
    texts.append({"dtype": dtype, "shape": list(t.shape), "values": values, "text": str(t)})


for t in (torch.arange(64) % 10, torch.tensor(5), torch.tensor([]), torch.tensor([], dtype=torch.int64),
          torch.tensor([-3, 12, 5]), torch.arange(30) * 37 - 100, torch.arange(1001), torch.arange(12).reshape(3, 4),
          torch.arange(24).reshape(2, 3, 4), torch.tensor([True, False]), torch.tensor([1, 2], dtype=torch.int32),
          torch.tensor([1, 255], dtype=torch.uint8), torch.tensor([1.0, 2.0, -3.0]), torch.tensor([0.5, 100.25, -3.125]),
          torch.tensor(0.1), torch.tensor([1e-5, 1.0]), torch.tensor([1e9, 1.0]), torch.tensor([1e5, 3e8]),
          torch.tensor([float("nan"), 1.0]), torch.tensor([float("inf"), -float("inf"), 1.5]),
          torch.tensor([[0.1, 0.2], [10.0, -0.5]]), torch.tensor([0.5], dtype=torch.float64),
          torch.zeros(3), torch.linspace(0, 1, 30), torch.arange(2000).reshape(40, 50), torch.ones(2, 2, 2)):
    text(t)
write("texts", texts)

# Random numbers.

generator = torch.Generator().manual_seed(42)
state = {
    "permutation_1000_sha256": hashlib.sha256(
        torch.randperm(1000, generator=torch.Generator().manual_seed(42)).numpy().astype("<i8").tobytes()).hexdigest(),
    "permutation_10": torch.randperm(10, generator=torch.Generator().manual_seed(7)).tolist(),
    "rand_700": hashlib.sha256(
        torch.rand(700, generator=torch.Generator().manual_seed(3)).numpy().tobytes()).hexdigest(),
    "uniform_5": torch.empty(5).uniform_(-0.3, 0.7, generator=torch.Generator().manual_seed(3)).double().tolist(),
    "rand_float64_4": torch.rand(4, generator=torch.Generator().manual_seed(3), dtype=torch.float64).tolist(),
    "tutorial": {},
}
for seed in (0, 1, 42, 2**33 + 5):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    bits = b"".join(t.numpy().tobytes() for t in model.state_dict().values())
    state["tutorial"][str(seed)] = hashlib.sha256(bits).hexdigest()
write("random", state)
print({p.name: p.stat().st_size for p in OUT.iterdir()})
