// The control API of the stand-in, as the page uses it.

export class Problem extends Error {}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(new URL(`control${path}`, document.baseURI), {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem("连不上替身，请确认它还在运行。");
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Problem(typeof found.detail === "string" ? found.detail : `替身回答 ${answer.status}`);
  }
  return found;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const patch = (path, body) => ask("PATCH", path, body);
export const user = (openid) => `/users/${encodeURIComponent(openid)}`;

// Calls `tell` with everything that happens after number `after`, for as long as the page lives.
export function follow(after, tell) {
  const source = new EventSource(new URL(`control/events?light=true&after=${after}`, document.baseURI));
  source.onmessage = (message) => tell(JSON.parse(message.data));
}
