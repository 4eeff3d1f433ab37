"""onnxruntime computes what Levin computes, for each layer in all its options and each model family, and for the
checkpoints of trainings.

The programs onnx-exchange, and levin and chexpert with export, write the models; onnx.checker examines them.
"""

import csv
import functools
import os
import re
import unittest

import numpy as np
import onnx
import onnxruntime
from PIL import Image
from safetensors.numpy import load_file

from support import GOLDEN, fresh_folder, mnist, program


@functools.cache
def exported():
    """The folder with the models, and what the program printed."""
    folder = fresh_folder("onnx")
    done = program("onnx-exchange", folder, folder=folder, timeout=600)
    return folder, done.stdout


class ONNX(unittest.TestCase):
    def test_every_model_is_exported(self):
        folder, printed = exported()
        self.assertEqual(printed, f"{len(list(folder.glob('*.onnx')))} models\n")

    def test_the_checker_finds_nothing(self):
        for path in exported()[0].glob("*.onnx"):
            with self.subTest(path.stem):
                model = onnx.load(path)
                onnx.checker.check_model(model, full_check=True)
                self.assertEqual((model.ir_version, model.opset_import[0].version), (8, 17))
                self.assertEqual(model.producer_name, "levin")

    def test_onnxruntime_computes_the_same(self):
        for path in sorted(exported()[0].glob("*.onnx")):
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            for file in path.parent.glob(re.sub(r"([*?[])", r"[\1]", path.stem) + ".[13].safetensors"):
                tensors = load_file(file)
                given = {name: value for name, value in tensors.items() if name.startswith("input")}
                names = [output.name for output in session.get_outputs()]
                for name, found in zip(names, session.run(names, given)):
                    with self.subTest(file.stem, output=name):
                        expected = tensors[name]
                        self.assertEqual((found.shape, found.dtype), (expected.shape, expected.dtype))
                        scale = max(1, np.abs(expected).max(initial=0))
                        self.assertLessEqual(np.abs(found - expected).max(initial=0), 1e-5 * scale)

    def test_initializers_have_the_names_of_the_state(self):
        model = onnx.load(exported()[0] / "ResNet of bottlenecks.onnx")
        names = {tensor.name for tensor in model.graph.initializer}
        for name in ["conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "fc.weight", "fc.bias"]:
            self.assertIn(name, names)

    def test_no_dropout_and_no_paths(self):
        for path in exported()[0].glob("*.onnx"):
            model = onnx.load(path)
            kinds = {node.op_type for node in model.graph.node}
            self.assertFalse(kinds & {"Dropout"}, path.stem)
            texts = [model.doc_string, model.graph.doc_string] + [node.doc_string for node in model.graph.node]
            self.assertFalse(any(texts))
            self.assertEqual([entry.key for entry in model.metadata_props], ["module"])


class Export(unittest.TestCase):
    """levin export, and that of a program of one's own, after a training."""

    maxDiff = None

    def run_model(self, path, images):
        onnx.checker.check_model(onnx.load(path), full_check=True)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return session.run(None, {"input": images})[0]

    def predictions(self, name, *options, folder):
        text = program(name, "predict", "--ckpt_path", "last", "--csv", *options, folder=folder).stdout
        return np.array([[float(value) for value in row[1:]] for row in list(csv.reader(text.splitlines()))[1:]])

    def test_digits(self):
        folder = fresh_folder("export")
        program("levin", "fit", "--trainer.max_epochs", 1, "--trainer.limit_train_batches", 200, folder=folder)
        printed = program("levin", "export", "last", "--input", "1,28,28", folder=folder).stdout
        self.assertRegex(printed, r"\Amodel\.onnx: DigitModule of lightning_logs/version_0/checkpoints/\S+\.safetensors\n"
                                  r"  input: float32\[batch, 1, 28, 28\]\n  output: float32\[batch, 10\]\n\Z")
        images = ((mnist("t10k")[0].astype(np.float32) / 255 - 0.5) / 0.5)[:, None]
        found = self.run_model(folder / "model.onnx", images)
        # The three layers, from the checkpoint.
        weights = load_file(next(folder.glob("lightning_logs/version_0/checkpoints/*.safetensors")))
        expected = images.reshape(-1, 784).astype(np.float64)
        for layer in (0, 2, 4):
            expected = expected @ weights[f"model.{layer}.weight"].T + weights[f"model.{layer}.bias"]
            expected = np.maximum(expected, 0) if layer < 4 else expected
        self.assertLessEqual(np.abs(found - expected).max(), 1e-5 * np.abs(expected).max())
        # Where the two largest logits are not as good as equal, the digit is the one that Levin predicts.
        ranked = np.sort(expected, axis=1)
        clear = ranked[:, -1] - ranked[:, -2] > 1e-4
        predicted = self.predictions("levin", folder=folder)[:, 0]
        self.assertGreater(clear.mean(), 0.99)
        np.testing.assert_array_equal(found.argmax(axis=1)[clear], predicted[clear])

    def test_chest_xrays(self):
        folder = fresh_folder("export-xrays")
        program("chexpert", "miniature", ".", "--patients", 60, folder=folder)
        small = ["--data.data_path", ".", "--data.image_size", 32, "--data.num_workers", 1]
        program("chexpert", "fit", *small, "--trainer.max_epochs", 1, folder=folder)
        program("chexpert", "export", "last", "--input", "3,32,32", "--output", "xrays.onnx", folder=folder)
        with open(folder / "CheXpert-v1.0-small" / "valid.csv", newline="") as file:
            paths = [row["Path"] for row in csv.DictReader(file)]
        mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
        images = []
        for path in paths:
            picture = Image.open(folder / path).resize((32, 32), Image.Resampling.BILINEAR).convert("RGB")
            images.append(((np.asarray(picture, np.float32) / 255 - mean) / deviation).transpose(2, 0, 1))
        found = self.run_model(folder / "xrays.onnx", np.stack(images))
        expected = self.predictions("chexpert", *small, folder=folder)
        self.assertEqual(found.shape, expected.shape)
        self.assertLessEqual(np.abs(found - expected).max(), 1e-5)

    def test_mistakes(self):
        folder = fresh_folder("export-mistakes")
        program("levin", "fit", "--data.dataset", "strokes", "--trainer.fast_dev_run", "false", "--trainer.max_steps", 2,
                "--trainer.limit_val_batches", 1, folder=folder)
        texts = []
        for name, arguments in (("levin", ["--input", "3,3"]), ("levin", []), ("chexpert", ["--input", "1,28,28"]),
                                ("levin", ["--input", "1,28x28"])):
            done = program(name, "export", "last", *arguments, folder=folder, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            error = re.sub(r"epoch=\S+\.safetensors", "CHECKPOINT", done.stderr)
            texts.append(f"{name} export {' '.join(['last', *arguments])}\n{error}")
        file = GOLDEN / "cli" / "export-failures.txt"
        if os.environ.get("LEVIN_RECORD"):
            file.write_text("\n".join(texts))
        self.assertEqual("\n".join(texts), file.read_text())
        self.assertFalse((folder / "model.onnx").exists())


if __name__ == "__main__":
    unittest.main()
