"""Hyperparameters of two runs, as stock TensorBoard's HParams tab gets them."""

import json
import unittest
import urllib.request

import support


class HyperparametersOfTwoRuns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("hyperparameters")
        for rate in ("0.001", "0.01"):
            support.program(
                "levin", "fit", "--model.learning_rate", rate, "--trainer.max_epochs", "1",
                "--trainer.limit_train_batches", "60", "--trainer.limit_val_batches", "10", folder=cls.folder)
        server = support.tensorboard(cls.folder / "lightning_logs")
        cls.base = server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)

    def ask(self, endpoint, **question):
        request = urllib.request.Request(
            f"{self.base}/data/plugin/hparams/{endpoint}", json.dumps(question).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    def test_rates_metrics_and_status(self):
        experiment = self.ask("experiment", experimentName="")
        self.assertEqual({info["name"] for info in experiment["hparamInfos"]}, {"batch_size", "dataset", "learning_rate"})
        # Settings that are not hyperparameters are still kept.
        for name in ("mirror", "num_workers", "root"):
            self.assertIn(f"{name}:", (self.folder / "lightning_logs" / "version_0" / "hparams.yaml").read_text())
        tags = {info["name"]["tag"] for info in experiment["metricInfos"]}
        self.assertEqual(tags, {"epoch", "train/loss", "val/loss", "val/acc"})
        groups = self.ask(
            "session_groups", startIndex=0, sliceSize=10,
            allowedStatuses=["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
            colParams=[{"metric": info["name"]} for info in experiment["metricInfos"]])["sessionGroups"]
        found = {}
        for group in groups:
            (session,) = group["sessions"]
            values = {v["name"]["tag"]: v["value"] for v in session["metricValues"]}
            found[session["name"]] = group["hparams"]["learning_rate"]
            version = self.folder / "lightning_logs" / session["name"]
            self.assertAlmostEqual(values["val/acc"], support.scalars(version)["val/acc"][-1][1], 6)
            self.assertEqual(session["status"], "STATUS_SUCCESS")
        self.assertEqual(found, {"version_0": 0.001, "version_1": 0.01})


if __name__ == "__main__":
    unittest.main()
