"""What `--trainer.profiler` prints and writes: the table, and a trace that JSON readers and Chromium's rules accept."""

import json
import re
import unittest

import support

SHORT = ["fit", "--data.dataset", "strokes", "--trainer.max_epochs", "1", "--trainer.limit_train_batches", "20",
         "--trainer.limit_val_batches", "5", "--trainer.log_every_n_steps", "5"]


def rows(text):
    """{action: (mean, calls, total, percentage)} of a report."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) > 4 and cells[1] not in ("-", "Mean duration (s)"):
            found[cells[0]] = (float(cells[1]), int(cells[2]), float(cells[3]), float(cells[4]))
    return found


class Profilers(unittest.TestCase):
    def test_simple(self):
        folder = support.fresh_folder("profiler")
        output = support.program("levin", *SHORT, "--trainer.profiler", "simple", folder=folder).stdout
        self.assertIn("FIT Profiler Report\n\n---", output)
        self.assertIn("Peak memory of tensors: ", output)
        found = rows(output)
        self.assertEqual(found["runTrainingBatch"][1], 20)
        self.assertEqual(found["[LightningModule]DigitModule.trainingStep"][1], 20)
        self.assertEqual(found["[LightningModule]DigitModule.validationStep"][1], 2 + 5)
        self.assertEqual(found["[FitLoop].trainDataLoaderNext"][1], 20)
        for mean, calls, total, percentage in found.values():
            self.assertAlmostEqual(mean * calls, total, delta=total * 1e-3 + 1e-9)
            self.assertLessEqual(percentage, 100)
        # What measuring cost is a row, and small.
        self.assertLess(found["[Profiler]SimpleProfiler"][3], 10)
        # An action within another takes less.
        self.assertLess(found["[LightningModule]DigitModule.trainingStep"][2], found["runTrainingBatch"][2])
        self.assertLess(found["runTrainingBatch"][2], found["runTrainingEpoch"][2])

    def test_advanced(self):
        folder = support.fresh_folder("trace")
        output = support.program("levin", *SHORT, "--trainer.profiler", "advanced", folder=folder).stdout
        path = re.search(r"Trace: (\S+\.json)", output).group(1)
        self.assertEqual(path, "lightning_logs/version_0/fit-trace.json")
        events = json.loads((folder / path).read_text())
        spans = [event for event in events if event["ph"] == "X"]
        self.assertEqual({event["ph"] for event in events} - {"X", "M", "C", "i"}, set())
        kinds = {event["cat"] for event in spans}
        self.assertLessEqual(
            {"hook", "step", "loop", "loading", "logging", "checkpoint", "operation", "backward"}, kinds)
        self.check_nesting(spans)

        # Three layers a step, forwards and backwards, with the layer's name and shapes.
        within = self.inside(spans, "[LightningModule]DigitModule.trainingStep")
        self.assertEqual(len(within), 20)
        for operations in within:
            linears = [event for event in operations if event["name"].startswith("linear")]
            self.assertEqual([event["args"]["module"] for event in linears], [
                'Linear "model.0"', 'Linear "model.2"', 'Linear "model.4"'])
            self.assertTrue(linears[0]["args"]["inputs"].startswith("float32 [64, 784], float32 [128, 784]"))
            self.assertEqual(linears[0]["args"]["outputs"], "float32 [64, 128]")
        memory = [event["args"]["bytes"] for event in events if event["ph"] == "C"]
        self.assertGreater(max(memory), 64 * 784 * 4)
        # A row for each operation, whose calls are those of the trace.
        name = within[0][0]["name"]
        self.assertEqual(rows(output)[f"[Operation]{name}"][1], sum(event["name"] == name for event in spans))

    def check_nesting(self, spans):
        """Spans of one thread are apart or within each other; times have nanoseconds."""
        ends = []
        for event in sorted(spans, key=lambda event: (event["ts"], -event["dur"])):
            self.assertGreaterEqual(event["dur"], 0)
            while ends and ends[-1] <= event["ts"]:
                ends.pop()
            end = event["ts"] + event["dur"]
            if ends:
                self.assertLessEqual(end, ends[-1] + 0.0015)
            ends.append(end)

    def inside(self, spans, name):
        """For each span of this name the operations within it that a program calls, in order."""
        operations = sorted((e for e in spans if e["cat"] == "operation"), key=lambda e: e["ts"])
        return [[e for e in operations if outer["ts"] <= e["ts"] <= outer["ts"] + outer["dur"]]
                for outer in spans if outer["name"] == name]

    def test_unknown(self):
        done = support.program("levin", "fit", "--trainer.profiler", "pytorch", folder=support.fresh_folder("profiler"),
                               check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--trainer.profiler: found 'pytorch'; expected {simple,advanced} or null", done.stderr)


if __name__ == "__main__":
    unittest.main()
