#!/usr/bin/env python3
"""Makes Tests/Golden/summaries: the output of PyTorch's SummaryWriter for the inputs of `levin-bench summaries`.

usage: make_summaries.py [FILE]        (needs torch, tensorboard, numpy, pillow)

Every kind of value at least once, from inputs given by closed formulas. The file holds a run's values as
Tests/EndToEnd/decoding.py decodes them, a line for each. Times that PyTorch takes from the clock are null.
"""
import math
import pathlib
import sys
import tempfile
import warnings

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))

from inputs import gray, uniform  # noqa: E402

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Tests" / "Golden" / "summaries" / "torch.jsonl")
NOW = 1_700_000_000.0


def rgb(height, width, shift=0):
    """Three ramps [3, height, width]."""
    return np.stack([gray(height, width, shift + k) for k in (0, 11, 23)])


def rgba(height, width, shift=0):
    return np.concatenate([rgb(height, width, shift), 255 - gray(height, width)[None]])


def write(folder):
    import torch
    from torch.utils.tensorboard import SummaryWriter

    warnings.filterwarnings("ignore")
    w = SummaryWriter(folder)

    losses = [math.exp(-s / 10) for s in range(20)] + [float("nan"), math.inf, -math.inf, 1e-45, -0.0, 1e300]
    for s, loss in enumerate(losses):
        w.add_scalar("loss/train", loss, s, NOW + s)
    for s, loss in enumerate(losses[:8]):
        w.add_scalar("loss/tensor", loss, s, NOW + s, new_style=True)
        for name, factor in (("value", 1), ("lower", 0.5), ("upper", 2)):
            w.add_scalar(f"band/{name}", loss * factor, s, NOW + s)
    w.add_scalar("no step", 3.5, walltime=NOW)
    w.add_scalar("unicode/Ünï ✓", 1.25, 1, NOW + 1)
    w.add_scalar("big step", 0.5, 2**40, NOW)
    w.add_scalar("negative step", 0.5, -3, NOW)
    for s in range(3):
        w.add_scalars("group/both", {"a": s * 1.0, "b": s * 2.0}, s, NOW + s)
    w.add_tensor("tensor/floats", torch.arange(6, dtype=torch.float32).reshape(2, 3), 1, NOW)
    w.add_tensor("tensor/integers", torch.arange(4), 1, NOW)

    w.add_image("image/hw", gray(28, 28), 0, NOW, dataformats="HW")
    w.add_image("image/chw", rgb(32, 48), 0, NOW)
    w.add_image("image/hwc", rgb(32, 48, 3).transpose(1, 2, 0).copy(), 1, NOW, dataformats="HWC")
    w.add_image("image/rgba", rgba(16, 16, 5), 0, NOW)
    w.add_image("image/float", (rgb(20, 20).astype(np.float32) / np.float32(200) - np.float32(0.1)), 0, NOW)
    w.add_image("image/float gray", (gray(20, 20).astype(np.float32) / np.float32(255))[None], 0, NOW)
    w.add_images("image/batch nchw", np.stack([gray(28, 28, k)[None] for k in range(10)]), 0, NOW)
    batch = np.stack([rgb(12, 20, k).transpose(1, 2, 0) for k in range(3)])
    w.add_images("image/batch nhwc", batch, 0, NOW, dataformats="NHWC")
    w.add_image_with_boxes("image/boxes", rgb(40, 60), np.array([[5, 5, 30, 30], [20, 10, 50, 36]]), 0, NOW)

    w.add_text("text", "hello *markdown*\n\n| a | b |\n|---|---|\n| 1 | 2 |", 0, NOW)
    w.add_text("text", "zweite Zeile — ü", 1, NOW + 1)

    spread = (uniform(1000, 1) - 0.5) * 4
    for s in range(3):
        w.add_histogram("histogram/tensorflow", spread * (s + 1), s, walltime=NOW + s)
    w.add_histogram("histogram/auto", spread, 0, bins="auto", walltime=NOW)
    w.add_histogram("histogram/auto skewed", spread * spread * spread, 0, bins="auto", walltime=NOW)
    w.add_histogram("histogram/ten", spread, 0, bins=10, walltime=NOW)
    w.add_histogram("histogram/edges", spread, 0, bins=[-3.0, -1.0, 0.0, 0.5, 1.0], walltime=NOW)
    w.add_histogram("histogram/most 20", spread, 0, walltime=NOW, max_bins=20)
    w.add_histogram("histogram/constant", np.full(5, 2.0), 0, walltime=NOW)
    w.add_histogram("histogram/zero", np.zeros(7), 0, walltime=NOW)
    w.add_histogram("histogram/with nan", np.array([1, 2, math.nan, 4]), 0, walltime=NOW)
    w.add_histogram_raw("histogram/raw", 0.0, 3.0, 6, 9.0, 19.0, [1.0, 2.0, 3.0], [1, 2, 3], 0, NOW)

    wave = torch.tensor([1.2 * math.sin(2 * math.pi * 440 * i / 8000) for i in range(800)])
    w.add_audio("audio/sine", wave, 0, 8000, NOW)

    predictions = uniform(200, 7)
    labels = (uniform(200, 9) < predictions).astype(np.int64)
    w.add_pr_curve("pr/two", labels, predictions, 0, walltime=NOW)
    w.add_pr_curve("pr/eleven", labels, predictions, 1, num_thresholds=11, walltime=NOW)
    w.add_pr_curve("pr/weights", labels, predictions, 1, num_thresholds=5, weights=1 + predictions, walltime=NOW)
    place = np.arange(200)
    w.add_pr_curve("pr/single", np.where(labels, 1, place % 4 / 8),
                   np.where(place % 2 == 0, place % 11 / 10, predictions).astype(np.float32), 1,
                   num_thresholds=11, walltime=NOW)
    scores = uniform(300, 5).reshape(100, 3)
    classes = (uniform(100, 3) * 3).astype(np.int64)
    for k in range(3):
        w.add_pr_curve(f"pr/classes/class_{k}", classes == k, scores[:, k], 2, num_thresholds=9, walltime=NOW)
    w.add_pr_curve_raw("pr/raw", *[np.array(row, float) for row in (
        [4, 3, 1], [4, 1, 0], [0, 3, 4], [0, 1, 3], [.5, .75, 1.], [1., .75, .25])], 0, 3, walltime=NOW)

    w.add_custom_scalars({"Losses": {"both": ["Multiline", ["loss/train", "loss/tensor"]],
                                     "band": ["Margin", ["band/value", "band/lower", "band/upper"]]}})

    corners = torch.tensor([[[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]]], dtype=torch.float)
    colors = torch.tensor([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]]], dtype=torch.int)
    faces = torch.tensor([[[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]]], dtype=torch.int)
    w.add_mesh("mesh/tetrahedron", corners, colors, faces,
               {"camera": {"cls": "PerspectiveCamera", "fov": 75}}, 0, NOW)
    w.add_mesh("mesh/cloud", torch.tensor(uniform(90, 11).reshape(1, 30, 3), dtype=torch.float), global_step=1,
               walltime=NOW)

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = torch.nn.Linear(4, 8)
            self.fc2 = torch.nn.Linear(8, 2)

        def forward(self, x):
            return self.fc2(torch.relu(self.fc1(x)))

    w.add_graph(Net(), torch.zeros(1, 4))

    points = torch.tensor(uniform(40, 3).reshape(8, 5), dtype=torch.float32)
    sprites = torch.tensor(np.stack([rgb(8, 8, k) for k in range(8)])).float() / 255
    w.add_embedding(points, metadata=[f"m{i}" for i in range(8)], label_img=sprites, global_step=2, tag="points/x")
    w.add_embedding(points, metadata=[[f"m{i}", i] for i in range(8)], metadata_header=["name", "index"],
                    global_step=3, tag="two columns")

    w.add_hparams({"lr": 0.1, "batch": 32, "optimizer": "sgd", "nesterov": True}, {"hparam/acc": 0.9, "hparam/loss": 0.4},
                  hparam_domain_discrete={"optimizer": ["sgd", "adam"], "nesterov": [True, False]}, run_name="trial",
                  global_step=7)
    w.close()


def main():
    import decoding

    with tempfile.TemporaryDirectory() as folder:
        write(folder)
        lines = []
        for run, entries in sorted(decoding.runs(folder).items()):
            for entry in entries:
                if entry["kind"] == "file_version":
                    continue
                if entry["wall"] > NOW + 1e6:
                    entry["wall"] = None
                lines.append(decoding.line({"run": run, **entry}))
        for name, entry in decoding.embeddings(folder).items():
            lines.append(decoding.line({"embedding": name, **entry}))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n")
    print(f"{OUT}: {len(lines)} values, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
