#!/usr/bin/env python3
"""Makes Tests/Golden/png/pictures.json: PNG files of every kind, and their pixels according to Pillow.

usage: make_png.py        (needs pillow and numpy)

The files are encoded here, because Pillow writes neither interlacing nor all depths: every colour type and depth, each row with
the next of the five filters, with and without Adam7, with and without transparency.
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "png" / "pictures.json"
W, H = 13, 11
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pack(row, depth):
    """A row [width, samples] as bytes."""
    flat = row.reshape(-1)
    if depth == 16:
        return flat.astype(">u2").tobytes()
    bits = np.unpackbits(flat.astype(np.uint8)[:, None], axis=1)[:, 8 - depth:].reshape(-1)
    return np.packbits(bits).tobytes()


def filtered(line, above, distance, kind):
    out = bytearray([kind])
    for i, x in enumerate(line):
        a = line[i - distance] if i >= distance else 0
        b = above[i]
        c = above[i - distance] if i >= distance else 0
        p = a + b - c
        nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out.append((x - [0, a, b, (a + b) // 2, nearest][kind]) & 255)
    return bytes(out)


def encode(pixels, color, depth, interlaced, extra=b""):
    raw, kind = b"", 0
    distance = max(1, SAMPLES[color] * depth // 8)
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = pixels[y::dy, x::dx]
        if part.size == 0:
            continue
        above = bytes((part.shape[1] * SAMPLES[color] * depth + 7) // 8)
        for row in part:
            line = pack(row, depth)
            raw += filtered(line, above, distance, kind % 5)
            kind += 1
            above = line
    header = struct.pack(">IIBBBBB", W, H, depth, color, 0, 0, int(interlaced))
    data = zlib.compress(raw)
    half = len(data) // 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"Comment\0of no use") + extra
            + chunk(b"IDAT", data[:half]) + chunk(b"IDAT", data[half:]) + chunk(b"IEND", b""))


def main():
    random = np.random.default_rng(1)
    pictures = []
    for color, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
        for depth in depths:
            for interlaced in (False, True):
                pixels = random.integers(0, 1 << depth, (H, W, SAMPLES[color]))
                extras = {"": b""}
                if color == 3:
                    colors = random.integers(0, 256, (1 << depth, 3)).astype(np.uint8)
                    palette = chunk(b"PLTE", colors.tobytes())
                    alpha = random.integers(0, 256, (1 << depth) // 2).astype(np.uint8)
                    extras = {"": palette, " transparent": palette + chunk(b"tRNS", alpha.tobytes())}
                elif color in (0, 2) and depth == 8:
                    extras[" transparent"] = chunk(b"tRNS", pixels[3, 4].astype(">u2").tobytes())
                for name, extra in extras.items():
                    png = encode(pixels, color, depth, interlaced, extra)
                    image = Image.open(io.BytesIO(png))
                    image.load()
                    if depth == 16:  # Pillow widens or clips them; the upper eight bits are wanted
                        top = (pixels >> 8).astype(np.uint8)
                        image = Image.fromarray(top[:, :, 0] if top.shape[2] == 1 else top)
                    pictures.append({
                        "name": f"type {color}, {depth} bits{', interlaced' if interlaced else ''}{name}",
                        "png": base64.b64encode(png).decode(),
                        "rgba": base64.b64encode(image.convert("RGBA").tobytes()).decode()})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("[\n" + ",\n".join(json.dumps(p) for p in pictures) + "\n]\n")


main()
