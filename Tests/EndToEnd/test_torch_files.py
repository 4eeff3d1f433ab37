"""torch, Lightning, numpy and safetensors open what Levin writes: the files in Tests/Golden/written.

The Swift test WrittenFilesTests compares Levin's bytes with those files, so what holds for them holds for Levin. The
classes that need torch or Lightning exist where these are installed, as in the environment of `scripts/test --long`.
"""

import importlib.util
import math
import pathlib
import sys
import tempfile
import types
import unittest
import warnings

import numpy as np
import safetensors

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "Golden" / "written"
FLOATS = [[-1, -0.5, 0], [0.5, 1, 1.5]]
OTHERS = [[0, 1, 1], [0, 1, 0]]
HAS_TORCH = importlib.util.find_spec("torch") is not None
HAS_LIGHTNING = HAS_TORCH and importlib.util.find_spec("lightning") is not None
# A torchvision that was built for another torch cannot be imported. Nothing here needs it, but Lightning tries.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))


def values(dtype):
    if dtype.startswith("complex"):
        return [[value + 1j for value in row] for row in FLOATS]
    return FLOATS if "float" in dtype else OTHERS


class NumPy(unittest.TestCase):
    def test_arrays_of_every_type(self):
        with np.load(FOLDER / "types.npz", allow_pickle=False) as file:
            self.assertEqual(len(file.files), 16)
            for name in file.files:
                array = file[name]
                if name == "scalar":
                    self.assertEqual((array.shape, array.dtype, float(array)), ((), np.float32, 2.5))
                elif name == "empty":
                    self.assertEqual((array.shape, array.dtype), ((0, 3), np.int64))
                elif name == "bfloat16":
                    # NumPy has no such type; the package ml_dtypes reads its bytes.
                    self.assertEqual(array.dtype, np.dtype("V2"))
                    bits = array.view(np.uint16).astype(np.uint32) << 16
                    self.assertEqual(bits.view(np.float32).tolist(), FLOATS)
                else:
                    self.assertEqual(array.dtype, np.dtype(name))
                    self.assertEqual(array.tolist(), values(name), name)

    def test_one_array(self):
        array = np.load(FOLDER / "array.npy", allow_pickle=False)
        self.assertEqual((array.dtype, array.tolist()), (np.float64, FLOATS))


class Safetensors(unittest.TestCase):
    def test_arrays_of_every_type(self):
        with safetensors.safe_open(FOLDER / "types.safetensors", "numpy") as file:
            self.assertEqual(file.metadata(), {"format": "pt"})
            self.assertEqual(len(file.keys()), 21)
            for name in "bool uint8 int8 int16 int32 int64 uint16 uint32 uint64 float16 float32 float64".split():
                array = file.get_tensor(name)
                self.assertEqual((array.dtype, array.tolist()), (np.dtype(name), values(name)))
            self.assertEqual(file.get_slice("float8_e8m0fnu").get_dtype(), "F8_E8M0")


if HAS_TORCH:

    class Torch(unittest.TestCase):
        def load(self, name, **options):
            import torch

            return torch.load(FOLDER / name, **options)

        def check_types(self, tensors):
            import torch

            for name, tensor in tensors.items():
                if name == "scalar":
                    self.assertEqual((tensor.shape, tensor.item()), (torch.Size([]), 2.5))
                elif name == "empty":
                    self.assertEqual((tensor.shape, tensor.dtype), (torch.Size([0, 3]), torch.int64))
                else:
                    self.assertEqual(tensor.dtype, getattr(torch, name))
                    self.assertEqual(tensor.tolist() if "float8" not in name else [], values(name) if (
                        "float8" not in name) else [], name)

        def test_state_dictionary(self):
            for options in [{}, {"weights_only": True}, {"weights_only": False}, {"mmap": True}]:
                tensors = self.load("types.pt", **options)
                self.assertEqual((type(tensors).__name__, len(tensors)), ("OrderedDict", 13))
                self.check_types(tensors)
            self.assertTrue(all(t.is_meta for t in self.load("types.pt", map_location="meta").values()))

        def test_safetensors(self):
            from safetensors.torch import load_file

            tensors = load_file(FOLDER / "types.safetensors")
            self.assertEqual(len(tensors), 21)
            self.check_types(tensors)

        def test_tree(self):
            tree = self.load("tree.pt", weights_only=True)
            tied = tree.pop("tied")
            self.assertEqual(tied["a"].data_ptr(), tied["b"].data_ptr())
            self.assertEqual(tied["b"].tolist(), FLOATS)
            doubles = tree.pop("doubles")
            self.assertEqual((doubles[0], math.copysign(1, doubles[1]), doubles[2]), (0.1, -1, math.inf))
            self.assertEqual(tree, {
                "none": None, "flags": [True, False],
                "ints": [0, 255, 256, 65535, 65536, -1, 128, -129, 2**63 - 1, -(2**63)],
                "text": "é\n\U0001F600", "empty": {}, "tuple": (1, ()), "nested": {"a": [{"b": 2}]},
                "by_number": {7: "seven"},
            })


