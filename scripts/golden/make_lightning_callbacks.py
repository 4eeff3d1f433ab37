#!/usr/bin/env python3
"""What Lightning's callbacks, CSVLogger and simple profiler do with the boring module: Tests/Golden/lightning/callbacks.json.

usage: make_lightning_callbacks.py [WORD]        prints only the configurations whose names hold WORD; needs what lightning_boring.py needs

The file: {"versions": {…}, "runs": [RUN…]}, RUN as in runs.json (make_lightning_runs.py), (weights, rates, logged_metrics and
progress_bar_metrics only for callbacks that change weights or rates) and for each call also

  files        all files in the run's folder, sorted, links as "NAME -> TARGET" (where the configuration has a checkpoint callback)
  saves        what checkpoint callbacks did, in order: ["save", file, global_step], ["remove", file, global_step], ["link", file,
               target, global_step]; files relative to the folder of the run
  callbacks    the state of each callback of the configuration after the call:
               ModelCheckpoint: state_key, best_model_path, best_model_score, best_k_models, kth_best_model_path, kth_value, last_model_path,
               current_score; EarlyStopping: state_key, stopped_epoch, wait_count, best_score, stopping_reason (name), message;
               LearningRateFinder: lrs, losses, suggestion; BatchSizeFinder: optimal_batch_size;
               StochasticWeightAveraging: n_averaged; WeightAveraging and EMAWeightAveraging: latest_update_step, latest_update_epoch and,
               of the last checkpoint, `state_dict` (the averages) and `current_model_state`, each as weights
  trainable    for BackboneFinetuning: requires_grad of each parameter; groups: per group of the optimizer, the number of parameters and the rate
  csv          the text of metrics.csv, hparams that of hparams.yaml
  profile      {"head": [lines to the third rule, with # for each number], "rows": [[action, number of calls]…] sorted by action}, of the report of
               the simple profiler, whose rows are otherwise sorted by total time

`epochs` in a value is the list of the monitored metric, one item an epoch. "timed": true in a configuration: logged values are null, being times.
"""
import os
import pathlib
import re

import lightning_boring as boring
import torch
from lightning.pytorch.callbacks import BackboneFinetuning, Checkpoint, EarlyStopping, ModelCheckpoint, WeightAveraging

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "lightning" / "callbacks.json"
CONFIGURATIONS = []
SAVES = []
# Callbacks that change weights or learning rates.
WEIGHTS = ("StochasticWeightAveraging", "WeightAveraging", "EMAWeightAveraging", "GradientAccumulationScheduler", "BackboneFinetuning",
           "LearningRateFinder", "BatchSizeFinder", "Timer")


# What is recorded

def watch(name, note):
    original = getattr(ModelCheckpoint, name)

    def function(self, trainer, *paths):
        original(self, trainer, *paths) if name != "_link_checkpoint" else original(trainer, *paths)
        SAVES.append(note(*[os.path.relpath(p) for p in paths]) + [trainer.global_step])

    setattr(ModelCheckpoint, name, function)


watch("_save_checkpoint", lambda file: ["save", file])
watch("_remove_checkpoint", lambda file: ["remove", file])
watch("_link_checkpoint", lambda target, file: ["link", file, target])


def relative(path):
    return os.path.relpath(path) if path else path


def state_of(callback, module):
    name = type(callback).__name__
    if isinstance(callback, ModelCheckpoint):
        return {"state_key": callback.state_key, "best_model_path": relative(callback.best_model_path),
                "best_model_score": callback.best_model_score, "best_k_models": {relative(k): v for k, v in callback.best_k_models.items()},
                "kth_best_model_path": relative(callback.kth_best_model_path), "kth_value": callback.kth_value,
                "last_model_path": relative(callback.last_model_path), "current_score": callback.current_score}
    if isinstance(callback, EarlyStopping):
        return {"state_key": callback.state_key, "stopped_epoch": callback.stopped_epoch, "wait_count": callback.wait_count,
                "best_score": callback.best_score, "stopping_reason": callback.stopping_reason.name, "message": callback.stopping_reason_message}
    if name == "LearningRateFinder":
        found = callback.optimal_lr
        return found and {"lrs": found.results["lr"], "losses": found.results["loss"], "suggestion": found.suggestion(), "lr": module.lr}
    if name == "BatchSizeFinder":
        return {"optimal_batch_size": callback.optimal_batch_size}
    if name == "StochasticWeightAveraging":
        return {"n_averaged": None if callback.n_averaged is None else int(callback.n_averaged)}
    if isinstance(callback, WeightAveraging):
        saved = [s[1] for s in SAVES if s[0] == "save"]
        checkpoint = torch.load(saved[-1], weights_only=False) if saved else {}
        flat = {k: boring.numbers(torch.cat([v.flatten() for v in checkpoint[k].values()]))
                for k in ("state_dict", "current_model_state") if k in checkpoint}
        return {"latest_update_step": callback._latest_update_step, "latest_update_epoch": callback._latest_update_epoch, **flat}
    return {}


