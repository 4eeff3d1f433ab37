"""A real browser, driven over the DevTools protocol: headless Chromium on one page."""

import base64
import contextlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.request

import websocket

# Finds elements also inside shadow roots, which TensorBoard's Polymer dashboards use.
HELPERS = """
(() => {
  window.levinAll = (selector, root = document) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.shadowRoot) found.push(...window.levinAll(selector, root.shadowRoot));
    for (const element of root.querySelectorAll('*'))
      if (element.shadowRoot) found.push(...window.levinAll(selector, element.shadowRoot));
    return found;
  };
  window.levinText = (root = document.body) => {
    let text = '';
    const walk = (node) => {
      if (node.nodeType === 3) text += node.textContent + ' ';
      if (node.tagName === 'STYLE' || node.tagName === 'SCRIPT') return;
      if (node.shadowRoot) walk(node.shadowRoot);
      for (const child of node.childNodes) walk(child);
    };
    walk(root);
    return text.replace(/\\s+/g, ' ');
  };
})()
"""


class Page:
    """One page of a running browser."""

    def __init__(self, url):
        self.socket = websocket.create_connection(url, timeout=60, suppress_origin=True)
        self.number = 0
        self.send("Page.enable")
        self.send("Runtime.enable")

    def send(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, url):
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=url)

    def evaluate(self, expression):
        """The value of a JavaScript expression; `levinAll(selector)` and `levinText()` see into shadow roots."""
        self.send("Runtime.evaluate", expression=HELPERS)
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise AssertionError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression, what, seconds=40):
        """Waits until an expression is true; returns its value."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(AssertionError):
                value = self.evaluate(expression)
                if value:
                    return value
            if time.monotonic() > deadline:
                seen = self.evaluate("levinText().slice(0, 1500)")
                raise AssertionError(f"not seen within {seconds} s: {what}\nthe page's text: {seen}")
            time.sleep(0.25)

    def screenshot(self, path):
        time.sleep(1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))


@contextlib.contextmanager
def chromium(width=1600, height=1200, arguments=()):
    """A headless Chromium with one page; `arguments` go to the program."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise AssertionError("Chromium is not installed")
    profile = pathlib.Path(tempfile.mkdtemp(prefix="levin-chromium-"))
    browser = subprocess.Popen(
        [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
         "--disable-dev-shm-usage", f"--user-data-dir={profile}", f"--window-size={width},{height}",
         "--remote-debugging-port=0", *arguments, "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port_file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().strip()):
            if time.monotonic() > deadline or browser.poll() is not None:
                raise AssertionError("Chromium did not start")
            time.sleep(0.2)
        port = port_file.read_text().split()[0]
        while True:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=20) as answer:
                pages = [p for p in json.loads(answer.read()) if p["type"] == "page"]
            if pages:
                break
            time.sleep(0.2)
        yield Page(pages[0]["webSocketDebuggerUrl"])
    finally:
        browser.terminate()
        browser.wait(20)
        shutil.rmtree(profile, ignore_errors=True)
