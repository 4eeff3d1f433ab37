#!/usr/bin/env python3
"""The order in which Lightning calls hooks: Tests/Golden/lightning/traces.json.

usage: make_lightning_traces.py [WORD]        prints only the configurations whose names hold WORD; needs what lightning_boring.py needs

The file: {"versions": {…}, "traces": [{"configuration": {…}, "trace": ["…"…]}…]}. A configuration is what lightning_boring.py
says, with "without_callback": true where the tracing callback is left out. A line of a trace is

  === fit                       a call of trainer.fit, validate, test or predict; "=== raised RuntimeError" where it ended in an error;
                                "=== new trainer" before the second and later of the configuration's runs
  C.on_fit_start                a hook of the callback; A and B where there are two of them, E an EarlyStopping, K a ModelCheckpoint
                                (of those two only on_train_batch_end, on_train_epoch_end and on_validation_end)
  M.on_fit_start                a hook of the module; D one of the data module
  M.training_step 2             with the batch index, where the hook is given one (also optimizer_step and optimizer_zero_grad)
  M.validation_step 2 1         and the index of the data loader, where the hook is given one (several loaders)
  C.setup fit                   with the stage (also teardown)
  C.on_exception RuntimeError   with the class of the error
  L.log_metrics a b @ 3         a call of the logger: the keys in their order, and the step (None where none is given)
  L.finalize success            with the status; also L.log_hyperparams, L.log_graph, L.save

on_before_batch_transfer and transfer_batch_to_device are left out; on_after_batch_transfer stands without an index. The callback's
and the module's state_dict and load_state_dict stand where they are called. M.train_dataloader and the like stand only where the
module has them.
"""
import pathlib
import warnings

import lightning_boring as boring
import lightning.pytorch as pl
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "lightning" / "traces.json"

MODULE = [n for n in dir(pl.LightningModule) if n.startswith("on_") and callable(getattr(pl.LightningModule, n))] + [
    "prepare_data", "setup", "teardown", "configure_model", "configure_callbacks", "configure_optimizers",
    "configure_gradient_clipping", "training_step", "validation_step", "test_step", "predict_step", "backward", "optimizer_step",
    "optimizer_zero_grad", "lr_scheduler_step", "state_dict", "load_state_dict"]
MODULE = [n for n in MODULE if n not in ("on_before_batch_transfer", "on_gpu")]
LOADERS = [f"{s}_dataloader" for s in boring.SEEDS]
DATA = ["prepare_data", "setup", "teardown", "on_exception", "state_dict", "load_state_dict"]
CALLBACK = [n for n in dir(Callback) if n.startswith("on_")] + ["setup", "teardown", "state_dict", "load_state_dict"]
MONITOR = ["on_train_batch_end", "on_train_epoch_end", "on_validation_end"]


def detail(name, given):
    if name in ("setup", "teardown"):
        return f" {given['stage'].value}"
    if name == "on_exception":
        return f" {type(given['exception']).__name__}"
    if name == "on_after_batch_transfer":
        return ""
    return "".join(f" {given[k]}" for k in ("batch_idx", "dataloader_idx") if k in given)


def tracing(cls, who, names, trace):
    """A subclass whose methods write a line before they do what they did."""
    def traced(name):
        base = getattr(cls, name)

        def hook(self, *args, **kwargs):
            trace.append(f"{who}.{name}" + detail(name, boring.bound(base, (self, *args), kwargs)))
            return base(self, *args, **kwargs)

        hook.__name__ = name  # not functools.wraps: Lightning looks through it and finds nothing overridden
        return hook

    return type(cls.__name__, (cls,), {n: traced(n) for n in names})


def callback(who, trace):
    class Watcher(Callback):
        state_key = who

        def state_dict(self):
            return {"seen": 1}

    return tracing(Watcher, who, CALLBACK, trace)()


def logger(trace):
    class Tracing(boring.Memory):
        def log_metrics(self, metrics, step=None):
            trace.append(f"L.log_metrics {' '.join(metrics)} @ {step}")

        def log_hyperparams(self, *args, **kwargs):
            trace.append("L.log_hyperparams")

        def log_graph(self, *args, **kwargs):
            trace.append("L.log_graph")

        def save(self):
            trace.append("L.save")

        def finalize(self, status):
            trace.append(f"L.finalize {status}")

    return Tracing()


