#!/usr/bin/env python3
"""What Python's LightningCLI makes of files, options and variables: Tests/Golden/cli/lightning-cli.json.

A list of cases: the files, the environment and the arguments, and the tree that LightningCLI parses them to, defaults
included; null where it refuses them.

usage: make_lightning_cli.py > Tests/Golden/cli/lightning-cli.json
needs lightning 2.6.6, jsonargparse[signatures], tensorboard
"""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import warnings

import lightning.pytorch as pl
import torch
import yaml
from lightning.pytorch.cli import LightningCLI


class RayModule(pl.LightningModule):
    def __init__(self, tasks: list[str] = [], criterion: torch.nn.Module = torch.nn.BCELoss(), width: int = 8,
                 rate: float = 0.5):
        super().__init__()


class WideRayModule(RayModule):
    def __init__(self, depth: int = 2, **kwargs):
        super().__init__(**kwargs)


class RayDataModule(pl.LightningDataModule):
    def __init__(self, tasks: list[str] = [], batch_size: int = 32, data_path: str = "."):
        super().__init__()


class Parsed(Exception):
    pass


class Parser(LightningCLI):
    def instantiate_classes(self):
        raise Parsed(self.parser.dump(self.config, skip_none=False, skip_check=True, skip_link_targets=False))


class LinkedParser(Parser):
    def add_arguments_to_parser(self, parser):
        parser.link_arguments("data.batch_size", "model.width")


AUTHORS = """trainer:
  max_epochs: 3
model:
  tasks: &tasks
    - "Atelectasis"
    - "Pleural Effusion"
  criterion:
    class_path: torch.nn.BCELoss
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 1e-4
data:
  tasks: *tasks
  batch_size: 64
  data_path: "../" # the folder above
ckpt_path: "./lightning_logs/version_24/checkpoints/epoch=2-step=10473.ckpt"
"""

