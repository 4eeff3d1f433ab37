#!/usr/bin/env python3
"""Draws of PyTorch, as golden data: Tests/Golden/engine/draws.json.

usage: make_random.py        needs torch (CPU) on a processor with AVX2
"""
import json
import os
import pathlib

os.environ["ATEN_CPU_CAPABILITY"] = "avx2"
import torch

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "engine"
draws = []


def case(name, function, *, exact=True):
    torch.manual_seed(42)
    result = function()
    draws.append({"name": name, "exact": exact, "values": result.double().reshape(-1).tolist(),
                  "next": torch.rand(1).item()})


weights = torch.tensor([0.5, 1, 0, 3, 2])
case("rand", lambda: torch.rand(20))
case("rand64", lambda: torch.rand(20, dtype=torch.float64))
case("uniform", lambda: torch.empty(20).uniform_(-2, 3))
case("randn7", lambda: torch.randn(7))
case("randn16", lambda: torch.randn(16), exact=False)
case("randn37", lambda: torch.randn(37), exact=False)
case("randn37of64", lambda: torch.randn(37, dtype=torch.float64), exact=False)
case("randn7of64", lambda: torch.randn(7, dtype=torch.float64))
case("normal", lambda: torch.empty(40).normal_(3, 0.5), exact=False)
case("randint", lambda: torch.randint(-5, 12, (20,)))
case("randintWide", lambda: torch.randint(0, 1 << 40, (20,)))
case("randperm", lambda: torch.randperm(20))
case("bernoulli", lambda: torch.bernoulli(torch.linspace(0, 1, 20)))
case("bernoulli64", lambda: torch.bernoulli(torch.linspace(0, 1, 20, dtype=torch.float64)))
case("multinomial", lambda: torch.multinomial(weights, 20, replacement=True))
# On Intel's processors these are others.
case("multinomialOnce", lambda: torch.multinomial(weights, 1, replacement=True))
case("multinomialDistinct", lambda: torch.multinomial(weights, 4))
case("multinomialRows", lambda: torch.multinomial(torch.stack([weights, weights.flip(0)]), 3))
(OUT / "draws.json").write_text(json.dumps(draws, separators=(",", ":")) + "\n")
