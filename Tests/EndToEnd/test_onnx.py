"""onnxruntime computes what Levin computes, for each layer in all its options and each model family.

The program onnx-exchange exports them; onnx.checker examines the files.
"""

import functools
import re
import unittest

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

from support import fresh_folder, program


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


if __name__ == "__main__":
    unittest.main()