def files(folder):
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            found.append(os.path.relpath(path, folder) + (f" -> {os.readlink(path)}" if os.path.islink(path) else ""))
    return sorted(found)


def profile(text):
    lines = text.strip().split("\n")
    rules = [i for i, l in enumerate(lines) if set(l) == {"-"}]
    rows = [[cell.strip() for cell in l.strip("|").split("|")] for l in lines[rules[2] + 1:] if l.startswith("|")]
    head = [l if i in rules else re.sub(r"\d[\d.e+-]* *", lambda m: "#".ljust(len(m[0])), l) for i, l in enumerate(lines[:rules[2] + 1])]
    return {"head": head, "rows": sorted([r[0], int(r[2])] for r in rows if "Recorder" not in r[0])}


def more(trainer, module, callbacks, folder, call):
    answer = {}
    if any(isinstance(c, Checkpoint) for c in callbacks):
        answer["files"] = files(folder)
    if SAVES:
        answer["saves"] = list(SAVES)
    if callbacks:
        answer["callbacks"] = [boring.numbers(state_of(c, module)) for c in callbacks]
    if any(isinstance(c, BackboneFinetuning) for c in callbacks):
        answer["trainable"] = {n: p.requires_grad for n, p in module.named_parameters()}
        answer["groups"] = [[len(g["params"]), g["lr"]] for o in trainer.optimizers for g in o.param_groups]
    if isinstance(trainer.logger, boring.pl.loggers.CSVLogger):
        log_dir = pathlib.Path(trainer.logger.log_dir)
        for key, name in (("csv", "metrics.csv"), ("hparams", "hparams.yaml")):
            if (log_dir / name).exists():
                answer[key] = (log_dir / name).read_bytes().decode()
    SAVES.clear()
    return answer


def record(configuration):
    SAVES.clear()
    result = boring.record(configuration, more)
    for one in result.get("runs", [result]):
        for c in one.get("calls", []):
            if configuration["name"].split(":")[0] not in WEIGHTS:
                for key in ("weights", "rates", "logged_metrics", "progress_bar_metrics"):
                    c.pop(key, None)
            if configuration.get("timed"):
                c["logged"] = [[step, [[k, v if k == "epoch" else None] for k, v in values]] for step, values in c["logged"]]
                for kind in ("callback", "logged", "progress_bar"):
                    c[f"{kind}_metrics"] = {k: None for k in c.get(f"{kind}_metrics", {})}
            for message in c["messages"]:
                if "Profiler Report" in message[1]:
                    c["profile"] = profile(message[1])
                    message[1] = "<report>"
    return result


# Configurations

def run(name, callbacks, trainer=None, module=None, **configuration):
    """Four epochs of two batches and a validation of one, m logged in the validation step, unless something else is said."""
    module = {**({"log": [M]} if "log" not in (module or {}) else {}), **(module or {})}
    CONFIGURATIONS.append({
        "name": name, "trainer": {"max_epochs": 4, "num_sanity_val_steps": 0, "log_every_n_steps": 1, **(trainer or {})},
        "data": {"train": {"samples": 16}, "val": {"samples": 8}, **configuration.pop("data", {})}, "module": module,
        "callbacks": [{"name": n, "arguments": a} for n, a in callbacks], **configuration})


def monitored(*values, key="m", hook="validation_step"):
    return {"hook": hook, "key": key, "value": {"epochs": list(values)}}


M = monitored(0.5, 0.25, 0.75, 0.125)
SAVING = {"enable_checkpointing": True}


def checkpoint(name, trainer=None, module=None, **arguments):
    more = {k: arguments.pop(k) for k in ("data", "calls", "runs") if k in arguments}
    run(f"ModelCheckpoint: {name}", [("ModelCheckpoint", arguments)], {**SAVING, **(trainer or {})}, module, **more)


