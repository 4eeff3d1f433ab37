#!/usr/bin/env python3
"""Makes Tests/Golden/images/transforms.json: what torchvision's transforms make of three pictures.

usage: make_transforms.py        (needs torch, torchvision 0.28 and pillow 13.0.0)

Every transform runs three times in a row, from one seed, on PIL images; the next number that is drawn follows.
"""
import base64
import json
import pathlib
import sys
import types

import numpy as np
import PIL
import torch
from PIL import Image

# torchvision 0.28 registers operators that torch 2.13 does not have without its compiled part.
sys.modules["torchvision._meta_registrations"] = types.ModuleType("torchvision._meta_registrations")
from torchvision import transforms as T  # noqa: E402
from torchvision.datasets import FakeData  # noqa: E402
from torchvision.utils import draw_bounding_boxes, draw_segmentation_masks  # noqa: E402
from torchvision.transforms import InterpolationMode as M, autoaugment as A, v2  # noqa: E402
from torchvision.tv_tensors import BoundingBoxes  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "images" / "transforms.json"


def pictures():
    random = np.random.default_rng(3)
    result = {}
    for name, (height, width, channels) in {"gray": (17, 24, 1), "rgb": (21, 15, 3), "tall": (40, 13, 3)}.items():
        y, x = np.mgrid[0:height, 0:width]
        planes = [np.clip(120 + 110 * np.sin(x / 3 + c) * np.cos(y / (4 - c)) + random.integers(-20, 20, (height, width)),
                          0, 255) for c in range(channels)]
        pixels = np.stack(planes, -1).astype(np.uint8)
        result[name] = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
    return result


