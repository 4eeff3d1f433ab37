"""The tutorial's model, data and evaluation in plain PyTorch, the data as tensors in the order of the split."""

import mnist
import torch
from torch import nn

BATCH = 64


def model() -> nn.Sequential:
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def adam(module: nn.Module, kind: str) -> torch.optim.Adam:
    choice = {"plain": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}[kind]
    return torch.optim.Adam(module.parameters(), lr=1e-3, **choice)


def part(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    pixels, digits = torch.tensor(mnist.images(name)), torch.tensor(mnist.labels(name))
    return pixels.float().div_(255).sub_(0.5).div_(0.5), digits.long()


def split() -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Training and validation, gathered once, so that a batch is a view that costs nothing."""
    images, labels = part("train")
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(42))
    train, validation = order[:mnist.TRAIN_COUNT], order[mnist.TRAIN_COUNT:]
    return (images[train], labels[train]), (images[validation], labels[validation])


def epoch(module: nn.Module, optimizer: torch.optim.Optimizer, images: torch.Tensor, labels: torch.Tensor):
    loss_function = nn.CrossEntropyLoss()
    for x, y in zip(images.split(BATCH), labels.split(BATCH)):
        optimizer.zero_grad()
        loss_function(module(x), y).backward()
        optimizer.step()


def accuracy(module: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    correct = 0
    with torch.inference_mode():
        for x, y in zip(images.split(BATCH), labels.split(BATCH)):
            correct += (module(x).argmax(1) == y).sum().item()
    return correct / len(labels)
