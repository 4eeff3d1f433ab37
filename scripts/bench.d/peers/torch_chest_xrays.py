"""A training on a miniature of CheXpert as PyTorch users write it: torchvision's DenseNet-121, five tasks, uncertain labels as ones.

usage: torch_chest_xrays.py FOLDER IMAGE-SIZE EPOCHS SEED WORKERS
"""

import pathlib
import sys
import time

import without_operators  # noqa: F401
import pandas
import torch
import torchmetrics.functional as metrics
from PIL import Image
from report import report
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.models import densenet121

TASKS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"]


class Pictures(Dataset):
    def __init__(self, root: pathlib.Path, part: str, size: int):
        table = pandas.read_csv(root / "CheXpert-v1.0-small" / f"{part}.csv")
        self.paths = [root / path for path in table["Path"]]
        self.labels = torch.tensor(table[TASKS].fillna(0).replace(-1, 1).to_numpy("float32"))
        self.studies = table["Path"].str.rsplit("/", n=1).str[0]
        self.transform = transforms.Compose([
            transforms.Resize((size, size)), transforms.Grayscale(3), transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index])), self.labels[index]


def area(scores: torch.Tensor, pictures: Pictures) -> float:
    """The mean over the tasks of the area under the ROC curve; a study's score is its images' greatest."""
    columns = pandas.DataFrame(scores.numpy(), columns=TASKS).groupby(pictures.studies.to_numpy(), sort=False).max()
    labels = pandas.DataFrame(pictures.labels.numpy(), columns=TASKS).groupby(pictures.studies.to_numpy(), sort=False).first()
    areas = [metrics.auroc(torch.tensor(columns[task].to_numpy()), torch.tensor(labels[task].to_numpy("int64")), "binary")
             for task in TASKS if labels[task].nunique() == 2]
    return float(sum(areas) / len(areas)) if areas else float("nan")


def main():
    root, size, epochs, seed, workers = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:])
    torch.manual_seed(seed)
    train, valid = (Pictures(root, part, size) for part in ("train", "valid"))
    loading = {"batch_size": 16, "num_workers": workers, "persistent_workers": workers > 0}
    batches, validation = DataLoader(train, shuffle=True, **loading), DataLoader(valid, **loading)
    model = densenet121(num_classes=1000)
    model.classifier = nn.Sequential(nn.Linear(1024, len(TASKS)), nn.Sigmoid())
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    seconds, found = [], 0.0
    for _ in range(epochs):
        start = time.perf_counter()
        model.train()
        for images, labels in batches:
            loss = nn.functional.binary_cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            found = area(torch.cat([model(images) for images, _ in validation]), valid)
        seconds.append(time.perf_counter() - start)
    report("chest X-rays", "s", seconds, {"auroc": found, "workers": workers})


if __name__ == "__main__":
    main()
