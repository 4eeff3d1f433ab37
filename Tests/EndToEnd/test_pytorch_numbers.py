"""The same seed gives PyTorch's numbers: the release program against golden data made by PyTorch."""

import json
import unittest

import numpy as np

import support


class PyTorchNumbers(unittest.TestCase):
    def check(self, seed):
        golden = json.loads((support.GOLDEN / "digits" / f"seed{seed}.json").read_text())
        folder = support.fresh_folder(f"seed{seed}")
        support.program("levin", "fit", "--seed_everything", seed, "--trainer.max_epochs", 5,
                        "--trainer.log_every_n_steps", 1, folder=folder)
        points = support.scalars(folder / "lightning_logs" / "version_0")
        losses = np.array([v for _, v in points["train/loss"]])
        self.assertEqual(len(losses), 3750)
        expected = np.array(golden["train_loss"])
        deviation = np.abs(losses[:150] - expected) / expected
        self.assertLess(deviation.max(), 5e-6, f"at step {deviation.argmax()}")
        accuracies = np.array([v for _, v in points["val/acc"]])
        self.assertLess(np.abs(accuracies - [e["acc"] for e in golden["val"]]).max(), 0.006)

        support.program("levin", "test", "--ckpt_path", "last", folder=folder)
        tested = support.scalars(folder / "lightning_logs" / "version_1")
        self.assertLess(abs(tested["test/acc"][0][1] - golden["test"]["acc"]), 0.005)
        self.assertFalse((folder / "lightning_logs" / "version_1" / "checkpoints").exists())

    def test_seed_0(self):
        self.check(0)

    def test_seed_1(self):
        self.check(1)

    def test_seed_2(self):
        self.check(2)


if __name__ == "__main__":
    unittest.main()
