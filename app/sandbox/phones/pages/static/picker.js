// Choosing whose phone to look at.

import { get } from "./api.js";
import { make } from "./dom.js";

const MOST = 60;

export async function pick(phone) {
  const device = phone.find(".device");
  const before = device.querySelector(".picker");
  if (before) { before.remove(); return; }
  const input = make("input", { type: "search", placeholder: "找一位用户，看他的手机", "aria-label": "找一位用户" });
  const list = make("div", { class: "people" });
  const close = make("button", { type: "button", onclick: () => box.remove() }, "取消");
  const box = make("section", { class: "picker", "aria-label": "换一部手机" }, make("header", {}, input, close), list);
  device.append(box);
  const people = await get("/users");
  const show = () => {
    const words = input.value.trim();
    const found = people.filter(({ name, caption }) => !words || `${name}${caption}`.includes(words));
    list.replaceChildren(...found.slice(0, MOST).map((person) => make("button",
      { type: "button", onclick: () => { box.remove(); phone.swap(person); } },
      make("strong", {}, person.name), make("span", {}, person.caption || (person.following ? "" : "未关注")))));
    if (found.length > MOST) list.append(make("p", {}, `还有 ${found.length - MOST} 位，请输入名字再找。`));
    if (!found.length) list.append(make("p", {}, "没有这样的用户。"));
  };
  input.addEventListener("input", show);
  show();
  input.focus();
}
