"""`pinganbao`, also `python -m app`: the commands put together, and one way to end badly.

Only the module of the command that is run is imported: a command line is started often, and loading everything takes
longer than most of its work.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import typer

#: Command or group → its file in `app/cli/` and its name there, in the order in which help lists them.
COMMANDS: Mapping[str, str] = {
    "migrate": "serve:migrate",
    "serve": "serve:serve",
    "demo": "demo:demo",
    "timetable": "serve:timetable",
    "deliver": "serve:deliver",
    "sandbox": "platform:sandbox",
    "export": "export:export",
    "report": "report:app",
    "record": "record:record",
    "reach": "reach:reach",
    "doctor": "doctor:doctor",
    "forget": "privacy:forget",
    "purge": "privacy:purge",
    "rotate": "rotate:rotate",
    "campaign": "campaign:app",
    "jobs": "jobs:app",
    "menu": "platform:menu",
    "roster": "roster:app",
    "calendar": "calendar:app",
    "mode": "calendar:mode_app",
    "regions": "regions:app",
}


def make_cli(only: str | None = None) -> typer.Typer:
    """The whole command line, or just the part with one command."""
    cli = typer.Typer(
        name="pinganbao",
        help="平安报：教育局每日健康上报与零报告的微信公众号后端。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @cli.callback()
    def _pinganbao() -> None:
        """平安报：教育局每日健康上报与零报告的微信公众号后端。"""

    for name in COMMANDS if only is None else (only,):
        file, _, attribute = COMMANDS[name].partition(":")
        found = getattr(importlib.import_module(f"app.cli.{file}"), attribute)
        if isinstance(found, typer.Typer):
            cli.add_typer(found, name=name)
        else:
            cli.command(name)(found)
    return cli


def main() -> None:
    """Run a command; bad settings, a bad district file or a broken database end in one line, exit 1."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        make_cli(asked if asked in COMMANDS else None)(prog_name="pinganbao")
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(1)


def _sentence(error: Exception) -> str | None:
    """What to tell the operator; None for what should never happen."""
    from sqlalchemy.exc import OperationalError

    from app.process.settings import BadSettings
    from bots.engine.registry import ConversationClash
    from models.vault import SealBroken
    from schedules.registry import JobClash

    match error:
        case BadSettings() | ConversationClash() | JobClash():
            return str(error)
        case SealBroken():
            return (
                "数据库里的加密内容打不开：SECRET_KEY 与当初的不一致。更换密钥时，请把旧密钥写进 SECRET_KEY_PREVIOUS。"
            )
        case OperationalError():
            return f"数据库用不了：{type(error.orig).__name__}。请检查 DATABASE_URL，并运行 pinganbao doctor。"
        case _:
            return None


if __name__ == "__main__":
    main()
