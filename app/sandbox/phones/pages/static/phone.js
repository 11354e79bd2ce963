// One phone: a user's chat with the account, and everything the user can do there.

import { get, post, user } from "./api.js";
import { draw } from "./bubbles.js";
import { when } from "./clock.js";
import { make, toast } from "./dom.js";
import { pick } from "./picker.js";
import { fill } from "./sheet.js";

const GAP = 5 * 60 * 1000;

export class Phone {
  constructor(member, boot, changed) {
    this.member = member;
    this.cast = new Map(boot.cast.map((one) => [one.openid, one]));
    this.account = boot.account;
    this.changed = changed;
    this.person = { openid: member.openid, following: false, receives: true };
    this.unread = 0;
    this.last = 0;
    this.seen = new Set();
    this.busy = 0;
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.element.id = `phone-${member.id ?? member.openid}`;
    this.find = (selector) => this.element.querySelector(selector);
    this.chat = this.find(".chat");
    this.input = this.find(".say input");
    this.dress();
    this.wire();
  }

  dress() {
    const { member } = this;
    const face = this.find(".who .face");
    face.textContent = member.face ?? member.name.slice(0, 1);
    face.style.background = member.colour ?? "#7a8a82";
    this.find(".who strong").textContent = member.name;
    this.find(".who .caption").textContent = member.caption ?? "";
    this.find(".who .role").textContent = member.role ?? "";
    this.find(".title .name").textContent = this.account;
    this.find(".hints").replaceChildren(...(member.hints ?? []).map((hint) => {
      const text = typeof hint === "string" ? hint : hint.say;
      return make("button", { type: "button", title: `发送：${text}`, onclick: () => this.say(text) }, hint.label ?? text);
    }));
    this.find(".hints").hidden = !(member.hints ?? []).length;
  }

