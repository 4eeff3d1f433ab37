"""One boring module, built from a configuration of plain values, and what Lightning does with it.

The ground on which make_lightning_traces.py, make_lightning_runs.py and make_lightning_callbacks.py stand. Needs torch 2.13,
lightning 2.6.6 and torchmetrics 1.9, without rich (which would print other tables).

A configuration is a JSON object. Every key but `name` may be missing:

  name       what is looked at.
  note       a sentence for the reader.
  trainer    arguments of Lightning's Trainer, under Lightning's names. Always added: accelerator "cpu", the recording logger,
             and, unless the configuration says otherwise or is barebones, enable_progress_bar, enable_model_summary and
             enable_checkpointing false. "infinity" stands for float("inf").
  data       {stage: LOADER}, stage one of train, val, test, predict; a missing stage has the plain LOADER, null means none.
             LOADER is {"samples": 64, "batch_size": 8, "shuffle": false, "drop_last": false, "sized": true}: the first `samples`
             rows of torch.randn(64, 32) from a generator with the seed 1 (train), 2 (val), 3 (test), 4 (predict); the loader
             at place i of a list takes the seed plus 10 i. "sized": false is an iterable data set without a length.
             A list of LOADERs is several loaders; {"combined": MODE, "loaders": [LOADER…] or {name: LOADER…}} a combined one.
             "batch_size": n is an attribute of the data module, used for all its loaders.
             "loaders_by": "arguments" (given to the call), "module" or "datamodule" (methods of those).
  module     width      input width, 32; the layer is Linear(width, 2), made after seed_everything(42).
             optimizer  {"name": "SGD", "lr": 0.1, …}, arguments of torch.optim; null for configure_optimizers returning None.
             scheduler  {"name": …, "arguments": {…}, "interval": "epoch", "frequency": 1, "monitor": null, "strict": true} or a list;
                        "$stepping_batches" in an argument is trainer.estimated_stepping_batches.
             manual     manual optimization: [{"parameter": "weight", "lr": 0.1, "every": 1}…], an SGD for each; in every training
                        step and for each of them in turn whose `every` divides the batch index: loss, zero_grad, manual_backward, step.
                        The step logs and returns the first loss.
             none_at    training_step returns None at these batch indices (nothing is logged there either).
             minus_one_at  on_train_batch_start returns -1 at this batch index.
             stop_at    training_step sets trainer.should_stop at this number of calls (0 is the first).
             last_window_by_count  training_step returns loss × k / n where n batches of the last accumulation window of
                        k are left: the last, incomplete window is then divided by what it holds.
             raises     {"hook": …, "call": n, "error": "RuntimeError"}: the hook's n-th call (from 0) raises.
             without    names of steps that the module does not have.
             log        LOGs, see below; missing: train_loss (training_step, on_step and on_epoch), val_loss, test_loss.
             backbone   hidden width h: a Linear(width, h) before the Linear(h, 2), made before it; weights then hold both. batch_norm: a
                        BatchNorm1d(h) after it. Both are the module's `backbone`.
             memory     training_step raises PyTorch's error of exhausted memory for batches of more samples.
             example_input  the module has an example input of [8, width].
             loss: the sum, over the tensors of the batch, of mse_loss(output, ones).
  callbacks  [{"name": class, "arguments": {…}}…] of lightning.pytorch.callbacks; "$samples" is a function that gives a batch's samples,
             "$double" one that gives 2 for every epoch; train_time_interval is given as timedelta's arguments.
  calls      ["fit"] and others: "fit", "validate", "test", "predict", or an object {"call": "fit", "ckpt_path": …, …}.
  runs       several runs one after the other, each an object that replaces keys of the configuration, in one folder, each with
             a new module and a new Trainer.

  LOG is {"hook": "training_step", "key": "x", "value": VALUE, …arguments of self.log} or {"hook": …, "values": {key: VALUE…}, …} for
  log_dict; "from": "callback" logs by a callback (whose hook runs before the module's); "loader": i only for the i-th loader.
  VALUE: a number; "loss"; "mean" (the mean of the layer's output); "batch" (batch index), "epoch" (current_epoch), "step"
  (global_step), "count" (samples in the batch) as floats; "nan", "inf"; "vector" (a tensor of two), "text" (a string);
  {"epochs": […]} the item at current_epoch, {"steps": […]} the item at global_step (both stay at their last item);
  {"metric": "MeanSquaredError"} a torchmetrics object kept by the module, called with (layer(x), ones), and MeanMetric,
  MaxMetric, MinMetric, SumMetric, called with the loss; the object is logged. Another "for" makes another object.
"""
import contextlib
import copy
import datetime
import gc
import inspect
import io
import json
import logging
import math
import os
import re
import sys
import tempfile
import types
import warnings

