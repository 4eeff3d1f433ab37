#!/usr/bin/env python3
"""PyTorch's own test samples (torch.testing._internal.common_methods_invocations.op_db) as case files for levin-conformance.

usage: make_conformance.py --out FOLDER [--seed S] [--sizes small|odd|large] [--all] [--only NAME]

Needs torch 2.13.0, numpy, scipy and expecttest. One file an entry, ENTRY.jsonl.gz, a case a line; errors.jsonl.gz holds what PyTorch
refuses, optimizers.jsonl.gz trainings (conformance_optimizers.py), entries.txt the names of all entries. Values are tagged: tensors {"t": dtype, "s": shape, "d": base64 of the row-major bytes},
with {"st": strides} where they lie otherwise, numbers {"i"}, {"f"} or {"b"}, texts {"text"}, nothing {"none"}, lists {"list"} and {"tuple"},
slices {"slice"}, dtypes {"dtype"}, the ellipsis {"ellipsis"}, and {"other"} for what has no name here.
`out` holds PyTorch's results, of floats those in float64, and `dev` how far PyTorch's own in the case's dtype are from them
(of floats made of integers, from those made in float64); `grads`
likewise, for the cotangents `cot`; `constants` are the places, among the floats of the call, of those that are no leaves. Inputs that the call changes are results, too. `next` is the uniform number that PyTorch
draws after the call, which stands after manual_seed(42).

Without --all, what is committed: at most 6 samples and 12 reference inputs for each entry and dtype, all small. `large` writes inputs
alone, for comparing Levin with itself.
"""
import argparse
import base64
import copy
import gzip
import json
import os
import pathlib
import random
import sys
import warnings
import zlib

if os.environ.get("PYTHONHASHSEED") != "0":
    # The suite goes over sets.
    os.environ["PYTHONHASHSEED"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])
os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import numpy as np
import torch
import torch.testing._internal.common_methods_invocations as invocations
import torch.testing._internal.opinfo.core as opinfo

import conformance_optimizers

warnings.simplefilter("ignore")
torch.set_num_threads(1)
HERE = pathlib.Path(__file__).resolve().parent
FLOATS = (torch.float32, torch.float64)
ALL_TYPES = (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool)
COMMITTED = (torch.float32, torch.int64, torch.uint8, torch.bool)
# Drawn after a seed, which the suite sets inside of a wrapper.
RANDOM = {"bernoulli", "multinomial", "nn.functional.dropout", "nn.functional.dropout2d", "normal", "rand_like", "randint", "randint_like",
          "randn", "randn_like", "uniform"}
# The same calls again, for compilers and devices of PyTorch's, or of complex numbers alone.
INTERNAL = {"addmm.decomposed", "bmm.triton_optimized", "nn.functional.batch_norm.without_cudnn", "nn.functional.silu.complex"}
# Where the suite calls another function than the name says.
FUNCTIONS = {"rand_like": torch.rand_like}
SIZES = {"small": (5, 10, 20), "odd": (4, 7, 13), "large": (48, 60, 70)}
# Their values grow or their work explodes with the sizes.
SMALL_ONLY = {"cumprod", "prod", "argwhere"}
SAMPLES, SAMPLE_BYTES, REFERENCES, REFERENCE_BYTES = 6, 4096, 12, 16384
# What is committed stays small: of these bytes at most, by dtype.
COMMITTED_BYTES = {torch.float32: 1500, torch.int64: 1000, torch.uint8: 300, torch.bool: 300}
COMMITTED_REFERENCES = {torch.float32: 12, torch.int64: 4, torch.uint8: 3, torch.bool: 3}


class Unsupported(Exception):
    pass


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def full_name(entry):
    return entry.name + (f".{entry.variant_test_name}" if entry.variant_test_name else "")


def encode(v, strict=True):
    if isinstance(v, torch.Tensor) and v.layout == torch.strided and not v.is_complex():
        flat = torch.empty(v.numel(), dtype=v.dtype).copy_(v.detach().reshape(-1))
        data = flat.view(torch.uint8) if flat.dtype != torch.bool else flat.to(torch.uint8)
        result = {"t": name_of(v.dtype), "s": list(v.shape), "d": base64.b64encode(data.numpy().tobytes()).decode()}
        if not v.is_contiguous():
            result["st"] = list(v.stride())
        return result
    if isinstance(v, bool):
        return {"b": v}
    if isinstance(v, int):
        return {"i": v}
    if isinstance(v, float):
        return {"f": repr(v)}
    if isinstance(v, str):
        return {"text": v}
    if isinstance(v, torch.device):
        return {"text": str(v)}
    if isinstance(v, torch.nn.PairwiseDistance):
        return {"text": "pairwise_distance"}
    if v is None or isinstance(v, torch.memory_format):
        return {"none": True}
    if isinstance(v, torch.dtype) and not v.is_complex:
        return {"dtype": name_of(v)}
    if v is Ellipsis:
        return {"ellipsis": True}
    if isinstance(v, slice):
        return {"slice": [encode(v.start), encode(v.stop), encode(v.step)]}
    if isinstance(v, (list, tuple)):
        return {"tuple" if isinstance(v, tuple) else "list": [encode(x, strict) for x in v]}
    if strict:
        raise Unsupported(type(v).__name__)
    return {"other": type(v).__name__}


