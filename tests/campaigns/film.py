"""A small real video, made on the spot: by ffmpeg where there is one, else recorded by the browser itself."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: A phone with a narrow screen.
PHONE = {"width": 375, "height": 667}
_RECORD = """async seconds => {
  const canvas = document.createElement("canvas"); canvas.width = 320; canvas.height = 180;
  const pen = canvas.getContext("2d"); let n = 0;
  const timer = setInterval(() => { pen.fillStyle = `hsl(${n++ % 360},60%,50%)`; pen.fillRect(0, 0, 320, 180); }, 40);
  const kind = "video/mp4;codecs=avc1.42E01E";
  if (!MediaRecorder.isTypeSupported(kind)) return "";
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: kind}), parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  const ended = new Promise(done => recorder.onstop = done);
  recorder.start(); await new Promise(done => setTimeout(done, seconds * 1000)); recorder.stop(); await ended;
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer()); let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}"""


@contextmanager
def browser(profile: Path, width: int = PHONE["width"], height: int = PHONE["height"]) -> Iterator[BrowserContext]:
    """Chromium at phone width, quiet: it asks nobody outside."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    quiet += [
        "--disable-background-networking",
        "--disable-component-update",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=quiet,
            viewport={"width": width, "height": height},
            device_scale_factor=2 if width < 600 else 1,
            has_touch=width < 600,
            is_mobile=width < 600,
        )
        yield context
        context.close()


def make_film(context: BrowserContext, path: Path, seconds: int) -> bool:
    """Write an MP4 of about so many seconds; False where nothing here can make one."""
    if shutil.which("ffmpeg"):
        made = ["-f", "lavfi", "-i", f"testsrc=size=320x180:rate=25:duration={seconds}", "-pix_fmt", "yuv420p"]
        subprocess.run(
            ["ffmpeg", "-y", "-loglevel", "error", *made, "-c:v", "libx264", "-movflags", "+faststart", str(path)],
            check=True,
        )
        return True
    page = context.new_page()
    page.goto("about:blank")
    recorded = base64.b64decode(page.evaluate(_RECORD, seconds))
    page.close()
    path.write_bytes(recorded)
    return bool(recorded)
