"""Settings → Runtime: the only place that constructs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.files.district import read_district
from app.process.runtime import Clock, Runtime
from app.process.settings import BadSettings, Settings, check_secret, read_settings
from models.database import Database, database_url
from models.schema import ROOT
from models.vault import Vault


def find_district_file(folder: Path, settings: Settings) -> Path:
    """The district file in `folder`, else the shipped one. Raises BadSettings for a named one that is gone."""
    named = folder / settings.district_file
    if named.exists():
        return named
    if settings.district_file != "district.toml":
        raise BadSettings(f"设置 DISTRICT_FILE：找不到文件 {settings.district_file}")
    return ROOT / "district.toml"


def open_runtime(folder: Path | None = None, clock: Clock | None = None, **given: Any) -> Runtime:
    """Everything a process needs, from the settings seen in `folder` (the current one).

    Raises BadSettings, or DistrictFileError (a BadSettings too) with file, line and what is expected.
    """
    folder = folder or Path.cwd()
    settings = read_settings(folder, **given)
    check_secret(settings)
    try:
        url = database_url(settings.database_url, folder)
    except ValueError as error:
        raise BadSettings(str(error)) from None
    district = read_district(find_district_file(folder, settings))
    if not district.bureau:
        district = replace(district, bureau=f"{district.name}教育局")
    previous = [key.get_secret_value() for key in settings.secret_key_previous]
    return Runtime(
        folder=folder,
        settings=settings,
        district=district,
        database=Database(url),
        vault=Vault(settings.secret_key.get_secret_value(), previous),
        clock=clock or Clock(),
    )
