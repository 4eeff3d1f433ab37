#!/usr/bin/env python3
"""Case files are the same when generated again with the same seed, and have other numbers with another seed."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parent / "make_conformance.py"


class Seeds(unittest.TestCase):
    def made(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, SCRIPT, "--out", folder, "--only", "add", "--only", "index_put", "--only", "multinomial", *options],
                check=True, stdout=subprocess.DEVNULL)
            return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}

    def test_one_seed_gives_the_same_bytes(self):
        first, second = self.made("--seed", "3"), self.made("--seed", "3")
        self.assertEqual(first.keys(), second.keys())
        self.assertEqual([name for name in first if first[name] != second[name]], [])

    def test_two_seeds_give_different_bytes(self):
        first, second = self.made("--seed", "3"), self.made("--seed", "4")
        self.assertEqual(first.keys(), second.keys())
        for name in first.keys() - {"errors.jsonl.gz", "entries.txt"}:
            self.assertNotEqual(first[name], second[name], name)

    def test_sizes(self):
        first, second = self.made("--seed", "3"), self.made("--seed", "3", "--sizes", "odd")
        self.assertNotEqual(first["add.jsonl.gz"], second["add.jsonl.gz"])


if __name__ == "__main__":
    unittest.main()
