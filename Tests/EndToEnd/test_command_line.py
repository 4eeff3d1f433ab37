"""How the programs respond to their arguments, apart from training."""

import os
import shutil
import signal
import subprocess
import time
import unittest

import shells
import support

GOLDEN = support.GOLDEN / "cli"


def bomb():
    """Nine aliases of nine aliases, and so on: 329 bytes that stand for nine to the power of nine values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 10):
        lines.append(f"a{level}: &a{level} [" + ",".join([f"*a{level - 1}"] * 9) + "]")
    return "\n".join(lines) + "\n"


class CommandLine(unittest.TestCase):
    maxDiff = None

    def answers(self, name, *arguments, status=0, folder=None, **environment):
        folder = folder or support.fresh_folder("answer")
        before = set(folder.iterdir())
        done = support.program(name, *arguments, folder=folder, check=False, timeout=60, **environment)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(set(folder.iterdir()), before)
        return done

    def golden(self, text, name):
        file = GOLDEN / f"{name}.txt"
        if os.environ.get("LEVIN_RECORD"):
            file.write_text(text)
        self.assertEqual(text, file.read_text())

    def test_digits_takes_no_arguments(self):
        for option in ("-h", "--help"):
            self.golden(self.answers("digits", option).stdout, "digits-help")
        version = self.answers("levin", "--version").stdout
        self.assertEqual(self.answers("digits", "--version").stdout, version)
        self.assertEqual(self.answers("levin", "fit", "--version").stdout, version)
        done = self.answers("digits", "foo", status=2)
        self.assertEqual(done.stdout, "")
        self.golden(done.stderr, "digits-unexpected")

    def test_help_fits_a_pipe(self):
        for arguments in (["--help"], ["fit", "--help"], ["prepare", "-h"], ["help", "test"], ["runs", "--help"]):
            with self.subTest(arguments):
                text = self.answers("levin", *arguments).stdout
                self.assertIn("USAGE: levin ", text)
                self.assertNotIn("Usage:", text)
                self.assertNotIn("usage:", text)
                self.assertEqual([line for line in text.splitlines() if len(line) > 80], [])

    def test_a_program_of_ones_own_calls_itself_by_its_name(self):
        folder = support.fresh_folder("own-name")
        shutil.copy(support.BIN / "levin", folder / "beyond")

        def run(*arguments, status):
            done = subprocess.run([folder / "beyond", *arguments], cwd=folder, env=support.clean_environment(),
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
            return done.stdout + done.stderr

        self.assertIn("See beyond fit --help for the options.", run("fit", "--model.lr", "3", status=2))
        for text in (run("--help", status=0), run("fit", "--help", status=0), run("help", "runs", status=0),
                     run("runs", "--josn", status=2), run("fti", status=2)):
            self.assertIn("USAGE: beyond ", text)
            self.assertNotIn("levin ", text)
        process = subprocess.Popen(["./beyond", "fit", "--trainer.max_epochs", "500"], cwd=folder, text=True,
                                   env=support.clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while not list(folder.glob("lightning_logs/version_0/checkpoints/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, output)
        self.assertRegex(output, r"\n  \./beyond fit --trainer\.max_epochs 500 --ckpt_path \S+\.safetensors\n$")

    def test_the_config_of_lightning_runs(self):
        folder = support.fresh_folder("lightning-config")
        done = support.program("levin", "fit", "--config", GOLDEN / "lightning-fit.yaml", "--data.dataset", "strokes",
                               "--trainer.max_epochs", 1, folder=folder)
        self.assertEqual(done.stderr.count("note:"), 1, done.stderr)
        self.assertNotIn("error", done.stderr)
        self.assertTrue((folder / "lightning_logs" / "version_0" / "checkpoints").is_dir())

    def test_shells_complete_options_classes_runs_and_checkpoints(self):
        folder = support.fresh_folder("completion")
        for name in ("lightning_logs/version_0", "lightning_logs/version_12", "others/mine"):
            (folder / name / "checkpoints").mkdir(parents=True)
            (folder / name / "hparams.yaml").write_text("{}\n")
            (folder / name / "checkpoints" / "epoch=0-step=9.safetensors").touch()
        (folder / "others" / "notes.txt").touch()
        completion = shells.Completion("levin", folder)
        runs = ["0", "12", "lightning_logs/", "others/", "version_0", "version_12"]
        checkpoints = [f"lightning_logs/version_{n}/checkpoints/epoch=0-step=9.safetensors" for n in (0, 12)]
        for shell in shells.SHELLS:
            def offered(*words):
                return completion.offered(shell, *words)
            with self.subTest(shell):
                self.assertEqual(offered("sho"), ["show"])
                self.assertEqual(offered("fit", "--trainer.max_ep"), ["--trainer.max_epochs"])
                self.assertEqual(offered("fit", "--data.dataset", "fas"), ["fashion_mnist"])
                self.assertEqual(offered("fit", "--trainer.callbacks", "Lear"), ["LearningRateFinder", "LearningRateMonitor"])
                for command in (["show"], ["diff", "0"]):
                    self.assertEqual(offered(*command, ""), runs)
                    self.assertEqual(offered(*command, "version_1"), ["version_12"])
                    self.assertEqual(offered(*command, "others/"), ["others/mine/"])
                self.assertEqual(offered("test", "--ckpt_path", ""),
                                 sorted(["last", "best", *checkpoints, "lightning_logs/", "others/"]))
                self.assertEqual(offered("test", "--ckpt_path", "others/mine/checkpoints/"),
                                 ["others/mine/checkpoints/epoch=0-step=9.safetensors"])

    def test_all_mistakes_of_a_file_at_once(self):
        folder = support.fresh_folder("mistakes")
        (folder / "c.yaml").write_text("trainer:\n  max_epoch: 3\n  fast_dev_run: true\ndata:\n  batch_size: 0\n"
                                       "  num_workers: -1\nmodel:\n  learning_rate: fast\n")
        done = self.answers("levin", "fit", "--config", "c.yaml", "--data.rot", ".", folder=folder, status=2)
        self.golden(done.stderr, "mistakes-at-once")

    def test_yaml_that_stands_for_more_than_memory_holds(self):
        folder = support.fresh_folder("bomb")
        (folder / "c.yaml").write_text(bomb())
        error = self.answers("levin", "fit", "--config", "c.yaml", folder=folder, status=2).stderr
        self.assertIn("error: c.yaml:6:10: aliases repeat more than 100000 values, which is the limit\n", error)
        run = folder / "logs" / "version_0"
        shutil.copytree(support.GOLDEN / "events" / "lightning" / "version_0", run)
        (run / "hparams.yaml").write_text(bomb())
        for command in (["runs", "logs"], ["show", "logs/version_0"], ["diff", "logs/version_0", "logs/version_0"]):
            done = support.program("levin", *command, folder=folder, check=False, timeout=60)
            self.assertIn("aliases repeat more than 100000 values", done.stdout + done.stderr)

    def test_variables_that_name_nothing(self):
        folder = support.fresh_folder("variables")
        done = support.program("levin", "fit", "--trainer.fast_dev_run", "true", folder=folder, LEVIN_THREADS="abc",
                               LEVIN_ISA="sse9")
        self.assertEqual(done.stderr.count("warning: LEVIN_THREADS is 'abc'; expected 1 to 64, or 0 "), 1)
        self.assertEqual(done.stderr.count("warning: LEVIN_ISA is 'sse9'; expected plain, avx2 or avx512"), 1)
        done = support.program("levin", "fit", "--trainer.fast_dev_run", "true", folder=folder, LEVIN_THREADS="1",
                               LEVIN_ISA="plain")
        self.assertNotIn("warning", done.stderr)

    def test_without_proc(self):
        """Swift reads a process's arguments from /proc; without it they are not silently ignored."""
        hide = 'mount -t tmpfs none /proc && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", hide, "sh"]
        if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
            self.skipTest("hiding /proc needs root")
        for name, arguments in (("levin", ["fit", "--data.dataset", "strokes"]), ("digits", ["--help"])):
            done = subprocess.run([*command, support.BIN / name, *arguments], cwd=support.fresh_folder("no-proc"),
                                  env=support.clean_environment(), capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertTrue(done.stderr.startswith("error: cannot read the command line: "), done.stderr)


if __name__ == "__main__":
    unittest.main()
