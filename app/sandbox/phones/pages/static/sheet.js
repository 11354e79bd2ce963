// What the plus button offers: scan a code, send something other than text, follow or not.

import { get, patch, post, user } from "./api.js";
import { drawing, make, toast } from "./dom.js";

const DRAWINGS = {
  scan: "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16",
  image: "M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM4 16l5-5 4 4 2.5-2.500L20 17M15.5 9h.01",
  voice: "M12 4a2.5 2.5 0 0 1 2.5 2.500v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6.5 11.500a5.5 5.5 0 0 0 11 0M12 17v3",
  place: "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  sticker: "M12 20a8 8 0 1 1 8-8M9 10h.01M15 10h.01M8.5 14a4.5 4.5 0 0 0 7 0",
  link: "M10 14a4 4 0 0 0 5.7 0l2.6-2.600a4 4 0 0 0-5.7-5.700L11.5 6.800M14 10a4 4 0 0 0-5.7 0l-2.6 2.600a4 4 0 0 0 5.7 5.700l1.1-1.1",
  mute: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.500h4M4 4l16 16",
  leave: "M14 4h4a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-4M10 8l-4 4 4 4M6 12h9",
};

function tile(name, label, deed) {
  return make("button", { type: "button", onclick: deed }, make("i", {}, drawing(DRAWINGS[name])), label);
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function pickPicture(send) {
  const input = make("input", { type: "file", accept: "image/png,image/jpeg,image/gif" });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (file) await send("image", { name: file.name, base64: await base64(file) });
  });
  input.click();
}

async function scanning(box, send) {
  const codes = await get("/qrcodes");
  const input = make("input", { placeholder: "二维码里的场景值，如 bind_…", "aria-label": "场景值" });
  const form = make("form", { class: "scan" }, input, make("button", { type: "submit" }, "扫码"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) send("scan", { scene: input.value.trim() });
  });
  const known = codes.slice(-12).map((code) => make("button", { type: "button", onclick: () => send("scan", { ticket: code.ticket }) }, code.scene));
  box.replaceChildren(make("p", {}, "假装用微信扫一张二维码："), form, make("div", { class: "codes" }, ...known));
  input.focus();
}

// Fill the sheet of one phone. `send(deed, body)` does something as its user.
export function fill(box, person, send, refresh) {
  const change = async (body, words) => {
    await patch(user(person.openid), body);
    toast(words);
    refresh();
  };
  const kinds = { message: "发过消息", menu: "点过菜单", msgmenu: "点过选项", follow: "刚关注", scan: "刚扫码" };
  const doors = (person.windows ?? []).map(({ kind, left, seconds_left: rest }) => {
    const time = rest > 5400 ? `${Math.round(rest / 3600)} 小时` : rest > 90 ? `${Math.round(rest / 60)} 分钟` : `${rest} 秒`;
    return `${kinds[kind] ?? kind}：${time}内还可主动发 ${left} 条`;
  });
  box.replaceChildren(make("div", { class: "grid" },
    tile("scan", "扫一扫", () => scanning(box, send)),
    tile("image", "图片", () => pickPicture(send)),
    tile("voice", "语音", () => send("voice", {})),
    tile("place", "位置", () => send("location", { latitude: 47.35, longitude: 130.3, label: "我的位置" })),
    tile("sticker", "表情", () => send("sticker", { label: "[动画表情]" })),
    tile("link", "链接", () => send("link", { title: "分享的文章", description: "随手转发的一篇", url: "https://example.cn/" })),
    tile("mute", person.receives ? "不再接收" : "恢复接收",
      () => change({ receives: !person.receives }, person.receives ? "已关闭“接收消息”" : "已打开“接收消息”")),
    tile("leave", "取消关注", () => post(`${user(person.openid)}/unfollow`).then(refresh)),
  ), make("p", { class: "doors" }, doors.join("；") || "公众号现在不能主动发客服消息给这位用户，只能用模板消息。"));
}
