"""The tutorial's run with Lightning, exactly as in the tutorial: torchvision's MNIST through the DataLoader.

No worker processes, because none is fastest here. usage: lightning_tutorial.py ROOT        that has MNIST/raw
"""

import sys

import lightning.pytorch as pl
import torch
from lightning_module import DigitModule
from torch.utils.data import DataLoader, random_split
from torchvision import transforms
from torchvision.datasets import MNIST


class DigitDataModule(pl.LightningDataModule):
    def setup(self, stage):
        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
        full = MNIST(sys.argv[1], train=True, transform=transform)
        self.train, self.validation = random_split(full, [48000, 12000], torch.Generator().manual_seed(42))
        self.test = MNIST(sys.argv[1], train=False, transform=transform)

    def train_dataloader(self):
        return DataLoader(self.train, batch_size=64)

    def val_dataloader(self):
        return DataLoader(self.validation, batch_size=64)

    def test_dataloader(self):
        return DataLoader(self.test, batch_size=64)


model, data = DigitModule(), DigitDataModule()
trainer = pl.Trainer(max_epochs=5, accelerator="cpu", logger=pl.loggers.TensorBoardLogger("."))
trainer.fit(model, data)
trainer.test(model, data)
