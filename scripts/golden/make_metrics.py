#!/usr/bin/env python3
"""torchmetrics' values, as golden data: Tests/Golden/metrics/{classification,others,pictures}.json.gz and higher-is-better.json.

usage: make_metrics.py        needs torch (CPU), torchmetrics 1.9 and scikit-learn

Each configuration of a metric is computed over each kind of input of its task. Inputs are numbers of a small generator that any
program can repeat, so that only the values are kept. Where scikit-learn has the metric, its value stands beside
(`sklearn`), and is compared here.
"""
import gzip
import json
import math
import pathlib
import warnings

import numpy
import sys
from unittest import mock

import torch

# torchmetrics imports torchvision for metrics of pictures that are not used here.
sys.modules.update({name: mock.MagicMock() for name in ("torchvision", "torchvision.transforms", "torchvision.models")})
import torchmetrics.classification as B
import torchmetrics.functional.classification as C
from sklearn import metrics as S

warnings.simplefilter("ignore")
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "metrics"
OUT.mkdir(parents=True, exist_ok=True)
CLASSES, LABELS, BATCH = 4, 3, 24


class Draw:
    """A linear congruential generator (Numerical Recipes' constants): the upper 16 bits of 32."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state >> 16

    def units(self, *shape):
        return torch.tensor([self.next() / 65536 for _ in range(math.prod(shape))], dtype=torch.float32).reshape(shape)

    def below(self, limit, *shape):
        return torch.tensor([self.next() % limit for _ in range(math.prod(shape))]).reshape(shape)


def inputs(task):
    """Name, predictions, targets, the target that is ignored."""
    extra = {"binary": (), "multiclass": (CLASSES,), "multilabel": (LABELS,)}[task]
    limit = CLASSES if task == "multiclass" else 2
    flat = () if task == "multiclass" else extra
    for index, name in enumerate(
            ("probabilities", "logits", "labels", "ties", "ignored", "absent", "one", "perfect", "wrong", "dimensions", "few", "confident")):
        d = Draw(100 + index)
        rest = (2, 3) if name == "dimensions" else ()
        batch = 3 if name == "few" else BATCH
        scores = d.units(batch, *extra, *rest)
        if name == "logits":
            scores = scores * 8 - 4
        elif task == "multiclass":
            scores = scores / scores.sum(1, keepdim=True)
        if name == "ties":
            scores = (d.units(batch, *extra) * 4).floor() / 4
        if name == "confident":
            scores = scores.square().square()
        target = d.below(limit, batch, *flat, *rest)
        if name == "absent":
            target = target.clamp(max=limit - 2) if task != "binary" else target * 0
            if task == "multilabel":
                target = d.below(2, batch, *flat)
                target[:, 1] = 0
        if name == "one":
            target = torch.ones_like(target)
        predictions = scores
        if name == "labels":
            predictions = d.below(limit, batch, *flat)
        if name in ("perfect", "wrong"):
            predictions = target.clone() if name == "perfect" else (target + 1) % limit
        if name == "ignored":
            target[::5] = -1
        yield name, predictions, target, -1 if name == "ignored" else None


AVERAGES = ("micro", "macro", "weighted", "none")
CURVE_AVERAGES = {"binary": (None,), "multiclass": ("macro", "weighted", "none"), "multilabel": ("micro", "macro", "weighted", "none")}


def configurations(task):
    """Metric, options."""
    counted = [("accuracy", {}), ("precision", {}), ("recall", {}), ("specificity", {}), ("f1_score", {}),
               ("fbeta_score", {"beta": 2.0}), ("hamming_distance", {}), ("stat_scores", {}), ("jaccard_index", {})]
    averages = (None,) if task == "binary" else AVERAGES
    for average in averages:
        for name, options in counted:
            yield name, {**options, **({"average": average} if average else {})}
    for name in ("precision", "recall", "f1_score", "jaccard_index"):
        yield name, {"zero_division": 1.0, **({} if task == "binary" else {"average": "macro"})}
    if task == "multiclass":
        for name in ("accuracy", "precision", "recall", "f1_score", "specificity"):
            for average in ("micro", "macro"):
                yield name, {"average": average, "top_k": 2}
    else:
        for name in ("accuracy", "f1_score"):
            yield name, {"threshold": 0.3, **({} if task == "binary" else {"average": "macro"})}
    for normalize in ("none", "true", "pred", "all"):
        yield "confusion_matrix", {"normalize": normalize}
    if task != "multilabel":
        for weights in ("none", "linear", "quadratic"):
            yield "cohen_kappa", {"weights": weights}
    yield "matthews_corrcoef", {}
    for thresholds in (None, 5, [0.1, 0.25, 0.5, 0.9]):
        for average in CURVE_AVERAGES[task]:
            options = {"thresholds": thresholds, **({"average": average} if average else {})}
            yield "auroc", options
            yield "average_precision", options
    if task == "binary":
        yield "auroc", {"max_fpr": 0.5}
        yield "auroc", {"max_fpr": 0.2}
        for thresholds in (None, [-2.0, 0.0, 0.25, 2.0]):
            for name in ("auroc", "average_precision"):
                yield name, {"thresholds": thresholds, "normalization": "none"}
    if task != "multilabel":
        for norm in ("l1", "l2", "max"):
            yield "calibration_error", {"norm": norm, "n_bins": 5}
        yield "calibration_error", {"norm": "l1", "n_bins": 15}
        for squared in (False, True):
            yield "hinge_loss", {"squared": squared}
        if task == "multiclass":
            yield "hinge_loss", {"squared": False, "multiclass_mode": "one-vs-all"}
    if task != "binary":
        yield "exact_match", {}
        yield "exact_match", {"multidim_average": "samplewise"}
    for average in averages:
        for name, options in counted:
            # torchmetrics divides the weights of a sample's labels by those of all samples.
            wrong = task == "multilabel" and name == "stat_scores" and average == "weighted"
            if name != "jaccard_index" and not wrong:
                yield name, {**options, "multidim_average": "samplewise", **({"average": average} if average else {})}


def call(task, name, options, predictions, target, ignored):
    if name in ("auroc", "average_precision", "calibration_error", "hinge_loss") and not predictions.is_floating_point():
        return None
    if options.get("top_k", 1) > 1 and not predictions.is_floating_point():
        return None
    if name == "exact_match" and task == "multiclass" and target.ndim < 2:
        return None
    if options.get("multidim_average") == "samplewise" and target.ndim < 2 + (task == "multilabel"):
        return None
    size = {"binary": {}, "multiclass": {"num_classes": CLASSES}, "multilabel": {"num_labels": LABELS}}[task]
    if "normalization" in options:
        return numbers(unnormalized(name, options, predictions, target, ignored))
    function = getattr(C, f"{task}_{name}")
    value = function(predictions, target, **size, **options, ignore_index=ignored, validate_args=name != "hinge_loss")
    return numbers(value)


def unnormalized(name, options, predictions, target, ignored):
    """A curve's metric of scores as they are, which only torchmetrics' classes offer."""
    kind = {"auroc": B.BinaryAUROC, "average_precision": B.BinaryAveragePrecision, "roc": B.BinaryROC,
            "precision_recall_curve": B.BinaryPrecisionRecallCurve}[name]
    metric = kind(thresholds=options["thresholds"], ignore_index=ignored, normalization=None, validate_args=False)
    metric.update(predictions, target)
    return metric.compute()


def numbers(value):
    value = torch.as_tensor(value)
    flat = [("nan" if math.isnan(x) else round(x, 9)) for x in value.double().flatten().tolist()]
    return {"shape": list(value.shape), "values": flat}


def sklearn(name, predictions, target):
    """scikit-learn's average over samples of a multilabel task."""
    if name == "auroc":
        return float(S.roc_auc_score(target.numpy(), predictions.numpy(), average="samples"))
    if name == "average_precision":
        return float(S.average_precision_score(target.numpy(), predictions.numpy(), average="samples"))
    function = {"f1_score": S.f1_score, "precision": S.precision_score, "recall": S.recall_score, "jaccard_index": S.jaccard_score}[name]
    return float(function(target.numpy(), (predictions > 0.5).numpy(), average="samples", zero_division=0))


