#!/usr/bin/env python3
"""What Lightning does with one boring module under many flags: Tests/Golden/lightning/runs.json.

usage: make_lightning_runs.py [WORD]        prints only the configurations whose names hold WORD; needs what lightning_boring.py needs

The file: {"versions": {…}, "initial": [66 numbers], "runs": [RUN…]}, `initial` being the weights after seed_everything(42).
The data are torch.randn(64, 32) and stand, as little-endian float32 in base64, in data.json beside it, {"train": …, "val": …, "test": …,
"predict": …} with the seeds 1 to 4 and train1, val1, test1, predict1 (the second loader of several, seeds 11 to 14).

RUN is {"configuration": CONFIGURATION, "messages": …, "calls": [CALL…]}, or with "error": [class, text] where the Trainer refuses
its arguments. A configuration of several runs has "runs": [{"messages", "calls"}…] instead. CONFIGURATION: see lightning_boring.py.
CALL is

  call                       "fit", "validate", "test" or "predict"
  error                      [class, text] where the call raised one; all that follows is the state at that moment
  returned                   what validate, test or predict returned
  order                      the batches in their order: epoch0 t0 t1 v0 v1: t a training batch, s one of the sanity check, v of validation,
                             x of test, p of prediction, with the batch index, and /1 for the second loader; epochN the start of an epoch
  logged                     the calls of the logger: [step, [[tag, value]…]], step null where none was given
  rates                      before each step of an optimizer: [index of the optimizer, learning rate of each group…]
  estimated_stepping_batches as a float, at on_train_start (null where training did not start); "inf" where there is no end
  num_training_batches       batches of an epoch, or "inf"
  weights                    after fit: layer.weight row by row, then layer.bias, float32 (float64 for 64-true)
  global_step, current_epoch, should_stop, callback_metrics, logged_metrics, progress_bar_metrics   of the Trainer after the call
  printed                    what was written to the standard output (tables; 120 columns)
  messages                   ["info" or "warning", text]… in their order, without lines on accelerators, worker counts and advertisements

NaN and infinities are the strings "nan", "inf" and "-inf". Numbers are float32 widened to double where Lightning holds float32.
"""
import base64
import json
import pathlib

import lightning_boring as boring
import lightning.pytorch as pl

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "lightning"
CONFIGURATIONS = []


def run(name, trainer=None, data=None, module=None, **more):
    """Two epochs of eight batches and a validation of three (20 samples) after each, every step logged, unless something else is said."""
    configuration = {"name": name, "trainer": {"max_epochs": 2, "log_every_n_steps": 1, **(trainer or {})}, "data": {"val": {"samples": 20}, **(data or {})}}
    if module:
        configuration["module"] = module
    CONFIGURATIONS.append({**configuration, **more})


def log(key, value, hook="training_step", **arguments):
    return {"hook": hook, "key": key, "value": value, **arguments}


SCHEDULER = {"name": "StepLR", "arguments": {"step_size": 1, "gamma": 0.5}}
ALL = ["fit", "validate", "test", "predict"]
BOTH = {"on_step": True, "on_epoch": True}

