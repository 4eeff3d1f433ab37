"""The Swift code of README and docs: built and run word for word as packages that depend on Levin, or compared with the source it quotes."""

import json
import pathlib
import re
import shlex
import subprocess
import unittest

import numpy as np

import support

DOCS = support.ROOT / "docs"
# Levin's own debug build, so that only the package itself is compiled.
SCRATCH = support.ROOT / ".build"


# A package of programs that need nothing but Levin.
TOPICS = """// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "topics",
  dependencies: [.package(name: "Levin", path: "../levin")],
  targets: NAMES.map {
    .executableTarget(name: $0, dependencies: [.product(name: "Levin", package: "Levin")])
  }
)
"""

# What the page about the command line says about more than one line, with the page's classes.
SHADOWS_MORE = """import Levin

final class DeepShadowModule: LightningModule<TensorPair>, Configurable {
  struct Hyperparameters: HyperparameterSet {
    var depth = 2
    var classCount = 0
    var width = 4
  }
  let hyperparameters: Hyperparameters
  let model: Sequential
  init(_ hyperparameters: Hyperparameters) {
    self.hyperparameters = hyperparameters
    model = Sequential(Linear(4, hyperparameters.width), Sigmoid(), Linear(hyperparameters.width, 1))
  }
  override func configureOptimizers() -> any OptimizerConfiguration { SGD(parameters, learningRate: 0.1) }
  override func trainingStep(_ batch: TensorPair, batchIndex: Int) -> Tensor? {
    (model(batch.inputs) - batch.targets).squared().mean()
  }
  override func validationStep(_ batch: TensorPair, batchIndex: Int) -> Any? {
    log("val/loss", (model(batch.inputs) - batch.targets).squared().mean())
  }
  override func trainDataLoader() -> DataLoader<TensorPair> {
    DataLoader(TensorDataset(.rand([8, 4]), .rand([8, 1])), batchSize: 4)
  }
}

struct Report: HyperparameterSet { var format = "text" }

let rest = Array(Program.arguments().dropFirst())
let defaults = TrainerConfiguration { $0.maxEpochs = 1 }
switch Program.arguments().first {
case "several":
  await LightningCLI(
    models: [ShadowModule.self, DeepShadowModule.self], data: [ShadowDataModule.self], trainerDefaults: defaults
  ).main(rest)
case "alone": await LightningCLI(DeepShadowModule.self, trainerDefaults: defaults).main(rest)
case "objects":
  let cli = await LightningCLI(ShadowModule.self, ShadowDataModule.self, trainerDefaults: defaults).objects(rest)
  await Program.run {
    try await cli.trainer.fit(cli.model, dataModule: cli.data)
    print("width \\(cli.model.hyperparameters.width), steps \\(cli.trainer.globalStep)")
  }
default:
  await LightningCLI(DeepShadowModule.self, ShadowDataModule.self, trainerDefaults: defaults)
    .defaults("optimizer: {class_path: SGD, init_args: {lr: 0.25}}")
    .callbacks([Tally(.init { $0.name = "always" })])
    .loggers([CSVLogger(saveDir: "own")])
    .argument("notify", default: "nobody", help: "Whom to tell.")
    .arguments("report", Report.self, help: "The report.")
    .link("data.batch_size", to: "model.width") { .integer($0 == .integer(8) ? 3 : 5) }
    .link({ $0.hyperparameters.count / 2 }, to: "model.class_count")
    .beforeInstantiation { configuration in print("before all: \\(configuration["notify"]?.text ?? "")") }
    .before(.fit) { objects in
      let options = objects.model.hyperparameters
      print("before fit: width \\(options.width), classes \\(options.classCount)")
    }
    .after(.fit) { objects in
      print("after fit: \\(try objects.values(Report.self, of: "report").format), \\(objects.trainer.globalStep) steps")
    }
    .main(rest)
}
"""

# base.yaml of that page, without what equals its default.
SHORT_CONFIG = """trainer:
  max_epochs: 2
  callbacks:
  - class_path: lightning.pytorch.callbacks.EarlyStopping
    init_args:
      monitor: val/loss
data:
  batch_size: 8
optimizer:
  class_path: torch.optim.Adam
"""

