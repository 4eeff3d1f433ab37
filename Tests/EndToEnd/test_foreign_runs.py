"""`levin` on runs that other programs wrote and left in a bad state: large, unreadable, restarted, in odd places."""

import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import unittest

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.summary.writer.record_writer import RecordWriter

import support


def write(folder, *events, name="events.out.tfevents.1.a"):
    """Events, each a step and values or "start", as stock writers frame them."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "wb") as file:
        records = RecordWriter(file)
        records.write(event_pb2.Event(wall_time=1, file_version="brain.Event:2").SerializeToString())
        for step, values in events:
            event = event_pb2.Event(wall_time=1000.5 + step, step=step)
            if values == "start":
                event.session_log.status = event_pb2.SessionLog.START
            else:
                for tag, value in values.items():
                    event.summary.value.add(tag=tag, simple_value=value)
            records.write(event.SerializeToString())


def steps(*numbers):
    return [(number, {"x": number}) for number in numbers]


def levin(*arguments, folder, check=True, **options):
    done = subprocess.run([support.BIN / "levin", *map(str, arguments)], cwd=folder, capture_output=True, text=True,
                          env=support.clean_environment(), timeout=120, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"levin {arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def exported(folder, *arguments):
    return list(csv.DictReader(io.StringIO(levin("events", "export", *arguments, folder=folder).stdout)))


class Restarts(unittest.TestCase):
    """PyTorch's purge_step, and a START of TensorFlow 1: what stock TensorBoard shows."""

    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("restarts")
        write(cls.folder / "torch", *steps(*range(10)))
        write(cls.folder / "torch", (5, "start"), *steps(5, 6, 7), name="events.out.tfevents.2.b")
        write(cls.folder / "tensorflow1", *steps(*range(6)), (4, "start"), *steps(4, 5))
        write(cls.folder / "from_0", (0, "start"), *steps(0, 1, 2))
        write(cls.folder / "from_0", (2, "start"), *steps(2, 3), name="events.out.tfevents.2.b")

    def test_as_tensorboard(self):
        rows = exported(self.folder, ".", "--csv")
        with support.tensorboard(self.folder) as base:
            for run in ("torch", "tensorflow1", "from_0"):
                found = [(int(r["step"]), float(r["value"])) for r in rows if r["run"] == run]
                served = support.get(base, "/data/plugin/scalars/scalars", run=run, tag="x")
                self.assertEqual(found, [(step, value) for _, step, value in served], run)
                stock = EventAccumulator(str(self.folder / run))
                stock.Reload()
                self.assertEqual(found, [(e.step, e.value) for e in stock.Scalars("x")], run)


class Places(unittest.TestCase):
    def test_the_runs_that_tensorboard_lists(self):
        folder = support.fresh_folder("places")
        for name in ("checkpoints/exp1", ".guild/run", "exp2/checkpoints", "exp3"):
            write(folder / name, *steps(1))
        (folder / "exp3" / "checkpoints").mkdir()
        listed = [run["version"] for run in json.loads(levin("runs", ".", "--json", folder=folder).stdout)]
        with support.tensorboard(folder) as base:
            self.assertEqual(sorted(listed), sorted(support.get(base, "/data/runs")))
        self.assertEqual(levin("events", "check", ".", folder=folder).stdout.count(": ok"), 4)


class Unreadable(unittest.TestCase):
    def test_one_run_does_not_take_the_others_away(self):
        folder = support.fresh_folder("unreadable")
        for name in "abc":
            write(folder / "runs" / name, *steps(1))
        (folder / "runs" / "b" / "events.out.tfevents.1.a").chmod(0)
        (folder / "runs" / "c").chmod(0)
        self.addCleanup((folder / "runs" / "c").chmod, 0o755)
        options = {}
        if os.geteuid() == 0:
            # Nothing is unreadable to root.
            options = {"user": 65534, "group": 65534}
            for parent in (folder, *folder.parents):
                if not os.stat(parent).st_mode & 1:
                    parent.chmod(0o755)
        done = levin("runs", "runs", folder=folder, check=False, **options)
        self.assertEqual(done.returncode, 1)
        rows = {line.split()[0]: line.split()[-1] for line in done.stdout.splitlines()[2:]}
        self.assertEqual(rows, {"a": "unknown", "b": "unreadable", "c": "unreadable"})
        self.assertEqual(done.stderr.splitlines(), [
            "b: runs/b/events.out.tfevents.1.a: cannot open: Permission denied",
            "c: runs/c: cannot list: Permission denied"])
        done = levin("events", "check", "runs", folder=folder, check=False, **options)
        self.assertEqual((done.returncode, done.stdout.count(": ok"), done.stderr.count("error: ")), (2, 1, 2))
        done = levin("events", "export", "runs", folder=folder, check=False, **options)
        self.assertEqual((done.returncode, done.stdout.count("\na,scalar,x"), done.stderr.count("error: ")), (1, 1, 2))

    def test_runs_that_come_and_go(self):
        folder = support.fresh_folder("coming")
        write(folder / "stays", *steps(1))
        mover = subprocess.Popen([sys.executable, "-c", (
            "import shutil, itertools\n"
            "for n in itertools.count():\n"
            "    shutil.copytree('stays', f't{n % 9}', dirs_exist_ok=True)\n"
            "    shutil.rmtree(f't{(n + 5) % 9}', ignore_errors=True)\n")], cwd=folder)
        try:
            for _ in range(60):
                done = levin("runs", ".", "--json", folder=folder, check=False)
                runs = {run["version"]: run for run in json.loads(done.stdout)}
                self.assertEqual(runs["stays"]["metrics"]["x"]["final"], 1)
                unreadable = [name for name, run in runs.items() if run["status"] == "unreadable"]
                self.assertEqual(done.returncode, 1 if unreadable else 0)
        finally:
            mover.kill()
            mover.wait()


