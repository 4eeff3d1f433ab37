"""`levin runs`, `show`, `diff` and `events` on a real run, compared with the stock protos."""

import csv
import io
import json
import shutil
import unittest

from PIL import Image

import support


class ReadingRuns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = support.digits_run()
        cls.points = support.scalars(cls.run_.version)

    def levin(self, *arguments, **options):
        return support.program("levin", *arguments, folder=self.run_.folder, **options)

    def test_runs(self):
        run, = json.loads(self.levin("runs", "--json").stdout)
        self.assertEqual((run["version"], run["status"]), ("version_0", "finished"))
        self.assertEqual((run["epochs"], run["steps"]), (5, 3750))
        self.assertEqual(set(run["metrics"]), set(self.points) - {"epoch"})
        for tag, metric in run["metrics"].items():
            step, value = self.points[tag][-1]
            self.assertEqual(metric["final_step"], step)
            self.assertAlmostEqual(metric["final"], value, delta=abs(value) * 1e-6)
            best = (min if tag.endswith("loss") else max)(v for _, v in self.points[tag])
            self.assertAlmostEqual(metric["best"], best, delta=abs(best) * 1e-6)
        table = self.levin("runs").stdout
        self.assertIn("version_0", table)
        self.assertNotIn("\x1b", table)

    def test_export_has_every_value(self):
        rows = list(csv.DictReader(io.StringIO(self.levin("events", "export", "version_0", "--csv").stdout)))
        for tag, points in self.points.items():
            found = [(int(r["step"]), float(r["value"])) for r in rows if r["kind"] == "scalar" and r["tag"] == tag]
            self.assertEqual([s for s, _ in found], [s for s, _ in points])
            for (_, read), (_, written) in zip(found, points):
                self.assertAlmostEqual(read, written, delta=abs(written) * 1e-6)
        for tag, texts in support.texts(self.run_.version).items():
            found = [(int(r["step"]), r["value"]) for r in rows if r["kind"] == "text" and r["tag"] == tag]
            self.assertEqual(found, texts)
        rows = json.loads(self.levin("events", "export", "version_0", "--json").stdout)
        self.assertEqual(sum(r["kind"] == "image" for r in rows), 11)

    def test_show(self):
        text = self.levin("show", "0").stdout
        for tag in ("train/loss", "val/acc", "test/acc", "train/preds"):
            self.assertIn(tag, text)
        self.levin("show", "version_0", "--png", "curves.png")
        picture = Image.open(self.run_.folder / "curves.png")
        picture.load()
        self.assertEqual(picture.width, 3 * 520)

    def test_diff(self):
        copy = self.run_.folder / "copy"
        shutil.copytree(self.run_.version, copy)
        self.assertIn("the runs are equal", self.levin("diff", "version_0", "copy").stdout)
        hyperparameters = copy / "hparams.yaml"
        text = hyperparameters.read_text().replace("learning_rate: 0.001", "learning_rate: 0.002")
        hyperparameters.write_text(text)
        done = self.levin("diff", "version_0", "copy", "--json", check=False)
        self.assertEqual(done.returncode, 1)
        found = json.loads(done.stdout)
        self.assertEqual([d["name"] for d in found["hyperparameters"]], ["learning_rate"])
        self.assertTrue(all(m["equal"] for m in found["metrics"]))
        done = self.levin("diff", "version_0", "nowhere", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("error: there is no run nowhere", done.stderr)

    def test_damage_is_no_equality(self):
        copy = self.run_.folder / "damaged_copy"
        shutil.copytree(self.run_.version, copy)
        self.addCleanup(shutil.rmtree, copy)
        checkpoint, = (copy / "checkpoints").glob("*.safetensors")
        whole = checkpoint.read_bytes()
        checkpoint.write_bytes(whole[:-7])
        done = self.levin("diff", "version_0", "damaged_copy", check=False)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("damaged: ", done.stdout)
        self.assertIn("not all could be compared", done.stdout)
        found = json.loads(self.levin("diff", "version_0", "damaged_copy", "--json", check=False).stdout)
        self.assertEqual((found["equal"], found["complete"]), (False, False))
        self.assertEqual([len(run["problems"]) for run in found["runs"]], [0, 1])
        checkpoint.unlink()
        done = self.levin("diff", "version_0", "damaged_copy", check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("only version_0 has a checkpoint", done.stdout)

    def test_hyperparameters_have_types(self):
        run, = [r for r in json.loads(self.levin("runs", "--json").stdout) if r["version"] == "version_0"]
        rows = json.loads(self.levin("events", "export", "version_0", "--json").stdout)
        logged = {r["tag"]: r["value"] for r in rows if r["kind"] == "hyperparameter"}
        self.assertEqual(run["hyperparameters"]["learning_rate"], 0.001)
        for name, value in logged.items():
            self.assertEqual(run["hyperparameters"][name], value, name)

    def test_mistakes(self):
        for arguments, error in ((["fti"], "unknown command 'fti'; did you mean 'fit'?"),
                                 (["runs", "--josn"], "Unknown option '--josn'"),
                                 (["runs", "--json", "--csv"], "choose one of --json and --csv")):
            done = self.levin(*arguments, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertTrue(done.stderr.startswith("error: " + error), done.stderr)
        done = self.levin("runs", "nowhere", check=False)
        self.assertEqual((done.returncode, done.stderr.split(";")[0]), (1, "error: there is no folder nowhere"))
        for arguments in (["--help"], ["help", "fit"], ["help", "runs"], ["--version"]):
            self.assertEqual(self.levin(*arguments).stderr, "")

    def test_check_and_repair(self):
        self.assertNotIn("fault", self.levin("events", "check", self.run_.version).stdout)
        source = min(self.run_.version.glob("*tfevents*"))
        damaged = support.fresh_folder("damaged") / source.name
        data = bytearray(source.read_bytes())
        data[len(data) // 2] ^= 1
        damaged.write_bytes(data)
        self.assertEqual(self.levin("events", "check", damaged, check=False).returncode, 1)
        repaired = damaged.with_name("repaired." + damaged.name)
        self.levin("events", "repair", damaged, "-o", repaired)
        self.levin("events", "check", repaired)
        damaged.unlink()
        self.assertEqual(len(support.events(damaged.parent)), len(list(support.RawEventFileLoader(str(source)).Load())) - 1)


if __name__ == "__main__":
    unittest.main()