OLD_TUTORIAL = """import Levin

final class Old: LightningModule<TensorPair> {
  override func onEpochEnd() {}
  override func onPretrainRoutineStart() {}
  override func onBatchStart() {}
  override func trainingEpochEnd(_ outputs: [Any]) {}
  override func validationEpochEnd(_ outputs: [Any]) {}
  override func testEpochEnd() {}
}
let trainers = [
  Trainer(maxEpochs: 5, gpus: 1),
  Trainer(maxEpochs: 5, progressBarRefreshRate: 20),
  Trainer(resumeFromCheckpoint: "a.ckpt"),
]
final class OldCallback: Callback {
  override func onBatchEnd(_ trainer: Trainer, _ module: LightningModuleBase) {}
}
"""
OLD_ANSWERS = [
    (4, "'onEpochEnd()' has been renamed to 'onTrainEpochEnd()'"),
    (5, "'onPretrainRoutineStart()' has been renamed to 'onFitStart()'"),
    (6, "cannot override 'onBatchStart' which has been marked unavailable: override onTrainBatchStart(_:batchIndex:)"),
    (7, "cannot override 'trainingEpochEnd' which has been marked unavailable: keep what you need in a property in "
        "onTrainBatchEnd, and override onTrainEpochEnd()"),
    (8, "cannot override 'validationEpochEnd' which has been marked unavailable: return the outputs from validationStep, "
        "and override onValidationEpochEnd() to read outputs(as:)"),
    (9, "cannot override 'testEpochEnd' which has been marked unavailable: return the outputs from testStep, and override "
        "onTestEpochEnd() to read outputs(as:)"),
    (12, "'init(maxEpochs:gpus:callbacks:logger:)' is unavailable: Levin trains on the CPU: leave it out"),
    (13, "'init(maxEpochs:progressBarRefreshRate:callbacks:logger:)' is unavailable: set enableProgressBar: "
         "Trainer { $0.enableProgressBar = false }"),
    (14, "'init(maxEpochs:resumeFromCheckpoint:callbacks:logger:)' is unavailable: give the path to fit: "
         "trainer.fit(model, checkpointPath: path)"),
    (17, "cannot override 'onBatchEnd' which has been marked unavailable: override onTrainBatchEnd(_:_:_:)"),
]


def blocks(page):
    """{path: text} of a page's Swift blocks, each of which begins with a comment that names its file."""
    found = {}
    for block in re.findall(r"^```swift\n(.*?)^```", page.read_text(), re.M | re.S):
        path, text = re.fullmatch(r"// (\S+)\n(.*)", block, re.S).groups()
        found[path] = text
    return found


def lay_out(name, files):
    """Writes the package of `files` to a new folder, with the actual path of Levin."""
    folder = support.fresh_folder(name)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace('path: "../levin"', f'path: "{support.ROOT}"'))
    return folder


def build(folder):
    """Builds the package in `folder`; returns the folder of its programs."""
    command = ["swift", "build", "--package-path", folder, "--scratch-path", SCRATCH]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise AssertionError(done.stdout[-4000:] + done.stderr[-4000:])
    if "warning:" in done.stdout + done.stderr:
        raise AssertionError([line for line in done.stdout.splitlines() if "warning:" in line])
    return SCRATCH / "debug"


