"""Stops of every kind: Ctrl-C once and twice, SIGTERM, kill -9; and resuming as if nothing had happened."""

import gzip
import json
import re
import shlex
import signal
import subprocess
import time
import unittest

import numpy as np
from safetensors.numpy import load_file
from tensorboard.backend.event_processing import event_accumulator

import support
from test_bad_input import copy_of_mnist


def start(folder, *arguments):
    """A training that a hang-up stops even if these tests run under nohup."""
    return subprocess.Popen([support.BIN / "levin", "fit", *map(str, arguments)], cwd=folder,
                            env=support.clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))


def one_pixel_differs(compressed):
    data = bytearray(gzip.decompress(compressed))
    data[1000] ^= 1
    return gzip.compress(data)


def wait_for(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {seconds} s: {what}")
        time.sleep(0.005)


def logged_steps(version):
    """How many points of train/loss have left the process; 0 while there is no file."""
    try:
        return len(support.scalars(version).get("train/loss", []))
    except Exception:  # the reader may meet a file that is being made
        return 0


def weights(path):
    return {k: v for k, v in load_file(path).items() if not k.startswith("levin.")}


def newest_checkpoint(version):
    return max((version / "checkpoints").glob("*.safetensors"), key=lambda p: p.stat().st_mtime)


class Interruption(unittest.TestCase):
    def stopped_run(self, name, signals, *arguments):
        """A long fit, stopped in the middle; returns its folder, exit status and output."""
        folder = support.fresh_folder(name)
        process = start(folder, "--trainer.max_epochs", 500, *arguments)
        version = folder / "lightning_logs" / "version_0"
        wait_for(lambda: logged_steps(version) >= 20, "the first thousand steps")
        for number in signals:
            process.send_signal(number)
        output, _ = process.communicate(timeout=120)
        return folder, process.returncode, output

    def check_stopped(self, folder, output, points=20):
        version = folder / "lightning_logs" / "version_0"
        self.assertEqual(json.loads((version / "run.json").read_text())["status"], "interrupted")
        self.assertGreaterEqual(len(support.scalars(version)["train/loss"]), points)
        self.assertTrue(weights(newest_checkpoint(version)))
        command = re.search(r"^\s*(\S*levin fit .*--ckpt_path.*)$", output, re.M)
        self.assertTrue(command, output)
        return shlex.split(command.group(1))

    def test_interrupt_and_go_on(self):
        folder, status, output = self.stopped_run("ctrl-c", [signal.SIGINT])
        self.assertEqual(status, 130, output)
        command = self.check_stopped(folder, output)
        version = folder / "lightning_logs" / "version_0"
        steps = int(re.search(r"step=(\d+)", newest_checkpoint(version).name).group(1))
        # as printed, but for a limit that is a little further on
        more = [a for a in command[2:] if a not in ("--trainer.max_epochs", "500")]
        support.program("levin", "fit", *more, "--trainer.max_steps", steps + 100, folder=folder)
        points = support.scalars(version)["train/loss"]  # the same run goes on in its folder
        seen = [s for s, _ in points]
        self.assertEqual(seen, sorted(set(seen)))
        self.assertEqual(seen, list(range(49, steps + 100, 50)))

    def test_terminate(self):
        folder, status, output = self.stopped_run("sigterm", [signal.SIGTERM])
        self.assertEqual(status, 143, output)
        self.check_stopped(folder, output)

    def test_interrupted_test(self):
        """No training, no checkpoint: the run says that it was interrupted, and the status is the shell's."""
        folder = support.fresh_folder("interrupted-test")
        process = subprocess.Popen(
            [support.BIN / "levin", "test", "--data.batch_size", "1", "--trainer.log_every_n_steps", "1"], cwd=folder,
            env=support.clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        version = folder / "lightning_logs" / "version_0"
        wait_for(lambda: (version / "run.json").exists(), "the test's folder")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, output)
        self.assertEqual(json.loads((version / "run.json").read_text())["status"], "interrupted")
        self.assertNotIn("To continue from there", output)

    def test_hang_up_and_what_clusters_send(self):
        """The terminal is closed, or a cluster's time limit is reached."""
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGXCPU):
            with self.subTest(number.name):
                folder, status, output = self.stopped_run(number.name, [number, number])
                self.assertEqual(status, 128 + number, output)
                self.assertIn(f"interrupted by {number.name} in epoch", output)
                self.check_stopped(folder, output)

    def test_nohup_is_respected(self):
        folder = support.fresh_folder("nohup")
        process = subprocess.Popen(
            [support.BIN / "levin", "fit", "--trainer.max_epochs", "3"], cwd=folder, env=support.clean_environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        version = folder / "lightning_logs" / "version_0"
        wait_for(lambda: logged_steps(version) >= 5, "the first steps")
        process.send_signal(signal.SIGHUP)
        output, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, output)
        self.assertEqual(json.loads((version / "run.json").read_text())["status"], "finished")

    def test_nobody_reads_the_output(self):
        """`levin fit | head -1`: the output is lost, the training is saved."""
        folder = support.fresh_folder("head")
        process = subprocess.Popen(
            [support.BIN / "levin", "fit", "--trainer.max_epochs", "500"], cwd=folder, env=support.clean_environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(60), 128 + signal.SIGPIPE)
        output = process.stderr.read()
        process.stderr.close()
        self.assertIn("interrupted by SIGPIPE in epoch", output)
        command = self.check_stopped(folder, output, points=15)  # the first epoch's line was the first that nobody read
        more = [a for a in command[2:] if a not in ("--trainer.max_epochs", "500")]
        support.program("levin", "fit", *more, "--trainer.max_epochs", 3, folder=folder)

    def test_no_reader_at_the_very_end(self):
        """The last epoch's line meets the closed pipe: the run is finished, and its own checkpoint is named."""
        folder = support.fresh_folder("head-at-the-end")
        process = subprocess.Popen(
            [support.BIN / "levin", "fit", "--trainer.max_epochs", "1"], cwd=folder, env=support.clean_environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(60), 128 + signal.SIGPIPE)
        output = process.stderr.read()
        process.stderr.close()
        version = folder / "lightning_logs" / "version_0"
        self.assertEqual(json.loads((version / "run.json").read_text())["status"], "finished")
        self.assertEqual([p.name for p in (version / "checkpoints").iterdir()], ["epoch=0-step=750.safetensors"])
        self.assertIn("epoch=0-step=750.safetensors", output)
        self.assertNotIn("To continue from there", output)

    def test_twice_stops_now(self):
        folder, status, output = self.stopped_run("ctrl-c-twice", [signal.SIGINT, signal.SIGINT])
        self.assertEqual(status, 130, output)
        version = folder / "lightning_logs" / "version_0"
        self.assertGreaterEqual(logged_steps(version), 20)
        # Whichever came first, the end of the batch or the second signal, is reported.
        saved = [line for line in output.splitlines() if "; saved " in line]
        if saved:
            self.assertTrue((folder / saved[0].split("; saved ")[1]).exists(), output)
        else:
            self.assertIn("stopped at once: everything since the last checkpoint is lost", output)