def walk(v, visit):
    if isinstance(v, torch.Tensor):
        return visit(v)
    if isinstance(v, (list, tuple)):
        return type(v)([walk(x, visit) for x in v]) if not hasattr(v, "_fields") else v
    if isinstance(v, dict):
        return {k: walk(x, visit) for k, x in v.items()}
    return v


def as_double(v):
    if isinstance(v, torch.dtype):
        return torch.float64 if v == torch.float32 else v
    if isinstance(v, dict):
        return {k: as_double(x) for k, x in v.items()}
    return walk(v, lambda t: (t.detach().to(torch.float64) if t.dtype == torch.float32 else t.detach()).requires_grad_(t.requires_grad))


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


def as_represented(reference, own):
    """The reference, but where PyTorch in the case's own dtype is infinite or NaN, or is not, otherwise than it."""
    if not reference.is_floating_point() or own is None or own.shape != reference.shape:
        return reference
    own = own.detach().to(reference.dtype)
    return torch.where(reference.isfinite() == own.isfinite(), reference, own).detach()


def same(t, before):
    """But for rounding: a momentum of 0 may still take a mean of equal numbers."""
    return t.equal(before) or t.is_floating_point() and t.allclose(before, rtol=4 * torch.finfo(t.dtype).eps, atol=0)


def run(function, sample, cotangents=None, draws=None, differentiates=True):
    """Results, and the gradients of floats: None where the sample marks no leaf."""
    leaves, copies = [], []

    def prepare(t):
        t = t.detach().clone().requires_grad_(differentiates and t.requires_grad)
        if differentiates and t.dtype in FLOATS:
            leaves.append(t)
        copies.append((t, t.detach().clone()))
        return t

    input, args, kwargs = walk(sample[0], prepare), walk(sample[1], prepare), walk(sample[2], prepare)
    result = outputs(function(input, *args, **kwargs))
    own = {id(r) for r in result}
    result += [t.detach() for t, before in copies
               if id(t) not in own and not same(t.detach(), before) and not t.detach().isnan().any()]
    differentiable = [r for r in result if r.requires_grad]
    if not differentiable:
        return result, [], [], leaves
    if cotangents is None:
        cotangents = [torch.rand(r.shape, generator=draws, dtype=torch.float64).mul(2).sub(1).to(r.dtype) for r in differentiable]
    else:
        cotangents = [c.to(r.dtype) for c, r in zip(cotangents, differentiable)]
    found = iter(torch.autograd.grad(differentiable, [x for x in leaves if x.requires_grad], cotangents, allow_unused=True))
    grads = [next(found) if x.requires_grad else None for x in leaves]
    return result, list(grads), cotangents, leaves


def run_in_double(function, sample, mine):
    """The floats that a function makes of integers, in float64; `mine` where there are none such."""
    torch.set_default_dtype(torch.float64)
    try:
        exact, _, _, _ = run(function, copy.deepcopy(sample), None, None, False)
    except RuntimeError:
        return mine
    finally:
        torch.set_default_dtype(torch.float32)
    same_shapes = len(exact) == len(mine) and all(e.shape == m.shape for e, m in zip(exact, mine))
    return exact if same_shapes else mine


def check_computed(t):
    """Levin computes in six dtypes."""
    if t.dtype not in ALL_TYPES:
        raise Unsupported(name_of(t.dtype))
    return t


def head_of(sample, strict=True):
    return {"input": encode(sample[0], strict), "args": [encode(a, strict) for a in sample[1]],
            "kwargs": [[k, encode(v, strict)] for k, v in sample[2].items()]}


def byte_count(sample):
    sizes = [0]
    walk(list(sample[:2]) + [list(sample[2].values())], lambda t: sizes.append(t.numel() * t.element_size()) or t)
    return sum(sizes)


