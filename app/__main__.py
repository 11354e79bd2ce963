"""`pinganbao`, also `python -m app`: the commands put together, and one way to end badly."""

from __future__ import annotations

import sys

import typer
from sqlalchemy.exc import OperationalError

from app.cli import calendar, campaign, demo, doctor, export, jobs, platform, privacy, reach, regions, roster, serve
from app.settings import BadSettings
from bots.registry import ConversationClash
from models.vault import SealBroken
from schedules.registry import JobClash


def make_cli() -> typer.Typer:
    """The whole command line."""
    cli = typer.Typer(
        name="pinganbao",
        help="平安报：教育局每日健康上报与零报告的微信公众号后端。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    cli.command()(serve.migrate)
    cli.command()(serve.serve)
    cli.command()(demo.demo)
    cli.command()(serve.timetable)
    cli.command()(serve.deliver)
    cli.command()(platform.sandbox)
    cli.command()(export.export)
    cli.command()(reach.reach)
    cli.command()(doctor.doctor)
    cli.command()(privacy.forget)
    cli.command()(privacy.purge)
    cli.add_typer(campaign.app, name="campaign")
    cli.add_typer(jobs.app, name="jobs")
    cli.add_typer(platform.menu, name="menu")
    cli.add_typer(roster.app, name="roster")
    cli.add_typer(calendar.app, name="calendar")
    cli.add_typer(calendar.mode_app, name="mode")
    cli.add_typer(regions.app, name="regions")
    return cli


def main() -> None:
    """Run a command; bad settings, a bad district file or a broken database end in one line, exit 1."""
    try:
        make_cli()()
    except (BadSettings, ConversationClash, JobClash) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except SealBroken:
        print(
            "数据库里的加密内容打不开：SECRET_KEY 与当初的不一致。更换密钥时，请把旧密钥写进 SECRET_KEY_PREVIOUS。",
            file=sys.stderr,
        )
        sys.exit(1)
    except OperationalError as error:
        print(
            f"数据库用不了：{type(error.orig).__name__}。请检查 DATABASE_URL，并运行 pinganbao doctor。",
            file=sys.stderr,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