# Epochs, steps, time
run("defaults", {"log_every_n_steps": 50}, calls=ALL, data={"predict": {"samples": 16}})
run("max_epochs 3, min_epochs 2, no stop", {"max_epochs": 3, "min_epochs": 2})
run("max_epochs 0", {"max_epochs": 0})
run("max_epochs missing, max_steps 5", {"max_epochs": None, "max_steps": 5})
run("max_steps before max_epochs", {"max_steps": 11})
run("max_steps after max_epochs", {"max_steps": 100})
run("max_steps 0", {"max_epochs": None, "max_steps": 0})
run("max_epochs -1, max_steps 9", {"max_epochs": -1, "max_steps": 9})
run("max_epochs -2", {"max_epochs": -2})
run("max_steps -2", {"max_steps": -2})
run("max_epochs missing, stopped", {"max_epochs": None, "limit_val_batches": 0}, module={"stop_at": 3})
run("max_time 0", {"max_time": "00:00:00:00"})
run("max_time of one day", {"max_time": {"days": 1}, "max_epochs": 1})
run("should_stop", module={"stop_at": 2})
run("should_stop with min_epochs 2", {"max_epochs": 4, "min_epochs": 2}, module={"stop_at": 2})
run("should_stop with min_steps 6", {"max_epochs": 4, "min_steps": 6}, module={"stop_at": 2})
run("should_stop with min_steps 12", {"max_epochs": 4, "min_steps": 12}, module={"stop_at": 2})
# Limits
run("limit_train_batches 3", {"limit_train_batches": 3})
run("limit_train_batches 0.5", {"limit_train_batches": 0.5})
run("limit_train_batches 0.3", {"limit_train_batches": 0.3})
run("limit_train_batches 1", {"limit_train_batches": 1})
run("limit_train_batches 1.0", {"limit_train_batches": 1.0})
run("limit_train_batches 0", {"limit_train_batches": 0})
run("limit_train_batches 0.01", {"limit_train_batches": 0.01})
run("limit_train_batches 20 of 8", {"limit_train_batches": 20})
run("limit_train_batches 1.5", {"limit_train_batches": 1.5})
run("limit_train_batches -1", {"limit_train_batches": -1})
run("limit_val_batches 1", {"limit_val_batches": 1})
run("limit_val_batches 0.5", {"limit_val_batches": 0.5})
run("limit_val_batches 0", {"limit_val_batches": 0}, calls=["fit", "validate"])
run("limit_val_batches 0.1", {"limit_val_batches": 0.1})
run("limit_test_batches 2, limit_predict_batches 0.25", {"limit_test_batches": 2, "limit_predict_batches": 0.25}, calls=["test", "predict"])
run("limit_test_batches 0, limit_predict_batches 0", {"limit_test_batches": 0, "limit_predict_batches": 0}, calls=["test", "predict"])
run("fast_dev_run true", {"fast_dev_run": True, "max_epochs": 5}, calls=ALL)
run("fast_dev_run 3", {"fast_dev_run": 3}, calls=["fit", "test"])
run("fast_dev_run -1", {"fast_dev_run": -1})
run("overfit_batches 2", {"overfit_batches": 2}, {"train": {"shuffle": True}})
run("overfit_batches 0.25", {"overfit_batches": 0.25})
# Validation
run("val_check_interval 0.5", {"val_check_interval": 0.5})
run("val_check_interval 0.4", {"val_check_interval": 0.4})
run("val_check_interval 3", {"val_check_interval": 3})
run("val_check_interval 3 across epochs", {"val_check_interval": 3, "check_val_every_n_epoch": None})
run("val_check_interval 10 across epochs", {"val_check_interval": 10, "check_val_every_n_epoch": None, "max_epochs": 3})
run("val_check_interval 9 of 8", {"val_check_interval": 9})
run("val_check_interval 0.5 across epochs", {"val_check_interval": 0.5, "check_val_every_n_epoch": None})
run("val_check_interval of no time", {"val_check_interval": "00:00:00:00", "max_epochs": 1})
run("val_check_interval of a day", {"val_check_interval": {"days": 1}, "max_epochs": 1})
run("val_check_interval 1.5", {"val_check_interval": 1.5})
run("check_val_every_n_epoch 2", {"check_val_every_n_epoch": 2, "max_epochs": 5})
run("check_val_every_n_epoch 2, val_check_interval 4", {"check_val_every_n_epoch": 2, "val_check_interval": 4, "max_epochs": 2})
run("num_sanity_val_steps 0", {"num_sanity_val_steps": 0})
run("num_sanity_val_steps -1", {"num_sanity_val_steps": -1})
run("validation in the middle of a window", {"accumulate_grad_batches": 2, "val_check_interval": 3})
# Logging
run("log_every_n_steps 3", {"log_every_n_steps": 3})
run("log_every_n_steps 0", {"log_every_n_steps": 0})
run("log_every_n_steps 3 with accumulation 2", {"log_every_n_steps": 3, "accumulate_grad_batches": 2, "max_epochs": 3})
run("log: flags", module={"log": [
    log("plain", "loss"), log("bar", "loss", prog_bar=True), log("both", "loss", prog_bar=True, **BOTH),
    log("epoch_only", "loss", on_step=False, on_epoch=True), log("step_only", "loss", on_step=True, on_epoch=False),
    log("not_logged", "loss", logger=False, prog_bar=True), log("v_plain", "loss", "validation_step"),
    log("v_both", "loss", "validation_step", **BOTH), log("v_step", "loss", "validation_step", on_step=True, on_epoch=False),
    log("v_bar", "loss", "validation_step", prog_bar=True), log("v_not_logged", "loss", "validation_step", logger=False)]})
