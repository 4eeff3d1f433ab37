"""A product of two 1024×1024 matrices in PyTorch. usage: torch_product.py THREADS mm|onednn

mm is torch.mm, whichever library that calls; onednn asks for oneDNN, which is the faster on some machines.
"""

import os
import sys
import tempfile

import torch
from report import elapsed, report

torch.set_num_threads(int(sys.argv[1]))
a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)


def product():
    with torch.inference_mode():
        if sys.argv[2] == "mm":
            torch.mm(a, b)
        else:
            torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], "")


def spoken(work) -> str:
    """The text that the libraries print about themselves on standard output while `work` runs."""
    with tempfile.TemporaryFile() as said:
        kept = os.dup(1)
        os.dup2(said.fileno(), 1)
        try:
            with torch.backends.mkl.verbose(1), torch.backends.mkldnn.verbose(1):
                work()
        finally:
            os.dup2(kept, 1)
        said.seek(0)
        return said.read().decode(errors="replace")


def library() -> str:
    said = spoken(product)
    if "MKL_VERBOSE SGEMM" in said:
        return "MKL (its SGEMM)"
    kernels = [line.split(",") for line in said.splitlines() if ",exec," in line]
    if kernels:
        return "oneDNN " + next(word for words in kernels[-1:] for word in words if ":" in word)
    blas = [line for line in torch.__config__.show().split(", ") if line.startswith("BLAS_INFO=")]
    return blas[0].removeprefix("BLAS_INFO=") if blas else "an unnamed library"


for _ in range(3):
    product()
seconds = [elapsed(product) for _ in range(31)]
report("product", "s", seconds, {"gigaflops": 2 * 1024 ** 3 / sorted(seconds)[15] / 1e9}, {"library": library()})
