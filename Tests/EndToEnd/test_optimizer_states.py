"""The state of optimizers travels to and from torch.optim by safetensors files.

PyTorch's trainings are those of the conformance cases. torch itself goes on from Levin's state if it is installed.
"""

import base64
import gzip
import importlib.util
import json
import unittest

import numpy as np
from safetensors.numpy import load_file, save_file

import support

CASES = support.GOLDEN / "conformance" / "optimizers.jsonl.gz"
DTYPES = {"float32": np.float32, "float64": np.float64, "int64": np.int64}


def array(json):
    return np.frombuffer(base64.b64decode(json["d"]), dtype=DTYPES[json["t"]]).reshape(json["s"])


def value(json):
    """A keyword of an optimizer."""
    tag, content = next(iter(json.items()))
    if tag == "list":
        return [value(x) for x in content]
    return {"f": float, "none": lambda _: None}.get(tag, lambda x: x)(content)


class OptimizerStates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("states")
        cls.cases = [json.loads(line) for line in gzip.open(CASES, "rt")]
        for index, case in enumerate(cls.cases):
            save_file({name: array(x["value"]).astype(DTYPES[x["type"]]) for name, x in case["stages"][0].items()},
                      cls.folder / f"{index}.torch.safetensors")
        support.program("levin-conformance", "--states", cls.folder, CASES, folder=cls.folder)

    def check(self, case, found, stage, factor=1):
        expected = case["stages"][stage]
        label = f"{case['optimizer']} {case['options']}: "
        self.assertEqual(set(found), set(expected), label)
        for name, x in expected.items():
            wanted = array(x["value"])
            self.assertEqual((found[name].dtype, found[name].shape), (DTYPES[x["type"]], wanted.shape), label + name)
            relative = {"LBFGS": 1e-9, "Muon": 1e-3}.get(case["optimizer"], 1e-12 if array(case["input"]).dtype == np.float64 else 1e-6)
            allowed = factor * max(relative * np.abs(wanted).max(initial=0), 4 * x["dev"])
            self.assertLessEqual(np.abs(found[name] - wanted).max(initial=0), allowed, label + name)

    def test_levin_goes_on_from_torch(self):
        for index, case in enumerate(self.cases):
            self.check(case, load_file(self.folder / f"{index}.resumed.safetensors"), 1)

    def test_levin_writes_what_torch_has(self):
        for index, case in enumerate(self.cases):
            self.check(case, load_file(self.folder / f"{index}.levin.safetensors"), 0)

    # Where torch is installed, as in the environment of `scripts/test --long`.
    if importlib.util.find_spec("torch"):

        def test_torch_goes_on_from_levin(self):
            import torch
            from safetensors.torch import load_file as load_tensors

            for index, case in enumerate(self.cases):
                tensors = load_tensors(self.folder / f"{index}.levin.safetensors")
                parameters = [torch.nn.Parameter(tensors[str(i)]) for i in range(len(case["start"]))]
                optimizer = getattr(torch.optim, case["optimizer"])(parameters, **{k: value(v) for k, v in case["options"]})
                state = {i: {} for i in range(len(parameters))}
                for name in sorted(tensors):
                    parameter, _, entry = name.partition(".")
                    kind, _, number = entry.partition(".")
                    if number:
                        state[int(parameter)].setdefault(kind, {})[int(number)] = tensors[name]
                    elif entry:
                        state[int(parameter)][entry] = tensors[name]
                for entries in state.values():
                    for kind, numbered in entries.items():
                        if isinstance(numbered, dict):
                            entries[kind] = [numbered[i] for i in range(len(numbered))]
                    # LBFGS counts with plain numbers.
                    for kind in {"func_evals", "n_iter", "t", "prev_loss"} & set(entries):
                        entries[kind] = entries[kind].item()
                optimizer.load_state_dict({"state": {i: s for i, s in state.items() if s},
                                           "param_groups": optimizer.state_dict()["param_groups"]})
                input = torch.from_numpy(array(case["input"]).copy())

                def closure():
                    optimizer.zero_grad()
                    output = parameters[0] @ input
                    if len(parameters) > 1:
                        output = output + parameters[1]
                    loss = output.pow(2).sum()
                    loss.backward()
                    return loss

                for _ in range(5):
                    optimizer.step(closure)
                found = {str(i): p.detach().numpy() for i, p in enumerate(parameters)}
                case = {**case, "stages": [{}, {name: case["stages"][1][name] for name in found}]}
                # The differences of both libraries add up.
                self.check(case, found, 1, factor=10)


if __name__ == "__main__":
    unittest.main()
