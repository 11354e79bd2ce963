"""What the platform does for each call of the back end, once the gate (api.py) has let it through.

Every function takes the world and a `Call` and returns the members of the answer (`errcode` 0 is added where the real
call carries it) or a finished response for what is not JSON. Refusals are raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.media import Medium
from app.sandbox.platform.people import Person
from app.sandbox.platform.world import World

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: query, JSON body (empty for GET and uploads), parts by name (file name, bytes), the caller's IP."""

    query: Mapping[str, str]
    body: dict[str, Any]
    parts: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    client_ip: str = ""
    faults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


async def token(world: World, call: Call) -> Answer:
    """`GET /cgi-bin/token`."""
    given = call.query
    world.tokens.authorise(given.get("appid"), given.get("secret"), given.get("grant_type"), call.client_ip)
    return world.tokens.classic(world.now)


async def stable_token(world: World, call: Call) -> Answer:
    """`POST /cgi-bin/stable_token`."""
    given = call.body
    world.tokens.authorise(given.get("appid"), given.get("secret"), given.get("grant_type"), call.client_ip)
    return world.tokens.stable(world.now, force=given.get("force_refresh") is True)


async def typing(world: World, call: Call) -> Answer:
    """`custom/typing`."""
    person = world.people.known_to_account(call.body.get("touser"))
    command = call.body.get("command")
    if command not in ("Typing", "CancelTyping"):
        raise Refused(45072)
    rules = world.settings.custom
    if not person.following or world.now - person.last_deed > rules.typing_interaction_seconds:
        raise Refused(45080)
    if command == "CancelTyping":
        person.typing_until = 0.0
        return {}
    if person.typing_until > world.now:
        raise Refused(45081)
    person.typing_until = world.now + rules.typing_seconds
    world.feed.tell("typing", openid=person.openid, seconds=rules.typing_seconds)
    return {}


async def send_template(world: World, call: Call) -> Answer:
    """`template/send`: accepted now, delivered and reported by an event later."""
    world.require("service", "test")
    person = world.people.known_to_account(call.body.get("touser"))
    accepted = world.templates.accept(person, call.body, world.now)
    if not accepted.repeated:
        status = str(call.faults.get("template_status", {}).get("status", ""))
        world.spawn(_deliver_template(world, person, accepted.msg_id, status, accepted))
    return {"msgid": accepted.msg_id}


async def _deliver_template(world: World, person: Person, msg_id: int, status: str, accepted: Any) -> None:
    if delay := world.settings.push.job_finish_delay_seconds:
        await world.outside.pause(delay)
    if not status:
        status = "success" if person.following and person.receives else "failed:user block"
    if status == "success":
        world.people.show(
            person,
            world.clock.now(),
            side="account",
            kind="template",
            via="template",
            text=accepted.title,
            data={"lines": [list(line) for line in accepted.lines], "url": accepted.url, "cut": list(accepted.cut)},
        )
    if accepted.cut:
        world.wire.note(summary="template", reason=f"cut without an error: {', '.join(accepted.cut)}")
    await push_event(world, person, "TEMPLATESENDJOBFINISH", {"MsgID": msg_id, "Status": status})


async def push_event(world: World, person: Person, event: str, members: dict[str, Any]) -> None:
    """An event the platform itself causes."""
    head = {
        "ToUserName": world.account.account_id,
        "FromUserName": person.openid,
        "CreateTime": int(world.now),
        "MsgType": "event",
        "Event": event,
    }
    await world.pusher.push(person, {**head, **members})


async def list_templates(world: World, call: Call) -> Answer:
    """`template/get_all_private_template`; no errcode on success."""
    world.require("service", "test")
    return {"template_list": world.templates.all()}


