#!/usr/bin/env python3
"""Trainings by PyTorch's optimizers, as golden data: Tests/Golden/optimizers/{trainings,clipping}.json.gz.

usage: make_optimizers.py        needs torch (CPU) and expecttest

Each configuration is one that PyTorch's own suite tests its optimizers with (optim_db), plus some that it leaves out. Two
problems are trained for 200 steps in float64, and for 10 in float32; LBFGS, which is done sooner, for 10. Parameters are
kept after 10 steps (LBFGS: 2), with the state, and at the end, with the spread: how far the end moves, relative to the largest
number, where the start is moved by 1e-13 (for Muon, which rounds its steps to bfloat16, by 2^-9).
"""
import gzip
import json
import math
import pathlib

import torch
from conformance_optimizers import configurations, state_of
from torch.testing._internal.common_optimizers import optim_db

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "optimizers"
OUT.mkdir(parents=True, exist_ok=True)
MORE = {
    "SGD": [
        {"lr": 0.05, "momentum": 0.8, "nesterov": True},
        {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1},
    ],
    "Adam": [
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
        {"lr": 0.01, "weight_decay": 0.1, "decoupled_weight_decay": True},
    ],
    "AdamW": [{"lr": 0.01, "betas": (0.7, 0.9), "amsgrad": True, "maximize": True}],
    "ASGD": [{"lr": 0.02, "t0": 20, "lambd": 0.01, "alpha": 0.6}],
    "Adagrad": [{"lr": 0.1, "eps": 1e-3, "lr_decay": 0.1, "initial_accumulator_value": 0.5}],
    "Adadelta": [{"lr": 0.5, "rho": 0.8, "eps": 1e-4, "maximize": True}],
    "Adafactor": [{"lr": 0.05, "eps": (1e-8, 1e-2), "d": 1.5, "beta2_decay": -0.6, "weight_decay": 0.1}],
    "Adamax": [{"lr": 0.02, "betas": (0.7, 0.9), "eps": 1e-4}],
    "NAdam": [{"lr": 0.01, "betas": (0.7, 0.9), "eps": 1e-4}],
    "RAdam": [{"lr": 0.01, "betas": (0.7, 0.9), "eps": 1e-4}],
    "RMSprop": [{"lr": 0.01, "alpha": 0.8, "eps": 1e-4, "centered": True, "momentum": 0.5}],
    "Rprop": [{"lr": 0.01, "etas": (0.6, 1.3), "step_sizes": (1e-4, 0.1)}],
    "LBFGS": [{"lr": 0.5, "history_size": 3, "max_iter": 7}, {"line_search_fn": "strong_wolfe", "history_size": 4}],
    "Muon": [{"lr": 0.02, "nesterov": False, "ns_steps": 3}],
}


def wave(shape, step, shift):
    """Numbers that any program can make: sines."""
    count = math.prod(shape)
    return torch.tensor([math.sin(step * i + shift) for i in range(count)], dtype=torch.float64).reshape(shape)


def problem(name, dtype, shift):
    """The parameters at the start, and the loss."""
    if name == "regression":
        shapes, x, y = [(2, 3)], wave((6, 3), 0.7, 0.1), wave((6, 2), 1.3, 0.4)
    else:
        shapes, x, y = [(4, 3), (4, 1), (2, 4)], wave((3, 5), 0.9, 0.2), wave((2, 5), 1.1, 0.3)
    x, y = x.to(dtype), y.to(dtype)
    start = [(wave(shape, 0.8, 0.5 + i) * (1 + shift)).to(dtype).requires_grad_() for i, shape in enumerate(shapes)]

    def loss(p):
        if name == "regression":
            return (x @ p[0].T - y).square().mean()
        return (p[2] @ torch.tanh(p[0] @ x + p[1]) - y).square().mean()

    return start, loss


def train(optimizer_class, kwargs, name, dtype, steps, shift=0):
    parameters, loss = problem(name, dtype, shift)
    optimizer = optimizer_class(parameters, **kwargs)
    kept, early = [], None

    def closure():
        optimizer.zero_grad()
        value = loss(parameters)
        value.backward()
        return value

    for step in range(1, steps + 1):
        optimizer.step(closure)
        if step in (2 if optimizer_class is torch.optim.LBFGS else 10, steps):
            kept.append([p.detach().double().flatten().tolist() for p in parameters])
            early = early or state(optimizer)
    return kept, early


def spread(a, b):
    a, b = (torch.tensor([x for p in run for x in p], dtype=torch.float64) for run in (a, b))
    return ((a - b).abs().max() / a.abs().max()).item()


def state(optimizer):
    return {k: {"shape": list(t.shape), "values": t.double().flatten().tolist()} for k, t in state_of(optimizer).items()}


trainings = []
for info in optim_db:
    optimizer_class = info.optim_cls
    if optimizer_class.__name__ == "SparseAdam":
        continue
    for kwargs in configurations(info, MORE.get(info.optim_cls.__name__, [])):
        for name in ("regression", "network"):
            steps = 10 if optimizer_class.__name__ == "LBFGS" else 200
            kept, early = train(optimizer_class, kwargs, name, torch.float64, steps)
            moved, _ = train(optimizer_class, kwargs, name, torch.float64, steps, shift=2**-9 if optimizer_class is torch.optim.Muon else 1e-13)
            entry = {
                "optimizer": optimizer_class.__name__, "options": kwargs, "problem": name, "steps": steps,
                "after": kept, "state": early, "spread": spread(kept[-1], moved[-1])}
            if optimizer_class.__name__ != "LBFGS":
                (single, *_), _ = train(optimizer_class, kwargs, name, torch.float32, 10)
                entry["single"] = single
            trainings.append(entry)

clipping = []
for order in (0.5, 1, 2, 3, math.inf):
    for limit in (0.5, 100):
        tensors = [wave((2, 3), 0.9, i).requires_grad_() for i in range(3)]
        for i, tensor in enumerate(tensors):
            tensor.grad = wave((2, 3), 1.7, 10 + i)
        norm = torch.nn.utils.clip_grad_norm_(tensors, limit, norm_type=order)
        clipping.append({
            "order": "inf" if math.isinf(order) else order, "limit": limit, "norm": norm.item(),
            "gradients": [t.grad.flatten().tolist() for t in tensors]})

for name, data in (("trainings", trainings), ("clipping", clipping)):
    with gzip.GzipFile(OUT / f"{name}.json.gz", "wb", compresslevel=9, mtime=0) as file:
        file.write(json.dumps(data, separators=(",", ":")).encode())
print(len(trainings), "trainings")