cases = []
for task in ("binary", "multiclass", "multilabel"):
    everything = list(inputs(task))
    for name, options in configurations(task):
        values = {}
        for kind, predictions, target, ignored in everything:
            value = call(task, name, options, predictions, target, ignored)
            if value is not None:
                values[kind] = value
        cases.append({"task": task, "metric": name, "options": options, "values": values})
for name in ("f1_score", "precision", "recall", "jaccard_index", "auroc", "average_precision"):
    values = {}
    for kind, predictions, target, ignored in inputs("multilabel"):
        if kind in ("probabilities", "ties", "confident", "absent", "one"):
            values[kind] = numbers(sklearn(name, predictions, target))
    cases.append({"task": "multilabel", "metric": name, "options": {"average": "samples"}, "values": values})

# Curves: points one after the other, of each curve x, y and thresholds.
for task in ("binary", "multiclass", "multilabel"):
    size = {"binary": {}, "multiclass": {"num_classes": CLASSES}, "multilabel": {"num_labels": LABELS}}[task]
    for name in ("roc", "precision_recall_curve"):
        for thresholds in (None, 5):
            for average in (None, "micro", "macro") if task == "multiclass" else (None,):
                values = {}
                for kind, predictions, target, ignored in inputs(task):
                    if not predictions.is_floating_point():
                        continue
                    options = {"thresholds": thresholds, **({"average": average} if average else {})}
                    y, x, limits = getattr(C, f"{task}_{name}")(predictions, target, **size, **options, ignore_index=ignored)
                    if name == "roc":
                        x, y = y, x
                    if task == "binary" or average:
                        x, y, limits = [x], [y], [limits]
                    if isinstance(limits, torch.Tensor):
                        limits = [limits] * len(x)
                    values[kind] = numbers(torch.cat([torch.cat(three) for three in zip(x, y, limits)]))
                cases.append({"task": task, "metric": name, "options": options, "values": values})
