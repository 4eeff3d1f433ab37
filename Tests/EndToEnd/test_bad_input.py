"""Mistakes of users: one clear error, a non-zero exit status, and no incomplete version folder."""

import contextlib
import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import support

NAMES = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
         "t10k-labels-idx1-ubyte.gz")
GOLDEN = support.GOLDEN / "errors"


def copy_of_mnist(name, **changed):
    """A folder with the four files, some of them changed: {file name with _ for -: bytes or None}."""
    folder = support.fresh_folder(name)
    for file in NAMES:
        source = support.MNIST / file
        if not source.exists():
            source = support.MNIST / "MNIST" / "raw" / file
        key = file.split("-ubyte")[0].replace("-", "_")
        if key not in changed:
            os.symlink(source, folder / file)
        elif changed[key] is not None:
            (folder / file).write_bytes(changed[key](source.read_bytes()))
    return folder


def idx_bytes(data):
    return bytearray(gzip.decompress(data))


class BadInput(unittest.TestCase):
    maxDiff = None

    def fails(self, golden, *arguments, status=1, folder=None, mnist=None, replacing=(),
              **environment):
        """The command fails with `status`; its error is the golden text; no version folder is left.

        `replacing` has the parts of the error that vary and what stands for them in the golden text."""
        folder = folder or support.fresh_folder("bad-" + golden)
        environment.setdefault("LEVIN_MNIST", str(mnist or support.MNIST))
        done = support.program("levin", *arguments, folder=folder, check=False, **environment)
        output = done.stdout + done.stderr
        self.assertEqual(done.returncode, status, output)
        logs = folder / "lightning_logs"
        self.assertEqual([p.name for p in logs.iterdir()] if logs.is_dir() else [], [])
        text = done.stderr
        for path, name in ((folder, "FOLDER"), (mnist, "DATA"), (support.MNIST, "MNIST")):
            if path is not None:
                text = text.replace(str(path.resolve()), name).replace(str(path), name)
        for varying, name in replacing:
            text = text.replace(varying, name)
        file = GOLDEN / f"{golden}.txt"
        if os.environ.get("LEVIN_RECORD"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.assertEqual(text, file.read_text())
        self.assertEqual(text.count("error:"), 1)

    def test_gzip_cut_short(self):
        data = copy_of_mnist("cut", train_images_idx3=lambda b: b[:1_000_000])
        self.fails("gzip-cut-short", "fit", mnist=data)

    def test_wrong_magic(self):
        def broken(b):
            raw = idx_bytes(b)
            raw[2] = 0x0D
            return gzip.compress(bytes(raw), 1)
        self.fails("idx-wrong-magic", "fit", mnist=copy_of_mnist("magic", train_labels_idx1=broken))

    def test_counts_disagree(self):
        def fewer(b):
            raw = idx_bytes(b)
            raw[4:8] = (59999).to_bytes(4, "big")
            return gzip.compress(bytes(raw[:-1]), 1)
        self.fails("counts-disagree", "fit", mnist=copy_of_mnist("counts", train_labels_idx1=fewer))

    def test_label_above_nine(self):
        def eleven(b):
            raw = idx_bytes(b)
            raw[8 + 1234] = 11
            return gzip.compress(bytes(raw), 1)
        self.fails("label-above-nine", "fit", mnist=copy_of_mnist("label", train_labels_idx1=eleven))

    def test_unknown_option(self):
        self.fails("unknown-option", "fit", "--trainer.max_epoch", 3, status=2)

    def test_wrong_type(self):
        self.fails("wrong-type", "fit", "--model.learning_rate", "fast", status=2)

    def test_out_of_range(self):
        self.fails("out-of-range", "fit", "--data.batch_size", 0, status=2)

    def test_ranges(self):
        """Reported before anything starts."""
        for number, (option, value) in enumerate((
                ("--model.learning_rate", "inf"), ("--trainer.limit_train_batches", "1.5"),
                ("--trainer.limit_test_batches", "-1"), ("--trainer.val_check_interval", "0"),
                ("--trainer.max_epochs", "-2"), ("--trainer.gradient_clip_val", "inf"))):
            with self.subTest(option):
                self.fails(f"range-{number}", "fit", option, value, status=2)

    def test_prepare_reads_the_test_s_files_too(self):
        def eleven(b):
            raw = idx_bytes(b)
            raw[8 + 77] = 255
            return gzip.compress(bytes(raw), 1)
        self.fails("prepare-test-label", "prepare", mnist=copy_of_mnist("test-label", t10k_labels_idx1=eleven))

    def test_folder_that_may_not_be_read(self):
        """A folder without permission to read: its files do not count as missing, and nothing is downloaded."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="levin-unreadable-"))
        self.addCleanup(shutil.rmtree, folder)
        folder.chmod(0o777)
        shutil.copy(support.BIN / "levin", folder)
        (folder / "data").mkdir()
        (folder / "data").chmod(0)
        self.addCleanup((folder / "data").chmod, 0o700)
        as_nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run([folder / "levin", "fit"], cwd=folder, env=support.clean_environment(LEVIN_MNIST="data"),
                              capture_output=True, text=True, timeout=60, **as_nobody)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "error: cannot read 'data/MNIST/raw': Permission denied. "
                                      "Give yourself permission to read it, or choose another path.\n")

    def test_missing_checkpoint(self):
        self.fails("missing-checkpoint", "test", "--ckpt_path", "nowhere.safetensors")

    def test_no_run_to_take_the_last_of(self):
        self.fails("no-last-checkpoint", "test", "--ckpt_path", "last")

    def test_damaged_checkpoint(self):
        folder = support.fresh_folder("damaged")
        whole = next((support.digits_run().version / "checkpoints").iterdir()).read_bytes()
        (folder / "cut.safetensors").write_bytes(whole[:5000])
        self.fails("damaged-checkpoint", "test", "--ckpt_path", "cut.safetensors", folder=folder,
                   replacing=[(f"expected {len(whole)}.", "expected LENGTH.")])

    def test_checkpoint_of_another_model(self):
        import numpy
        from safetensors.numpy import save_file
        folder = support.fresh_folder("other-model")
        shapes = {"model.0.weight": (64, 784), "model.0.bias": (64,), "model.2.weight": (64, 128),
                  "model.2.bias": (64,), "model.4.weight": (10, 64)}
        save_file({k: numpy.zeros(s, numpy.float32) for k, s in shapes.items()}, folder / "other.safetensors")
        self.fails("checkpoint-of-another-model", "test", "--ckpt_path", "other.safetensors", folder=folder)

    def test_folder_that_cannot_be_made(self):
        folder = support.fresh_folder("not-a-folder")
        (folder / "file").write_text("")
        self.fails("root-is-a-file", "fit", "--trainer.default_root_dir", "file", folder=folder)

    def test_unreadable_data_folder(self):
        self.fails("data-folder-is-a-file", "fit", mnist=self.file_instead_of_folder())

    def test_data_folder_that_is_not_there(self):
        """No download is attempted, which would create the folder."""
        missing = support.fresh_folder("nowhere") / "mnist"
        for command in ("fit", "test", "prepare"):
            self.fails("data-folder-is-not-there", command, mnist=missing)
        self.assertFalse(missing.exists())

    def test_batches_larger_than_any_dataset(self):
        folder = support.fresh_folder("large-batch")
        done = support.program("levin", "fit", "--data.batch_size", 2**63 - 1, "--data.num_workers", 2**63 - 1,
                               "--trainer.max_epochs", 1, folder=folder)
        self.assertIn("Epoch 0 ", done.stdout)

    @staticmethod
    def file_instead_of_folder():
        path = support.fresh_folder("plain") / "mnist"
        path.write_text("not a folder")
        return path


class FullDisk(unittest.TestCase):
    def small_disk(self):
        mount = support.fresh_folder("small-disk")
        if os.system(f"mount -t tmpfs -o size=700k tmpfs {mount} 2>/dev/null") != 0:
            if os.environ.get("CI") == "true" and os.geteuid() == 0:
                self.fail("cannot mount a small disk")
            self.skipTest("mounting a small disk needs root")
        self.addCleanup(os.system, f"umount {mount}")
        return mount

    def test_disk_that_is_full(self):
        """One clear error within the first steps, and no incomplete version folder."""
        mount = self.small_disk()
        (mount / "lightning_logs").mkdir()
        with open(mount / "filler", "wb") as filler, contextlib.suppress(OSError):
            while True:
                os.write(filler.fileno(), bytes(4096))
        for arguments in (("fit",), ("fit", "--trainer.enable_checkpointing", "false"), ("test",)):
            with self.subTest(arguments):
                done = support.program("levin", *arguments, "--trainer.max_epochs", 1000, folder=mount, check=False, timeout=60)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertEqual(done.stderr.count("error:"), 1, done.stderr)
                self.assertIn("No space left on device", done.stderr)
                self.assertEqual(list((mount / "lightning_logs").iterdir()), [])

    def test_disk_that_fills_up(self):
        """One clear error, and what was written before is readable."""
        mount = self.small_disk()
        done = support.program("levin", "fit", "--trainer.max_epochs", 3, "--trainer.log_every_n_steps", 1,
                               folder=mount, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1, done.stderr)
        self.assertIn("No space left on device", done.stderr)
        self.assertGreater(len(support.scalars(mount / "lightning_logs" / "version_0")["train/loss"]), 100)
        leftovers = [p.name for p in pathlib.Path(mount).rglob("*") if "tmp" in p.name or p.suffix == ".part"]
        self.assertEqual(leftovers, [])


if __name__ == "__main__":
    unittest.main()
