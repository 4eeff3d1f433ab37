"""What networks of images are made of, in PyTorch. usage: torch_networks.py THREADS GROUP COUNT nchw|nhwc

The rows are those of Sources/levin-bench/NetworkRows.swift; with nhwc images lie in memory with their channels last.
"""

import sys

import torch
from report import elapsed, report
from torch import nn
from torch.nn import functional

threads, group, count, order = sys.argv[1:]
torch.set_num_threads(int(threads))


def placed(x):
    return x.to(memory_format=torch.channels_last) if order == "nhwc" and x.dim() == 4 else x


def operation(name, inputs, body):
    values = [placed(value) for _, value in inputs]
    leaves = [value.clone().requires_grad_() for value in values]
    output = body(*leaves)
    gradient = torch.rand_like(output) - 0.5

    def forward():
        with torch.inference_mode():
            body(*values)
    yield f"{name}, forward", forward
    for (what, _), leaf in zip(inputs, leaves):
        yield f"{name}, {what}", lambda leaf=leaf: torch.autograd.grad(output, leaf, gradient, retain_graph=True)


def convolutions():
    def row(name, inputs, outputs, kernel, stride=1, groups=1):
        x = torch.rand(64, inputs, 32, 32) - 0.5
        weight = torch.rand(outputs, inputs // groups, kernel, kernel) - 0.5
        return operation(
            name, [("input gradient", x), ("weight gradient", weight)],
            lambda x, weight: functional.conv2d(x, weight, None, stride, kernel // 2, 1, groups))
    yield from row("3×3, 64 to 64", 64, 64, 3)
    yield from row("1×1, 64 to 256", 64, 256, 1)
    yield from row("1×1, 256 to 64", 256, 64, 1)
    yield from row("3×3, stride 2, 64 to 128", 64, 128, 3, stride=2)
    yield from row("depthwise 3×3, 64", 64, 64, 3, groups=64)


def layers():
    images, rows = torch.randn(64, 64, 32, 32), torch.randn(4096, 768)
    scale, shift = torch.ones(64), torch.zeros(64)
    weight, bias = torch.ones(768), torch.zeros(768)
    yield from operation("batch norm", [("gradients", images)], lambda x: functional.batch_norm(
        x, None, None, scale, shift, training=True))
    yield from operation("layer norm", [("input gradient", rows), ("weight gradient", weight)],
                         lambda x, weight: functional.layer_norm(x, [768], weight, bias))
    yield from operation("softmax", [("gradient", rows)], lambda x: x.softmax(1))
    yield from operation("GELU", [("gradient", rows)], functional.gelu)
    yield from operation("GELU by tanh", [("gradient", rows)], lambda x: functional.gelu(x, approximate="tanh"))
    yield from operation("SiLU", [("gradient", rows)], functional.silu)
    yield from operation("ReLU", [("gradient", rows)], torch.relu)
    yield from operation("max pooling 2×2", [("gradient", images)], lambda x: functional.max_pool2d(x, 2))
    yield from operation(
        "max pooling 3×3, stride 2", [("gradient", images)], lambda x: functional.max_pool2d(x, 3, 2, 1))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        output = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(output + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [64, 64, 128, 256, 512]
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64)
        self.blocks = nn.Sequential(*(block for i in range(1, 5) for block in (
            ResidualBlock(channels[i - 1], channels[i], 1 if i == 1 else 2),
            ResidualBlock(channels[i], channels[i], 1))))
        self.fc = nn.Linear(512, 10)

    def forward(self, x):
        return self.fc(self.blocks(torch.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


def steps():
    def step(name, model, shape):
        if order == "nhwc":
            model = model.to(memory_format=torch.channels_last)
        images, labels = placed(torch.rand(shape)), torch.randint(0, 10, (shape[0],))
        optimizer = torch.optim.Adam(model.parameters(), fused=True)

        def work():
            optimizer.zero_grad()
            functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
        return name, work
    yield step("LeNet, 64 digits", nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)), (64, 1, 28, 28))
    yield step("ResNet-18, 64 images of 32×32", ResNet(), (64, 3, 32, 32))


def seconds(body) -> list[float]:
    body()
    turns = int(max(1, min(10_000, 300e-6 / max(elapsed(body), 1e-9))))

    def work():
        for _ in range(turns):
            body()
    return [elapsed(work) / turns for _ in range(int(count))]


for name, body in {"convolutions": convolutions, "layers": layers, "steps": steps}[group]():
    report(name, "s", seconds(body))