def metric(*values, key="m"):
    return {"log": [monitored(*values, key=key)]}


checkpoint("defaults")
checkpoint("monitor", monitor="m")
checkpoint("monitor, max", monitor="m", mode="max")
checkpoint("the two best", monitor="m", save_top_k=2)
checkpoint("the two best, max, a tie", module=metric(0.5, 0.5, 0.25, 0.5), monitor="m", mode="max", save_top_k=2)
checkpoint("a tie", module=metric(0.5, 0.5, 0.5), monitor="m", save_top_k=1)
checkpoint("all", save_top_k=-1)
checkpoint("all, monitor", monitor="m", save_top_k=-1)
checkpoint("none", save_top_k=0)
checkpoint("none but the last", save_top_k=0, save_last=True)
checkpoint("two without monitor", save_top_k=2)
checkpoint("top -2", save_top_k=-2)
checkpoint("last", monitor="m", save_last=True)
checkpoint("last as a link", monitor="m", save_last="link")
checkpoint("last alone", save_last=True)
checkpoint("nan", module=metric("nan", 0.5, "nan", 0.25), monitor="m", save_top_k=2)
checkpoint("nan first, max", module=metric("nan", "nan", 0.5, 0.25), monitor="m", mode="max")
checkpoint("infinite", module=metric("inf", 0.5, "-inf", 0.25), monitor="m")
checkpoint("template", monitor="m", filename="best-{epoch:02d}-{m:.2f}", save_top_k=-1)
checkpoint("template without names", monitor="m", filename="best-{epoch:02d}-{m:.2f}", auto_insert_metric_name=False, save_top_k=-1)
checkpoint("template with a slash", module=metric(0.5, 0.25, 0.75, 0.125, key="val/m"), monitor="val/m", filename="{epoch}-{val/m:.3f}")
checkpoint("template with a slash, without names", module=metric(0.5, 0.25, 0.75, 0.125, key="val/m"), monitor="val/m",
           filename="{epoch}-{val/m:.3f}", auto_insert_metric_name=False)
checkpoint("template with an unknown key", filename="{epoch}-{nothing:.2f}")
checkpoint("template with step", filename="{step:06d}", save_top_k=-1)
checkpoint("fixed name", filename="model", save_top_k=-1)
checkpoint("fixed name, monitor", monitor="m", filename="model", save_top_k=2)
checkpoint("fixed name without versions", filename="model", save_top_k=-1, enable_version_counter=False)
checkpoint("every two epochs", every_n_epochs=2, save_top_k=-1)
checkpoint("never", every_n_epochs=0, save_top_k=-1)
checkpoint("every three steps", every_n_train_steps=3, save_top_k=-1)
checkpoint("every three steps, monitor of the training", module={"log": [{"hook": "training_step", "key": "t", "value": {"steps": [5, 4, 3, 6, 2, 1, 7, 0]}}]},
           every_n_train_steps=3, monitor="t", save_top_k=2)
checkpoint("every three steps, monitor of the validation", every_n_train_steps=3, monitor="m", save_top_k=-1)
checkpoint("every step, last", every_n_train_steps=1, save_last=True)
checkpoint("steps and epochs", every_n_train_steps=1, every_n_epochs=1)
checkpoint("no time", train_time_interval={"seconds": 0}, save_top_k=-1)
checkpoint("a day", train_time_interval={"days": 1}, save_top_k=-1)
checkpoint("after validation", save_on_train_epoch_end=False, monitor="m", save_top_k=-1)
checkpoint("val_check_interval 0.5", {"val_check_interval": 0.5}, save_top_k=-1)
checkpoint("check_val_every_n_epoch 2", {"check_val_every_n_epoch": 2}, save_top_k=-1)
checkpoint("check_val_every_n_epoch 2, at the end of the epoch, monitor", {"check_val_every_n_epoch": 2}, save_on_train_epoch_end=True, monitor="m", save_top_k=-1)
checkpoint("weights only", save_weights_only=True)
checkpoint("unknown monitor", monitor="nothing")
checkpoint("unknown mode", monitor="m", mode="least")
checkpoint("verbose", monitor="m", verbose=True)
checkpoint("folder", dirpath="there/here")
checkpoint("max_steps 3", {"max_epochs": None, "max_steps": 3}, save_top_k=-1)
checkpoint("on an error", module={"log": [M], "raises": {"hook": "training_step", "call": 5, "error": "RuntimeError"}}, save_on_exception=True)
checkpoint("fast_dev_run", {"fast_dev_run": True})
checkpoint("without validation", data={"val": None}, save_top_k=-1)
checkpoint("twice into one folder", save_top_k=1, filename="{epoch}", runs=[{}, {}])
checkpoint("resume", monitor="m", save_top_k=2, save_last=True, dirpath="there", runs=[
    {"trainer": {**SAVING, "max_epochs": 2, "num_sanity_val_steps": 0, "log_every_n_steps": 1}},
    {"calls": [{"call": "fit", "ckpt_path": "there/last.ckpt"}]}])
