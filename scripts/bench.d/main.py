"""Measures Levin and its peers in turn and prints the table. See scripts/bench."""

import argparse
import pathlib
import tempfile

import record
import table
from sections import chest_xrays, data, metrics, networks, operation, operations, optimizers, process, product, reading, start, train, weights, writing
from sitting import Sitting, say

SECTIONS = {section.NAME: section for section in (train, process, product, operation, operations, networks, data, metrics, optimizers, weights, chest_xrays, writing, reading, start)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    rounds = options.rounds or (1 if options.quick else 3)
    names = [name for name in SECTIONS if name in options.sections or not options.sections]

    with tempfile.TemporaryDirectory(prefix="levin-bench-") as folder:
        sitting = Sitting(pathlib.Path(folder), rounds, options.quick)
        rows = {}
        print(record.heading(sitting), flush=True)
        for name in names:
            section = SECTIONS[name]
            sitting.begin(name)
            for turn in range(1, rounds + 1):
                say(f"{name}: round {turn} of {rounds}, fork-join latency {table.time(sitting.take_latency())}")
                section.measure(sitting, turn)
            rows[name] = section.rows(sitting)
            print(table.markdown(section.TITLE, rows[name], record.notes(sitting, name)), flush=True)
        say(f"all figures: {record.save(sitting, rows)}")


main()
