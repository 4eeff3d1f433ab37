"""MNIST that is not on the disk is downloaded: from good mirrors, skipping bad ones, resuming interrupted downloads."""

import contextlib
import functools
import gzip
import hashlib
import http.server
import json
import os
import pathlib
import threading
import time
import unittest

import support
from test_bad_input import NAMES


def real_file(name):
    for path in (support.MNIST / name, support.MNIST / "MNIST" / "raw" / name):
        if path.exists():
            return path.read_bytes()
    raise AssertionError(f"no {name} below {support.MNIST}")


class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the real files, spoilt as the server's `manner` says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name, manner = pathlib.PurePath(self.path).name, self.server.manner
        first = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        self.server.requests.append((name, first))
        if manner == "404":
            return self.answer(404, b"not here")
        data = b"<html><body>Sign in to the network</body></html>" if manner == "html" else real_file(name)
        if manner == "wrong bytes":
            data = data[:1000] + b"\0" * 8 + data[1008:]
        if manner == "html":
            return self.answer(200, data, "text/html")
        stop = len(data) // 2 if manner in ("breaks off", "stalls") and first == 0 else len(data)
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(data) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(data[first:stop])
            self.wfile.flush()
            if stop < len(data):
                if manner == "stalls":
                    self.server.released.wait(60)
                self.close_connection = True
                self.connection.shutdown(2)

    def answer(self, status, body, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def mirror(manner):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.daemon_threads = True
    server.manner, server.requests, server.released = manner, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


class Download(unittest.TestCase):
    def fit(self, name, mirrors, *arguments, check=True):
        folder = support.fresh_folder("download-" + name)
        environment = support.clean_environment(LEVIN_MNIST_MIRROR=" ".join(mirrors))
        del environment["LEVIN_MNIST"]
        import subprocess
        done = subprocess.run(
            [support.BIN / "levin", "fit", "--trainer.max_epochs", "1", *arguments], cwd=folder, env=environment,
            capture_output=True, text=True, timeout=300)
        if check:
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.check_files(folder)
        return folder, done

    def check_files(self, folder):
        for name in NAMES:
            found = (folder / "MNIST" / "raw" / name).read_bytes()
            self.assertEqual(hashlib.sha256(found).digest(), hashlib.sha256(real_file(name)).digest(), name)
            # Unpacked beside it, where PyTorch's own datasets look.
            plain = (folder / "MNIST" / "raw" / name.removesuffix(".gz")).read_bytes()
            self.assertEqual(plain, gzip.decompress(found), name)
        self.assertEqual([p.name for p in folder.rglob("*.part*")], [])

    def test_good_mirror(self):
        with mirror("good") as (server, url):
            self.fit("good", [url])
            self.assertEqual({name for name, _ in server.requests}, set(NAMES))

    def test_past_bad_mirrors(self):
        for manner in ("404", "html", "wrong bytes"):
            with self.subTest(manner), mirror(manner) as (_, bad), mirror("good") as (good_server, good):
                self.fit(manner.replace(" ", "-"), [bad, good])
                self.assertEqual({name for name, _ in good_server.requests}, set(NAMES))

    def test_broken_off_and_resumed(self):
        with mirror("breaks off") as (server, url):
            self.fit("broken-off", [url])
            self.assertTrue([r for r in server.requests if r[1] > 0], server.requests)

    def test_stalls(self):
        with mirror("stalls") as (_, bad), mirror("good") as (good_server, good):
            self.fit("stalls", [bad, good])
            self.assertTrue([r for r in good_server.requests if r[1] > 0], good_server.requests)

    def test_option_and_file_url(self):
        source = support.fresh_folder("mirror-on-disk")
        for name in NAMES:
            (source / name).write_bytes(real_file(name))
        self.fit("file", [], "--data.mirror", source.as_uri() + "/")

    def test_one_missing_file(self):
        """The fourth file is put beside the three."""
        folder = support.fresh_folder("three-of-four")
        for name in NAMES[:3]:
            (folder / name).write_bytes(real_file(name))
        missing = NAMES[3]
        with mirror("good") as (_, url):
            support.program("levin", "prepare", "--data.mirror", url, folder=folder, LEVIN_MNIST=str(folder))
        self.assertEqual((folder / missing).read_bytes(), real_file(missing))
        self.assertFalse((folder / "MNIST").exists())

    def test_no_network(self):
        """Nothing can be downloaded: the error says what was tried and three ways to continue; nothing is trained."""
        with mirror("404") as (_, url):
            folder, done = self.fit("none", [url], "--data.mirror", url, check=False)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertEqual(done.stderr.count("error:"), 1)
            for wanted in (url, "404", "LEVIN_MNIST", "--data.mirror", "--data.dataset strokes"):
                self.assertIn(wanted, done.stderr)
            self.assertEqual(list(folder.iterdir()), [])


class OtherDatasets(unittest.TestCase):
    """Fashion-MNIST and KMNIST have MNIST's format, and files of the same names."""

    def run_levin(self, folder, *arguments):
        return support.program("levin", "fit", *arguments, folder=folder, check=False,
                               LEVIN_MNIST="", LEVIN_MNIST_MIRROR="http://127.0.0.1:9/")

    def test_folders(self):
        for dataset, name in (("fashion_mnist", "FashionMNIST"), ("kmnist", "KMNIST")):
            with self.subTest(dataset):
                folder = support.fresh_folder(dataset)
                (folder / name / "raw").mkdir(parents=True)
                for file in NAMES:
                    (folder / name / "raw" / file).write_bytes(real_file(file))
                done = self.run_levin(folder, "--data.dataset", dataset, "--trainer.max_steps", 100)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(len(support.scalars(folder / "lightning_logs" / "version_0")["train/loss"]), 2)

    def test_wrong_content_is_refused(self):
        """Each dataset has its own sizes and checksums: MNIST's files are not mistaken for it."""
        for dataset, name in (("fashion_mnist", "Fashion-MNIST"), ("kmnist", "KMNIST")):
            with self.subTest(dataset), mirror("good") as (server, url):
                folder = support.fresh_folder(dataset + "-wrong")
                done = self.run_levin(folder, "--data.dataset", dataset, "--data.mirror", url)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertTrue(server.requests)
                self.assertIn(url, done.stderr)
                self.assertIn(f"error: {name.replace('-', '')}", done.stderr.replace("-", ""))
                self.assertNotIn("LEVIN_MNIST", done.stderr)
                self.assertEqual(list(folder.iterdir()), [])


class Strokes(unittest.TestCase):
    def test_built_in_digits(self):
        folder = support.fresh_folder("strokes")
        environment = {"LEVIN_MNIST": "", "LEVIN_MNIST_MIRROR": "http://127.0.0.1:9/"}
        support.program("levin", "fit", "--data.dataset", "strokes", "--seed_everything", 1, folder=folder, **environment)
        support.program("levin", "test", "--data.dataset", "strokes", "--ckpt_path", "last", folder=folder, **environment)
        accuracy = support.scalars(folder / "lightning_logs" / "version_1")["test/acc"][0][1]
        self.assertGreater(accuracy, 0.93)
        self.assertLess(accuracy, 0.995)
        picture = support.images(folder / "lightning_logs" / "version_1")["test/inputs"][0][1]
        target = support.ROOT / ".build" / "screenshots" / "strokes.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        picture.resize((968, 968)).save(target)


if __name__ == "__main__":
    unittest.main()
