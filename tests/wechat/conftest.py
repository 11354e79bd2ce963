"""A vault and a stand-in platform for the client's tests."""

from __future__ import annotations

import pytest

from models.vault import Vault
from tests.wechat.standin import Platform


@pytest.fixture
def vault() -> Vault:
    return Vault("the-wire-keeps-this-secret-for-tests")


@pytest.fixture
def platform() -> Platform:
    return Platform()
