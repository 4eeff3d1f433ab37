"""The functions that the scripts share."""

import subprocess
import unittest

import support


class MovedClone(unittest.TestCase):
    """Swift's module cache contains the path of its folder, and cannot be used in another."""

    def setup(self, folder):
        done = subprocess.run(["bash", "-euc", f". {support.ROOT}/scripts/lib/setup.sh; forget_moved_build"], cwd=folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_moved_build_is_forgotten(self):
        folder = support.fresh_folder("clone")
        self.assertEqual(self.setup(folder), "")
        cache = folder / ".build" / "x86_64-unknown-linux-gnu" / "release" / "ModuleCache" / "2PN6AY" / "SwiftOverlayShims-2W.pcm"
        cache.parent.mkdir(parents=True)
        cache.write_bytes(b"\0\1" + bytes(cache.with_name("SwiftShims-2W.pcm")) + b"\0")
        self.assertEqual(self.setup(folder), "")
        self.assertTrue(cache.exists())
        moved = folder.rename(folder.with_name(folder.name + "-moved"))
        self.assertIn("moved or copied", self.setup(moved))
        self.assertFalse((moved / ".build").exists())


if __name__ == "__main__":
    unittest.main()
