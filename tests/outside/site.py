"""A site as an operator sets it up: an empty folder, `.env`, commands and processes, reached only from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
TOKEN, APP_ID, ACCOUNT = "siteToken", "wx-site", "gh_site"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#: A process imports for three seconds, and many times that on a machine that has other things to do.
PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One folder with its settings; `run` a command to its end, `start` one that stays."""

    def __init__(self, folder: Path, database_url: str = "sqlite:///var/pinganbao.db", **settings: str) -> None:
        self.folder = folder
        self.port, self.platform_port = free_port(), free_port()
        self.control: httpx.Client | None = None
        self.processes: list[subprocess.Popen[bytes]] = []
        values = {
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a-secret-of-the-site-for-tests-only",
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": "site-app-secret",
            "WECHAT_ACCOUNT_ID": ACCOUNT,
            "WECHAT_TOKEN": TOKEN,
            "WECHAT_AES_KEY": AES_KEY,
            "WECHAT_API_URL": f"http://127.0.0.1:{self.platform_port}",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "LOG_FORMAT": "json",
        } | settings
        (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}

    def run(self, *command: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """`pinganbao COMMAND` in the folder, to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *command],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """`pinganbao COMMAND`, staying."""
        with (self.folder / f"{command[0]}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", *command],
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def serve(self, *options: str) -> subprocess.Popen[bytes]:
        process = self.start("serve", "--port", str(self.port), *options)
        self.wait_for(f"http://127.0.0.1:{self.port}/readyz", process)
        return process

    def platform(self) -> httpx.Client:
        """The sandbox as a process, and its control API."""
        process = self.start("sandbox", "--port", str(self.platform_port))
        self.wait_for(f"http://127.0.0.1:{self.platform_port}/control/clock", process)
        self.control = httpx.Client(base_url=f"http://127.0.0.1:{self.platform_port}/control", timeout=30)
        return self.control

    def wait_for(self, url: str, process: subprocess.Popen[bytes], patience: float = PATIENCE) -> None:
        until = time.monotonic() + patience
        with httpx.Client(timeout=2, verify=False, trust_env=False) as client:  # noqa: S501 - plain HTTP, on this machine
            while time.monotonic() < until:
                if process.poll() is not None:
                    raise AssertionError(f"ended with {process.returncode}: {self.logs()}")
                try:
                    if client.get(url).status_code == httpx.codes.OK:
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.1)
        process.kill()
        process.wait()
        raise AssertionError(f"{url} does not answer: {self.logs()}")

    def logs(self) -> str:
        return "\n".join(path.read_text()[-1500:] for path in sorted(self.folder.glob("*.log")))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill −9."""
        process.kill()
        process.wait(10)

    def stop(self, process: subprocess.Popen[bytes]) -> int:
        """Ask it to end; gives its exit status."""
        process.send_signal(signal.SIGTERM)
        return process.wait(15)

    def close(self) -> None:
        if self.control is not None:
            self.control.close()
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait(10)


class Phone:
    """One user of the sandbox."""

    def __init__(self, control: httpx.Client, name: str) -> None:
        self._control = control
        made = control.post("/users", json={"name": name, "follow": True}).json()
        self.openid: str = made["openid"]

    def say(self, text: str) -> str:
        done = self._control.post(f"/users/{self.openid}/text", json={"content": text})
        done.raise_for_status()
        reply: dict[str, Any] | None = done.json().get("reply")
        return str(reply["text"]) if reply else ""

    def pushed(self) -> list[str]:
        """What came unasked."""
        messages = self._control.get(f"/users/{self.openid}/chat").json()["messages"]
        return [one["text"] for one in messages if one["side"] == "account" and one["via"] in {"custom", "template"}]
