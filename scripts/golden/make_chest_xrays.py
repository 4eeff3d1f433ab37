"""Makes Tests/Golden/chest-xrays: what pandas, scikit-learn, torchmetrics, Pillow and PyTorch say about a miniature of chest X-rays.

Run with a Python that has torch, torchvision, torchmetrics, pandas and scikit-learn:
    python scripts/golden/make_chest_xrays.py .build/debug/chexpert
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import types

# A torchvision that was built for another torch cannot register its operators on import. Nothing here needs them.
sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import numpy as np  # noqa: E402
import pandas
import torch
import torchmetrics.functional as metrics
from PIL import Image
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.models.densenet import DenseNet

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "chest-xrays"
PATIENTS = 60
TASKS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"]
FINDINGS = ["No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation",
            "Pneumonia", "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices"]


def write_json(name, content):
    OUT.mkdir(exist_ok=True)
    text = json.dumps(content, separators=(",", ":"))
    (OUT / name).write_text(text.replace('],"', '],\n"').replace('},"', '},\n"').replace('",', '",\n') + "\n")


def tree(folder):
    """One hash of all paths and contents below a folder, and the number of files."""
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256((folder / path).read_bytes()).hexdigest()} {path}\n" for path in paths]
    return {"files": len(paths), "sha256": hashlib.sha256("".join(lines).encode()).hexdigest()}


def rows_of_characters(table):
    """One text for a table of labels: 1, 0, - for -1 and . for a blank."""
    return ["".join("." if np.isnan(x) else "-" if x < 0 else str(int(x)) for x in row) for row in table.to_numpy(float)]


def targets(labels, policy):
    """A table of labels after a policy: {"uncertain": …, "except": {task: …}, "unmentioned": …}; NaN does not count."""
    result = labels.copy()
    for task in labels:
        rule = policy["except"].get(task, policy["uncertain"])
        blank = labels[task].isna()
        result[task] = labels[task].replace(-1, {"ones": 1, "zeros": 0, "ignore": np.nan}[rule])
        if policy["unmentioned"] == "zero":
            result.loc[blank, task] = 0
    return result


POLICIES = [
    {"uncertain": "ones", "except": {}, "unmentioned": "zero"},
    {"uncertain": "zeros", "except": {}, "unmentioned": "zero"},
    {"uncertain": "ignore", "except": {}, "unmentioned": "zero"},
    {"uncertain": "ones", "except": {}, "unmentioned": "ignore"},
    {"uncertain": "zeros", "except": {"Atelectasis": "ones", "Edema": "ones", "Cardiomegaly": "ignore"}, "unmentioned": "zero"},
]


def weights(table):
    """The mean over tasks of 1 / the number of images with the same target."""
    counts = {task: table[task].value_counts() for task in table}
    parts = [table[task].map(lambda x, task=task: 1 / counts[task][x] if x == x else 0) for task in table]
    return (sum(parts) / len(parts)).tolist()


def cheXpert(root):
    folder = root / "CheXpert-v1.0-small"
    train, valid = (pandas.read_csv(folder / f"{name}.csv") for name in ("train", "valid"))
    content = {"tree": tree(folder), "header": list(train.columns), "parts": {}}
    for name, table in {"train": train, "validation": valid}.items():
        parts = table["Path"].str.split("/", expand=True)
        content["parts"][name] = {
            "paths": [path.removeprefix("CheXpert-v1.0-small/") for path in table["Path"]],
            "labels": rows_of_characters(table[FINDINGS]),
            "counts": {finding: [int((table[finding] == x).sum()) for x in (1, 0, -1)] + [int(table[finding].isna().sum())]
                       for finding in FINDINGS},
            "frontal": int((table["Frontal/Lateral"] == "Frontal").sum()),
            "studies": pandas.factorize(parts[2] + "/" + parts[3])[0].tolist(),
            "patients": pandas.factorize(parts[2])[0].tolist(),
            "sexes": table["Sex"].value_counts().to_dict(),
            "ages": int(table["Age"].sum()),
            "projections": table["AP/PA"].value_counts().to_dict(),
        }
    content["policies"] = []
    for policy in POLICIES:
        table = targets(train[TASKS], policy)
        content["policies"].append(policy | {"targets": rows_of_characters(table), "weights": weights(table)})
    content["evaluations"] = evaluations(train, content["parts"]["train"]["studies"])
    write_json("chexpert.json", content)
    return folder, train


def evaluations(train, studies):
    """Scores of studies by the maximum and the mean of their images, and their areas; one task has no positive label."""
    generator = np.random.default_rng(3)
    labels = targets(train[TASKS], POLICIES[2]).fillna(-1)
    labels["Edema"] = labels["Edema"].replace(1, 0)
    noise = generator.random(labels.shape)
    scores = (0.6 * noise + 0.4 * (labels == 1)).astype(np.float32).round(3)
    found = {"scores": scores.to_numpy().ravel().round(3).tolist(), "labels": labels.to_numpy().ravel().tolist(), "pooled": {}}
    found["scores"] = [float(str(x)) for x in scores.to_numpy().ravel()]
    for pooling in ("max", "mean"):
        by_study = scores.groupby(np.array(studies), sort=False).agg(pooling)
        truth = labels.groupby(np.array(studies), sort=False).first()
        areas, accuracies = [], []
        for task in TASKS:
            known = truth[task] >= 0
            y, p = truth[task][known], by_study[task][known]
            both = y.nunique() == 2
            areas.append(float(roc_auc_score(y, p.astype(np.float64))) if both else None)
            if both:
                area = metrics.auroc(torch.tensor(p.to_numpy()), torch.tensor(y.to_numpy().astype(int)), "binary")
                assert abs(area - areas[-1]) < 1e-6
            accuracies.append(float(metrics.accuracy(
                torch.tensor(p.to_numpy()), torch.tensor(y.to_numpy().astype(int)), "binary")))
        found["pooled"][pooling] = {
            "scores": [float(x) for x in by_study.to_numpy().ravel()], "areas": areas, "accuracies": accuracies,
            "mean": float(np.mean([area for area in areas if area is not None]))}
    return found


def mimic(root):
    folder = root / "mimic-cxr-jpg" / "2.0.0"
    metadata, split, labels = (pandas.read_csv(folder / f"mimic-cxr-2.0.0-{name}.csv.gz") for name in ("metadata", "split", "chexpert"))
    assigned = metadata.merge(split.drop(columns=["study_id", "subject_id"]), on="dicom_id")
    joined = assigned.merge(labels, on=["subject_id", "study_id"])
    content = {"tree": tree(folder), "unassigned": len(metadata) - len(assigned), "parts": {}}
    for part in ("train", "validate", "test"):
        table = joined[joined["split"] == part]
        views = table["ViewPosition"].map({"AP": "frontal", "PA": "frontal", "LATERAL": "lateral", "LL": "lateral"})
        content["parts"][part] = {
            "paths": [f"files/p{str(s)[:2]}/p{s}/s{t}/{i}.jpg"
                      for s, t, i in zip(table["subject_id"], table["study_id"], table["dicom_id"])],
            "labels": rows_of_characters(table[FINDINGS]),
            "withoutLabels": int((assigned["split"] == part).sum()) - len(table),
            "views": {view: int((views == view).sum()) for view in ("frontal", "lateral")},
        }
    write_json("mimic.json", content)


def masked_losses():
    """Binary cross-entropies over the targets that count."""
    logits = torch.tensor([[.5, -1, 2], [-.3, .8, 0]], requires_grad=True)
    labels = torch.tensor([[1, 0, -1], [float("nan"), 1, 0]])
    known = labels >= 0
    content = {"logits": logits.tolist(), "labels": [[1, 0, -1], [None, 1, 0]]}

    def both(name, function, values):
        values.grad = None
        loss = function(values[known], labels[known])
        loss.backward()
        content[name] = {"loss": loss.item(), "gradient": values.grad.flatten().tolist()}
    both("fromLogits", nn.functional.binary_cross_entropy_with_logits, logits)
    weight = torch.tensor([3.0, 1.0, 2.0]).expand(2, 3)
    both("weighted", lambda x, y: nn.functional.binary_cross_entropy_with_logits(x, y, pos_weight=weight[known]), logits)
    both("probabilities", nn.functional.binary_cross_entropy, logits.detach().sigmoid().requires_grad_())
    write_json("masked.json", content)


class Pictures(Dataset):
    def __init__(self, folder, table, steps):
        self.paths = [folder.parent / path for path in table["Path"]]
        self.labels = torch.tensor(targets(table[TASKS], POLICIES[0]).to_numpy(np.float32))
        self.transform = transforms.Compose(steps)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index])), self.labels[index]


def augmented(folder, train):
    """The bytes of shuffled, augmented batches, with torch's draws and without workers."""
    steps = [transforms.Resize((64, 64)),
             transforms.RandomAffine(10, (0.05, 0.05), (0.95, 1.05), interpolation=transforms.InterpolationMode.BILINEAR),
             transforms.PILToTensor()]
    torch.manual_seed(42)
    loader = DataLoader(Pictures(folder, train, steps), batch_size=16, shuffle=True)
    return [hashlib.sha256(images.numpy().tobytes()).hexdigest() for _ in range(2) for images, _ in loader]


