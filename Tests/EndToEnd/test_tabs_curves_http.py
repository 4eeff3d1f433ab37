"""The tabs with numbers, through stock TensorBoard's endpoints: scalars, histograms, curves, each number."""

import json
import math
import unittest

import numpy as np

import inputs
import tabs

LAYOUT = [{"title": "Losses", "closed": False, "chart": [
    {"title": "both", "multiline": {"tag": ["loss/train", "loss/tensor"]}},
    {"title": "band", "margin": {"series": [
        {"value": "band/value", "lower": "band/lower", "upper": "band/upper"}]}}]}]
SPREAD = (inputs.uniform(1000, 1) - 0.5) * 4


class Curves(tabs.Tabs):
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
            series = self.get("scalars/scalars", run=tabs.RUN, tag=tag)
            self.assertEqual([step for _, step, _ in series], list(range(len(expected))))
            self.assertEqual(tabs.float32(value for *_, value in series), tabs.float32(expected), tag)
        for tag, step, value in (("big step", 2**40, 0.5), ("negative step", -3, 0.5), ("unicode/Ünï ✓", 1, 1.25),
                                 ("no step", 0, 3.5)):
            self.assertEqual([e[1:] for e in self.get("scalars/scalars", run=tabs.RUN, tag=tag)], [[step, value]], tag)

    def test_scalars_of_several_runs_under_one_tag(self):
        runs = {"run/group_both_a": [0, 1, 2], "run/group_both_b": [0, 2, 4]}
        answer = self.post("scalars/scalars_multirun", form=[("tag", "group/both"), *(("runs", run) for run in runs)])
        self.assertEqual({run: [e[1:] for e in series] for run, series in answer.items()},
                         {run: [[k, v] for k, v in enumerate(values)] for run, values in runs.items()})

    def test_scalars_as_csv(self):
        lines = self.get("scalars/scalars", run=tabs.RUN, tag="loss/tensor", format="csv").decode().splitlines()
        self.assertEqual(lines[0], "Wall time,Step,Value")
        rows = [line.split(",") for line in lines[1:]]
        self.assertEqual([int(step) for _, step, _ in rows], list(range(8)))
        self.assertEqual(tabs.float32(value for *_, value in rows), tabs.float32(math.exp(-k / 10) for k in range(8)))

    def test_title_and_description(self):
        self.assertEqual(self.get("scalars/tags")[tabs.RUN]["described"],
                         {"displayName": "A title", "description": "<p>What <em>it</em> is</p>"})

    def test_time_series(self):
        tags = self.get("timeseries/tags")
        self.assertEqual({run: set(found) for run, found in tags["scalars"]["runTagInfo"].items()},
                         {run: set(self.scalars(run)) for run in self.runs})
        self.assertEqual(set(tags["images"]["tagRunSampledInfo"]), set(self.by_tag("image")))
        answers = self.post("timeseries/timeSeries", form={"requests": json.dumps([
            {"plugin": "scalars", "tag": "group/both"},
            {"plugin": "images", "tag": "image/chw", "run": tabs.RUN, "sample": 0},
            {"plugin": "histograms", "tag": "histogram/raw", "run": tabs.RUN}])})
        lines, pictures, histograms = (answer["runToSeries"] for answer in answers)
        self.assertEqual({run: [p["value"] for p in points] for run, points in lines.items()},
                         {"run/group_both_a": [0, 1, 2], "run/group_both_b": [0, 2, 4]})
        (picture,), (histogram,) = pictures[tabs.RUN], histograms[tabs.RUN]
        served = tabs.pixels(self.get("timeseries/imageData", imageId=picture["imageId"]))
        self.assertTrue((served[..., :3] == tabs.rgb(32, 48)).all())
        self.assertEqual([tuple(b[k] for k in ("min", "max", "count")) for b in histogram["bins"]],
                         [(0, 1, 1), (1, 2, 2), (2, 3, 3)])

    # Histograms, Distributions.

    def test_histograms_of_all_tags(self):
        written = self.by_tag("histo")
        self.assertEqual(set(self.get("histograms/tags")[tabs.RUN]), set(written))
        for tag, entries in written.items():
            series = self.get("histograms/histograms", run=tabs.RUN, tag=tag)
            self.assertEqual([e[:2] for e in series], [[e["wall"], e["step"]] for e in entries])
            for (*_, buckets), entry in zip(series, entries):
                with self.subTest(tag=tag, step=entry["step"]):
                    self.assertBuckets(buckets, entry["histogram"])

    def assertBuckets(self, buckets, histogram):
        self.assertEqual((tabs.float32([buckets[0][0]]), tabs.float32([buckets[-1][1]])),
                         (tabs.float32([histogram["min"]]), tabs.float32([histogram["max"]])))
        # One of the readers leaves out empty buckets at the ends.
        full = [k for k, count in enumerate(histogram["counts"]) if count]
        served_full = [k for k, bucket in enumerate(buckets) if bucket[2]]
        counts = histogram["counts"][full[0]:full[-1] + 1]
        buckets = buckets[served_full[0]:served_full[-1] + 1]
        self.assertEqual([count for *_, count in buckets], counts)
        self.assertEqual(tabs.float32(right for _, right, _ in buckets[:-1]),
                         tabs.float32(histogram["limits"][full[0]:full[-1]]))
        self.assertEqual([left for left, *_ in buckets[1:]], [right for _, right, _ in buckets[:-1]])

    def test_histograms_count_every_number(self):
        for tag, numbers in (("auto", SPREAD), ("ten", SPREAD), ("most 20", SPREAD), ("auto skewed", SPREAD**3)):
            ((*_, buckets),) = self.get("histograms/histograms", run=tabs.RUN, tag=f"histogram/{tag}")
            self.assertEqual(sum(count for *_, count in buckets), 1000)
            self.assertEqual(tabs.float32([buckets[0][0], buckets[-1][1]]), tabs.float32([numbers.min(), numbers.max()]))
            for _, right, _ in buckets[:-1]:
                below = sum(count for _, r, count in buckets if r <= right)
                self.assertLessEqual(abs(below - (numbers < right).sum()), 1, f"{tag}, numbers below {right}")
        for k, (*_, buckets) in enumerate(self.get("histograms/histograms", run=tabs.RUN, tag="histogram/tensorflow")):
            self.assertEqual(sum(count for *_, count in buckets), 1000)
            self.assertEqual(tabs.float32([buckets[0][0]]), tabs.float32([SPREAD.min() * (k + 1)]))
        ((*_, buckets),) = self.get("histograms/histograms", run=tabs.RUN, tag="histogram/with nan")
        self.assertEqual(sum(count for *_, count in buckets), 3)

    def test_distributions(self):
        self.assertEqual(set(self.get("distributions/tags")[tabs.RUN]), set(self.by_tag("histo")))
        for tag, step, numbers in (("ten", 0, SPREAD), ("tensorflow", 2, SPREAD * 3)):
            series = self.get("distributions/distributions", run=tabs.RUN, tag=f"histogram/{tag}")
            (points,) = [points for _, s, points in series if s == step]
            self.assertEqual([p for p, _ in points], [0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000])
            self.assertEqual(tabs.float32([points[0][1], points[-1][1]]), tabs.float32([numbers.min(), numbers.max()]))
            for basis_points, value in points:
                # a bucket holds a tenth of the numbers, more or less, or a tenth of their range
                self.assertLess(abs((numbers < value).mean() - basis_points / 10000), 0.03, tag)

    # PR curves.

    def curve(self, tag):
        answer = self.get("pr_curves/pr_curves", run=tabs.RUN, tag=tag)
        self.assertEqual(list(answer), [tabs.RUN])
        (curve,) = answer[tabs.RUN]
        return curve

    def test_pr_curves_of_all_tags(self):
        written = {e["tag"]: e for e in self.entries(plugin="pr_curves")}
        self.assertEqual(set(self.get("pr_curves/tags")[tabs.RUN]), set(written))
        self.assertEqual({tag for tag in written if tag.startswith("pr/classes")},
                         {f"pr/classes/class_{k}" for k in range(3)})
        rows = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")
        for tag, entry in written.items():
            with self.subTest(tag=tag):
                curve = self.curve(tag)
                tensor = np.array(entry["values"], np.float32).reshape(entry["shape"])
                # TensorBoard leaves out the thresholds at the end that nothing reaches, and rounds counts.
                length = np.flatnonzero(tensor[0].astype(int) + tensor[1].astype(int))[-1] + 1
                self.assertGreater(length, 2)
                self.assertEqual(curve["step"], entry["step"])
                self.assertEqual(curve["thresholds"], np.linspace(0, 1, tensor.shape[1])[:length].tolist())
                for name, row in zip(rows, tensor[:, :length]):
                    if name in ("precision", "recall"):
                        self.assertEqual(tabs.float32(curve[name]), tabs.float32(row), name)
                    else:
                        self.assertEqual(curve[name], row.astype(int).tolist(), name)

    def test_precision_and_recall_of_the_inputs(self):
        predictions, scores = inputs.uniform(200, 7), inputs.uniform(300, 5).reshape(100, 3)
        classes = (inputs.uniform(100, 3) * 3).astype(int)
        cases = [("pr/eleven", 10, inputs.uniform(200, 9) < predictions, predictions)]
        cases += [(f"pr/classes/class_{k}", 8, classes == k, scores[:, k]) for k in range(3)]
        for tag, parts, labels, given in cases:
            curve = self.curve(tag)
            for k in range(len(curve["precision"])):
                # a threshold counts samples in its bucket or above
                positive = np.floor(given * parts) >= k
                hits = (positive & labels).sum()
                self.assertAlmostEqual(curve["precision"][k], hits / positive.sum(), 6, f"{tag} {k}")
                self.assertAlmostEqual(curve["recall"][k], hits / labels.sum(), 6, f"{tag} {k}")

    # Custom scalars.

    def test_custom_scalars(self):
        self.assertEqual(self.get("custom_scalars/layout")["category"], LAYOUT)
        written = self.scalars(tabs.RUN)
        for pattern, tags in (("loss/train", {"loss/train"}), ("loss/.*", {"loss/train", "loss/tensor"}), ("none.*", set())):
            answer = self.get("custom_scalars/scalars", run=tabs.RUN, tag=pattern)
            self.assertTrue(answer["regex_valid"])
            self.assertEqual(set(answer["tag_to_events"]), tags)
            for tag, series in answer["tag_to_events"].items():
                self.assertSeries(series, written[tag])
        self.assertFalse(self.get("custom_scalars/scalars", run=tabs.RUN, tag="(")["regex_valid"])


class CurvesPythonReader(Curves):
    """The same through TensorBoard's reader in Python."""

    options = ("--load_fast=false",)
    provider = "MultiplexerDataProvider"


if __name__ == "__main__":
    unittest.main()
