"""A peer's measurement as one line of JSON, in the form of levin-bench."""

import json
import statistics
import time


def report(benchmark: str, unit: str, samples: list[float], details: dict | None = None, notes: dict | None = None):
    print(json.dumps({"benchmark": benchmark, "unit": unit, "median": statistics.median(samples), "samples": samples,
                      "details": details or {}, "notes": notes or {}}), flush=True)


def elapsed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
