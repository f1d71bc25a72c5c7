"""A headless Chromium, spoken to over a pipe in its DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.needs import CHROMIUM

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --window-size=400,700 --remote-debugging-pipe"
)


KEYS = {"Space": (" ", 32), "End": ("End", 35), "Home": ("Home", 36),
        "ArrowLeft": ("ArrowLeft", 37), "ArrowRight": ("ArrowRight", 39),
        "ArrowUp": ("ArrowUp", 38), "ArrowDown": ("ArrowDown", 40), "KeyZ": ("z", 90),
        "Tab": ("Tab", 9), "Enter": ("Enter", 13)}  # fmt: skip
"""The code of each key that tests press, with its value and its number."""


class Page:
    """A tab. Its animations run in real time: the virtual time of the flags stops them.

    Attributes:
        messages: what the console has shown since the last page was opened, that of its frames and
            refusals of a policy included.
        frames: the sessions of those frames of the page that have a process of their own, as frames
            in a sandbox have.
    """

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read, self._count, self._rest = write, read, 0, b""
        self._session = ""
        self.messages, self.frames = list[str](), list[str]()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._watch(self._session)

    def _watch(self, session: str) -> None:
        """Listen to the console of a page or a frame, and to frames that it opens."""
        for domain in ("Page", "Runtime", "Log"):
            self._send(f"{domain}.enable", {}, session)
        attach = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
        self._send("Target.setAutoAttach", attach, session)

    def _send(self, method: str, parameters: dict[str, Any], session: str) -> int:
        """Call a method of the protocol; the number of the answer to come."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        return self._count

    def call(self, method: str, *, frame: str = "", **parameters: Any) -> dict[str, Any]:
        """The result of a method of the protocol, in the page or in a frame of `frames`."""
        number = self._send(method, parameters, frame or self._session)
        while True:
            answer = self._answer()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]  # type: ignore[no-any-return]
            match answer.get("method"), answer.get("params"):
                case "Runtime.consoleAPICalled", {"args": args}:
                    self.messages.append(" ".join(str(arg.get("value")) for arg in args))
                case "Runtime.exceptionThrown", {"exceptionDetails": details}:
                    thrown = details.get("exception", {}).get("description", "")
                    self.messages.append(f"{details['text']} {thrown}")
                case "Log.entryAdded", {"entry": entry}:
                    self.messages.append(entry["text"])
                case "Target.attachedToTarget", {"sessionId": session, "targetInfo": target} if (
                    target["type"] == "iframe"
                ):
                    self.frames.append(session)
                    self._watch(session)
                case "Target.detachedFromTarget", {"sessionId": session} if session in self.frames:
                    self.frames.remove(session)

    def _answer(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._read], [], [], 60)[0], "the browser does not answer"
            more = os.read(self._read, 65536)
            assert more, "the browser has gone"
            self._rest += more
        whole, _, self._rest = self._rest.partition(b"\0")
        return json.loads(whole)  # type: ignore[no-any-return]

    def load(self, address: str, **media: str) -> None:
        """Load a page for a reader of such tastes, with its frames and scripts."""
        self._navigate(address, media)
        done = f"location.href === {json.dumps(address)} && document.readyState === 'complete'"
        for _ in range(2000):
            if self.evaluate(done):
                return
            time.sleep(0.01)
        raise AssertionError("the page does not load")

    def _navigate(self, address: str, media: dict[str, str]) -> None:
        features = [{"name": name.replace("_", "-"), "value": v} for name, v in media.items()]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.messages.clear()
        self.call("Page.navigate", url=address)

    def open(self, address: str, **media: str) -> Any:
        """Load a page for a reader of such tastes; what its promise `window.ready` comes to."""
        self._navigate(address, media)
        # A page before its time has no such promise, and is asked again.
        for _ in range(200):
            said = self.evaluate(
                f"location.href === {json.dumps(address)} && window.ready"
                " || new Promise(done => setTimeout(done, 50, null))"
            )
            if said is not None:
                return said
        raise AssertionError("the page does not load")

    def evaluate(self, script: str, frame: str = "") -> Any:
        """What JavaScript comes to, in the page or in a frame of `frames`."""
        said = self.call(
            "Runtime.evaluate", frame=frame, expression=script, awaitPromise=True,
            returnByValue=True,
        )  # fmt: skip
        return said["result"].get("value")

    def press(self, code: str, *modifiers: str) -> None:
        """Press a key of `KEYS` and release it, while modifiers (Control, Shift) are held."""
        value, number = KEYS[code]
        held = sum({"Control": 2, "Shift": 8}[name] for name in modifiers)
        key = {"key": value, "code": code, "windowsVirtualKeyCode": number, "modifiers": held}
        text = {"text": value} if len(value) == 1 and not held else {}
        text |= {"text": "\r"} if code == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def point(self, action: str, x: float, y: float) -> None:
        """Let the mouse be `Pressed`, `Moved` with its button held, or `Released` at a place."""
        self.call(
            "Input.dispatchMouseEvent", type=f"mouse{action}", x=x, y=y, button="left",
            buttons=int(action != "Released"), clickCount=1,
        )  # fmt: skip

    def until(self, condition: str) -> Any:
        """What a condition in JavaScript comes to as soon as it holds."""
        for _ in range(1000):
            if said := self.evaluate(condition):
                return said
            time.sleep(0.01)
        raise AssertionError(f"never true: {condition}")

    def resize(self, width: int, height: int, density: float = 1) -> None:
        """Set the size of the window in CSS pixels, and the pixels of the screen in each."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=density, mobile=False,
        )  # fmt: skip

    def picture(self) -> bytes:
        """A PNG of what is seen."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


@contextmanager
def browser() -> Iterator[Page]:
    """A browser with a profile of its own; it ends with the block."""
    (to_read, write), (read, to_write) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # It listens on descriptor 3 and speaks on 4.
        command = f'exec "$0" {FLAGS} --user-data-dir="$1" 3<&{to_read} 4>&{to_write}'
        running = subprocess.Popen(
            ["bash", "-c", command, CHROMIUM, profile],
            pass_fds=(to_read, to_write), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        try:
            page = Page(write, read)
            yield page
            page._session = ""
            page.call("Browser.close")
            running.wait(20)
        finally:
            running.kill()
            running.wait()
            os.close(write)
            os.close(read)
