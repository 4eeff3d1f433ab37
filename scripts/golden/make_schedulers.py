#!/usr/bin/env python3
"""Learning rates and momentums of PyTorch's schedulers, as golden data: Tests/Golden/optimizers/schedulers.json.gz.

usage: make_schedulers.py        needs torch (CPU)

The constructor variants are those of PyTorch's own test/optim/test_lrscheduler.py: two groups of parameters with the rates
0.05 and 0.5, one scheduler, several that step one after the other, and those that hold others. 200 steps each.
"""
import gzip
import json
import math
import pathlib

import torch
from torch.optim import SGD, Adam, lr_scheduler as s
from torch.optim.swa_utils import SWALR

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "optimizers"
STEPS = 200

# Each case is a list of schedulers, and a scheduler a name with its arguments; "#…" names a function that both sides know.
FUNCTIONS = {
    "#epoch": lambda x: x, "#half": lambda x: 0.5 ** x, "#decay": lambda x: 0.95 ** x, "#constant": lambda x: 0.9,
    "#inverse": lambda x: 1 / (1 + 0.1 * x), "#alternate": lambda x: 1.0 if x % 2 else 0.5,
    "#cycles": lambda x: 1 / (5 ** (x * 0.0001)), "#sine": lambda x: 0.5 * (1 + math.sin(x * math.pi / 2)),
}
ONE = [
    ("StepLR", dict(step_size=3, gamma=0.1)), ("StepLR", dict(step_size=1, gamma=0.99)), ("StepLR", dict(step_size=30, gamma=0.5)),
    ("MultiStepLR", dict(milestones=[2, 5, 9], gamma=0.1)), ("MultiStepLR", dict(milestones=[5, 5, 20, 150], gamma=0.5)),
    ("MultiStepLR", dict(milestones=[9, 2, 5], gamma=0.1)), ("MultiStepLR", dict(milestones=[0, 4], gamma=0.5)),
    ("ConstantLR", dict(factor=0.5, total_iters=5)), ("ConstantLR", dict()), ("ConstantLR", dict(factor=1 / 3, total_iters=100)),
    ("LinearLR", dict(start_factor=0.5, total_iters=5)), ("LinearLR", dict(start_factor=0.6, end_factor=0.3, total_iters=4)),
    ("LinearLR", dict(start_factor=0.1, end_factor=0.9, total_iters=150)), ("LinearLR", dict()),
    ("ExponentialLR", dict(gamma=0.9)), ("ExponentialLR", dict(gamma=0.99)),
    ("PolynomialLR", dict(total_iters=5, power=0.9)), ("PolynomialLR", dict(total_iters=5)),
    ("PolynomialLR", dict(total_iters=150, power=2)),
    ("CosineAnnealingLR", dict(T_max=10, eta_min=1e-10)), ("CosineAnnealingLR", dict(T_max=7)),
    ("CosineAnnealingLR", dict(T_max=200, eta_min=0.01)), ("CosineAnnealingLR", dict(T_max=1, eta_min=0.01)),
    ("CosineAnnealingWarmRestarts", dict(T_0=10, T_mult=1, eta_min=1e-10)),
    ("CosineAnnealingWarmRestarts", dict(T_0=10, T_mult=2, eta_min=1e-10)),
    ("CosineAnnealingWarmRestarts", dict(T_0=1, T_mult=3)),
    ("LambdaLR", dict(lr_lambda=["#half", "#decay"])), ("LambdaLR", dict(lr_lambda="#epoch")), ("LambdaLR", dict(lr_lambda="#inverse")),
    ("MultiplicativeLR", dict(lr_lambda=["#constant", "#decay"])), ("MultiplicativeLR", dict(lr_lambda="#constant")),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=4)),
    ("CyclicLR", dict(base_lr=[1, 2], max_lr=[5, 9], step_size_up=4, step_size_down=7, base_momentum=[0.7, 0.6], max_momentum=[0.8, 0.9])),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=4, mode="triangular2", cycle_momentum=False)),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=4, mode="triangular2", base_momentum=1, max_momentum=5)),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=5, step_size_down=9, mode="exp_range", gamma=0.9)),
    ("CyclicLR", dict(base_lr=[1, 2], max_lr=[5, 9], step_size_up=3, mode="exp_range", gamma=0.99994, cycle_momentum=False)),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=10, scale_fn="#cycles", scale_mode="iterations", cycle_momentum=False)),
    ("CyclicLR", dict(base_lr=1, max_lr=5, step_size_up=10, scale_fn="#sine", scale_mode="cycle")),
    ("OneCycleLR", dict(max_lr=25, total_steps=200)), ("OneCycleLR", dict(max_lr=[25, 5], epochs=10, steps_per_epoch=20)),
    ("OneCycleLR", dict(max_lr=25, final_div_factor=2, base_momentum=1, max_momentum=22, total_steps=210, anneal_strategy="linear")),
    ("OneCycleLR", dict(max_lr=25, div_factor=25, base_momentum=1, max_momentum=22, total_steps=200, pct_start=0.4, three_phase=True)),
    ("OneCycleLR", dict(max_lr=25, total_steps=200, pct_start=0.2, anneal_strategy="linear", three_phase=True, cycle_momentum=False)),
    ("OneCycleLR", dict(max_lr=25, total_steps=200, pct_start=0.0)),
    ("SWALR", dict(swa_lr=0.3, anneal_epochs=5)), ("SWALR", dict(swa_lr=[0.3, 0.01], anneal_epochs=100, anneal_strategy="linear")),
    ("SWALR", dict(swa_lr=0.3, anneal_epochs=0)),
]
SEVERAL = [
    [("StepLR", dict(step_size=3, gamma=0.1)), ("ExponentialLR", dict(gamma=0.9))],
    [("ExponentialLR", dict(gamma=0.9)), ("StepLR", dict(step_size=10, gamma=0.5))],
    [("CosineAnnealingLR", dict(T_max=10, eta_min=1e-10)), ("StepLR", dict(step_size=7, gamma=0.5))],
    [("LinearLR", dict(start_factor=0.4, total_iters=4)), ("ConstantLR", dict(factor=0.5, total_iters=5)),
     ("MultiStepLR", dict(milestones=[4, 8, 10], gamma=0.1))],
    [("PolynomialLR", dict(total_iters=50, power=0.9)), ("ExponentialLR", dict(gamma=0.99)), ("MultiplicativeLR", dict(lr_lambda="#constant"))],
    [("CosineAnnealingLR", dict(T_max=20, eta_min=0.5)), ("LambdaLR", dict(lr_lambda="#alternate"))],
    [("CyclicLR", dict(base_lr=0.1, max_lr=0.5, step_size_up=4)), ("ExponentialLR", dict(gamma=0.9))],
]
HOLDING = [
    ("SequentialLR", [("ConstantLR", dict(factor=0.1, total_iters=5)), ("ExponentialLR", dict(gamma=0.9))], [5]),
    ("SequentialLR", [("LinearLR", dict(start_factor=0.1, total_iters=10)), ("CosineAnnealingLR", dict(T_max=190))], [10]),
    ("SequentialLR", [("ExponentialLR", dict(gamma=0.9)), ("StepLR", dict(step_size=2, gamma=0.5)), ("CosineAnnealingWarmRestarts", dict(T_0=5, T_mult=2))], [6, 40]),
    ("SequentialLR", [("StepLR", dict(step_size=1, gamma=0.5)), ("LambdaLR", dict(lr_lambda="#decay"))], [0]),
    ("SequentialLR", [("ConstantLR", dict(factor=0.1, total_iters=3)), ("MultiplicativeLR", dict(lr_lambda="#constant")), ("PolynomialLR", dict(total_iters=20, power=0.9))], [3, 9]),
    ("SequentialLR", [("LinearLR", dict(start_factor=0.2, total_iters=8)), ("MultiStepLR", dict(milestones=[3, 50], gamma=0.3)), ("CyclicLR", dict(base_lr=0.1, max_lr=0.5, step_size_up=4))], [8, 100]),
    ("SequentialLR", [("ExponentialLR", dict(gamma=0.9)), ("SWALR", dict(swa_lr=0.05, anneal_epochs=4))], [20]),
    ("ChainedScheduler", [("StepLR", dict(step_size=3, gamma=0.1)), ("ExponentialLR", dict(gamma=0.9))], None),
    ("ChainedScheduler", [("ConstantLR", dict(factor=0.1, total_iters=20)), ("PolynomialLR", dict(total_iters=100, power=0.9)), ("ExponentialLR", dict(gamma=0.99))], None),
    ("ChainedScheduler", [("CosineAnnealingWarmRestarts", dict(T_0=10)), ("MultiStepLR", dict(milestones=[4, 8, 10, 60], gamma=0.5)), ("LinearLR", dict(total_iters=50))], None),
]
LOSSES = {
    "flat": [1.0] * 200, "falling": [10 - 0.01 * i for i in range(200)],
    "stairs": [math.floor((200 - i) / 13) for i in range(200)], "wave": [1 + math.sin(0.3 * i) / (1 + 0.01 * i) for i in range(200)],
    "nan": [math.nan if i % 7 == 3 else 1 / (1 + i) for i in range(200)],
}
PLATEAU = [
    ("flat", dict(threshold_mode="abs", mode="min", threshold=0.01, patience=5, cooldown=5)),
    ("flat", dict(mode="max", threshold_mode="rel", threshold=0.0, patience=5, cooldown=5, min_lr=[0.001, 0.1])),
    ("falling", dict(mode="min", threshold_mode="rel", threshold=0.1, patience=3)), ("falling", dict(mode="max", threshold_mode="abs", patience=0, factor=0.9)),
    ("stairs", dict(patience=20, factor=0.5)), ("stairs", dict(mode="max", threshold_mode="rel", patience=10, factor=0.5, min_lr=0.01)),
    ("wave", dict()), ("wave", dict(patience=2, factor=0.8, threshold=0.05, eps=1e-3)), ("nan", dict(patience=3, factor=0.5)),
]


