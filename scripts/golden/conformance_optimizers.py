"""The optimizers' part of the conformance cases: the configurations of PyTorch's optim_db.

A case is the problem of the suite, smaller: the sum of the squares of `weight @ input + bias` (Muon has no bias, and several
inputs, without which its steps would be made of rounding errors), from seeded numbers. Its
two stages, after five and ten steps, are the parameters by their index and the state under PyTorch's names: `value` in float64, `type`,
PyTorch's dtype, and `dev`, how far PyTorch's numbers in the case's dtype are from those: in float32 the farthest of some trainings,
of which all but one start from numbers that end in other last bits, since a gradient that is almost zero can make much of a rounding.
"""
import zlib

import torch
from torch.testing._internal.common_optimizers import optim_db

IMPLEMENTATIONS = {"foreach", "fused", "capturable", "differentiable"}
STEPS = 5
DISTURBANCES = 4


def plain(value):
    return value.item() if isinstance(value, torch.Tensor) else list(value) if isinstance(value, tuple) else value


def configurations(info, more=()):
    """The keywords of each input, without PyTorch's own choices of implementation."""
    seen = []
    for kwargs in [i.kwargs for i in info.optim_inputs_func(device="cpu")] + list(more):
        if any(kwargs.get(name) for name in IMPLEMENTATIONS):
            continue
        kwargs = {k: plain(v) for k, v in kwargs.items() if k not in IMPLEMENTATIONS}
        if kwargs not in seen:
            seen.append(kwargs)
    return seen


def state_of(optimizer):
    """The entries of a state dictionary by name, `0.exp_avg`; members of lists have a number."""
    result = {}

    def put(name, value):
        if isinstance(value, list):
            for i, item in enumerate(value):
                put(f"{name}.{i}", item)
        # LBFGS's `al` is scratch of one step.
        elif value is not None and name.split(".")[1] != "al":
            # LBFGS's step length is an integer where the learning rate is one.
            is_double = isinstance(value, float) or name.endswith(".t")
            result[name] = torch.as_tensor(value, dtype=torch.float64 if is_double else None).detach().clone()

    for index, values in optimizer.state_dict()["state"].items():
        for key, value in values.items():
            put(f"{index}.{key}", value)
    return result


def train(optimizer_class, kwargs, start, input):
    parameters = [p.clone().requires_grad_() for p in start]
    optimizer = optimizer_class(parameters, **kwargs)

    def closure():
        optimizer.zero_grad()
        output = parameters[0] @ input
        if len(parameters) > 1:
            output = output + parameters[1]
        loss = output.pow(2).sum()
        loss.backward()
        return loss

    stages = []
    for _ in range(2):
        for _ in range(STEPS):
            optimizer.step(closure)
        stages.append(({str(i): p.detach().clone() for i, p in enumerate(parameters)}, state_of(optimizer)))
    return stages


def disturbed(tensor):
    """The numbers with another last bit, up or down at random."""
    return torch.nextafter(tensor, torch.where(torch.rand_like(tensor) < 0.5, -torch.inf, torch.inf).to(tensor.dtype))


def cases(seed, encode, deviation):
    for info in optim_db:
        name = info.optim_cls.__name__
        if name == "SparseAdam":
            continue
        for kwargs in configurations(info):
            # LBFGS in float32 follows the last bit of its sums.
            for dtype in (torch.float64,) if name == "LBFGS" else (torch.float32, torch.float64):
                torch.manual_seed(zlib.crc32(f"{name} {kwargs} {dtype}".encode()) ^ seed)
                shapes = [(4, 3)] if name == "Muon" else [(4, 3), (4,)]
                start = [torch.randn(shape, dtype=dtype) for shape in shapes]
                input = torch.randn((3, 6) if name == "Muon" else 3, dtype=dtype)
                own = train(info.optim_cls, kwargs, start, input)
                wide = train(info.optim_cls, kwargs, [p.double() for p in start], input.double())
                others = [train(info.optim_cls, kwargs, [disturbed(p) for p in start], input)
                          for _ in range(DISTURBANCES if dtype == torch.float32 else 0)]
                stages = []
                for number, (mine, exact) in enumerate(zip(own, wide)):
                    values = {}
                    for key, tensor in {**exact[0], **exact[1]}.items():
                        found = [{**stage[0], **stage[1]}[key] for stage in (mine, *(other[number] for other in others))]
                        values[key] = {"value": encode(tensor), "type": str(found[0].dtype).removeprefix("torch."),
                                       "dev": max(deviation(f, tensor) for f in found)}
                    stages.append(values)
                yield {"optimizer": name, "options": [[k, encode(v)] for k, v in kwargs.items()], "start": [encode(p) for p in start],
                       "input": encode(input), "stages": stages}
