"""The README's pictures. See scripts/pictures."""

import base64
import html
import json
import os
import time
import urllib.parse

import pyte

import browser
import support
import test_terminal

OUT = support.ROOT / "docs" / "images"
COLORS = {"default": "#d0d0d0", "black": "#555753", "red": "#ef6b6b", "green": "#8ae234", "brown": "#fce94f",
          "yellow": "#fce94f", "blue": "#729fcf", "magenta": "#c397d8", "cyan": "#56c8d8", "white": "#eeeeec"}


def terminal_page(written, columns, lines):
    """The screen after `written` as an HTML page."""
    screen = pyte.HistoryScreen(columns, lines, history=500)
    pyte.Stream(screen).feed(written)
    rows = [*screen.history.top, *(screen.buffer[i] for i in range(lines))]
    rendered = []
    for row in rows:
        cells = []
        for x in range(columns):
            cell = row[x]
            style = f"color:{COLORS.get(cell.fg, '#' + cell.fg)}" + (";font-weight:bold" if cell.bold else "")
            cells.append((style, cell.data))
        text, style = "", None
        for cell_style, data in cells:
            if cell_style != style:
                text += ("</span>" if style else "") + f'<span style="{cell_style}">'
                style = cell_style
            text += html.escape(data)
        rendered.append(text + "</span>")
    while rendered and not "".join(part.split(">")[-1] for part in rendered[-1].split("</span>")).strip():
        rendered.pop()
    body = "\n".join(rendered)
    return ("<meta charset=utf-8><body style='margin:0;background:#16181c'><pre style='display:inline-block;margin:0;"
            f"padding:18px;font:14px/1.25 \"DejaVu Sans Mono\",monospace;background:#16181c'>{body}</pre></body>",
            len(rendered))


def main():
    folder = support.fresh_folder("pictures")
    status, written, _ = test_terminal.in_terminal("digits", folder=folder, columns=80)
    assert status == 0, written
    page_text, rows = terminal_page("$ swift run -c release digits\r\n" + written, 80, 60)
    support.program("levin", "fit", "--trainer.max_epochs", 5, "--model.learning_rate", 3e-4, folder=folder)
    with browser.chromium() as page:
        # The page's own size: a window's has a frame in it.
        page.send("Emulation.setDeviceMetricsOverride", width=720, height=rows * 18 + 40, deviceScaleFactor=1, mobile=False)
        page.open("data:text/html;base64," + base64.b64encode(page_text.encode()).decode())
        page.screenshot(OUT / "terminal.png")
    pins = [{"plugin": "scalars", "tag": tag} for tag in ("val/loss", "val/acc", "train/loss")]
    pins.append({"plugin": "images", "tag": "val/inputs", "runId": "defaultExperimentId/version_0", "sample": 0})
    query = urllib.parse.urlencode({"forceSVG": "true", "pinnedCards": json.dumps(pins)})
    # TensorBoard shows the folder's name as given.
    os.chdir(folder)
    with support.tensorboard("lightning_logs") as base, browser.chromium(width=1400, height=1000) as page:
        for name, path in (("timeseries", f"/?{query}#timeseries"), ("images", "/#images"), ("text", "/#text")):
            page.open(base + path)
            time.sleep(8)
            # The settings beside the charts take a quarter of the width.
            page.evaluate("levinAll('.settings-button').forEach(button => button.click())")
            page.screenshot(OUT / f"{name}.png")


main()
