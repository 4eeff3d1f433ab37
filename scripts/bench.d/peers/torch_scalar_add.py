"""An addition of two scalars that record gradients, forward and backward, as `levin-bench scalar-add` does it."""

import statistics

import torch
from report import elapsed, report

torch.set_num_threads(1)
a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)


def nanoseconds(links: int, turns: int = 50, count: int = 41) -> list[float]:
    def work():
        for _ in range(turns):
            total = a
            for _ in range(links):
                total = total + b
            total.backward()
    work()
    return [elapsed(work) / (turns * links) * 1e9 for _ in range(count)]


chain = nanoseconds(100)
report("scalar-add", "ns", chain, {"alone": statistics.median(nanoseconds(1))})
