"""The account's server configuration as it is now; a developer may change it while the stand-in runs."""

from __future__ import annotations

from app.sandbox.platform.crypto import Sealer
from app.sandbox.platform.settings import AccountKind, Mode, SandboxSettings


class Account:
    """Callback address, signature token, mode and keys. Keys replaced earlier still open replies for a while."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.app_id = settings.app_id
        self.account_id = settings.account_id
        self.kind: AccountKind = settings.kind
        self.verified = settings.verified
        self.callback_url = settings.callback_url
        self.token = settings.token
        self.mode: Mode = settings.mode
        self._sealers = [Sealer(settings.aes_key, settings.app_id)] if settings.aes_key else []

    @property
    def sealer(self) -> Sealer:
        """What pushes are encrypted with."""
        return self._sealers[0]

    @property
    def sealers(self) -> list[Sealer]:
        """The current key first, then earlier ones."""
        return list(self._sealers)

    def change(
        self,
        *,
        callback_url: str | None = None,
        token: str | None = None,
        mode: Mode | None = None,
        aes_key: str | None = None,
        kind: AccountKind | None = None,
    ) -> None:
        """Change what is given. Raises ValueError for a key of a wrong shape or a mode that lacks one."""
        if aes_key is not None:
            if len(aes_key) != 43 or not aes_key.isalnum():
                raise ValueError("aes_key must be 43 letters and digits")
            self._sealers.insert(0, Sealer(aes_key, self.app_id))
        if mode is not None:
            if mode not in ("plain", "compat", "safe"):
                raise ValueError("mode must be plain, compat or safe")
            if mode != "plain" and not self._sealers:
                raise ValueError(f"mode {mode} needs an aes_key")
            self.mode = mode
        self.callback_url = self.callback_url if callback_url is None else callback_url
        self.token = self.token if token is None else token
        self.kind = self.kind if kind is None else kind
