"""Makes Tests/Golden/torch: what torch, Lightning, numpy and safetensors save, with what is in it, for Levin's readers.

Run with a Python that has torch, lightning, numpy and safetensors:
    python scripts/golden/make_torch_files.py

expected.json has, for each file, the plain values in it by their path ("optimizer_states > 0 > state > 0 > exp_avg"): numbers
and texts as they are, tensors as their type, shape and the CRC-32 of their bytes. It is read back from the files by
their own libraries, so nothing of Levin's is in it.
"""

import argparse
import collections
import datetime
import enum
import io
import json
import pathlib
import shutil
import sys
import tempfile
import types
import warnings
import zlib

# A torchvision that was built for another torch cannot be imported. Nothing here needs it, but Lightning tries.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import lightning
import numpy
import torch
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint, Timer
from safetensors.torch import save_file
from torch import nn

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "torch"
warnings.filterwarnings("ignore")


class Color(enum.Enum):
    RED = "red"


Color.__module__ = "golden"


def grid(*shape):
    count = int(numpy.prod(shape))
    return ((torch.arange(count) - count // 2) / 4).reshape(shape)


def network():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    with torch.no_grad():
        for index, parameter in enumerate(net.parameters()):
            parameter.copy_(grid(*parameter.shape) + index)
    return net


def trained_network():
    net = network()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    net(grid(5, 3)).square().mean().backward()
    optimizer.step()
    return net, optimizer


def views():
    s = grid(3, 4)
    nc = grid(2, 2, 2, 2).contiguous(memory_format=torch.channels_last)
    return {
        "whole": s, "again": s, "row": s[1], "t": s.t(), "block": s[1:, 1:3], "step": s[:, ::2],
        "expand": torch.tensor([2.5]).expand(3, 2), "scalar": torch.tensor(-0.75),
        "empty": torch.zeros(0, 3), "nc": nc,
    }


def dtypes():
    floats, others = [0, 1, 1.5, 2], [0, 1, 1, 2]
    names = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool complex64 complex128 uint16 uint32 uint64"
    tensors = {}
    for name in (names + " float8_e4m3fn float8_e5m2").split():
        dtype = getattr(torch, name)
        values = floats if dtype.is_floating_point or dtype.is_complex else others
        tensors[name] = torch.tensor(values, dtype=torch.float64).to(dtype)
    return tensors


def torch_files():
    """The files of torch.save: thirteen kinds."""
    net, optimizer = trained_network()
    torch.save(network().state_dict(), OUT / "state_dict.pt")
    torch.save(views(), OUT / "views.pt")
    torch.save(dtypes(), OUT / "dtypes.pt")
    torch.save(
        {
            "epoch": 3, "model_state_dict": net.state_dict(),
            "optimizer_state_dict": optimizer.state_dict(), "loss": 0.125,
            "ints": [0, 255, 256, 65535, 65536, -1, 2**31, -(2**40), 2**63 - 1],
            "flags": (True, False, None), "name": "é\n", "big": 10**30,
            "device": torch.device("cuda:1"), "size": torch.Size([2, 3]), "dtype": torch.bfloat16,
            "counter": collections.Counter("aab"), "set": {7}, "bytes": bytearray(b"\x00\xff"),
            "complex": 1 + 2j,
        },
        OUT / "tutorial.pt",
    )
    frozen = nn.Parameter(torch.ones(2), requires_grad=False)
    torch.save({"w": nn.Parameter(grid(3, 4)), "frozen": frozen}, OUT / "parameters.pt")
    parameter, tensor = nn.Parameter(torch.ones(2)), torch.ones(2)
    parameter.note, tensor.note = "a", "b"
    torch.save({"parameter": parameter, "tensor": tensor}, OUT / "attributes.pt")
    hyperparameters = {
        "ns": argparse.Namespace(lr=0.1, layers=[1, 2]), "simple": types.SimpleNamespace(a=1),
        "path": pathlib.PurePosixPath("data/mnist"), "np": numpy.float64(0.25), "npi": numpy.int64(-3),
        "array": numpy.arange(4, dtype=numpy.float32).reshape(2, 2),
        "when": datetime.datetime(2026, 1, 2, 3, 4, 5, 6), "day": datetime.date(2026, 1, 2),
        "length": datetime.timedelta(hours=1), "color": Color.RED,
        "default": collections.defaultdict(list, {"a": [1]}), "deque": collections.deque([1, 2], 5),
        "activation": nn.ReLU,
    }
    module = sys.modules.setdefault("golden", types.ModuleType("golden"))
    module.Color = Color
    torch.save({"state_dict": network().state_dict(), "hyper_parameters": hyperparameters}, OUT / "hparams.pt")
    nested = torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])
    torch.save(
        {
            "ok": torch.ones(2), "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
            "coo": torch.eye(2).to_sparse(), "csr": torch.eye(2).to_sparse_csr(),
            "meta": torch.ones(2, device="meta"), "conj": torch.ones(2, dtype=torch.complex64).conj(),
            "nested": nested,
        },
        OUT / "unusual.pt",
    )
    whole = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Linear(2, 1))
    with torch.no_grad():
        for index, parameter in enumerate(whole.parameters()):
            parameter.copy_(grid(*parameter.shape) + index)
    torch.save(whole, OUT / "whole_model.pt")
    torch.save(network().state_dict(), OUT / "protocol4.pt", pickle_protocol=4)
    torch.save(
        {
            "state_dict": network().state_dict(), "text": "x" * 300, "bytes": b"\x00\x01",
            "big": 10**700, "set": {1}, "frozenset": frozenset([2]),
        },
        OUT / "protocol5.pt", pickle_protocol=5,
    )
    torch.save(net.state_dict(), OUT / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(whole, OUT / "legacy_module.pt", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(network()), OUT / "script.pt")


class Module(lightning.LightningModule):
    """A small module whose optimizers, layers and hyperparameters the kinds of checkpoints choose."""

    def __init__(self, optimizers, net=None, **options):
        super().__init__()
        self.save_hyperparameters(ignore=["optimizers", "net"])
        self.net = net or network()
        self.choice = optimizers
        self.automatic_optimization = not options.get("manual", False)

    def training_step(self, batch, index):
        loss = self.net(batch[0]).square().mean()
        if not self.automatic_optimization:
            for optimizer in self.optimizers():
                optimizer.zero_grad()
            self.manual_backward(loss)
            for optimizer in self.optimizers():
                optimizer.step()
        return loss

    def validation_step(self, batch, index):
        self.log("val/loss", self.net(batch[0]).square().mean())

    def configure_optimizers(self):
        return self.choice(self.net)


class Data(lightning.LightningDataModule):
    def __init__(self, batch_size=2, folder="data"):
        super().__init__()
        self.save_hyperparameters()

    def train_dataloader(self):
        return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(grid(8, 3)), batch_size=2)

    def val_dataloader(self):
        return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(grid(4, 3)), batch_size=2)


