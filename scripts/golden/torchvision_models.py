"""The files of torchvision's models."""
import importlib

import torch

# torchvision's own operations, which its models do not use, may be built for another torch.
library = torch.library.Library("torchvision", "DEF")
for name in ("nms(Tensor a, Tensor b, float c) -> Tensor", "qnms(Tensor a, Tensor b, float c) -> Tensor"):
    try:
        library.define(name)
    except RuntimeError:
        pass

alexnet, densenet, mobilenetv2, resnet, squeezenet, vgg = (
    importlib.import_module(f"torchvision.models.{name}") for name in ("alexnet", "densenet", "mobilenetv2", "resnet", "squeezenet", "vgg"))
