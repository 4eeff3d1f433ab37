"""The bookkeeping of `scripts/bench`: a program that fails is left out with a line, and the session continues."""

import os
import pathlib
import sys
import unittest
from unittest import mock

import support

sys.path.insert(0, str(support.ROOT / "scripts" / "bench.d"))
import record
import sitting


class ASitting(unittest.TestCase):
    def setUp(self):
        self.folder = support.fresh_folder("bench")
        with mock.patch.dict(os.environ, {"LEVIN_BENCH_PROGRAMS": str(support.BIN)}):
            self.sitting = sitting.Sitting(self.folder, rounds=2, quick=True)
        self.sitting.begin("process")

    def python(self, text):
        return [sys.executable, "-c", text]

    def test_a_failing_program_is_left_out_with_a_line(self):
        broken = self.python("import sys; sys.exit('ImportError: no such peer')")
        for _ in range(2):
            self.assertIsNone(self.sitting.whole("process/first broken", broken))
            self.assertIsNone(self.sitting.whole("process/second broken", broken))
            self.assertIsNone(self.sitting.whole("process/not there", [self.folder / "nothing"]))
            self.assertIsNotNone(self.sitting.whole("process/whole", self.python("print(1)")))
        self.assertEqual(len(self.sitting.samples["process/whole"]), 2)
        self.assertIsNone(self.sitting.median("process/first broken"))
        self.assertEqual(record.notes(self.sitting, "process"), [
            "first broken failed: exit status 1: ImportError: no such peer.",
            "second broken failed: exit status 1: ImportError: no such peer.",
            "not there failed: it could not be started: No such file or directory."])

    def test_each_whole_run_has_a_new_folder(self):
        write = self.python("open('mark', 'x')")
        for _ in range(3):
            self.assertIsNotNone(self.sitting.whole("process/writes", write))
        self.assertEqual(len(list(pathlib.Path(self.folder).glob("*/mark"))), 3)

    def test_a_report_that_is_none_is_a_failure(self):
        self.assertIsNone(self.sitting.report("process/silent", self.python("print('hello')")))
        self.assertEqual(self.sitting.failures, {"process/silent": "it printed no report"})


if __name__ == "__main__":
    unittest.main()
