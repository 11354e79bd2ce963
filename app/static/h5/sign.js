// A place to sign with the finger; without it the typed name is enough.
(function () {
  "use strict";
  var pad = document.getElementById("pad"), field = document.getElementById("drawn");
  if (!pad || !pad.getContext) return;
  document.getElementById("drawing").hidden = false;
  var pen = pad.getContext("2d"), ratio = Math.min(2, window.devicePixelRatio || 1), strokes = 0, at = null;
  pad.width = pad.clientWidth * ratio;
  pad.height = pad.clientHeight * ratio;
  pen.scale(ratio, ratio);
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  function place(event) {
    var box = pad.getBoundingClientRect(), point = event.touches ? event.touches[0] : event;
    return { x: point.clientX - box.left, y: point.clientY - box.top };
  }
  function down(event) { at = place(event); event.preventDefault(); }
  function move(event) {
    if (!at) return;
    var to = place(event);
    pen.beginPath(); pen.moveTo(at.x, at.y); pen.lineTo(to.x, to.y); pen.stroke();
    at = to; strokes += 1; event.preventDefault();
  }
  function up() { at = null; if (strokes > 3) field.value = pad.toDataURL("image/png"); }
  var names = window.PointerEvent ? ["pointerdown", "pointermove", "pointerup", "pointercancel"] : ["touchstart", "touchmove", "touchend", "touchcancel"];
  pad.addEventListener(names[0], down);
  pad.addEventListener(names[1], move);
  window.addEventListener(names[2], up);
  window.addEventListener(names[3], up);
  document.getElementById("clear").addEventListener("click", function () {
    pen.clearRect(0, 0, pad.width, pad.height); strokes = 0; field.value = "";
  });
})();
