"""What networks of images are made of, in PyTorch. usage: torch_networks.py THREADS GROUP COUNT nchw|nhwc [ROW…]
                                                               torch_networks.py THREADS memory ROW nchw|nhwc

The rows are those of Sources/levin-bench/NetworkRows.swift and NetworkSteps.swift; with nhwc images lie in memory with their channels last.
"""

import pathlib
import resource
import sys

import torch
from report import elapsed, report
from torch import nn
from torch.nn import functional

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "golden"))
threads, group, count, order, *wanted = sys.argv[1:]
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


def classification(shape, make):
    model = make()
    if order == "nhwc":
        model = model.to(memory_format=torch.channels_last)
    images, labels = placed(torch.rand(shape)), torch.randint(0, 10, (shape[0],))
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def work():
        optimizer.zero_grad()
        functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
    return work


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def lenet_epoch():
    """938 steps of 64 digits, which are views of tensors that are ready."""
    import torch_model
    model = lenet()
    if order == "nhwc":
        model = model.to(memory_format=torch.channels_last)
    images, labels = torch_model.part("train")
    images = placed(images.reshape(-1, 1, 28, 28))
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    return lambda: torch_model.epoch(model, optimizer, images, labels)


def resnet():
    from torchvision_models import resnet
    model = resnet.resnet18(num_classes=10)
    model.conv1, model.maxpool = nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.Identity()
    return model


def densenet():
    from torchvision_models import densenet
    return densenet.densenet121(num_classes=10)


def vae():
    encoder = nn.Sequential(nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten(),
                            nn.Linear(64 * 7 * 7, 40))
    decoder = nn.Sequential(nn.Linear(20, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
                            nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1))
    if order == "nhwc":
        encoder, decoder = (part.to(memory_format=torch.channels_last) for part in (encoder, decoder))
    images = placed(torch.rand(64, 1, 28, 28))
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], fused=True)

    def work():
        optimizer.zero_grad()
        mean, log_variance = encoder(images).chunk(2, 1)
        latent = mean + (log_variance * 0.5).exp() * torch.randn_like(mean)
        reconstruction = functional.binary_cross_entropy_with_logits(decoder(latent), images, reduction="sum")
        divergence = (mean.square() + log_variance.exp() - 1 - log_variance).sum() * 0.5
        ((reconstruction + divergence) / 64).backward()
        optimizer.step()
    return work


def dcgan():
    generator = nn.Sequential(
        nn.ConvTranspose2d(100, 256, 4, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
        nn.ConvTranspose2d(256, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())
    discriminator = nn.Sequential(
        nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
        nn.Conv2d(128, 256, 4, 2, 1, bias=False), nn.BatchNorm2d(256), nn.LeakyReLU(0.2),
        nn.Conv2d(256, 1, 4, bias=False), nn.Flatten())
    if order == "nhwc":
        generator, discriminator = (model.to(memory_format=torch.channels_last) for model in (generator, discriminator))
    images, real, fake = placed(torch.rand(64, 3, 32, 32) * 2 - 1), torch.ones(64, 1), torch.zeros(64, 1)
    optimizers = [torch.optim.Adam(model.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=True)
                  for model in (generator, discriminator)]
    loss = functional.binary_cross_entropy_with_logits

    def work():
        made = generator(placed(torch.randn(64, 100, 1, 1)))
        optimizers[1].zero_grad()
        (loss(discriminator(images), real) + loss(discriminator(made.detach()), fake)).backward()
        optimizers[1].step()
        optimizers[0].zero_grad()
        loss(discriminator(made), real).backward()
        optimizers[0].step()
    return work


STEPS = {
    "LeNet, 64 digits": lambda: classification((64, 1, 28, 28), lenet),
    "LeNet, an epoch of MNIST": lenet_epoch,
    "ResNet-18, 64 images of 32×32": lambda: classification((64, 3, 32, 32), resnet),
    "DenseNet-121, 16 images of 64×64": lambda: classification((16, 3, 64, 64), densenet),
    "convolutional VAE, 64 digits": vae,
    "DCGAN, 64 images of 32×32": dcgan,
}


def steps():
    for name, make in STEPS.items():
        if not wanted or name in wanted:
            yield name, make()


def memory(name):
    """What the peak grows by from before the model is made to the end of three steps, and by the last two of them."""
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    before = peak()
    work = STEPS[name]()
    work()
    warm = peak()
    for _ in range(2):
        work()
    report(name, "B", [peak() - before])
    report(f"{name}, after a warm step", "B", [peak() - warm])


def seconds(body) -> list[float]:
    body()
    once = elapsed(body)
    if once > 2:
        return [once]
    turns = int(max(1, min(10_000, 300e-6 / max(once, 1e-9))))

    def work():
        for _ in range(turns):
            body()
    return [elapsed(work) / turns for _ in range(int(count))]


if group == "memory":
    memory(count)
else:
    for name, body in {"convolutions": convolutions, "layers": layers, "steps": steps}[group]():
        if wanted and name not in wanted:
            continue
        report(name, "s", seconds(body))