for name in ("roc", "precision_recall_curve"):
    for thresholds in (None, [-2.0, 0.0, 0.25, 2.0]):
        options = {"thresholds": thresholds, "normalization": "none"}
        values = {}
        for kind, predictions, target, ignored in inputs("binary"):
            if predictions.is_floating_point():
                y, x, limits = unnormalized(name, options, predictions, target, ignored)
                x, y = (y, x) if name == "roc" else (x, y)
                values[kind] = numbers(torch.cat([x, y, limits]))
        cases.append({"task": "binary", "metric": name, "options": options, "values": values})

with gzip.GzipFile(OUT / "classification.json.gz", "wb", compresslevel=9, mtime=0) as file:
    file.write(json.dumps(cases, separators=(",", ":")).encode())
print(len(cases), "configurations,", sum(len(c["values"]) for c in cases), "values")

# Metrics of numbers. `x` and `y` are drawn one after the other, each from -2 to 2 unless the kind says otherwise.

import torchmetrics.functional.regression as R
from torchmetrics.functional.text import perplexity


def pairs(shape):
    for index, kind in enumerate(("plain", "ties", "equal", "constant", "large", "positive")):
        d = Draw(500 + index)
        x, y = d.units(*shape) * 4 - 2, d.units(*shape) * 4 - 2
        if kind == "ties":
            x, y = x.round(), y.round()
        if kind == "equal":
            y = x.clone()
        if kind == "constant":
            y = torch.ones_like(y)
        if kind == "large":
            x, y = x + 100, y + 100
        if kind == "positive":
            x, y = x.abs() + 0.1, y.abs() + 0.1
        yield kind, x, y


others = []


def add(name, options, shape, function, only=()):
    values = {}
    for kind, x, y in pairs(shape):
        if not only or kind in only:
            values[kind] = numbers(function(x, y))
    others.append({"metric": name, "options": options, "shape": list(shape), "values": values})


