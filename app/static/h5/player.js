// Reports the seconds that were really played. No seeking past what was played; works when closed and opened again.
(function () {
  "use strict";
  var video = document.getElementById("video");
  if (!video) return;
  var bar = document.getElementById("bar"), state = document.getElementById("state");
  var address = video.getAttribute("data-report"), length = Number(video.getAttribute("data-seconds"));
  var reached = Number(video.getAttribute("data-reached")), start = reached, last = reached, sent = reached;
  var finished = video.getAttribute("data-finished") === "1";
  var EVERY = 5, SLACK = 1.5;

  function clock(seconds) {
    var whole = Math.floor(seconds), minutes = Math.floor(whole / 60);
    return (minutes ? minutes + "分" : "") + (whole % 60) + "秒";
  }
  function show() {
    bar.style.width = Math.min(100, reached / length * 100) + "%";
    if (!finished) state.textContent = "已看 " + clock(Math.min(reached, length)) + "，共 " + clock(length);
  }
  function done() {
    finished = true;
    state.textContent = video.getAttribute("data-done");
    state.className = "state ok";
    bar.style.width = "100%";
    var next = document.getElementById("next");
    if (next) next.hidden = false;
  }
  function heard(answer) {
    if (answer && answer.done && !finished) done();
  }
  function report(leaving) {
    if (!address || reached - sent < 0.5) return;
    var body = JSON.stringify({ start: Math.floor(Math.min(start, sent)), end: Math.ceil(reached) });
    var before = sent;
    sent = reached;
    if (leaving && navigator.sendBeacon && navigator.sendBeacon(address, body)) return;
    if (!window.fetch) {
      var request = new XMLHttpRequest();
      request.open("POST", address);
      request.onload = function () { if (request.status === 200) heard(JSON.parse(request.responseText)); else sent = before; };
      request.onerror = function () { sent = before; };
      request.send(body);
      return;
    }
    fetch(address, { method: "POST", body: body, keepalive: true, credentials: "same-origin" })
      .then(function (answer) { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      .then(heard)
      .catch(function () { sent = Math.min(sent, before); });
  }

  video.addEventListener("loadedmetadata", function () {
    if (reached > 1 && reached < length * 0.98) video.currentTime = reached;
    show();
  });
  video.addEventListener("timeupdate", function () {
    var now = video.currentTime;
    if (!video.seeking && now > last && now - last < SLACK && now <= reached + SLACK) {
      if (now > reached) reached = now;
      if (reached - sent >= EVERY) report(false);
    } else if (!video.seeking && now < last) {
      start = Math.min(start, now);
    }
    last = now;
    show();
  });
  video.addEventListener("seeking", function () {
    if (video.currentTime > reached + SLACK) video.currentTime = reached;
    last = video.currentTime;
  });
  video.addEventListener("ratechange", function () { if (video.playbackRate !== 1) video.playbackRate = 1; });
  video.addEventListener("pause", function () { report(false); });
  video.addEventListener("ended", function () { if (length - reached < 2) reached = length; report(false); show(); });
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") report(true); });
  window.addEventListener("pagehide", function () { report(true); });
  show();
})();