def step_lr(optimizer):
    return {"optimizer": optimizer, "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)}


def scheduled(make, schedule, **options):
    def configure(net):
        optimizer = make(net.parameters())
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule(optimizer), **options}}

    return configure


def tied_network():
    net = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 3))
    net[2].weight = net[0].weight
    with torch.no_grad():
        for index, parameter in enumerate(net.parameters()):
            parameter.copy_(grid(*parameter.shape) + index)
    return net


def two_groups(net):
    net[0].bias.requires_grad = False
    return torch.optim.AdamW([{"params": net[0].parameters(), "lr": 0.1}, {"params": net[2].parameters()}], lr=0.01)


def lightning_files():
    """Checkpoints of Lightning: sixteen kinds."""
    schedules = torch.optim.lr_scheduler
    adam = lambda net: step_lr(torch.optim.Adam(net.parameters(), lr=0.01))
    plain = lambda kind, **options: lambda net: kind(net.parameters(), **options)
    kinds = {
        "lightning": dict(optimizers=adam, early=True),
        "middle": dict(optimizers=adam, checkpoint=dict(every_n_train_steps=3), epochs=1),
        "end": dict(optimizers=adam, at_end=True),
        "weights": dict(optimizers=adam, checkpoint=dict(save_weights_only=True)),
        "sgd": dict(optimizers=plain(torch.optim.SGD, lr=0.1)),
        "momentum": dict(
            optimizers=scheduled(
                lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
                lambda o: schedules.MultiStepLR(o, [1, 2])),
        ),
        "amsgrad": dict(
            optimizers=scheduled(
                lambda p: torch.optim.AdamW(p, lr=0.01, amsgrad=True),
                lambda o: schedules.CosineAnnealingLR(o, 10)),
        ),
        "rmsprop": dict(
            optimizers=scheduled(
                lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
                lambda o: schedules.OneCycleLR(o, 0.1, total_steps=20), interval="step"),
        ),
        "adagrad": dict(
            optimizers=scheduled(
                lambda p: torch.optim.Adagrad(p, lr=0.01), schedules.ReduceLROnPlateau, monitor="val/loss"),
        ),
        "adadelta": dict(optimizers=plain(torch.optim.Adadelta)),
        "adamax": dict(optimizers=plain(torch.optim.Adamax)),
        "nadam": dict(optimizers=plain(torch.optim.NAdam)),
        "lbfgs": dict(optimizers=plain(torch.optim.Rprop)),
        "manual": dict(
            optimizers=lambda net: [
                torch.optim.Adam(net[0].parameters(), lr=0.01), torch.optim.SGD(net[2].parameters(), lr=0.1)],
            options=dict(manual=True), timer=True),
        "groups": dict(optimizers=two_groups),
        "tied": dict(
            optimizers=adam, net=tied_network(),
            options=dict(width=3, nested={"a": [1, 2.5, None], "b": {"c": "text"}}, flag=True)),
    }
    kinds["rprop"] = kinds.pop("lbfgs")
    assert len(kinds) == 16
    for name, kind in kinds.items():
        with tempfile.TemporaryDirectory() as folder:
            options = dict(monitor="val/loss", save_top_k=2, save_last=True, dirpath=folder)
            if "checkpoint" in kind:
                options = dict(save_top_k=-1, dirpath=folder, **kind["checkpoint"])
            callbacks = [ModelCheckpoint(**options)]
            if kind.get("early"):
                callbacks.append(EarlyStopping("val/loss"))
            if kind.get("timer"):
                callbacks.append(Timer())
            trainer = lightning.Trainer(
                max_epochs=kind.get("epochs", 3), accelerator="cpu", logger=False, callbacks=callbacks,
                enable_progress_bar=False, enable_model_summary=False)
            module = Module(kind["optimizers"], kind.get("net"), **kind.get("options", {}))
            trainer.fit(module, Data())
            path = OUT / f"{name}.ckpt"
            if kind.get("at_end"):
                trainer.save_checkpoint(path)
            else:
                shutil.copy(sorted(pathlib.Path(folder).glob("*.ckpt"))[-1 if "checkpoint" in kind else 0], path)
            # The folder's name is a random one.
            scrub(path, folder)