for shape in ((20,), (6, 4)):
    add("mse", {}, shape, R.mean_squared_error)
    add("rmse", {}, shape, lambda x, y: R.mean_squared_error(x, y, squared=False))
    add("mae", {}, shape, R.mean_absolute_error)
    add("mape", {}, shape, R.mean_absolute_percentage_error, only=("plain", "large", "positive", "constant"))
add("mse", {"outputs": 4}, (6, 4), lambda x, y: R.mean_squared_error(x, y, num_outputs=4))
add("rmse", {"outputs": 4}, (6, 4), lambda x, y: R.mean_squared_error(x, y, squared=False, num_outputs=4))
add("mae", {"outputs": 4}, (6, 4), lambda x, y: R.mean_absolute_error(x, y, num_outputs=4))
add("pearson", {"outputs": 4}, (6, 4), lambda x, y: R.pearson_corrcoef(x.double(), y.double()))
add("spearman", {"outputs": 4}, (6, 4), R.spearman_corrcoef, only=("plain", "ties", "equal", "positive"))
add("pearson", {}, (20,), lambda x, y: R.pearson_corrcoef(x.double(), y.double()))
add("spearman", {}, (20,), R.spearman_corrcoef)
for output in ("raw_values", "uniform_average", "variance_weighted"):
    kinds = ("plain", "ties", "equal", "positive") if output == "variance_weighted" else ("plain", "ties", "equal", "constant", "positive")
    add("r2", {"multioutput": output}, (6, 4), lambda x, y: R.r2_score(x.double(), y.double(), multioutput=output), only=kinds)
    add("explained_variance", {"multioutput": output}, (6, 4), lambda x, y: R.explained_variance(x.double(), y.double(), multioutput=output), only=kinds)
add("r2", {}, (20,), lambda x, y: R.r2_score(x.double(), y.double()))
add("r2", {"adjusted": 5}, (20,), lambda x, y: R.r2_score(x.double(), y.double(), adjusted=5))
add("explained_variance", {}, (20,), lambda x, y: R.explained_variance(x.double(), y.double()), only=("plain", "ties", "equal", "large", "positive"))
for reduction in ("mean", "sum", "none"):
    add("kl", {"reduction": reduction}, (6, 4), lambda x, y: R.kl_divergence(x.double(), y.double(), reduction=reduction), only=("positive",))
    add("kl", {"reduction": reduction, "log": True}, (6, 4), lambda x, y: R.kl_divergence(x.double(), y.double(), log_prob=True, reduction=reduction), only=("plain", "equal"))
    add("cosine", {"reduction": reduction}, (6, 4), lambda x, y: R.cosine_similarity(x.double(), y.double(), reduction=reduction))
add("perplexity", {}, (3, 4, 5), lambda x, y: perplexity(x, (y[..., 0].abs() * 2).long()), only=("plain", "positive"))
add("perplexity", {"ignore_index": 1}, (3, 4, 5), lambda x, y: perplexity(x, (y[..., 0].abs() * 2).long(), ignore_index=1), only=("plain", "positive"))

with gzip.GzipFile(OUT / "others.json.gz", "wb", compresslevel=9, mtime=0) as file:
    file.write(json.dumps(others, separators=(",", ":")).encode())
print(len(others), "other configurations")

# Whether greater values are better.

from torchmetrics import aggregation, image, regression, segmentation, text

directions = {}
for name in ("Accuracy", "Precision", "Recall", "F1Score", "FBetaScore", "Specificity", "StatScores", "ConfusionMatrix", "AUROC", "ROC",
             "AveragePrecision", "PrecisionRecallCurve", "CohenKappa", "MatthewsCorrCoef", "HammingDistance", "JaccardIndex",
             "CalibrationError", "HingeLoss", "ExactMatch"):
    directions[name] = getattr(B, f"Multiclass{name}").higher_is_better
for package, names in ((regression, "MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError R2Score ExplainedVariance PearsonCorrCoef "
                                    "SpearmanCorrCoef KLDivergence CosineSimilarity"),
                       (aggregation, "MeanMetric SumMetric MinMetric MaxMetric CatMetric"), (segmentation, "DiceScore MeanIoU"),
                       (image, "PeakSignalNoiseRatio StructuralSimilarityIndexMeasure"), (text, "Perplexity")):
    for name in names.split():
        directions[name] = getattr(package, name).higher_is_better