checkpoint("test of the best", monitor="m", calls=["fit", {"call": "test", "ckpt_path": "best"}], module={"log": [M, {"hook": "test_step", "key": "x", "value": "loss"}]})
run("ModelCheckpoint: two", [("ModelCheckpoint", {"monitor": "m"}), ("ModelCheckpoint", {"filename": "all-{epoch}", "save_top_k": -1})], SAVING)
run("ModelCheckpoint: two alike", [("ModelCheckpoint", {}), ("ModelCheckpoint", {})], SAVING)
run("ModelCheckpoint: with enable_checkpointing false", [("ModelCheckpoint", {})], {"enable_checkpointing": False})
run("OnExceptionCheckpoint", [("OnExceptionCheckpoint", {"dirpath": "there"})], SAVING,
    {"raises": {"hook": "training_step", "call": 5, "error": "RuntimeError"}})
run("OnExceptionCheckpoint: the next fit resumes by itself", [("OnExceptionCheckpoint", {"dirpath": "there"})], SAVING, runs=[
    {"module": {"log": [M], "raises": {"hook": "training_step", "call": 4, "error": "RuntimeError"}}}, {"module": {"log": [M]}}])
run("OnExceptionCheckpoint: no error", [("OnExceptionCheckpoint", {"dirpath": "there"})], SAVING)


def stopping(name, values, trainer=None, key="m", **arguments):
    hook = arguments.pop("hook", "validation_step")
    run(f"EarlyStopping: {name}", [("EarlyStopping", {"monitor": "m", **arguments})], {"max_epochs": 10, **(trainer or {})},
        {"log": [monitored(*values, key=key, hook=hook)]})


FALLING = [9, 8, 7, 7, 7, 7, 7, 7, 7, 7]
stopping("defaults", FALLING)
stopping("verbose", FALLING, verbose=True)
stopping("patience 0", FALLING, patience=0)
stopping("patience 1, verbose", FALLING, patience=1, verbose=True)
stopping("min_delta 1", FALLING, min_delta=1.0, patience=1)
stopping("min_delta 0.5, slow", [9, 8.75, 8.5, 8.25, 8, 7.75], min_delta=0.5, patience=2, verbose=True)
stopping("min_delta -0.5", [5, 5.25, 5.5, 5.75, 6], min_delta=-0.5, patience=1)
stopping("max", [1, 2, 3, 2, 2, 2, 2], mode="max", patience=2)
stopping("max, min_delta", [1, 1.5, 2, 2.5, 3], mode="max", patience=1, min_delta=0.5, verbose=True)
stopping("threshold", [9, 5, 3, 1], stopping_threshold=4.0)
stopping("threshold met exactly", [9, 4, 4, 4, 3], stopping_threshold=4.0, patience=5)
stopping("threshold, max", [0.1, 0.5, 0.95], mode="max", stopping_threshold=0.9)
stopping("divergence", [9, 8, 20, 7], divergence_threshold=10.0)
stopping("divergence, max", [0.9, 0.8, 0.1], mode="max", divergence_threshold=0.2)
stopping("nan", [9, 8, "nan", 7], verbose=True)
stopping("infinite", [9, "inf", 7])
stopping("nan, unchecked", [9, "nan", 8, "nan", "nan", "nan"], check_finite=False, patience=3)
stopping("unknown monitor", FALLING, key="other")
stopping("unknown monitor, not strict", FALLING, {"max_epochs": 2}, key="other", strict=False)
stopping("min_epochs 8", FALLING, {"min_epochs": 8}, patience=1)
stopping("min_epochs 8, verbose, better again", [9, 9, 9, 8, 7, 6, 5, 4, 3, 2], {"min_epochs": 4}, patience=1, verbose=True)
stopping("after validation", FALLING, check_on_train_epoch_end=False, patience=1)
stopping("val_check_interval 0.5", FALLING, {"val_check_interval": 0.5}, patience=2)
stopping("check_val_every_n_epoch 2", FALLING, {"check_val_every_n_epoch": 2}, patience=1)
stopping("a metric of the training's end", FALLING, hook="on_train_epoch_end", patience=2)
stopping("unknown mode", FALLING, mode="least")
run("EarlyStopping: resume", [("EarlyStopping", {"monitor": "m", "patience": 3}), ("ModelCheckpoint", {})], {**SAVING, "max_epochs": 10}, {"log": [monitored(*FALLING)]}, runs=[
    {"trainer": {**SAVING, "max_epochs": 4, "num_sanity_val_steps": 0, "log_every_n_steps": 1}},
    {"calls": [{"call": "fit", "ckpt_path": "memory/version_0/checkpoints/epoch=3-step=8.ckpt"}]}])
