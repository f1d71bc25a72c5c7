"""A headless Firefox, spoken to over its own protocol, Marionette: JSON on a local socket."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.needs import FIREFOX

# `--remote-allow-system-access` lets the console be read.
FLAGS = ["--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]

SETTINGS = {
    "marionette.port": 0,  # a free one, which it writes into a file of the profile
    "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "privacy.bounceTrackingProtection.mode": 0,  # it tells the console of addresses of this machine
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "ui.prefersReducedMotion": 1,  # so that figures stand still at their last step
}

# The code points of keys in WebDriver.
KEYS = {"Space": " ", "End": "\ue010", "Home": "\ue011", "ArrowLeft": "\ue012",
        "ArrowRight": "\ue014"}  # fmt: skip

CONSOLE = """
    const texts = [];
    for (const message of Services.console.getMessageArray()) {
      if (!(message instanceof Ci.nsIScriptError)) continue;
      const { sourceName, category, errorMessage } = message;
      if (/^(chrome|resource|jar):/.test(sourceName) || category.startsWith("chrome")) continue;
      texts.push(`${errorMessage} (${sourceName})`);
    }
    return texts;
"""


class FirefoxPage:
    """A tab of Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._answers = self._socket.makefile("rb")
        self._count = 0
        self._read()  # it greets
        self.call("WebDriver:NewSession")

    def _read(self) -> Any:
        """A message: the number of its bytes, a colon, and JSON."""
        digits = b""
        while (byte := self._answers.read(1)) != b":":
            assert byte, "the browser has gone"
            digits += byte
        return json.loads(self._answers.read(int(digits)))

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of a command of the protocol."""
        self._count += 1
        message = json.dumps([0, self._count, method, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, number, error, result = self._read()
        assert number == self._count and not error, error
        return result

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()

    def load(self, address: str) -> None:
        """Load a page with its frames and scripts."""
        self._in_browser("Services.console.reset()")
        self.call("WebDriver:Navigate", url=address)

    def evaluate(self, script: str) -> Any:
        """What JavaScript comes to."""
        waiting = f"(async () => ({script}))().then(arguments[0])"
        return self.call("WebDriver:ExecuteAsyncScript", script=waiting, args=[])["value"]

    @property
    def messages(self) -> list[str]:
        """The errors and warnings of the console since the last page was loaded."""
        return self._in_browser(CONSOLE)  # type: ignore[no-any-return]

    def _in_browser(self, script: str) -> Any:
        """What a script of the browser itself returns."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]
        finally:
            self.call("Marionette:SetContext", value="content")

    def press(self, code: str) -> None:
        """Press a key of `KEYS` and release it."""
        strokes = [{"type": type, "value": KEYS[code]} for type in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self.call("WebDriver:PerformActions", actions=[keyboard])

    def resize(self, width: int, height: int) -> None:
        """Set the size of the window, its frame included."""
        self.call("WebDriver:SetWindowRect", width=width, height=height)

    def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode(self.call("WebDriver:TakeScreenshot", full=False)["value"])


@contextmanager
def firefox() -> Iterator[FirefoxPage]:
    """A Firefox with a profile of its own; it ends with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        settings = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in SETTINGS.items()]
        Path(profile, "user.js").write_text("\n".join(settings))
        running = subprocess.Popen(
            [FIREFOX, *FLAGS, "--profile", profile],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            tab = FirefoxPage(_port(Path(profile, "MarionetteActivePort"), running))
            yield tab
            tab.close()
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def _port(file: Path, running: subprocess.Popen[bytes]) -> int:
    """The port that it listens on, which it writes into a file."""
    for _ in range(1200):
        if file.exists() and (text := file.read_text()):
            return int(text)
        assert running.poll() is None, "the browser has gone"
        time.sleep(0.05)
    raise AssertionError("the browser does not start")