def run(configuration, folder, trace):
    with boring.listening(folder):
        pl.seed_everything(42)
        plain = boring.module_class(configuration)
        has_loaders = [n for n in LOADERS if n in vars(plain)]
        steps = [n for n in MODULE if n not in configuration.get("module", {}).get("without", [])]
        module = tracing(plain, "M", steps + has_loaders, trace)()
        data = None
        if configuration.get("loaders_by") == "datamodule":
            made = type(boring.data_module(configuration))
            made.state_dict = lambda self: {"seen": 1}  # else it would not be loaded
            data = tracing(made, "D", DATA + [n for n in LOADERS if n in vars(made)], trace)()
        watchers = [] if configuration.get("without_callback") else [callback(w, trace) for w in configuration.get("watchers", ["C"])]
        others = []
        for c in configuration.get("callbacks", []):
            known, who = {"EarlyStopping": (EarlyStopping, "E"), "ModelCheckpoint": (ModelCheckpoint, "K")}[c["name"]]
            others.append(tracing(known, who, MONITOR, trace)(**c.get("arguments", {})))
        # Before the watchers, so that it is seen that Lightning moves checkpoints behind them.
        trainer = boring.trainer_of(configuration, folder, logger(trace), others + watchers)
        for described in configuration.get("calls", ["fit"]):
            trace.append(f"=== {described if isinstance(described, str) else described['call']}")
            described = {"call": described} if isinstance(described, str) else dict(described)
            if described["call"] in ("validate", "test"):
                described["verbose"] = False
            try:
                boring.call(trainer, module, data, configuration, described, folder)
            except (Exception, SystemExit) as error:
                trace.append(f"=== raised {type(error).__name__}")


def record(configuration):
    trace = []
    with boring.golden_folder() as folder:
        for i, one in enumerate(boring.runs_of(configuration)):
            if i > 0:
                trace.append("=== new trainer")
            run(one, folder, trace)
    return {"configuration": configuration, "trace": trace}


SMALL = {"samples": 16}  # two batches
THREE = {"samples": 24}
FIVE = {"samples": 40}
ALL_SMALL = {"train": SMALL, "val": SMALL, "test": SMALL, "predict": SMALL}
SGD = {"name": "SGD", "lr": 0.1}
STEP_LR = {"name": "StepLR", "arguments": {"step_size": 1}}
SAVING = {"max_epochs": 2, "enable_checkpointing": True}


def fit(name, trainer=None, data=None, **more):
    """One epoch of two batches and a validation of one, no sanity check, unless something else is said."""
    return {"name": name, "trainer": {"max_epochs": 1, "num_sanity_val_steps": 0, "log_every_n_steps": 1, **(trainer or {})},
            "data": {"train": SMALL, "val": {"samples": 8}, **(data or {})}, **more}