run("EarlyStopping: two", [("EarlyStopping", {"monitor": "m", "patience": 1}), ("EarlyStopping", {"monitor": "n", "patience": 2})], {"max_epochs": 10},
    {"log": [monitored(*FALLING), monitored(5, 4, 3, 2, 1, key="n")]})

STEP_LR = {"name": "StepLR", "arguments": {"step_size": 1, "gamma": 0.5}}
MOMENTUM = {"name": "SGD", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}
for interval in (None, "step", "epoch"):
    for scheduler in ("epoch", "step"):
        run(f"LearningRateMonitor: {interval}, scheduler by {scheduler}", [("LearningRateMonitor", {"logging_interval": interval})], {"max_epochs": 2},
            {"scheduler": {**STEP_LR, "interval": scheduler}})
run("LearningRateMonitor: no scheduler, every third step", [("LearningRateMonitor", {})], {"max_epochs": 2, "log_every_n_steps": 3}, data={"train": {"samples": 48}})
run("LearningRateMonitor: momentum and decay", [("LearningRateMonitor", {"log_momentum": True, "log_weight_decay": True})], {"max_epochs": 2},
    {"optimizer": MOMENTUM, "scheduler": STEP_LR})
run("LearningRateMonitor: Adam's momentum", [("LearningRateMonitor", {"log_momentum": True})], {"max_epochs": 1},
    {"optimizer": {"name": "Adam", "lr": 0.01}, "scheduler": STEP_LR})
run("LearningRateMonitor: named scheduler", [("LearningRateMonitor", {})], {"max_epochs": 1}, {"scheduler": {**STEP_LR, "name": "StepLR", "interval": "step"}})
run("LearningRateMonitor: two optimizers", [("LearningRateMonitor", {})], {"max_epochs": 1},
    {"manual": [{"parameter": "weight", "lr": 0.1}, {"parameter": "bias", "lr": 0.05}]})
run("LearningRateMonitor: without a logger", [("LearningRateMonitor", {})], {"logger": False})
run("LearningRateMonitor: accumulation", [("LearningRateMonitor", {"logging_interval": "step"})], {"max_epochs": 1, "accumulate_grad_batches": 2}, data={"train": {"samples": 40}})

TRAIN = {"log": [{"hook": "training_step", "key": "t", "value": "loss"}, {"hook": "validation_step", "key": "v", "value": "loss"}]}
run("StochasticWeightAveraging: from epoch 2", [("StochasticWeightAveraging", {"swa_lrs": 0.05, "swa_epoch_start": 2})], {"max_epochs": 5}, TRAIN)
run("StochasticWeightAveraging: 0.5", [("StochasticWeightAveraging", {"swa_lrs": 0.05, "swa_epoch_start": 0.5, "annealing_epochs": 2})], {"max_epochs": 6}, TRAIN)
run("StochasticWeightAveraging: linear, scheduler", [("StochasticWeightAveraging", {"swa_lrs": 0.01, "swa_epoch_start": 2, "annealing_epochs": 3, "annealing_strategy": "linear"})],
    {"max_epochs": 5}, {**TRAIN, "scheduler": STEP_LR})
