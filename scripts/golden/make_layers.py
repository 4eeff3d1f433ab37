#!/usr/bin/env python3
"""Results of PyTorch's layers, losses and initializers, as golden data: Tests/Golden/layers/{layers,kinks,initialization}.json.

usage: make_layers.py        needs torch (CPU)

layers: each is made after torch.manual_seed(0); its state, and for inputs the output, and the gradients of inputs and parameters for
the cotangent `weights`; its buffers after that. kinks: activations at the points where their formulas change, at infinities and at NaN, in float64.
"""
import json
import math
import os
import pathlib

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import torch
from torch import nn
from torch.nn.utils import parametrizations

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "layers"
OUT.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)


def write(name, data):
    (OUT / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")) + "\n")


def text(v):
    return v if math.isfinite(v) else str(v)


def numbers(t):
    return {"dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape),
            "values": [text(float(f"{v:.9g}") if t.dtype == torch.float32 else v) for v in t.detach().double().reshape(-1).tolist()]}


random = torch.Generator().manual_seed(1)


def draw(*shape, low=-2.0, high=2.0):
    return torch.rand(shape, generator=random) * (high - low) + low


def classes(count, *shape):
    return torch.randint(count, shape, generator=random)


def signs(*shape):
    return torch.randint(2, shape, generator=random).float() * 2 - 1


layers = []


def case(name, make, *inputs, train=True, leaves=3):
    torch.manual_seed(0)
    layer = make()
    state = [[key, numbers(value)] for key, value in layer.named_parameters()]
    layer.train(train)
    given = [x.clone().requires_grad_() if x.is_floating_point() and i < leaves else x for i, x in enumerate(inputs)]
    output = layer(*given)
    weights = draw(*output.shape, low=0.5, high=1.5)
    (output * weights).sum().backward()
    layers.append({
        "name": name, "state": state, "training": train, "inputs": [numbers(x) for x in inputs], "output": numbers(output),
        "weights": numbers(weights),
        "gradients": [None if x.grad is None else numbers(x.grad) for x in given],
        "parameters": [numbers(p.grad) for p in layer.parameters() if p.grad is not None],
        "buffers": [[key, numbers(value)] for key, value in layer.named_buffers()]})


plane = draw(2, 4, 6, 6)
line = draw(2, 4, 6)
for name in ("ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Softsign", "Tanhshrink",
             "Tanh", "Sigmoid", "LogSigmoid", "Hardtanh", "Hardsigmoid", "Hardswish", "Hardshrink", "Softshrink", "Identity"):
    case(name, getattr(nn, name), draw(3, 5, low=-8, high=8))
case("GELU tanh", lambda: nn.GELU(approximate="tanh"), draw(3, 5, low=-4, high=4))
case("ELU 0.7", lambda: nn.ELU(0.7), draw(3, 5))
case("CELU 0.7", lambda: nn.CELU(0.7), draw(3, 5))
case("LeakyReLU 0.2", lambda: nn.LeakyReLU(0.2), draw(3, 5))
case("Softplus 2 1", lambda: nn.Softplus(2, 1), draw(3, 5))
case("Threshold", lambda: nn.Threshold(0.1, 20), draw(3, 5))
case("Hardtanh -2 1", lambda: nn.Hardtanh(-2, 1), draw(3, 5, low=-4, high=4))
case("PReLU", nn.PReLU, draw(3, 5))
case("PReLU 4", lambda: nn.PReLU(4), line)
case("RReLU evaluation", nn.RReLU, draw(3, 5), train=False)
case("RReLU", nn.RReLU, draw(3, 5))
case("Softmax", lambda: nn.Softmax(1), line)
case("LogSoftmax", lambda: nn.LogSoftmax(-1), line)
case("Softmin", lambda: nn.Softmin(1), line)
case("Softmax2d", nn.Softmax2d, plane)
case("GLU", lambda: nn.GLU(1), line)

case("LayerNorm", lambda: nn.LayerNorm(6), line)
case("LayerNorm [4, 6]", lambda: nn.LayerNorm([4, 6]), line)
case("LayerNorm without bias", lambda: nn.LayerNorm(6, eps=0.1, bias=False), line)
case("LayerNorm plain", lambda: nn.LayerNorm(6, elementwise_affine=False), line)
case("RMSNorm", lambda: nn.RMSNorm(6), line)
case("RMSNorm [4, 6]", lambda: nn.RMSNorm([4, 6], eps=0.1), line)
case("GroupNorm", lambda: nn.GroupNorm(2, 4), plane)
case("GroupNorm plain", lambda: nn.GroupNorm(4, 4, affine=False), line)
case("InstanceNorm1d", lambda: nn.InstanceNorm1d(4), line)
case("InstanceNorm2d", lambda: nn.InstanceNorm2d(4, affine=True), plane)
case("InstanceNorm3d", lambda: nn.InstanceNorm3d(4), draw(2, 4, 2, 3, 3))
case("InstanceNorm2d unbatched", lambda: nn.InstanceNorm2d(4), plane[0])
case("LocalResponseNorm", lambda: nn.LocalResponseNorm(3, alpha=0.1, beta=0.6, k=1.5), plane)

case("Embedding", lambda: nn.Embedding(7, 3), classes(7, 2, 5))
case("Embedding padding", lambda: nn.Embedding(7, 3, padding_idx=2), classes(7, 4, 5))
case("Embedding frequency", lambda: nn.Embedding(7, 3, scale_grad_by_freq=True), classes(7, 4, 5))
case("Embedding norm", lambda: nn.Embedding(7, 3, max_norm=1.0), classes(7, 4, 5))
case("Bilinear", lambda: nn.Bilinear(3, 4, 5), draw(2, 3), draw(2, 4))

for kind in ("Zero", "Reflection", "Replication", "Circular"):
    case(f"{kind}Pad1d", lambda: getattr(nn, f"{kind}Pad1d")((1, 2)), line)
    case(f"{kind}Pad2d", lambda: getattr(nn, f"{kind}Pad2d")((1, 2, 3, 0)), plane)
    case(f"{kind}Pad3d", lambda: getattr(nn, f"{kind}Pad3d")(1), draw(1, 2, 2, 3, 3))
case("ConstantPad1d", lambda: nn.ConstantPad1d((1, -2), 3.5), line)
case("ConstantPad2d", lambda: nn.ConstantPad2d(2, 3.5), plane)
case("ConstantPad3d", lambda: nn.ConstantPad3d(1, 3.5), draw(1, 2, 2, 3, 3))

case("Upsample nearest", lambda: nn.Upsample(scale_factor=2), plane)
case("Upsample bilinear", lambda: nn.Upsample(scale_factor=1.5, mode="bilinear"), plane)
case("Upsample corners", lambda: nn.Upsample(size=(9, 4), mode="bilinear", align_corners=True), plane)
case("Upsample bicubic", lambda: nn.Upsample(size=(9, 4), mode="bicubic"), plane)
case("Upsample linear", lambda: nn.Upsample(size=11, mode="linear"), line)
case("PixelShuffle", lambda: nn.PixelShuffle(2), plane)
case("PixelUnshuffle", lambda: nn.PixelUnshuffle(3), plane)
case("ChannelShuffle", lambda: nn.ChannelShuffle(2), plane)
case("Unfold", lambda: nn.Unfold((2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)), plane)
case("Fold", lambda: nn.Fold((5, 6), (2, 3), dilation=(2, 1), padding=(1, 0), stride=(1, 2)), draw(2, 12, 10))
case("Unflatten", lambda: nn.Unflatten(1, (2, -1)), line)
case("CosineSimilarity", nn.CosineSimilarity, draw(4, 5), draw(4, 5))
case("PairwiseDistance", nn.PairwiseDistance, draw(4, 5), draw(4, 5))
case("PairwiseDistance 3", lambda: nn.PairwiseDistance(p=3, keepdim=True), draw(4, 5), draw(4, 5))

weights5 = torch.tensor([0.5, 1.0, 2.0, 0.25, 1.5])
some = classes(5, 6)
some[2] = -100
probabilities = draw(6, 5).softmax(1)
case("CrossEntropyLoss", nn.CrossEntropyLoss, draw(6, 5), some)
case("CrossEntropyLoss weight", lambda: nn.CrossEntropyLoss(weights5), draw(6, 5), some)
case("CrossEntropyLoss smoothing", lambda: nn.CrossEntropyLoss(weights5, label_smoothing=0.1), draw(6, 5), some)
case("CrossEntropyLoss smoothing sum", lambda: nn.CrossEntropyLoss(label_smoothing=0.1, reduction="sum"), draw(6, 5), some)
case("CrossEntropyLoss none", lambda: nn.CrossEntropyLoss(reduction="none"), draw(2, 5, 3, 2), classes(5, 2, 3, 2))
case("CrossEntropyLoss ignore", lambda: nn.CrossEntropyLoss(ignore_index=1), draw(2, 5, 3), classes(5, 2, 3))
case("CrossEntropyLoss probabilities", nn.CrossEntropyLoss, draw(6, 5), probabilities)
case("CrossEntropyLoss probabilities weight", lambda: nn.CrossEntropyLoss(weights5, label_smoothing=0.2), draw(6, 5), probabilities)
case("CrossEntropyLoss unbatched", nn.CrossEntropyLoss, draw(5), classes(5))
logs = draw(6, 5).log_softmax(1)
case("NLLLoss", lambda: nn.NLLLoss(weights5), logs, some)
case("NLLLoss sum", lambda: nn.NLLLoss(reduction="sum"), logs, some)
for reduction in ("mean", "sum", "none"):
    case(f"MSELoss {reduction}", lambda: nn.MSELoss(reduction=reduction), draw(4, 5), draw(4, 5))
case("L1Loss", nn.L1Loss, draw(4, 5), draw(4, 5))
case("SmoothL1Loss", nn.SmoothL1Loss, draw(4, 5), draw(4, 5))
case("SmoothL1Loss 0.5", lambda: nn.SmoothL1Loss(beta=0.5), draw(4, 5), draw(4, 5))
case("HuberLoss", nn.HuberLoss, draw(4, 5), draw(4, 5))
case("HuberLoss 0.5", lambda: nn.HuberLoss(delta=0.5), draw(4, 5), draw(4, 5))
case("KLDivLoss", nn.KLDivLoss, logs, probabilities)
case("KLDivLoss batchmean", lambda: nn.KLDivLoss(reduction="batchmean"), logs, probabilities)
case("KLDivLoss log", lambda: nn.KLDivLoss(reduction="sum", log_target=True), logs, probabilities.log())
case("GaussianNLLLoss", lambda: nn.GaussianNLLLoss(full=True), draw(4, 5), draw(4, 5), draw(4, 5, low=0, high=2))
case("PoissonNLLLoss", nn.PoissonNLLLoss, draw(4, 5), draw(4, 5, low=0, high=4))
case("PoissonNLLLoss full", lambda: nn.PoissonNLLLoss(log_input=False, full=True), draw(4, 5, low=0.1), draw(4, 5, low=0, high=4))
case("BCELoss", nn.BCELoss, draw(4, 5, low=0, high=1), draw(4, 5, low=0, high=1))
case("BCELoss ends", lambda: nn.BCELoss(reduction="none"), torch.tensor([0.0, 1.0, 0.0, 1.0]), torch.tensor([0.0, 1.0, 1.0, 0.0]))
case("BCEWithLogitsLoss", nn.BCEWithLogitsLoss, draw(4, 5, low=-30, high=30), draw(4, 5, low=0, high=1))
case("BCEWithLogitsLoss weights", lambda: nn.BCEWithLogitsLoss(weight=weights5, pos_weight=weights5.flip(0)),
     draw(4, 5), draw(4, 5, low=0, high=1))
case("SoftMarginLoss", nn.SoftMarginLoss, draw(4, 5), signs(4, 5), leaves=1)
case("MultiLabelSoftMarginLoss", lambda: nn.MultiLabelSoftMarginLoss(weights5), draw(4, 5), (signs(4, 5) + 1) / 2)
case("CosineEmbeddingLoss", lambda: nn.CosineEmbeddingLoss(margin=0.1), draw(6, 5), draw(6, 5), signs(6))
case("MarginRankingLoss", lambda: nn.MarginRankingLoss(margin=0.5), draw(6), draw(6), signs(6))
case("HingeEmbeddingLoss", nn.HingeEmbeddingLoss, draw(4, 5), signs(4, 5))
case("MultiMarginLoss", lambda: nn.MultiMarginLoss(p=2, weight=weights5), draw(6, 5), classes(5, 6))
case("MultiLabelMarginLoss", nn.MultiLabelMarginLoss, draw(2, 4), torch.tensor([[3, 0, -1, 1], [2, -1, 0, 0]]))
case("TripletMarginLoss", nn.TripletMarginLoss, draw(4, 5), draw(4, 5), draw(4, 5))
case("TripletMarginLoss swap", lambda: nn.TripletMarginLoss(margin=2, p=1, swap=True), draw(4, 5), draw(4, 5), draw(4, 5))
case("TripletMarginWithDistanceLoss", nn.TripletMarginWithDistanceLoss, draw(4, 5), draw(4, 5), draw(4, 5))
case("InstanceNorm1d tracked", lambda: nn.InstanceNorm1d(4, momentum=0.3, track_running_stats=True), line)
case("InstanceNorm2d tracked", lambda: nn.InstanceNorm2d(4, affine=True, track_running_stats=True), plane)
case("InstanceNorm1d untouched", lambda: nn.InstanceNorm1d(4, momentum=None, track_running_stats=True), line)


def evaluated():
    layer = nn.InstanceNorm1d(4, affine=True, track_running_stats=True)
    layer((torch.arange(48.0) % 7).reshape(2, 4, 6))
    return layer


case("InstanceNorm1d evaluated", evaluated, line, train=False)

for mode in ("zeros", "reflect", "replicate", "circular"):
    case(f"Conv2d {mode}", lambda: nn.Conv2d(4, 3, 3, padding=(1, 2), padding_mode=mode), plane)
case("Conv1d circular same", lambda: nn.Conv1d(4, 6, 4, padding="same", dilation=1, groups=2, padding_mode="circular"), line)
case("Conv2d reflect same", lambda: nn.Conv2d(4, 2, (2, 3), padding="same", dilation=(1, 2), bias=False, padding_mode="reflect"), plane)
space = draw(1, 2, 3, 4, 4)
case("Conv3d", lambda: nn.Conv3d(2, 3, 2, stride=(1, 2, 1), padding=1), space)
case("Conv3d replicate", lambda: nn.Conv3d(2, 3, (1, 2, 3), padding=(0, 1, 1), padding_mode="replicate"), space)
case("ConvTranspose1d", lambda: nn.ConvTranspose1d(4, 3, 3, stride=2, output_padding=1), line)
case("ConvTranspose3d", lambda: nn.ConvTranspose3d(2, 2, 2, stride=2, padding=1), space)
case("MaxPool1d", lambda: nn.MaxPool1d(3, stride=2, padding=1), line)
case("MaxPool2d", lambda: nn.MaxPool2d((3, 2), stride=2, ceil_mode=True), plane)
case("AvgPool1d", lambda: nn.AvgPool1d(4, stride=1, padding=2, count_include_pad=False), line)
case("AvgPool2d", lambda: nn.AvgPool2d(3, stride=2, divisor_override=5), plane)
case("Linear leading", lambda: nn.Linear(6, 3), draw(2, 1, 4, 6))
case("weightNorm Linear", lambda: parametrizations.weight_norm(nn.Linear(6, 3)), line)
case("weightNorm Conv2d 1", lambda: parametrizations.weight_norm(nn.Conv2d(4, 3, 3), dim=1), plane)
case("weightNorm whole", lambda: parametrizations.weight_norm(nn.Linear(6, 3), dim=None), line)
case("spectralNorm Conv2d", lambda: parametrizations.spectral_norm(nn.Conv2d(4, 3, 3)), plane)
case("spectralNorm ConvTranspose2d", lambda: parametrizations.spectral_norm(nn.ConvTranspose2d(4, 3, 3), n_power_iterations=2), plane)
case("spectralNorm evaluation", lambda: parametrizations.spectral_norm(nn.Linear(6, 3)), line, train=False)
write("layers", layers)

# Activations where they have kinks.

inf, nan = math.inf, math.nan
points = torch.tensor([-inf, -800, -21, -6, -3, -2, -1, -0.5, -0.1, -0.0, 0.0, 0.1, 0.5, 1, 2, 3, 6, 20, 21, 800, inf, nan], dtype=torch.float64)
kinks = []
for name in ("ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Softplus", "Softsign", "Tanhshrink",
             "LogSigmoid", "Hardtanh", "Hardsigmoid", "Hardswish", "Hardshrink", "Softshrink"):
    x = points.clone().requires_grad_()
    y = getattr(nn, name)()(x)
    (gradient,) = torch.autograd.grad(y, x, torch.full_like(x, 2.0))
    kinks.append({"name": name, "points": numbers(points), "output": numbers(y), "gradient": numbers(gradient)})
write("kinks", kinks)

# Initial values.

initialization = []


def initial(name, shape, fill):
    torch.manual_seed(3)
    t = fill(torch.empty(*shape))
    initialization.append({"name": name, "values": numbers(t), "next": torch.rand(1).item()})


for shape in ((5, 3), (4, 3, 3, 2), (3, 40)):
    label = "x".join(map(str, shape))
    initial(f"uniform {label}", shape, lambda t: nn.init.uniform_(t, -0.5, 2))
    initial(f"normal {label}", shape, lambda t: nn.init.normal_(t, 1, 0.5))
    initial(f"truncatedNormal {label}", shape, nn.init.trunc_normal_)
    initial(f"truncatedNormal tail {label}", shape, lambda t: nn.init.trunc_normal_(t, 0, 1, 1, 3))
    initial(f"xavierUniform {label}", shape, lambda t: nn.init.xavier_uniform_(t, 1.5))
    initial(f"xavierNormal {label}", shape, nn.init.xavier_normal_)
    initial(f"kaimingUniform {label}", shape, lambda t: nn.init.kaiming_uniform_(t, math.sqrt(5)))
    initial(f"kaimingNormal {label}", shape, lambda t: nn.init.kaiming_normal_(t, mode="fan_out", nonlinearity="relu"))
    initial(f"orthogonal {label}", shape, lambda t: nn.init.orthogonal_(t, 2))
    if len(shape) == 2:
        initial(f"sparse {label}", shape, lambda t: nn.init.sparse_(t, 0.35))
        initial(f"eye {label}", shape, nn.init.eye_)
    else:
        initial(f"dirac {label}", shape, lambda t: nn.init.dirac_(t, 2))
gains = {name: nn.init.calculate_gain(name) for name in ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu")}
write("initialization", {"cases": initialization, "gains": gains})
print({p.name: p.stat().st_size for p in OUT.iterdir()})
