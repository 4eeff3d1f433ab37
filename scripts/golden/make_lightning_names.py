#!/usr/bin/env python3
"""The public names of Lightning's Trainer, LightningModule and LightningDataModule, and of its callbacks: Tests/Golden/lightning/names.json.

usage: make_lightning_names.py        needs lightning 2.6.6

The file: {"versions": {…}, "Trainer(…)": [arguments], "Trainer": [methods and properties], …, "callbacks": [classes]}. Names that torch.nn.Module has are left out.
"""
import inspect
import json
import pathlib

import lightning_boring  # noqa: F401, which makes Lightning's import work beside another torchvision
import lightning
import lightning.pytorch as pl
import torch
from lightning.pytorch import callbacks

FILE = pathlib.Path(__file__).resolve().parents[2] / "Tests/Golden/lightning/names.json"


def names(of):
    inherited = set(dir(torch.nn.Module if issubclass(of, torch.nn.Module) else object))
    return [name for name in dir(of) if not name.startswith("_") and name not in inherited]


found = {
    "versions": {"lightning": lightning.__version__},
    "Trainer(…)": [name for name in inspect.signature(pl.Trainer.__init__).parameters if name != "self"],
}
for of in (pl.Trainer, pl.LightningModule, pl.LightningDataModule):
    found[of.__name__] = names(of)
found["callbacks"] = sorted(callbacks.__all__)
FILE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