# name, files, environment, arguments, style
CASES = [
    ("the author's", {"a.yaml": AUTHORS}, {}, ["--config", "a.yaml"]),
    ("the author's, with options", {"a.yaml": AUTHORS}, {},
     ["--config", "a.yaml", "--optimizer.lr", "0.01", "--data.batch_size=16", "--ckpt_path", "null"]),
    ("shorthand of optimizers", {}, {}, ["--optimizer", "SGD", "--optimizer.lr", "0.1", "--optimizer.momentum", "0.9"]),
    ("init_args in options", {}, {}, ["--optimizer=torch.optim.AdamW", "--optimizer.init_args.weight_decay=0.3"]),
    ("class_path in options", {}, {},
     ["--optimizer.class_path", "torch.optim.RMSprop", "--optimizer.init_args.alpha", "0.5"]),
    ("an optimizer in place", {}, {}, ["--optimizer", "{class_path: torch.optim.SGD, init_args: {lr: 0.2}}"]),
    ("a scheduler", {}, {},
     ["--optimizer", "Adam", "--lr_scheduler", "CosineAnnealingLR", "--lr_scheduler.T_max", "7"]),
    ("a scheduler that follows a metric", {}, {},
     ["--optimizer", "Adam", "--lr_scheduler", "ReduceLROnPlateau", "--lr_scheduler.monitor", "val/loss",
      "--lr_scheduler.patience", "3"]),
    ("one scheduler after another",
     {"a.yaml": "optimizer: {class_path: torch.optim.Adam}\n"
                "lr_scheduler: {class_path: torch.optim.lr_scheduler.StepLR, init_args: {step_size: 5, gamma: 0.5}}\n"},
     {}, ["--config", "a.yaml", "--lr_scheduler", "ExponentialLR"]),
    ("another class keeps what it knows",
     {"a.yaml": "optimizer:\n  class_path: torch.optim.Adam\n  init_args: {lr: 0.02, amsgrad: true}\n"},
     {}, ["--config", "a.yaml", "--optimizer", "SGD"]),
    ("a second file changes an argument",
     {"a.yaml": "optimizer:\n  class_path: torch.optim.Adam\n  init_args: {lr: 0.02, amsgrad: true}\n",
      "b.yaml": "optimizer:\n  class_path: torch.optim.Adam\n  init_args: {lr: 0.03}\n"},
     {}, ["--config", "a.yaml", "--config", "b.yaml"]),
    ("callbacks are added", {}, {},
     ["--trainer.callbacks+=EarlyStopping", "--trainer.callbacks.monitor", "val/acc", "--trainer.callbacks.mode=max",
      "--trainer.callbacks+=LearningRateMonitor", "--trainer.callbacks.logging_interval=step"]),
    ("callbacks in a file, and one more",
     {"a.yaml": "trainer:\n  callbacks:\n  - class_path: lightning.pytorch.callbacks.EarlyStopping\n"
                "    init_args: {monitor: val/loss, patience: 7}\n"
                "  - class_path: lightning.pytorch.callbacks.ModelCheckpoint\n"
                "    init_args: {monitor: val/loss, save_top_k: 3, mode: min}\n"},
     {}, ["--config", "a.yaml", "--trainer.callbacks+=LearningRateMonitor"]),
    ("two files and an option",
     {"a.yaml": "trainer: {max_epochs: 3, gradient_clip_val: 0.5}\nmodel: {width: 7}\n",
      "b.yaml": "trainer:\n  max_epochs: 1\nseed_everything: 5\n"},
     {}, ["--config", "a.yaml", "-c", "b.yaml", "--model.rate", "0.25"]),
    ("a file after an option", {"a.yaml": "model: {width: 7}\n"}, {}, ["--model.width", "3", "--config", "a.yaml"]),
    ("merge keys",
     {"a.yaml": "trainer: &t {max_epochs: 3, max_steps: 100}\ndata: {batch_size: 8}\n",
      "b.yaml": "model:\n  <<: {width: 5, rate: 0.75}\n  width: 6\n"},
     {}, ["--config", "a.yaml", "--config", "b.yaml"]),
    ("another loss", {}, {}, ["--model.criterion", "torch.nn.MSELoss", "--model.criterion.reduction", "sum"]),
    ("a loss with arguments",
     {"a.yaml": "model:\n  criterion:\n    class_path: torch.nn.CrossEntropyLoss\n"
                "    init_args: {label_smoothing: 0.1, ignore_index: 3}\n"}, {}, ["--config", "a.yaml"]),
    ("a logger",
     {"a.yaml": "trainer:\n  logger:\n    class_path: lightning.pytorch.loggers.CSVLogger\n"
                "    init_args: {save_dir: logs, name: rays}\n"}, {}, ["--config", "a.yaml"]),
    ("no logger", {}, {}, ["--trainer.logger", "false", "--trainer.fast_dev_run", "true"]),
    ("a group from a file", {"m.yaml": "width: 11\nrate: 0.125\n"}, {}, ["--model", "m.yaml", "--model.width", "12"]),
    ("a level for the command", {"a.yaml": "fit:\n  model:\n    width: 9\n"}, {}, ["--config", "a.yaml"], "before"),
    ("lists", {}, {}, ["--data.tasks", "[a, b]", "--data.tasks+=c"]),
    ("environment", {}, {"PL_FIT__MODEL__WIDTH": "9", "PL_FIT__TRAINER__MAX_EPOCHS": "2"}, ["--model.rate", "0.25"]),
    ("no seed", {}, {}, ["--seed_everything", "false"]),
    ("words", {}, {}, ["--trainer.accelerator", "auto", "--trainer.limit_train_batches", "0.5",
                       "--trainer.limit_val_batches", "3", "--trainer.val_check_interval", "0.25"]),
    ("a link", {}, {}, ["--data.batch_size", "24"], "linked"),
    ("models by name", {}, {},
     ["--model", "WideRayModule", "--model.depth", "5", "--model.width=6", "--data", "RayDataModule",
      "--data.batch_size", "4"], "classes"),
    ("models by name in a file",
     {"a.yaml": "model:\n  class_path: WideRayModule\n  init_args: {depth: 4}\n"
                "data:\n  class_path: RayDataModule\n"}, {}, ["--config", "a.yaml"], "classes"),
    ("an unknown class", {}, {}, ["--optimizer", "torch.optim.Adan"]),
    ("an unknown argument", {}, {}, ["--optimizer", "Adam", "--optimizer.momentum", "0.9"]),
    ("a wrong type", {}, {}, ["--model.width", "wide"]),
    ("an unknown key", {"a.yaml": "model: {widht: 3}\n"}, {}, ["--config", "a.yaml"]),
    ("a missing argument", {}, {}, ["--optimizer", "Adam", "--lr_scheduler", "StepLR"]),
]


def tree(arguments, style):
    """The parsed tree; None if the arguments are refused."""
    kind = LinkedParser if style == "linked" else Parser
    classes = (None, None) if style == "classes" else (RayModule, RayDataModule)
    before = style == "before"
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            kind(*classes, parser_kwargs={"default_env": True},
                 args=[*arguments, "fit"] if before else ["fit", *arguments])
    except Parsed as parsed:
        found = yaml.safe_load(str(parsed))
        return found.get("fit", found)
    except SystemExit as exit:
        assert exit.code == 2, exit.code
        return None


warnings.simplefilter("ignore")
cases = []
for name, files, environment, arguments, *style in CASES:
    style = style[0] if style else ""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for file, text in files.items():
            pathlib.Path(file).write_text(text)
        os.environ.update(environment)
        found = tree(arguments, style)
        # LightningCLI leaves its seed behind.
        for variable in [*environment, "PL_GLOBAL_SEED"]:
            os.environ.pop(variable, None)
        os.chdir("/")
    cases.append({"name": name, "files": files, "environment": environment, "arguments": arguments, "style": style,
                  "tree": found})
json.dump(cases, sys.stdout, indent=1, ensure_ascii=True)
print()
