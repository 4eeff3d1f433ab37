#!/usr/bin/env python3
"""Makes Tests/Golden/events: event files of the stock writers, and their content according to the stock protos.

usage: make_events.py [FOLDER]        (needs torch, tensorboard, tensorboardX, lightning, numpy, pillow)

One folder per writer; `expected.json` holds, per file, one entry per record as the stock protos decode it. Bytes are given
by length and CRC-32, pixels by the CRC-32 of what Pillow decodes, values as their shortest decimal.
"""
import io
import json
import logging
import os
import pathlib
import shutil
import struct
import sys
import time
import warnings
import zlib

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Tests" / "Golden" / "events")
NOW = 1_700_000_000.0

ramp = np.arange(3 * 6 * 8, dtype=np.uint8).reshape(3, 6, 8)
values = np.linspace(-2, 3, 41) ** 3


def torch_writer():
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(OUT / "torch", purge_step=0) as w:
        for step in range(12):
            w.add_scalar("train/loss", 2.5 / (step + 1), step, walltime=NOW + step)
            w.add_scalar("val/acc", 1 - 0.5 / (step + 1), step, walltime=NOW + step, new_style=True)
            w.add_scalar("exact", 1 / (step + 3), step, walltime=NOW + step, new_style=True, double_precision=True)
        w.add_scalar("odd", float("nan"), 0, walltime=NOW)
        w.add_scalar("odd", float("inf"), 1, walltime=NOW)
        w.add_scalar("odd", -1.5, -7, walltime=NOW)
        w.add_scalar("späße/日本", 1e-30, 2**40, walltime=NOW)
        w.add_image("picture", ramp, 3, walltime=NOW)
        w.add_image("gray", ramp[:1], 4, walltime=NOW)
        w.add_images("several", np.stack([ramp, ramp[::-1]]), 5, walltime=NOW)
        w.add_text("preds", "tensor([7, 2, 1, 0])", 2, walltime=NOW)
        w.add_text("preds", "| a | b |\n|---|---|\n| 1 | ü |", 3, walltime=NOW)
        w.add_histogram("weights", values, 6, walltime=NOW)
        w.add_histogram("weights", values * 2, 7, bins="auto", walltime=NOW)
        w.add_audio("tone", torch.sin(torch.arange(80) / 5)[None], 8, sample_rate=8000, walltime=NOW)
        w.add_pr_curve("pr", np.array([0, 1, 1, 0, 1]), np.array([0.1, 0.8, 0.6, 0.4, 0.9]), 9, num_thresholds=5, walltime=NOW)
        w.add_mesh("mesh", torch.arange(18, dtype=torch.float32).reshape(1, 6, 3), global_step=1, walltime=NOW)
        w.add_custom_scalars({"all": {"loss": ["Multiline", ["train/loss", "val/loss"]]}})
        w.add_tensor("tensor", torch.arange(6, dtype=torch.float32).reshape(2, 3), 1, walltime=NOW)
        w.add_hparams({"lr": 0.01, "batch_size": 64, "net": "mlp", "nesterov": True}, {"hparam/acc": 0.9}, run_name="hp")
        net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU())
        w.add_graph(net, torch.zeros(2, 4))


def torch_resumed():
    from torch.utils.tensorboard import SummaryWriter

    for start, end in ((0, 10), (5, 8)):
        with SummaryWriter(OUT / "resumed", purge_step=start, filename_suffix=f".{start}") as w:
            for step in range(start, end):
                w.add_scalar("x", step + start / 100, step, walltime=NOW + 100 * start + step)
                if start == 0:
                    w.add_scalar("y", step, step, walltime=NOW + step)


def tensorboardx_writer():
    from tensorboardX import SummaryWriter

    w = SummaryWriter(str(OUT / "tensorboardX"))
    for step in range(5):
        w.add_scalar("loss", 1 / (step + 1), step, walltime=NOW + step)
    w.add_scalar("named", 3.25, 1, walltime=NOW, display_name="Named", summary_description="with *words*")
    w.add_image("picture", ramp, 2, walltime=NOW)
    w.add_text("note", "from tensorboardX", 1, walltime=NOW)
    w.add_histogram("weights", values, 3, walltime=NOW)
    w.add_hparams({"lr": 0.5, "flag": False, "name": "x"}, {"m": 1.0}, name="hp")
    w.close()


