#!/usr/bin/env python3
"""How PyYAML reads merge keys, aliases and words: Tests/Golden/cli/yaml.json, a list of [text, value].

usage: make_yaml.py > Tests/Golden/cli/yaml.json        needs PyYAML
"""
import json

import yaml

TEXTS = [
    "base: &base {a: 1, b: 2}\nnew:\n  <<: *base\n  b: 3\n",
    "base: &base {a: 1, b: 2}\nnew:\n  b: 3\n  <<: *base\n",
    "one: &one {a: 1}\ntwo: &two {a: 2, b: 2}\nnew:\n  <<: [*one, *two]\n  c: 3\n",
    "one: &one {a: 1}\ntwo: &two {<<: *one, b: 2}\nnew: {<<: *two}\n",
    "new: {<<: {a: 1}, b: 2}\n",
    "'<<': 1\n",
    "x: &x [1, 2]\ny: [*x, *x]\n",
    "&k key: 1\nother: *k\n",
    "text: 'a *star* and *another'\nplain: 2 * 3*\nblock: |\n  *not an alias\n  * nor this\n",
    "? long\n: 1\n",
    "a: ~\nb: null\nc:\nd: 'null'\n",
    "a: yes\nb: On\nc: 'true'\nd: FALSE\n",
    "a: 0100\nb: 0x10\nc: 1_000\nd: 1:30\n",
    "a: 1.5\nb: 1.0e-3\nc: .5\n",
    "text: \u65e5\u672c \u00e9\n",
    "",
    "# nothing\n",
]
print(json.dumps([[text, yaml.safe_load(text)] for text in TEXTS], ensure_ascii=True, indent=1))
