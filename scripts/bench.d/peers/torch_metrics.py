"""Metrics of torchmetrics over whole epochs, and steps of PyTorch's optimizers. usage: torch_metrics.py THREADS GROUP COUNT

The rows are those of Sources/levin-bench/MetricRows.swift.
"""

import sys
import warnings
from unittest import mock

import torch
from report import elapsed, report
from torch import nn

threads, group, count = sys.argv[1:]
torch.set_num_threads(int(threads))
warnings.simplefilter("ignore")


def metrics():
    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        # torchmetrics imports it for metrics of images; some of its builds do not fit torch's.
        sys.modules.update({name: mock.MagicMock() for name in ("torchvision", "torchvision.transforms", "torchvision.models")})
    from torchmetrics.classification import BinaryAUROC, MulticlassAccuracy, MulticlassConfusionMatrix, MulticlassF1Score

    def rows(what, batches, size):
        scores = [torch.randn(size, 10) for _ in range(batches)]
        probabilities = [torch.rand(size) for _ in range(batches)]
        classes = [torch.randint(0, 10, (size,)) for _ in range(batches)]
        targets = [torch.randint(0, 2, (size,)) for _ in range(batches)]

        def row(name, metric, predictions, targets):
            def work():
                for p, t in zip(predictions, targets):
                    metric.update(p, t)
                metric.compute()
                metric.reset()
            return f"{name}, {what}", work
        yield row("accuracy", MulticlassAccuracy(10, average="micro"), scores, classes)
        yield row("F1", MulticlassF1Score(10, average="macro"), scores, classes)
        yield row("confusion matrix", MulticlassConfusionMatrix(10), scores, classes)
        yield row("AUROC", BinaryAUROC(), probabilities, targets)

    yield from rows("100 batches of 64", 100, 64)
    yield from rows("one batch of 1 M", 1, 1_000_000)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer, loss = torch.optim.Adam(model.parameters(), fused=True), nn.CrossEntropyLoss()
    images, scores, classes = torch.rand(64, 784), torch.randn(64, 10), torch.randint(0, 10, (64,))
    accuracy = MulticlassAccuracy(10, average="micro")
    yield "accuracy, one update of 64", lambda: accuracy.update(scores, classes)

    def step():
        optimizer.zero_grad()
        loss(model(images), classes).backward()
        optimizer.step()
    yield "a training step of 64 digits", step


def optimizers():
    optim = torch.optim

    def row(name, make, **options):
        shapes = [(128, 784), (128,), (64, 128), (64,), (10, 64), (10,)]
        parameters = [(torch.randn(shape) * 0.05).requires_grad_() for shape in shapes if make is not optim.Muon or len(shape) == 2]
        for parameter in parameters:
            parameter.grad = torch.randn_like(parameter) * 0.01
        try:
            optimizer = make(parameters, **options, fused=True)
        except TypeError:
            optimizer = make(parameters, **options)
        return name, optimizer.step

    yield row("SGD", optim.SGD)
    yield row("SGD with momentum", optim.SGD, momentum=0.9)
    yield row("SGD with momentum and decay", optim.SGD, momentum=0.9, weight_decay=1e-4)
    for name in ("Adam", "AdamW", "NAdam", "RAdam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "ASGD", "Rprop", "Adafactor", "Muon"):
        yield row(name, getattr(optim, name))


def seconds(body) -> list[float]:
    body()
    turns = int(max(1, min(10_000, 300e-6 / max(elapsed(body), 1e-9))))

    def work():
        for _ in range(turns):
            body()
    return [elapsed(work) / turns for _ in range(int(count))]


for name, body in {"metrics": metrics, "optimizers": optimizers}[group]():
    report(name, "s", seconds(body))