run("log: reductions", data={"train": {"samples": 60}}, module={"log": [
    *[log(f"t_{r}", "loss", reduce_fx=r, **BOTH) for r in ("mean", "avg", "min", "max", "sum")],
    *[log(f"v_{r}", "loss", "validation_step", reduce_fx=r) for r in ("mean", "min", "max", "sum")],
    log("t_size", "loss", batch_size=1, on_step=False, on_epoch=True), log("v_size", "loss", "validation_step", batch_size=1),
    log("count", "count", on_step=False, on_epoch=True, reduce_fx="sum"), log("batch", "batch", on_step=False, on_epoch=True)]})
run("log: dictionary", module={"log": [
    {"hook": "training_step", "values": {"a": "loss", "b": "mean"}, "prog_bar": True}, {"hook": "validation_step", "values": {"va": "loss", "vb": "mean"}}]})
run("log: metric objects", data={"train": {"samples": 60}}, calls=["fit", "validate", "test"], module={"log": [
    log("mse", {"metric": "MeanSquaredError"}, **BOTH), log("mean", {"metric": "MeanMetric"}, on_step=False, on_epoch=True),
    log("v_max", {"metric": "MaxMetric", "for": "val"}, "validation_step"), log("v_mse", {"metric": "MeanSquaredError", "for": "val"}, "validation_step"),
    log("x_sum", {"metric": "SumMetric", "for": "test"}, "test_step")]})
run("log: hooks of the module", module={"log": [
    *[log(f"m_{h}", "step", h) for h in ("on_train_start", "on_train_epoch_start", "on_train_batch_start", "on_before_zero_grad", "on_before_backward",
                                         "on_after_backward", "on_before_optimizer_step", "on_train_batch_end", "on_train_epoch_end",
                                         "on_validation_start", "on_validation_epoch_start", "on_validation_batch_start",
                                         "on_validation_batch_end", "on_validation_epoch_end")],
    log("t", "loss"), log("v", "loss", "validation_step")]})
run("log: hooks of a callback", module={"log": [
    *[{**log(f"c_{h}", "epoch", h), "from": "callback"} for h in ("on_train_start", "on_train_epoch_start", "on_train_batch_start", "on_train_batch_end",
                                                                   "on_train_epoch_end", "on_validation_epoch_start", "on_validation_batch_end",
                                                                   "on_validation_epoch_end")],
    {**log("c_both", "batch", "on_train_batch_end", **BOTH), "from": "callback"}, log("t", "loss", **BOTH), log("v", "loss", "validation_step")]})
run("log: one key twice", {"max_epochs": 1}, module={"log": [log("x", 1.0, **BOTH), log("x", 3.0, **BOTH), log("v", 1.0, "validation_step"), log("v", 3.0, "validation_step")]})
run("log: one key twice with other arguments", {"max_epochs": 1}, module={"log": [log("x", 1.0), log("x", 3.0, **BOTH)]})
run("log: one key from two hooks", {"max_epochs": 1}, module={"log": [log("x", 1.0), log("x", 3.0, "on_train_batch_end"), log("x", 5.0, "validation_step"), log("x", 7.0, "on_validation_epoch_end")]})
run("log: epoch and step as keys", {"max_epochs": 1}, module={"log": [log("epoch", 7.0), log("step", 100.0, "validation_step"), log("v", "loss", "validation_step")]})
run("log: nan and inf", {"max_epochs": 1}, module={"log": [log("n", "nan", **BOTH), log("i", "inf", **BOTH), log("vn", "nan", "validation_step")]})
run("log: whole numbers and truth", {"max_epochs": 1}, module={"log": [log("whole", 3, **BOTH), log("truth", True, **BOTH), log("large", 16777217, on_step=True)]})
for name, entry in {
        "a vector": log("x", "vector"), "a text": log("x", "text"), "nothing": log("x", None), "neither step nor epoch": log("x", 1.0, on_step=False, on_epoch=False),
        "a wrong reduction": log("x", 1.0, reduce_fx="median", on_epoch=True), "a reserved key": log("x/dataloader_idx_0", 1.0),
        "on_step in on_train_epoch_end": log("x", 1.0, "on_train_epoch_end", on_step=True), "in on_fit_start": log("x", 1.0, "on_fit_start"),
        "in on_train_end": log("x", 1.0, "on_train_end"), "in on_validation_end": log("x", 1.0, "on_validation_end")}.items():
    run(f"log: refused, {name}", {"max_epochs": 1, "limit_train_batches": 2}, module={"log": [entry]})
