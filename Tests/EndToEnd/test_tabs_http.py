"""Every kind of value that Levin writes, as stock TensorBoard's endpoints give it to the tabs: each number, each pixel.

What is expected comes from the files by the stock protos, and from the inputs' formulas in numpy.
"""

import io
import json
import math
import unittest
import urllib.error
import urllib.parse
import urllib.request
import wave

import numpy as np
from google.protobuf import text_format
from PIL import Image
from tensorboard.compat.proto import graph_pb2

import decoding
import support

PLUGIN = "/data/plugin/"
RUN = "run"
LAYOUT = [{"title": "Losses", "closed": False, "chart": [
    {"title": "both", "multiline": {"tag": ["loss/train", "loss/tensor"]}},
    {"title": "band", "margin": {"series": [
        {"value": "loss/train", "lower": "loss/tensor", "upper": "loss/train"}]}}]}]


# The inputs of `levin-bench summaries`, by their formulas.

def uniform(count, seed):
    """`count` numbers of 0…1 by a linear congruence."""
    state, found = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        found.append(state / 2**32)
    return np.array(found)


def gray(height, width, shift=0):
    y, x = np.mgrid[0:height, 0:width]
    return ((x * 3 + y * 5 + 7 * shift) % 256).astype(np.uint8)


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


