// Puts the page together and keeps it up to date with what happens.

import { follow, get, post } from "./api.js";
import * as clock from "./clock.js";
import { make, toast } from "./dom.js";
import { Guide } from "./guide.js";
import { Phone } from "./phone.js";
import { Wire } from "./wire.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const phones = boot.cast.map((member) => new Phone(member, boot, () => drawTabs()));
const at = (openid) => phones.find((phone) => phone.member.openid === openid);
let frontmost = phones[0];

function bringToFront(phone) {
  frontmost = phone;
  for (const one of phones) one.element.classList.toggle("front", one === phone);
  phone.read();
  phone.down(true);
  drawTabs();
}

function drawTabs() {
  document.getElementById("tabs").replaceChildren(...phones.map((phone) => {
    const { member } = phone;
    const face = make("span", { class: "face", colour: member.colour ?? "#7a8a82", "aria-hidden": "true" }, member.face ?? member.name.slice(0, 1),
      phone.unread ? make("b", {}, String(phone.unread)) : null);
    return make("button",
      { type: "button", role: "tab", "aria-selected": String(phone === frontmost), onclick: () => bringToFront(phone) },
      face, member.role ?? member.name);
  }));
}

function drawActs() {
  document.getElementById("acts").replaceChildren(...boot.acts.map((act) => {
    const button = make("button", { type: "button", "data-act": act.id }, act.label);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try { await post(`/acts/${encodeURIComponent(act.id)}`); } catch (problem) { toast(problem.message, true); }
      button.disabled = false;
    });
    return button;
  }));
}

function showAct({ id, state, asked, answered = 0, quiet = 0 }) {
  const button = document.querySelector(`[data-act="${CSS.escape(id)}"]`);
  const label = boot.acts.find((act) => act.id === id)?.label ?? "";
  if (!button) return;
  // The morning is played at one time of day: the clock stands while it is.
  document.querySelectorAll("#moves button").forEach((move) => { move.disabled = state !== "done"; });
  button.textContent = state === "done" ? label : `${answered} / ${asked - quiet}`;
  if (state !== "done") return;
  if (!asked) toast("没有别的人可以作答了：要么还没有绑定，要么今天都说过话。");
  else toast(quiet ? `${answered} 人发了消息，${quiet} 人没有理会。` : `${answered} 人发了消息。`);
}

function happen(happening, guide, wire) {
  const { kind, data } = happening;
  if (kind === "bubble") at(data.openid)?.add(data.message);
  else if (kind === "wire") wire.add({ seq: happening.seq, ...data });
  else if (kind === "clock") clock.set(data);
  else if (kind === "restart") location.reload();
  else if (kind === "menu") phones.forEach((phone) => phone.menu(data.buttons));
  else if (kind === "act") showAct(data);
  else if (kind === "typing") at(data.openid)?.typing(data.seconds);
  else if (kind === "user") wire.names.set(data.openid, data.name);
  guide.see(happening);
}

async function start() {
  document.getElementById("phones").append(...phones.map((phone) => phone.element));
  drawActs();
  if (frontmost) bringToFront(frontmost);
  await clock.start(boot, (hour) => phones.forEach((phone) => { phone.find(".hour").textContent = hour; }));
  const past = await get("/events?light=true&after=0&poll=0");
  await Promise.all(phones.map((phone) => phone.load()));
  const { buttons } = await get("/menu");
  phones.forEach((phone) => phone.menu(buttons));
  const wire = new Wire(boot.cast);
  const guide = new Guide(boot, phones, (id) => {
    const phone = phones.find((one) => one.member.id === id);
    if (phone) bringToFront(phone);
  });
  for (const { openid, name } of await get("/users")) wire.names.set(openid, name);
  for (const happening of past.events) {
    if (happening.kind === "wire") wire.add({ seq: happening.seq, ...happening.data }, true);
    guide.see(happening);
  }
  follow(past.last, (happening) => happen(happening, guide, wire));
  document.documentElement.dataset.ready = "yes";
}

start().catch((problem) => toast(problem.message, true));