def draws_by_library(entry, sample):
    """On Intel's processors PyTorch takes exponential numbers, which draws without replacement stand on, from a library."""
    if entry.name != "multinomial" or sample[2].get("replacement", (*sample[1], False)[1]) and sample[1][0] > 1:
        return False
    set_seed(42)
    number = torch.empty(1, dtype=torch.float64).exponential_()
    set_seed(42)
    return not number.equal(-torch.log1p(-torch.rand(1, dtype=torch.float64)))


def is_layers(entry):
    """A function of layers: these refuse some floats as leaves (weights of classes, targets), or change them (running statistics)."""
    return entry.name.startswith("nn.functional.")


def plain(sample, marked):
    """The sample of leaves: those of the suite, or else all floats."""
    def leaf(t):
        return t.detach().requires_grad_(t.requires_grad if marked else t.dtype in FLOATS)

    return tuple(walk(x, leaf) for x in (sample.input, tuple(sample.args), dict(sample.kwargs)))


def set_seed(seed):
    """That of the CPU's generator alone: seeding all devices formats a traceback for each."""
    torch.default_generator.manual_seed(seed)


def seed_all(key):
    set_seed(key)
    np.random.seed(key & 0x7FFFFFFF)
    random.seed(key)


def all_of(make, entry, dtype, marked, most=float("inf")):
    """Those that the suite makes, of at most as many bytes: not all of its functions go with all sizes."""
    made = []
    try:
        for sample in make("cpu", dtype, requires_grad=marked, set_seed=False):
            sample = plain(sample, marked)
            if byte_count(sample) <= most:
                made.append(sample)
    except Exception as error:
        print(f"{full_name(entry)} {name_of(dtype)}: samples end early: {type(error).__name__}: {str(error)[:100]}")
    return made