CONFIGURATIONS = [
    {"name": "whole", "note": "Every stage, loaders by a data module, a checkpoint at the end of each epoch.",
     "trainer": {**SAVING, "num_sanity_val_steps": 1, "log_every_n_steps": 1}, "data": {**ALL_SMALL, "train": THREE},
     "loaders_by": "datamodule", "calls": ["fit", "validate", "test", "predict"]},
    {"name": "loaders of the module", "trainer": {"max_epochs": 1, "log_every_n_steps": 1}, "data": ALL_SMALL, "loaders_by": "module",
     "calls": ["fit", "validate", "test", "predict"]},
    {"name": "loaders as arguments", "trainer": {"max_epochs": 1, "log_every_n_steps": 1}, "data": ALL_SMALL,
     "calls": ["fit", "validate", "test", "predict"]},
    fit("without validation", data={"val": None}),
    fit("without validation step", module={"without": ["validation_step"]}),
    fit("without callback", without_callback=True),
    fit("logging every second step", {"log_every_n_steps": 2}, {"train": FIVE}),
    fit("two callbacks, early stopping, checkpoint", {"max_epochs": 2, "enable_checkpointing": True}, watchers=["A", "B"],
        callbacks=[{"name": "EarlyStopping", "arguments": {"monitor": "val_loss"}}, {"name": "ModelCheckpoint", "arguments": {"monitor": "val_loss"}}]),
    fit("checkpoint every two steps", {"enable_checkpointing": True}, {"train": FIVE},
        callbacks=[{"name": "ModelCheckpoint", "arguments": {"every_n_train_steps": 2, "save_top_k": -1}}]),
    fit("accumulation of two with five batches", {"accumulate_grad_batches": 2, "max_epochs": 2}, {"train": FIVE}),
    fit("accumulation and validation in the middle", {"accumulate_grad_batches": 2, "val_check_interval": 3}, {"train": FIVE}),
    fit("manual optimization", {"max_epochs": 2}, module={"manual": [{"parameter": "weight", "lr": 0.1}, {"parameter": "bias", "lr": 0.1, "every": 2}]}),
    fit("several validation loaders", {"num_sanity_val_steps": 1}, {"val": [SMALL, {"samples": 8}]}),
    {"name": "several test loaders", "data": {"test": [SMALL, {"samples": 8}]}, "calls": ["test"]},
    {"name": "several validation loaders, validate", "data": {"val": [SMALL, {"samples": 8}]}, "calls": ["validate"]},
    {"name": "several predict loaders", "data": {"predict": [SMALL, {"samples": 8}]}, "calls": ["predict"]},
    {"name": "a list of one validation loader", "data": {"val": [SMALL]}, "calls": ["validate"]},
    fit("combined training loaders", data={"train": {"combined": "min_size", "loaders": {"a": SMALL, "b": THREE}}}),
    fit("resume from the end of an epoch", {"max_epochs": 2, "enable_checkpointing": True, "num_sanity_val_steps": 1},
        {"train": THREE}, module={"scheduler": STEP_LR}, loaders_by="datamodule",
        runs=[{"trainer": {"max_epochs": 1, "num_sanity_val_steps": 1, "log_every_n_steps": 1, "enable_checkpointing": True}},
              {"calls": [{"call": "fit", "ckpt_path": "memory/version_0/checkpoints/epoch=0-step=3.ckpt"}]}]),
    fit("resume from the middle of an epoch", {"max_epochs": 2, "enable_checkpointing": True, "num_sanity_val_steps": 1},
        {"train": THREE}, loaders_by="datamodule",
        runs=[{"trainer": {"max_steps": 2, "num_sanity_val_steps": 1, "log_every_n_steps": 1, "enable_checkpointing": True},
               "callbacks": [{"name": "ModelCheckpoint", "arguments": {"every_n_train_steps": 2}}]},
              {"calls": [{"call": "fit", "ckpt_path": "memory/version_0/checkpoints/epoch=0-step=2.ckpt"}]}]),
    fit("resume when everything is done", {"max_epochs": 1, "enable_checkpointing": True}, {"train": THREE},
        runs=[{}, {"calls": [{"call": "fit", "ckpt_path": "memory/version_0/checkpoints/epoch=0-step=3.ckpt"}]}]),
    fit("test of a checkpoint", {"enable_checkpointing": True}, {"test": SMALL}, loaders_by="datamodule",
        calls=["fit", {"call": "test", "ckpt_path": "best"}]),
    fit("fit twice", calls=["fit", "fit"], note="The second call finds max_epochs reached."),
    fit("error in training_step", {"enable_checkpointing": True}, {"train": THREE}, loaders_by="datamodule",
        module={"raises": {"hook": "training_step", "call": 1, "error": "RuntimeError"}}),
    fit("error in on_validation_batch_start", module={"raises": {"hook": "on_validation_batch_start", "call": 0, "error": "RuntimeError"}}),
    fit("error in the sanity check", {"num_sanity_val_steps": 1}, module={"raises": {"hook": "validation_step", "call": 0, "error": "RuntimeError"}}),
    {"name": "error in test_step", "data": {"test": SMALL}, "calls": ["test"],
     "module": {"raises": {"hook": "test_step", "call": 1, "error": "RuntimeError"}}},
    fit("error in on_fit_start", module={"raises": {"hook": "on_fit_start", "call": 0, "error": "RuntimeError"}}),
    fit("interrupted by the keyboard", data={"train": THREE}, module={"raises": {"hook": "training_step", "call": 1, "error": "KeyboardInterrupt"}}),
    fit("fit after an error", data={"train": THREE}, module={"raises": {"hook": "training_step", "call": 1, "error": "RuntimeError"}}, calls=["fit", "fit"]),
    fit("max_steps in the middle of an epoch", {"max_epochs": None, "max_steps": 4}, {"train": THREE}),
    fit("max_steps at the end of an epoch", {"max_epochs": None, "max_steps": 4}),
    fit("should_stop in the middle of an epoch", {"max_epochs": 3}, {"train": FIVE}, module={"stop_at": 1}),
    fit("should_stop before min_epochs", {"max_epochs": 3, "min_epochs": 2}, {"train": THREE}, module={"stop_at": 1}),
    fit("should_stop at the last batch", {"max_epochs": 3}, module={"stop_at": 1}),
    fit("val_check_interval 0.5", {"val_check_interval": 0.5}, {"train": FIVE}),
    fit("val_check_interval 3 across epochs", {"val_check_interval": 3, "check_val_every_n_epoch": None, "max_epochs": 2}, {"train": FIVE}),
    fit("check_val_every_n_epoch 2", {"check_val_every_n_epoch": 2, "max_epochs": 3}),
    fit("limit_val_batches 0", {"limit_val_batches": 0, "num_sanity_val_steps": 2}),
    fit("limit_train_batches 0", {"limit_train_batches": 0}),
    fit("limit_train_batches 2 of 3", {"limit_train_batches": 2}, {"train": THREE}),
    fit("max_epochs 0", {"max_epochs": 0, "num_sanity_val_steps": 1}),
    fit("fast_dev_run", {"fast_dev_run": True, "enable_checkpointing": True}, {"test": SMALL}, calls=["fit", "test"]),
    fit("on_train_batch_start returns -1", {"max_epochs": 2}, {"train": THREE}, module={"minus_one_at": 1, "scheduler": STEP_LR}),
    fit("training_step returns None", data={"train": THREE}, module={"none_at": [1]}),
    fit("training_step returns None, accumulation", {"accumulate_grad_batches": 2}, {"train": FIVE}, module={"none_at": [1]}),
    fit("without a length", {"max_epochs": 2}, {"train": {"samples": 24, "sized": False}, "val": {"samples": 16, "sized": False}}),
    fit("a scheduler for each step", {"max_epochs": 2}, module={"scheduler": {**STEP_LR, "interval": "step"}}),
    fit("a scheduler for each epoch", {"max_epochs": 2}, module={"scheduler": STEP_LR}),
    fit("a scheduler for every second step", {"max_epochs": 2}, {"train": THREE}, module={"scheduler": {**STEP_LR, "interval": "step", "frequency": 2}}),
    fit("a plateau scheduler for each epoch", {"max_epochs": 2}, module={"scheduler": {"name": "ReduceLROnPlateau", "monitor": "val_loss"}}),
    fit("a plateau scheduler for each step", {}, module={"scheduler": {"name": "ReduceLROnPlateau", "interval": "step", "monitor": "train_loss"}}),
    fit("two schedulers", {"max_epochs": 2}, module={"scheduler": [{**STEP_LR, "interval": "step"}, STEP_LR]}),
    fit("a scheduler for each step, accumulation", {"accumulate_grad_batches": 2}, {"train": FIVE}, module={"scheduler": {**STEP_LR, "interval": "step"}}),
    fit("gradient clipping by norm", {"gradient_clip_val": 0.5}),
    fit("gradient clipping by value", {"gradient_clip_val": 0.5, "gradient_clip_algorithm": "value"}),
    fit("no optimizer", module={"optimizer": None}),
    fit("reload of the loaders in each epoch", {"reload_dataloaders_every_n_epochs": 1, "max_epochs": 3}, loaders_by="datamodule"),
    fit("reload of the loaders in every second epoch", {"reload_dataloaders_every_n_epochs": 2, "max_epochs": 4}, loaders_by="datamodule"),
    fit("several validations and a reload", {"reload_dataloaders_every_n_epochs": 1, "max_epochs": 2, "val_check_interval": 0.5}, loaders_by="datamodule"),
    fit("sanity check of everything", {"num_sanity_val_steps": -1}, {"val": THREE}),
    fit("overfit one batch", {"overfit_batches": 1}, {"train": THREE}),
    {"name": "barebones", "trainer": {"max_epochs": 1, "barebones": True}, "data": {"train": SMALL, "val": SMALL}},
]

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    boring.make(OUT, CONFIGURATIONS, record, "traces")
