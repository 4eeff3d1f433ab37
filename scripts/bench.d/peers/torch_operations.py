"""Operations one by one in PyTorch, or products in NumPy. usage: torch_operations.py THREADS GROUP COUNT [numpy] [ROW…]

The rows are those of Sources/levin-bench/OperationRows.swift.
"""

import sys

import torch
from report import elapsed, report


def elementwise(size: int):
    a, b = torch.rand(size, size) - 0.5, torch.rand(size, size) - 0.5
    one, two = a + 0, b + 0
    for way, a, b in (("", a, b), ("transposed ", a.t(), b), ("both transposed ", one.t(), two.t())):
        mask = a < b
        yield f"{way}a + b", lambda: a + b
        yield f"{way}a * b", lambda: a * b
        yield f"{way}a < b", lambda: a < b
        yield f"{way}where", lambda: torch.where(mask, a, b)
        if way == "both transposed ":
            return
        row = b[0]
        yield f"{way}a + row", lambda: a + row
        yield f"{way}a * 2", lambda: a * 2
        yield f"{way}exp", lambda: a.exp()
        yield f"{way}tanh", lambda: a.tanh()
        yield f"{way}sigmoid", lambda: a.sigmoid()
        yield f"{way}erf", lambda: a.erf()
        yield f"{way}relu", lambda: a.relu()
        yield f"{way}GELU, composed", lambda: a * 0.5 * ((a * 0.7071067811865476).erf() + 1)
        yield f"{way}to float64", lambda: a.to(torch.float64)
        yield f"{way}copy", lambda: (a + 0).contiguous()
        yield f"{way}sum", lambda: a.sum()
        yield f"{way}sum of axis 0", lambda: a.sum(0)
        yield f"{way}sum of axis 1", lambda: a.sum(1)
        yield f"{way}maximum of axis 0", lambda: a.amax(0)
        yield f"{way}maximum of axis 1", lambda: a.amax(1)
        yield f"{way}argmax of axis 0", lambda: a.argmax(0)
        yield f"{way}argmax of axis 1", lambda: a.argmax(1)
        yield f"{way}softmax of axis 0", lambda: a.softmax(0)
        yield f"{way}softmax of axis 1", lambda: a.softmax(1)
        yield f"{way}log-softmax of axis 1", lambda: a.log_softmax(1)
        yield f"{way}running sum of axis 0", lambda: a.cumsum(0)
        yield f"{way}running sum of axis 1", lambda: a.cumsum(1)


def products(dtype, matrix=lambda x: x):
    def random(*shape):
        return matrix(torch.rand(*shape, dtype=dtype) - 0.5)
    square = [(n, n, n) for n in (64, 128, 256, 512, 1024, 2048)]
    skinny = [(1, 1024, 1024), (1024, 1024, 1), (2048, 16, 2048), (16, 2048, 2048), (2048, 2048, 16), (64, 784, 128)]
    for m, k, n in square + skinny:
        a, b = random(m, k), random(k, n)
        yield f"{m}×{k}×{n}", lambda: a @ b
    a, b = random(512, 512), random(512, 512)
    yield "512×512×512, A transposed", lambda: a.T @ b
    yield "512×512×512, B transposed", lambda: a @ b.T
    yield "512×512×512, both transposed", lambda: a.T @ b.T
    many, others = random(64, 128, 128), random(64, 128, 128)
    yield "64 of 128×128×128", lambda: many @ others
    yield "64 of 128×128×128, B transposed", lambda: many @ others.swapaxes(-1, -2)


def indexing():
    count = 1 << 20
    values, order = torch.rand(count), torch.randperm(count)
    rows = values.reshape(1 << 14, 64)
    numbers = torch.randint(0, 1 << 14, (1 << 14,))
    zeros = torch.zeros(count)
    yield "sort", lambda: values.sort()
    yield "sort of rows of 64", lambda: rows.sort()
    yield "sort of int64", lambda: order.sort()
    yield "top 100", lambda: values.topk(100)
    yield "top 8 of rows of 64", lambda: rows.topk(8)
    yield "gather", lambda: values.gather(0, order)
    yield "scatter-add", lambda: zeros.scatter_add(0, order, values)
    yield "index-select of elements", lambda: values.index_select(0, order)
    yield "index-select of rows of 64", lambda: rows.index_select(0, numbers)


def random():
    count = 1 << 24
    yield "rand", lambda: torch.rand(count)
    yield "randn", lambda: torch.randn(count)
    yield "randperm", lambda: torch.randperm(count)


def rows(group: str, library: str):
    matrix = (lambda x: x.numpy()) if library == "numpy" else (lambda x: x)
    return {
        "large": lambda: elementwise(4096), "4096": lambda: elementwise(64), "64": lambda: elementwise(8),
        "float32": lambda: products(torch.float32, matrix), "float64": lambda: products(torch.float64, matrix),
        "indexing": indexing, "random": random}[group]()


def seconds(body, count: int) -> list[float]:
    body()
    turns = int(max(1, min(10_000, 300e-6 / max(elapsed(body), 1e-9))))

    def work():
        for _ in range(turns):
            body()
    return [elapsed(work) / turns for _ in range(count)]


threads, group, count, *rest = sys.argv[1:]
library = "numpy" if rest[:1] == ["numpy"] else "torch"
wanted = rest[library == "numpy":]
torch.set_num_threads(int(threads))
with torch.inference_mode():
    # One row after another: the names in a row's body are those of the generator.
    for name, body in rows(group, library):
        if not wanted or name in wanted:
            report(name, "s", seconds(body, int(count)))
