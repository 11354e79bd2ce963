"""Pages inside WeChat: a publication with its player or sign pad, the privacy notice, hosted files.

A link belongs to one account and is signed. Inside WeChat the platform says who holds the phone (h5_sign_in.py); where
it cannot be asked, whoever opens a link first on a browser nobody knows makes that browser the account's. On any other
browser the page shows the publication, credits nothing and says nothing about anybody.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Form, Request
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from app.h5.figures import figures
from app.h5.sign_in import BACK, SignIn
from app.h5.text import html
from app.media import videos as media
from app.media.pictures import bars
from app.process.runtime import Runtime
from bots.binding.words import privacy
from bots.campaigns import words
from bots.engine.links import Opened, campaign_link, open_figures, open_link, open_session, open_state, session_token
from bots.engine.sender import Malformed, SendError
from models.actions import devices as phones
from models.actions import receipts as taken
from models.queries import campaigns as queries
from models.queries import devices as browsers
from models.queries import receipts as standing
from models.queries.campaigns import CampaignInfo
from models.queries.receipts import Mine
from models.rules.campaign import KINDS, is_own_device, takes_receipts
from models.work import Work

HERE = Path(__file__).resolve().parents[1]
COOKIE = "pinganbao_device"
#: The longest life browsers give a cookie.
COOKIE_DAYS = 400
CODE_HOLDS = timedelta(minutes=30)
#: A drawn signature as it is sent; a phone's pad makes 5 to 20 KB.
LARGEST_DRAWING = 80_000
REPORT_LIMIT = 200
_PNG = b"\x89PNG\r\n\x1a\n"
#: Fetchers that open links without anybody looking.
_MACHINES = ("bot", "spider", "crawl", "preview", "curl/")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One link opened. is_own: by the browser of the account it belongs to."""

    campaign: CampaignInfo
    account_id: int
    is_own: bool
    mine: Mine | None
    takes: bool


def make_router(runtime: Runtime, sign_in: SignIn) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    pages = _Pages(runtime, sign_in)

    @router.get("/h5/privacy")
    def privacy_notice() -> Response:
        sections = privacy.sections(runtime.district)
        return pages.page("privacy.html", title=privacy.TITLE, sections=sections)

    @router.api_route("/h5/c/{token}", methods=["GET", "HEAD"])
    def campaign(request: Request, token: str) -> Response:
        return pages.campaign(request, token)

    @router.get(BACK)
    async def signed_in(request: Request, code: str = "", state: str = "") -> Response:
        return await pages.signed_in(request, code, state)

    @router.post("/h5/c/{token}/done")
    def done(
        request: Request,
        token: str,
        action: str = Form(max_length=8),
        choice: str = Form("", max_length=40),
        typed: str = Form("", max_length=40),
        drawn: str = Form("", max_length=LARGEST_DRAWING),
    ) -> Response:
        return pages.done(request, token, {"action": action, "choice": choice, "typed": typed, "drawn": drawn})

    @router.post("/h5/w/{token}")
    async def played(request: Request, token: str) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > REPORT_LIMIT:
                return Response(status_code=413)
        return await run_in_threadpool(pages.played, token, body)

    @router.api_route("/h5/media/{name}", methods=["GET", "HEAD"])
    def hosted(name: str) -> Response:
        path = media.find(runtime, name)
        if path is None:
            return Response(status_code=404)
        # Named by content: it never changes. Ranges are answered by FileResponse.
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return FileResponse(path, media_type=media.TYPES[path.suffix.removeprefix(".")], headers=headers)

    @router.get("/h5/f/{token}")
    def figures_page(token: str) -> Response:
        return pages.figures(token, picture=False)

    @router.get("/h5/f/{token}/chart.png")
    def figures_picture(token: str) -> Response:
        return pages.figures(token, picture=True)

    router.mount("/h5/static", StaticFiles(directory=HERE / "static" / "h5"), name="h5-static")
    return router


