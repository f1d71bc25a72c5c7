"""Every wrong config gets its exact message, at its line and column, and nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import optanim
from optanim.errors import ConfigError, Place, Problem, text_width
from optanim.schema.document import Document
from optanim.schema.figure import TrialKeys
from optanim.schema.validation import options_of
from optanim.schema.view import View
from tests.command import optanim_

RIGHT = "surface: quadratic\nstart: [-4, 3]\noptimizer: adam\n"

WRONG: dict[str, tuple[str, str]] = {
    "an option to tune that is none": (
        RIGHT + "tuning: {over: [lr, weight_dcay]}\n",
        "c.yaml:4:21: error: no optimizer has an option 'weight_dcay'\n"
        " 4 | tuning: {over: [lr, weight_dcay]}\n   |                     ^^^^^^^^^^^\n"
        "   = help: did you mean 'weight_decay'? options: lr, beta1, beta2, eps, weight_decay",
    ),
    "values to tune that are no list": (
        RIGHT + "tuning: {over: {beta1: 0.9}}\n",
        "c.yaml:4:24: error: tuning.over.beta1 must be a list of numbers, or auto, got 0.9\n"
        " 4 | tuning: {over: {beta1: 0.9}}\n   |                        ^^^\n"
        "   = help: write over: {beta1: [0.9]}",
    ),
    "empty": ("", "c.yaml: error: the config is empty"),
    "comment": ("# nothing\n", "c.yaml: error: the config is empty"),
    "scalar": ("42\n", "c.yaml:1:1: error: the config must be a mapping of its keys, got 42"),
    "list": ("- 1\n", "c.yaml:1:1: error: the config must be a mapping of its keys, got [1]"),
    "tab": ("view:\n\tlevels: 3\n", "c.yaml:2:1: error: a tab cannot indent YAML"),
    "colon": (
        "title: SGD: momentum\n",
        "c.yaml:1:11: error: a value with ': ' must be in quotes\n"
        " 1 | title: SGD: momentum\n"
        "   |           ^^\n"
        "   = help: write title: 'SGD: momentum'",
    ),
    "unclosed": (
        "surface: {name: beale\nstart: [1, 1]\n",
        "c.yaml:1:10: error: this '{' is not closed\n"
        " 1 | surface: {name: beale\n   |          ^\n   = help: write surface: {name: beale}",
    ),
    "unknown key": (
        RIGHT + "viw: 3\n",
        "c.yaml:4:1: error: unknown key 'viw'\n 4 | viw: 3\n   | ^^^\n"
        f"   = help: did you mean 'view'? keys: {', '.join(options_of(Document))}",
    ),
    "unknown key of a section": (
        RIGHT + "view: {level: 3}\n",
        "c.yaml:4:8: error: unknown key 'level'\n 4 | view: {level: 3}\n   |        ^^^^^\n"
        f"   = help: did you mean 'levels'? keys: {', '.join(options_of(View))}",
    ),
    "unknown rule of stop": (
        RIGHT + "stop: {grad: 1e-6}\n",
        "c.yaml:4:8: error: unknown key 'grad'\n 4 | stop: {grad: 1e-6}\n   |        ^^^^\n"
        "   = help: did you mean 'gradient'? keys: step, gradient, loss",
    ),
    "unknown language": (
        RIGHT + "lang: kr\n",
        "c.yaml:4:7: error: no language is called 'kr'\n 4 | lang: kr\n   |       ^^\n"
        "   = help: did you mean 'ko'? languages: en, ko",
    ),
    "two languages": (
        RIGHT + "lang: [en, ko]\n",
        "c.yaml:4:7: error: lang must be the name of a language, got ['en', 'ko']\n"
        " 4 | lang: [en, ko]\n   |       ^^^^^^^^\n"
        "   = help: write lang: en; for a figure of each value, add matrix: {lang: [en, ko]}",
    ),
    "a theme and twins": (
        RIGHT + "figure: {theme: dark}\nthemes: [light, dark]\n",
        "c.yaml:5:1: error: 'themes' and 'figure.theme' cannot both be set\n"
        " 5 | themes: [light, dark]\n   | ^^^^^^\n   = help: keep one of them",
    ),
    "one theme twice": (
        RIGHT + "themes: [light, dark, light]\n",
        "c.yaml:4:23: error: themes has 'light' twice",
    ),
    "one format twice": (
        RIGHT + "formats: [gif, {name: gif, compact: true}]\n",
        "c.yaml:4:16: error: formats has 'gif' twice, with other options",
    ),
    "an option of another format": (
        RIGHT + "formats: [{name: webp, compact: true}]\n",
        "c.yaml:4:24: error: webp has no option 'compact'\n"
        " 4 | formats: [{name: webp, compact: true}]\n   |                        ^^^^^^^\n"
        "   = help: compact is an option of the format gif: {name: gif, compact: true}",
    ),
    "an option of a format at the top": (
        RIGHT + "compact: true\n",
        "c.yaml:4:1: error: unknown key 'compact'\n 4 | compact: true\n   | ^^^^^^^\n"
        "   = help: compact is an option of the format gif: {name: gif, compact: true}",
    ),
    "a format as a key": (
        RIGHT + "webm: av1\n",
        "c.yaml:4:1: error: unknown key 'webm'\n 4 | webm: av1\n   | ^^^^\n   = help: an option "
        "of a format stands beside its name: formats: [{name: webm, codec: av1}]",
    ),
    "a codec in place of its format": (
        RIGHT + "formats: [av1]\n",
        "c.yaml:4:11: error: no format is called 'av1'\n 4 | formats: [av1]\n   |           ^^^\n"
        "   = help: write formats: [webm]",
    ),
    "an unknown codec": (
        RIGHT + "formats: [{name: webm, codec: av2}]\n",
        "c.yaml:4:31: error: formats[0].codec must be 'vp9' or 'av1', got 'av2'",
    ),
    "a wrong option of a format": (
        RIGHT + "formats: [{name: gif, compact: 1}]\n",
        "c.yaml:4:32: error: formats[0].compact must be true or false, got 1",
    ),
    "an unknown twin": (
        RIGHT + "themes: [light, drak]\n",
        "c.yaml:4:17: error: no theme is called 'drak'",
    ),
    "one theme, not in a list": (
        RIGHT + "themes: dark\n",
        "c.yaml:4:9: error: themes must be a list, got 'dark'\n 4 | themes: dark\n"
        "   |         ^^^^\n   = help: write themes: [dark]",
    ),
    "rule of stop below 0": (
        RIGHT + "stop: {gradient: -1}\n",
        "c.yaml:4:18: error: stop.gradient must be at least 0, got -1",
    ),
    "a rule of stop that climbing has not": (
        RIGHT + "ascend: true\nstop: {loss: 1}\n",
        "c.yaml:5:14: error: stop.loss ends at a low loss, but 'ascend' climbs",
    ),
    "a claim of a low loss while climbing": (
        RIGHT + "ascend: true\nclaims:\n  - {loss: adam, below: 3}\n",
        "c.yaml:6:5: error: loss is about a low loss, but 'ascend' climbs",
    ),
    "a claim of a minimum while climbing": (
        RIGHT + "ascend: true\nclaims: [{arrives: adam}]\n",
        "c.yaml:5:20: error: arrives is about a minimum, but 'ascend' climbs",
    ),
    "a search for the lowest loss while climbing": (
        RIGHT.replace("adam", "{name: adam, lr: auto}") + "ascend: true\n",
        "c.yaml:3:29: error: lr: auto looks for the lowest loss, but 'ascend' climbs",
    ),
    "a fit while climbing": (
        "surface: {regression: {points: [[1, 2], [2, 3], [3, 5]], model: w*x + b}}\n"
        "start: [1, 1]\noptimizer: gd\nascend: true\n",
        "c.yaml:4:9: error: ascend climbs, but the loss of a fit is to be minimized",
    ),
    "a start of several that lacks a number": (
        RIGHT.replace("[-4, 3]", "[[-4, 3], [1]]"),
        "c.yaml:2:18: error: start has 1 number, the surface has the axes x, y",
    ),
    "a start of several that is no point": (
        RIGHT.replace("[-4, 3]", "[[-4, 3], 2]"),
        "c.yaml:2:18: error: start[1] must be a list, got 2",
    ),
    "a start of several with a word": (
        RIGHT.replace("[-4, 3]", "[[-4, 3], [a, 2]]"),
        "c.yaml:2:19: error: start[1][0] must be a number, got 'a'",
    ),
    "more starts than a picture has paths": (
        RIGHT.replace("[-4, 3]", str([[1, n] for n in range(9)])).replace(
            "optimizer: adam", "optimizers: [gd, adam]"
        ),
        "c.yaml:2:65: error: the optimizers start 18 times, a picture has up to 16 paths",
    ),
    "two numbers on a curve": (
        "surface: parabola\nstart: [1, 2]\noptimizer: gd\n",
        "c.yaml:2:8: error: start has 2 numbers, the surface has the axis x\n 2 | start: [1, 2]\n"
        "   |        ^^^^^^\n"
        "   = help: one number for each axis: start: [1]; or start: [[1], [2]], one trial for each",
    ),
    "a field that is no answer": (
        RIGHT + "view: {field: 3}\n",
        "c.yaml:4:15: error: view.field must be true or false, got 3",
    ),
    "a subgradient of another name": (
        "surface: {expr: abs(x), subgradient: right}\nstart: 1\noptimizer: gd\n",
        "c.yaml:1:38: error: surface.subgradient must be 'middle' or 'one-sided', got 'right'\n"
        " 1 | surface: {expr: abs(x), subgradient: right}\n"
        "   |                                      ^^^^^\n   = help: write subgradient: one-sided",
    ),
    "a note that is no list": (
        RIGHT + "view: {notes: {at: [1, 1], text: minimum}}\n",
        "c.yaml:4:15: error: view.notes must be a list, got {at: [1, 1], text: 'minimum'}\n"
        " 4 | view: {notes: {at: [1, 1], text: minimum}}\n"
        "   |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "   = help: write notes: [{at: [1, 1], text: minimum}]",
    ),
    "one note": (
        RIGHT + "view: {note: [{at: [1, 1], text: minimum}]}\n",
        "c.yaml:4:8: error: unknown key 'note'\n 4 | view: {note: [{at: [1, 1], text: minimum}]}\n"
        "   |        ^^^^\n   = help: did you mean 'notes'?",
    ),
    "a note that is a text": (
        RIGHT + "view: {notes: [minimum]}\n",
        "c.yaml:4:16: error: view.notes[0] must be a mapping of its keys, got 'minimum'\n"
        " 4 | view: {notes: [minimum]}\n   |                ^^^^^^^\n"
        "   = help: keys: text, at, step, of",
    ),
    "a note without a text": (
        RIGHT + "view: {notes: [{at: [1, 1]}]}\n",
        "c.yaml:4:16: error: view.notes[0].text is missing\n 4 | view: {notes: [{at: [1, 1]}]}\n"
        "   |                ^^^^^^^^^^^^\n   = help: for example text: minimum",
    ),
    "a note with an empty text": (
        RIGHT + "view: {notes: [{at: [1, 1], text: ' '}]}\n",
        "c.yaml:4:35: error: the text of a note is empty",
    ),
    "a note without a point": (
        RIGHT + "view: {notes: [{text: here}]}\n",
        "c.yaml:4:16: error: the note 'here' has no point\n 4 | view: {notes: [{text: here}]}\n"
        "   |                ^^^^^^^^^^^^\n"
        "   = help: write at: a point of the surface, or step: the number of a step",
    ),
    "a note at two places": (
        RIGHT + "view: {notes: [{at: [1, 1], step: 3, text: here}]}\n",
        "c.yaml:4:35: error: a note has a point 'at' or a 'step', not both",
    ),
    "a note at a point of another surface": (
        RIGHT + "view: {notes: [{at: [1], text: here}]}\n",
        "c.yaml:4:21: error: at has 1 number, the surface has the axes x, y\n"
        " 4 | view: {notes: [{at: [1], text: here}]}\n   |                     ^^^\n"
        "   = help: one number for each axis: at: [1, 1]",
    ),
    "a note at another axis": (
        RIGHT + "view: {notes: [{at: {x: 1, z: 2}, text: here}]}\n",
        "c.yaml:4:28: error: the surface has no axis 'z'",
    ),
    "a note at a list of points": (
        RIGHT + "view: {notes: [{at: [[1, 2], [3, 4]], text: here}]}\n",
        "c.yaml:4:22: error: view.notes[0].at[0] must be a number, got [1, 2]\n"
        " 4 | view: {notes: [{at: [[1, 2], [3, 4]], text: here}]}\n"
        "   |                      ^^^^^^\n   = help: write at: [1, 2]",
    ),
    "a note where a curve has no value": (
        "surface: {expr: log(x)}\nstart: [1]\noptimizer: gd\n"
        "view: {notes: [{at: -1, text: here}]}\n",
        "c.yaml:4:21: error: the curve has no finite value at -1",
    ),
    "a note of optimizer 0": (
        RIGHT + "view: {notes: [{step: 3, of: 0, text: here}]}\n",
        "c.yaml:4:30: error: view.notes[0].of must be at least 1, got 0\n"
        " 4 | view: {notes: [{step: 3, of: 0, text: here}]}\n   |                              ^\n"
        "   = help: write of: 1",
    ),
    "a note of an optimizer that is not there": (
        RIGHT + "view: {notes: [{step: 3, of: 2, text: here}]}\n",
        "c.yaml:4:30: error: of: there is no optimizer 2, the run has 1",
    ),
    "a note of one of two optimizers": (
        RIGHT.replace("optimizer: adam", "optimizers: [gd, adam]")
        + "view: {notes: [{step: 3, text: here}]}\n",
        "c.yaml:4:16: error: the run has 2 optimizers, and step is of one of them\n"
        " 4 | view: {notes: [{step: 3, text: here}]}\n   |                ^^^^^^^^^^^^^^^^^^^^^\n"
        "   = help: add of: a number from 1 to 2",
    ),
    "a note after the last step": (
        RIGHT + "view: {notes: [{step: 101, text: here}]}\n",
        "c.yaml:4:23: error: there is no step 101, the run has 100\n"
        " 4 | view: {notes: [{step: 101, text: here}]}\n   |                       ^^^\n"
        "   = help: write step: 100, or more steps",
    ),
    "more notes than a picture has": (
        RIGHT + f"view: {{notes: [{', '.join(['{step: 1, text: a}'] * 13)}]}}\n",
        "c.yaml:4:15: error: view.notes must have at most 12 items",
    ),
    "notes without their panel": (
        RIGHT + "view: {notes: [{at: [1, 1], text: here}]}\npanels: [loss]\n",
        "c.yaml:4:8: error: the panels contour and curve have notes, but the figure has loss",
    ),
    "a note at a step of a matrix in one figure": (
        RIGHT + "view: {notes: [{step: 3, text: here}]}\n"
        "matrix: {optimizer.lr: [0.1, 0.2]}\nlayout: overlay\n",
        "c.yaml:4:23: error: an overlay of a matrix has many trials, and a note at a",
    ),
    "a map of one key": (
        RIGHT + "map: {x: optimizer.lr, y: optimizer.lr}\n",
        "c.yaml:4:27: error: map.x and map.y vary the same key",
    ),
    "a key that a map cannot vary": (
        RIGHT + "map: {x: optimizer.lr, y: steps}\n",
        "c.yaml:4:27: error: map.y: steps cannot be varied in a map",
    ),
    "a panel of a map without keys": (
        RIGHT + "panels: [map]\n",
        "c.yaml:4:10: error: the panel map needs the keys of a map",
    ),
    "a zoom without a map": (
        RIGHT + "panels: [contour]\nview: {zoom: {to: [1, 1]}}\n",
        "c.yaml:4:10: error: view.zoom is a film of maps, and contour is none",
    ),
    "a zoom to nowhere": (
        RIGHT + "panels: [basins]\nview: {x: [0, 2], zoom: {to: [3, 1]}}\n",
        "c.yaml:5:30: error: view.zoom.to: 3 is not on the axis x",
    ),
    "a color bar of lines": (
        RIGHT + "view: {contours: lines, colorbar: true}\n",
        "c.yaml:4:35: error: view.colorbar shows the colors of bands, but view.contours: lines has "
        "none\n 4 | view: {contours: lines, colorbar: true}\n   | "
        + " " * 34
        + "^^^^\n   = help: contours: both, or labels",
    ),
    "a race against the clock": (
        RIGHT + "view: {against: time}\n",
        "c.yaml:4:17: error: view.against must be 'updates' or 'evaluations', got 'time'",
    ),
    "a color bar by number": (
        RIGHT + "view: {colorbar: 3}\n",
        "c.yaml:4:18: error: view.colorbar must be true or false, got 3",
    ),
    "a name of an axis that is no text": (
        RIGHT + "view: {xlabel: 3}\n",
        "c.yaml:4:16: error: view.xlabel must be text, got 3",
    ),
    "stop without its rule": (
        RIGHT + "stop: 1e-6\n",
        "c.yaml:4:7: error: stop must be a mapping of its keys, got 1e-06",
    ),
    "unknown option": (
        "surface: quadratic\nstart: [-4, 3]\noptimizer: {name: adam, lrr: 0.1}\n",
        "c.yaml:3:25: error: adam has no option 'lrr'\n 3 | optimizer: {name: adam, lrr: 0.1}\n"
        "   |                         ^^^\n   = help: did you mean 'lr'? options: lr, beta1, "
        f"beta2, eps, weight_decay, amsgrad, {', '.join(options_of(TrialKeys))}",
    ),
    "unknown surface": (
        "surface: rosenbrok\nstart: [1, 1]\noptimizer: gd\n",
        "c.yaml:1:10: error: no surface is called 'rosenbrok'",
    ),
    "unknown optimizer": (
        "surface: beale\nstart: [1, 1]\noptimizer: adma\n",
        "c.yaml:3:12: error: no optimizer is called 'adma'",
    ),
    "unknown schedule": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, lr: {name: cosin}}\n",
        "c.yaml:3:34: error: no schedule is called 'cosin'",
    ),
    "unknown format": (
        RIGHT + "output: a.gfi\n",
        "c.yaml:4:9: error: no format is called '.gfi'",
    ),
    "unknown theme": (
        RIGHT + "figure: {theme: ligt}\n",
        "c.yaml:4:17: error: no theme is called 'ligt'",
    ),
    "unknown key of a theme": (
        RIGHT + "figure:\n  theme: {name: dark, alrm: '#FF8080'}\n",
        "c.yaml:5:23: error: dark has no option 'alrm'\n"
        " 5 |   theme: {name: dark, alrm: '#FF8080'}\n"
        "   |                       ^^^^\n   = help: did you mean 'alarm'? options: background,",
    ),
    "theme without a name": (
        RIGHT + "figure: {theme: {ink: '#000'}}\n",
        "c.yaml:4:17: error: figure.theme has no name",
    ),
    "theme of colors by name": (
        RIGHT + "figure: {theme: {name: dark, paths: [red, '#FFF']}}\n",
        "c.yaml:4:38: error: figure.theme.paths[0] must be a color written '#RRGGBB', got 'red'",
    ),
    "theme without paths": (
        RIGHT + "figure: {theme: {name: dark, paths: []}}\n",
        "c.yaml:4:37: error: figure.theme.paths must have at least 1 item, got []",
    ),
    "unknown brace": (
        RIGHT + "output: '{confg}.gif'\n",
        "c.yaml:4:9: error: output has an unknown name in braces: '{confg}.gif'",
    ),
    "negative rate": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, lr: -1}\n",
        "c.yaml:3:27: error: optimizer.lr must be greater than 0, got -1\n"
        " 3 | optimizer: {name: gd, lr: -1}\n   |                           ^^",
    ),
    "rate as text": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, lr: fast}\n",
        "c.yaml:3:27: error: no schedule is called 'fast'",
    ),
    "rate true": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, lr: true}\n",
        "c.yaml:3:27: error: optimizer.lr must be a number, got true",
    ),
    "beta of one": (
        "surface: beale\nstart: [1, 1]\noptimizers: [{name: adam, beta1: 1}]\n",
        "c.yaml:3:34: error: optimizers[0].beta1 must be less than 1, got 1",
    ),
    "not a number": (
        "surface: beale\nstart: [.nan, 1]\noptimizer: gd\n",
        "c.yaml:2:9: error: start[0] must be a finite number, got nan",
    ),
    "steps of text": (
        RIGHT + "steps: '60'\n",
        "c.yaml:4:8: error: steps must be a whole number, got '60'",
    ),
    "too many steps": (RIGHT + "steps: 20001\n", "c.yaml:4:8: error: steps must be at most 20000"),
    "missing start": (
        "surface: beale\noptimizer: gd\n",
        "c.yaml:1:1: error: 'start' is missing\n 1 | surface: beale\n   | ^^^^^^^^^^^^^^\n"
        "   = help: start: [1, 1], one number for each of x, y",
    ),
    "missing surface": (
        "start: [1, 1]\noptimizer: gd\n",
        "c.yaml:1:1: error: surface is missing",
    ),
    "missing optimizer": (
        "start: [1, 1]\nsurface: beale\n",
        "c.yaml:1:1: error: 'optimizer' is missing",
    ),
    "two kinds of optimizer": (
        RIGHT + "optimizers: [gd]\n",
        "c.yaml:4:1: error: 'optimizer' and 'optimizers' cannot both be set",
    ),
    "start of three": (
        "surface: beale\nstart: [1, 1, 1]\noptimizer: gd\n",
        "c.yaml:2:8: error: start has 3 numbers, the surface has the axes x, y",
    ),
    "start of one": (
        "surface: beale\nstart: 1\noptimizer: gd\n",
        "c.yaml:2:8: error: start has 1 number, the surface has the axes x, y",
    ),
    "start of another axis": (
        "surface: beale\nstart: {x: 1, z: 1}\noptimizer: gd\n",
        "c.yaml:2:15: error: the surface has no axis 'z'",
    ),
    "start where the loss overflows": (
        "surface: beale\nstart: [1e200, 1e200]\noptimizer: gd\n",
        "c.yaml:2:8: error: the surface has no finite value and gradient at [1e+200, 1e+200]",
    ),
    "duplicate key": (
        RIGHT + "start: [0, 0]\n",
        "c.yaml:4:1: error: 'start' is set twice; first on line 2",
    ),
    "window upside down": (
        RIGHT + "view: {x: [2, 1]}\n",
        "c.yaml:4:11: error: view.x must go up, from the smaller to the larger, got [2.0, 1.0]",
    ),
    "window without width": (
        RIGHT + "view: {y: [1, 1.0000000001]}\n",
        "c.yaml:4:11: error: view.y must be a range that a figure can show",
    ),
    "equal scales of a set window": (
        RIGHT + "view: {x: [-5, 5], y: [-5, 5], aspect: equal}\n",
        "c.yaml:4:40: error: view.aspect cannot be equal if view.x and view.y are both set\n"
        " 4 | view: {x: [-5, 5], y: [-5, 5], aspect: equal}\n"
        "   |                                        ^^^^^\n"
        "   = help: keep one of view.x and view.y: the other follows from it",
    ),
    "scales that are neither": (
        RIGHT + "view: {aspect: square}\n",
        "c.yaml:4:16: error: view.aspect must be 'equal' or 'auto', got 'square'",
    ),
    "too many pixels": (
        RIGHT + "figure: {size: [4096, 4096], scale: 2}\n",
        "c.yaml:4:9: error: a frame of 8192 × 8192 has more than 16 million pixels",
    ),
    "the pace said twice": (
        RIGHT + "animation: {steps_per_second: 5, duration: 3s}\n",
        "c.yaml:4:34: error: 'duration' and 'steps_per_second' cannot both be set\n",
    ),
    "fps": (RIGHT + "animation: {fps: 60}\n", "c.yaml:4:18: error: animation.fps must be at most"),
    "duration": (
        RIGHT + "animation: {hold_end: 2m}\n",
        "c.yaml:4:23: error: animation.hold_end must be a duration such as 2s or 500ms, got '2m'",
    ),
    "control character": (
        RIGHT + 'title: "$\\alpha$"\n',
        "c.yaml:4:8: error: title has a control character (U+0007)",
    ),
    "color unquoted": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, color: #fff}\n",
        "c.yaml:3:30: error: '#' begins a comment: a color must be in quotes\n"
        " 3 | optimizer: {name: gd, color: #fff}\n   |                              ^\n"
        "   = help: write optimizer: {name: gd, color: '#fff'}",
    ),
    "color by name": (
        "surface: beale\nstart: [1, 1]\noptimizer: {name: gd, color: red}\n",
        "c.yaml:3:30: error: optimizer.color must be a color written '#RRGGBB', got 'red'",
    ),
    "tag": (RIGHT + "title: !x y\n", "c.yaml:4:8: error: YAML tags are not supported"),
    "merge key": (
        "a: &a {x: 1}\nview:\n  <<: *a\n",
        "c.yaml:3:3: error: merge keys '<<' are not supported",
    ),
    "alias to itself": ("a: &a [*a]\n", "c.yaml:1:4: error: an alias that contains itself"),
    "alias bomb": (
        "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)),
        "error: more than 20000 values, aliases counted",
    ),
    "deep": ("a: " + "[" * 500 + "]" * 500 + "\n", "error: nested deeper than 32 levels"),
    "long number": (RIGHT + f"steps: {'9' * 5000}\n", "error: a number of more than 400 digits"),
    "two documents": (RIGHT + "---\n" + RIGHT, "error: a second document begins here"),
    "undefined alias": (RIGHT + "title: *x + y\n", "help: write title: '*x + y'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_config_gets_its_message(name: str) -> None:
    text, message = WRONG[name]
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text, source="c.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        ("title: '경사'\n".encode("cp949"), "line 1 is not UTF-8: byte 0xb0"),
        (b"#" * 1_000_001, "is larger than 1 MB"),
        (b"title: \x01\n", "a character that YAML does not allow: U+0001"),
    ],
)
def test_a_file_that_is_no_text(data: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_bytes(data)
    with pytest.raises(ConfigError, match=re.escape(message)):
        optanim.load(file)


def test_all_problems_are_told_at_once_and_in_order() -> None:
    text = "surface: beal\nstart: [a]\noptimizer: {name: adam, lr: -1, beta3: 1}\nfoo: 1\n"
    with pytest.raises(ConfigError) as caught:
        optanim.loads(text)
    lines = [problem.place.line for problem in caught.value.problems]  # type: ignore[union-attr]
    assert lines == [1, 2, 3, 3, 4]


def test_carets_stand_under_wide_letters() -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(RIGHT + "title: ['경사', 하강]\n")
    line, carets = str(caught.value).splitlines()[1:3]
    assert line.endswith("title: ['경사', 하강]")
    assert carets.endswith(" " * 7 + "^" * len("['xxxx', xxxx]"))


def test_a_long_line_is_cut_around_the_place() -> None:
    values = [str(value) for value in range(1000, 1900)]
    values[450] = "oops"
    line = f"steps: [{', '.join(values)}]"

    def printed(place: Place) -> list[str]:
        lines = str(Problem("wrong", place)).splitlines()[1:]
        assert all(text_width(line) <= len(" 1 | ") + 120 for line in lines)
        return [line[len(" 1 | ") :] for line in lines]

    for text, left, right in (
        ("oops", "…", "…"), ("1000", "", "…"), ("steps", "", "…"), ("1899]", "…", ""),
    ):  # fmt: skip
        excerpt, carets = printed(Place("c.yaml", 1, line.index(text) + 1, line, len(text)))
        assert excerpt.index(text) == carets.index("^") and carets.count("^") == len(text)
        assert excerpt.startswith(left) and excerpt.endswith(right)
        assert excerpt.strip("…") in line and len(excerpt) >= 119
        assert ("…" in excerpt[:1], "…" in excerpt[-1:]) == (bool(left), bool(right))

    # A place that is longer than the window, one behind the end, and wide letters.
    excerpt, carets = printed(Place("c.yaml", 1, 8, line, len(line) - 7))
    assert excerpt[carets.index("^") :].startswith("[1000, 1001") and carets.count("^") > 80
    excerpt, carets = printed(Place("c.yaml", 1, len(line) + 1, line))
    assert excerpt.endswith("1899]") and carets == " " * len(excerpt) + "^"
    line = "경사" * 500 + "x" + "하강" * 500
    excerpt, carets = printed(Place("c.yaml", 1, 1001, line))
    assert text_width(excerpt[: excerpt.index("x")]) == carets.index("^")


def test_a_config_of_one_long_line() -> None:
    values = ", ".join(["a" if k == 451 else f"0.{k}" for k in range(101, 1000) if k % 10])
    with pytest.raises(ConfigError) as caught:
        optanim.loads(RIGHT + f"matrix: {{optimizer.lr: [{values}]}}\n")
    for line in str(caught.value).splitlines():
        assert len(line) < 200, line


@pytest.mark.parametrize("command", ["render", "check", "trace"])
def test_exit_code_2_no_traceback_nothing_written(command: str, tmp_path: Path) -> None:
    for name, (text, _) in list(WRONG.items())[:3]:
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    before = sorted(tmp_path.rglob("*"))
    for file in before:
        done = optanim_(command, file.name, cwd=tmp_path)
        assert done.returncode == 2
        assert b"error:" in done.stderr and b"Traceback" not in done.stderr
        assert done.stdout == b""
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("optimizer.lrr=0.3", "--set optimizer.lrr=0.3:1:1: error: adam has no option 'lrr'"),
        ("optimizer.lr=-1", "--set optimizer.lr=-1:1:14: error: optimizer.lr must be greater"),
        ("optimizer.lr", "not of the form KEY=VALUE"),
        ("=3", "not of the form KEY=VALUE"),
        ("optimizers[0].lr=1", "the config has no optimizers[0].lr to set"),
        ("title.x=3", "title must be text, got {name: 'x', x: 3}"),
        ("optimizer.lr={", "--set optimizer.lr={:1:"),
    ],
)
def test_set_goes_through_the_same_checks(assignment: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        optanim.loads(RIGHT.replace("adam", "{name: adam}") + "title: x\n", set=[assignment])
    assert message in str(caught.value)


def test_a_bound_is_written_in_full() -> None:
    with pytest.raises(ConfigError) as raised:
        optanim.loads("surface: quadratic\nstart: [1, 1]\noptimizer: gd\nseed: 5000000000\n")
    message = str(raised.value)
    assert "seed must be at most 4294967295, got 5000000000" in message
    assert "= help: write seed: 4294967295" in message