def tensorflow_style():
    """What TensorFlow's tf.summary writes: only tensors, made with TensorBoard's own functions."""
    from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
    from tensorboard.plugins.histogram import metadata as histogram_metadata
    from tensorboard.plugins.image import metadata as image_metadata
    from tensorboard.plugins.scalar import metadata as scalar_metadata
    from tensorboard.plugins.text import metadata as text_metadata
    from tensorboard.summary.writer.record_writer import RecordWriter

    def tensor(array):
        array = np.asarray(array)
        shape = tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=n) for n in array.shape])
        if array.dtype.kind in "SO":
            return tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=shape, string_val=array.reshape(-1).tolist())
        dtype = {"f4": types_pb2.DT_FLOAT, "f8": types_pb2.DT_DOUBLE, "i8": types_pb2.DT_INT64, "i4": types_pb2.DT_INT32,
                 "f2": types_pb2.DT_HALF, "u1": types_pb2.DT_UINT8, "b1": types_pb2.DT_BOOL}[array.dtype.str[1:]]
        return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape, tensor_content=array.tobytes())

    def png(array):
        out = io.BytesIO()
        Image.fromarray(array).save(out, "PNG")
        return out.getvalue()

    folder = OUT / "tensorflow"
    folder.mkdir(parents=True)
    seen = set()
    with open(folder / "events.out.tfevents.1700000000.golden.1.0.v2", "wb") as f:
        writer = RecordWriter(f)
        writer.write(event_pb2.Event(wall_time=NOW, file_version="brain.Event:2").SerializeToString())

        def write(step, *items):
            event = event_pb2.Event(wall_time=NOW + step, step=step)
            for tag, metadata, value in items:
                v = event.summary.value.add(tag=tag)
                v.tensor.CopyFrom(value)
                if tag not in seen and metadata is not None:
                    v.metadata.CopyFrom(metadata)
                    seen.add(tag)
            writer.write(event.SerializeToString())

        scalar = scalar_metadata.create_summary_metadata("Loss", "falls")
        for step in range(6):
            write(step, ("epoch_loss", scalar, tensor(np.float32(1 / (step + 1)))))
        double = scalar_metadata.create_summary_metadata(None, None)
        write(1, ("double", double, tensor(np.float64(1 / 3))))
        write(2, ("double", double, tensor_pb2.TensorProto(dtype=types_pb2.DT_DOUBLE, double_val=[0.1])))
        write(2, ("both/a", double, tensor(np.float32(2))), ("both/b", double, tensor(np.float32(3))))
        rgb = np.ascontiguousarray(np.moveaxis(ramp, 0, -1))
        write(3, ("pictures", image_metadata.create_summary_metadata(None, "two"),
                  tensor(np.array([b"8", b"6", png(rgb), png(rgb[:, :, 0])], dtype=object))))
        histogram = histogram_metadata.create_summary_metadata(None, None)
        write(4, ("spread", histogram, tensor(np.array([[-1, 0, 3], [0, 1, 4], [1, 2.5, 1]], dtype=np.float64))))
        text = text_metadata.create_summary_metadata("Notes", None)
        write(5, ("notes", text, tensor(np.array(b"plain **text**", dtype=object))))
        write(6, ("notes", text, tensor(np.array([[b"a", b"b"], [b"1", b"\xc3\xbc"]], dtype=object))))
        for name, array in (("int64", np.array([-5, 2**40])), ("int32", np.array([-7, 7], np.int32)),
                            ("half", np.array([0.1, -65504, np.inf, 6e-8], np.float16)),
                            ("uint8", np.array([0, 255], np.uint8)), ("bool", np.array([True, False]))):
            write(7, ("types/" + name, None, tensor(array)))
        session = event_pb2.Event(wall_time=NOW + 8, step=8)
        session.session_log.status = event_pb2.SessionLog.CHECKPOINT
        session.session_log.checkpoint_path = "/tmp/model.ckpt"
        writer.write(session.SerializeToString())
        log = event_pb2.Event(wall_time=NOW + 8)
        log.log_message.level = event_pb2.LogMessage.WARN
        log.log_message.message = "careful"
        writer.write(log.SerializeToString())


