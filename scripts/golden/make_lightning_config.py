#!/usr/bin/env python3
"""The output of LightningCLI --print_config for the tutorial's model and data: Tests/Golden/cli/lightning-*.yaml.

usage: make_lightning_config.py FOLDER        needs lightning 2.6.6 and jsonargparse[signatures]
"""

import contextlib
import io
import pathlib
import sys

import lightning.pytorch as pl
from lightning.pytorch.cli import LightningCLI


class DigitModule(pl.LightningModule):
    def __init__(self, learning_rate: float = 1e-3):
        super().__init__()


class DigitDataModule(pl.LightningDataModule):
    def __init__(self, dataset: str = "mnist", root: str = ".", mirror: str = "", batch_size: int = 64,
                 num_workers: int = 0):
        super().__init__()


folder = pathlib.Path(sys.argv.pop(1))
for command in ("fit", "validate", "test", "predict"):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        LightningCLI(DigitModule, DigitDataModule, args=[command, "--print_config"])
    (folder / f"lightning-{command}.yaml").write_text(printed.getvalue())
