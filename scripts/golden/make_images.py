#!/usr/bin/env python3
"""Makes Tests/Golden/images: JPEG and PNG files, and their pixels according to Pillow.

usage: make_images.py        (needs pillow 13.0.0 and numpy)

Sizes are odd, since subsampled colours and the last blocks are where decoders differ.
"""
import hashlib
import io
import json
import pathlib

import numpy as np
import PIL
from PIL import Image, ImageFile, ImageOps

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "images"


def scene(height, width, channels, seed):
    """Smooth shapes, an edge and some noise: what codecs are made for, and what they are not."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for channel in range(channels):
        wave = 90 * np.sin(x / (5 + 2 * channel) + channel) * np.cos(y / (7 - channel))
        edge = 60 * ((x + y * (channel + 1)) % 23 < 9)
        planes.append(np.clip(110 + wave + edge + random.integers(-12, 12, (height, width)), 0, 255))
    pixels = np.stack(planes, -1).astype(np.uint8)
    return Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels, {4: "CMYK"}.get(channels))


def jpeg(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


def with_orientation(image, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(image, exif=exif)


def files():
    gray, rgb, cmyk = (scene(37, 53, n, n) for n in (1, 3, 4))
    made = {}
    for quality in (1, 10, 50, 75, 90, 95, 96, 100):
        made[f"gray-q{quality}"] = jpeg(gray, quality=quality)
    for quality in (5, 50, 75, 95, 100):
        made[f"rgb-q{quality}"] = jpeg(rgb, quality=quality)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        made[f"rgb-{name}"] = jpeg(rgb, quality=85, subsampling=subsampling)
        made[f"rgb-{name}-progressive"] = jpeg(rgb, quality=85, subsampling=subsampling, progressive=True)
    made["gray-progressive"] = jpeg(gray, quality=80, progressive=True)
    made["rgb-restarts"] = jpeg(rgb, quality=80, restart_marker_blocks=2)
    made["rgb-optimized"] = jpeg(rgb, quality=80, optimize=True)
    made["rgb-kept"] = jpeg(rgb, quality=90, keep_rgb=True)
    made["rgb-comment"] = jpeg(rgb, comment=b"of no use", icc_profile=b"not a profile", dpi=(300, 300))
    made["cmyk"] = jpeg(cmyk, quality=85)
    made["cmyk-progressive"] = jpeg(cmyk, quality=85, progressive=True)
    for orientation in range(1, 9):
        made[f"orientation-{orientation}"] = with_orientation(rgb, orientation)
    for height, width in ((1, 1), (1, 17), (16, 1), (8, 8), (15, 16), (17, 33), (64, 64)):
        made[f"gray-{height}x{width}"] = jpeg(scene(height, width, 1, 9), quality=85)
        made[f"rgb-{height}x{width}"] = jpeg(scene(height, width, 3, 9), quality=85)
    # Bytes of no meaning before the end marker: decoders warn, and the pixels are whole.
    whole = made["rgb-q75"]
    made["rgb-superfluous"] = whole[:-2] + bytes(7) + whole[-2:]
    return made


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def main():
    assert PIL.__version__ == "13.0.0", PIL.__version__
    OUT.mkdir(parents=True, exist_ok=True)
    records = []
    for name, content in files().items():
        image = Image.open(io.BytesIO(content))
        image.load()
        record = {"name": name, "width": image.width, "height": image.height, "mode": image.mode,
                  "rgb": digest(image.convert("RGB")), "gray": digest(image.convert("L"))}
        if name.startswith("orientation"):
            record["oriented"] = digest(ImageOps.exif_transpose(image).convert("RGB"))
        if name in ("gray-64x64", "rgb-64x64", "rgb-420", "gray-q90"):
            record["drafts"] = []
            for scale in (2, 4, 8):
                draft = Image.open(io.BytesIO(content))
                draft.draft(None, (image.width // scale, image.height // scale))
                draft.load()
                record["drafts"].append(digest(draft))
        if name in ("gray-q90", "rgb-420"):
            # Two thirds of the file, the rest lost.
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            half = Image.open(io.BytesIO(content[: len(content) * 2 // 3]))
            half.load()
            record["truncated"] = digest(half)
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        (OUT / f"{name}.jpg").write_bytes(content)
        records.append(record)
    (OUT / "jpeg.json").write_text("[\n" + ",\n".join(json.dumps(r) for r in records) + "\n]\n")
    # What Pillow writes for given pixels.
    written = []
    for channels in (1, 3):
        image = scene(21, 34, channels, 40)
        pixels = list(image.tobytes())
        for quality in (1, 50, 75, 90, 95, 98, 100):
            for subsampling in ((2,) if channels == 1 else (0, 1, 2)):
                options = {"subsampling": subsampling} if channels == 3 else {}
                content = jpeg(image, quality=quality, **options)
                written.append({"channels": channels, "quality": quality, "subsampling": subsampling,
                                "sha256": hashlib.sha256(content).hexdigest(), "count": len(content)})
        (OUT / f"scene-{channels}.json").write_text(json.dumps({"width": 34, "height": 21, "pixels": pixels}) + "\n")
    (OUT / "written.json").write_text("[\n" + ",\n".join(json.dumps(r) for r in written) + "\n]\n")
    # Conversions between modes.
    source = scene(9, 14, 3, 5)
    alpha = scene(9, 14, 1, 6)
    rgba = source.copy()
    rgba.putalpha(alpha)
    la = source.convert("L")
    la.putalpha(alpha)
    pictures = {"L": alpha, "LA": la, "RGB": source, "RGBA": rgba}
    conversions = {mode: {"pixels": list(image.tobytes()),
                          "converted": {to: list(image.convert(to).tobytes()) for to in pictures}}
                   for mode, image in pictures.items()}
    (OUT / "conversions.json").write_text(json.dumps(conversions) + "\n")


main()
