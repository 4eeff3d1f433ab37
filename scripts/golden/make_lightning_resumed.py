"""Makes Tests/Golden/torch/resumed.json: how Lightning goes on from the checkpoints of make_torch_files.py.

Run with the same Python:
    python scripts/golden/make_lightning_resumed.py [KIND CHECKPOINT EPOCHS OUTPUT]

With a kind of checkpoint, a checkpoint of that kind, a number of epochs and a path, it goes on from the checkpoint until
so many epochs are done, writes a checkpoint to the path, and prints the losses. Without arguments, for each checkpoint, the loss of every batch until the end of epoch 4, and the learning rates after it.
"""

import contextlib
import json
import pathlib
import sys
import types
import warnings

sys.modules.setdefault("torchvision._meta_registrations", types.ModuleType("torchvision._meta_registrations"))

import lightning
import torch

import make_torch_files as made

schedules = torch.optim.lr_scheduler
warnings.filterwarnings("ignore")


class Losses(lightning.Callback):
    def __init__(self):
        self.values = []

    def on_train_batch_end(self, trainer, module, outputs, batch, index):
        # What manual optimization returns is the tensor itself.
        loss = outputs["loss"] if isinstance(outputs, dict) else outputs
        # JSON has no infinity.
        self.values.append(loss.item() if loss.isfinite() else None)


def resumed(name, optimizers, path, epochs):
    losses = Losses()
    options = {"manual": True} if name == "manual" else {}
    module = made.Module(optimizers, made.tied_network() if name == "tied" else None, **options)
    trainer = lightning.Trainer(
        max_epochs=epochs, accelerator="cpu", logger=False, callbacks=[losses], enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False)
    trainer.fit(module, made.Data(), ckpt_path=path)
    return trainer, losses.values


def main():
    adam = lambda net: made.step_lr(torch.optim.Adam(net.parameters(), lr=0.01))
    plain = lambda kind, **options: lambda net: kind(net.parameters(), **options)
    scheduled = made.scheduled
    kinds = {
        "lightning": adam, "middle": adam, "end": adam, "tied": adam,
        "sgd": plain(torch.optim.SGD, lr=0.1),
        "momentum": scheduled(
            lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True), lambda o: schedules.MultiStepLR(o, [1, 2])),
        "amsgrad": scheduled(
            lambda p: torch.optim.AdamW(p, lr=0.01, amsgrad=True), lambda o: schedules.CosineAnnealingLR(o, 10)),
        "rmsprop": scheduled(
            lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
            lambda o: schedules.OneCycleLR(o, 0.1, total_steps=20), interval="step"),
        "adagrad": scheduled(
            lambda p: torch.optim.Adagrad(p, lr=0.01), schedules.ReduceLROnPlateau, monitor="val/loss"),
        "adadelta": plain(torch.optim.Adadelta), "adamax": plain(torch.optim.Adamax), "nadam": plain(torch.optim.NAdam),
        "rprop": plain(torch.optim.Rprop),
        "manual": lambda net: [
            torch.optim.Adam(net[0].parameters(), lr=0.01), torch.optim.SGD(net[2].parameters(), lr=0.1)],
        "groups": made.two_groups,
    }
    if len(sys.argv) > 1:
        name, checkpoint, epochs, output = sys.argv[1:]
        # A kind that Lightning only gets from Levin.
        kinds["warmup"] = scheduled(
            lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.5),
            lambda o: schedules.SequentialLR(
                o, [schedules.LinearLR(o, 0.5, total_iters=3), schedules.OneCycleLR(o, 0.1, total_steps=20)], [3]),
            interval="step")
        with contextlib.redirect_stdout(sys.stderr):
            trainer, losses = resumed(name, kinds[name], checkpoint, int(epochs))
            trainer.save_checkpoint(output)
        print(json.dumps(losses))
        return
    result = {}
    for name, optimizers in kinds.items():
        trainer, losses = resumed(name, optimizers, made.OUT / f"{name}.ckpt", 5)
        result[name] = {
            "losses": losses, "global_step": trainer.global_step,
            "rates": [group["lr"] for optimizer in trainer.optimizers for group in optimizer.param_groups],
        }
    (made.OUT / "resumed.json").write_text(json.dumps(result, indent=0) + "\n")


if __name__ == "__main__":
    main()
