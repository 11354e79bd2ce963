// The clock everybody shares: what it shows, and the buttons that move it.

import { get, post } from "./api.js";
import { make, toast } from "./dom.js";

let skew = 0;
let zone = "Asia/Shanghai";

export const now = () => new Date(Date.now() + skew);

const parts = (date) => Object.fromEntries(
  new Intl.DateTimeFormat("zh-CN", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric", weekday: "long",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(date).map((part) => [part.type, part.value]),
);

export function hour(date) {
  const { hour: h, minute } = parts(date);
  return `${h}:${minute}`;
}

const day = (date) => {
  const { year, month, day: d } = parts(date);
  return Date.UTC(year, month - 1, d) / 86_400_000;
};

// As WeChat writes it between messages.
export function when(date) {
  const ago = day(now()) - day(date);
  if (ago === 0) return hour(date);
  if (ago === 1) return `昨天 ${hour(date)}`;
  const { month, day: d } = parts(date);
  return `${month}月${d}日 ${hour(date)}`;
}

export function set(state) {
  skew = new Date(state.now).getTime() - Date.now();
}

export async function start(boot, tick) {
  zone = boot.zone;
  set(await get("/clock"));
  const box = document.getElementById("moves");
  const buttons = boot.clock.map((move) => {
    const button = make("button", { type: "button", title: `把时钟拨到${move.label ?? move.time}` },
      make("strong"), make("span", {}, move.note ?? ""));
    button.addEventListener("click", () => go(move.to));
    box.append(button);
    return { button, move };
  });
  const show = () => {
    const date = now();
    const { month, day: d, weekday } = parts(date);
    document.getElementById("time").textContent = hour(date);
    document.getElementById("date").textContent = `${month}月${d}日 ${weekday}`;
    const upcoming = buttons.filter(({ move }) => move.time > hour(date));
    for (const { button, move } of buttons) {
      const today = move.time > hour(date);
      button.firstChild.textContent = move.label ?? (today ? move.time : `明天 ${move.time}`);
      button.classList.toggle("tomorrow", !today);
      button.classList.toggle("next", upcoming[0]?.move === move || (!upcoming.length && buttons[0].move === move));
    }
    tick(hour(date));
  };
  show();
  setInterval(show, 1000);
  return show;
}

export async function go(to) {
  const box = document.querySelector(".clock");
  const buttons = document.querySelectorAll("#moves button");
  buttons.forEach((button) => { button.disabled = true; });
  box.classList.add("moving");
  try {
    const state = await post("/clock", { to });
    set(state);
    toast(`时钟已拨到 ${when(now())}`);
  } catch (problem) {
    toast(problem.message, true);
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
    box.classList.remove("moving");
  }
}
