"""Stops of every kind: Ctrl-C once and twice, SIGTERM, kill -9; and going on as if nothing had happened."""

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


def start(folder, *arguments):
    return subprocess.Popen([support.BIN / "levin", "fit", *map(str, arguments)], cwd=folder,
                            env=support.clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


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
        """A long fit, stopped in the middle; gives its folder, exit status and output."""
        folder = support.fresh_folder(name)
        process = start(folder, "--trainer.max_epochs", 500, *arguments)
        version = folder / "lightning_logs" / "version_0"
        wait_for(lambda: logged_steps(version) >= 20, "the first thousand steps")
        for number in signals:
            process.send_signal(number)
        output, _ = process.communicate(timeout=30)
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
        self.assertNotIn("--ckpt_path", output)

    def test_hang_up_and_what_clusters_send(self):
        """The terminal is closed, or the time that a cluster gives runs out."""
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
        self.assertNotIn("To go on from there", output)

    def test_twice_stops_now(self):
        folder, status, output = self.stopped_run("ctrl-c-twice", [signal.SIGINT, signal.SIGINT])
        self.assertEqual(status, 130, output)
        version = folder / "lightning_logs" / "version_0"
        self.assertGreaterEqual(logged_steps(version), 20)
        # Whatever came first, the end of the batch or the second signal, it is said.
        saved = [line for line in output.splitlines() if "; saved " in line]
        if saved:
            self.assertTrue((folder / saved[0].split("; saved ")[1]).exists(), output)
        else:
            self.assertIn("stopped at once: what came after the last checkpoint is lost", output)


def stock_scalars(version):
    """{tag: [(step, value)]} of a run as TensorBoard's own reader gives them."""
    reader = event_accumulator.EventAccumulator(str(version), {event_accumulator.SCALARS: 0})
    reader.Reload()
    return {tag: [(e.step, e.value) for e in reader.Scalars(tag)] for tag in reader.Tags()[event_accumulator.SCALARS]}


class ExactResume(unittest.TestCase):
    """A run that was stopped and went on ends with the very bits of one that was not."""

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

    def test_at_its_end_there_is_nothing_to_train(self):
        done = support.program("levin", "fit", *self.OPTIONS, "--ckpt_path", newest_checkpoint(self.uninterrupted),
                               folder=support.fresh_folder("at-the-end"))
        self.assertIn("Nothing to train: the checkpoint is the end of epoch 2, the last of max_epochs 3. "
                      "Raise trainer.max_epochs to go on.", done.stdout)

    def test_after_kill(self):
        self.stop_and_go_on("killed", signal.SIGKILL,
                            lambda v: list((v / "checkpoints").glob("epoch=*.safetensors")))

    def test_after_interrupt_in_mid_epoch(self):
        self.stop_and_go_on("stopped-in-mid-epoch", signal.SIGINT, lambda v: logged_steps(v) >= 5)


if __name__ == "__main__":
    unittest.main()
