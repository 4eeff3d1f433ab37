#!/usr/bin/env python3
"""Exchanges states of models with a test: usage: torch_models.py save NAME FILE | load FILE        needs what make_models.py needs

save: a seeded model of torchvision at full size, with running statistics of its own: its state, as safetensors, and its logits. load: what the
model with every kind of plumbing gives with the state in FILE, which must have exactly its names. Results go to the standard output, as JSON.
"""
import json
import sys

import torch
from plumbed import Plumbed
from safetensors.torch import load_file, save_file


def save(name, file):
    from torchvision_models import densenet, mobilenetv2, resnet, squeezenet

    torch.manual_seed(3)
    model = {"resnet18": resnet.resnet18, "densenet121": densenet.densenet121, "mobilenetV2": mobilenetv2.mobilenet_v2,
             "squeezenet1x1": squeezenet.squeezenet1_1}[name]()
    with torch.no_grad():
        model(torch.rand(2, 3, 64, 64))
        save_file(model.state_dict(), file)
        return model.eval()(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))[0].tolist()


def load(file):
    model = Plumbed()
    model.load_state_dict(load_file(file), strict=True)
    with torch.no_grad():
        outputs = model.eval()(torch.linspace(-1, 1, 2 * 3 * 5 * 6).reshape(2, 3, 5, 6), torch.tensor([1, 3]))
    return {name: value.reshape(-1).tolist() for name, value in outputs.items()}


print(json.dumps({"save": save, "load": load}[sys.argv[1]](*sys.argv[2:])))
