"""A model with every kind of plumbing; Tests/LevinNNTests/PlumbedModel.swift is the same one."""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm


class Plumbed(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("table", torch.arange(3))
        self.register_buffer("scratch", torch.zeros(2), persistent=False)
        self.features = nn.Sequential(OrderedDict([
            ("conv0", nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect")), ("norm0", nn.BatchNorm2d(4)), ("relu0", nn.ReLU())]))
        self.blocks = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
        self.heads = nn.ModuleDict({"b": nn.Linear(4, 2), "a": nn.Linear(4, 3)})
        self.encoder = nn.Embedding(5, 4)
        self.decoder = nn.Linear(4, 5, bias=False)
        self.decoder.weight = self.encoder.weight
        self.shared = nn.Linear(4, 4)
        self.again = self.shared
        self.normed = weight_norm(nn.Linear(4, 4))
        self.spectral = spectral_norm(nn.Linear(4, 4))
        self.upper = spectral_norm(nn.ConvTranspose2d(4, 2, 2))
        self.pair = nn.Bilinear(4, 4, 2)

    def forward(self, image, index):
        maps = self.features(image)
        x = maps.mean((2, 3)) * self.scale
        for block in self.blocks:
            x = block(x).tanh()
        x = self.again(self.shared(x))
        y = self.spectral(self.normed(x)) + self.encoder(index)
        return {"b": self.heads["b"](x), "a": self.heads["a"](y), "words": self.decoder(y), "pair": self.pair(x, y),
                "map": self.upper(maps)}
