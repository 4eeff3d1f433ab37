"""Output that cannot be written, a reader that goes away, and names that would control the terminal."""

import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

import support
import test_terminal

STEERING = ("\x1b", "\x07", "\x9b", "\u200b", "\u200e", "\u202e", "\ufeff")
EVIL = "a\x1b]52;c;cHduZWQ=\x07\x1b[2J\x1b[H\x9b2J\u200b\u200e\u202e\ufeffb"


def write_events(path, tags, steps=3):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        writer.write(event_pb2.Event(wall_time=1, file_version="brain.Event:2").SerializeToString())
        for step in range(steps):
            values = [summary_pb2.Summary.Value(tag=tag, simple_value=step) for tag in tags]
            writer.write(event_pb2.Event(wall_time=2 + step, step=step,
                                         summary=summary_pb2.Summary(value=values)).SerializeToString())


class AFullDisk(unittest.TestCase):
    def test_every_command_fails_clearly(self):
        run = support.digits_run()
        event_file = min(run.version.glob("*tfevents*"))
        for program, *arguments in (("digits", "--help"), ("digits", "--version"), *(("levin", *arguments) for arguments in (
            ["runs"], ["runs", "--json"], ["runs", "--csv"], ["show", "0"], ["show", "0", "--json"],
            ["show", "0", "--watch"], ["show", "0", "--png", "full.png"], ["diff", "0", "0"], ["diff", "0", "0", "--json"],
            ["events", "check", event_file], ["events", "export", "version_0", "--csv"],
            ["events", "export", "version_0", "--json"], ["events", "repair", event_file, "-o", "full.tfevents", "--force"],
            ["fit", "--print_config"], ["fit", "--help"], ["--help"], ["help"], ["help", "fit"], ["help", "runs"],
            ["runs", "--help"], ["--version"], ["--generate-completion-script", "bash"],
            ["predict", "--ckpt_path", "last"], ["predict", "--ckpt_path", "last", "--csv"],
            ["test", "--ckpt_path", "last", "--trainer.logger", "false"],
        ))):
            with self.subTest(program=program, arguments=arguments), open("/dev/full", "w") as full:
                done = subprocess.run(
                    [support.BIN / program, *map(str, arguments)], cwd=run.folder, stdout=full, stderr=subprocess.PIPE,
                    env=support.clean_environment(), text=True, timeout=120)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(
                    done.stderr.splitlines()[-1], "error: cannot write to the standard output: No space left on device; "
                    "the output is incomplete")
                self.assertNotIn("NSCocoa", done.stderr)


class AReaderThatGoes(unittest.TestCase):
    def test_runs_into_head(self):
        """The program ends silently, whether SIGPIPE ends it or is ignored, as under some parents."""
        folder = support.fresh_folder("head")
        for number in range(300):
            write_events(folder / "logs" / f"a_run_with_a_rather_long_name_{number}" / "events.out.tfevents.1", ["x"], 1)
        for ignored in (False, True):
            program = subprocess.Popen(
                [support.BIN / "levin", "runs", "logs", "--json"], cwd=folder, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, restore_signals=not ignored, env=support.clean_environment())
            program.stdout.readline()
            program.stdout.close()
            self.assertEqual(program.stderr.read(), b"")
            program.stderr.close()
            self.assertIn(program.wait(60), (-13, 141))


