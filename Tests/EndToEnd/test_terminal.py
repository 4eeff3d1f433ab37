"""Output in a terminal: a bar that fits the window; and plain lines without a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

import support


def in_terminal(name, *arguments, folder, columns=100, resize_to=None, **extra_environment):
    """Runs a program in a pseudo-terminal; returns its exit status and everything that it wrote, as text."""
    master, slave = pty.openpty()
    set_width(slave, columns)
    process = subprocess.Popen([support.BIN / name, *map(str, arguments)], cwd=folder, stdin=slave, stdout=slave,
                               stderr=slave, close_fds=True, start_new_session=True,
                               env=support.clean_environment(TERM="xterm-256color", **extra_environment))
    os.close(slave)
    written, resized = b"", False
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.1)
        if ready:
            try:
                chunk = os.read(master, 65536)
            except OSError:
                break
            if not chunk:
                break
            written += chunk
        if resize_to and not resized and b"Epoch 1" in written:
            set_width(master, resize_to)
            os.kill(process.pid, signal.SIGWINCH)
            resized = len(written)
    status = process.wait(30)
    os.close(master)
    return status, written.decode(), resized


def set_width(descriptor, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def visible(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


class InATerminal(unittest.TestCase):
    def test_bar(self):
        folder = support.fresh_folder("terminal")
        status, written, resized = in_terminal("levin", "fit", "--trainer.max_epochs", 8, folder=folder, columns=100,
                                               resize_to=60)
        self.assertEqual(status, 0, written)
        frames = [visible(frame) for frame in re.split(r"[\r\n]", written)]
        bars = [frame for frame in frames if re.search(r"Epoch \d", frame) and "/750" in frame]
        self.assertTrue(bars)
        self.assertTrue(any(re.search(r"\d+(\.\d+)? ?(k)?it/s", bar) for bar in bars), bars[:3])
        # 750 steps take some tenths of a second: the rate is the epoch's, not that since the last repaint
        rates = [float(rate) for bar in bars for rate in re.findall(r"[3-7]\d\d/750 .*?([\d.]+)it/s", bar)]
        self.assertTrue(rates and all(50 < rate < 50_000 for rate in rates), bars)
        self.assertTrue(any("train/loss" in bar or "loss" in bar for bar in bars), bars[-3:])
        self.assertTrue(all(len(bar) <= 100 for bar in bars))
        self.assertTrue(resized)
        late = [visible(f) for f in re.split(r"[\r\n]", written[resized + 300:])]
        late = [bar for bar in late if re.search(r"Epoch \d", bar) and "/750" in bar]
        self.assertTrue(late)
        self.assertTrue(all(len(bar) <= 60 for bar in late), max(late, key=len))

    def test_widths(self):
        """Nothing wraps, the bar shows the validation at 80 columns, and each epoch leaves its line."""
        for columns in (80, 50, 40):
            with self.subTest(columns):
                folder = support.fresh_folder(f"columns-{columns}")
                status, written, _ = in_terminal("levin", "fit", "--trainer.max_epochs", 3, folder=folder, columns=columns)
                self.assertEqual(status, 0, written)
                status, tested, _ = in_terminal("levin", "test", "--ckpt_path", "last", folder=folder, columns=columns)
                self.assertEqual(status, 0, tested)
                frames = [visible(frame) for frame in re.split(r"[\r\n]+", written + tested)]
                # Paths and commands to copy are not broken.
                wide = [f for f in frames if len(f) > columns and "lightning_logs" not in f]
                self.assertEqual(wide, [])
                bars = [frame for frame in frames if re.match(r"Epoch \d/2 [━╸]", frame)]
                self.assertTrue(bars)
                text = " ".join(" ".join(frames).split())
                for epoch in range(3):
                    self.assertRegex(text, rf"Epoch {epoch} [\d.]+ s train/loss [\d.]+ val/acc [\d.]+ val/loss [\d.]+")
                if columns == 80:
                    self.assertTrue([b for b in bars if re.search(r"train/loss .* val/acc .* val/loss", b)], bars[-3:])
                self.assertTrue(written.rsplit("\x1b[K", 1)[1].startswith("Run folder:"), "the bar goes at the end")

    def test_no_color(self):
        folder = support.fresh_folder("no-color")
        status, written, _ = in_terminal("levin", "fit", "--trainer.max_epochs", 1, folder=folder, NO_COLOR="1")
        self.assertEqual(status, 0, written)
        self.assertNotRegex(written, r"\x1b\[[0-9;]*m")

    def test_pipe(self):
        folder = support.fresh_folder("pipe")
        done = support.program("levin", "fit", "--trainer.max_epochs", 2, folder=folder)
        text = done.stdout + done.stderr
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\r", text)
        self.assertLess(len(text.splitlines()), 40, text)
        for epoch in (0, 1):
            self.assertRegex(text, rf"(?m)^Epoch {epoch}\b.*val/acc")


if __name__ == "__main__":
    unittest.main()
