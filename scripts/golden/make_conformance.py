#!/usr/bin/env python3
"""PyTorch's own test samples (torch.testing._internal.common_methods_invocations.op_db) as case files for levin-conformance.

usage: make_conformance.py --out FOLDER [--seed S] [--sizes small|odd] [--all] [--only NAME]

Needs torch 2.13.0, numpy, scipy and expecttest. One file an entry: ENTRY.jsonl.gz, a case a line. A value is tagged:
tensors {"t": dtype, "s": shape, "d": base64 of the row-major bytes}, numbers {"i"}, {"f"} or {"b"}, texts {"text"}, nothing
{"none"}, lists {"list"} and {"tuple"}, slices {"slice"}, dtypes {"dtype"}, the ellipsis {"ellipsis"}. `out` holds PyTorch's results, of floats
those in float64, and `dev` how far PyTorch's own in the case's dtype are from them; `grads` likewise, for the cotangents `cot`.
"""
import argparse
import base64
import copy
import gzip
import json
import math
import os
import pathlib
import random
import zlib

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import numpy as np
import torch
import torch.testing._internal.common_methods_invocations as invocations

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).resolve().parent
FLOATS = (torch.float32, torch.float64)
ALL_TYPES = (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool)
COMMITTED = (torch.float32, torch.int64, torch.uint8, torch.bool)


# Held by make_random.py instead: the suite seeds these inside of its own wrappers.
RANDOM = {"bernoulli", "multinomial", "normal", "rand_like", "randint", "randn", "randn_like", "uniform"}


# Places of arguments that are not differentiated, though they are floats: running statistics, which the call changes.
CONSTANT = {"nn.functional.batch_norm": (0, 1)}


class Unsupported(Exception):
    pass


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def encode(v):
    if isinstance(v, torch.Tensor):
        if v.layout != torch.strided or v.is_complex():
            raise Unsupported(str(v.layout))
        flat = v.detach().contiguous().reshape(-1)
        data = flat.view(torch.uint8) if flat.dtype != torch.bool else flat.to(torch.uint8)
        return {"t": name_of(v.dtype), "s": list(v.shape), "d": base64.b64encode(data.numpy().tobytes()).decode()}
    if v is None:
        return {"none": True}
    if isinstance(v, bool):
        return {"b": v}
    if isinstance(v, int):
        return {"i": v}
    if isinstance(v, float):
        return {"f": repr(v)}
    if isinstance(v, str):
        return {"text": v}
    if isinstance(v, torch.dtype):
        return {"dtype": name_of(v)}
    if v is Ellipsis:
        return {"ellipsis": True}
    if isinstance(v, slice):
        return {"slice": [encode(v.start), encode(v.stop), encode(v.step)]}
    if isinstance(v, (list, tuple)):
        return {"tuple" if isinstance(v, tuple) else "list": [encode(x) for x in v]}
    raise Unsupported(type(v).__name__)


def walk(v, visit):
    if isinstance(v, torch.Tensor):
        return visit(v)
    if isinstance(v, (list, tuple)):
        return type(v)([walk(x, visit) for x in v]) if not hasattr(v, "_fields") else v
    if isinstance(v, dict):
        return {k: walk(x, visit) for k, x in v.items()}
    return v


def tensors(v, found):
    walk(v, found.append)
    return found


def as_double(v):
    if isinstance(v, torch.dtype):
        return torch.float64 if v == torch.float32 else v
    if isinstance(v, dict):
        return {k: as_double(x) for k, x in v.items()}
    return walk(v, lambda t: t.detach().to(torch.float64) if t.dtype == torch.float32 else t.detach())


def outputs(result):
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (list, tuple)):
        return [x for r in result for x in outputs(r)]
    if isinstance(result, (bool, int, float)):
        return [torch.tensor(result)]
    raise Unsupported(type(result).__name__)


def deviation(own, reference):
    a, b = own.detach().double(), reference.detach().double()
    ok = a.isfinite() & b.isfinite()
    return float((a - b).abs()[ok].max()) if ok.any() else 0.0


