// The guided first minute: steps that tick themselves off as things happen.

import { post } from "./api.js";
import * as clock from "./clock.js";
import { make, toast } from "./dom.js";

export class Guide {
  constructor(boot, phones, front) {
    this.steps = boot.steps;
    this.phones = phones;
    this.front = front;
    this.ids = new Map(boot.cast.map((member) => [member.openid, member.id]));
    this.done = new Set();
    this.sent = new Map();
    this.shown = null;
    this.box = document.getElementById("guide");
    this.box.hidden = !this.steps.length;
    document.getElementById("guide-fold").addEventListener("click", () => { this.box.hidden = true; this.mark(); });
    document.getElementById("step-do").addEventListener("click", () => this.doIt());
    this.draw();
  }

  get current() {
    const next = this.steps.findIndex((_, at) => !this.done.has(at));
    return next === -1 ? this.steps.length : next;
  }

  see(happening) {
    const before = this.current;
    this.follow(happening);
    this.steps.forEach((step, at) => {
      // A later step may happen early, but only once the ones before it were met does it count as the next thing to do.
      if (at <= this.current && !this.done.has(at) && this.met(step.when, happening)) this.done.add(at);
    });
    if (this.current !== before) this.shown = null;
    this.draw();
  }

  // A step may ask for several messages; the button offers the next one not yet sent.
  follow({ kind, data }) {
    const at = this.shown ?? this.current;
    const deed = this.steps[at]?.do;
    if (kind !== "bubble" || deed?.kind !== "say" || data.message.side !== "me" || this.ids.get(data.openid) !== deed.who) return;
    const sent = this.sent.get(at) ?? 0;
    if (data.message.text === deed.texts[sent]) this.sent.set(at, sent + 1);
  }

  next(at) {
    const { texts } = this.steps[at].do;
    return texts[Math.min(this.sent.get(at) ?? 0, texts.length - 1)];
  }

  met(when, { kind, data }) {
    const who = this.ids.get(data.openid);
    if (when.kind === "said" || when.kind === "got") {
      if (kind !== "bubble" || who !== when.who) return false;
      const { side, text, via } = data.message;
      if (when.via && !when.via.includes(via)) return false;
      return side === (when.kind === "said" ? "me" : "account") && (!when.like || new RegExp(when.like).test(text));
    }
    if (when.kind === "clock") return kind === "clock" && clock.hour(new Date(data.now)) >= when.time;
    if (when.kind === "act") return kind === "act" && data.id === when.id && data.state === "done";
    return false;
  }

  async doIt() {
    const at = this.shown ?? this.current;
    const deed = this.steps[at]?.do;
    if (!deed) return;
    const button = document.getElementById("step-do");
    button.disabled = true;
    try {
      if (deed.kind === "say") {
        this.front(deed.who);
        await this.phone(deed.who)?.say(this.next(at));
      } else if (deed.kind === "clock") await clock.go(deed.to);
      else if (deed.kind === "act") await post(`/acts/${encodeURIComponent(deed.id)}`);
    } catch (problem) {
      toast(problem.message, true);
    } finally {
      button.disabled = false;
    }
  }

  phone(id) {
    return this.phones.find((phone) => phone.member.id === id);
  }

  draw() {
    const at = this.shown ?? this.current;
    document.getElementById("dots").replaceChildren(...this.steps.map((step, index) => make("li",
      { class: this.done.has(index) ? "done" : index === at ? "now" : "" },
      make("button", { type: "button", title: step.title, onclick: () => { this.shown = index; this.draw(); } }, String(index + 1)))));
    const step = this.steps[at];
    document.getElementById("step-title").textContent = step?.title ?? "一天走完了";
    document.getElementById("step-text").textContent = step?.text ?? "接下来随您试：发烧、外出、改正、不回、取消关注，都可以。";
    const button = document.getElementById("step-do");
    button.hidden = !step?.do;
    button.textContent = step?.do?.kind === "say" ? `替我发送 ${this.next(at)}` : step?.do?.label ?? "";
    this.mark();
  }

  mark() {
    const who = this.box.hidden ? undefined : this.steps[this.shown ?? this.current]?.who;
    for (const phone of this.phones) phone.element.classList.toggle("asked", who !== undefined && phone.member.id === who);
  }
}