def stock_scalars(version):
    """{tag: [(step, value)]} of a run as TensorBoard's own reader gives them."""
    reader = event_accumulator.EventAccumulator(str(version), {event_accumulator.SCALARS: 0})
    reader.Reload()
    return {tag: [(e.step, e.value) for e in reader.Scalars(tag)] for tag in reader.Tags()[event_accumulator.SCALARS]}


def stock_media(version):
    """{tag: [step]} of the pictures and the texts of a run as TensorBoard's own reader gives them."""
    reader = event_accumulator.EventAccumulator(str(version), {event_accumulator.IMAGES: 0, event_accumulator.TENSORS: 0})
    reader.Reload()
    steps = {tag: [e.step for e in reader.Images(tag)] for tag in reader.Tags()[event_accumulator.IMAGES]}
    steps.update({tag: [e.step for e in reader.Tensors(tag)] for tag in reader.Tags()[event_accumulator.TENSORS]
                  if tag.endswith("/text_summary")})
    return steps


class ExactResume(unittest.TestCase):
    """A run that was stopped and resumed ends with the same bits as one that was not."""

    OPTIONS = ("--seed_everything", 5, "--trainer.max_epochs", 3)

    @classmethod
    def setUpClass(cls):
        folder = support.fresh_folder("uninterrupted")
        support.program("levin", "fit", *cls.OPTIONS, folder=folder)
        cls.uninterrupted = folder / "lightning_logs" / "version_0"
        cls.expected = weights(newest_checkpoint(cls.uninterrupted))

    def assertSameBits(self, folder):
        found = weights(newest_checkpoint(folder / "lightning_logs" / "version_0"))
        self.assertEqual(set(found), set(self.expected))
        for name, values in self.expected.items():
            self.assertTrue(np.array_equal(values.view(np.uint32), found[name].view(np.uint32)), name)

    def stop_and_go_on(self, name, number, condition):
        folder = support.fresh_folder(name)
        version = folder / "lightning_logs" / "version_0"
        process = start(folder, *self.OPTIONS)
        wait_for(lambda: condition(version), "the moment to stop")
        process.send_signal(number)
        process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, 0, "it ended before it was stopped")
        support.program("levin", "fit", *self.OPTIONS, "--ckpt_path", "last", folder=folder)
        self.assertSameBits(folder)
        # Scalars, pictures and texts too.
        compared = support.program("levin", "diff", self.uninterrupted, version, folder=folder, check=False)
        self.assertEqual(compared.returncode, 0, compared.stdout)
        # TensorBoard's reader, which hides what the stopped run wrote and the resumed one wrote again.
        self.assertEqual(stock_scalars(version), stock_scalars(self.uninterrupted))
        # The steps of pictures and texts are epochs; what was logged in the interrupted epoch does not appear twice.
        self.assertEqual(stock_media(version), stock_media(self.uninterrupted))
        return version

    def test_at_its_end_there_is_nothing_to_train(self):
        done = support.program("levin", "fit", *self.OPTIONS, "--ckpt_path", newest_checkpoint(self.uninterrupted),
                               folder=support.fresh_folder("at-the-end"))
        self.assertIn("Nothing to train: the checkpoint is the end of epoch 2, the last of max_epochs 3. "
                      "Raise trainer.max_epochs to continue.", done.stdout)

    def test_after_kill(self):
        self.stop_and_go_on("killed", signal.SIGKILL,
                            lambda v: list((v / "checkpoints").glob("epoch=*.safetensors")))

    def test_after_kill_in_mid_epoch(self):
        """The epoch's first pictures and texts are on the disk, and come again."""
        version = self.stop_and_go_on("killed-in-mid-epoch", signal.SIGKILL,
                                      lambda v: (v / "checkpoints").exists() and logged_steps(v) >= 20)
        record = json.loads((version / "run.json").read_text())
        self.assertEqual([s["status"] for s in record["stretches"]], ["died", "finished"])
        self.assertEqual(record["stretches"][1]["steps"], {"from": 750, "to": 2250})
        self.assertEqual((record["seed"], record["status"]), (5, "finished"))
        self.assertGreaterEqual(record["length"], record["stretches"][1].get("length", 0))
        for options in ((), ("--load_fast=false",)):
            with support.tensorboard(version.parent, *options) as base:
                for tag in ("train/inputs", "val/inputs"):
                    pictures = support.get(base, "/data/plugin/images/images", run="version_0", tag=tag, sample=0)
                    self.assertEqual([p["step"] for p in pictures], [0, 1, 2], (options, tag))
                texts = support.get(base, "/data/plugin/text/text", run="version_0", tag="train/preds/text_summary")
                self.assertEqual([t["step"] for t in texts], [0, 1, 2], options)
                points = support.get(base, "/data/plugin/scalars/scalars", run="version_0", tag="train/loss")
                self.assertEqual([p[1] for p in points], list(range(49, 2250, 50)), options)

    def test_after_interrupt_in_mid_epoch(self):
        version = self.stop_and_go_on("stopped-in-mid-epoch", signal.SIGINT, lambda v: logged_steps(v) >= 5)
        # The checkpoint of the interruption is no longer needed.
        self.assertEqual([p.name for p in (version / "checkpoints").iterdir()], ["epoch=2-step=2250.safetensors"])