def lightning_run():
    import lightning.pytorch as pl
    import torch
    from lightning.pytorch.loggers import TensorBoardLogger

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Model(pl.LightningModule):
        def __init__(self, learning_rate=0.1, width=4, name="tiny"):
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(4, 2)

        def training_step(self, batch, index):
            loss = self.layer(batch).square().mean()
            self.log("train/loss", loss)
            if index == 0:
                writer = self.logger.experiment
                writer.add_text("train/preds", str(self.layer(batch).argmax(1)), self.current_epoch)
                writer.add_image("train/inputs", batch[:3, :].repeat_interleave(4).reshape(3, 4, 4), self.current_epoch)
            return loss

        def validation_step(self, batch, index):
            self.log("val/loss", self.layer(batch).square().mean())

        def test_step(self, batch, index):
            self.log("test/loss", self.layer(batch).square().mean())

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.hparams.learning_rate)

    for version, rate in ((0, 0.1), (1, 0.2)):
        pl.seed_everything(version)
        data = torch.rand(32, 4)
        loader = torch.utils.data.DataLoader(data, batch_size=4)
        trainer = pl.Trainer(
            max_epochs=3, accelerator="cpu", log_every_n_steps=2, enable_progress_bar=False, enable_model_summary=False,
            logger=TensorBoardLogger(OUT, name="lightning", version=version))
        trainer.fit(Model(learning_rate=rate), loader, loader)
        trainer.test(trainer.model, loader, verbose=False)
        for checkpoint in (OUT / "lightning").glob("version_*/checkpoints/*.ckpt"):
            checkpoint.write_bytes(b"")  # only the name matters here


def rename_files():
    """Removes host and process from the names, and keeps their order."""
    for folder in sorted({p.parent for p in OUT.rglob("*tfevents*")}):
        for number, path in enumerate(sorted(folder.glob("*tfevents*"))):
            os.rename(path, folder / f"events.out.tfevents.17000000{number:02d}.golden.1.{number}")


def crc(data):
    return {"bytes": len(data), "crc32": zlib.crc32(data)}


def number(x):
    return repr(float(x))


def describe_tensor(t):
    from tensorboard.compat.proto import types_pb2
    from tensorboard.util import tensor_util

    out = {"dtype": t.dtype, "shape": [d.size for d in t.tensor_shape.dim]}
    if t.dtype == types_pb2.DT_STRING:
        out["strings"] = [crc(s) for s in t.string_val]
    else:
        out["numbers"] = [number(x) for x in tensor_util.make_ndarray(t).reshape(-1)]
    return out


def describe_image(width, height, data):
    image = Image.open(io.BytesIO(data))
    rgba = image.convert("RGBA").tobytes()
    return {"width": width, "height": height, "format": image.format.lower(), "rgba": zlib.crc32(rgba), **crc(data)}


def describe_value(v):
    out = {"tag": v.tag, "kind": v.WhichOneof("value") or "none"}
    if v.HasField("metadata"):
        m = v.metadata
        out["metadata"] = {
            "plugin": m.plugin_data.plugin_name, "content": crc(m.plugin_data.content), "display_name": m.display_name,
            "description": m.summary_description, "data_class": m.data_class}
    if out["kind"] == "simple_value":
        out["value"] = number(v.simple_value)
    elif out["kind"] == "image":
        out["image"] = describe_image(v.image.width, v.image.height, v.image.encoded_image_string)
    elif out["kind"] == "histo":
        h = v.histo
        out["histogram"] = {
            "min": number(h.min), "max": number(h.max), "num": number(h.num), "sum": number(h.sum),
            "sum_squares": number(h.sum_squares), "limits": [number(x) for x in h.bucket_limit],
            "counts": [number(x) for x in h.bucket]}
    elif out["kind"] == "audio":
        a = v.audio
        out["audio"] = {"rate": number(a.sample_rate), "channels": a.num_channels, "frames": a.length_frames,
                        "type": a.content_type, **crc(a.encoded_audio_string)}
    elif out["kind"] == "tensor":
        out["tensor"] = describe_tensor(v.tensor)
    return out