run("log: in predict_step's hooks", {"max_epochs": 1}, calls=["predict"], module={"log": [log("x", 1.0, "on_predict_batch_end")]})
run("log: without a logger", {"max_epochs": 1, "logger": False})
# Several loaders
TWO = [{"samples": 20}, {"samples": 12}]
run("several loaders", data={"val": TWO, "test": TWO, "predict": [{"samples": 8}, {"samples": 4}]}, calls=ALL)
run("log: refused, one key for several loaders", data={"val": TWO}, module={"log": [log("all", "loss", "validation_step", add_dataloader_idx=False)]})
run("several loaders, forks and a key for each", data={"val": TWO}, module={"log": [
    log("v", "loss", "validation_step", **BOTH), log("first", "loss", "validation_step", loader=0, add_dataloader_idx=False),
    log("second", "loss", "validation_step", loader=1, add_dataloader_idx=False), log("end", "step", "on_validation_epoch_end"), log("t", "loss")]})
run("several loaders by name", data={"val": {"combined": "sequential", "loaders": {"a": {"samples": 20}, "b": {"samples": 12}}}}, calls=["fit", "validate"])
run("several loaders, limit 1", {"limit_val_batches": 1}, data={"val": TWO})
for mode in ("min_size", "max_size_cycle", "max_size", "sequential"):
    run(f"combined training loaders: {mode}", {"max_epochs": 1}, {"train": {"combined": mode, "loaders": {"a": {"samples": 40}, "b": {"samples": 24}}}})
run("training loaders as a list", {"max_epochs": 1}, {"train": [{"samples": 40}, {"samples": 24}]})
run("combined validation loaders: min_size", {"max_epochs": 1}, {"val": {"combined": "min_size", "loaders": [{"samples": 40}, {"samples": 24}]}}, calls=["fit", "validate"])
run("combined validation loaders: max_size", {"max_epochs": 1}, {"val": {"combined": "max_size", "loaders": [{"samples": 40}, {"samples": 24}]}})
run("without a length", data={"train": {"samples": 60, "sized": False}, "val": {"sized": False, "samples": 20}}, calls=["fit", "validate"])
run("without a length, limit_train_batches 3", {"limit_train_batches": 3}, {"train": {"sized": False}})
run("without a length, limit_train_batches 0.5", {"limit_train_batches": 0.5}, {"train": {"sized": False}})
run("without a length, val_check_interval 3", {"val_check_interval": 3}, {"train": {"sized": False}})
run("without a length, val_check_interval 0.5", {"val_check_interval": 0.5}, {"train": {"sized": False}})
run("empty training loader", data={"train": {"samples": 0}})
run("empty validation loader", data={"val": {"samples": 0}})
run("no validation loader", data={"val": None})
run("no validation step", module={"without": ["validation_step"]})
run("shuffled", data={"train": {"shuffle": True}, "val": {"samples": 20}}, note="The order of the samples comes from the default generator, seeded with 42.")
run("shuffled, without validation", data={"train": {"shuffle": True}, "val": None})
run("shuffled validation and test", {"max_epochs": 1}, {"val": {"shuffle": True}, "test": {"shuffle": True}}, calls=["fit", "test"])
run("drop_last", data={"train": {"samples": 60, "drop_last": True}, "val": {"samples": 20, "drop_last": True}})
run("reload_dataloaders_every_n_epochs 1, shuffled", {"reload_dataloaders_every_n_epochs": 1, "max_epochs": 3}, {"train": {"shuffle": True, "samples": 40}}, loaders_by="datamodule")
run("loaders by the module", loaders_by="module", calls=["fit", "test"])
# Optimization
for k in (2, 3):
    run(f"accumulate_grad_batches {k}", {"accumulate_grad_batches": k})
