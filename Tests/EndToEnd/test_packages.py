"""Packages that depend on Levin by path: the programs of docs/your-own-package.md, word for word, built and run."""

import os
import pathlib
import re
import subprocess
import unittest

import support

PAGE = support.ROOT / "docs" / "your-own-package.md"
SCRATCH = support.ROOT / ".build" / "packages"


def files_of_page():
    """{path: text} of the page's Swift blocks, which begin with a comment that names their file."""
    blocks = re.findall(r"^```swift\n// (\S+)\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    return {path: text for path, text in blocks}


def build(folder, product):
    """Builds the package in `folder`; gives the program's path."""
    scratch = SCRATCH / product
    command = ["swift", "build", "--package-path", folder, "--scratch-path", scratch]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise AssertionError(done.stdout[-4000:] + done.stderr[-4000:])
    return scratch / "debug" / product


class Packages(unittest.TestCase):
    def lay_out(self, prefix, name):
        folder = support.fresh_folder(name)
        for path, text in files_of_page().items():
            if path.startswith(prefix) and not (prefix == "" and path.startswith("writer/")):
                target = folder / path.removeprefix(prefix)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text.replace('path: "../Levin"', f'path: "{support.ROOT}"'))
        return folder

    def test_own_module(self):
        folder = self.lay_out("", "rings")
        program = build(folder, "rings")
        subprocess.run([program], cwd=folder, check=True, capture_output=True, timeout=300)
        points = support.scalars(folder / "lightning_logs" / "version_0")
        self.assertEqual([s for s, _ in points["train/loss"]], list(range(9, 200, 10)))
        self.assertGreater(points["test/acc"][0][1], 0.95)

    def test_writer_alone(self):
        folder = self.lay_out("writer/", "writer")
        program = build(folder, "writer")
        linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("FoundationNetworking", linked)
        subprocess.run([program], cwd=folder, check=True, timeout=60)
        points = support.scalars(folder / "runs" / "example")["distance"]
        self.assertEqual([s for s, _ in points], list(range(100)))
        self.assertAlmostEqual(points[9][1], 10)
        self.assertEqual(support.texts(folder / "runs" / "example")["note/text_summary"],
                         [(0, "written by a program without any training")])


if __name__ == "__main__":
    unittest.main()
