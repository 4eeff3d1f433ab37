#!/usr/bin/env python3
"""torchvision 0.28's models as golden data: Tests/Golden/models/{structure,parameters,training,logits}.json and small.safetensors.

usage: make_models.py        needs torch 2.13 and torchvision 0.28 (CPU) and safetensors

structure: for every model a digest of the names and shapes of its state, and the number of parameters. parameters: sums and some values of
those of seeded models. logits: of seeded models in evaluation. Both have the generator's next number. training: for every family at reduced
size five steps of plain SGD from one seed, in several of PyTorch's own ways to compute it (NCHW and channels-last, one and two threads), whose
distance says how far another may be.
"""
import hashlib
import json
import os
import pathlib

os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx2")
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision_models import alexnet, densenet, mobilenetv2, resnet, squeezenet, vgg

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "models"
OUT.mkdir(parents=True, exist_ok=True)


def write(name, data):
    (OUT / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")) + "\n")


def digest(model):
    lines = "".join(f"{name} {list(value.shape)}\n" for name, value in model.state_dict().items())
    return hashlib.sha256(lines.encode()).hexdigest()


# Without drawing: on no device.
structure = []
makers = {"alexnet": alexnet.alexnet, "mobilenetV2": mobilenetv2.mobilenet_v2, "squeezenet1x0": squeezenet.squeezenet1_0,
          "squeezenet1x1": squeezenet.squeezenet1_1, "resnext50x32x4d": resnet.resnext50_32x4d, "resnext101x32x8d": resnet.resnext101_32x8d,
          "resnext101x64x4d": resnet.resnext101_64x4d, "wideResnet50x2": resnet.wide_resnet50_2, "wideResnet101x2": resnet.wide_resnet101_2}
for depth in (11, 13, 16, 19):
    makers[f"vgg{depth}"] = getattr(vgg, f"vgg{depth}")
    makers[f"vgg{depth}BN"] = getattr(vgg, f"vgg{depth}_bn")
for depth in (18, 34, 50, 101, 152):
    makers[f"resnet{depth}"] = getattr(resnet, f"resnet{depth}")
for depth in (121, 161, 169, 201):
    makers[f"densenet{depth}"] = getattr(densenet, f"densenet{depth}")
for name, make in sorted(makers.items()):
    with torch.device("meta"):
        model = make()
    structure.append({"name": name, "digest": digest(model), "parameters": sum(p.numel() for p in model.parameters()),
                      "entries": len(model.state_dict())})
write("structure", structure)


def some(tensor, count=16):
    flat = tensor.detach().reshape(-1).double()
    return flat[:: -(-flat.numel() // count)].tolist()


# At full size, but as sums: these models have several hundred megabytes of parameters.
parameters = []
for name, make in (("alexnet", alexnet.alexnet), ("vgg11BN", vgg.vgg11_bn)):
    torch.manual_seed(0)
    model = make()
    parameters.append({"name": name, "next": torch.rand(1).item(), "parameters": [
        {"name": key, "sum": value.double().sum().item(), "magnitudes": value.double().abs().sum().item(), "values": some(value)}
        for key, value in model.named_parameters()]})
write("parameters", parameters)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def narrow(model, features, hidden):
    """A classifier of few features in the place of one of 4096."""
    model.avgpool = nn.AdaptiveAvgPool2d(1)
    model.classifier = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    return model


def drawn_afterwards(make, features):
    """A model with a narrow classifier; its weights are drawn by VGG's rule after all of it is made, without drawing."""
    drawing = nn.Linear.reset_parameters, nn.Conv2d.reset_parameters
    nn.Linear.reset_parameters = nn.Conv2d.reset_parameters = lambda self: None
    try:
        model = narrow(make(), features, 32)
    finally:
        nn.Linear.reset_parameters, nn.Conv2d.reset_parameters = drawing
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            nn.init.constant_(m.bias, 0)
        elif isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, 0, 0.01)
            nn.init.constant_(m.bias, 0)
    return model


def small_vgg(batch_norm):
    layers = vgg.make_layers([8, "M", 16, "M", 24, 24, "M"], batch_norm)
    return vgg.VGG(layers, num_classes=10, init_weights=False)


families = {
    "lenet": (LeNet, (8, 1, 28, 28), 0.1),
    "alexnet": (lambda: drawn_afterwards(lambda: alexnet.AlexNet(10, 0), 256), (2, 3, 63, 63), 0.1),
    "vgg": (lambda: drawn_afterwards(lambda: small_vgg(False), 24), (4, 3, 32, 32), 0.1),
    "vggBN": (lambda: drawn_afterwards(lambda: small_vgg(True), 24), (4, 3, 32, 32), 0.1),
    "resnet basic": (lambda: resnet.ResNet(resnet.BasicBlock, [1, 1, 1, 1], num_classes=10), (4, 3, 40, 40), 0.005),
    "resnet bottleneck": (lambda: resnet.ResNet(
        resnet.Bottleneck, [1, 1, 1, 1], num_classes=10, zero_init_residual=True, groups=8, width_per_group=4,
        replace_stride_with_dilation=[False, False, True]), (4, 3, 32, 32), 0.002),
    "densenet": (lambda: densenet.DenseNet(8, (2, 1, 2), 12, bn_size=2, num_classes=10), (4, 3, 64, 64), 0.005),
    "mobilenet": (lambda: mobilenetv2.MobileNetV2(
        10, width_mult=0.5, inverted_residual_setting=[[1, 16, 1, 1], [4, 24, 2, 2], [6, 32, 1, 1]], dropout=0), (4, 3, 32, 32), 0.005),
    "squeezenet": (lambda: squeezenet.SqueezeNet("1_1", 10, dropout=0), (2, 3, 31, 31), 0.005),
}


def train(make, shape, rate, threads, last):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    x, y = torch.rand(shape), torch.randint(0, 10, (shape[0],))
    model = make()
    if last:
        x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    losses = []
    for _ in range(5):
        loss = nn.functional.cross_entropy(model(x), y)
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= rate * p.grad
    state = [(name, some(value.contiguous())) for name, value in model.state_dict().items()]
    model.eval()
    with torch.no_grad():
        logits = some(model(x), 64)
    return losses, state, logits


training = []
for name, (make, shape, rate) in families.items():
    runs = [train(make, shape, rate, threads, last) for last in (False, True) for threads in (1, 2)]
    losses, state, logits = runs[0]
    apart = lambda a, b: max(abs(p - q) for p, q in zip(a, b))
    training.append({
        "name": name, "shape": list(shape), "rate": rate, "losses": losses, "lossSpread": max(apart(losses, r[0]) for r in runs),
        "state": [{"name": key, "values": values, "spread": max(apart(values, r[1][i][1]) for r in runs)}
                  for i, (key, values) in enumerate(state)],
        "logits": logits, "logitsSpread": max(apart(logits, r[2]) for r in runs)})
    print(name, losses, training[-1]["lossSpread"], training[-1]["logitsSpread"])
write("training", training)
torch.set_num_threads(1)

logits = []
for name, make in (("resnet18", resnet.resnet18), ("densenet121", densenet.densenet121), ("squeezenet1x1", squeezenet.squeezenet1_1),
                   ("mobilenetV2", mobilenetv2.mobilenet_v2)):
    torch.manual_seed(0)
    model = make()
    following = torch.rand(1).item()
    model.eval()
    with torch.no_grad():
        y = model(torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))
    logits.append({"name": name, "next": following, "logits": some(y, 64)})

# A state that torchvision's model saved, with statistics of its own.
torch.manual_seed(5)
model = densenet.DenseNet(4, (1, 2), 6, bn_size=2, num_classes=5)
for _ in range(3):
    model(torch.rand(4, 3, 32, 32))
save_file(model.state_dict(), OUT / "small.safetensors")
model.eval()
with torch.no_grad():
    y = model(torch.linspace(-1, 1, 3 * 32 * 32).reshape(1, 3, 32, 32))
write("logits", {"seeded": logits, "saved": y[0].tolist()})
print({p.name: p.stat().st_size for p in OUT.iterdir()})
