"""A product of two 1024×1024 matrices in NumPy. usage: numpy_product.py THREADS"""

import sys

import numpy as np
import threadpoolctl
from report import elapsed, report

a, b = (np.random.default_rng(i).random((1024, 1024), np.float32) for i in (1, 2))
out = np.empty_like(a)
with threadpoolctl.threadpool_limits(int(sys.argv[1])):
    for _ in range(3):
        np.matmul(a, b, out=out)
    seconds = [elapsed(lambda: np.matmul(a, b, out=out)) for _ in range(31)]
    libraries = [f"{pool['internal_api']} {pool['version']}, its kernel for {pool['architecture']}"
                 for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
report("product", "s", seconds, {"gigaflops": 2 * 1024 ** 3 / sorted(seconds)[15] / 1e9},
       {"library": libraries[0] if libraries else "an unnamed library"})