class _Pages:
    def __init__(self, runtime: Runtime, sign_in: SignIn) -> None:
        self._runtime, self._sign_in = runtime, sign_in
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(("html",)), trim_blocks=True
        )

    def page(self, name: str, status: int = 200, **given: Any) -> HTMLResponse:
        district = self._runtime.district
        made = self._templates.get_template(f"h5/{name}").render(bureau=district.bureau or district.name, **given)
        return HTMLResponse(made, status, _HEADERS)

    def _said(self, status: int, title: str, *lines: str) -> HTMLResponse:
        return self.page("said.html", status, title=title, lines=lines)

    def _gone(self) -> HTMLResponse:
        return self._said(403, "链接打不开了", "链接已过期或不完整。请回到公众号，回复“通知”重新打开。")

    # --- a publication --------------------------------------------------------------------------------------------
    def campaign(self, request: Request, token: str, problem: str = "") -> Response:
        runtime, now = self._runtime, self._runtime.clock()
        opened = open_link(runtime.vault, token, now)
        if opened is None:
            return self._gone()
        device = request.cookies.get(COOKIE, "")
        is_new = not _is_device(device)
        device = secrets.token_hex(16) if is_new else device
        counts = request.method == "GET" and not _is_machine(request)
        may_pair = counts and not self._sign_in.is_on
        report, code = "", ""
        with runtime.database.write() as connection:
            work = runtime.work(connection, now)
            visit = self._visit(work, opened.campaign_id, opened.account_id, device, may_pair=may_pair)
            if visit is None:
                return self._gone()
            if not visit.is_own and counts and self._sign_in.applies(request):
                response: Response = RedirectResponse(self._sign_in.address(opened, device), 303, _HEADERS)
                return self._with_device(response, device)
            if visit.is_own and counts:
                if visit.mine is not None and not visit.mine.opened:
                    taken.open_page(work, visit.campaign.id, visit.account_id, now)
                if visit.campaign.video and visit.takes:
                    number, _ = taken.begin_watching(work, visit.campaign.id, visit.account_id, now)
                    report = f"/h5/w/{session_token(runtime.vault, number)}"
            elif counts and browsers.is_account(work.flush(), visit.account_id):
                code = f"{secrets.randbelow(900_000) + 100_000}"
                digest = runtime.vault.index("account_devices.device", device)
                phones.offer_code(work, digest, visit.account_id, code, now + CODE_HOLDS)
            instead = self._instead(work, visit.campaign)
            work.flush()
            response = self._shown(work, visit, token, report, code, instead, problem)
        return self._with_device(response, device) if is_new and counts else response

    def _with_device(self, response: Response, device: str) -> Response:
        secure = self._runtime.settings.public_url.startswith("https")
        response.set_cookie(
            COOKIE, device, max_age=COOKIE_DAYS * 86400, path="/h5", httponly=True, samesite="lax", secure=secure
        )
        return response

    # --- who holds the phone --------------------------------------------------------------------------------------
    async def signed_in(self, request: Request, code: str, state: str) -> Response:
        """Back from the platform's authorize page: the browser is whose the platform says; then on to the page."""
        runtime, now = self._runtime, self._runtime.clock()
        device = request.cookies.get(COOKIE, "")
        opened = open_state(runtime.vault, state, device, now) if _is_device(device) else None
        if opened is None or not self._sign_in.is_on:
            return self._gone()
        # `w`: asked already; a code that is spent, or nobody's, leaves the visitor a stranger.
        stranger = campaign_link(runtime.vault, "", opened.campaign_id, opened.account_id, opened.until) + "?w=1"
        try:
            visitor = await self._sign_in.visitor(code) if code else None
        except Malformed:
            visitor = None
        except SendError:
            return self._said(
                503, "微信暂时没有回应", "请稍等一会儿，回到公众号再点一次链接。也可以在公众号回复“通知”。"
            )
        if visitor is not None and visitor.is_snapshot:
            return self._said(200, "现在是预览", "请点右下角的“使用完整服务”，打开后再看，才能登记是您本人。")
        if visitor is None:
            return RedirectResponse(stranger, 303, _HEADERS)
        onward = await run_in_threadpool(self._pair, visitor.openid, device, opened)
        return RedirectResponse(onward or stranger, 303, _HEADERS)

    def _pair(self, openid: str, device: str, opened: Opened) -> str:
        """Keep whose browser it is; gives this person's own page of the publication, empty where they have none."""
        runtime, now = self._runtime, self._runtime.clock()
        with runtime.database.write() as connection:
            account_id = browsers.account_of(connection, openid)
            if account_id is None:
                return ""
            work = runtime.work(connection, now)
            phones.pair_proven(work, runtime.vault.index("account_devices.device", device), account_id, now)
            if account_id != opened.account_id and not standing.of_account(
                work.flush(), account_id, [opened.campaign_id]
            ):
                return ""
            work.flush()
        return campaign_link(runtime.vault, "", opened.campaign_id, account_id, opened.until)

    def _visit(self, work: Work, campaign_id: int, account_id: int, device: str, *, may_pair: bool) -> Visit | None:
        """Who opened what. An unknown browser becomes the account's where nobody else's is known (`may_pair`)."""
        connection, vault = work.flush(), self._runtime.vault
        campaign = queries.campaign(connection, campaign_id)
        if campaign is None or campaign.state in {"draft", "waiting"}:
            return None
        digests = vault.indexes("account_devices.device", device)
        known = browsers.devices(connection, digests, account_id, self._sign_in.ways)
        own = is_own_device(account_id, known.accounts, known.has_any)
        if own is None and may_pair and browsers.is_account(connection, account_id):
            digest = vault.index("account_devices.device", device)
            phones.pair_first(work, digest, account_id, work.now)
            own = True
        mine = next(iter(standing.of_account(work.flush(), account_id, [campaign_id])), None) if own else None
        takes = mine is not None and takes_receipts(campaign.state, campaign.deadline, work.now)
        return Visit(campaign, account_id, bool(own), mine, takes)

    @staticmethod
    def _instead(work: Work, campaign: CampaignInfo) -> str:
        """The title of what holds in place of a replaced publication."""
        if campaign.state != "replaced":
            return ""
        following = queries.replacements(work.flush()).get(campaign.id)
        found = queries.campaign(work.connection, following) if following else None
        return found.title if found else ""

    def _shown(
        self, work: Work, visit: Visit, token: str, report: str, code: str, instead: str, problem: str
    ) -> HTMLResponse:
        one, district = visit.campaign, self._runtime.district
        if one.state in {"withdrawn", "replaced"}:
            now = f"现在请看《{instead}》。" if instead else ""
            return self._said(200, "这条已经撤回", f"{now}请回到公众号，回复“通知”查看现在有效的。")
        unit = work.units.get(one.unit_id)
        done = visit.mine is not None and visit.mine.confirmed_at is not None
        moment = visit.mine.confirmed_at if visit.mine else None
        reached = standing.furthest(work.connection, one.id, visit.account_id) if report else 0
        return self.page(
            "campaign.html",
            title=one.title,
            one=one,
            kind=KINDS[one.kind],
            sender=unit.name if unit else district.bureau or district.name,
            dated=one.dated.isoformat() if one.dated else "",
            until=words.when(district, one.deadline) if one.deadline else "",
            body=html(one.text),
            here=f"/h5/c/{token}",
            mine=visit.is_own,
            may_answer=visit.takes,
            done=done,
            done_words=words.page_done(one, words.when(district, moment) if moment else ""),
            reached=reached,
            report=report,
            code=code,
            problem=problem,
            # A video that is only to be watched asks for nothing but the watching.
            asks=one.strength != "read" or not (one.video or one.link) or bool(problem),
        )

    def done(self, request: Request, token: str, form: Mapping[str, str]) -> Response:
        """A receipt by the page's own buttons; back to the page, which says so."""
        runtime, now = self._runtime, self._runtime.clock()
        opened = open_link(runtime.vault, token, now)
        if opened is None:
            return self._gone()
        device = request.cookies.get(COOKIE, "")
        with runtime.database.write() as connection:
            work = runtime.work(connection, now)
            visit = self._visit(work, opened.campaign_id, opened.account_id, device, may_pair=False)
            if visit is None or not visit.is_own or not visit.takes or visit.mine is None:
                return self._said(403, "没有登记", "这不是您本人的链接，或已经截止。请从您自己收到的通知打开。")
            problem = self._take(work, visit, visit.mine, form)
            work.flush()
        if problem:
            return self.campaign(request, token, problem)
        return RedirectResponse(f"/h5/c/{token}", 303, _HEADERS)

    def _take(self, work: Work, visit: Visit, mine: Mine, form: Mapping[str, str]) -> str:
        """Keep a receipt; gives what is missing, empty where it is kept."""
        one, account, now = visit.campaign, visit.account_id, work.now
        match form["action"], one.strength:
            case "sign", "sign":
                drawn, typed = _drawing(form["drawn"]), " ".join(form["typed"].split())
                if not drawn and len(typed) < 2:
                    return "请在框里签名，或者写上您的姓名。"
                taken.sign(work, one.id, account, now, drawn=drawn, typed=typed)
            case "answer", "answer" if form["choice"] in one.choices:
                taken.answer(work, one.id, account, mine.people, form["choice"], now)
            case "confirm", "confirm":
                taken.confirm(work, one.id, account, "confirmed", now)
            case "text", "read":
                taken.confirm(work, one.id, account, "text", now)
            case "read", "read" if one.kind != "video":
                taken.confirm(work, one.id, account, "declared", now)
            case _:
                return "这一步没有完成，请再试一次。"
        return ""

    # --- the player -----------------------------------------------------------------------------------------------
    def played(self, token: str, body: bytes) -> Response:
        """A player's report: {"start": seconds, "end": seconds}."""
        runtime, now = self._runtime, self._runtime.clock()
        number = open_session(runtime.vault, token)
        span = _span(body)
        if number is None or span is None:
            return Response(status_code=400 if number else 403)
        with runtime.database.write() as connection:
            page = standing.watching(connection, number)
            campaign = queries.campaign(connection, page.campaign_id) if page else None
            if page is None or campaign is None or not takes_receipts(campaign.state, campaign.deadline, now):
                return Response(status_code=410)
            work = runtime.work(connection, now)
            completes = campaign.kind in {"video", "example"} and campaign.strength == "read"
            found = taken.played(work, page, *span, now, completes=completes)
            work.flush()
        return JSONResponse({"reached": found.reached, "done": found.is_watched}, headers={"Cache-Control": "no-store"})

    # --- how it ended ---------------------------------------------------------------------------------------------
    def figures(self, token: str, *, picture: bool) -> Response:
        """Counts by school or class, as a table or as the card's picture. No names."""
        runtime, now = self._runtime, self._runtime.clock()
        number = open_figures(runtime.vault, token, now)
        if number is None:
            return self._gone()
        with runtime.database.read() as connection:
            campaign = queries.campaign(connection, number)
            if campaign is None:
                return self._gone()
            rows = figures(connection, runtime.units.get(connection), campaign)
        done, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
        foot = f"完成 {done}/{total}"
        if picture:
            return Response(bars(campaign.title, foot, rows[:40]), 200, {"Cache-Control": "max-age=300"}, "image/png")
        return self.page("figures.html", title=campaign.title, foot=foot, rows=rows)


def _is_device(value: str) -> bool:
    return len(value) == 32 and all(sign in "0123456789abcdef" for sign in value)


def _is_machine(request: Request) -> bool:
    """Something that fetches links ahead of anybody: it neither opens nor pairs."""
    agent = request.headers.get("user-agent", "").lower()
    purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    return "prefetch" in purpose or any(word in agent for word in _MACHINES)


def _drawing(value: str) -> str:
    """The PNG of a drawn signature in Base64; empty where it is none."""
    head, _, content = value.partition(",")
    if head != "data:image/png;base64":
        return ""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return content if raw.startswith(_PNG) else ""


def _span(body: bytes) -> tuple[int, int] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    start, end = found.get("start"), found.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < 100_000 or not 0 <= end < 100_000:
        return None
    return start, end
