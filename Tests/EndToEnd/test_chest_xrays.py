"""chexpert: the miniature, a training, and what its run shows; MIMIC-CXR-JPG by one option; mistakes."""

import csv
import functools
import unittest

import decoding
import support

TASKS = ["Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion"]
SMALL = ["--data.image_size", "32", "--data.num_workers", "1", "--trainer.enable_progress_bar", "false"]


@functools.cache
def data():
    """A folder with miniatures of both datasets."""
    folder = support.fresh_folder("xrays")
    for layout in ("chexpert", "mimic"):
        support.program("chexpert", "miniature", ".", "--patients", 150, "--layout", layout, folder=folder)
    return folder


def rows(part):
    """The rows of a table of CheXpert's miniature."""
    with open(data() / "CheXpert-v1.0-small" / f"{part}.csv", newline="") as file:
        return list(csv.DictReader(file))


def patients(rows):
    return {row["Path"].split("/")[2] for row in rows}


def fit(folder, *options, **keywords):
    return support.program("chexpert", "fit", "--data.data_path", data(), *SMALL, *options, folder=folder, **keywords)


CONFIG = """trainer:
  max_epochs: 2
model:
  tasks: &tasks
    - "Atelectasis"
    - "Pleural Effusion"
  criterion:
    class_path: torch.nn.BCELoss
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 2e-4
data:
  tasks: *tasks
  batch_size: 64
  data_path: "../" # Path containing CheXpert-v1.0-small
"""


class Config(unittest.TestCase):
    """A file for Python's LightningCLI, with an anchor and classes by name."""

    def plan(self, text):
        folder = data() / "work"
        folder.mkdir(exist_ok=True)
        (folder / "config.yaml").write_text(text)
        return support.program("chexpert", "fit", "--config", "config.yaml", "--plan", folder=folder, check=False)

    def test_runs_as_it_is(self):
        done = self.plan(CONFIG)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = dict(line.split(None, 1) for line in done.stdout.splitlines() if line[:1].islower())
        self.assertTrue(lines["optimizer"].startswith("Adam, learning rate 0.0002"))
        self.assertTrue(lines["training"].startswith("2 epochs, "))

    def test_a_checkpoint_that_is_not_there(self):
        done = self.plan(CONFIG + "ckpt_path: ./lightning_logs/version_24/checkpoints/epoch=2-step=10473.ckpt\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no such file. Check the path", done.stderr)


    def test_a_checkpoint_of_lightnings_kind(self):
        folder = data() / "resumed"
        checkpoints = folder / "lightning_logs" / "version_24" / "checkpoints"
        checkpoints.mkdir(parents=True)
        (folder / "config.yaml").write_text(CONFIG + "ckpt_path: ./lightning_logs/version_24/checkpoints/epoch=2-step=10473.ckpt\n")
        few = [*SMALL, "--trainer.limit_train_batches", 2, "--trainer.limit_val_batches", 1]
        tasks = "[Atelectasis, Pleural Effusion]"
        support.program("chexpert", "fit", "--data.data_path", "..", "--model.tasks", tasks, "--data.tasks", tasks,
                        "--trainer.max_epochs", 1, *few, folder=folder)
        saved, = (folder / "lightning_logs").glob("version_*/checkpoints/epoch=0*.safetensors")
        support.program("levin", "weights", "convert", saved, checkpoints / "epoch=2-step=10473.ckpt", folder=folder)
        done = support.program("chexpert", "fit", "--config", "config.yaml", *few, folder=folder)
        self.assertIn("Restored all states from ./lightning_logs/version_24/checkpoints/epoch=2-step=10473.ckpt.\n", done.stdout)
        self.assertEqual(sorted(file.name for file in checkpoints.iterdir()),
                         ["epoch=1-step=4.safetensors", "epoch=2-step=10473.ckpt"])


