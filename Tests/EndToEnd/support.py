"""Shared by the end-to-end tests: the release programs, real MNIST, a finished run, stock TensorBoard."""

import contextlib
import dataclasses
import functools
import gzip
import io
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto import event_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "Tests" / "Golden"
BIN = pathlib.Path(os.environ["LEVIN_BIN"])
MNIST = pathlib.Path(os.environ.get("LEVIN_MNIST") or ROOT)
SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="levin-e2e-"))


def clean_environment(**extra):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LEVIN_") and k != "NO_COLOR"}
    env["LEVIN_MNIST"] = str(MNIST)
    env.update(extra)
    return env


def program(name, *arguments, folder, check=True, timeout=300, **extra_environment):
    """Runs a release program in `folder`; returns the finished process with its output as text."""
    done = subprocess.run(
        [BIN / name, *map(str, arguments)], cwd=folder, env=clean_environment(**extra_environment),
        capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(
            f"{name} {' '.join(map(str, arguments))} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def fresh_folder(name):
    """A new, empty folder; `name` tells which test left it."""
    return pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-", dir=SCRATCH))


@dataclasses.dataclass
class Run:
    """A finished run: its folder and what the program printed."""

    folder: pathlib.Path
    output: str

    @property
    def version(self):
        return self.folder / "lightning_logs" / "version_0"


@functools.cache
def digits_run():
    """One run of `digits`, in an empty folder, which several tests inspect."""
    folder = fresh_folder("digits")
    done = program("digits", folder=folder)
    return Run(folder, done.stdout + done.stderr)


@functools.cache
def every_kind():
    """A log folder with one run, "run", that holds every kind of value that Levin writes."""
    folder = fresh_folder("every-kind")
    program("levin-bench", "summaries", folder / "run", folder=folder)
    return folder


# MNIST read with numpy, independently of our own readers.

def idx(name, header):
    for path in (MNIST / f"{name}.gz", MNIST / "MNIST" / "raw" / f"{name}.gz"):
        if path.exists():
            return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8)[header:]
    raise AssertionError(f"no {name}.gz below {MNIST}; set LEVIN_MNIST to a folder with the real files")


@functools.cache
def mnist(part):
    """Images [n, 28, 28] and labels [n] of "train" or "t10k", as bytes."""
    return idx(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28), idx(f"{part}-labels-idx1-ubyte", 8)


def split_order():
    """torch.randperm(60000) of a generator seeded with 42, by numpy's own MT19937."""
    twister = np.random.RandomState(42)
    order = np.arange(60000)
    # legacy_seeding equals torch's, so numpy's 32-bit draws are torch's
    draws = twister.randint(0, 2**32, size=59999, dtype=np.uint32)
    for i, draw in enumerate(draws):
        j = i + int(draw) % (60000 - i)
        order[i], order[j] = order[j], order[i]
    return order


# Event files, by the stock protos.

def events(run_folder):
    """All events of a run folder's files in the order of their names."""
    found = []
    for path in sorted(run_folder.glob("*tfevents*")):
        for record in RawEventFileLoader(str(path)).Load():
            found.append(event_pb2.Event.FromString(record))
    return found


def scalars(run_folder):
    """{tag: [(step, value)]}"""
    points = {}
    for event in events(run_folder):
        for value in event.summary.value:
            if value.WhichOneof("value") == "simple_value":
                points.setdefault(value.tag, []).append((event.step, value.simple_value))
    return points


def texts(run_folder):
    """{tag: [(step, text)]}"""
    found = {}
    for event in events(run_folder):
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "text":
                text = value.tensor.string_val[0].decode()
                found.setdefault(value.tag, []).append((event.step, text))
    return found


def images(run_folder):
    """{tag: [(step, PIL image)]}"""
    found = {}
    for event in events(run_folder):
        for value in event.summary.value:
            if value.WhichOneof("value") == "image":
                picture = Image.open(io.BytesIO(value.image.encoded_image_string))
                picture.load()
                found.setdefault(value.tag, []).append((event.step, picture))
    return found


# What the tutorial's log calls must have written, worked out in numpy.

def label_text(labels):
    """str() of an int64 tensor of one-digit labels, as PyTorch prints it."""
    lines = [", ".join(str(int(x)) for x in labels[i:i + 24]) for i in range(0, len(labels), 24)]
    return "tensor([" + (",\n" + " " * 8).join(lines) + "])"


def grid_pixels(batch):
    """torchvision's make_grid of bytes [n, 28, 28] normalized to [-1, 1], through torch's image writer: [h, w] bytes."""
    x = (batch.astype(np.float32) / np.float32(255) - np.float32(0.5)) / np.float32(0.5)
    rows = (len(x) + 7) // 8
    grid = np.zeros((rows * 30 + 2, 8 * 30 + 2), np.float32)
    for k, image in enumerate(x):
        top, left = (k // 8) * 30 + 2, (k % 8) * 30 + 2
        grid[top:top + 28, left:left + 28] = image
    return np.clip(grid * np.float32(255), 0, 255).astype(np.uint8)


# Stock TensorBoard.

@contextlib.contextmanager
def tensorboard(logdir, *options):
    """Stock TensorBoard on loopback over `logdir`; returns its base URL once it lists a run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = open(SCRATCH / f"tensorboard-{port}.log", "w+")
    server = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", str(port), "--host", "127.0.0.1",
         "--reload_interval", "1", *options], stdout=log, stderr=subprocess.STDOUT)
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                if get(base, "/data/runs"):
                    break
            except (urllib.error.URLError, ConnectionError):
                pass
            if time.monotonic() > deadline or server.poll() is not None:
                log.seek(0)
                raise AssertionError("TensorBoard did not start:\n" + log.read())
            time.sleep(0.3)
        time.sleep(2)
        yield base
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def get(base, path, **query):
    """A GET; JSON where the answer is JSON, else bytes."""
    url = base + path + ("?" + urllib.parse.urlencode(query) if query else "")
    with urllib.request.urlopen(url, timeout=20) as answer:
        body = answer.read()
        return json.loads(body) if "json" in answer.headers.get("Content-Type", "") else body


def version_of_file_name(name):
    return re.fullmatch(r"events\.out\.tfevents\.(\d{10})\.(.+)\.(\d+)\.(\d+)", name)
