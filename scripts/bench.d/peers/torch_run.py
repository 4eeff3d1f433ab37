"""The tutorial's run in plain PyTorch: five epochs with validation, then the test. usage: torch_run.py THREADS"""

import sys

import torch
import torch_model
from report import report

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(42)
module = torch_model.model()
optimizer = torch_model.adam(module, "fused")
train, validation = torch_model.split()
for _ in range(5):
    torch_model.epoch(module, optimizer, *train)
    torch_model.accuracy(module, *validation)
report("test", "1", [torch_model.accuracy(module, *torch_model.part("t10k"))])