class Miniature(unittest.TestCase):
    def test_every_label_both_ways(self):
        valid, train = rows("valid"), rows("train")
        for name in list(valid[0])[5:]:
            self.assertEqual({row[name] for row in valid}, {"0.0", "1.0"}, name)
        self.assertEqual((len(patients(valid)), len(patients(train))), (20, 130))
        for name in TASKS:
            self.assertEqual({row[name] for row in train}, {"1.0", "0.0", "-1.0", ""}, name)

    def test_mistakes(self):
        folder = support.fresh_folder("miniature")
        first = support.program("chexpert", "miniature", "x", "--patients", 6, "--damaged", 2, folder=folder)
        lines = first.stdout.splitlines()
        self.assertRegex(lines[0], r"^x/CheXpert-v1.0-small: 6 patients, \d+ images$")
        self.assertEqual([line.split(": ")[0] for line in lines[1:]], ["damaged"] * 2)
        again = support.program("chexpert", "miniature", "x", folder=folder, check=False)
        self.assertEqual((again.returncode, again.stderr),
                         (1, "error: x/CheXpert-v1.0-small exists. Name another folder, or remove it.\n"))
        wrong = support.program("chexpert", "miniature", "y", "--patients", 1, folder=folder, check=False)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("error: --patients: found 1; expected 2 to 60000\n", wrong.stderr)

    def test_its_command_stands_in_the_help(self):
        folder = support.fresh_folder("help")
        text = support.program("chexpert", "--help", folder=folder).stdout
        self.assertIn("\nMORE SUBCOMMANDS:\n  miniature               Draw a small dataset with the folders, tables and\n", text)
        self.assertEqual(text, support.program("chexpert", "help", folder=folder).stdout)
        self.assertIn("USAGE: chexpert miniature <folder>", support.program("chexpert", "help", "miniature", folder=folder).stdout)
        wrong = support.program("chexpert", "minature", "x", folder=folder, check=False)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("error: unknown command 'minature'; did you mean 'miniature'?\n", wrong.stderr)


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.fresh_folder("xray-training")
        cls.first = fit(cls.folder, "--trainer.max_epochs", 2, "--trainer.log_every_n_steps", 5)
        fit(cls.folder, "--trainer.max_epochs", 1, "--trainer.limit_train_batches", 2, "--data.uncertain", "zeros",
            "--data.views", "frontal", "--data.augment", "true", "--data.balance", "true", "--trainer.log_every_n_steps", 1)
        cls.run_folder = cls.folder / "lightning_logs" / "version_0"

    def test_curves(self):
        points = support.scalars(self.run_folder)
        for tag in ["train/loss", "val/loss", "val/auroc", "val/acc"]:
            self.assertTrue(points[tag], tag)
        for task in TASKS:
            self.assertEqual(len(points[f"val/auroc/{task}"]), 2)
            self.assertTrue(all(0 <= value <= 1 for _, value in points[f"val/acc/{task}"]))
        for epoch in range(2):
            areas = [points[f"val/auroc/{task}"][epoch][1] for task in TASKS]
            self.assertAlmostEqual(points["val/auroc"][epoch][1], sum(areas) / 5, places=6)
        count = len(rows("train"))
        self.assertRegex(self.first.stdout, rf"(?m)^train: {count} images of \d+ studies of 130 patients$")

    def test_pictures_and_texts(self):
        pictures = support.images(self.run_folder)
        # Grids of eight pictures of 32 pixels in a row, two pixels apart.
        self.assertEqual({tag: picture.size for tag, ((_, picture), *_) in pictures.items()},
                         {"train/inputs": (274, 70), "val/inputs": (274, 70), **{f"val/roc/{task}": (640, 480) for task in TASKS}})
        texts = support.texts(self.run_folder)
        expected = ["| picture | " + " | ".join(TASKS) + " |", "|" + " --- |" * 6]
        for place, row in enumerate(rows("valid")[:16]):
            expected.append(f"| {place + 1} | " + " | ".join(row[task][0] for task in TASKS) + " |")
        self.assertEqual(texts["val/targets/text_summary"][0][1].split("\n"), expected)
        predicted = texts["val/preds/text_summary"][0][1].split("\n")[2:]
        self.assertEqual(len(predicted), 16)
        for row in predicted:
            self.assertRegex(row, r"^\| \d+ (\| [01]\.\d\d ){5}\|$")

    def test_precision_recall_curves(self):
        entries = decoding.runs(self.folder)["lightning_logs/version_0"]
        found = {entry["tag"] for entry in entries if entry.get("plugin") == "pr_curves"}
        self.assertEqual(found, {f"val/pr/{task}" for task in TASKS})

    def test_runs_differ_in_their_policies(self):
        shown = support.program("chexpert", "runs", folder=self.folder).stdout
        self.assertIn("val/auroc", shown)
        done = support.program("chexpert", "diff", "0", "1", folder=self.folder, check=False)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        for wanted in (r"data\.uncertain +ones +zeros", r"data\.views +all +frontal"):
            self.assertRegex(done.stdout, wanted)
        self.assertIn("val/roc/Edema", support.program("chexpert", "show", "0", folder=self.folder).stdout)

    def test_a_checkpoint_is_tested_and_predicts(self):
        done = support.program("chexpert", "test", "--data.data_path", data(), *SMALL, "--ckpt_path", "last", folder=self.folder)
        self.assertIn("test/auroc/Pleural Effusion", done.stdout)
        predicted = support.program("chexpert", "predict", "--data.data_path", data(), *SMALL, "--ckpt_path", "last", "--csv",
                                    folder=self.folder).stdout.splitlines()
        self.assertEqual(len(predicted) - 1, len(rows("valid")))

    def test_mimic_by_one_option(self):
        folder = support.fresh_folder("mimic")
        done = fit(folder, "--data.dataset", "mimic_cxr", "--trainer.max_epochs", 1, "--trainer.limit_train_batches", 1)
        self.assertIn("MIMIC-CXR-JPG: images left out because the split does not name them: 1\n", done.stdout)
        self.assertTrue(support.scalars(folder / "lightning_logs" / "version_0")["val/auroc"])

    def test_missing_files_are_answered(self):
        folder = support.fresh_folder("missing")
        done = fit(folder, "--model.weights", "none.pth", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'none.pth': No such file or directory", done.stderr)
        done = support.program("chexpert", "fit", "--data.data_path", "nowhere", folder=folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("error: CheXpert: cannot find train.csv. Looked in:\n  nowhere\n", done.stderr)
        done = support.program("chexpert", "fit", "--model.tasks", "[Edema, Edema]", folder=folder, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("model.tasks: found [\"Edema\", \"Edema\"]; expected one or more findings, each once", done.stderr)

    def test_absent_classes_are_reported(self):
        folder = support.fresh_folder("absent")
        # Six patients, one of whom validates.
        support.program("chexpert", "miniature", ".", "--patients", 6, folder=folder)
        done = support.program("chexpert", "fit", "--data.data_path", ".", *SMALL, "--trainer.max_epochs", 1, folder=folder)
        self.assertRegex(done.stdout, r"(?m)^val: No AUROC, and left out of the mean: Atelectasis \(no \w+ among 1 studies\), ")
        points = support.scalars(folder / "lightning_logs" / "version_0")
        self.assertNotIn("val/auroc", points)
        self.assertIn("val/undefined/text_summary", support.texts(folder / "lightning_logs" / "version_0"))


if __name__ == "__main__":
    unittest.main()