os.environ["COLUMNS"] = "120"
# A torchvision that was built for another torch cannot register its operators on import. Nothing here needs them.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import lightning.pytorch as pl  # noqa: E402
import torch  # noqa: E402
import torchmetrics  # noqa: E402
from lightning.fabric.utilities.rank_zero import WarningCache  # noqa: E402
from lightning.pytorch import callbacks as known_callbacks  # noqa: E402
from lightning.pytorch.loggers.logger import Logger  # noqa: E402
from lightning.pytorch.utilities import CombinedLoader  # noqa: E402
from torch.utils.data import DataLoader, IterableDataset  # noqa: E402

torch.set_num_threads(1)
VERSIONS = {"torch": torch.__version__.split("+")[0], "lightning": pl.__version__, "torchmetrics": torchmetrics.__version__}
SEEDS = {"train": 1, "val": 2, "test": 3, "predict": 4}
STAGES = {"fit": ["train", "val"], "validate": ["val"], "test": ["test"], "predict": ["predict"]}
LOGS = [
    {"hook": "training_step", "key": "train_loss", "value": "loss", "on_step": True, "on_epoch": True},
    {"hook": "validation_step", "key": "val_loss", "value": "loss"},
    {"hook": "test_step", "key": "test_loss", "value": "loss"},
]
# Lines that depend on the machine, or advertise.
NOISE = re.compile("GPU available|TPU available|💡|Seed set to|LOCAL_RANK|does not have many workers|isinstance.treespec")


# Data

