"""Runs as the stock protos decode them: one entry for each value, in plain numbers, to compare writers by."""

import io
import json
import pathlib
import wave
import zlib

import numpy as np
from google.protobuf import json_format, text_format
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto import config_pb2, event_pb2, graph_pb2, types_pb2
from tensorboard.plugins.audio import plugin_data_pb2 as audio_pb2
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import plugin_data_pb2 as hparams_pb2
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_pb2
from tensorboard.plugins.pr_curve import plugin_data_pb2 as pr_curve_pb2
from tensorboard.plugins.projector import projector_config_pb2

PLUGIN_MESSAGES = {
    "audio": audio_pb2.AudioPluginData, "hparams": hparams_pb2.HParamsPluginData,
    "mesh": mesh_pb2.MeshPluginData, "pr_curves": pr_curve_pb2.PrCurvePluginData,
}


def plain(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def number(x):
    """A float that survives JSON: NaN and infinities as text."""
    x = float(x)
    return x if np.isfinite(x) else str(x)


def numbers(values):
    return [number(x) for x in values]


def picture(data):
    """Size, mode and the CRC-32 of the RGBA pixels of all frames."""
    image = Image.open(io.BytesIO(data))
    frames = getattr(image, "n_frames", 1)
    crc = 0
    for k in range(frames):
        image.seek(k)
        crc = zlib.crc32(image.convert("RGBA").tobytes(), crc)
    image.seek(0)
    return {"format": image.format, "mode": image.mode, "size": list(image.size), "frames": frames, "rgba": crc}


def sound(data):
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return {"channels": file.getnchannels(), "bytes": file.getsampwidth(), "rate": file.getframerate(),
                "samples": samples.tolist()}


def tensor(message, plugin):
    found = {"dtype": types_pb2.DataType.Name(message.dtype),
             "shape": [d.size for d in message.tensor_shape.dim] if message.HasField("tensor_shape") else None}
    if plugin == "custom_scalars":
        found["layouts"] = [plain(layout_pb2.Layout.FromString(s)) for s in message.string_val]
    elif message.string_val:
        found["texts"] = [s.decode() for s in message.string_val]
    else:
        values = message.float_val or message.double_val or message.int64_val or message.int_val
        found["values"] = numbers(values) if values else numbers(np.frombuffer(message.tensor_content, np.float32))
    return found


def value(v):
    """The content of one summary value."""
    data = v.metadata.plugin_data
    found = {"tag": v.tag, "plugin": data.plugin_name, "data_class": v.metadata.data_class,
             "title": v.metadata.display_name, "description": v.metadata.summary_description,
             "kind": v.WhichOneof("value")}
    if data.content:
        found["content"] = plain(PLUGIN_MESSAGES[data.plugin_name].FromString(data.content))
    if found["kind"] == "simple_value":
        found["value"] = number(v.simple_value)
    elif found["kind"] == "tensor":
        found.update(tensor(v.tensor, data.plugin_name))
    elif found["kind"] == "histo":
        h = v.histo
        found["histogram"] = {"min": number(h.min), "max": number(h.max), "num": h.num, "sum": number(h.sum),
                              "sum_squares": number(h.sum_squares), "limits": numbers(h.bucket_limit),
                              "counts": numbers(h.bucket)}
    elif found["kind"] == "image":
        found.update(width=v.image.width, height=v.image.height, colorspace=v.image.colorspace,
                     picture=picture(v.image.encoded_image_string))
    elif found["kind"] == "audio":
        a = v.audio
        found.update(rate=a.sample_rate, channels=a.num_channels, frames=a.length_frames, type=a.content_type,
                     sound=sound(a.encoded_audio_string))
    return found


def graph(data):
    message = graph_pb2.GraphDef.FromString(data)
    return {"kind": "graph", "versions": plain(message.versions),
            "nodes": sorted((plain(node) for node in message.node), key=lambda node: node["name"])}


def entries(event):
    """The values of an event, each with the event's step and time."""
    what = event.WhichOneof("what")
    if what == "summary":
        found = [value(v) for v in event.summary.value]
    elif what == "graph_def":
        found = [graph(event.graph_def)]
    elif what == "tagged_run_metadata":
        metadata = config_pb2.RunMetadata.FromString(event.tagged_run_metadata.run_metadata)
        found = [{"kind": what, "tag": event.tagged_run_metadata.tag, "metadata": plain(metadata)}]
    elif what == "session_log":
        found = [{"kind": what, "status": event.session_log.status}]
    elif what == "file_version":
        found = [{"kind": what, "version": event.file_version, "writer": event.source_metadata.writer}]
    else:
        raise AssertionError(f"an event of the kind {what}")
    return [{"step": event.step, "wall": event.wall_time, **entry} for entry in found]


def runs(folder):
    """{run: [entry]} of all event files below a folder, each run's files in the order of their names."""
    folder = pathlib.Path(folder)
    found = {}
    for path in sorted(folder.rglob("*tfevents*")):
        run = str(path.parent.relative_to(folder))
        for record in RawEventFileLoader(str(path)).Load():
            found.setdefault(run, []).extend(entries(event_pb2.Event.FromString(record)))
    return found


def embeddings(folder):
    """The Projector's data below a run's folder: tensors, metadata and sprites of each embedding."""
    folder = pathlib.Path(folder)
    config = text_format.Parse((folder / "projector_config.pbtxt").read_text(), projector_config_pb2.ProjectorConfig())
    found = {}
    for embedding in config.embeddings:
        rows = [line.split("\t") for line in (folder / embedding.tensor_path).read_text().splitlines()]
        entry = {"tensor_path": embedding.tensor_path, "metadata_path": embedding.metadata_path,
                 "rows": [[float(np.float32(x)) for x in row] for row in rows]}
        if embedding.metadata_path:
            entry["metadata"] = (folder / embedding.metadata_path).read_text()
        if embedding.sprite.image_path:
            entry["sprite_path"] = embedding.sprite.image_path
            entry["sprite_size"] = list(embedding.sprite.single_image_dim)
            entry["sprite"] = picture((folder / embedding.sprite.image_path).read_bytes())
        found[embedding.tensor_name] = entry
    return found


def line(entry):
    return json.dumps(entry, sort_keys=True, ensure_ascii=False)