run("StochasticWeightAveraging: batch normalization", [("StochasticWeightAveraging", {"swa_lrs": 0.05, "swa_epoch_start": 2})], {"max_epochs": 4},
    {**TRAIN, "backbone": 4, "batch_norm": True})
run("StochasticWeightAveraging: a wrong rate", [("StochasticWeightAveraging", {"swa_lrs": -1.0})])
run("StochasticWeightAveraging: a wrong start", [("StochasticWeightAveraging", {"swa_lrs": 0.1, "swa_epoch_start": 1.5})])
run("WeightAveraging", [("WeightAveraging", {}), ("ModelCheckpoint", {})], {**SAVING, "max_epochs": 3}, TRAIN)
run("WeightAveraging: test", [("WeightAveraging", {})], {"max_epochs": 2}, {"log": TRAIN["log"] + [{"hook": "test_step", "key": "x", "value": "loss"}]}, calls=["fit", "test"])
run("EMAWeightAveraging", [("EMAWeightAveraging", {"decay": 0.9}), ("ModelCheckpoint", {})], {**SAVING, "max_epochs": 3}, TRAIN)
run("EMAWeightAveraging: every second step from step 3", [("EMAWeightAveraging", {"decay": 0.5, "update_every_n_steps": 2, "update_starting_at_step": 3})], {"max_epochs": 4}, TRAIN)
run("EMAWeightAveraging: from epoch 2", [("EMAWeightAveraging", {"decay": 0.5, "update_starting_at_epoch": 2})], {"max_epochs": 4}, TRAIN)
run("EMAWeightAveraging: resume", [("EMAWeightAveraging", {"decay": 0.9}), ("ModelCheckpoint", {})], {**SAVING, "max_epochs": 4}, TRAIN, runs=[
    {"trainer": {**SAVING, "max_epochs": 2, "num_sanity_val_steps": 0, "log_every_n_steps": 1}},
    {"calls": [{"call": "fit", "ckpt_path": "memory/version_0/checkpoints/epoch=1-step=4.ckpt"}]}])
run("GradientAccumulationScheduler", [("GradientAccumulationScheduler", {"scheduling": {"0": 1, "1": 2, "3": 3}})], {"max_epochs": 5}, TRAIN, data={"train": {"samples": 48}})
run("GradientAccumulationScheduler: from epoch 2", [("GradientAccumulationScheduler", {"scheduling": {"2": 2}})], {"max_epochs": 3}, TRAIN, data={"train": {"samples": 48}})
run("GradientAccumulationScheduler: with accumulate_grad_batches", [("GradientAccumulationScheduler", {"scheduling": {"1": 2}})], {"accumulate_grad_batches": 2}, TRAIN)
run("GradientAccumulationScheduler: empty", [("GradientAccumulationScheduler", {"scheduling": {}})])
run("BackboneFinetuning", [("BackboneFinetuning", {"unfreeze_backbone_at_epoch": 1, "verbose": True})], {"max_epochs": 4}, {**TRAIN, "backbone": 4})
run("BackboneFinetuning: aligned", [("BackboneFinetuning", {"unfreeze_backbone_at_epoch": 1, "lambda_func": "$double", "backbone_initial_ratio_lr": 0.25, "should_align": True})],
    {"max_epochs": 5}, {**TRAIN, "backbone": 4})
run("BackboneFinetuning: not aligned", [("BackboneFinetuning", {"unfreeze_backbone_at_epoch": 1, "lambda_func": "$double", "backbone_initial_ratio_lr": 0.25, "should_align": False})],
    {"max_epochs": 5}, {**TRAIN, "backbone": 4})
run("BackboneFinetuning: own rate, batch normalization", [("BackboneFinetuning", {"unfreeze_backbone_at_epoch": 2, "backbone_initial_lr": 0.01, "train_bn": False, "initial_denom_lr": 5.0})],
    {"max_epochs": 4}, {**TRAIN, "backbone": 4, "batch_norm": True})
run("BackboneFinetuning: no backbone", [("BackboneFinetuning", {})])
run("Timer: no time", [("Timer", {"duration": "00:00:00:00"})], None, TRAIN)
run("Timer: no time, by epoch", [("Timer", {"duration": "00:00:00:00", "interval": "epoch"})], None, TRAIN)
run("Timer: a day", [("Timer", {"duration": "01:00:00:00"})], {"max_epochs": 1}, TRAIN)
run("Timer: beside max_time", [("Timer", {"duration": "01:00:00:00"})], {"max_epochs": 1, "max_time": "00:00:00:00"}, TRAIN)
run("Timer: wrong interval", [("Timer", {"duration": "01:00:00:00", "interval": "hour"})])


