"""The order in which PyTorch Lightning calls hooks, in Swift's names: Tests/Golden/trainer/hooks.txt.

usage: make_hooks.py OUT     (needs torch and lightning)

Two epochs of two batches, one validation batch after each and one in the sanity check, a checkpoint at the end of each
epoch (seen in onSaveCheckpoint); then a test, a validation and a prediction of one batch. C is a callback, M the module, D the data module.
"""
import sys
import tempfile

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.loggers import TensorBoardLogger
from torch.utils.data import DataLoader, TensorDataset

trace = []
# Hooks of devices and processes, which do not apply to a CPU alone, and internals that users do not override.
LEFT_OUT = {"on_before_batch_transfer", "transfer_batch_to_device", "on_after_batch_transfer", "state_dict",
            "load_state_dict", "train", "eval", "configure_sharded_model", "on_gpu"}


def camel(name):
    name = name.replace("dataloader", "data_loader").replace("val_", "validation_")
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def note(who, name, detail=""):
    if name not in LEFT_OUT:
        trace.append(f"{who}.{camel(name)}{detail}")


def tracing(cls, who, names):
    for name in names:
        base = getattr(cls, name)

        def hook(self, *args, _name=name, _base=base, **kwargs):
            stage = kwargs.get("stage") or (args[-1] if _name in ("setup", "teardown") else None)
            note(who, _name, f"({stage.value})" if stage else "")
            return _base(self, *args, **kwargs)

        setattr(cls, name, hook)
    return cls


def loader():
    return DataLoader(TensorDataset(torch.ones(8, 4)), batch_size=4)


class Model(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(4, 2)

    def training_step(self, batch, index):
        loss = self.layer(batch[0]).sum()
        self.log("train/loss", loss)
        return loss

    def validation_step(self, batch, index):
        self.log("val/x", 1.0)

    def test_step(self, batch, index):
        self.log("test/x", 1.0)

    def predict_step(self, batch, index):
        return self.layer(batch[0])

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


class Data(pl.LightningDataModule):
    def train_dataloader(self):
        return loader()

    def val_dataloader(self):
        return loader()

    def test_dataloader(self):
        return loader()

    def predict_dataloader(self):
        return loader()


class Logger(TensorBoardLogger):
    def log_metrics(self, metrics, step=None):
        trace.append(f"[log {' '.join(metrics)} @ {step}]")
        super().log_metrics(metrics, step)

    def finalize(self, status):
        trace.append("[finalize]")
        super().finalize(status)


hooks = [n for n in dir(pl.LightningModule) if n.startswith("on_") and callable(getattr(pl.LightningModule, n))]
module_hooks = hooks + ["training_step", "validation_step", "test_step", "predict_step", "configure_optimizers",
                        "backward", "optimizer_step", "optimizer_zero_grad", "configure_gradient_clipping", "setup",
                        "teardown", "prepare_data", "configure_model", "configure_callbacks"]
tracing(Model, "M", [n for n in module_hooks if n not in LEFT_OUT])
tracing(Data, "D", ["prepare_data", "setup", "teardown", "train_dataloader", "val_dataloader", "test_dataloader",
                    "predict_dataloader"])
Watcher = tracing(type("Watcher", (Callback,), {}), "C",
                  [n for n in dir(Callback) if n.startswith("on_")] + ["setup", "teardown"])

with tempfile.TemporaryDirectory() as folder:
    trainer = pl.Trainer(
        max_epochs=2, accelerator="cpu", logger=Logger(folder), callbacks=[Watcher()],
        enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=1, log_every_n_steps=1,
        limit_train_batches=2, limit_val_batches=1, limit_test_batches=1, limit_predict_batches=1)
    model, data = Model(), Data()
    for name in ("fit", "test", "validate", "predict"):
        trace.append(f"=== {name}")
        getattr(trainer, name)(model, datamodule=data, **({} if name == "predict" or name == "fit" else {"verbose": False}))
open(sys.argv[1], "w").write("\n".join(trace) + "\n")
