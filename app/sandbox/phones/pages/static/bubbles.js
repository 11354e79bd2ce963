// What a message looks like in a chat.

import { drawing, make } from "./dom.js";

const LINK = /<a\s[^>]*?href\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；！？、）】]+)/gi;
const VOICE = "M5 12h.01M9 8.500a5 5 0 0 1 0 7M12.5 5.500a9 9 0 0 1 0 13";

// A text with its links as elements; `open` gets an address.
function written(text, open) {
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    pieces.push(text.slice(from, found.index));
    const address = found[1] ?? found[3];
    const link = make("a", { href: "#", title: address }, found[2] ?? found[3]);
    link.addEventListener("click", (event) => { event.preventDefault(); open(address); });
    pieces.push(link);
    from = found.index + found[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

const picture = (id) => make("img", { src: `platform/mmbiz_pic/${encodeURIComponent(id)}`, alt: "图片", loading: "lazy" });

function news(message, open) {
  const article = message.data.articles[0];
  const image = article.picurl ? make("img", { src: article.picurl, alt: "" }) : null;
  image?.addEventListener("error", () => image.remove());
  return message.data.articles.map((one, at) => make("div", { class: "card" },
    at === 0 ? image : null,
    make("h3", {}, one.title),
    one.description ? make("p", {}, one.description) : null,
    make("button", { type: "button", class: "more", onclick: () => open(one.url) }, "查看详情"),
  ));
}

function template(message, open) {
  const { lines, url, cut } = message.data;
  const rows = lines.flatMap(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]);
  return make("div", { class: "card" },
    make("h3", {}, message.text, make("small", {}, message.kind === "subscribe" ? "订阅通知" : "模板消息")),
    make("dl", {}, ...rows),
    cut?.length ? make("div", { class: "cut" }, "有字段超过 20 字，微信已悄悄截断") : null,
    url ? make("button", { type: "button", class: "more", onclick: () => open(url) }, "详情") : null,
  );
}

function menu(message, open, tap) {
  const items = message.data.list.map((item) => make("button", { type: "button", onclick: () => tap(item.id, message.seq) }, item.content));
  return make("div", { class: "bubble" },
    ...written(message.text, open),
    make("div", { class: "items" }, ...items),
    message.data.tail ? make("div", { class: "tail" }, message.data.tail) : null,
  );
}

function body(message, open, tap) {
  const { kind, data } = message;
  if (kind === "news") return news(message, open);
  if (kind === "template" || kind === "subscribe") return template(message, open);
  if (kind === "msgmenu") return menu(message, open, tap);
  if (kind === "image" && data.media_id) return make("div", { class: "bubble plain" }, picture(data.media_id));
  if (kind === "voice") return make("div", { class: "bubble voice" }, drawing(VOICE), "3″");
  if (kind === "video" || kind === "mpvideo") {
    return make("div", { class: "card" }, make("h3", {}, data.title || "视频"), make("p", {}, data.description || "轻触播放"));
  }
  if (kind === "location") {
    return make("div", { class: "bubble place" }, make("strong", {}, data.Label || "位置"), make("i"));
  }
  if (kind === "link") {
    return make("div", { class: "bubble" }, message.text, make("div", { class: "tail" }, data.description || data.url));
  }
  return make("div", { class: "bubble" }, ...written(message.text || `[${kind}]`, open));
}

// One message as an element. `look`: {face, colour, open(address), tap(id, seq)}.
export function draw(message, look) {
  if (message.kind === "fault") return make("div", { class: "fault" }, make("span", {}, message.text));
  if (message.side === "notice") return make("div", { class: "notice" }, message.text);
  const mine = message.side === "me";
  const face = mine
    ? make("span", { class: "face", colour: look.colour, "aria-hidden": "true" }, look.face)
    : make("img", { class: "face", src: "static/icon.svg", alt: "" });
  const shown = body(message, look.open, look.tap);
  return make("div", { class: mine ? "row me" : "row", "data-seq": message.seq, "data-kind": message.kind, "data-via": message.via },
    face, ...(Array.isArray(shown) ? [make("div", { class: "card wide" }, ...shown)] : [shown]));
}