def finder(name, optimizer=None, trainer=None, **arguments):
    run(f"LearningRateFinder: {name}", [("LearningRateFinder", {"num_training_steps": 30, **arguments})], {"max_epochs": 5, **(trainer or {})},
        {"log": TRAIN["log"], **({"optimizer": optimizer} if optimizer else {})}, data={"train": {"samples": 64}})


finder("defaults")
finder("linear", mode="linear", max_lr=0.5)
finder("not stopped", early_stop_threshold=None, max_lr=10.0)
finder("not set", update_attr=False)
finder("too short", num_training_steps=5)
finder("fewer batches than steps", trainer={"max_epochs": 1})
finder("from 0.001", optimizer={"name": "SGD", "lr": 0.001}, min_lr=1e-3, max_lr=10.0)
for mode in ("power", "binsearch"):
    run(f"BatchSizeFinder: {mode}", [("BatchSizeFinder", {"mode": mode, "steps_per_trial": 1})], {"max_epochs": 1}, {**TRAIN, "memory": 12},
        data={"train": {}, "batch_size": 2}, loaders_by="datamodule")
run("BatchSizeFinder: enough memory", [("BatchSizeFinder", {"steps_per_trial": 1, "max_trials": 3, "init_val": 4})], {"max_epochs": 1}, TRAIN,
    data={"train": {}, "batch_size": 2}, loaders_by="datamodule")
run("BatchSizeFinder: more than the data", [("BatchSizeFinder", {"steps_per_trial": 1})], {"max_epochs": 1}, TRAIN,
    data={"train": {}, "batch_size": 2}, loaders_by="datamodule")
run("BatchSizeFinder: no attribute", [("BatchSizeFinder", {})], {"max_epochs": 1}, TRAIN)
run("ThroughputMonitor", [("ThroughputMonitor", {"batch_size_fn": "$samples", "window_size": 3})], {"max_epochs": 2, "log_every_n_steps": 2}, TRAIN, data={"train": {"samples": 48}}, timed=True)

CSV = {"logger": "csv", "max_epochs": 2}
run("CSVLogger", [], CSV, {"log": [{"hook": "training_step", "key": "train_loss", "value": "loss", "on_step": True, "on_epoch": True}, {"hook": "validation_step", "key": "val_loss", "value": "loss"}]})
run("CSVLogger: a key that comes late", [], CSV, {"log": TRAIN["log"] + [{"hook": "on_train_epoch_end", "key": "a", "value": "epoch"}]}, calls=["fit", "validate", "test"])
run("CSVLogger: nan, infinite, large, small, whole", [], {**CSV, "max_epochs": 1}, {"log": [
    {"hook": "training_step", "key": k, "value": v} for k, v in (("a", "nan"), ("b", "inf"), ("c", 123456789.0), ("d", 1e-7), ("e", 3), ("f", 0.1), ("g,h", 1.0))]})
run("CSVLogger: monitor of rates", [("LearningRateMonitor", {"logging_interval": "step"})], CSV, TRAIN)
for depth in (0, 1, 2, -1):
    run(f"ModelSummary: depth {depth}", [("ModelSummary", {"max_depth": depth})], {"max_epochs": 1, "enable_model_summary": True}, {**TRAIN, "backbone": 4, "batch_norm": True})
run("ModelSummary: example input", [("ModelSummary", {"max_depth": 2})], {"max_epochs": 1, "enable_model_summary": True}, {**TRAIN, "backbone": 400, "batch_norm": True, "example_input": True})
run("ModelSummary: default", [], {"max_epochs": 1, "enable_model_summary": True}, TRAIN)
run("ModelSummary: frozen backbone", [("ModelSummary", {"max_depth": 1}), ("BackboneFinetuning", {"unfreeze_backbone_at_epoch": 5})], {"max_epochs": 1, "enable_model_summary": True}, {**TRAIN, "backbone": 4})
run("simple profiler", [("EarlyStopping", {"monitor": "v"})], {"max_epochs": 1, "profiler": "simple"}, TRAIN, calls=["fit", "test"])

if __name__ == "__main__":
    boring.make(OUT, CONFIGURATIONS, record, "runs")