def cases():
    yield "resize side", T.Resize(11)
    yield "resize exact", T.Resize((9, 20))
    yield "resize taller", T.Resize((45, 11))
    yield "resize bicubic", T.Resize((30, 9), interpolation=M.BICUBIC)
    yield "resize lanczos", T.Resize((10, 31), interpolation=M.LANCZOS)
    yield "resize box", T.Resize((10, 7), interpolation=M.BOX)
    yield "resize hamming", T.Resize((10, 7), interpolation=M.HAMMING)
    yield "resize nearest", T.Resize((29, 10), interpolation=M.NEAREST)
    yield "resize max", T.Resize(9, max_size=12)
    yield "center crop", T.CenterCrop(10)
    yield "center crop larger", T.CenterCrop((30, 19))
    yield "pad", T.Pad(3)
    yield "pad reflect", T.Pad((2, 1, 4, 3), padding_mode="reflect")
    yield "pad symmetric", T.Pad((2, 5), padding_mode="symmetric")
    yield "pad edge", T.Pad((2, 5), padding_mode="edge")
    yield "pad fill", T.Pad((2, 0, 1, 3), fill=77)
    yield "random crop", T.RandomCrop(9)
    yield "random crop padded", T.RandomCrop(12, padding=4)
    yield "random crop if needed", T.RandomCrop((26, 18), pad_if_needed=True, padding_mode="reflect")
    yield "random resized crop", T.RandomResizedCrop(12)
    yield "random resized crop bicubic", T.RandomResizedCrop((8, 14), scale=(0.3, 0.6), ratio=(0.5, 3),
                                                            interpolation=M.BICUBIC)
    yield "horizontal flip", T.RandomHorizontalFlip()
    yield "vertical flip", T.RandomVerticalFlip(0.7)
    yield "rotation", T.RandomRotation(30)
    yield "rotation bilinear", T.RandomRotation((-200, 90), interpolation=M.BILINEAR, fill=99)
    yield "rotation bicubic", T.RandomRotation(45, interpolation=M.BICUBIC)
    yield "rotation expanded", T.RandomRotation(70, expand=True)
    yield "rotation 90", T.RandomRotation((90, 90))
    yield "rotation 90 expanded", T.RandomRotation((90, 90), expand=True)
    yield "rotation 180", T.RandomRotation((180, 180))
    yield "affine", T.RandomAffine(15)
    yield "affine all", T.RandomAffine(15, (0.05, 0.1), (0.9, 1.1), (-5, 5, -3, 3))
    yield "affine bilinear", T.RandomAffine((10, 40), (0.2, 0.1), (0.5, 1.5), (-9, 9), interpolation=M.BILINEAR, fill=7)
    yield "affine moved", T.RandomAffine((0, 0), (0.3, 0.3))
    yield "perspective", T.RandomPerspective(p=1)
    yield "perspective nearest", T.RandomPerspective(0.3, p=0.5, interpolation=M.NEAREST)
    yield "perspective bicubic", T.RandomPerspective(0.2, p=1, interpolation=M.BICUBIC, fill=200)
    yield "jitter", T.ColorJitter(0.4, 0.4, 0.4, 0.1)
    yield "jitter brightness", T.ColorJitter(brightness=(0.2, 2.5))
    yield "jitter contrast", T.ColorJitter(contrast=0.9)
    yield "jitter saturation", T.ColorJitter(saturation=0.9)
    yield "jitter hue", T.ColorJitter(hue=0.5)
    yield "grayscale", T.Grayscale()
    yield "grayscale 3", T.Grayscale(3)
    yield "random grayscale", T.RandomGrayscale(0.5)
    yield "blur", T.GaussianBlur(5)
    yield "blur uneven", T.GaussianBlur((3, 9), (1, 3))
    yield "invert", T.RandomInvert()
    yield "posterize", T.RandomPosterize(3, 0.8)
    yield "solarize", T.RandomSolarize(100, 0.8)
    yield "sharpness", T.RandomAdjustSharpness(2, 0.8)
    yield "softness", T.RandomAdjustSharpness(0.3, 0.8)
    yield "autocontrast", T.RandomAutocontrast(0.8)
    yield "equalize", T.RandomEqualize(0.8)
    yield "apply", T.RandomApply([T.RandomVerticalFlip(1), T.ColorJitter(0.5)], p=0.6)
    yield "compose", T.Compose([T.RandomResizedCrop(10), T.RandomHorizontalFlip(), T.ColorJitter(0.3, 0.3)])
    yield "choice", v2.RandomChoice([v2.RandomVerticalFlip(1), v2.ColorJitter(0.5), v2.Pad(2)])
    yield "choice weighted", v2.RandomChoice([v2.RandomHorizontalFlip(0.5), v2.CenterCrop(9), v2.Pad(1)], p=[0.2, 3, 1])
    yield "order", v2.RandomOrder([v2.RandomVerticalFlip(0.5), v2.RandomCrop(11), v2.ColorJitter(0.5), v2.Pad(2)])
    for policy in A.AutoAugmentPolicy:
        yield f"auto {policy.value}", T.AutoAugment(policy)
    yield "rand", T.RandAugment()
    yield "rand strong", T.RandAugment(3, 20, 31, interpolation=M.BILINEAR, fill=[50])
    yield "trivial", T.TrivialAugmentWide()
    # With those above, each transform has its defaults and two other settings.
    yield "random grayscale default", T.RandomGrayscale()
    yield "random grayscale always", T.RandomGrayscale(1)
    yield "blur fixed", T.GaussianBlur(3, 0.7)
    yield "invert seldom", T.RandomInvert(0.2)
    yield "invert always", T.RandomInvert(1)
    yield "posterize 1", T.RandomPosterize(1, 1)
    yield "posterize 7", T.RandomPosterize(7)
    yield "solarize all", T.RandomSolarize(0, 1)
    yield "solarize 200", T.RandomSolarize(200)
    yield "sharpness default", T.RandomAdjustSharpness(1.5)
    yield "autocontrast default", T.RandomAutocontrast()
    yield "autocontrast always", T.RandomAutocontrast(1)
    yield "equalize default", T.RandomEqualize()
    yield "equalize always", T.RandomEqualize(1)
    yield "apply default", T.RandomApply([T.CenterCrop(9)])
    yield "apply always", T.RandomApply([T.Pad(1), T.RandomHorizontalFlip()], p=1)
    yield "rand weak", T.RandAugment(1, 3)
    yield "trivial few bins", T.TrivialAugmentWide(7)
    yield "trivial bilinear", T.TrivialAugmentWide(31, M.BILINEAR, [10])


def record(name, transform, picture, image, runs):
    torch.manual_seed(7)
    results = []
    for _ in range(runs):
        out = transform(image)
        results.append({"width": out.width, "height": out.height,
                        "bytes": base64.b64encode(out.tobytes()).decode()})
    return {"name": name, "picture": picture, "results": results, "next": float(torch.rand(1))}


