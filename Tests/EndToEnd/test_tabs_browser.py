"""Every tab of stock TensorBoard in a real browser, on a run with every kind of value: what is drawn is what was logged.

Pictures go to .build/screenshots. WebGL is Chromium's own renderer, so that no graphics card is needed.
"""

import base64
import io
import json
import math
import re
import time
import unittest
import urllib.parse

import numpy as np
from PIL import Image

import browser
import decoding
import support

PICTURES = support.ROOT / ".build" / "screenshots"
# WebGL by software, and sounds that play without a click.
ARGUMENTS = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
             "--autoplay-policy=no-user-gesture-required")
RUN_COLOR = (255, 112, 67)


def vertices(path):
    """The points [n, 2] of an SVG path of straight lines."""
    return np.array([[float(x), float(y)] for x, y in re.findall(r"[ML]([-\d.e]+),([-\d.e]+)", path)]).reshape(-1, 2)


def drawn(values, pixels):
    """Whether coordinates on the page are the values on a linear axis, to a third of a pixel."""
    values, pixels = np.asarray(values, float), np.asarray(pixels, float)
    if len(values) != len(pixels) or np.ptp(pixels) < 10:
        return False
    return np.abs(np.polyval(np.polyfit(values, pixels, 1), values) - pixels).max() < 1 / 3


def line_shows(values, path, most_left_out=0):
    """Whether an SVG path is the line of values at the steps 0, 1, …; ends that are out of the chart may be left out."""
    points = vertices(path)
    left_out = len(values) - len(points)
    return 0 <= left_out <= most_left_out and drawn(range(len(points)), points[:, 0]) and any(
        drawn(values[k:k + len(points)], points[:, 1]) for k in range(left_out + 1))