if HAS_LIGHTNING:

    class Lightning(unittest.TestCase):
        """A training goes on from Levin's checkpoints where these say."""

        def module(self):
            import lightning
            import torch

            class Module(lightning.LightningModule):
                def __init__(self, width=2):
                    super().__init__()
                    self.save_hyperparameters()
                    self.net = torch.nn.Linear(width, 2)
                    self.steps = []

                def training_step(self, batch, index):
                    if not self.steps:
                        optimizer = self.optimizers()
                        parameter = self.net.weight
                        self.first = (parameter.detach().clone(), optimizer.state[parameter]["exp_avg"].clone(),
                                      optimizer.state[parameter]["step"].item(), optimizer.param_groups[0]["lr"],
                                      self.lr_schedulers().last_epoch)
                    self.steps.append((self.current_epoch, index, self.global_step))
                    return self.net(batch[0]).square().mean()

                def validation_step(self, batch, index):
                    self.log("val/loss", self.net(batch[0]).square().mean())

                def configure_optimizers(self):
                    optimizer = torch.optim.Adam(self.parameters(), lr=0.01)
                    return {"optimizer": optimizer,
                            "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)}

            return Module

        def fit(self, name, folder):
            import lightning
            import torch
            from lightning.pytorch.callbacks import EarlyStopping

            warnings.filterwarnings("ignore")
            stopping = EarlyStopping("val/loss", patience=9)
            trainer = lightning.Trainer(
                max_epochs=3, accelerator="cpu", logger=False, enable_progress_bar=False, callbacks=[stopping],
                enable_model_summary=False, default_root_dir=folder, num_sanity_val_steps=0)
            data = torch.utils.data.TensorDataset(torch.ones(8, 3))
            loader = torch.utils.data.DataLoader(data, batch_size=2)
            validation = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 3)), batch_size=2)
            module = self.module()(3)
            trainer.fit(module, loader, validation, ckpt_path=FOLDER / name)
            return module, stopping

        def check(self, name, first_steps, step):
            with tempfile.TemporaryDirectory() as folder:
                module, stopping = self.fit(name, folder)
            self.assertEqual(module.steps[: len(first_steps)], first_steps)
            weight, moment, count, rate, last_epoch = module.first
            self.assertEqual(weight.flatten().tolist(), [-0.25 + i / 8 for i in range(6)])
            self.assertEqual(moment.flatten().tolist(), [0.125 + i / 8 for i in range(6)])
            self.assertEqual((count, rate, last_epoch), (step, 0.005, 1))
            # Lightning restores the patience of the checkpoint over the constructor's.
            self.assertEqual(stopping.patience, 3)
            self.assertEqual(module.steps[-1][0], 2)

        def test_goes_on_after_an_epoch(self):
            self.check("epoch.ckpt", [(1, 0, 4), (1, 1, 5)], 4)

        def test_goes_on_in_the_middle_of_an_epoch(self):
            self.check("middle.ckpt", [(1, 2, 6), (1, 3, 7), (2, 0, 8)], 6)

        def test_load_from_checkpoint(self):
            module = self.module().load_from_checkpoint(FOLDER / "epoch.ckpt")
            self.assertEqual(module.hparams.width, 3)
            self.assertEqual(module.net.bias.tolist(), [0.5, 0.625])


if __name__ == "__main__":
    unittest.main()