class Record(unittest.TestCase):
    """The records of a run and its test."""

    OPTIONS = ("--seed_everything", 5, "--data.dataset", "strokes")

    def test_a_run_that_goes_on_repeats_by_its_config(self):
        folder = support.fresh_folder("goes-on")
        support.program("levin", "fit", *self.OPTIONS, "--trainer.max_epochs", 1, folder=folder)
        version = folder / "lightning_logs" / "version_0"
        first = json.loads((version / "run.json").read_text())
        done = support.program("levin", "fit", "--data.dataset", "strokes", "--model.learning_rate", 0.5,
                               "--trainer.max_epochs", 2, "--ckpt_path", "last", folder=folder)
        path = "lightning_logs/version_0/checkpoints/epoch=0-step="
        self.assertRegex(done.stdout, rf"(?m)^Restored all states from {path}\d+.safetensors\.$")
        self.assertIn("learning_rate 0.5 is not used: the optimizer keeps the checkpoint's learning rate, 0.001.\n",
                      done.stdout)
        record = json.loads((version / "run.json").read_text())
        for key in ("seed", "start", "command"):
            self.assertEqual(record[key], first[key], key)
        self.assertEqual(len(record["stretches"]), 2)
        support.program("levin", "fit", "--config", version / "config.yaml", folder=folder)
        compared = support.program("levin", "diff", 0, 1, folder=folder, check=False)
        self.assertEqual(compared.returncode, 0, compared.stdout)
        self.assertNotIn("possible causes", compared.stdout)
        self.assertNotIn("config that differs", compared.stdout)
        runs = json.loads(support.program("levin", "runs", "--json", folder=folder).stdout)
        self.assertAlmostEqual(runs[0]["length"], record["length"], places=3)
        self.assertEqual((runs[0]["epochs"], runs[0]["steps"]), (2, record["steps"]))

    def test_a_run_without_a_seed_repeats_by_its_config(self):
        folder = support.fresh_folder("no-seed")
        support.program("levin", "fit", "--data.dataset", "strokes", "--trainer.max_epochs", 1, folder=folder)
        config = folder / "lightning_logs" / "version_0" / "config.yaml"
        support.program("levin", "fit", "--config", config, folder=folder)
        compared = support.program("levin", "diff", 0, 1, folder=folder, check=False)
        self.assertEqual(compared.returncode, 0, compared.stdout)
        runs = support.program("levin", "runs", folder=folder).stdout
        self.assertRegex(runs, r"(?m)^version_0 .* 109386 ")

    def test_a_test_says_what_it_tests(self):
        folder = support.fresh_folder("which-checkpoint")
        support.program("levin", "fit", *self.OPTIONS, "--trainer.max_epochs", 1, folder=folder)
        path = next((folder / "lightning_logs" / "version_0" / "checkpoints").iterdir()).relative_to(folder)
        for wanted in ("last", "best", path, "lightning_logs/version_0"):
            done = support.program("levin", "test", "--data.dataset", "strokes", "--ckpt_path", wanted, folder=folder)
            self.assertIn(f"Loaded model weights from {path}.\n", done.stdout)
            self.assertNotIn("was trained with", done.stdout)
        record = json.loads((folder / "lightning_logs" / "version_1" / "run.json").read_text())
        self.assertEqual(record["stretches"][0]["checkpoint"], {"path": str(path), "run": "lightning_logs/version_0"})
        other = support.program("levin", "test", "--ckpt_path", "last", folder=folder)
        self.assertIn("The model was trained with dataset strokes, but the data here is dataset mnist.\n", other.stdout)
        runs = support.program("levin", "runs", folder=folder).stdout
        self.assertRegex(runs, r"(?m)^version_1 .* version_0 +finished$")
        predicted = support.program("levin", "predict", "--ckpt_path", "last", "--data.dataset", "strokes", folder=folder)
        self.assertIn(f"Loaded model weights from {path}.\n", predicted.stderr)
        self.assertTrue(predicted.stdout.startswith("index  prediction\n"), predicted.stdout[:80])

    def test_a_test_on_other_files_says_so(self):
        folder = support.fresh_folder("other-files")
        support.program("levin", "fit", "--trainer.max_epochs", 1, "--trainer.limit_train_batches", 5, folder=folder)
        other = copy_of_mnist("one-pixel-differs", t10k_images_idx3=one_pixel_differs)
        said = "The test data differs from the checkpoint's: its fingerprint is crc32c:"
        for mnist, is_said in ((support.MNIST, False), (other, True)):
            done = support.program("levin", "test", "--ckpt_path", "last", folder=folder, LEVIN_MNIST=str(mnist))
            self.assertEqual(said in done.stdout, is_said, done.stdout)

    def test_weights_that_were_never_trained(self):
        folder = support.fresh_folder("untrained")
        done = support.program("levin", "test", "--data.dataset", "strokes", folder=folder)
        self.assertIn("No --ckpt_path given: the weights are untrained.", done.stdout)

    def test_two_go_on_from_one_checkpoint(self):
        folder = support.fresh_folder("two-at-once")
        support.program("levin", "fit", *self.OPTIONS, "--trainer.max_epochs", 1, folder=folder)
        version = folder / "lightning_logs" / "version_0"
        path = next((version / "checkpoints").iterdir())
        # After an epoch the first one replaces the checkpoint that it resumes from; this name stays.
        kept = path.with_name("kept.safetensors")
        kept.hardlink_to(path)
        first = start(folder, *self.OPTIONS, "--trainer.max_epochs", 5000, "--ckpt_path", path)
        wait_for(lambda: len(json.loads((version / "run.json").read_text())["stretches"]) == 2, "the first one's folder")
        second = support.program("levin", "fit", *self.OPTIONS, "--trainer.max_epochs", 2, "--ckpt_path", kept,
                                 folder=folder)
        first.kill()
        first.communicate()
        self.assertIn("lightning_logs/version_0 belongs to another running process; this run continues in "
                      "lightning_logs/version_1\n", second.stdout)


if __name__ == "__main__":
    unittest.main()
