#!/usr/bin/env python3
"""The text of str(tensor) in PyTorch, as golden data: Tests/Golden/engine/descriptions.json.

usage: make_descriptions.py        needs torch (CPU)

A tensor is made from its values in steps that both sides know: see DescriptionTests.
"""
import json
import math
import pathlib

import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "engine"
cases = []


def number(v):
    if isinstance(v, float) and not math.isfinite(v):
        return str(v)
    return v


def case(values, shape=None, dtype=torch.float32, steps=()):
    x = torch.tensor(list(values), dtype=torch.float64 if dtype.is_floating_point else torch.int64).to(dtype)
    x = x.reshape(shape if shape is not None else [len(values)])
    made = x
    for step in steps:
        made = {"transposed": lambda t: t.transpose(0, -1), "every other": lambda t: t[..., ::2], "flipped": lambda t: t.flip(0),
                "expanded": lambda t: t.unsqueeze(0).expand(2, *t.shape), "first": lambda t: t[0]}[step](made)
    source = {"ramp": values.parts} if isinstance(values, Ramp) else {"values": [number(v) for v in values]}
    cases.append({**source, "shape": list(x.shape), "dtype": str(dtype)[6:],
                  "steps": list(steps), "text": str(made)})


class Ramp(list):
    """(i % modulus - start) / divisor"""
    def __init__(self, count, divisor=1, start=0, modulus=1 << 30):
        self.parts = [count, divisor, start, modulus]
        super().__init__([(i % modulus - start) / divisor for i in range(count)])


inf, nan = math.inf, math.nan
floats = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
integers = [torch.int64, torch.int32, torch.uint8]
for dtype in floats:
    case([], dtype=dtype)
    case([], [0, 3], dtype)
    case([], [2, 0], dtype)
    case([1.5], [], dtype)
    case([1.0], [], dtype)
    case([-0.0], [], dtype)
    case([nan], [], dtype)
    case([1, 2, 3], dtype=dtype)
    case([1, 2.5, -3], dtype=dtype)
    case([0.1, 0.25, 100], dtype=dtype)
    case([0.001, 1, 1000], dtype=dtype)
    case([0.001, 1, 1001], dtype=dtype)
    case([1e-5, 1], dtype=dtype)
    case([1, inf, nan, -inf], dtype=dtype)
    case([0.5, inf, nan, -inf], dtype=dtype)
    case([nan, nan], dtype=dtype)
    case([inf], dtype=dtype)
    case([0, 0], dtype=dtype)
    case([-0.0, 0.0, 0.5], dtype=dtype)
    case([1, 2000, -3], dtype=dtype)
    case([1, 200, nan], dtype=dtype)
    case([i / 8 for i in range(-12, 12)], [2, 3, 4], dtype)
    case([i / 8 for i in range(24)], [2, 2, 3, 2], dtype)
    case([i / 4 for i in range(40)], dtype=dtype)
    case([i for i in range(40)], dtype=dtype)
for dtype in floats[:2]:
    case([1e8, 1], dtype=dtype)
    case([2e8, 1], dtype=dtype)
    case([1e8 + 1, 3e8], dtype=dtype)
    case([1e20, 1e20], dtype=dtype)
    case([1e-4, 1e-4], dtype=dtype)
    case([9e-5, 9e-5], dtype=dtype)
    case([1e-40, 1], dtype=dtype)
    case([1e30, 1e-30, 0, nan], dtype=dtype)
    case([123456.789, 1234.5], dtype=dtype)
    case([99999999.5, 12345678.25], dtype=dtype)
    case([1e10, inf, 2], dtype=dtype)
    case([0.00015, 0.1], dtype=dtype)
    case([12345, 123456], dtype=dtype)
    case([i * 1.25e-6 for i in range(30)], [5, 6], dtype)
    case(Ramp(1001, 3), dtype=dtype)
    case(Ramp(1000, 3), dtype=dtype)
    case(Ramp(1200, 1, 500), [30, 40], dtype)
    case(Ramp(1200, 7), [30, 40], dtype)
    case(Ramp(1200, 7), [10, 12, 10], dtype)
    case(Ramp(1200, 7), [2, 2, 300], dtype)
    case(Ramp(1200, 7), [600, 2], dtype)
    case(Ramp(1200, 1e9), [30, 40], dtype)
    case(Ramp(1200, 7), dtype=dtype)
case([123456789012.125, 1], dtype=torch.float64)
case([1e-300, 1e300], dtype=torch.float64)
for dtype in integers:
    case([], dtype=dtype)
    case([], [2, 0, 3], dtype)
    case([7], [], dtype)
    case([0, 10, 200], dtype=dtype)
    case(list(range(100)), dtype=dtype)
    case(list(range(60)), [3, 4, 5], dtype)
    case(Ramp(1200, 1, 0, 200), [30, 40], dtype)
    case(Ramp(1001, 1, 0, 200), [1001], dtype)
for dtype in integers[:2]:
    case([-1, 10, 2000], dtype=dtype)
    case([2147483647, -2147483648], dtype=dtype)
case([9223372036854775807, -9223372036854775808], dtype=torch.int64)
case([9007199254740993], dtype=torch.int64)
case([], dtype=torch.bool)
case([], [0, 2], torch.bool)
case([1], [], torch.bool)
case([1, 0, 1], dtype=torch.bool)
case([1, 1], dtype=torch.bool)
case([i % 3 == 0 for i in range(24)], [2, 3, 4], torch.bool)
case([i % 3 == 0 for i in range(40)], dtype=torch.bool)
case(Ramp(1200, 1, 0, 2), [30, 40], torch.bool)
for dtype in (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.float16, torch.bfloat16):
    values = [i / 2 if dtype.is_floating_point else i for i in range(24)]
    for steps in (["transposed"], ["every other"], ["flipped"], ["expanded"], ["first"], ["first", "transposed"],
                  ["transposed", "every other", "expanded"]):
        case(values, [2, 3, 4], dtype, steps)
case(Ramp(1200, 7), [30, 40], torch.float32, ["transposed"])
case(Ramp(4800, 7), [60, 80], torch.float32, ["every other", "flipped"])
case(Ramp(600, 7), [600], torch.float32, ["expanded"])
(OUT / "descriptions.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(len(cases))