async def send_subscription(world: World, call: Call) -> Answer:
    """`subscribe/bizsend`."""
    world.require("service")
    person = world.people.known_to_account(call.body.get("touser"))
    msg_id, title, lines = world.subscriptions.accept(person, call.body)
    world.people.show(
        person,
        world.clock.now(),
        side="account",
        kind="subscribe",
        via="subscribe",
        text=title,
        data={
            "lines": [list(line) for line in lines],
            "url": str(call.body.get("page") or ""),
            "service": not person.following,
        },
    )
    entry = {"TemplateId": call.body["template_id"], "MsgID": msg_id, "ErrorCode": 0, "ErrorStatus": "success"}
    world.spawn(push_event(world, person, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": entry}}))
    return {}


async def list_subscriptions(world: World, call: Call) -> Answer:
    """`newtmpl/gettemplate`."""
    return {"data": world.subscriptions.all()}


async def mass_to_all(world: World, call: Call) -> Answer:
    """`mass/sendall`; tags are not kept here, so a filter by tag reaches nobody."""
    chosen = call.body.get("filter")
    to_all = isinstance(chosen, dict) and chosen.get("is_to_all") is True
    return _mass(world, call, world.people.all() if to_all else [])


async def mass_to_list(world: World, call: Call) -> Answer:
    """`mass/send`."""
    given = call.body.get("touser")
    if not isinstance(given, list) or not 2 <= len(given) <= 10_000:
        raise Refused(40130)
    return _mass(world, call, [world.people.known_to_account(openid) for openid in given])


def _mass(world: World, call: Call, audience: list[Person]) -> Answer:
    sent = world.mass.accept(call.body, audience, world.clock.now())
    for person in sent.recipients:
        world.people.show(
            person,
            world.clock.now(),
            side="account",
            kind=sent.kind,
            via="mass",
            text=str(sent.content.get("content", "")),
            data=sent.content,
        )
    if audience:
        world.spawn(push_event(world, audience[0], "MASSSENDJOBFINISH", sent.event()))
    return {"msg_id": sent.msg_id, "msg_data_id": sent.msg_id + 1}


async def upload_temporary(world: World, call: Call) -> Answer:
    """`media/upload`."""
    medium = _upload(world, call, permanent=False)
    name = "thumb_media_id" if medium.kind == "thumb" else "media_id"
    return {"type": medium.kind, name: medium.media_id, "created_at": int(world.now)}


async def upload_permanent(world: World, call: Call) -> Answer:
    """`material/add_material`."""
    medium = _upload(world, call, permanent=True)
    if medium.kind != "image":
        return {"media_id": medium.media_id}
    return {"media_id": medium.media_id, "url": f"{world.settings.public_url.rstrip('/')}/mmbiz_pic/{medium.media_id}"}


def _upload(world: World, call: Call, *, permanent: bool) -> Medium:
    part = call.parts.get("media")
    if part is None:
        raise Refused(41005)
    name, data = part
    return world.media.upload(call.query.get("type", ""), name, data, world.now, permanent=permanent)


async def get_media(world: World, call: Call) -> Answer | Response:
    """`media/get`: the bytes, or for a video a JSON with its address."""
    medium = world.media.find(call.query.get("media_id"), world.now)
    if medium.kind == "video":
        return {"video_url": f"{world.settings.public_url.rstrip('/')}/mmbiz_pic/{medium.media_id}"}
    disposition = f'attachment; filename="{medium.media_id}.{medium.name.rpartition(".")[2]}"'
    return Response(medium.data, media_type=medium.content_type, headers={"content-disposition": disposition})


async def get_material(world: World, call: Call) -> Answer | Response:
    """`material/get_material`: the bytes of a permanent file, or for a video a JSON with its address."""
    medium = world.media.find(call.body.get("media_id"), world.now)
    if medium.dies is not None:
        raise Refused(40007)
    if medium.kind == "video":
        address = f"{world.settings.public_url.rstrip('/')}/mmbiz_pic/{medium.media_id}"
        return {"title": medium.name, "description": "", "down_url": address}
    return Response(medium.data, media_type=medium.content_type)


async def create_qr(world: World, call: Call) -> Answer:
    """`qrcode/create`; no errcode on success."""
    world.require("service", "test")
    answer = world.qr.create(call.body, world.now)
    world.feed.tell("scene", ticket=answer["ticket"])
    return answer


async def show_qr(world: World, call: Call) -> Answer | Response:
    """`showqrcode?ticket=`: a picture, no token needed."""
    try:
        return Response(world.qr.picture(call.query.get("ticket", ""), world.now), media_type="image/png")
    except LookupError:
        return Response("", status_code=404)


async def create_menu(world: World, call: Call) -> Answer:
    """`menu/create`."""
    world.menu.create(call.body)
    world.feed.tell("menu", buttons=world.menu.buttons)
    return {}


async def get_menu(world: World, call: Call) -> Answer:
    """`menu/get`; no errcode on success."""
    return world.menu.get()


async def delete_menu(world: World, call: Call) -> Answer:
    """`menu/delete`."""
    world.menu.delete()
    world.feed.tell("menu", buttons=[])
    return {}


async def current_menu(world: World, call: Call) -> Answer:
    """`get_current_selfmenu_info`; no errcode on success."""
    return world.menu.current()


async def user_info(world: World, call: Call) -> Answer:
    """`user/info`: nickname and avatar have been blank since 2021-12-27."""
    person = world.people.known_to_account(call.query.get("openid"))
    if not person.following:
        return {"subscribe": 0, "openid": person.openid}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "sex": 0,
        "language": "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": person.subscribed_at,
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": person.subscribe_scene,
        "qr_scene": int(person.qr_scene) if person.qr_scene.isdigit() else 0,
        "qr_scene_str": "" if person.qr_scene.isdigit() else person.qr_scene,
    }


async def list_users(world: World, call: Call) -> Answer:
    """`user/get`: 10,000 a page; no errcode on success."""
    openids = [person.openid for person in world.people.all() if person.following]
    after = call.query.get("next_openid", "")
    if after:
        if after not in openids:
            raise Refused(40003)
        rest = openids[openids.index(after) + 1 :]
    else:
        rest = openids
    page = rest[:10_000]
    answer: Answer = {"total": len(openids), "count": len(page), "next_openid": page[-1] if page else ""}
    if page:
        answer["data"] = {"openid": page}
    return answer


async def clear_quota(world: World, call: Call) -> Answer:
    """`clear_quota`."""
    if call.body.get("appid") != world.settings.app_id:
        raise Refused(40013)
    world.quota.clear(world.clock.now())
    return {}


async def clear_quota_by_secret(world: World, call: Call) -> Answer:
    """`clear_quota/v2`: works when the token quota itself is gone."""
    given = {**call.query, **call.body}
    if given.get("appid") != world.settings.app_id:
        raise Refused(40013)
    if given.get("appsecret") != world.settings.app_secret:
        raise Refused(40125)
    world.quota.clear(world.clock.now())
    return {}


async def get_quota(world: World, call: Call) -> Answer:
    """`openapi/quota/get`."""
    return world.quota.look(str(call.body.get("cgi_path", "")), world.clock.now())


async def server_addresses(world: World, call: Call) -> Answer:
    """`getcallbackip`, `get_api_domain_ip`."""
    return {"ip_list": ["127.0.0.1"]}