def training(folder, train):
    """The first 50 losses of a small DenseNet, without augmentation, and for how many of them PyTorch agrees with itself."""
    steps = [transforms.Resize((64, 64)), transforms.Grayscale(3), transforms.ToTensor(),
             transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
    batches = list(DataLoader(Pictures(folder, train, steps), batch_size=16, drop_last=True))

    def losses(noise=None):
        torch.manual_seed(1)
        model = DenseNet(growth_rate=8, block_config=(2, 2), num_init_features=16, num_classes=1000)
        model.classifier = nn.Sequential(nn.Linear(model.classifier.in_features, len(TASKS)), nn.Sigmoid())
        if noise is not None:
            generator = torch.Generator().manual_seed(noise)
            with torch.no_grad():
                for p in model.parameters():
                    up = torch.rand(p.shape, generator=generator) < 0.5
                    p.copy_(torch.where(up, torch.nextafter(p, torch.tensor(torch.inf)), torch.nextafter(p, torch.tensor(-torch.inf))))
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
        found = []
        for step in range(50):
            x, y = batches[step % len(batches)]
            loss = nn.functional.binary_cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            found.append(loss.item())
        return found
    exact = losses()
    noisy = [losses(noise) for noise in range(3)]
    agreed = next((step for step in range(50) if any(abs(run[step] - exact[step]) > 2.5e-5 * exact[step] for run in noisy)), 50)
    return {"losses": exact, "agreed": agreed}


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for layout in ("chexpert", "mimic"):
            subprocess.run([sys.argv[1], "miniature", root, "--patients", str(PATIENTS), "--layout", layout], check=True)
        place, train = cheXpert(root)
        mimic(root)
        masked_losses()
        write_json("training.json", training(place, train) | {"augmented": augmented(place, train)})


if __name__ == "__main__":
    main()
