"""What a person sees: a real browser on stock TensorBoard, asserted on the page's content. Pictures go to .build/screenshots."""

import json
import unittest
import urllib.parse

import browser
import support

PICTURES = support.ROOT / ".build" / "screenshots"


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = support.digits_run()
        for attribute, context in (("base", support.tensorboard(cls.run_.folder / "lightning_logs")),
                                   ("page", browser.chromium())):
            setattr(cls, attribute, context.__enter__())
            cls.addClassCleanup(context.__exit__, None, None, None)

    def test_time_series(self):
        pins = [{"plugin": "scalars", "tag": tag} for tag in ("train/loss", "val/loss", "val/acc")]
        pins.append({"plugin": "images", "tag": "val/inputs", "runId": "defaultExperimentId/version_0", "sample": 0})
        query = urllib.parse.urlencode({"forceSVG": "true", "pinnedCards": json.dumps(pins)})
        self.page.open(f"{self.base}/?{query}#timeseries")
        # a line is an SVG path with its own stroke; 75 points of train/loss make it long
        lines = """levinAll('card-view').map(card => [levinText(card).replace(/\\s/g, ''),
          levinAll('line-chart svg path[style*="stroke: rgb"]', card)
            .map(path => (path.getAttribute('d') || '').length).reduce((a, b) => Math.max(a, b), 0)])"""
        self.page.wait(f"{lines}.filter(c => c[0].startsWith('train/loss') && c[1] > 1000).length > 0",
                       "the curve of train/loss")
        self.page.wait(f"{lines}.filter(c => c[0].startsWith('val/') && c[1] > 60).length >= 2",
                       "the curves of val/loss and val/acc")
        self.page.wait("levinAll('card-view img').some(i => i.naturalWidth === 242 && i.naturalHeight === 242)",
                       "the grid of digits, 242 pixels wide and high")
        text = self.page.evaluate("levinText()")
        self.assertIn("version_0", text)
        self.page.screenshot(PICTURES / "timeseries.png")

    def test_images(self):
        self.page.open(f"{self.base}/#images")
        sizes = "levinAll('img').map(i => [i.naturalWidth, i.naturalHeight])"
        self.page.wait(f"{sizes}.filter(s => s[0] === 242 && s[1] === 242).length >= 2", "two grids of 242×242 pixels")
        text = self.page.evaluate("levinText()")
        for wanted in ("test/inputs", "train/inputs", "version_0"):
            self.assertIn(wanted, text)
        self.page.screenshot(PICTURES / "images.png")

    def test_text(self):
        wanted = " ".join(support.label_text(support.mnist("t10k")[1][:64]).split())
        self.page.open(f"{self.base}/#text")
        self.page.wait(f"levinText().includes({json.dumps(wanted)})", "the true labels of the test's first batch")
        text = self.page.evaluate("levinText()")
        for tag in ("test/targets/text_summary", "test/preds/text_summary"):
            self.assertIn(tag, text)
        self.page.screenshot(PICTURES / "text.png")


if __name__ == "__main__":
    unittest.main()