def chosen(entry, dtype, options, key):
    """The samples, and of the reference inputs some that are spread over all of them."""
    seed_all(key)
    marked = is_layers(entry) and dtype in FLOATS and entry.supports_autograd
    samples = all_of(entry.sample_inputs, entry, dtype, marked)
    if options.sizes == "large":
        fit = [s for s in samples if 4e5 <= byte_count(s) <= 8e6]
        return fit[:: max(1, len(fit) // 2)][:2]
    if not options.all:
        # the smallest first sample is there, however large it is
        small = [s for s in samples if byte_count(s) <= SAMPLE_BYTES]
        samples = [small[i * len(small) // SAMPLES] for i in range(SAMPLES)] if len(small) > SAMPLES else small or samples[:1]
    if entry.reference_inputs_func is None:
        return samples
    seed_all(key ^ 1)
    most = REFERENCE_BYTES if options.all else COMMITTED_BYTES[dtype]
    references = all_of(entry.reference_inputs, entry, dtype, marked, most)
    limit = 4 * REFERENCES if options.all else COMMITTED_REFERENCES[dtype]
    if len(references) > limit:
        first = key % 7 if options.all else 0
        references = [references[min(len(references) - 1, first + i * len(references) // limit)] for i in range(limit)]
    return samples + references


def cases(entry, dtype, options):
    key = zlib.crc32(f"{full_name(entry)} {name_of(dtype)}".encode()) ^ options.seed
    is_random = entry.name in RANDOM
    differentiates = dtype in FLOATS and entry.supports_autograd and (is_layers(entry) or not is_random)
    made, function = [], FUNCTIONS.get(entry.name, entry.op)
    for index, own in enumerate(chosen(entry, dtype, options, key)):
        try:
            walk(list(own[:2]) + [list(own[2].values())], check_computed)
            if draws_by_library(entry, own):
                raise Unsupported("draws of a library")
            case = {"dtype": name_of(dtype), **head_of(own)}
            if options.sizes == "large":
                made.append({**case, "out": [], "types": [], "dev": [], "differentiates": differentiates})
                continue
            draws = torch.Generator().manual_seed(key + index)
            wide = own if is_random else tuple(as_double(x) for x in own)
            set_seed(42)
            reference, grads, cotangents, leaves = run(function, copy.deepcopy(wide), None, draws, differentiates)
            if is_random:
                following = torch.rand(1).item()
                mine, mine_grads = reference, grads
            else:
                mine, mine_grads, _, _ = run(function, own, [c.to(dtype) for c in cotangents], None, differentiates)
            if len(mine) != len(reference):
                continue
            reference = [as_represented(r, m) for r, m in zip(reference, mine)]
            exact = reference
            if dtype not in FLOATS and not is_random and any(m.is_floating_point() for m in mine):
                exact = run_in_double(function, own, mine)
            grads = [None if g is None else as_represented(g, m) for g, m in zip(grads, mine_grads)]
            case |= {"out": [encode(r) for r in reference], "types": [name_of(m.dtype) for m in mine],
                     "dev": [max(deviation(m, e), deviation(m, r)) for m, e, r in zip(mine, exact, reference)]}
            if is_random:
                case["next"] = repr(following)
            if cotangents:
                case["cot"] = [encode(c) for c in cotangents]
                case["grads"] = [{"none": True} if g is None else encode(g) for g in grads]
                if not all(x.requires_grad for x in leaves):
                    case["constants"] = [i for i, x in enumerate(leaves) if not x.requires_grad]
                case["gdev"] = [0.0 if g is None or m is None else deviation(m, g) for m, g in zip(mine_grads, grads)]
            made.append(case)
        except Unsupported:
            continue
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            if options.verbose:
                print(f"{full_name(entry)} {name_of(dtype)} sample {index}: {str(error)[:100]}")
    return made


def errors(entry):
    """What PyTorch refuses, a line each."""
    seed_all(zlib.crc32(full_name(entry).encode()))
    torch.use_deterministic_algorithms(True)  # memory that the suite leaves as it is has known numbers, too
    made = list(entry.error_inputs("cpu"))
    torch.use_deterministic_algorithms(False)
    for error in made:
        sample = error.sample_input
        sample = (sample.input, tuple(sample.args), dict(sample.kwargs))
        if byte_count(sample) > 1 << 20:
            sample = (complex(0), (), {})
        head = head_of(sample, strict=False)
        dtype = sample[0].dtype if isinstance(sample[0], torch.Tensor) else torch.float32
        yield {"entry": full_name(entry), "dtype": name_of(dtype) if not dtype.is_complex else "float32", **head,
               "out": [], "types": [], "dev": [], "text": str(error.error_regex)}


def write(path, lines, level=9):
    text = "".join(json.dumps(c, separators=(",", ":")) + "\n" for c in lines)
    with gzip.GzipFile(path, "wb", compresslevel=level, mtime=0) as file:
        file.write(text.encode())


def names_in_scope():
    """Each name of conformance-names.txt, with the heading it stands under."""
    scope, heading = {}, ""
    for line in (HERE / "conformance-names.txt").read_text().splitlines():
        if line.startswith("#"):
            heading = line.removeprefix("# ")
        elif line:
            scope[line] = heading
    return scope


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", choices=SIZES, default="small")
    parser.add_argument("--all", action="store_true", help="every sample, and float64 and int32, too")
    parser.add_argument("--only", action="append", help="entries of this name alone")
    parser.add_argument("--verbose", action="store_true", help="say which samples PyTorch itself cannot run")
    options = parser.parse_args()
    invocations.S, invocations.M, invocations.L = SIZES[options.sizes]
    invocations.wrapper_set_seed = lambda function, *args, **kwargs: function(*args, **kwargs)
    # It walks the stack, at every sample, for a test that may have skips.
    opinfo.extract_test_fn = lambda: None

    def is_left_out(entry):
        return full_name(entry) in INTERNAL or options.sizes != "small" and entry.name in SMALL_ONLY

    names = names_in_scope()
    options.out.mkdir(parents=True, exist_ok=True)
    total, refused = 0, []
    for entry in invocations.op_db:
        if entry.name not in names or (options.only and entry.name not in options.only):
            continue
        if is_left_out(entry):
            continue
        found = []
        for dtype in ALL_TYPES if options.all else COMMITTED:
            if dtype in entry.dtypes:
                found += cases(entry, dtype, options)
        if found:
            write(options.out / f"{full_name(entry)}.jsonl.gz", found, level=1 if options.all else 9)
            total += len(found)
        if entry.error_inputs_func is not None and options.sizes != "large":
            refused += errors(entry)
    if refused:
        write(options.out / "errors.jsonl.gz", refused)
    if not options.only and options.sizes != "large":
        trained = list(conformance_optimizers.cases(options.seed, encode, deviation))
        write(options.out / "optimizers.jsonl.gz", trained)
        total += len(trained)
    scopes = ["" if is_left_out(entry) else names.get(entry.name, "") for entry in invocations.op_db]
    lines = [f"{entry.name}\t{entry.variant_test_name}\t{scope}\n" for entry, scope in zip(invocations.op_db, scopes)]
    (options.out / "entries.txt").write_text("".join(lines))
    print(f"{total} cases, {len(refused)} errors")


if __name__ == "__main__":
    main()