def floats(image):
    """Transforms of tensors, as float32 in 0…1."""
    kinds = {
        "resize": T.Resize((9, 20)), "resize larger": T.Resize((35, 33)),
        "resize bicubic": T.Resize((10, 11), interpolation=M.BICUBIC),
        "resize plain": T.Resize((9, 20), antialias=False),
        "resize plain bicubic": T.Resize((9, 20), interpolation=M.BICUBIC, antialias=False),
        "resize nearest": T.Resize((9, 20), interpolation=M.NEAREST),
        "crop": T.RandomCrop(9, padding=2), "flip": T.RandomHorizontalFlip(),
        "erasing": T.RandomErasing(p=0.9), "erasing random": T.RandomErasing(p=1, value="random"),
        "erasing value": T.RandomErasing(p=1, scale=(0.1, 0.2), ratio=(0.5, 2), value=(0.1, 0.2, 0.3)),
        "jitter": T.ColorJitter(0.4, 0.4, 0.4, 0.1), "blur": T.GaussianBlur(5),
        "normalize": T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)), "gray": T.Grayscale(),
        "normalize half": T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)), "normalize wide": T.Normalize((0, -1, 2), (3, 0.1, 10)),
        "rotation": T.RandomRotation(30), "rotation bilinear": T.RandomRotation((20, 70), interpolation=M.BILINEAR, fill=0.3),
        "rotation expanded": T.RandomRotation(70, interpolation=M.BILINEAR, expand=True),
        "rotation 90 expanded": T.RandomRotation((90, 90), expand=True),
        "affine": T.RandomAffine(15, (0.05, 0.1), (0.9, 1.1), (-5, 5, -3, 3)),
        "affine bilinear": T.RandomAffine((10, 40), (0.2, 0.1), (0.5, 1.5), (-9, 9), interpolation=M.BILINEAR,
                                          fill=[0.1, 0.5, 0.9]),
        "perspective": T.RandomPerspective(p=1), "perspective nearest": T.RandomPerspective(0.3, p=1, interpolation=M.NEAREST),
        "invert": T.RandomInvert(1), "solarize": T.RandomSolarize(0.4, 1), "sharpness": T.RandomAdjustSharpness(2, 1),
        "softness": T.RandomAdjustSharpness(0.3, 1), "autocontrast": T.RandomAutocontrast(1),
        "to bytes": T.ConvertImageDtype(torch.uint8), "to bytes v2": v2.ToDtype(torch.uint8, scale=True),
        "to floats": T.ConvertImageDtype(torch.float32),
    }
    tensor = T.ToTensor()(image)
    rows = []
    for name, transform in kinds.items():
        torch.manual_seed(11)
        out = transform(tensor)
        rows.append({"name": name, "shape": list(out.shape), "values": [float(f"{v:.9g}") for v in out.flatten().tolist()],
                     "next": float(torch.rand(1))})
    return rows


def dtypes():
    """All bytes as floats, and floats as bytes."""
    ramp = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    floats = torch.linspace(0, 1, 999).reshape(1, 27, 37)
    rows = {"convert": T.ConvertImageDtype(torch.float32)(ramp), "scaled": v2.ToDtype(torch.float32, scale=True)(ramp),
            "unscaled": v2.ToDtype(torch.float32)(ramp), "bytes": T.ConvertImageDtype(torch.uint8)(floats),
            "bytes scaled": v2.ToDtype(torch.uint8, scale=True)(floats),
            "bytes unscaled": v2.ToDtype(torch.uint8)(floats * 255)}
    return {name: [float(f"{v:.9g}") for v in row.flatten().tolist()] for name, row in rows.items()}


def drawings(image):
    """Boxes and masks on the picture."""
    tensor = T.PILToTensor()(image)
    boxes = torch.tensor([[1, 2, 9, 12], [-3, 5, 6, 30], [10, 1, 14, 4]])
    y, x = torch.meshgrid(torch.arange(tensor.shape[1]), torch.arange(tensor.shape[2]), indexing="ij")
    masks = torch.stack([(x + y) % 7 < 3, (x - 6) ** 2 + (y - 8) ** 2 < 30])
    colors = [(255, 0, 10), (0, 200, 0), (30, 40, 250)]
    return {"boxes": draw_bounding_boxes(tensor, boxes).flatten().tolist(),
            "boxes_wide": draw_bounding_boxes(tensor, boxes, colors=colors, fill=True, width=2).flatten().tolist(),
            "masks": draw_segmentation_masks(tensor, masks).flatten().tolist(),
            "masks_colored": draw_segmentation_masks(tensor, masks, alpha=0.35, colors=colors).flatten().tolist()}