  wire() {
    const send = this.find(".send");
    this.input.addEventListener("input", () => { send.disabled = !this.input.value.trim(); });
    this.find(".say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.input.value = "";
      send.disabled = true;
      this.say(text);
    });
    const sheet = this.find(".sheet");
    this.find(".plus").addEventListener("click", () => {
      sheet.hidden = !sheet.hidden;
      this.find(".plus").setAttribute("aria-expanded", String(!sheet.hidden));
      if (!sheet.hidden) {
        get(user(this.member.openid)).then((person) => {
          fill(sheet, person, (deed, body) => this.act(deed, body), () => this.refresh());
          this.down();
        });
      }
    });
    for (const spot of [".who .swap", ".title"]) this.find(spot).addEventListener("click", () => pick(this));
    this.find(".follow").addEventListener("click", () => this.act("follow"));
    this.find(".page .back").addEventListener("click", () => this.closePage());
    for (const kind of ["pointerdown", "focusin", "wheel"]) this.element.addEventListener(kind, () => this.read(), { passive: true });
    // Keep the newest message in sight when the room for messages shrinks: keyboard, sheet, guide.
    let height = 0;
    new ResizeObserver(() => {
      const { clientHeight, scrollHeight, scrollTop } = this.chat;
      if (!height || scrollHeight - scrollTop - Math.max(height, clientHeight) < 60) this.down(true);
      height = clientHeight;
    }).observe(this.chat);
    document.addEventListener("click", (event) => {
      if (!this.find(".menu").contains(event.target)) this.find(".menu").querySelectorAll("ul").forEach((list) => list.remove());
    });
  }

  // Another user's phone in the same place.
  async swap(person) {
    this.member = this.cast.get(person.openid)
      ?? { openid: person.openid, name: person.name, caption: person.caption, role: "其他用户", hints: [] };
    this.element.id = `phone-${this.member.id ?? person.openid}`;
    this.chat.replaceChildren();
    this.seen.clear();
    this.last = 0;
    this.unread = 0;
    this.closePage();
    this.dress();
    await this.load();
    this.badge();
  }

  typing(seconds) {
    const name = this.find(".title .name");
    name.textContent = "对方正在输入…";
    clearTimeout(this.typist);
    this.typist = setTimeout(() => { name.textContent = this.account; }, seconds * 1000);
  }

  async load() {
    await this.refresh();
    const { messages } = await get(`${user(this.member.openid)}/chat`);
    messages.forEach((message) => this.add(message, true));
    this.down(true);
  }

  async refresh() {
    this.person = await get(user(this.member.openid));
    const { following } = this.person;
    for (const part of [".say", ".hints"]) this.find(part).hidden = !following;
    if (!(this.member.hints ?? []).length) this.find(".hints").hidden = true;
    this.find(".menu").hidden = !following;
    this.find(".follow").hidden = following;
    this.find(".sheet").hidden = true;
  }

  add(message, old = false) {
    if (this.seen.has(message.seq)) return;
    this.seen.add(message.seq);
    const at = new Date(message.at);
    if (at - this.last > GAP) this.chat.append(make("div", { class: "when" }, when(at)));
    this.last = at;
    const { member } = this;
    this.chat.append(draw(message, {
      face: member.face ?? member.name.slice(0, 1),
      colour: member.colour ?? "#7a8a82",
      open: (address) => this.open(address),
      tap: (id, seq) => this.act("msgmenu", { id, message: seq }),
    }));
    if (old) return;
    if (message.side !== "me" && !this.watched()) this.unread += 1;
    if (message.side === "notice") this.refresh();
    else if (message.side === "account" && !this.busy) this.find(".title .name").textContent = this.account;
    this.badge();
    this.down();
  }

  watched() {
    return this.element.contains(document.activeElement) || this.busy > 0;
  }

  read() {
    if (!this.unread) return;
    this.unread = 0;
    this.badge();
  }

  badge() {
    const box = this.find(".unread");
    box.hidden = !this.unread;
    box.textContent = String(this.unread);
    this.changed();
  }

  down(now = false) {
    requestAnimationFrame(() => { this.chat.scrollTo({ top: this.chat.scrollHeight, behavior: now ? "instant" : "smooth" }); });
  }

  say(text) {
    return this.act("text", { content: text });
  }

  async act(deed, body = {}) {
    this.busy += 1;
    this.find(".title .name").textContent = "对方正在输入…";
    try {
      const outcome = await post(`${user(this.member.openid)}/${deed}`, body);
      if (deed === "menu" && outcome.button.type === "view") this.open(outcome.button.url);
      return outcome;
    } catch (problem) {
      toast(problem.message, true);
      return null;
    } finally {
      this.busy -= 1;
      if (!this.busy) this.find(".title .name").textContent = this.account;
      this.find(".sheet").hidden = true;
    }
  }

  menu(buttons) {
    const box = this.find(".menu");
    box.replaceChildren(...buttons.map((button) => {
      const subs = button.sub_button ?? [];
      const tap = (one) => this.act("menu", one.key ? { key: one.key } : { name: one.name });
      const cell = make("div");
      const top = make("button", { type: "button", class: subs.length ? "parent" : "" }, button.name);
      top.addEventListener("click", () => {
        const open = cell.querySelector("ul");
        box.querySelectorAll("ul").forEach((list) => list.remove());
        if (!subs.length) tap(button);
        else if (!open) {
          cell.append(make("ul", {}, ...subs.map((one) => make("li", {},
            make("button", { type: "button", onclick: () => { box.querySelectorAll("ul").forEach((list) => list.remove()); tap(one); } }, one.name)))));
        }
      });
      cell.append(top);
      return cell;
    }));
  }

  // Links open inside the phone, as WeChat's own browser does; bizmsgmenu links are taps.
  open(address) {
    if (address.startsWith("weixin://bizmsgmenu")) {
      const query = new URLSearchParams(address.split("?")[1] ?? "");
      this.say(query.get("msgmenucontent") ?? "");
      return;
    }
    let url;
    try { url = new URL(address); } catch { return; }
    if (!/^https?:$/.test(url.protocol)) return;
    post(`${user(this.member.openid)}/open`, { url: url.href }).catch(() => {});
    const page = this.find(".page");
    page.querySelector("span").textContent = url.host;
    // through the stand-in, so that its authorize page knows whose phone this is
    const through = `platform/browser?${new URLSearchParams({ openid: this.member.openid, url: url.href })}`;
    page.querySelector("a").href = through;
    page.querySelector("iframe").src = through;
    page.hidden = false;
  }

  closePage() {
    this.find(".page").hidden = true;
    this.find(".page iframe").src = "about:blank";
  }
}
