"""The tabs about whole runs, through stock TensorBoard's endpoints."""

import unittest

import numpy as np
from google.protobuf import text_format
from tensorboard.compat.proto import graph_pb2

import decoding
import inputs
import tabs


class Runs(tabs.Tabs):
    # The whole.

    def test_provider_and_active_tabs(self):
        environment = self.get("/data/environment")
        self.assertTrue(environment["debug"]["data_provider"].startswith(self.provider))
        active = {name for name, tab in self.get("/data/plugins_listing").items() if tab["enabled"]}
        self.assertLessEqual({"scalars", "images", "text", "histograms", "distributions", "audio", "pr_curves",
                              "custom_scalars", "mesh", "graphs", "hparams", "timeseries"}, active)

    def test_runs(self):
        self.assertEqual(set(self.get("/data/runs")), {tabs.RUN, "run/group_both_a", "run/group_both_b", "run/trial"})
        self.assertEqual(set(self.get("/data/runs")), set(self.runs))

    # Graphs.

    def test_graph(self):
        about = self.get("graphs/info")
        self.assertEqual(set(about), {tabs.RUN})
        self.assertTrue(about[tabs.RUN]["run_graph"])
        self.assertTrue(about[tabs.RUN]["tags"]["step1"]["profile"])
        graph = text_format.Parse(self.get("graphs/graph", run=tabs.RUN, conceptual="false").decode(), graph_pb2.GraphDef())
        (written,) = self.entries(kind="graph")
        self.assertEqual(decoding.graph(graph.SerializeToString())["nodes"], written["nodes"])
        nodes = {node.name: node for node in graph.node}
        self.assertEqual(set(nodes), {"input/x", "output/output.1", "Net/input", *(
            f"Net/Linear[{layer}]/{name}" for layer, number, suffix in (("fc1", 31, ".1"), ("fc2", 34, ""))
            for name in (number, f"bias/bias{suffix}", f"weight/weight{suffix}"))})
        self.assertEqual((nodes["Net/input"].op, list(nodes["Net/input"].input)), ("aten::relu", ["Net/Linear[fc1]/31"]))
        (shape,) = nodes["Net/input"].attr["_output_shapes"].list.shape
        self.assertEqual([d.size for d in shape.dim], [1, 8])
        self.assertIn("CPU:0", self.get("graphs/run_metadata", run=tabs.RUN, tag="step1").decode())

    # Projector.

    def test_projector(self):
        self.assertEqual(self.get("projector/runs"), [tabs.RUN])
        points = inputs.uniform(40, 3).astype(np.float32).reshape(8, 5)
        embeddings = {e["tensorName"]: e for e in self.get("projector/info", run=tabs.RUN)["embeddings"]}
        self.assertEqual(set(embeddings), {"points/x:00002", "two columns:00003"})
        self.assertEqual(set(embeddings), set(self.embeddings))
        for name, embedding in embeddings.items():
            self.assertEqual(embedding["tensorShape"], [8, 5])
            served = np.frombuffer(self.get("projector/tensor", run=tabs.RUN, name=name), "<f4").reshape(8, 5)
            self.assertTrue((served == points).all())
            self.assertEqual(served.tolist(), self.embeddings[name]["rows"])
        metadata = {name: self.get("projector/metadata", run=tabs.RUN, name=name).decode() for name in embeddings}
        self.assertEqual(metadata["points/x:00002"].splitlines(), [f"m{k}" for k in range(8)])
        self.assertEqual(metadata["two columns:00003"].splitlines(), ["name\tindex", *(f"m{k}\t{k}" for k in range(8))])

    def test_projector_sprite(self):
        (embedding,) = [e for e in self.get("projector/info", run=tabs.RUN)["embeddings"] if "sprite" in e]
        self.assertEqual((embedding["tensorName"], embedding["sprite"]["singleImageDim"]), ("points/x:00002", [8, 8]))
        data, kind = self.bytes_and_type("projector/sprite_image", run=tabs.RUN, name="points/x:00002")
        self.assertEqual(kind, "image/png")
        self.assertTrue((tabs.pixels(data)[..., :3] == tabs.row_of([tabs.rgb(8, 8, k) for k in range(8)], 3)).all())
        self.assertRefused(400, "projector/sprite_image", run=tabs.RUN, name="two columns:00003")

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

    # Missing values.

    def test_missing_runs_and_tags(self):
        for path, tag in (("scalars/scalars", "loss/train"), ("images/images", "image/hw"), ("audio/audio", "audio/sine"),
                          ("histograms/histograms", "histogram/ten"), ("distributions/distributions", "histogram/ten")):
            self.assertRefused(404, path, run=tabs.RUN, tag="no/such", sample=0)
            self.assertRefused(404, path, run="no such", tag=tag, sample=0)
        self.assertRefused(404, "graphs/graph", run="run/trial", conceptual="false")
        # These are 400 in stock TensorBoard, or empty.
        self.assertRefused(400, "pr_curves/pr_curves", run=tabs.RUN, tag="no/such")
        self.assertRefused(400, "projector/info", run="no such")
        self.assertRefused(400, "projector/tensor", run=tabs.RUN, name="no/such")
        self.assertEqual(self.get("text/text", run=tabs.RUN, tag="no/such"), [])
        self.assertEqual(self.get("mesh/meshes", run=tabs.RUN, tag="no/such", sample=0), [])


class RunsPythonReader(Runs):
    """The same through TensorBoard's reader in Python."""

    options = ("--load_fast=false",)
    provider = "MultiplexerDataProvider"


if __name__ == "__main__":
    unittest.main()