PLACES = {
    "resize exact": ("Resize", ((9, 20),), {}), "resize nearest": ("Resize", ((29, 10),), {}),
    "center crop": ("CenterCrop", (10,), {}), "center crop larger": ("CenterCrop", ((30, 19),), {}),
    "pad": ("Pad", (3,), {}), "pad fill": ("Pad", ((2, 0, 1, 3),), {}),
    "random crop": ("RandomCrop", (9,), {}), "random crop padded": ("RandomCrop", (12,), {"padding": 4}),
    "random resized crop": ("RandomResizedCrop", (12,), {}), "horizontal flip": ("RandomHorizontalFlip", (), {}),
    "vertical flip": ("RandomVerticalFlip", (0.7,), {}), "rotation": ("RandomRotation", (30,), {}),
    "rotation expanded": ("RandomRotation", (70,), {"expand": True}),
    "rotation 90 expanded": ("RandomRotation", ((90, 90),), {"expand": True}),
    "affine all": ("RandomAffine", (15, (0.05, 0.1), (0.9, 1.1), (-5, 5, -3, 3)), {}),
    "affine bilinear": ("RandomAffine", ((10, 40), (0.2, 0.1), (0.5, 1.5), (-9, 9)), {}),
    "perspective": ("RandomPerspective", (), {"p": 1}), "perspective nearest": ("RandomPerspective", (0.3,), {"p": 0.5}),
}


def places(images):
    """Masks under the transforms of PIL images with the nearest pixel, and boxes under those of v2, from the same seeds."""
    rows = []
    for name, (kind, arguments, options) in PLACES.items():
        nearest = {} if kind in ("CenterCrop", "Pad", "RandomCrop", "RandomHorizontalFlip", "RandomVerticalFlip") else {
            "interpolation": M.NEAREST}
        masked = getattr(T, kind)(*arguments, **options, **nearest)
        boxed = getattr(v2, kind)(*arguments, **options)
        for picture, image in images.items():
            mask = Image.fromarray((np.asarray(image.convert("L")) // 40).astype(np.uint8))
            boxes = BoundingBoxes([[2, 3, 9, 12], [0.5, 5, 6, 15.25], [10, 1, 13, 4]], format="XYXY",
                                  canvas_size=(image.height, image.width), dtype=torch.float32)
            torch.manual_seed(7)
            found = [masked(mask) for _ in range(3)]
            torch.manual_seed(7)
            moved = [boxed(image, boxes)[1] for _ in range(3)]
            rows.append({"name": name, "picture": picture,
                         "masks": [{"width": m.width, "height": m.height, "bytes": base64.b64encode(m.tobytes()).decode()}
                                   for m in found],
                         "boxes": [[[float(f"{v:.9g}") for v in box] for box in b.tolist()] for b in moved]})
    return rows


def fake():
    """torchvision's random images."""
    data = FakeData(size=5, image_size=(3, 4, 5), num_classes=7, random_offset=3)
    return [{"label": int(label), "bytes": list(image.tobytes())} for image, label in (data[i] for i in range(5))]


def main():
    assert PIL.__version__ == "13.0.0", PIL.__version__
    images = pictures()
    content = {"pictures": {name: {"width": image.width, "height": image.height, "channels": len(image.getbands()),
                                   "bytes": base64.b64encode(image.tobytes()).decode()}
                            for name, image in images.items()}, "cases": [], "floats": floats(images["rgb"]),
               "dtypes": dtypes(), "drawings": drawings(images["rgb"]), "fake": fake(), "places": places(images)}
    policies = ("auto", "rand", "trivial")
    for name, transform in cases():
        is_policy = name.split()[0] in policies
        is_random = hasattr(transform, "get_params") or "Random" in type(transform).__name__ or name == "compose"
        for picture, image in images.items():
            if is_policy and picture == "tall":
                continue
            try:
                runs = 8 if is_policy else 3 if is_random else 1
                content["cases"].append(record(name, transform, picture, image, runs))
            except ValueError as error:
                print(f"{name} on {picture}: {error}")
    OUT.write_text(json.dumps(content).replace('}, {"name"', '},\n{"name"') + "\n")


main()