class Sizes(unittest.TestCase):
    def test_many_tags_and_hyperparameters(self):
        """Quadratic time would exceed the limit of two minutes."""
        count = 200_000
        folder = support.fresh_folder("tags")
        tags = [f"layer_{n}/weight" for n in range(count)]
        for run in ("a", "b"):
            write(folder / run, *((1, dict.fromkeys(tags[n:n + 50_000], 0.5)) for n in range(0, count, 50_000)))
            (folder / run / "hparams.yaml").write_text("".join(f"word_{n}: {n}\n" for n in range(count)))
        self.assertEqual(len(json.loads(levin("runs", ".", "--json", folder=folder).stdout)[0]["metrics"]), count)
        self.assertIn("layer_199999/weight", levin("runs", ".", folder=folder).stdout)
        self.assertIn("layer_199999/weight", levin("show", "a", folder=folder).stdout)
        self.assertIn("200000 curves", levin("diff", "a", "b", folder=folder).stdout)
        self.assertEqual(len(exported(folder, "a")), count)

    def test_memory_does_not_grow_with_the_file(self):
        folder = support.fresh_folder("large")
        write(folder / "a")
        picture = io.BytesIO()
        value = summary_pb2.Summary.Value(tag="p", image=summary_pb2.Summary.Image(
            width=1, height=1, colorspace=1, encoded_image_string=bytes(8 << 20)))
        RecordWriter(picture).write(event_pb2.Event(
            wall_time=2, step=1, summary=summary_pb2.Summary(value=[value])).SerializeToString())
        with open(folder / "a" / "events.out.tfevents.1.a", "ab") as file:
            for _ in range(100):
                file.write(picture.getvalue())
        os.link(folder / "a" / "events.out.tfevents.1.a", folder / "b")
        (folder / "c").mkdir()
        (folder / "b").rename(folder / "c" / "events.out.tfevents.1.a")
        self.addCleanup(shutil.rmtree, folder)

        def levin_in_little_memory(*arguments):
            return levin(*arguments, folder=folder, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_DATA, (300 << 20, 300 << 20))).stdout

        self.assertEqual(levin_in_little_memory("events", "export", "a").count("1×1 unknown"), 100)
        self.assertIn("100 pictures", levin_in_little_memory("diff", "a", "c"))
        levin_in_little_memory("runs", ".")
        levin_in_little_memory("events", "check", "a")


class Export(unittest.TestCase):
    def test_digits_are_those_of_tensorboard(self):
        """Read as 64-bit floats, the values are the 32-bit ones that were logged."""
        folder = support.fresh_folder("digits-of-floats")
        values = [n / 7 for n in range(1000)]
        write(folder / "run", *((n, {"x": value}) for n, value in enumerate(values)))
        rows = exported(folder, "run")
        with support.tensorboard(folder, "--samples_per_plugin", "scalars=2000") as base:
            served = support.get(base, "/data/plugin/scalars/scalars", run="run", tag="x", format="csv").decode()
        stock = [float(row["Value"]) for row in csv.DictReader(io.StringIO(served))]
        self.assertEqual([float(row["value"]) for row in rows], stock)
        rows = json.loads(levin("events", "export", "run", "--json", folder=folder).stdout)
        self.assertEqual([row["value"] for row in rows], stock)


if __name__ == "__main__":
    unittest.main()
