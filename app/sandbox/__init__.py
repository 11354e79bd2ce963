"""A stand-in for the WeChat platform: the account's server side, its users' phones, and a clock that can be moved.

It speaks to the back end only over HTTP, as the platform does: it pushes messages to the callback URL and answers calls
of `/cgi-bin/…`. It imports nothing of the back end; its own codec is a second opinion on ours.

Alone, as a process (`pinganbao sandbox --port 8001`):

    run(SandboxSettings(app_id=…, app_secret=…, token=…, aes_key=…, account_id="gh_…",
                        callback_url="http://127.0.0.1:8000/wechat"), "127.0.0.1", 8001)
    # back end: WECHAT_API_URL=http://127.0.0.1:8001

Mounted in another application (the demo):

    sandbox = create_sandbox(settings, SandboxClock())
    product.mount("/sandbox", sandbox)      # API: /sandbox/platform/cgi-bin/…, control: /sandbox/control/…
    # on shutdown: await sandbox.state.world.close()

In a test, driven from outside (control.py is the reference of the control API):

    client = httpx.Client(base_url="http://127.0.0.1:8001/control")
    mother = client.post("/users", json={"name": "妈妈", "follow": True}).json()["openid"]
    answer = client.post(f"/users/{mother}/text", json={"content": "36.5"}).json()
    answer["outcome"], answer["reply"]["text"]                       # "reply", "…"
    client.post("/clock", json={"to": "next 07:30"})
    client.get(f"/users/{mother}/chat", params={"after": 3}).json()["messages"]
    client.get("/refused").json()["entries"]                         # what WeChat said no to, and why

Not played, since nothing here needs it yet: tags and conditional menus, OAuth and JS-SDK, drafts and publishing, mass
sends waiting for an administrator, the older one-time subscriptions. What no stand-in can vouch for is said on the page.

Each module is one thing: `settings` (every number of the platform, with its source), `clock`, `crypto`, `envelope`
(XML), `account`, `people`, `windows`, `push`, `spoil` and `faults` (faults on purpose), `tokens`, `quota`,
`templates`, `subscriptions`, `media`, `qr`, `menu`, `mass`, `calls` and `custom` (the calls), `api` (their gate),
`deeds` (what users do), `control` with `levers` and `asked` (the control API), `morning` (the other users), `pages`
(the phones), `feed` (live events and the wire log), `world` (all of it together), `server`.
"""

from app.sandbox.platform.clock import ClockMovesForward, SandboxClock
from app.sandbox.platform.settings import SandboxSettings
from app.sandbox.server import create_sandbox, run

__all__ = ["ClockMovesForward", "SandboxClock", "SandboxSettings", "create_sandbox", "run"]