def scrub(path, folder):
    content = torch.load(path, weights_only=True)
    folder = str(folder)

    def clean(value):
        if isinstance(value, str):
            return value.replace(folder, "/run")
        if isinstance(value, collections.OrderedDict):
            return value
        if isinstance(value, dict):
            return {clean(k): clean(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(clean(v) for v in value)
        return value

    buffer = io.BytesIO()
    torch.save(clean(content), buffer)
    path.write_bytes(buffer.getvalue())


def numpy_files():
    numpy.save(OUT / "float32.npy", numpy.arange(6, dtype="<f4").reshape(2, 3))
    numpy.save(OUT / "columns.npy", numpy.asfortranarray(numpy.arange(6, dtype="<i8").reshape(2, 3)))
    numpy.save(OUT / "scalar.npy", numpy.float64(2.5))
    numpy.save(OUT / "objects.npy", numpy.array([{}], dtype=object), allow_pickle=True)
    with open(OUT / "version2.npy", "wb") as file:
        numpy.lib.format.write_array(file, numpy.arange(3, dtype=">i2"), version=(2, 0))
    numpy.savez(
        OUT / "plain.npz", numpy.arange(3, dtype="<f4"),
        **{"w": numpy.ones((2, 2)), "a/b": numpy.zeros(1)})
    arrays = {
        kind: numpy.array([0, 1, 1, 2]).astype(kind)
        for kind in "?,u1,i1,<u2,>u2,<i2,<u4,<i4,>i4,<u8,<i8,<f2,<f4,>f4,<f8,>f8,<c8,>c8,<c16".split(",")
    }
    arrays["text"] = numpy.array(["a", "b"])
    arrays["strided"] = numpy.arange(24).reshape(2, 3, 4).T
    numpy.savez_compressed(OUT / "kinds.npz", **arrays)
    numpy.savez_compressed(OUT / "zeros.npz", w=numpy.zeros(1000))


def safetensors_files():
    names = """float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool uint16 uint32 uint64 complex64
        float8_e4m3fn float8_e5m2 float8_e8m0fnu float8_e4m3fnuz float8_e5m2fnuz""".split()
    tensors = {}
    for name in names:
        dtype = getattr(torch, name)
        width = dtype.itemsize
        tensors[name] = torch.arange(256, dtype=torch.uint8)[: 4 * width].clone().view(dtype) if (
            name != "bool") else torch.tensor([True, False, True, True])
    for name in ["float8_e4m3fn", "float8_e5m2", "float8_e8m0fnu", "float8_e4m3fnuz", "float8_e5m2fnuz"]:
        tensors[name] = torch.arange(256, dtype=torch.uint8).view(getattr(torch, name))
    tensors["float4"] = torch.arange(4, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
    save_file(tensors, OUT / "dtypes.safetensors", metadata={"format": "pt"})
    wide = {n: t.to(torch.float32) for n, t in tensors.items() if n.startswith("float8")}
    save_file(wide, OUT / "widened.safetensors")
    folder = OUT / "sharded"
    folder.mkdir(exist_ok=True)
    shards = [
        {"a.weight": torch.arange(6.0).reshape(2, 3)},
        {"b.weight": torch.arange(4.0), "c": torch.tensor(7)},
    ]
    places = {}
    for number, shard in enumerate(shards, 1):
        name = f"model-0000{number}-of-00002.safetensors"
        save_file(shard, folder / name)
        places.update({key: name for key in shard})
    index = {"metadata": {"total_size": 48}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


def told(dtype, shape, data):
    return f"{dtype} {list(shape)} {zlib.crc32(data)}"


def tensor_text(tensor):
    tensor = tensor.detach().contiguous()
    data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
    return told(str(tensor.dtype).removeprefix("torch."), tensor.shape, data)


def flatten(value, path, found):
    if isinstance(value, torch.Tensor):
        if type(value) in (torch.Tensor, nn.Parameter) and value.layout == torch.strided:
            if not (value.is_quantized or value.is_meta or value.is_conj() or value.is_nested):
                found[path] = tensor_text(value)
    elif isinstance(value, (bool, float, str, type(None))) or isinstance(value, int) and abs(value) < 2**63:
        # Numbers as texts, so that no reader of JSON rounds them.
        found[path] = value if isinstance(value, (bool, str, type(None))) else {"number": repr(value)}
    elif isinstance(value, dict) and not isinstance(value, collections.defaultdict):
        for key, member in value.items():
            flatten(member, f"{path} > {key}" if path else str(key), found)
    elif type(value) in (list, tuple, torch.Size):
        for index, member in enumerate(value):
            flatten(member, f"{path} > {index}" if path else str(index), found)


def expected():
    import safetensors

    result = {}
    for path in sorted(OUT.rglob("*.*")):
        found, name = {}, str(path.relative_to(OUT))
        if path.suffix in (".pt", ".ckpt") and name != "script.pt":
            content = torch.load(path, weights_only=False)
            if isinstance(content, nn.Module):
                content = content.state_dict()
            flatten(content, "", found)
        elif path.suffix == ".npy" and name != "objects.npy":
            array = numpy.load(path)
            native = array.astype(array.dtype.newbyteorder("<"))
            found["tensor"] = told(native.dtype.name, array.shape, native.tobytes("C"))
        elif path.suffix == ".npz":
            for key, array in numpy.load(path).items():
                if array.dtype.kind != "U":
                    native = array.astype(array.dtype.newbyteorder("<"))
                    found[key] = told(native.dtype.name, array.shape, native.tobytes("C"))
        elif path.suffix == ".safetensors":
            with safetensors.safe_open(path, "pt") as file:
                # Two floats of 4 bits are one element in torch, and two in the file.
                for key in sorted(set(file.keys()) - {"float4"}):
                    found[key] = tensor_text(file.get_tensor(key))
        if found:
            result[name] = found
    text = json.dumps(result, indent=0, ensure_ascii=False)
    (OUT / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    torch_files()
    lightning_files()
    numpy_files()
    safetensors_files()
    expected()