(OUT / "higher-is-better.json").write_text(json.dumps(directions, indent=1) + "\n")

# Pictures and masks: two batches, one after the other.

from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure
from torchmetrics.segmentation import DiceScore, MeanIoU

pictures = []


def fill(metric, batches):
    for p, t in batches:
        metric.update(p, t)
    return numbers(metric.compute())


for masks in ("index", "one-hot"):
    d = Draw(900)
    batches = []
    for _ in range(2):
        p, t = d.below(4, 3, 5, 6), d.below(3, 3, 5, 6)
        if masks == "one-hot":
            p, t = (torch.nn.functional.one_hot(x, 4).movedim(-1, 1) for x in (p, t))
        batches.append((p, t))
    for background in (True, False):
        for average in ("micro", "macro", "weighted", "none"):
            for level in ("samplewise", "global"):
                metric = DiceScore(4, background, average, input_format=masks, aggregation_level=level)
                pictures.append({"metric": "dice", "masks": masks, "background": background, "average": average,
                                 "global": level == "global", "value": fill(metric, batches)})
        for per_class in (False, True):
            metric = MeanIoU(4, background, per_class, input_format=masks)
            pictures.append({"metric": "iou", "masks": masks, "background": background, "global": per_class, "value": fill(metric, batches)})
d = Draw(950)
x, y = d.units(4, 2, 13, 17).double(), d.units(4, 2, 13, 17).double()
y = (x + y * 0.3).clamp(0, 1)
pictures.append({"metric": "psnr", "value": numbers(peak_signal_noise_ratio(x, y, data_range=1.0))})
for sigma in (1.5, 0.8):
    pictures.append({"metric": "ssim", "range": 1.0, "sigma": sigma, "value": numbers(structural_similarity_index_measure(x, y, data_range=1.0, sigma=sigma))})
for base, dim, reduction in ((2.0, None, "elementwise_mean"), (10.0, (1, 2, 3), "elementwise_mean"), (10.0, (2, 3), "sum"), (10.0, (1, 2, 3), "none")):
    value = peak_signal_noise_ratio(x, y, data_range=2.0, base=base, dim=dim, reduction=reduction)
    pictures.append({"metric": "psnr", "base": base, "dimensions": dim, "reduction": reduction.removeprefix("elementwise_"), "value": numbers(value)})
for gaussian, size, k1, k2, reduction in ((False, 5, 0.01, 0.03, "elementwise_mean"), (False, 3, 0.02, 0.05, "sum"), (True, 11, 0.03, 0.01, "none")):
    value = structural_similarity_index_measure(
        x, y, data_range=1.0, gaussian_kernel=gaussian, kernel_size=size, k1=k1, k2=k2, reduction=reduction)
    pictures.append({"metric": "ssim", "range": 1.0, "gaussian": gaussian, "size": size, "constants": [k1, k2],
                     "reduction": reduction.removeprefix("elementwise_"), "value": numbers(value)})
pictures.append({"metric": "ssim", "range": None, "value": numbers(structural_similarity_index_measure(x, y))})
d = Draw(980)
x, y = d.units(2, 2, 11, 12, 13).double(), d.units(2, 2, 11, 12, 13).double()
y = (x + y * 0.3).clamp(0, 1)
# torchmetrics pads volumes for windows of `kernel_size`, also if they are Gaussian.
for gaussian, size, sigma in ((True, 11, 1.5), (True, 7, 0.8), (False, 5, 1.5)):
    value = structural_similarity_index_measure(x, y, data_range=1.0, gaussian_kernel=gaussian, kernel_size=size, sigma=sigma)
    pictures.append({"metric": "ssim", "range": 1.0, "volume": True, "gaussian": gaussian, "size": size, "sigma": sigma, "value": numbers(value)})
with gzip.GzipFile(OUT / "pictures.json.gz", "wb", compresslevel=9, mtime=0) as file:
    file.write(json.dumps(pictures, separators=(",", ":")).encode())
print(len(pictures), "configurations of pictures")