def describe(event):
    out = {"wall_time": number(event.wall_time), "step": event.step, "what": event.WhichOneof("what") or "none"}
    if event.source_metadata.writer:
        out["writer"] = event.source_metadata.writer
    if event.HasField("file_version"):
        out["file_version"] = event.file_version
    elif event.HasField("summary"):
        out["values"] = [describe_value(v) for v in event.summary.value]
    elif event.HasField("graph_def"):
        out["graph"] = crc(event.graph_def)
    elif event.HasField("session_log"):
        log = event.session_log
        out["session"] = {"status": log.status, "checkpoint": log.checkpoint_path}
    elif event.HasField("tagged_run_metadata"):
        out["run_metadata"] = {"tag": event.tagged_run_metadata.tag, **crc(event.tagged_run_metadata.run_metadata)}
    elif event.HasField("log_message"):
        out["message"] = {"level": event.log_message.level, "text": event.log_message.message}
    return out


def expected(path):
    from tensorboard.compat.proto import event_pb2

    data = path.read_bytes()
    records, place = [], 0
    while place < len(data):
        length, = struct.unpack_from("<Q", data, place)
        event = event_pb2.Event.FromString(data[place + 12:place + 12 + length])
        records.append({"offset": place, **describe(event)})
        place += 16 + length
    return records


def describe_hparams():
    """Hyperparameters according to the stock plugin's protos, for each folder that has some."""
    from tensorboard.compat.proto import event_pb2
    from tensorboard.plugins.hparams import plugin_data_pb2

    found = {}
    for path in sorted(OUT.rglob("*tfevents*")):
        data, place = path.read_bytes(), 0
        while place < len(data):
            length, = struct.unpack_from("<Q", data, place)
            event = event_pb2.Event.FromString(data[place + 12:place + 12 + length])
            place += 16 + length
            for v in event.summary.value:
                if v.metadata.plugin_data.plugin_name == "hparams":
                    content = plugin_data_pb2.HParamsPluginData.FromString(v.metadata.plugin_data.content)
                    entry = found.setdefault(str(path.parent.relative_to(OUT)), {})
                    if content.HasField("session_start_info"):
                        for name, value in content.session_start_info.hparams.items():
                            kind = value.WhichOneof("kind")
                            text = getattr(value, kind)
                            entry[name] = {kind: number(text) if kind == "number_value" else text}
    return found


def describe_graphs():
    from tensorboard.compat.proto import event_pb2, graph_pb2

    found = {}
    for path in sorted(OUT.rglob("*tfevents*")):
        data, place = path.read_bytes(), 0
        while place < len(data):
            length, = struct.unpack_from("<Q", data, place)
            event = event_pb2.Event.FromString(data[place + 12:place + 12 + length])
            place += 16 + length
            if event.HasField("graph_def"):
                graph = graph_pb2.GraphDef.FromString(event.graph_def)
                found[str(path.parent.relative_to(OUT))] = [
                    {"name": n.name, "op": n.op, "inputs": list(n.input), "device": n.device} for n in graph.node]
    return found


def main():
    warnings.simplefilter("ignore")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    torch_writer()
    torch_resumed()
    tensorboardx_writer()
    tensorflow_style()
    lightning_run()
    time.sleep(0.5)
    rename_files()
    files = {str(p.relative_to(OUT)): expected(p) for p in sorted(OUT.rglob("*tfevents*"))}
    report = {"files": files, "hyperparameters": describe_hparams(), "graphs": describe_graphs()}
    with open(OUT / "expected.json", "w") as f:
        json.dump(report, f, indent=None, separators=(",", ":"), ensure_ascii=False)
        f.write("\n")


main()
