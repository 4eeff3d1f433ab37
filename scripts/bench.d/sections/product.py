"""A product of two 1024×1024 matrices of float32, on two threads if the machine has them."""

from sitting import Sitting
from table import Row, faster

NAME = "product"
TITLE = "A product of 1024×1024 matrices"
PEERS = {
    "product/torch.mm": ("torch_product.py", "mm"),
    "product/oneDNN through PyTorch": ("torch_product.py", "onednn"),
    "product/NumPy": ("numpy_product.py",),
}


def threads(sitting: Sitting) -> int:
    return min(2, sitting.cores)


def measure(sitting: Sitting, turn: int):
    sitting.report("product/Levin", sitting.bench("product", "--size", 1024, "--threads", threads(sitting)))
    for series, (script, *arguments) in PEERS.items():
        report = sitting.report(series, sitting.peer(script, threads(sitting), *arguments))
        if report:
            sitting.remark(f"{series.split('/')[1]} computes with {report['notes']['library']}.")


def rows(sitting: Sitting) -> list[Row]:
    levin = sitting.median("product/Levin")
    best = sitting.fastest([*PEERS])
    return [faster(f"float32, {threads(sitting)} threads", levin, series.split("/")[1], sitting.median(series),
                   0.95 if series == best else None, as_share=True) for series in PEERS]
