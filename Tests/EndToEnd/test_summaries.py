"""Every kind of value that SummaryWriter writes, compared with what PyTorch's writer makes of the same inputs."""

import io
import json
import math
import unittest

import numpy as np
from PIL import Image

import decoding
import support

GOLDEN = support.GOLDEN / "summaries" / "torch.jsonl"
FIRST = 1_700_000_000.0

# Gray pictures stay gray here, with the same pixels; PyTorch stores them as RGB.
GRAY = {"image/hw", "image/float gray", "image/batch nchw"}
# Values that PyTorch's writer does not write at all.
OWN = {"described", "video/ramps", "video/gray", "video/colors"}


def gray(height, width, shift=0):
    y, x = np.mgrid[0:height, 0:width]
    return ((x * 3 + y * 5 + 7 * shift) % 256).astype(np.uint8)


def by_tag(entries):
    found = {}
    for entry in entries:
        found.setdefault((entry["kind"], entry.get("tag")), []).append(entry)
    return found


class Summaries(unittest.TestCase):
    maxDiff = 5000

    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("summaries") / "run"
        support.program("levin-bench", "summaries", cls.folder, folder=cls.folder.parent)
        cls.runs = decoding.runs(cls.folder)
        golden = [json.loads(line) for line in GOLDEN.read_text().splitlines()]
        cls.embeddings = {entry.pop("embedding"): entry for entry in golden if "embedding" in entry}
        cls.expected = {}
        for entry in golden:
            if "run" in entry:
                cls.expected.setdefault(entry.pop("run"), []).append(entry)

    def expected_here(self, entry):
        """The expected entry for one of PyTorch's writer: the same, except for intended differences."""
        entry = json.loads(json.dumps(entry))
        if entry.get("tag") in GRAY:
            entry["colorspace"] = 1
            entry["picture"]["mode"] = "L"
        # The data class and the sound's encoding, which TensorBoard's data server relies on.
        if entry["kind"] == "tensor" and entry["plugin"] == "scalars":
            entry["data_class"] = 1
        if entry["kind"] == "audio":
            entry.update(plugin="audio", data_class=3, content={"encoding": "WAV"})
        # Booleans stay booleans.
        content = entry.get("content", {})
        for info in content.get("experiment", {}).get("hparam_infos", []):
            if info["name"] == "nesterov":
                info["type"] = "DATA_TYPE_BOOL"
        if "session_start_info" in content:
            content["session_start_info"]["hparams"]["nesterov"] = True
        return entry

    def assertEntry(self, found, expected):
        found, expected = dict(found), self.expected_here(expected)
        if expected["wall"] is None:
            found["wall"] = None
        if expected["kind"] == "histo":
            found["histogram"], expected["histogram"] = dict(found["histogram"]), dict(expected["histogram"])
            for name in ("sum", "sum_squares"):
                # numpy adds in another order
                ours, theirs = (float(e["histogram"].pop(name)) for e in (found, expected))
                self.assertTrue(math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12) or ours != ours and theirs != theirs,
                                f"{expected['tag']} {name}: {ours} and {theirs}")
        self.assertEqual(found, expected)

    def test_runs(self):
        self.assertEqual(set(self.runs), set(self.expected))

    def test_file_heads(self):
        for run, entries in self.runs.items():
            self.assertEqual([e["kind"] for e in entries[:2]], ["file_version", "session_log"], run)
            self.assertEqual((entries[0]["version"], entries[1]["step"], entries[1]["status"]), ("brain.Event:2", 0, 1))

    def test_every_value_is_pytorch_s(self):
        for run, expected in self.expected.items():
            found, expected = by_tag(self.runs[run][2:]), by_tag(expected)
            self.assertEqual({key for key in found if key[1] not in OWN}, set(expected), run)
            for key, entries in expected.items():
                with self.subTest(run=run, tag=key):
                    self.assertEqual(len(found[key]), len(entries))
                    for ours, theirs in zip(found[key], entries):
                        self.assertEntry(ours, theirs)

    def test_traced_graph(self):
        folder = support.fresh_folder("traced")
        support.program("levin-bench", "summaries", folder, "--traced", folder=folder)
        (graph,) = [e for e in decoding.runs(folder)["."] if e["kind"] == "graph"]
        found = {}
        for node in graph["nodes"]:
            (shape,) = node["attr"]["_output_shapes"]["list"]["shape"]
            self.assertEqual(node["attr"]["T"], {"type": "DT_FLOAT"})
            found[node["name"]] = (node["op"], node.get("input", []), [int(d["size"]) for d in shape["dim"]])
        first, relu, last = (f"Sequential/{layer}" for layer in ("Linear[0]", "ReLU[1]", "Linear[2]"))
        self.assertEqual(found, {
            "input/input": ("IO Node", [], [1, 4]),
            f"{first}/weight/weight": ("parameter", [], [8, 4]), f"{first}/bias/bias": ("parameter", [], [8]),
            f"{first}/linear": ("linear", ["input/input", f"{first}/weight/weight", f"{first}/bias/bias"], [1, 8]),
            f"{relu}/relu": ("relu", [f"{first}/linear"], [1, 8]),
            f"{last}/weight/weight": ("parameter", [], [2, 8]), f"{last}/bias/bias": ("parameter", [], [2]),
            f"{last}/linear": ("linear", [f"{relu}/relu", f"{last}/weight/weight", f"{last}/bias/bias"], [1, 2]),
            "output/output": ("IO Node", [f"{last}/linear"], [1, 2])})

    def test_embeddings(self):
        self.assertEqual(decoding.embeddings(self.folder), self.embeddings)

    def test_title_and_description(self):
        (entry,) = by_tag(self.runs["."])["simple_value", "described"]
        self.assertEqual((entry["title"], entry["description"], entry["plugin"], entry["data_class"]),
                         ("A title", "What *it* is", "scalars", 1))

    def test_videos(self):
        pictures = {}
        for event in support.events(self.folder):
            for value in event.summary.value:
                if value.tag.startswith("video/"):
                    pictures[value.tag] = Image.open(io.BytesIO(value.image.encoded_image_string))
        ramps = [np.stack([gray(24, 32, k + j) for j in (0, 11, 23)], -1) for k in range(6)]
        grays = [np.repeat(gray(28, 28, k)[..., None], 3, -1) for k in range(4)]
        y, x = np.mgrid[0:24, 0:32]
        colors = [np.stack([y * 10, x * 8, np.full_like(x, k * 50)], -1) for k in range(5)]
        for tag, frames, farthest in (("video/ramps", ramps, 0), ("video/gray", grays, 0), ("video/colors", colors, 12)):
            gif = pictures[tag]
            self.assertEqual((gif.format, gif.n_frames, gif.info["duration"], gif.info["loop"]), ("GIF", len(frames), 100, 0))
            for k, frame in enumerate(frames):
                gif.seek(k)
                away = np.abs(np.asarray(gif.convert("RGB")).astype(int) - frame.astype(int))
                self.assertLessEqual(away.max(), farthest, f"{tag}, frame {k}")


if __name__ == "__main__":
    unittest.main()