run("accumulate_grad_batches 3, last window by count", {"accumulate_grad_batches": 3}, module={"last_window_by_count": True},
    note="The weights of a trainer that divides the incomplete window by what it holds: Lightning's own hooks, the loss scaled by the module.")
run("accumulate_grad_batches 2, seven batches, last window by count", {"accumulate_grad_batches": 2}, {"train": {"samples": 56}}, module={"last_window_by_count": True})
run("accumulate_grad_batches 16 of 8", {"accumulate_grad_batches": 16})
run("accumulate_grad_batches 2, a scheduler for each step", {"accumulate_grad_batches": 2}, module={"scheduler": {**SCHEDULER, "interval": "step"}})
run("accumulate_grad_batches 0", {"accumulate_grad_batches": 0})
run("gradient_clip_val 0.5", {"gradient_clip_val": 0.5})
run("gradient_clip_val 0", {"gradient_clip_val": 0})
run("gradient_clip_val 0.05 by value", {"gradient_clip_val": 0.05, "gradient_clip_algorithm": "value"})
run("gradient clipping and accumulation", {"gradient_clip_val": 0.3, "accumulate_grad_batches": 2})
run("gradient_clip_algorithm unknown", {"gradient_clip_val": 0.5, "gradient_clip_algorithm": "max"})
run("momentum and weight decay", module={"optimizer": {"name": "SGD", "lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}})
run("Adam", module={"optimizer": {"name": "Adam", "lr": 0.01}})
run("no optimizer", module={"optimizer": None})
run("scheduler by epoch", {"max_epochs": 3}, module={"scheduler": SCHEDULER})
run("scheduler by step", module={"scheduler": {**SCHEDULER, "interval": "step"}})
run("scheduler by step, frequency 3", module={"scheduler": {**SCHEDULER, "interval": "step", "frequency": 3}})
run("scheduler by epoch, frequency 2", {"max_epochs": 5}, module={"scheduler": {**SCHEDULER, "frequency": 2}})
run("plateau by epoch", {"max_epochs": 5}, module={"optimizer": {"name": "SGD", "lr": 2.0}, "scheduler": {"name": "ReduceLROnPlateau", "arguments": {"patience": 0, "factor": 0.5}, "monitor": "val_loss"}})
run("plateau by epoch, frequency 2", {"max_epochs": 5}, module={"optimizer": {"name": "SGD", "lr": 2.0}, "scheduler": {"name": "ReduceLROnPlateau", "arguments": {"patience": 0, "factor": 0.5}, "monitor": "val_loss", "frequency": 2}})
run("plateau by step", module={"optimizer": {"name": "SGD", "lr": 2.0}, "scheduler": {"name": "ReduceLROnPlateau", "arguments": {"patience": 0, "factor": 0.5}, "monitor": "train_loss", "interval": "step"}})
run("plateau, unknown monitor", module={"scheduler": {"name": "ReduceLROnPlateau", "monitor": "nothing"}})
run("plateau, unknown monitor, not strict", module={"scheduler": {"name": "ReduceLROnPlateau", "monitor": "nothing", "strict": False}})
run("plateau without monitor", module={"scheduler": {"name": "ReduceLROnPlateau"}})
run("two schedulers", module={"scheduler": [{"name": "ExponentialLR", "arguments": {"gamma": 0.9}, "interval": "step"}, SCHEDULER]})
run("one cycle over the estimated steps", module={"scheduler": {"name": "OneCycleLR", "arguments": {"max_lr": 0.2, "total_steps": "$stepping_batches"}, "interval": "step"}})
run("one cycle over the estimated steps, accumulation 3", {"accumulate_grad_batches": 3},
    module={"scheduler": {"name": "OneCycleLR", "arguments": {"max_lr": 0.2, "total_steps": "$stepping_batches"}, "interval": "step"}})
run("one cycle by epoch", module={"scheduler": {"name": "OneCycleLR", "arguments": {"max_lr": 0.2, "total_steps": 16}}})
run("scheduler with an unknown key", module={"scheduler": {**SCHEDULER, "intervall": "step"}})
MANUAL = [{"parameter": "weight", "lr": 0.1}, {"parameter": "bias", "lr": 0.05, "every": 2}]
run("manual optimization", module={"manual": MANUAL})
run("manual optimization, max_steps 7", {"max_steps": 7}, module={"manual": MANUAL})
run("manual optimization, log_every_n_steps 3", {"log_every_n_steps": 3}, module={"manual": MANUAL})
run("manual optimization with gradient_clip_val", {"gradient_clip_val": 0.5}, module={"manual": MANUAL})
run("manual optimization with accumulate_grad_batches", {"accumulate_grad_batches": 2}, module={"manual": MANUAL})
run("training_step returns None", module={"none_at": [1, 4]})
run("training_step returns None, accumulation", {"accumulate_grad_batches": 2}, module={"none_at": [1, 4]})
run("on_train_batch_start returns -1", {"max_epochs": 3}, module={"minus_one_at": 5, "scheduler": SCHEDULER})
run("precision 64-true", {"precision": "64-true"}, calls=["fit", "test"])
run("detect_anomaly", {"detect_anomaly": True, "max_epochs": 1})
run("deterministic", {"deterministic": True, "max_epochs": 1})
run("barebones", calls=["fit", "test"])
CONFIGURATIONS[-1]["trainer"] = {"max_epochs": 1, "barebones": True}
run("barebones with logging", calls=["fit"])
CONFIGURATIONS[-1]["trainer"] = {"max_epochs": 1, "barebones": True, "log_every_n_steps": 1}
# One after the other
run("fit twice", calls=["fit", "fit"])
run("test before fit", calls=["test", "fit", "test"])
SAVED = {"max_epochs": 2, "log_every_n_steps": 1, "enable_checkpointing": True}
FOLDER = "memory/version_0/checkpoints"
run("resume after an epoch", SAVED, module={"scheduler": {**SCHEDULER, "interval": "step"}, "optimizer": {"name": "SGD", "lr": 0.1, "momentum": 0.9}},
    runs=[{"trainer": {**SAVED, "max_epochs": 1}}, {"calls": [{"call": "fit", "ckpt_path": f"{FOLDER}/epoch=0-step=8.ckpt"}]}])
run("resume in the middle of an epoch", SAVED, runs=[
    {"callbacks": [{"name": "ModelCheckpoint", "arguments": {"every_n_train_steps": 3, "save_top_k": -1}}], "trainer": {**SAVED, "max_steps": 5}},
    {"calls": [{"call": "fit", "ckpt_path": f"{FOLDER}/epoch=0-step=3.ckpt"}]}])
run("resume with fewer epochs", SAVED, runs=[{}, {"trainer": {**SAVED, "max_epochs": 1}, "calls": [{"call": "fit", "ckpt_path": f"{FOLDER}/epoch=1-step=16.ckpt"}]}])
run("test of the best", SAVED, calls=["fit", {"call": "test", "ckpt_path": "best"}])
run("error in training_step", module={"raises": {"hook": "training_step", "call": 3, "error": "RuntimeError"}})

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    loaders = {stage + ("1" if place else ""): base64.b64encode(boring.rows(stage, place).numpy().astype("<f4").tobytes()).decode()
               for place in (0, 1) for stage in boring.SEEDS}
    (OUT / "data.json").write_text(json.dumps({"versions": boring.VERSIONS, **loaders}, indent=0) + "\n")
    pl.seed_everything(42)
    initial = boring.weights(boring.module_class({})())
    boring.make(OUT / "runs.json", CONFIGURATIONS, boring.record, "runs", {"initial": initial})
