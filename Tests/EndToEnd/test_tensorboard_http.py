"""Stock TensorBoard's HTTP endpoints return what the run logged."""

import io
import unittest
import urllib.error

import numpy as np
from PIL import Image

import support

PLUGIN = "/data/plugin/"


class TensorBoardHTTP(unittest.TestCase):
    options = ()
    # `epoch` appears twice if a training step and a validation log at the same step, as in Lightning.
    keeps_one_value_a_step = True

    @classmethod
    def setUpClass(cls):
        cls.run_ = support.digits_run()
        server = support.tensorboard(cls.run_.folder / "lightning_logs", *cls.options)
        cls.base = server.__enter__()
        cls.addClassCleanup(server.__exit__, None, None, None)

    def get(self, path, **query):
        return support.get(self.base, path, **query)

    def test_runs(self):
        self.assertEqual(self.get("/data/runs"), ["version_0"])

    def test_scalars(self):
        logged = support.scalars(self.run_.version)
        tags = self.get(PLUGIN + "scalars/tags")["version_0"]
        self.assertEqual(set(tags), set(logged))
        for tag, points in logged.items():
            series = self.get(PLUGIN + "scalars/scalars", run="version_0", tag=tag)
            expected = [(step, np.float32(value)) for step, value in points]
            if self.keeps_one_value_a_step:
                expected = sorted(dict(expected).items())
            self.assertEqual([(step, np.float32(value)) for _, step, value in series], expected)

    def test_images(self):
        for tag, pictures in support.images(self.run_.version).items():
            series = self.get(PLUGIN + "images/images", run="version_0", tag=tag, sample=0)
            self.assertEqual([entry["step"] for entry in series], [step for step, _ in pictures])
            for entry, (_, picture) in zip(series, pictures):
                served = Image.open(io.BytesIO(self.get(PLUGIN + "images/individualImage?" + entry["query"])))
                self.assertEqual(served.size, (242, 242))
                self.assertTrue((np.asarray(served.convert("RGB")) == np.asarray(picture.convert("RGB"))).all())

    def test_texts(self):
        for tag, entries in support.texts(self.run_.version).items():
            served = self.get(PLUGIN + "text/text", run="version_0", tag=tag)
            self.assertEqual([e["step"] for e in served], [step for step, _ in entries])
            for entry, (_, text) in zip(served, entries):
                self.assertIn(" ".join(text.split()), " ".join(entry["text"].split()))

    def test_missing_tag(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.get(PLUGIN + "scalars/scalars", run="version_0", tag="no/such")
        self.assertEqual(caught.exception.code, 404)
        caught.exception.close()


class TensorBoardPythonReader(TensorBoardHTTP):
    """The same through TensorBoard's reader in Python, which checks every CRC and honours session starts."""

    options = ("--load_fast=false",)
    keeps_one_value_a_step = False


if __name__ == "__main__":
    unittest.main()