class Rows(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


class Stream(IterableDataset):
    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        return iter(self.rows)


def rows(stage, place=0, width=32):
    return torch.randn(64, width, generator=torch.Generator().manual_seed(SEEDS[stage] + 10 * place))


def loader(stage, description, place=0, width=32):
    if description is None:
        return None
    if isinstance(description, list):
        return [loader(stage, d, i, width) for i, d in enumerate(description)]
    if "combined" in description:
        parts = description["loaders"]
        if isinstance(parts, dict):
            made = {k: loader(stage, d, i, width) for i, (k, d) in enumerate(parts.items())}
        else:
            made = loader(stage, parts, 0, width)
        return CombinedLoader(made, description["combined"])
    data = rows(stage, place, width)[:description.get("samples", 64)]
    if not description.get("sized", True):
        return DataLoader(Stream(data), batch_size=description.get("batch_size", 8))
    return DataLoader(Rows(data), batch_size=description.get("batch_size", 8), shuffle=description.get("shuffle", False),
                      drop_last=description.get("drop_last", False))


# The module

def tensors(batch):
    if isinstance(batch, torch.Tensor):
        return [batch]
    return [t for t in (batch.values() if isinstance(batch, dict) else batch) if t is not None]


def item_at(items, place):
    return float(items[min(place, len(items) - 1)])


def value_of(module, value, batch=None, batch_idx=None, loss=None, output=None):
    trainer = module.trainer
    if isinstance(value, dict):
        if "epochs" in value:
            return item_at(value["epochs"], trainer.current_epoch)
        if "steps" in value:
            return item_at(value["steps"], trainer.global_step)
        metric = module.metric_objects[json.dumps(value)]
        metric(output, torch.ones_like(output)) if value["metric"] == "MeanSquaredError" else metric(loss)
        return metric
    if not isinstance(value, str):
        return value
    return {"loss": lambda: loss, "mean": lambda: output.mean(), "batch": lambda: float(batch_idx),
            "epoch": lambda: float(trainer.current_epoch), "step": lambda: float(trainer.global_step),
            "count": lambda: float(len(tensors(batch)[0])), "nan": lambda: math.nan, "inf": lambda: math.inf,
            "vector": lambda: torch.ones(2), "text": lambda: "text"}[value]()


def write_logs(module, who, logs, hook, **context):
    for entry in logs:
        if entry["hook"] != hook or entry.get("from", "module") != who[0] or context.get("dataloader_idx", 0) != entry.get("loader", context.get("dataloader_idx", 0)):
            continue
        arguments = {k: v for k, v in entry.items() if k not in ("hook", "from", "key", "value", "values", "loader")}
        given = {k: v for k, v in context.items() if k != "dataloader_idx"}
        if "values" in entry:
            who[1].log_dict({k: value_of(module, v, **given) for k, v in entry["values"].items()}, **arguments)
        else:
            who[1].log(entry["key"], value_of(module, entry["value"], **given), **arguments)


def bound(function, args, kwargs):
    return inspect.signature(function).bind(*args, **kwargs).arguments


def module_class(configuration, base=pl.LightningModule):
    """A LightningModule that has exactly the hooks that the configuration needs."""
    described = configuration.get("module", {})
    logs = described.get("log", LOGS)
    width = described.get("width", 32)
    calls = {}
    space = {}

    def hook(function):
        if function.__name__ not in described.get("without", []):
            space[function.__name__] = function

    def count(name):
        n = calls[name] = calls.get(name, -1) + 1
        raises = described.get("raises", {})
        if raises.get("hook") == name and raises["call"] == n:
            raise {"RuntimeError": RuntimeError, "KeyboardInterrupt": KeyboardInterrupt}[raises["error"]]("boring")
        return n

    def run(self, batch):
        outputs = [self(t) for t in tensors(batch)]
        return sum(torch.nn.functional.mse_loss(o, torch.ones_like(o)) for o in outputs), outputs[0]

    def log(self, name, **context):
        write_logs(self, ("module", self), logs, name, **context)

    @hook
    def __init__(self):
        base.__init__(self)
        hidden = described.get("backbone")
        if hidden:
            self.backbone = torch.nn.Linear(width, hidden)
            if described.get("batch_norm"):
                self.backbone = torch.nn.Sequential(self.backbone, torch.nn.BatchNorm1d(hidden))
        self.layer = torch.nn.Linear(hidden or width, 2)
        self.lr = (described.get("optimizer") or {}).get("lr", 0.1)
        if described.get("example_input"):
            self.example_input_array = torch.zeros(8, width)
        self.automatic_optimization = "manual" not in described
        metrics = [v for e in logs for v in e.get("values", {"": e.get("value")}).values() if isinstance(v, dict) and "metric" in v]
        if metrics:
            self.metric_objects = torch.nn.ModuleDict({json.dumps(v): getattr(torchmetrics, v["metric"])() for v in metrics})

    @hook
    def forward(self, x):
        return self.layer(self.backbone(x)) if described.get("backbone") else self.layer(x)

    @hook
    def training_step(self, batch, batch_idx):
        n = count("training_step")
        if len(tensors(batch)[0]) > described.get("memory", 1 << 30):
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate too much.")
        if n == described.get("stop_at"):
            self.trainer.should_stop = True
        if batch_idx in described.get("none_at", []):
            return None
        loss, output = run(self, batch)
        log(self, "training_step", batch=batch, batch_idx=batch_idx, loss=loss, output=output)
        if not self.automatic_optimization:
            for i, (part, optimizer) in enumerate(zip(described["manual"], self.optimizers())):
                if batch_idx % part.get("every", 1) == 0:
                    loss_now = loss if i == 0 else run(self, batch)[0]
                    optimizer.zero_grad()
                    self.manual_backward(loss_now)
                    optimizer.step()
            return loss.detach()
        if described.get("last_window_by_count"):
            k = self.trainer.accumulate_grad_batches
            left = self.trainer.num_training_batches - batch_idx // k * k
            loss = loss * (k / min(k, left))
        return loss

    @hook
    def validation_step(self, batch, batch_idx, dataloader_idx=0):
        count("validation_step")
        loss, output = run(self, batch)
        log(self, "validation_step", batch=batch, batch_idx=batch_idx, loss=loss, output=output, dataloader_idx=dataloader_idx)

    @hook
    def test_step(self, batch, batch_idx, dataloader_idx=0):
        count("test_step")
        loss, output = run(self, batch)
        log(self, "test_step", batch=batch, batch_idx=batch_idx, loss=loss, output=output, dataloader_idx=dataloader_idx)

    @hook
    def predict_step(self, batch, batch_idx, dataloader_idx=0):
        count("predict_step")
        return self(batch)

    @hook
    def configure_optimizers(self):
        parameters = dict(self.layer.named_parameters())
        if "manual" in described:
            return [torch.optim.SGD([parameters[p["parameter"]]], lr=p["lr"]) for p in described["manual"]]
        chosen = described.get("optimizer", {"name": "SGD", "lr": 0.1})
        if chosen is None:
            return None
        trained = [p for p in self.parameters() if p.requires_grad]
        more = {k: v for k, v in chosen.items() if k not in ("name", "lr")}
        optimizer = getattr(torch.optim, chosen["name"])(trained, lr=self.lr, **more)
        schedulers = described.get("scheduler")
        if schedulers is None:
            return optimizer
        made = []
        for s in schedulers if isinstance(schedulers, list) else [schedulers]:
            arguments = {k: self.trainer.estimated_stepping_batches if v == "$stepping_batches" else v
                         for k, v in s.get("arguments", {}).items()}
            made.append({**{k: v for k, v in s.items() if k not in ("name", "arguments")},
                         "scheduler": getattr(torch.optim.lr_scheduler, s["name"])(optimizer, **arguments)})
        return [optimizer], made

    def plain_hook(name):
        original = getattr(base, name)

        def function(self, *args, **kwargs):
            given = bound(original, (self, *args), kwargs)
            count(name)
            log(self, name, batch=given.get("batch"), batch_idx=given.get("batch_idx"))
            if name == "on_train_batch_start" and given["batch_idx"] == described.get("minus_one_at"):
                return -1
            return original(self, *args, **kwargs)

        function.__name__ = name
        hook(function)

    names = {e["hook"] for e in logs if e.get("from", "module") == "module"} | {described.get("raises", {}).get("hook")}
    if "minus_one_at" in described:
        names.add("on_train_batch_start")
    for name in sorted(names - {None} - set(space)):
        plain_hook(name)

    if configuration.get("loaders_by") == "module":
        for stage in SEEDS:
            add_loader(space, stage, configuration, width)
    return type("Boring", (base,), space)


def add_loader(space, stage, configuration, width):
    description = configuration.get("data", {}).get(stage, {})
    if description is not None:
        def method(self):
            chosen = {"batch_size": self.batch_size} if getattr(self, "batch_size", None) else {}
            return loader(stage, {**description, **chosen} if isinstance(description, dict) else description, 0, width)

        space[f"{stage}_dataloader"] = method


def data_module(configuration, base=pl.LightningDataModule):
    space = {"batch_size": configuration.get("data", {}).get("batch_size")}
    for stage in SEEDS:
        add_loader(space, stage, configuration, configuration.get("module", {}).get("width", 32))
    return type("BoringData", (base,), space)()


# What is recorded

def number(x):
    """A number as JSON: an infinite one or NaN as a string."""
    if isinstance(x, torch.Tensor):
        x = x.item()
    return str(x) if isinstance(x, float) and not math.isfinite(x) else x


def numbers(tree):
    if isinstance(tree, dict):
        return {str(k): numbers(v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [numbers(v) for v in tree]
    if isinstance(tree, torch.Tensor) and tree.dim() > 0:
        return numbers(tree.tolist())
    return number(tree)


def weights(module):
    return numbers(torch.cat([p.detach().flatten() for p in module.parameters()]))


class Memory(Logger):
    """Keeps what it is given."""

    def __init__(self):
        super().__init__()
        self.calls = []

    name = property(lambda self: "memory")
    version = property(lambda self: "version_0")

    def log_hyperparams(self, *args, **kwargs):
        pass

    def log_metrics(self, metrics, step=None):
        self.calls.append([step, [[k, number(v)] for k, v in metrics.items()]])


class Recorder(pl.Callback):
    """Batches in order, and the learning rates of each step of an optimizer; also makes the callback's LOGs."""

    def __init__(self, configuration):
        self.order, self.rates, self.stepping = [], [], None
        logs = configuration.get("module", {}).get("log", LOGS)
        for name in {e["hook"] for e in logs if e.get("from") == "callback"}:
            self.add_logs(name, logs)

    def add_logs(self, name, logs):
        original = getattr(self, name)

        def function(trainer, module, *args, **kwargs):
            given = bound(original, (trainer, module, *args), kwargs)
            write_logs(module, ("callback", self), logs, name, batch=given.get("batch"), batch_idx=given.get("batch_idx"))
            return original(trainer, module, *args, **kwargs)

        setattr(self, name, function)

    def on_train_start(self, trainer, module):
        self.stepping = number(float(trainer.estimated_stepping_batches))

    def on_before_optimizer_step(self, trainer, module, optimizer):
        self.rates.append([trainer.optimizers.index(optimizer)] + [number(g["lr"]) for g in optimizer.param_groups])

    def on_train_epoch_start(self, trainer, module):
        self.order.append(f"epoch{trainer.current_epoch}")

    def note(self, letter, batch_idx, dataloader_idx):
        self.order.append(f"{letter}{batch_idx}" + (f"/{dataloader_idx}" if dataloader_idx else ""))

    def on_train_batch_start(self, trainer, module, batch, batch_idx):
        self.note("t", batch_idx, 0)

    def on_validation_batch_start(self, trainer, module, batch, batch_idx, dataloader_idx=0):
        self.note("s" if trainer.sanity_checking else "v", batch_idx, dataloader_idx)

    def on_test_batch_start(self, trainer, module, batch, batch_idx, dataloader_idx=0):
        self.note("x", batch_idx, dataloader_idx)

    def on_predict_batch_start(self, trainer, module, batch, batch_idx, dataloader_idx=0):
        self.note("p", batch_idx, dataloader_idx)


class Messages(logging.Handler):
    """Lightning's information lines and Python's warnings, in order, without what depends on the machine."""

    def __init__(self, folder):
        super().__init__(logging.INFO)
        self.folder, self.lines = folder, []

    def add(self, level, text):
        text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", text)
        text = text.replace(os.path.realpath(self.folder), "<folder>").replace(self.folder, "<folder>")
        if not NOISE.search(text):
            self.lines.append([level, text])

    def emit(self, record):
        self.add(record.levelname.lower(), record.getMessage())

    def showwarning(self, message, category, filename, lineno, file=None, line=None):
        self.add("warning", str(message))


@contextlib.contextmanager
def listening(folder):
    messages = Messages(folder)
    loggers = [logging.getLogger(n) for n in ("lightning.pytorch", "lightning.fabric")]
    before = [(l.handlers, l.propagate) for l in loggers]
    for cache in [o for o in gc.get_objects() if issubclass(type(o), WarningCache)]:
        cache.clear()
    for l in loggers:
        l.handlers, l.propagate = [messages], False
        l.setLevel(logging.INFO)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = messages.showwarning
        try:
            yield messages
        finally:
            for l, (handlers, propagate) in zip(loggers, before):
                l.handlers, l.propagate = handlers, propagate


@contextlib.contextmanager
def golden_folder():
    """A folder of its own, in which everything that Lightning writes by default lands."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


def trainer_of(configuration, folder, logger, callbacks):
    arguments = dict(configuration.get("trainer", {}))
    arguments = {k: math.inf if v == "infinity" else v for k, v in arguments.items()}
    arguments.setdefault("accelerator", "cpu")
    if not arguments.get("barebones"):
        for flag in ("enable_progress_bar", "enable_model_summary", "enable_checkpointing"):
            arguments.setdefault(flag, False)
        arguments.setdefault("logger", logger)
        if arguments["logger"] == "csv":
            arguments["logger"] = pl.loggers.CSVLogger(folder)
    return pl.Trainer(default_root_dir=folder, callbacks=callbacks, **arguments)


def callbacks_of(configuration):
    def plain(key, value):
        if key == "scheduling":
            return {int(k): v for k, v in value.items()}
        if key == "train_time_interval":
            return datetime.timedelta(**value)
        return {"$samples": lambda batch: batch.size(0), "$double": lambda epoch: 2.0}.get(value, value) if isinstance(value, str) else value

    return [getattr(known_callbacks, c["name"])(**{k: plain(k, v) for k, v in c.get("arguments", {}).items()})
            for c in configuration.get("callbacks", [])]


def call(trainer, module, data, configuration, described, folder):
    """trainer.fit(…) and the like."""
    described = {"call": described} if isinstance(described, str) else dict(described)
    name = described.pop("call")
    if "ckpt_path" in described and described["ckpt_path"] not in ("last", "best"):
        described["ckpt_path"] = os.path.join(folder, described["ckpt_path"])
    by = configuration.get("loaders_by", "arguments")
    if by == "datamodule":
        described["datamodule"] = data
    elif by == "arguments":
        loaders = {s: configuration.get("data", {}).get(s, {}) for s in STAGES[name]}
        made = {s: loader(s, d, 0, configuration.get("module", {}).get("width", 32)) for s, d in loaders.items()}
        if name == "fit":
            described.update(train_dataloaders=made["train"], val_dataloaders=made["val"])
        else:
            described["dataloaders"] = next(iter(made.values()))
    return getattr(trainer, name)(module, **described)


def runs_of(configuration):
    base = {k: v for k, v in configuration.items() if k != "runs"}
    return [{**base, **run} for run in configuration.get("runs", [{}])]


def record_run(configuration, folder, more=None):
    """What Lightning does in one run: for every call what was logged, printed, said and returned."""
    with listening(folder) as messages:
        logger, recorder = Memory(), Recorder(configuration)
        calls = []
        answer = {"calls": calls}
        printed = io.StringIO()
        try:
            pl.seed_everything(42)
            module = module_class(configuration)()
            made = callbacks_of(configuration)
            with contextlib.redirect_stdout(printed):
                trainer = trainer_of(configuration, folder, logger, [recorder, *made])
        except Exception as error:
            return {**answer, "error": [type(error).__name__, str(error)], "messages": messages.lines}
        if messages.lines:
            answer["messages"] = messages.lines
        data = data_module(configuration) if configuration.get("loaders_by") == "datamodule" else None
        for described in configuration.get("calls", ["fit"]):
            name = described if isinstance(described, str) else described["call"]
            messages.lines, logger.calls, recorder.order, recorder.rates = [], [], [], []
            printed.seek(0)
            printed.truncate()
            result = {"call": name}
            try:
                with contextlib.redirect_stdout(printed):
                    returned = call(trainer, module, data, configuration, described, folder)
                if name != "fit":
                    result["returned"] = numbers(returned)
            except (Exception, SystemExit) as error:
                result["error"] = [type(error).__name__, str(error).replace(folder, "<folder>")]
            result["order"] = " ".join(recorder.order)
            result["logged"] = logger.calls
            if name == "fit":
                result["rates"] = recorder.rates
                result["estimated_stepping_batches"] = recorder.stepping
                result["num_training_batches"] = number(trainer.num_training_batches)
                result["weights"] = weights(module)
                buffers = {k: numbers(v) for k, v in module.named_buffers() if "metric_objects" not in k}
                if buffers:
                    result["buffers"] = buffers
            result["global_step"], result["current_epoch"] = trainer.global_step, trainer.current_epoch
            result["should_stop"] = trainer.should_stop
            for kind in ("callback", "logged", "progress_bar"):
                result[f"{kind}_metrics"] = numbers(getattr(trainer, f"{kind}_metrics"))
            if printed.getvalue():
                result["printed"] = printed.getvalue()
            result["messages"] = messages.lines
            if more:
                result.update(more(trainer, module, made, folder, name))
            calls.append(result)
    return answer


def record(configuration, more=None):
    with golden_folder() as folder:
        results = [record_run(run, folder, more) for run in runs_of(configuration)]
    return {"configuration": configuration, **(results[0] if len(results) == 1 else {"runs": results})}


def make(path, configurations, recording, key, more=None):
    """Writes the file; with a word on the command line prints the items of whose names it is a part instead."""
    if len(sys.argv) > 1:
        for c in configurations:
            if sys.argv[1] in c["name"]:
                print(json.dumps(recording(c), ensure_ascii=False, indent=1))
    else:
        write(path, [recording(copy.deepcopy(c)) for c in configurations], key, more)


def write(path, items, key, more=None):
    """One item a line, so that a change shows where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for item in items)
    head = json.dumps({"versions": VERSIONS, **(more or {})}, separators=(",", ":"))[:-1]
    text = f'{head},"{key}":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8")
    names = [i.get("name") or i["configuration"]["name"] for i in items]
    assert len(set(names)) == len(names), "two items of one name"
    print(f"{path.name}: {len(items)} {key}, {len(text.encode())} bytes")
