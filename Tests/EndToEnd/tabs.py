"""Shared by the tests of TensorBoard's tabs: a run with every kind of value, its inputs, and servers for it.

Expected values come from the files, decoded with the stock protos, and from the inputs' formulas in numpy.
"""

import atexit
import contextlib
import functools
import io
import json
import unittest
import urllib.error
import urllib.parse
import urllib.request

import numpy as np
from PIL import Image

import decoding
import support
from inputs import gray

PLUGIN = "/data/plugin/"
RUN = "run"

SERVERS = contextlib.ExitStack()
atexit.register(SERVERS.close)


@functools.cache
def server(options):
    """The base URL of stock TensorBoard over the run, started once for each kind of options."""
    return SERVERS.enter_context(support.tensorboard(support.every_kind(), *options))


def rgb(height, width, shift=0):
    return np.stack([gray(height, width, shift + k) for k in (0, 11, 23)], -1)


def row_of(pictures, columns):
    """Pictures side by side, `columns` to a row, black where none is left."""
    height, width = pictures[0].shape[:2]
    grid = np.zeros((-(-len(pictures) // columns) * height, columns * width) + pictures[0].shape[2:], np.uint8)
    for k, picture in enumerate(pictures):
        top, left = k // columns * height, k % columns * width
        grid[top:top + height, left:left + width] = picture
    return grid


def float32(values):
    """float32 numbers, from JSON too, where NaN and infinities are words; bits, so that -0.0 is not 0.0."""
    with np.errstate(over="ignore"):
        found = np.array([float(x) for x in values], np.float64).astype(np.float32)
    found[np.isnan(found)] = np.nan
    return found.view(np.uint32).tolist()


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


class Tabs(unittest.TestCase):
    """Through the data server that TensorBoard starts by default."""

    options = ()
    provider = "GrpcDataProvider"
    maxDiff = 5000

    @classmethod
    def setUpClass(cls):
        logdir = support.every_kind()
        cls.runs = decoding.runs(logdir)
        cls.embeddings = decoding.embeddings(logdir / RUN)
        cls.base = server(cls.options)

    # Asking.

    def get(self, path, **query):
        return support.get(self.base, path if path.startswith("/") else PLUGIN + path, **query)

    def bytes_and_type(self, path, **query):
        url = self.base + PLUGIN + path + ("?" + urllib.parse.urlencode(query) if query else "")
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read(), answer.headers["Content-Type"]

    def post(self, path, question=None, form=None):
        data, headers = json.dumps(question).encode(), {"Content-Type": "application/json"}
        if form is not None:
            data, headers = urllib.parse.urlencode(form).encode(), {}
        request = urllib.request.Request(self.base + PLUGIN + path, data, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def assertRefused(self, status, path, **query):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.get(path, **query)
        caught.exception.close()
        self.assertEqual(caught.exception.code, status, f"{path} {query}")

    # The content of the files.

    def entries(self, run=RUN, **wanted):
        return [e for e in self.runs[run] if all(e.get(key) == value for key, value in wanted.items())]

    def by_tag(self, kind, run=RUN):
        found = {}
        for entry in self.entries(run, kind=kind):
            found.setdefault(entry["tag"], []).append(entry)
        return found

    def scalars(self, run):
        """{tag: [entry]} of both forms."""
        found = {}
        for entry in self.runs[run]:
            if entry["kind"] == "simple_value" or entry.get("plugin") == "scalars":
                found.setdefault(entry["tag"], []).append(entry)
        return found

    @staticmethod
    def number(entry):
        return entry["value"] if entry["kind"] == "simple_value" else entry["values"][0]

    def assertSeries(self, series, entries):
        self.assertEqual([(wall, step) for wall, step, _ in series], [(e["wall"], e["step"]) for e in entries])
        self.assertEqual(float32(value for *_, value in series), float32(self.number(e) for e in entries))