class HostileNames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("hostile")
        for run in ("one", EVIL):
            write_events(cls.folder / "lightning_logs" / run / "events.out.tfevents.1", ["loss", EVIL])
        # Only weights, as from another program: no checksum is checked before the tensor's name is read.
        checkpoint = {EVIL: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
        header = json.dumps(checkpoint).encode()
        (cls.folder / "evil.safetensors").write_bytes(
            np.uint64(len(header)).tobytes() + header + np.float32(1).tobytes())

    def test_errors_do_not_steer(self):
        for arguments in (["runs", "--sort", "nosuch"], ["show", "nosuch"], ["show", "lightning_logs"],
                          ["diff", "one", "nosuch"], ["events", "check", EVIL + "x"], ["events", "export", EVIL + "x", "--csv"],
                          ["runs", EVIL], [EVIL], ["fit", "--" + EVIL, "1"], ["runs", "--" + EVIL],
                          ["test", "--ckpt_path", "evil.safetensors", "--data.dataset", "strokes"],
                          ["fit", "--config", EVIL]):
            with self.subTest(arguments=arguments):
                done = support.program("levin", *arguments, folder=self.folder, check=False)
                self.assertIn(done.returncode, (1, 2))
                self.assertIn("error: ", done.stderr)
                self.assertEqual([mark for mark in STEERING if mark in done.stdout + done.stderr], [])

    def test_data_on_a_terminal_does_not_steer(self):
        for arguments in (["runs", "--csv"], ["runs", "--json"], ["events", "export", "lightning_logs", "--csv"],
                          ["events", "export", "lightning_logs", "--json"], ["show", "one", "--json"],
                          ["diff", "one", EVIL, "--json"], ["runs"], ["show", EVIL], ["diff", "one", EVIL]):
            with self.subTest(arguments=arguments):
                _, written, _ = test_terminal.in_terminal("levin", *arguments, folder=self.folder)
                self.assertIn("loss", written)
                text = test_terminal.re.sub(r"\x1b\[[0-9;]*m|\x1b\[c", "", written)
                self.assertEqual([mark for mark in STEERING if mark in text], [])

    def test_data_in_a_pipe_is_whole(self):
        rows = list(csv.DictReader(io.StringIO(support.program(
            "levin", "events", "export", "lightning_logs", "--csv", folder=self.folder).stdout)))
        self.assertEqual({row["tag"] for row in rows}, {"loss", EVIL})
        runs = json.loads(support.program("levin", "runs", "--json", folder=self.folder).stdout)
        self.assertEqual({run["version"] for run in runs}, {"one", EVIL})


class Predictions(unittest.TestCase):
    def predict(self, *arguments):
        run = support.digits_run()
        return support.program("levin", "predict", "--ckpt_path", "last", *arguments, folder=run.folder).stdout

    def test_a_line_for_each_image(self):
        _, labels = support.mnist("t10k")
        rows = list(csv.DictReader(io.StringIO(self.predict("--csv"))))
        self.assertEqual([int(row["index"]) for row in rows], list(range(10_000)))
        predictions = [int(row["prediction"]) for row in rows]
        right = np.mean(np.array(predictions) == labels)
        accuracy = support.scalars(support.digits_run().version)["test/acc"][-1][1]
        self.assertAlmostEqual(right, accuracy, 5)
        found = json.loads(self.predict("--json"))
        self.assertEqual(found, [{"index": i, "prediction": p} for i, p in enumerate(predictions)])
        lines = self.predict().splitlines()
        self.assertEqual(lines[0].split(), ["index", "prediction"])
        self.assertEqual([line.split() for line in lines[1:]], [[str(i), str(p)] for i, p in enumerate(predictions)])

    def test_standard_output_is_the_predictions_alone(self):
        self.assertTrue(self.predict("--csv", "--seed_everything", 1).startswith("index,prediction\n0,"))


class Watching(unittest.TestCase):
    def test_waits_for_the_first_file_and_ends_with_the_run(self):
        folder = support.fresh_folder("watch")
        (folder / "run").mkdir()
        watching = subprocess.Popen(
            [support.BIN / "levin", "show", "--watch", "run"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=support.clean_environment())
        self.assertEqual(watching.stderr.readline(), "waiting for a run in run\n")
        for name in ("events", "run.json"):
            source = min(support.digits_run().version.glob(name + "*"))
            shutil.copy(source, folder / "run" / ("." + source.name))
            os.rename(folder / "run" / ("." + source.name), folder / "run" / source.name)
        output, errors = watching.communicate(timeout=60)
        self.assertEqual((watching.returncode, errors), (0, ""))
        lines = [line.split("\t") for line in output.splitlines()]
        texts = [json.loads(value) for tag, _, value in lines if tag == "train/preds/text_summary"]
        self.assertEqual(texts, [text for _, text in support.texts(folder / "run")["train/preds/text_summary"]])
        self.assertIn(["train/inputs", "0", "242×242 png"], lines)

    def test_the_last_page_is_whole(self):
        """When a followed run has ended, the whole output of `show` is there, in a window with room for half of it."""
        run = support.digits_run()
        status, written, _ = test_terminal.in_terminal("levin", "show", "0", "--watch", folder=run.folder, columns=80)
        self.assertEqual(status, 0)
        text = test_terminal.visible(written)
        plain = support.program("levin", "show", "0", folder=run.folder).stdout
        self.assertIn("version_0  finished", text)
        for tag in ("hyperparameters", "train/loss", "val/loss", "val/acc", "test/acc", "train/preds"):
            self.assertIn(tag, text)
            self.assertIn(tag, plain)


if __name__ == "__main__":
    unittest.main()