def run(function, sample, cotangents=None, draws=None, constant=()):
    """Results, and the gradients of what is a float and wants one."""
    leaves = []

    def leaf(t):
        t = t.detach().clone()
        if t.dtype in FLOATS:
            t.requires_grad_()
            leaves.append(t)
        return t

    input, args, kwargs = walk(sample[0], leaf), walk(sample[1], leaf), walk(sample[2], leaf)
    args = tuple(walk(a, lambda t: t.detach().clone()) if i in constant else a for i, a in enumerate(args))
    result = outputs(function(input, *args, **kwargs))
    differentiable = [r for r in result if r.requires_grad]
    if not differentiable:
        return result, [], [], leaves
    if cotangents is None:
        cotangents = [torch.rand(r.shape, generator=draws, dtype=torch.float64).mul(2).sub(1).to(r.dtype) for r in differentiable]
    else:
        cotangents = [c.to(r.dtype) for c, r in zip(cotangents, differentiable)]
    grads = torch.autograd.grad(differentiable, leaves, cotangents, allow_unused=True)
    return result, list(grads), cotangents, leaves


def size(value):
    return len(json.dumps(value))


def cases(entry, dtype, options):
    key = zlib.crc32(f"{entry.name}.{entry.variant_test_name} {name_of(dtype)}".encode()) ^ options.seed
    torch.manual_seed(key)
    np.random.seed(key & 0x7FFFFFFF)
    random.seed(key)
    differentiates = dtype in FLOATS and entry.supports_autograd
    samples = list(entry.sample_inputs("cpu", dtype, requires_grad=False, set_seed=False))
    made = []
    constant = CONSTANT.get(entry.name, ())
    for index, sample in enumerate(samples):
        own = (sample.input, tuple(sample.args), dict(sample.kwargs))
        own = walk(own, lambda t: t.detach())
        try:
            head = {"input": encode(own[0]), "args": [encode(a) for a in own[1]],
                    "kwargs": [[k, encode(v)] for k, v in own[2].items()]}
            if not options.all and size(head) > 4096 * 1.4 and made:
                continue
            draws = torch.Generator().manual_seed(key + index)
            wide = tuple(as_double(x) for x in own)
            if differentiates:
                reference, grads, cotangents, leaves = run(entry.op, wide, None, draws, constant)
                mine, mine_grads, _, _ = run(entry.op, own, [c.to(dtype) for c in cotangents], None, constant)
            else:
                grads, cotangents, mine_grads = [], [], []
                with torch.no_grad():
                    reference = outputs(entry.op(*[copy.deepcopy(wide)[0], *copy.deepcopy(wide)[1]], **copy.deepcopy(wide)[2]))
                    mine = outputs(entry.op(own[0], *own[1], **own[2]))
            case = {"dtype": name_of(dtype), **head,
                    "out": [encode(r) for r in reference], "types": [name_of(m.dtype) for m in mine],
                    "dev": [deviation(m, r) for m, r in zip(mine, reference)]}
            if cotangents:
                case["cot"] = [encode(c) for c in cotangents]
                case["grads"] = [{"none": True} if g is None else encode(g) for g in grads]
                case["gdev"] = [0.0 if g is None or m is None else deviation(m, g) for m, g in zip(mine_grads, grads)]
            made.append(case)
        except Unsupported:
            continue
        except RuntimeError as error:
            if "does not require grad" in str(error) or "not implemented" in str(error):
                continue
            raise
        if not options.all and len(made) == 6:
            break
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", choices=("small", "odd"), default="small")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", action="append")
    options = parser.parse_args()
    if options.sizes == "odd":
        invocations.S, invocations.M, invocations.L = 4, 7, 13
    names = set((HERE / "conformance-names.txt").read_text().split())
    options.out.mkdir(parents=True, exist_ok=True)
    total = 0
    for entry in invocations.op_db:
        if entry.name not in names - RANDOM or (options.only and entry.name not in options.only):
            continue
        full = entry.name + (f".{entry.variant_test_name}" if entry.variant_test_name else "")
        found = []
        for dtype in ALL_TYPES if options.all else COMMITTED:
            if dtype in entry.dtypes:
                try:
                    found += cases(entry, dtype, options)
                except Exception as error:  # an entry that PyTorch itself cannot run says so
                    print(f"{full} {name_of(dtype)}: {type(error).__name__}: {str(error)[:100]}")
        if found:
            text = "".join(json.dumps(c, separators=(",", ":")) + "\n" for c in found)
            with gzip.GzipFile(options.out / f"{full}.jsonl.gz", "wb", mtime=0) as file:
                file.write(text.encode())
            total += len(found)
    print(f"{total} cases")


if __name__ == "__main__":
    main()
