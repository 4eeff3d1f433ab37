"""A training epoch in PyTorch. usage: torch_epoch.py THREADS plain|foreach|fused COUNT"""

import sys

import torch
import torch_model
from report import elapsed, report

threads, kind, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(42)
module = torch_model.model()
optimizer = torch_model.adam(module, kind)
(images, labels), validation = torch_model.split()


def epoch():
    torch_model.epoch(module, optimizer, images, labels)


epoch()
seconds = [elapsed(epoch) for _ in range(count)]
report("epoch", "s", seconds, {"threads": threads, "validation_accuracy": torch_model.accuracy(module, *validation)})
