#!/usr/bin/env python3
"""A model with every kind of plumbing, as torch 2.13 has it: Tests/Golden/layers/modules.json and modules.safetensors.

usage: make_modules.py        needs torch (CPU) and safetensors

Names of states and parameters, values, gradients, what hooks see, what a partial loading returns. Every tensor of the state is in the
safetensors file, after a step of training, under each of its names.
"""
import json
import os
import pathlib

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import torch
from plumbed import Plumbed
from safetensors.torch import save_file
from torch.nn.utils import parameters_to_vector

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "layers"
torch.set_num_threads(1)


def numbers(t):
    t = t.detach()
    return {"dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape),
            "values": [float(f"{v:.9g}") for v in t.double().reshape(-1).tolist()]}


def named(pairs):
    return [[name, numbers(value)] for name, value in pairs]


torch.manual_seed(4)
model = Plumbed()
image, index = torch.rand(2, 3, 5, 6), torch.tensor([1, 3])
initial = named(model.state_dict().items())
golden = {"initial": initial, "parameters": [name for name, _ in model.named_parameters()],
          "modules": [name for name, _ in model.named_modules()], "buffers": [name for name, _ in model.named_buffers()],
          "image": numbers(image), "index": index.tolist()}

# Hooks: what a layer of the middle gave, and the gradients at it, as Grad-CAM takes them.
seen = {}
model.features.norm0.register_forward_hook(lambda module, inputs, output: seen.update(features=output))
model.features.norm0.register_full_backward_hook(lambda module, inner, outer: seen.update(inner=inner[0], outer=outer[0]))
model.pair.register_full_backward_hook(lambda module, inner, outer: seen.update(first=inner[0], second=inner[1]))
model.blocks[1].register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
outputs = model(image, index)
golden["outputs"] = named(sorted(outputs.items()))
loss = sum((o * torch.linspace(0.5, 1.5, o.numel()).reshape(o.shape)).sum() for _, o in sorted(outputs.items()))
loss.backward()
golden["loss"] = loss.item()
golden["seen"] = named(sorted(seen.items()))
weights = seen["outer"].mean((2, 3), keepdim=True)
golden["cam"] = numbers((weights * seen["features"]).sum(1).relu())
golden["gradients"] = named((name, p.grad) for name, p in model.named_parameters())
with torch.no_grad():
    for p in model.parameters():
        p -= 0.1 * p.grad

vector = parameters_to_vector(model.parameters())
golden["vector"] = {"count": vector.numel(), "sum": vector.double().sum().item(), "some": vector[::7].tolist()}

state = model.state_dict()
partial = {k: v for k, v in state.items() if not k.startswith("heads.a")}
partial["extra.weight"] = torch.zeros(1)
result = Plumbed().load_state_dict(partial, strict=False)
golden["missing"], golden["unexpected"] = result.missing_keys, result.unexpected_keys

model.eval()
with torch.no_grad():
    golden["evaluated"] = named(sorted(model(image, index).items()))
    double = {k: v for k, v in model.double()(image.double(), index).items()}
golden["double"] = named(sorted(double.items()))
model.float()
(OUT / "modules.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
save_file({k: v.detach().clone().contiguous() for k, v in state.items()}, OUT / "modules.safetensors")
print(json.dumps({k: v for k, v in golden.items() if k in ("parameters", "modules", "buffers", "missing", "unexpected")}, indent=1))
print([n for n, _ in initial])
