"""The tutorial's run as `digits` leaves it behind: files, points, pictures, texts, what was printed."""

import json
import unittest

import numpy as np
from safetensors.numpy import load_file

import support


class DigitsRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = support.digits_run()
        cls.version = cls.run_.version
        cls.order = support.split_order()

    def test_folder(self):
        names = sorted(p.name for p in self.version.iterdir())
        files = [n for n in names if "tfevents" in n]
        self.assertEqual(len(files), 2, names)  # fit's, then the test's
        matches = [support.version_of_file_name(n) for n in files]
        self.assertTrue(all(matches), files)
        self.assertEqual([p.name for p in (self.version / "checkpoints").iterdir()],
                         ["epoch=4-step=3750.safetensors"])
        self.assertEqual(json.loads((self.version / "run.json").read_text())["status"], "finished")
        self.assertEqual([p.name for p in (self.run_.folder / "lightning_logs").iterdir()], ["version_0"])

    def test_hyperparameters(self):
        text = (self.version / "hparams.yaml").read_text()
        self.assertIn("batch_size: 64\n", text)
        self.assertIn("learning_rate: 0.001\n", text)
        self.assertIn("num_workers: 0\n", text)

    def test_curves(self):
        points = support.scalars(self.version)
        self.assertEqual(set(points), {"train/loss", "val/loss", "val/acc", "test/loss", "test/acc", "epoch"})
        self.assertEqual([s for s, _ in points["train/loss"]], list(range(49, 3750, 50)))
        for tag in ("val/loss", "val/acc"):
            self.assertEqual([s for s, _ in points[tag]], [749, 1499, 2249, 2999, 3749])
        for tag in ("test/loss", "test/acc"):
            self.assertEqual([s for s, _ in points[tag]], [3750])
        steps = [s for s, _ in points["epoch"]]
        expected = sorted(list(range(49, 3750, 50)) + [749, 1499, 2249, 2999, 3749]) + [3750]
        self.assertEqual(steps, expected)
        self.assertTrue(all(v == (min(s, 3749) // 750 if s < 3750 else 5) for s, v in points["epoch"]))
        self.assertGreater(points["test/acc"][0][1], 0.96)
        self.assertLess(points["test/acc"][0][1], 0.98)
        accuracies = [v for _, v in points["val/acc"]]
        self.assertGreater(accuracies[-1], 0.955)
        self.assertGreater(accuracies[-1], accuracies[0])
        # whole numbers of hits out of 12,000: weighted by the batches' sizes, not averaged over batches
        for value in accuracies:
            self.assertAlmostEqual(value * 12000, round(value * 12000), delta=0.01)

    def expected_batch(self, stage):
        if stage == "test":
            images, labels = support.mnist("t10k")
            return images[:64], labels[:64]
        images, labels = support.mnist("train")
        indices = self.order[:64] if stage == "train" else self.order[48000:48064]
        return images[indices], labels[indices]

    def test_images(self):
        found = support.images(self.version)
        self.assertEqual(set(found), {"train/inputs", "val/inputs", "test/inputs"})
        for stage, steps in (("train", [0, 1, 2, 3, 4]), ("val", [0, 1, 2, 3, 4]), ("test", [5])):
            series = found[f"{stage}/inputs"]
            self.assertEqual([s for s, _ in series], steps)
            expected = support.grid_pixels(self.expected_batch(stage)[0])
            for _, picture in series:
                self.assertEqual(picture.mode, "L")  # gray pictures are stored gray
                rgb = np.asarray(picture.convert("RGB"))
                self.assertTrue((rgb == expected[:, :, None]).all())

    def test_texts(self):
        found = support.texts(self.version)
        self.assertEqual(set(found), {f"{stage}/{kind}/text_summary" for stage in ("train", "val", "test")
                                      for kind in ("targets", "preds")})
        for stage, steps in (("train", [0, 1, 2, 3, 4]), ("val", [0, 1, 2, 3, 4]), ("test", [5])):
            targets = found[f"{stage}/targets/text_summary"]
            self.assertEqual([s for s, _ in targets], steps)
            labels = self.expected_batch(stage)[1]
            self.assertEqual({t for _, t in targets}, {support.label_text(labels)})
            for _, text in found[f"{stage}/preds/text_summary"]:
                self.assertRegex(text, r"^tensor\(\[(\d, ){23}\d,\n        (\d, ){23}\d,\n        (\d, ){15}\d\]\)$")
        digits = [int(c) for c in found["test/preds/text_summary"][0][1] if c.isdigit()]
        hits = np.mean(np.array(digits) == self.expected_batch("test")[1])
        self.assertGreater(hits, 0.9)

    def test_file_heads(self):
        files = sorted(self.version.glob("*tfevents*"))
        for path, step in zip(files, (0, 3750)):
            found = [support.event_pb2.Event.FromString(r)
                     for r in support.RawEventFileLoader(str(path)).Load()]
            self.assertEqual(found[0].file_version, "brain.Event:2")
            self.assertEqual(found[1].session_log.status, 1)  # START
            self.assertEqual(found[1].step, step)

    def test_checkpoint_in_numpy(self):
        """The weights, read by Python's safetensors, give the same test accuracy in another engine."""
        path = self.version / "checkpoints" / "epoch=4-step=3750.safetensors"
        weights = {k: v for k, v in load_file(path).items() if not k.startswith("levin.")}
        self.assertEqual(set(weights), {f"model.{i}.{kind}" for i in (0, 2, 4) for kind in ("weight", "bias")})
        images, labels = support.mnist("t10k")
        x = (images.reshape(-1, 784).astype(np.float32) / 255 - 0.5) / 0.5
        for i in (0, 2, 4):
            x = x @ weights[f"model.{i}.weight"].T + weights[f"model.{i}.bias"]
            x = np.maximum(x, 0) if i < 4 else x
        accuracy = (x.argmax(1) == labels).mean()
        logged = support.scalars(self.version)["test/acc"][0][1]
        self.assertAlmostEqual(accuracy, logged, delta=1e-4)

    def test_output(self):
        text = self.run_.output
        self.assertNotIn("\x1b", text)
        for wanted in ("109 K", "Sequential", "test/acc", "test/loss", "lightning_logs/version_0", "tensorboard --logdir"):
            self.assertIn(wanted, text)


class Threads(unittest.TestCase):
    def test_a_seeded_run_is_the_same_with_any_number_of_threads(self):
        folder = support.fresh_folder("threads")
        for count in (1, 2, 3):
            support.program("levin", "fit", "--seed_everything", 42, "--trainer.max_steps", 300,
                            folder=folder, LEVIN_THREADS=str(count))
        alone, *others = [load_file(path) for path in sorted(folder.glob("lightning_logs/*/checkpoints/*.safetensors"))]
        self.assertEqual(len(others), 2)
        for other in others:
            self.assertEqual(set(alone), set(other))
            self.assertEqual([name for name in alone if alone[name].tobytes() != other[name].tobytes()], [])


if __name__ == "__main__":
    unittest.main()