def run(program, *arguments, folder):
    done = subprocess.run(
        [program, *arguments], cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout


class Packages(unittest.TestCase):
    """One package per page; they share the build of Levin."""

    def test_own_module(self):
        files = blocks(DOCS / "your-own-package.md")
        folder = lay_out("rings", {p: t for p, t in files.items() if not p.startswith("writer/")})
        run(build(folder) / "rings", folder=folder)
        points = support.scalars(folder / "lightning_logs" / "version_0")
        self.assertEqual([s for s, _ in points["train/loss"]], list(range(9, 200, 10)))
        self.assertGreater(points["test/acc"][0][1], 0.95)

    def test_writer_alone(self):
        files = blocks(DOCS / "your-own-package.md")
        folder = lay_out("writer", {
            p.removeprefix("writer/"): t for p, t in files.items() if p.startswith("writer/")})
        program = build(folder) / "writer"
        linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("FoundationNetworking", linked)
        run(program, folder=folder)
        points = support.scalars(folder / "runs" / "example")["distance"]
        self.assertEqual([s for s, _ in points], list(range(100)))
        self.assertAlmostEqual(points[9][1], 10)
        self.assertEqual(support.texts(folder / "runs" / "example")["note/text_summary"],
                         [(0, "written by a program without any training")])
        self.check_reader(folder)

    def check_reader(self, folder):
        """The program of docs/runs.md reads what the writer wrote."""
        (text,) = blocks(DOCS / "runs.md").values()
        main = folder / "Sources" / "writer" / "main.swift"
        main.write_text(text.replace("lightning_logs/version_3", "runs/example"))
        self.assertEqual(run(build(folder) / "writer", folder=folder), "distance 1.0\n")

    def test_recipes(self):
        folder = lay_out("wave", blocks(DOCS / "recipes.md"))
        programs = build(folder)
        train = programs / "wave-cli"
        run(train, "fit", "--seed_everything", "1", folder=folder)
        first = folder / "lightning_logs" / "version_0"
        points = support.scalars(first)
        self.assertLess(points["val/loss"][-1][1], 0.01)
        rates = [rate for _, rate in points["lr-Lion"]]
        self.assertEqual(len(rates), 20)
        for i, rate in enumerate(rates):
            self.assertAlmostEqual(rate, 0.01 * 0.9**i, places=7)

        # The state of the page's optimizer and its learning rate are saved in the checkpoint: the bits are the same.
        short = ["fit", "--seed_everything", "1", "--trainer.max_epochs"]
        run(train, *short, "3", folder=folder)
        (checkpoint,) = (folder / "lightning_logs/version_1/checkpoints").iterdir()
        run(train, *short, "20", "--ckpt_path", checkpoint, folder=folder)
        second = folder / "lightning_logs" / "version_1"
        self.assertEqual(support.scalars(second)["val/loss"], points["val/loss"])

        (checkpoint,) = (first / "checkpoints").iterdir()
        answer = run(programs / "ask", checkpoint, "0", "1.5", folder=folder)
        values = [float(line.split()[1]) for line in answer.splitlines()]
        self.assertAlmostEqual(values[0], 0, delta=0.15)
        self.assertAlmostEqual(values[1], 0.997, delta=0.15)


    def test_command_line(self):
        """The program of the page about the command line, and each of its commands."""
        page = DOCS / "command-line.md"
        text = page.read_text()
        files = blocks(page)
        shared = {path.replace("/shadows/", "/more/"): source for path, source in files.items()
                  if path.startswith("Sources/") and not path.endswith("main.swift")}
        package = TOPICS.replace("NAMES", '["shadows", "more"]').replace('"topics"', '"shadows"')
        folder = lay_out("shadows", files | shared | {
            "Package.swift": package,
            "Sources/more/main.swift": SHADOWS_MORE})
        programs = build(folder)
        (config,) = re.findall(r"^```yaml\n# base\.yaml\n(.*?)^```", text, re.M | re.S)
        (folder / "base.yaml").write_text(config)
        outputs = {}
        for command in "".join(re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)).splitlines():
            name, *arguments = shlex.split(command)
            outputs[command] = run(programs / name, *arguments, folder=folder)
        self.assertEqual(len(outputs), 18)
        runs = folder / "lightning_logs"
        found = {command: output for command, output in outputs.items() if "Tally" in command}
        (output,) = found.values()
        self.assertRegex(output, r"\nbatches: \d+\n")
        (output,) = [output for command, output in outputs.items() if "--csv" in command]
        self.assertEqual(output.splitlines()[0], "index,prediction")
        self.assertEqual(len(output.splitlines()), 65)
        self.assertTrue((folder / "tables/lightning_logs/version_0/metrics.csv").is_file())
        (output,) = [output for command, output in outputs.items() if command.endswith("--plan")]
        self.assertIn("5 epochs, 20 steps", output)
        self.assertIn("SGD, learning rate 0.001, ExponentialLR", output)
        # A printed config is a config, and so is that of a run; both repeat it.
        printed = outputs["shadows fit --config base.yaml --print_config"]
        (folder / "printed.yaml").write_text(printed)
        again = run(programs / "shadows", "fit", "--config", "printed.yaml", "--print_config", folder=folder)
        self.assertEqual(again, printed)
        short = run(programs / "shadows", "fit", "--config", "base.yaml", "--print_config=skip_default,plain", folder=folder)
        self.assertEqual(short, SHORT_CONFIG)
        self.check_repeats(programs / "shadows", folder, runs)
        self.check_mistakes(programs / "shadows", folder, text)
        self.check_more(programs / "more", folder)

    def check_repeats(self, program, folder, runs):
        before = set(runs.iterdir())
        run(program, "fit", "--config", "base.yaml", "--optimizer.lr", "0.01", folder=folder)
        (first,) = set(runs.iterdir()) - before
        run(program, "fit", "--config", first / "config.yaml", folder=folder)
        (second,) = set(runs.iterdir()) - before - {first}
        curve = support.scalars(first)["val/loss"]
        self.assertGreater(len(curve), 1)
        self.assertEqual(support.scalars(second)["val/loss"], curve)
        self.assertEqual((second / "config.yaml").read_text(), (first / "config.yaml").read_text())
        # What nothing sets comes from the checkpoint; what an option sets does not.
        run(program, "fit", "--trainer.max_epochs", "1", "--model.width", "5", folder=folder)
        for options, status, note in ([], 0, "note: from the checkpoint: model.width 5\n"), (["--model.width", "6"], 1, ""):
            done = subprocess.run([program, "validate", "--ckpt_path", "last", *options], cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(re.findall("note: from the checkpoint.*\n", done.stderr), [note] if note else [])

    def check_mistakes(self, program, folder, text):
        (expected,) = re.findall(r"^```text\n(.*?)^```", text, re.M | re.S)
        config = (folder / "base.yaml").read_text()
        broken = support.fresh_folder("shadows-broken")
        (broken / "base.yaml").write_text("# base.yaml\n" + config.replace("max_epochs", "max_epohcs"))
        done = subprocess.run([program, "fit", "--config", "base.yaml"], cwd=broken, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, expected + "See shadows fit --help for the options.\n")
        self.assertEqual([path.name for path in broken.iterdir()], ["base.yaml"])

    def check_more(self, program, folder):
        output = run(program, "linked", "fit", "--data.batch_size", "8", "--notify", "me", "--report.format", "html",
                     folder=folder)
        # What Swift's own print writes is buffered apart from the rest.
        self.assertEqual(lines(output, "before", "after"), [
            "before all: me", "before fit: width 3, classes 32", "after fit: html, 8 steps"])
        self.assertEqual(lines(output, "always"), ["always: 8"])
        self.assertIn("The options choose SGD; DeepShadowModule.configureOptimizers() is not called.", output)
        self.assertTrue((folder / "own/lightning_logs/version_0/metrics.csv").is_file())
        done = subprocess.run([program, "linked", "fit", "--model.width", "4"], cwd=folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: --model.width: it cannot be set; it is computed from data.batch_size\n", done.stderr)
        output = run(program, "several", "fit", "--model", "DeepShadowModule", "--model.depth", "3", "--data",
                     "ShadowDataModule", "--data.count", "32", "--print_config=plain", folder=folder)
        self.assertIn("model:\n  class_path: DeepShadowModule\n  init_args:\n    depth: 3\n", output)
        run(program, "several", "fit", "--model", "DeepShadowModule", "--data", "ShadowDataModule", folder=folder)
        done = subprocess.run([program, "several", "fit", "--model", "DeepModule", "--data", "ShadowDataModule"], cwd=folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: --model: unknown class 'DeepModule'; expected one of ShadowModule, DeepShadowModule\n",
                      done.stderr)
        output = run(program, "alone", "fit", "--optimizer", "Adam", folder=folder)
        self.assertIn("The options choose Adam;", output)
        output = run(program, "objects", "--model.width", "6", folder=folder)
        self.assertEqual(lines(output, "width"), ["width 6, steps 4"])

    def test_topics(self):
        """The programs of the pages about training, each under its own name in one package."""
        pages = ["training", "logging", "manual-optimization", "reproducibility", "writing-a-callback", "writing-a-logger",
                 "coming-from-lightning", "chest-xrays"]
        files = {path: text for page in pages for path, text in blocks(DOCS / f"{page}.md").items()}
        names = sorted({path.split("/")[1] for path in files})
        self.assertEqual(names, ["callback", "gradcam", "loggers", "logging", "manual", "repeat", "training"])
        folder = lay_out("topics", files | {"Package.swift": TOPICS.replace("NAMES", str(names).replace("'", '"'))})
        programs = build(folder)
        self.assertEqual(lines(run(programs / "training", folder=folder), "batches", "metrics", "predicted", "batch ", "loaders", "combined", "fold", "cross"), [
            "batches 400, steps 200", 'metrics ["val/loss", "val/worst"]', "predicted [20, 20, 20]",
            "batch 0: [20, 1]", "batch 1: [20, 1]", "batch 2: [20, 1]", "loaders 2", "combined 7"]
            + ["fold of 30 and 10"] * 4 + ["cross-validated true"])
        # The runs before it: one of the training page, and its four folds.
        self.check_logging(run(programs / "logging", folder=folder), folder / "lightning_logs" / "version_5")
        self.assertEqual(
            lines(run(programs / "manual", folder=folder), "batches", "weight"), ["batches 20, steps 30", "weight 2.0"])
        self.assertEqual(
            [line.split(": ")[1] for line in lines(run(programs / "repeat", folder=folder), "same", "resumed", "without")],
            ["true", "true", "false", "true"])
        self.check_loggers(run(programs / "loggers", folder=folder), folder)
        self.check_grad_cam(programs / "gradcam", folder)
        self.assertEqual(
            lines(run(programs / "callback", folder=folder), "epoch", "kept", "drops", "steps", "finished"),
            [f"epoch {epoch}: 10 batches" for epoch in range(3)]
            + ["kept 2", "drops true", "finished epoch 0", "steps 10"])

    def check_loggers(self, output, folder):
        self.assertEqual(lines(output, "kept"), ["kept 4 losses at steps [0, 1, 2, 3]"])
        # Three loggers wrote into one folder, the same numbers at the same steps.
        (history,) = (folder / "lightning_logs").glob("*/history.jsonl")
        points = support.scalars(history.parent)["loss"]
        entries = [json.loads(line) for line in history.read_text().splitlines()]
        logged = [(entry["_step"], entry["loss"]) for entry in entries if "loss" in entry]
        self.assertEqual([step for step, _ in points], [1, 3, 5, 7])
        self.assertEqual(logged, points)
        table = [line.split(",") for line in (history.parent / "metrics.csv").read_text().splitlines()]
        self.assertEqual(table[0], ["epoch", "loss", "step"])
        self.assertEqual([(int(row[2]), float(row[1])) for row in table[1:]], points)
        self.assertEqual(entries[0], {"config/learning_rate": "0.1"})
        self.assertEqual([entry["weight"] for entry in entries if "weight" in entry], ["weight_0.png", "weight_1.png"])
        self.assertTrue((history.parent / "weight_1.png").read_bytes().startswith(b"\x89PNG"))
        self.assertEqual(entries[-1], {"_status": "finished"})
        # The layout of MLflow's file store.
        store = folder / "mlruns/0/first"
        self.assertEqual((store / "params/learning_rate").read_text(), "0.1")
        self.assertFalse((store / "params/folder").exists())
        self.assertEqual([line.split()[2] for line in (store / "metrics/loss").read_text().splitlines()], ["0", "1", "2", "3"])
        self.assertIn("status: FINISHED", (store / "meta.yaml").read_text())
        self.assertEqual(len(list((store / "artifacts/checkpoints").iterdir())), 1)

    def check_grad_cam(self, program, folder):
        """The page's program explains a prediction of a training on the miniature."""
        support.program("chexpert", "miniature", ".", "--patients", 30, folder=folder)
        support.program("chexpert", "fit", "--data.data_path", ".", "--data.image_size", 64, "--trainer.limit_train_batches", 2,
                        "--trainer.max_epochs", 1, "--trainer.default_root_dir", "xrays", folder=folder)
        (checkpoint,) = (folder / "xrays/lightning_logs/version_0/checkpoints").iterdir()
        picture = folder / "CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg"
        self.assertRegex(run(program, checkpoint, picture, "3", folder=folder), r"^probability 0\.\d+\n$")
        pictures = support.images(folder / "lightning_logs/gradcam")
        ((_, plain),), ((_, mapped),) = pictures["gradcam/picture"], pictures["gradcam/3"]
        plain, (red, green, blue) = np.asarray(plain.convert("L")).astype(int), np.moveaxis(np.asarray(mapped).astype(int), -1, 0)
        self.assertTrue((abs(green - plain) <= 1).all() and (green == blue).all())
        self.assertTrue((red >= green).all() and (red > green + 20).any())

    def check_logging(self, output, run_folder):
        points = support.scalars(run_folder)
        steps = {tag: [step for step, _ in curve] for tag, curve in points.items()}
        self.assertEqual(steps["train/loss_step"], [1, 3, 5, 7, 9, 11])
        for tag in ["train/mean", "train/largest", "train/gradient"]:
            self.assertEqual(steps[tag], steps["train/loss_step"])
        for tag in ["train/loss_epoch", "val/loss", "val/largest", "val/error"]:
            self.assertEqual(steps[tag], [3, 7, 11])
        self.assertEqual([text for _, text in support.texts(run_folder)["note/text_summary"]],
                         [f"epoch {epoch} is over" for epoch in range(3)])
        names = output.splitlines()[[line.startswith("train/gradient") for line in output.splitlines()].index(True)]
        self.assertEqual(names.split(), [
            "train/gradient", "train/largest", "train/loss", "train/loss_epoch", "train/loss_step", "train/mean",
            "val/error", "val/largest", "val/loss"])

    def test_removed_names(self):
        """The compiler answers the hooks and flags of Lightning 1 with what to write instead."""
        folder = lay_out("old", {
            "Package.swift": TOPICS.replace("NAMES", '["old"]'), "Sources/old/main.swift": OLD_TUTORIAL})
        command = ["swift", "build", "--package-path", folder, "--scratch-path", SCRATCH]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
        self.assertNotEqual(done.returncode, 0)
        found = re.findall(r"main\.swift:(\d+):\d+: error: (.*)", done.stdout + done.stderr)
        self.assertEqual(sorted({(int(line), text) for line, text in found}), OLD_ANSWERS)


def lines(output, *beginnings):
    """The lines of a program's output that begin so."""
    return [line for line in output.splitlines() if line.startswith(beginnings)]


class Quotes(unittest.TestCase):
    def test_readme_quotes_the_sources(self):
        """Each paragraph of a block is word for word in the file that it names, in this order."""
        quoted = blocks(support.ROOT / "README.md")
        self.assertEqual(len(quoted), 2)
        for path, text in quoted.items():
            rest = (support.ROOT / path).read_text()
            for paragraph in text.rstrip("\n").split("\n\n"):
                self.assertIn(paragraph + "\n", rest, path)
                rest = rest[rest.index(paragraph) + len(paragraph):]

    def test_main_is_whole(self):
        path = "Sources/digits/main.swift"
        self.assertEqual(
            blocks(support.ROOT / "README.md")[path], (support.ROOT / path).read_text())

    def test_every_name_of_lightning_has_a_row(self):
        """Each argument, method and property of Lightning's three classes, once, in the tables about its class."""
        page = (DOCS / "coming-from-lightning.md").read_text()
        known = json.loads((support.GOLDEN / "lightning" / "names.json").read_text())
        for title, names in {
                "The Trainer": known["Trainer(…)"] + known["Trainer"],
                "LightningModule": known["LightningModule"], "LightningDataModule": known["LightningDataModule"]}.items():
            section = page.split(f"\n## {title}, name by name\n")[1].split("\n## ")[0]
            self.assertEqual(sorted(re.findall(r"^\| `(\w+)` \| .+ \|", section, re.M)), sorted(names), title)

    def test_every_callback_of_lightning_has_a_row(self):
        """Each class of lightning.pytorch.callbacks, once, in the table about them."""
        page = (DOCS / "coming-from-lightning.md").read_text()
        known = json.loads((support.GOLDEN / "lightning" / "names.json").read_text())["callbacks"]
        section = page.split("\n## Callbacks, name by name\n")[1].split("\n## ")[0]
        self.assertEqual(sorted(re.findall(r"^\| `(\w+)` \| .+ \|", section, re.M)), known)

    def test_every_flag_is_explained(self):
        """Each field of the trainer's configuration is in the table of docs/training.md."""
        source = (support.ROOT / "Sources/LevinTrainer/Configuration/TrainerConfiguration.swift").read_text()
        fields = re.findall(r"^  public var (\w+)", source.split("/// How gradients")[0], re.M)
        table = (DOCS / "training.md").read_text().split("\n## Flags\n")[1].split("\n## ")[0]
        explained = [name for row in re.findall(r"^\| (`[^|]*) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)]
        self.assertEqual(sorted(explained), sorted(fields))

    def test_the_table_names_all_that_is_there(self):
        """Every layer, loss, model, optimizer, metric, callback and logger is on the page."""
        page = (DOCS / "coming-from-lightning.md").read_text()
        table = page[page.index("## What is there"):]
        pattern = r"^(?:public|open) (?:final )?class (\w+)(?:<[^>]*>)?: (\w+)"
        parents = dict(
            found for file in (support.ROOT / "Sources").rglob("*.swift")
            for found in re.findall(pattern, file.read_text(), re.M))
        def is_listed(name):
            parent = parents.get(name)
            return parent in ("Layer", "Module", "Optimizer", "Metric", "Callback", "Logger") or (
                parent is not None and is_listed(parent))
        # Base classes are listed under the names of their subclasses; the modules of programs are no part of the library.
        found = [name for name in parents if is_listed(name) and name not in parents.values() and name not in ("DigitModule", "CheXpertModule")]
        self.assertGreaterEqual(len(found), 100)
        for name in found:
            self.assertIn(f"`{name}`", table)


if __name__ == "__main__":
    unittest.main()