class Tabs(unittest.TestCase):
    maxDiff = 5000

    @classmethod
    def setUpClass(cls):
        cls.logdir = support.every_kind()
        cls.entries = decoding.runs(cls.logdir)["run"]
        for attribute, context in (("base", support.tensorboard(cls.logdir)),
                                   ("page", browser.chromium(arguments=ARGUMENTS))):
            setattr(cls, attribute, context.__enter__())
            cls.addClassCleanup(context.__exit__, None, None, None)

    def open(self, tab, query=None, **options):
        """Opens a tab; options stand in the address's fragment, as `tagFilter`, whose matches come first."""
        query = "?" + urllib.parse.urlencode(query) if query else ""
        fragment = "#" + "&".join([tab, *(f"{key}={urllib.parse.quote(value)}" for key, value in options.items())])
        self.page.open(f"{self.base}/{query}{fragment}")

    def until(self, seen, what, seconds=40):
        """Waits until seen() is true; gives its value. What can't be seen yet may fail."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                found = seen()
            except (AssertionError, KeyError, ValueError):
                found = None
            if found:
                return found
            if time.monotonic() > deadline:
                text = self.page.evaluate("levinText().slice(0, 1500)")
                raise AssertionError(f"not seen within {seconds} s: {what}\nthe page's text: {text}")
            time.sleep(0.25)

    def still(self, expression):
        """Waits until an expression has a value that no longer changes; gives it."""
        last = []

        def seen():
            value = self.page.evaluate(expression)
            last.append(value)
            return value if value and last[-3:] == [value] * 3 else None
        return self.until(seen, f"the end of changes in {expression}")

    def picture(self, name):
        self.page.screenshot(PICTURES / f"tab-{name}.png")

    def cards(self, element):
        """{tag: [path]} of the cards drawn so far; a path is its class and its d."""
        found = self.page.evaluate(f"""levinAll({json.dumps(element)}).map(card => [card.tag,
          levinAll('path.line, path.area, path.outline', card)
            .map(p => [p.getAttribute('class'), p.getAttribute('d') || ''])])""")
        return dict(found)

    def pixels(self, rectangle):
        """The page's pixels [h, w, 3] within a rectangle, which an expression gives."""
        box = self.page.evaluate(f"(r => ({{x: r.x, y: r.y, width: r.width, height: r.height}}))({rectangle})")
        self.assertGreater(min(box["width"], box["height"]), 100)
        data = self.page.send("Page.captureScreenshot", format="png", clip={**box, "scale": 1})["data"]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(int)

    # Scalars and what is drawn like them.

    def test_time_series(self):
        pins = [{"plugin": "scalars", "tag": "loss/train"}, {"plugin": "scalars", "tag": "group/both"},
                {"plugin": "histograms", "tag": "histogram/tensorflow", "runId": "defaultExperimentId/run"},
                {"plugin": "images", "tag": "image/chw", "runId": "defaultExperimentId/run", "sample": 0}]
        self.open("timeseries", query={"forceSVG": "true", "smoothing": "0", "pinnedCards": json.dumps(pins)})
        lines = """levinAll('card-view').map(card => [levinText(card).replace(/\\s/g, ''),
          levinAll('line-chart svg path[style*="stroke: rgb"]', card).map(path => path.getAttribute('d') || '')])"""

        def line(name, values):
            return any(line_shows(values, path) for text, paths in self.page.evaluate(lines) if text.startswith(name)
                       for path in paths)

        # A line ends before NaN.
        self.until(lambda: line("loss/train", [math.exp(-k / 10) for k in range(20)]), "the curve of loss/train")
        self.until(lambda: line("group/both", [0, 1, 2]), "the line of group_both_a")
        self.until(lambda: line("group/both", [0, 2, 4]), "the line of group_both_b")
        self.page.wait("levinAll('card-view img').some(i => i.naturalWidth === 48 && i.naturalHeight === 32)",
                       "the picture, 48 pixels wide and 32 high")
        self.page.wait("levinAll('card-view tb-histogram .histogram path').filter(p => p.getAttribute('d').length > 200)"
                       ".length >= 3", "three steps of the histogram")
        text = self.page.evaluate("levinText()")
        for wanted in ("run/group_both_a", "run/group_both_b", "run/trial"):
            self.assertIn(wanted, text)
        self.picture("timeseries")

    def test_scalars(self):
        self.open("scalars", tagFilter="loss|group|hparam|described|unicode", _smoothingWeight="0")

        def line(tag, values, most_left_out=0):
            return any(line_shows(values, d, most_left_out) for _, d in self.cards("tf-scalar-card")[tag])
        falling = [math.exp(-k / 10) for k in range(20)]
        self.until(lambda: line("loss/tensor", falling[:8]), "the curve of loss/tensor")
        self.until(lambda: line("loss/train", falling, 3), "the curve of loss/train")
        self.until(lambda: line("group/both", [0, 1, 2]), "the line of group_both_a")
        self.until(lambda: line("group/both", [0, 2, 4]), "the line of group_both_b")
        text = self.page.evaluate("levinText()")
        for wanted in ("tag: hparam/acc", "tag: hparam/loss", "tag: unicode/Ünï ✓", "A title tag: described",
                       "run/group_both_a", "run/group_both_b", "run/trial"):
            self.assertIn(wanted, text)
        emphasis = "levinAll('tf-scalar-card').flatMap(c => levinAll('em', c)).map(e => e.textContent)"
        self.assertIn("it", self.page.evaluate(emphasis), "the description")
        self.picture("scalars")

    def test_custom_scalars(self):
        self.open("custom_scalars", _smoothingWeight="0")
        card = "levinAll('tf-custom-scalar-multi-line-chart-card')[0]"
        self.page.wait(f"/ both .*Matches \\(2\\)/.test(levinText({card}))", "a chart of two tags")

        def line(count):
            paths = self.page.evaluate(f"levinAll('path.line', {card}).map(p => p.getAttribute('d') || '')")
            return any(line_shows([math.exp(-k / 10) for k in range(count)], d, 3) for d in paths)
        self.until(lambda: line(8), "the line of loss/tensor")
        self.until(lambda: line(20), "the line of loss/train")
        margins = "levinAll('tf-custom-scalar-margin-chart-card').map(c => [c.title, c.marginChartSeries])"
        self.assertEqual(self.page.evaluate(margins),
                         [["band", [{"value": "band/value", "lower": "band/lower", "upper": "band/upper"}]]])
        self.assertIn("Losses", self.page.evaluate("levinText()"))
        band = "levinAll('tf-custom-scalar-margin-chart-card')[0]"

        def margin():
            paths = self.page.evaluate(f"levinAll('path.line', {band}).map(p => p.getAttribute('d') || '')")
            return any(line_shows([math.exp(-k / 10) for k in range(8)], d, 1) for d in paths)
        self.until(margin, "the margin's line")
        self.assertRegex(self.page.evaluate(f"levinText({band})"), r" band .*Matches \(1\)")
        self.picture("custom-scalars")

    def test_pr_curves(self):
        self.open("pr_curves")
        written = {e["tag"]: np.array(e["values"]).reshape(e["shape"])
                   for e in self.entries if e.get("plugin") == "pr_curves"}
        self.assertEqual(len(written), 8)

        def seen():
            cards = self.cards("tf-pr-curve-card")
            for tag, rows in written.items():
                length = np.flatnonzero(rows[0].astype(int) + rows[1].astype(int))[-1] + 1
                precision, recall = rows[4, :length][::-1], rows[5, :length][::-1]
                if not any(drawn(recall, found[:, 0]) and drawn(precision, found[:, 1])
                           for found in map(vertices, (d for _, d in cards[tag])) if len(found)):
                    return False
            return True
        self.until(seen, "the curves of all eight tags")
        self.assertIn("run is at step 2", " ".join(self.page.evaluate("levinText()").split()))
        self.picture("pr-curves")

    # Histograms and Distributions.

    def test_histograms(self):
        self.open("histograms", tagFilter="tensorflow|ten|auto|raw")

        wanted = {"tensorflow": 3, "ten": 1, "auto": 1, "auto skewed": 1, "raw": 1}

        def seen():
            cards = self.cards("tf-histogram-loader")
            found = {name: [vertices(d) for kind, d in cards["histogram/" + name] if kind == "outline"]
                     for name in wanted}
            return found if all(len(found[name]) == count and all(np.ptp(outline[1:-1, 1]) > 5 for outline in found[name])
                                for name, count in wanted.items()) else None
        outlines = self.until(seen, f"as many outlines as {wanted}")
        # Buckets of 1, 2 and 3 numbers stand in three stairs over the base, where an outline begins.
        (raw,) = outlines["raw"]
        shares = (raw[0, 1] - raw[1:-1, 1]) / (raw[0, 1] - raw[:, 1].min())
        for share in (1 / 3, 2 / 3, 1):
            self.assertGreater((np.abs(shares - share) < 0.02).sum(), 3, shares)
        self.assertEqual(self.page.evaluate(
            "[...new Set(levinAll('tf-histogram-loader').map(c => levinText(c).split('tag: ')[0].trim()))].length"), 10)
        self.picture("histograms")

    def test_distributions(self):
        self.open("distributions", tagFilter="tensorflow")

        def seen():
            paths = self.cards("tf-distribution-loader")["histogram/tensorflow"]
            lines = [vertices(d) for kind, d in paths if kind == "line"]
            return lines if len(lines) >= 8 and all(len(line) == 3 for line in lines) else None
        # The numbers of step s are (s + 1) times those of step 0: lines are straight, and as far apart as that.
        lines = np.stack(self.until(seen, "lines through three steps"))[..., 1]
        self.assertLess(np.abs(lines[:, 0] - 2 * lines[:, 1] + lines[:, 2]).max(), 1)
        widths = np.ptp(lines, axis=0)
        self.assertGreater(widths[0], 10)
        self.assertTrue(np.allclose(widths / widths[0], [1, 2, 3], atol=0.1), widths)
        self.assertIn("run", self.page.evaluate("levinText(levinAll('tf-distribution-loader')[0])"))
        self.picture("distributions")

    # Images, Text, Audio.

    def test_images_and_videos(self):
        self.open("images", tagFilter="video")
        expected = {e["tag"]: [e["width"], e["height"]] for e in self.entries if e["kind"] == "image"}
        self.assertEqual(len(expected), 12)
        sizes = """Object.fromEntries(levinAll('tf-image-loader').map(card => {
          const image = levinAll('img', card)[0];
          return [card.tag, [image.naturalWidth, image.naturalHeight]]}))"""
        self.until(lambda: self.page.evaluate(sizes) == expected, f"pictures of the sizes {expected}")
        # What the browser decodes, dot by dot; canvases lose what is nearly transparent.
        for tag, ((_, picture),) in support.images(self.logdir / "run").items():
            if tag == "image/rgba" or tag.startswith("video/"):
                continue
            shown = self.page.evaluate(f"""(() => {{
              const image = levinAll('img', levinAll('tf-image-loader').find(c => c.tag === {json.dumps(tag)}))[0];
              const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              return [...context.getImageData(0, 0, canvas.width, canvas.height).data]}})()""")
            self.assertEqual(shown, np.asarray(picture.convert("RGBA")).ravel().tolist(), tag)
        self.picture("images")
        # The frames of this GIF differ in blue alone, in the middle: 0, 50, 100, 150, 200.
        blues = set()

        def frames():
            shown = self.pixels("levinAll('img', levinAll('tf-image-loader').find(c => c.tag === 'video/colors'))[0]"
                                ".getBoundingClientRect()")
            blues.add(int(round(shown[shown.shape[0] // 2, shown.shape[1] // 2, 2] / 50)))
            return len(blues) >= 3
        self.until(frames, "frames that follow one another")
        self.assertLessEqual(blues, {0, 1, 2, 3, 4})

    def test_text(self):
        self.open("text")
        rendered = ("levinAll('tf-text-loader').flatMap(c => levinAll('em, th, td', c)"
                    ".map(e => e.tagName + ' ' + e.innerText.trim()))")
        self.page.wait(f"{rendered}.length >= 6", "the texts")
        found = self.page.evaluate(rendered)
        for wanted in ("EM markdown", "TH a", "TH b", "TD 1", "TD 2", "TD zweite Zeile — ü"):
            self.assertIn(wanted, found)
        self.assertRegex(self.page.evaluate("levinText()"), r"run tag: text/text_summary step 1 .*step 0 hello markdown")
        self.picture("text")

    def test_audio(self):
        self.open("audio")
        self.page.wait("levinAll('audio').some(a => a.readyState >= 1)", "a sound that is loaded")
        sounds = "levinAll('audio').map(a => [a.duration, a.error, a.getBoundingClientRect().width > 100])"
        self.assertEqual(self.page.evaluate(sounds), [[0.1, None, True]])
        self.assertRegex(self.page.evaluate("levinText()"), r"audio/sine run tag: audio/sine step 0")
        self.picture("audio")
        self.page.evaluate("(() => { const a = levinAll('audio')[0]; a.muted = true; return a.play().then(() => true) })()")
        self.page.wait("levinAll('audio').every(a => a.ended && a.currentTime === a.duration)", "the end of the sound")

    # Graphs, HParams.

    def nodes(self):
        """The names of the graph's boxes, once they have come to rest."""
        return {name for name, _ in self.still(
            "levinAll('g.node').map(n => [n.getAttribute('data-name'), JSON.stringify(n.getBoundingClientRect())])")}

    def expand(self, name):
        """A double click into a box of the graph."""
        self.page.evaluate(f"""levinAll('g.node').find(n => n.getAttribute('data-name') === {json.dumps(name)})
          .querySelector('.nodeshape').dispatchEvent(new MouseEvent('dblclick', {{bubbles: true, composed: true}}))""")

    def test_graphs(self):
        self.open("graphs")
        self.page.wait("levinAll('g.node').length >= 3", "the graph's boxes")
        self.assertEqual(self.nodes(), {"input", "output", "Net"})
        edges = "levinAll('g.edge path.edgeline').filter(p => p.getTotalLength() > 5)"
        self.assertEqual(self.page.evaluate(f"{edges}.length"), 2)
        self.expand("Net")
        self.page.wait("levinAll('g.node').some(n => n.getAttribute('data-name') === 'Net/input')", "what is inside of Net")
        self.assertLessEqual({"Net/Linear[fc1]", "Net/input", "Net/Linear[fc2]"}, self.nodes())
        for layer, inside in (("fc1", {"31", "bias", "weight"}), ("fc2", {"34", "bias", "weight"})):
            self.expand(f"Net/Linear[{layer}]")
            wanted = {f"Net/Linear[{layer}]/{name}" for name in inside}
            self.page.wait(f"{json.dumps(sorted(wanted))}.every(name => levinAll('g.node')"
                           ".some(n => n.getAttribute('data-name') === name))", f"what is inside of {layer}")
        self.assertRegex(self.page.evaluate("levinText()"), r"Run \(1\) run ")
        self.nodes()
        self.picture("graphs")

    def test_hyperparameters(self):
        self.open("hparams")
        cells = "levinAll('vaadin-grid-cell-content').map(c => levinText(c).trim()).filter(t => t)"
        wanted = {"batch": "32.000", "lr": "0.10000", "nesterov": "true", "optimizer": "sgd",
                  "hparam/acc": "0.90000", "hparam/loss": "0.40000", "Trial ID": "run/trial"}
        self.until(lambda: set(wanted) | set(wanted.values()) <= set(self.page.evaluate(cells)), f"a table of {wanted}")
        text = " ".join(self.page.evaluate("levinText()").split())
        for wanted in ("nesterov true false", "optimizer sgd adam", "Number of matching session groups: 1"):
            self.assertIn(wanted, text)
        self.picture("hparams")

    # Projector, Mesh.

    def test_projector(self):
        self.open("projector")
        # TensorBoard shows it in a frame within a frame.
        inner = "levinAll('iframe')[0].contentDocument.querySelector('iframe').contentDocument"
        self.page.wait(f"/Points: 8 .*Dimension: 5/.test(levinText({inner}.body))", "eight points of five dimensions")
        text = self.page.evaluate(f"levinText({inner}.body).replace(/\\s/g, '')")
        for wanted in ("points/x:00002", "twocolumns:00003", "00002/points%2fx/metadata.tsv"):
            self.assertIn(wanted, text)
        canvas = f"levinAll('canvas', {inner}).find(c => c.width > 200 && c.height > 200)"
        self.page.wait(f"Boolean({canvas})", "a canvas")

        def sprites():
            # a sprite's dots are of one ramp in red, green and blue, 77 and 84 apart
            red, green, blue = np.moveaxis(self.pixels(f"{canvas}.getBoundingClientRect()"), -1, 0)
            return ((np.abs(green - red - 77) <= 6) & (np.abs(blue - green - 84) <= 6)).sum() > 300
        self.until(sprites, "points drawn with their sprites")
        self.picture("projector")
        # The other tensor, whose metadata have a header.
        self.page.evaluate(f"levinAll('vz-projector-data-panel', {inner})[0].selectedTensor = 'two columns:00003'")
        self.page.wait(f"levinText({inner}.body).replace(/\\s/g, '').includes('00003/twocolumns/metadata.tsv')",
                       "the second tensor's metadata")
        columns = f"levinAll('vz-projector-data-panel', {inner})[0].labelOptions"
        self.page.wait(f"JSON.stringify({columns}) === '[\"name\",\"index\"]'", "columns to label by")
        self.picture("projector-metadata")

    def test_meshes(self):
        self.open("mesh")
        self.page.wait("levinAll('tf-mesh-loader').filter(c => levinAll('canvas', c).length).length >= 2", "two canvases")
        self.assertEqual(self.page.evaluate("[...new Set(levinAll('tf-mesh-loader').map(c => c.run + ' ' + c.tag))].sort()"),
                         ["run mesh/cloud", "run mesh/tetrahedron"])

        def shown(tag):
            return self.pixels(f"""levinAll('canvas', levinAll('tf-mesh-loader').find(c => c.tag === 'mesh/{tag}'))
              .map(c => c.getBoundingClientRect())[0]""")

        def tetrahedron():
            # corners in red, green, blue and magenta
            picture = shown("tetrahedron")
            ahead = [(np.min(picture[..., [k]] - np.delete(picture, k, -1), -1) > 60).sum() for k in range(3)]
            return (picture.sum(-1) < 600).mean() > 0.1 and min(ahead) > 200
        self.until(tetrahedron, "a tetrahedron in red, green and blue")
        self.until(lambda: (np.abs(shown("cloud") - RUN_COLOR).max(-1) <= 12).sum() > 20, "the cloud's points")
        self.picture("mesh")


if __name__ == "__main__":
    unittest.main()