def optimizer(case):
    groups = [{"params": [torch.zeros(1)], "lr": 0.05}, {"params": [torch.zeros(1)], "lr": 0.5}]
    return Adam(groups) if case % 2 else SGD(groups, momentum=0.9)


def function(value):
    if isinstance(value, str) and value.startswith("#"):
        return FUNCTIONS[value]
    return [function(v) for v in value] if isinstance(value, list) else value


def make(opt, name, arguments):
    return {**vars(s), "SWALR": SWALR}[name](opt, **{k: function(v) for k, v in arguments.items()})


def momentum(group):
    return group["betas"][0] if "betas" in group else group["momentum"]


def run(opt, step):
    rates, momentums = [], []
    for i in range(STEPS):
        rates.append([g["lr"] for g in opt.param_groups])
        momentums.append([momentum(g) for g in opt.param_groups])
        opt.step()
        step(i)
    changes = any(m != momentums[0] for m in momentums)
    return {"rates": rates, "momentums": momentums if changes else []}


cases = []


def add(kind, schedulers, more, opt, step):
    cases.append({
        "kind": kind, "optimizer": type(opt).__name__, "schedulers": [{"name": n, "arguments": a} for n, a in schedulers],
        **more, **run(opt, step)})


for schedulers in [[one] for one in ONE] + SEVERAL:
    opt = optimizer(len(cases))
    made = [make(opt, n, a) for n, a in schedulers]
    add("each", schedulers, {}, opt, lambda i: [m.step() for m in made])
for name, schedulers, milestones in HOLDING:
    opt = optimizer(len(cases))
    inner = [make(opt, n, a) for n, a in schedulers]
    outer = s.SequentialLR(opt, inner, milestones) if milestones is not None else s.ChainedScheduler(inner)
    add(name, schedulers, {"milestones": milestones}, opt, lambda i: outer.step())
for losses, arguments in PLATEAU:
    opt = optimizer(len(cases))
    plateau = s.ReduceLROnPlateau(opt, **arguments)
    values = ["nan" if math.isnan(v) else v for v in LOSSES[losses]]
    add("plateau", [("ReduceLROnPlateau", arguments)], {"losses": values}, opt, lambda i: plateau.step(LOSSES[losses][i]))

text = json.dumps(cases, separators=(",", ":")).replace("},{\"kind\"", "},\n{\"kind\"")
with gzip.GzipFile(OUT / "schedulers.json.gz", "wb", compresslevel=9, mtime=0) as file:
    file.write(text.encode())
print(len(cases), "cases,", len(text), "bytes")