SPREAD = (uniform(1000, 1) - 0.5) * 4
IMAGES = {
    "image/hw": gray(28, 28),
    "image/chw": rgb(32, 48),
    "image/hwc": rgb(32, 48, 3),
    "image/rgba": np.dstack([rgb(16, 16, 5), 255 - gray(16, 16)]),
    "image/float": np.clip((rgb(20, 20).astype(np.float32) / np.float32(200) - np.float32(0.1)) * 255, 0, 255)
                     .astype(np.uint8),
    "image/float gray": gray(20, 20),
    "image/batch nchw": row_of([gray(28, 28, k) for k in range(10)], 8),
    "image/batch nhwc": row_of([rgb(12, 20, k) for k in range(3)], 3),
}
VIDEOS = {
    "video/ramps": [rgb(24, 32, k) for k in range(6)],
    "video/gray": [np.repeat(gray(28, 28, k)[..., None], 3, -1) for k in range(4)],
}


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
        server = support.tensorboard(logdir, *cls.options)
        cls.base = server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)

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

    # What the files hold.

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

    # The whole.

    def test_provider_and_active_tabs(self):
        environment = self.get("/data/environment")
        self.assertTrue(environment["debug"]["data_provider"].startswith(self.provider))
        active = {name for name, tab in self.get("/data/plugins_listing").items() if tab["enabled"]}
        self.assertLessEqual({"scalars", "images", "text", "histograms", "distributions", "audio", "pr_curves",
                              "custom_scalars", "mesh", "graphs", "hparams", "timeseries"}, active)

    def test_runs(self):
        self.assertEqual(set(self.get("/data/runs")), {RUN, "run/group_both_a", "run/group_both_b", "run/trial"})
        self.assertEqual(set(self.get("/data/runs")), set(self.runs))

    # Scalars, Time Series.

    def test_scalars_of_all_runs(self):
        tags = self.get("scalars/tags")
        self.assertEqual(set(tags), set(self.runs))
        for run in self.runs:
            written = self.scalars(run)
            self.assertEqual(set(tags[run]), set(written))
            for tag, entries in written.items():
                with self.subTest(run=run, tag=tag):
                    self.assertSeries(self.get("scalars/scalars", run=run, tag=tag), entries)

    def test_scalars_of_both_forms_are_what_was_logged(self):
        falling = [math.exp(-k / 10) for k in range(20)]
        odd = [math.nan, math.inf, -math.inf, 1e-45, -0.0, 1e300]
        for tag, expected in (("loss/train", falling + odd), ("loss/tensor", falling[:8])):
            series = self.get("scalars/scalars", run=RUN, tag=tag)
            self.assertEqual([step for _, step, _ in series], list(range(len(expected))))
            self.assertEqual(float32(value for *_, value in series), float32(expected), tag)
        for tag, step, value in (("big step", 2**40, 0.5), ("negative step", -3, 0.5), ("unicode/Ünï ✓", 1, 1.25),
                                 ("no step", 0, 3.5)):
            self.assertEqual([e[1:] for e in self.get("scalars/scalars", run=RUN, tag=tag)], [[step, value]], tag)

    def test_scalars_of_several_runs_under_one_tag(self):
        runs = {"run/group_both_a": [0, 1, 2], "run/group_both_b": [0, 2, 4]}
        answer = self.post("scalars/scalars_multirun", form=[("tag", "group/both"), *(("runs", run) for run in runs)])
        self.assertEqual({run: [e[1:] for e in series] for run, series in answer.items()},
                         {run: [[k, v] for k, v in enumerate(values)] for run, values in runs.items()})

    def test_scalars_as_csv(self):
        lines = self.get("scalars/scalars", run=RUN, tag="loss/tensor", format="csv").decode().splitlines()
        self.assertEqual(lines[0], "Wall time,Step,Value")
        rows = [line.split(",") for line in lines[1:]]
        self.assertEqual([int(step) for _, step, _ in rows], list(range(8)))
        self.assertEqual(float32(value for *_, value in rows), float32(math.exp(-k / 10) for k in range(8)))

    def test_title_and_description(self):
        self.assertEqual(self.get("scalars/tags")[RUN]["described"],
                         {"displayName": "A title", "description": "<p>What <em>it</em> is</p>"})

    def test_time_series(self):
        tags = self.get("timeseries/tags")
        self.assertEqual({run: set(found) for run, found in tags["scalars"]["runTagInfo"].items()},
                         {run: set(self.scalars(run)) for run in self.runs})
        self.assertEqual(set(tags["images"]["tagRunSampledInfo"]), set(self.by_tag("image")))
        answers = self.post("timeseries/timeSeries", form={"requests": json.dumps([
            {"plugin": "scalars", "tag": "group/both"},
            {"plugin": "images", "tag": "image/chw", "run": RUN, "sample": 0},
            {"plugin": "histograms", "tag": "histogram/raw", "run": RUN}])})
        lines, pictures, histograms = (answer["runToSeries"] for answer in answers)
        self.assertEqual({run: [p["value"] for p in points] for run, points in lines.items()},
                         {"run/group_both_a": [0, 1, 2], "run/group_both_b": [0, 2, 4]})
        (picture,), (histogram,) = pictures[RUN], histograms[RUN]
        served = pixels(self.get("timeseries/imageData", imageId=picture["imageId"]))
        self.assertTrue((served[..., :3] == IMAGES["image/chw"]).all())
        self.assertEqual([tuple(b[k] for k in ("min", "max", "count")) for b in histogram["bins"]],
                         [(0, 1, 1), (1, 2, 2), (2, 3, 3)])

    # Images.

    def individual_image(self, tag):
        """The one picture of a tag: its step, its bytes and its type."""
        (entry,) = self.get("images/images", run=RUN, tag=tag, sample=0)
        return entry["step"], *self.bytes_and_type("images/individualImage?" + entry["query"])

    def test_images_of_all_tags(self):
        written = self.by_tag("image")
        tags = self.get("images/tags")
        self.assertEqual(set(tags), {RUN})
        self.assertEqual({tag: about["samples"] for tag, about in tags[RUN].items()}, dict.fromkeys(written, 1))
        for tag, (entry,) in written.items():
            with self.subTest(tag=tag):
                step, data, kind = self.individual_image(tag)
                self.assertEqual(step, entry["step"])
                self.assertEqual(decoding.picture(data), entry["picture"])
                self.assertEqual(kind, "image/gif" if tag.startswith("video/") else "image/png")

    def test_pixels(self):
        for tag, expected in IMAGES.items():
            with self.subTest(tag=tag):
                _, data, _ = self.individual_image(tag)
                served = pixels(data)
                self.assertEqual(served.shape[:2], expected.shape[:2])
                channels = expected if expected.ndim == 3 else np.repeat(expected[..., None], 3, -1)
                self.assertTrue((served[..., :channels.shape[-1]] == channels).all())

    def test_boxes(self):
        _, data, _ = self.individual_image("image/boxes")
        served, plain = pixels(data)[..., :3], rgb(40, 60)
        red = (served == (255, 0, 0)).all(-1)
        for left, top, right, bottom in ((5, 5, 30, 30), (20, 10, 50, 36)):
            for edge in (red[top, left:right], red[bottom, left:right], red[top:bottom, left], red[top:bottom, right]):
                self.assertTrue(edge.all())
        self.assertTrue((served[~red] == plain[~red]).all())
        self.assertLess(red.sum(), 2 * 2 * (2 * 25 + 30 + 26))

    def test_videos(self):
        for tag, frames in VIDEOS.items():
            _, data, kind = self.individual_image(tag)
            gif = Image.open(io.BytesIO(data))
            self.assertEqual((kind, gif.format, gif.n_frames), ("image/gif", "GIF", len(frames)))
            for k, frame in enumerate(frames):
                gif.seek(k)
                self.assertTrue((np.asarray(gif.convert("RGB")) == frame).all(), f"{tag}, frame {k}")

    # Text.

    def test_texts(self):
        self.assertEqual(self.get("text/tags"), {RUN: ["text/text_summary"]})
        first, second = self.get("text/text", run=RUN, tag="text/text_summary")
        self.assertEqual((first["step"], second["step"]), (0, 1))
        for wanted in ("<p>hello <em>markdown</em></p>", "<th>a</th>", "<th>b</th>", "<td>1</td>", "<td>2</td>"):
            self.assertIn(wanted, first["text"])
        self.assertIn("<p>zweite Zeile — ü</p>", second["text"])

    # Histograms, Distributions.

    def test_histograms_of_all_tags(self):
        written = self.by_tag("histo")
        self.assertEqual(set(self.get("histograms/tags")[RUN]), set(written))
        for tag, entries in written.items():
            series = self.get("histograms/histograms", run=RUN, tag=tag)
            self.assertEqual([e[:2] for e in series], [[e["wall"], e["step"]] for e in entries])
            for (*_, buckets), entry in zip(series, entries):
                with self.subTest(tag=tag, step=entry["step"]):
                    self.assertBuckets(buckets, entry["histogram"])

    def assertBuckets(self, buckets, histogram):
        self.assertEqual((float32([buckets[0][0]]), float32([buckets[-1][1]])),
                         (float32([histogram["min"]]), float32([histogram["max"]])))
        # One of the readers leaves out empty buckets at the ends.
        full = [k for k, count in enumerate(histogram["counts"]) if count]
        served_full = [k for k, bucket in enumerate(buckets) if bucket[2]]
        counts = histogram["counts"][full[0]:full[-1] + 1]
        buckets = buckets[served_full[0]:served_full[-1] + 1]
        self.assertEqual([count for *_, count in buckets], counts)
        self.assertEqual(float32(right for _, right, _ in buckets[:-1]),
                         float32(histogram["limits"][full[0]:full[-1]]))
        self.assertEqual([left for left, *_ in buckets[1:]], [right for _, right, _ in buckets[:-1]])

    def test_histograms_count_every_number(self):
        for tag, numbers in (("auto", SPREAD), ("ten", SPREAD), ("most 20", SPREAD), ("auto skewed", SPREAD**3)):
            ((*_, buckets),) = self.get("histograms/histograms", run=RUN, tag=f"histogram/{tag}")
            self.assertEqual(sum(count for *_, count in buckets), 1000)
            self.assertEqual(float32([buckets[0][0], buckets[-1][1]]), float32([numbers.min(), numbers.max()]))
            for _, right, _ in buckets[:-1]:
                below = sum(count for _, r, count in buckets if r <= right)
                self.assertLessEqual(abs(below - (numbers < right).sum()), 1, f"{tag}, numbers below {right}")
        for k, (*_, buckets) in enumerate(self.get("histograms/histograms", run=RUN, tag="histogram/tensorflow")):
            self.assertEqual(sum(count for *_, count in buckets), 1000)
            self.assertEqual(float32([buckets[0][0]]), float32([SPREAD.min() * (k + 1)]))
        ((*_, buckets),) = self.get("histograms/histograms", run=RUN, tag="histogram/with nan")
        self.assertEqual(sum(count for *_, count in buckets), 3)

    def test_distributions(self):
        self.assertEqual(set(self.get("distributions/tags")[RUN]), set(self.by_tag("histo")))
        for tag, step, numbers in (("ten", 0, SPREAD), ("tensorflow", 2, SPREAD * 3)):
            series = self.get("distributions/distributions", run=RUN, tag=f"histogram/{tag}")
            (points,) = [points for _, s, points in series if s == step]
            self.assertEqual([p for p, _ in points], [0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000])
            self.assertEqual(float32([points[0][1], points[-1][1]]), float32([numbers.min(), numbers.max()]))
            for basis_points, value in points:
                # a bucket holds a tenth of the numbers, more or less, or a tenth of their range
                self.assertLess(abs((numbers < value).mean() - basis_points / 10000), 0.03, tag)

    # Audio.

    def test_audio(self):
        self.assertEqual({tag: about["samples"] for tag, about in self.get("audio/tags")[RUN].items()}, {"audio/sine": 1})
        (entry,) = self.get("audio/audio", run=RUN, tag="audio/sine", sample=0)
        self.assertEqual((entry["step"], entry["contentType"]), (0, "audio/wav"))
        data, kind = self.bytes_and_type("audio/individualAudio?" + entry["query"])
        self.assertEqual(kind, "audio/wav")
        with wave.open(io.BytesIO(data)) as file:
            self.assertEqual(file.getparams()[:4], (1, 2, 8000, 800))
            samples = np.frombuffer(file.readframes(800), "<i2").astype(int)
        sine = np.clip(1.2 * np.sin(2 * np.pi * 440 * np.arange(800) / 8000), -1, 1) * 32767
        self.assertLessEqual(np.abs(samples - sine).max(), 1)
        self.assertEqual(samples.tolist(), self.by_tag("audio")["audio/sine"][0]["sound"]["samples"])

    # PR curves.

    def curve(self, tag):
        answer = self.get("pr_curves/pr_curves", run=RUN, tag=tag)
        self.assertEqual(list(answer), [RUN])
        (curve,) = answer[RUN]
        return curve

    def test_pr_curves_of_all_tags(self):
        written = {e["tag"]: e for e in self.entries(plugin="pr_curves")}
        self.assertEqual(set(self.get("pr_curves/tags")[RUN]), set(written))
        self.assertEqual({tag for tag in written if tag.startswith("pr/classes")},
                         {f"pr/classes/class_{k}" for k in range(3)})
        rows = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")
        for tag, entry in written.items():
            with self.subTest(tag=tag):
                curve = self.curve(tag)
                tensor = np.array(entry["values"], np.float32).reshape(entry["shape"])
                # TensorBoard leaves out the thresholds at the end that nothing reaches, and makes counts whole.
                length = np.flatnonzero(tensor[0].astype(int) + tensor[1].astype(int))[-1] + 1
                self.assertGreater(length, 2)
                self.assertEqual(curve["step"], entry["step"])
                self.assertEqual(curve["thresholds"], np.linspace(0, 1, tensor.shape[1])[:length].tolist())
                for name, row in zip(rows, tensor[:, :length]):
                    if name in ("precision", "recall"):
                        self.assertEqual(float32(curve[name]), float32(row), name)
                    else:
                        self.assertEqual(curve[name], row.astype(int).tolist(), name)

    def test_precision_and_recall_of_the_inputs(self):
        predictions, scores = uniform(200, 7), uniform(300, 5).reshape(100, 3)
        classes = (uniform(100, 3) * 3).astype(int)
        cases = [("pr/eleven", 10, uniform(200, 9) < predictions, predictions)]
        cases += [(f"pr/classes/class_{k}", 8, classes == k, scores[:, k]) for k in range(3)]
        for tag, parts, labels, given in cases:
            curve = self.curve(tag)
            for k in range(len(curve["precision"])):
                # a threshold holds what lies in its bucket or above
                positive = np.floor(given * parts) >= k
                hits = (positive & labels).sum()
                self.assertAlmostEqual(curve["precision"][k], hits / positive.sum(), 6, f"{tag} {k}")
                self.assertAlmostEqual(curve["recall"][k], hits / labels.sum(), 6, f"{tag} {k}")

    # Custom scalars.

    def test_custom_scalars(self):
        self.assertEqual(self.get("custom_scalars/layout")["category"], LAYOUT)
        written = self.scalars(RUN)
        for pattern, tags in (("loss/train", {"loss/train"}), ("loss/.*", {"loss/train", "loss/tensor"}), ("none.*", set())):
            answer = self.get("custom_scalars/scalars", run=RUN, tag=pattern)
            self.assertTrue(answer["regex_valid"])
            self.assertEqual(set(answer["tag_to_events"]), tags)
            for tag, series in answer["tag_to_events"].items():
                self.assertSeries(series, written[tag])
        self.assertFalse(self.get("custom_scalars/scalars", run=RUN, tag="(")["regex_valid"])

    # Mesh.

    def mesh(self, tag, content, step, kind):
        data, _ = self.bytes_and_type("mesh/data", run=RUN, tag=tag, content_type=content, sample=0, step=step)
        return np.frombuffer(data, kind).reshape(-1, 3)

    def test_meshes(self):
        self.assertEqual(self.get("mesh/tags"),
                         {RUN: {"mesh/tetrahedron": {"samples": 1}, "mesh/cloud": {"samples": 1}}})
        parts = self.get("mesh/meshes", run=RUN, tag="mesh/tetrahedron", sample=0)
        self.assertEqual(sorted(part["content_type"] for part in parts), [1, 2, 3])
        for part in parts:
            self.assertEqual((part["step"], part["components"], part["data_shape"]), (0, 14, [1, 4, 3]))
            self.assertEqual(json.loads(part["config"]), {"camera": {"cls": "PerspectiveCamera", "fov": 75}})
        self.assertEqual(self.mesh("mesh/tetrahedron", "VERTEX", 0, "<f4").tolist(),
                         [[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]])
        self.assertEqual(self.mesh("mesh/tetrahedron", "FACE", 0, "<i4").tolist(),
                         [[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]])
        self.assertEqual(self.mesh("mesh/tetrahedron", "COLOR", 0, "u1").tolist(),
                         [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]])

    def test_point_cloud(self):
        (part,) = self.get("mesh/meshes", run=RUN, tag="mesh/cloud", sample=0)
        self.assertEqual((part["step"], part["content_type"], part["components"], part["data_shape"]), (1, 1, 2, [1, 30, 3]))
        self.assertTrue((self.mesh("mesh/cloud", "VERTEX", 1, "<f4")
                         == uniform(90, 11).astype(np.float32).reshape(30, 3)).all())

    # Graphs.

    def test_graph(self):
        about = self.get("graphs/info")
        self.assertEqual(set(about), {RUN})
        self.assertTrue(about[RUN]["run_graph"])
        self.assertTrue(about[RUN]["tags"]["step1"]["profile"])
        graph = text_format.Parse(self.get("graphs/graph", run=RUN, conceptual="false").decode(), graph_pb2.GraphDef())
        (written,) = self.entries(kind="graph")
        self.assertEqual(decoding.graph(graph.SerializeToString())["nodes"], written["nodes"])
        nodes = {node.name: node for node in graph.node}
        self.assertEqual(set(nodes), {"input/x", "output/output.1", "Net/input", *(
            f"Net/Linear[{layer}]/{name}" for layer, number, suffix in (("fc1", 31, ".1"), ("fc2", 34, ""))
            for name in (number, f"bias/bias{suffix}", f"weight/weight{suffix}"))})
        self.assertEqual((nodes["Net/input"].op, list(nodes["Net/input"].input)), ("aten::relu", ["Net/Linear[fc1]/31"]))
        (shape,) = nodes["Net/input"].attr["_output_shapes"].list.shape
        self.assertEqual([d.size for d in shape.dim], [1, 8])
        self.assertIn("CPU:0", self.get("graphs/run_metadata", run=RUN, tag="step1").decode())

    # Projector.

    def test_projector(self):
        self.assertEqual(self.get("projector/runs"), [RUN])
        points = uniform(40, 3).astype(np.float32).reshape(8, 5)
        embeddings = {e["tensorName"]: e for e in self.get("projector/info", run=RUN)["embeddings"]}
        self.assertEqual(set(embeddings), {"points/x:00002", "two columns:00003"})
        self.assertEqual(set(embeddings), set(self.embeddings))
        for name, embedding in embeddings.items():
            self.assertEqual(embedding["tensorShape"], [8, 5])
            served = np.frombuffer(self.get("projector/tensor", run=RUN, name=name), "<f4").reshape(8, 5)
            self.assertTrue((served == points).all())
            self.assertEqual(served.tolist(), self.embeddings[name]["rows"])
        metadata = {name: self.get("projector/metadata", run=RUN, name=name).decode() for name in embeddings}
        self.assertEqual(metadata["points/x:00002"].splitlines(), [f"m{k}" for k in range(8)])
        self.assertEqual(metadata["two columns:00003"].splitlines(), ["name\tindex", *(f"m{k}\t{k}" for k in range(8))])

    def test_projector_sprite(self):
        (embedding,) = [e for e in self.get("projector/info", run=RUN)["embeddings"] if "sprite" in e]
        self.assertEqual((embedding["tensorName"], embedding["sprite"]["singleImageDim"]), ("points/x:00002", [8, 8]))
        data, kind = self.bytes_and_type("projector/sprite_image", run=RUN, name="points/x:00002")
        self.assertEqual(kind, "image/png")
        self.assertTrue((pixels(data)[..., :3] == row_of([rgb(8, 8, k) for k in range(8)], 3)).all())
        self.assertRefused(400, "projector/sprite_image", run=RUN, name="two columns:00003")

    # HParams.

    def session_groups(self, *columns):
        return self.post("hparams/session_groups", {
            "experimentName": "", "startIndex": 0, "sliceSize": 10, "colParams": list(columns),
            "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]})["sessionGroups"]

    def test_hyperparameters(self):
        experiment = self.post("hparams/experiment", {"experimentName": ""})
        infos = {info["name"]: (info["type"], info.get("domainDiscrete")) for info in experiment["hparamInfos"]}
        self.assertEqual(infos, {
            "lr": ("DATA_TYPE_FLOAT64", None), "batch": ("DATA_TYPE_FLOAT64", None),
            "optimizer": ("DATA_TYPE_STRING", ["sgd", "adam"]), "nesterov": ("DATA_TYPE_BOOL", [True, False])})
        self.assertEqual({info["name"]["tag"] for info in experiment["metricInfos"]}, {"hparam/acc", "hparam/loss"})
        (group,) = self.session_groups()
        self.assertEqual(group["hparams"], {"lr": 0.1, "batch": 32, "optimizer": "sgd", "nesterov": True})
        self.assertIs(group["hparams"]["nesterov"], True)
        (session,) = group["sessions"]
        self.assertEqual((session["name"], session["status"]), ("run/trial", "STATUS_SUCCESS"))
        metrics = {v["name"]["tag"]: (v["trainingStep"], np.float32(v["value"])) for v in session["metricValues"]}
        self.assertEqual(metrics, {"hparam/acc": (7, np.float32(0.9)), "hparam/loss": (7, np.float32(0.4))})

    def test_hyperparameters_filter(self):
        for name, values, count in (("nesterov", [True], 1), ("nesterov", [False], 0), ("optimizer", ["sgd"], 1),
                                    ("optimizer", ["adam"], 0), ("optimizer", ["adam", "sgd"], 1)):
            self.assertEqual(len(self.session_groups({"hparam": name, "filterDiscrete": values})), count, (name, values))
        for least, most, count in ((0.05, 0.2, 1), (0.2, 1, 0)):
            interval = {"minValue": least, "maxValue": most}
            self.assertEqual(len(self.session_groups({"hparam": "lr", "filterInterval": interval})), count, interval)

    # What is not there.

    def test_missing_runs_and_tags(self):
        for path, tag in (("scalars/scalars", "loss/train"), ("images/images", "image/hw"), ("audio/audio", "audio/sine"),
                          ("histograms/histograms", "histogram/ten"), ("distributions/distributions", "histogram/ten")):
            self.assertRefused(404, path, run=RUN, tag="no/such", sample=0)
            self.assertRefused(404, path, run="no such", tag=tag, sample=0)
        self.assertRefused(404, "graphs/graph", run="run/trial", conceptual="false")
        # These are 400 in stock TensorBoard, or empty.
        self.assertRefused(400, "pr_curves/pr_curves", run=RUN, tag="no/such")
        self.assertRefused(400, "projector/info", run="no such")
        self.assertRefused(400, "projector/tensor", run=RUN, name="no/such")
        self.assertEqual(self.get("text/text", run=RUN, tag="no/such"), [])
        self.assertEqual(self.get("mesh/meshes", run=RUN, tag="no/such", sample=0), [])


class TabsPythonReader(Tabs):
    """The same through TensorBoard's reader in Python."""

    options = ("--load_fast=false",)
    provider = "MultiplexerDataProvider"


if __name__ == "__main__":
    unittest.main()
