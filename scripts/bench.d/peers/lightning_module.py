"""The tutorial's module, with its one misspelt hook corrected, so that pictures are logged once per epoch, as in Levin."""

import without_operators  # noqa: F401

import lightning.pytorch as pl
import torch
from torch import nn
from torchmetrics.functional import accuracy
from torchvision.utils import make_grid


class DigitModule(pl.LightningModule):
    def __init__(self, fused: bool = False):
        super().__init__()
        self.fused = fused or None
        self.model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
        self.loss_function = nn.CrossEntropyLoss()
        self.has_logged_images = False

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3, fused=self.fused)

    def forward(self, x):
        return self.model(x.view(-1, 784))

    def training_step(self, batch, batch_index):
        x, y = batch
        output = self(x)
        loss = self.loss_function(output, y)
        self.log("train/loss", loss)
        self.log_images("train", x, y, output)
        return loss

    def validation_step(self, batch, batch_index):
        self.evaluate("val", batch)

    def test_step(self, batch, batch_index):
        self.evaluate("test", batch)

    def evaluate(self, stage, batch):
        x, y = batch
        output = self(x)
        self.log(f"{stage}/loss", self.loss_function(output, y))
        self.log(f"{stage}/acc", accuracy(output, y, task="multiclass", num_classes=10))
        self.log_images(stage, x, y, output)

    def log_images(self, stage, x, y, output):
        if self.has_logged_images:
            return
        writer = self.logger.experiment
        writer.add_image(f"{stage}/inputs", make_grid(x.view(-1, 1, 28, 28)), self.current_epoch)
        writer.add_text(f"{stage}/targets", str(y), self.current_epoch)
        writer.add_text(f"{stage}/preds", str(torch.argmax(output, dim=1)), self.current_epoch)
        self.has_logged_images = True

    def on_train_epoch_start(self):
        self.has_logged_images = False

    def on_validation_epoch_start(self):
        self.has_logged_images = False

    def on_test_epoch_start(self):
        self.has_logged_images = False
