"""The tabs with images, texts, sounds and meshes, through stock TensorBoard's endpoints."""

import io
import json
import unittest
import wave

import numpy as np
from PIL import Image

import decoding
import inputs
import tabs

IMAGES = {
    "image/hw": inputs.gray(28, 28),
    "image/chw": tabs.rgb(32, 48),
    "image/hwc": tabs.rgb(32, 48, 3),
    "image/rgba": np.dstack([tabs.rgb(16, 16, 5), 255 - inputs.gray(16, 16)]),
    "image/float": np.clip((tabs.rgb(20, 20).astype(np.float32) / np.float32(200) - np.float32(0.1)) * 255, 0, 255)
                     .astype(np.uint8),
    "image/float gray": inputs.gray(20, 20),
    "image/batch nchw": tabs.row_of([inputs.gray(28, 28, k) for k in range(10)], 8),
    "image/batch nhwc": tabs.row_of([tabs.rgb(12, 20, k) for k in range(3)], 3),
}
VIDEOS = {
    "video/ramps": [tabs.rgb(24, 32, k) for k in range(6)],
    "video/gray": [np.repeat(inputs.gray(28, 28, k)[..., None], 3, -1) for k in range(4)],
}


class Media(tabs.Tabs):
    # Images.

    def individual_image(self, tag):
        """The one picture of a tag: its step, its bytes and its type."""
        (entry,) = self.get("images/images", run=tabs.RUN, tag=tag, sample=0)
        return entry["step"], *self.bytes_and_type("images/individualImage?" + entry["query"])

    def test_images_of_all_tags(self):
        written = self.by_tag("image")
        tags = self.get("images/tags")
        self.assertEqual(set(tags), {tabs.RUN})
        self.assertEqual({tag: about["samples"] for tag, about in tags[tabs.RUN].items()}, dict.fromkeys(written, 1))
        for tag, (entry,) in written.items():
            with self.subTest(tag=tag):
                step, data, kind = self.individual_image(tag)
                self.assertEqual(step, entry["step"])
                self.assertEqual(decoding.picture(data), entry["picture"])
                self.assertEqual(kind, "image/gif" if tag.startswith("video/") else "image/png")

    def test_pixels(self):
        for tag, expected in IMAGES.items():
            with self.subTest(tag=tag):
                _, data, _ = self.individual_image(tag)
                served = tabs.pixels(data)
                self.assertEqual(served.shape[:2], expected.shape[:2])
                channels = expected if expected.ndim == 3 else np.repeat(expected[..., None], 3, -1)
                self.assertTrue((served[..., :channels.shape[-1]] == channels).all())

    def test_boxes(self):
        _, data, _ = self.individual_image("image/boxes")
        served, plain = tabs.pixels(data)[..., :3], tabs.rgb(40, 60)
        red = (served == (255, 0, 0)).all(-1)
        for left, top, right, bottom in ((5, 5, 30, 30), (20, 10, 50, 36)):
            for edge in (red[top, left:right], red[bottom, left:right], red[top:bottom, left], red[top:bottom, right]):
                self.assertTrue(edge.all())
        self.assertTrue((served[~red] == plain[~red]).all())
        self.assertLess(red.sum(), 2 * 2 * (2 * 25 + 30 + 26))

    def test_videos(self):
        for tag, frames in VIDEOS.items():
            _, data, kind = self.individual_image(tag)
            gif = Image.open(io.BytesIO(data))
            self.assertEqual((kind, gif.format, gif.n_frames), ("image/gif", "GIF", len(frames)))
            for k, frame in enumerate(frames):
                gif.seek(k)
                self.assertTrue((np.asarray(gif.convert("RGB")) == frame).all(), f"{tag}, frame {k}")

    # Text.

    def test_texts(self):
        self.assertEqual(self.get("text/tags"), {tabs.RUN: ["text/text_summary"]})
        first, second = self.get("text/text", run=tabs.RUN, tag="text/text_summary")
        self.assertEqual((first["step"], second["step"]), (0, 1))
        for wanted in ("<p>hello <em>markdown</em></p>", "<th>a</th>", "<th>b</th>", "<td>1</td>", "<td>2</td>"):
            self.assertIn(wanted, first["text"])
        self.assertIn("<p>zweite Zeile — ü</p>", second["text"])

    # Audio.

    def test_audio(self):
        self.assertEqual({tag: about["samples"] for tag, about in self.get("audio/tags")[tabs.RUN].items()}, {"audio/sine": 1})
        (entry,) = self.get("audio/audio", run=tabs.RUN, tag="audio/sine", sample=0)
        self.assertEqual((entry["step"], entry["contentType"]), (0, "audio/wav"))
        data, kind = self.bytes_and_type("audio/individualAudio?" + entry["query"])
        self.assertEqual(kind, "audio/wav")
        with wave.open(io.BytesIO(data)) as file:
            self.assertEqual(file.getparams()[:4], (1, 2, 8000, 800))
            samples = np.frombuffer(file.readframes(800), "<i2").astype(int)
        sine = np.clip(1.2 * np.sin(2 * np.pi * 440 * np.arange(800) / 8000), -1, 1) * 32767
        self.assertLessEqual(np.abs(samples - sine).max(), 1)
        self.assertEqual(samples.tolist(), self.by_tag("audio")["audio/sine"][0]["sound"]["samples"])

    # Mesh.

    def mesh(self, tag, content, step, kind):
        data, _ = self.bytes_and_type("mesh/data", run=tabs.RUN, tag=tag, content_type=content, sample=0, step=step)
        return np.frombuffer(data, kind).reshape(-1, 3)

    def test_meshes(self):
        self.assertEqual(self.get("mesh/tags"),
                         {tabs.RUN: {"mesh/tetrahedron": {"samples": 1}, "mesh/cloud": {"samples": 1}}})
        parts = self.get("mesh/meshes", run=tabs.RUN, tag="mesh/tetrahedron", sample=0)
        self.assertEqual(sorted(part["content_type"] for part in parts), [1, 2, 3])
        for part in parts:
            self.assertEqual((part["step"], part["components"], part["data_shape"]), (0, 14, [1, 4, 3]))
            self.assertEqual(json.loads(part["config"]), {"camera": {"cls": "PerspectiveCamera", "fov": 75}})
        self.assertEqual(self.mesh("mesh/tetrahedron", "VERTEX", 0, "<f4").tolist(),
                         [[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]])
        self.assertEqual(self.mesh("mesh/tetrahedron", "FACE", 0, "<i4").tolist(),
                         [[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]])
        self.assertEqual(self.mesh("mesh/tetrahedron", "COLOR", 0, "u1").tolist(),
                         [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]])

    def test_point_cloud(self):
        (part,) = self.get("mesh/meshes", run=tabs.RUN, tag="mesh/cloud", sample=0)
        self.assertEqual((part["step"], part["content_type"], part["components"], part["data_shape"]), (1, 1, 2, [1, 30, 3]))
        self.assertTrue((self.mesh("mesh/cloud", "VERTEX", 1, "<f4")
                         == inputs.uniform(90, 11).astype(np.float32).reshape(30, 3)).all())


class MediaPythonReader(Media):
    """The same through TensorBoard's reader in Python."""

    options = ("--load_fast=false",)
    provider = "MultiplexerDataProvider"


if __name__ == "__main__":
    unittest.main()
