// The drawer: what went over the wire, opened up, and what WeChat refused.

import { get } from "./api.js";
import { make } from "./dom.js";
import { hour } from "./clock.js";
import { explain, title } from "./words.js";

const KEEP = 400;
const OUTCOMES = {
  reply: ["已回复", ""], silent: ["已收到", "grey"], illegal: ["不合规", "bad"], timeout: ["超时", "bad"], unreachable: ["连不上", "bad"],
};

function tidy(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) {
    try { return JSON.stringify(JSON.parse(trimmed), null, 2); } catch { return text; }
  }
  if (!trimmed.startsWith("<xml>")) return text;
  return trimmed.replace(/>(?=<(?![!/]))/g, ">\n").replace(/(?=<\/xml>$)/, "\n");
}

function details(entry) {
  const rows = [];
  const add = (label, text) => {
    if (text) rows.push(make("dt", {}, label), make("dd", {}, make("pre", {}, tidy(text))));
  };
  if (entry.reason) rows.push(make("dt", {}, "说明"), make("dd", {}, explain(entry), make("pre", {}, entry.reason)));
  if (entry.what === "push") {
    add("地址参数", new URLSearchParams(entry.params).toString().replaceAll("&", "\n"));
    add("推送内容（解密后）", entry.plain);
    if (entry.raw !== entry.plain) add("推送原文", entry.raw);
    add("后台的回答（解密后）", entry.answer_plain);
    add(`后台的回答原文（HTTP ${entry.status || "无"}）`, entry.answer);
  } else if (entry.what === "call") {
    add("地址参数", new URLSearchParams(entry.query).toString().replaceAll("&", "\n"));
    add("请求", entry.raw);
    add(`微信的回答（HTTP ${entry.status}）`, entry.answer);
  }
  return make("dl", {}, ...rows);
}

export class Wire {
  constructor(cast) {
    this.names = new Map(cast.map((member) => [member.openid, member.name]));
    this.list = document.getElementById("entries");
    this.filter = "all";
    this.entries = [];
    this.refused = 0;
    const panel = document.getElementById("wire");
    const toggle = document.getElementById("wire-toggle");
    const show = (open) => {
      panel.classList.toggle("open", open);
      panel.inert = !open;
      toggle.setAttribute("aria-expanded", String(open));
      if (open) { this.refused = 0; this.count(); }
    };
    toggle.addEventListener("click", () => show(!panel.classList.contains("open")));
    document.getElementById("wire-close").addEventListener("click", () => show(false));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
    document.getElementById("filters").addEventListener("click", (event) => {
      const chosen = event.target.dataset.filter;
      if (!chosen) return;
      this.filter = chosen;
      for (const button of event.currentTarget.children) button.setAttribute("aria-pressed", String(button === event.target));
      this.redraw();
    });
    this.redraw();
  }

  add(entry, old = false) {
    this.entries.push(entry);
    if (this.entries.length > KEEP) this.entries.shift();
    if (entry.refused && !old) { this.refused += 1; this.count(); }
    if (!this.fits(entry)) return;
    this.list.querySelector(".none")?.remove();
    this.list.prepend(this.draw(entry));
    while (this.list.children.length > KEEP) this.list.lastChild.remove();
  }

  fits(entry) {
    return this.filter === "all" || (this.filter === "refused" ? entry.refused : entry.what === this.filter);
  }

  count() {
    const badge = document.getElementById("refused-count");
    badge.hidden = !this.refused;
    badge.textContent = String(this.refused);
  }

  redraw() {
    const shown = this.entries.filter((entry) => this.fits(entry)).reverse().map((entry) => this.draw(entry));
    this.list.replaceChildren(...(shown.length ? shown : [make("p", { class: "none" }, "还没有。发一条消息，或拨一下时钟。")]));
  }

  draw(entry) {
    const push = entry.what === "push";
    let badge = ["", "grey"];
    if (push) badge = OUTCOMES[entry.outcome] ?? [entry.outcome, "grey"];
    else if (entry.what === "call") badge = entry.errcode ? [String(entry.errcode), "bad"] : entry.status === 200 ? ["成功", ""] : [`HTTP ${entry.status}`, "bad"];
    else if (entry.refused) badge = ["注意", "bad"];
    const meta = [hour(new Date(entry.at))];
    if (entry.openid) meta.push(this.names.get(entry.openid) ?? "其他用户");
    if (push && entry.delivery > 1) meta.push(`第 ${entry.delivery} 次投递`);
    if (push) meta.push(`${entry.ms} ms`);
    if (entry.faults?.length) meta.push(`故意的故障：${entry.faults.join("、")}`);
    const reason = entry.refused && entry.reason ? make("em", {}, explain(entry)) : null;
    const element = make("details", { class: `entry ${entry.what}` }, make("summary", {},
      make("span", { class: "arrow" }, push ? "→" : entry.what === "call" ? "←" : "·"),
      make("span", { class: "what" }, title(entry)),
      badge[0] ? make("span", { class: `badge ${badge[1]}` }, badge[0]) : "",
      make("span", { class: "meta" }, ...meta.map((text) => make("span", {}, text)), reason)));
    element.addEventListener("toggle", async () => {
      if (!element.open || element.querySelector("dl")) return;
      try {
        element.append(details(await get(`/wire/${entry.seq}`)));
      } catch (problem) {
        element.append(make("dl", {}, make("dd", {}, problem.message)));
      }
    });
    return element;
  }
}
