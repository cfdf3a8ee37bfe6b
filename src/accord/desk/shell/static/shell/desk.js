// What pages gain with script; all of them read without it.

// "/" or Ctrl+K goes to the search box; arrow keys go through what it found, Escape closes it.
const find = document.getElementById("find");
const found = document.getElementById("found");

function move(event) {
  const stops = [find, ...found.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (at < 0 || !step || stops.length < 2) return;
  event.preventDefault();
  stops[(at + step + stops.length) % stops.length].focus();
}

function close() {
  if (found.contains(document.activeElement)) find.focus();
  found.replaceChildren();
}

document.addEventListener("keydown", (event) => {
  if (!find) return;
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const asked = (event.key === "/" && !typing) || (event.key === "k" && (event.metaKey || event.ctrlKey));
  if (asked) {
    event.preventDefault();
    find.focus();
    find.select();
  } else if (event.key === "Escape") {
    close();
  } else {
    move(event);
  }
});

document.addEventListener("click", (event) => find && !event.target.closest(".find") && close());

// Charts: the chart library is fetched once a page has one, and drawn again when the scheme changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const scheme = () => document.documentElement.dataset.scheme || (dark.matches ? "dark" : "light");

function library(address) {
  library.loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library.loading;
}

function theme(address) {
  theme.loading ??= fetch(address).then((answer) => answer.json());
  return theme.loading;
}

async function draw(root) {
  for (const box of root.querySelectorAll("[data-chart]")) {
    await library(box.dataset.library);
    const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const config = (await theme(box.dataset.theme))[scheme()];
    const options = { mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: false, config };
    await window.vegaEmbed(box, spec, options);
    box.removeAttribute("aria-busy");
  }
}

document.addEventListener("DOMContentLoaded", () => draw(document));
document.addEventListener("htmx:load", (event) => event.target !== document.body && draw(event.target));
dark.addEventListener("change", () => draw(document));

// Clocks: repaints what the server said; the worker, not this page, decides a breach.
const born = new WeakMap();
const clockFace = (s) => (s < 3600 ? [Math.floor(s / 60) + ":" + String(Math.floor(s % 60)).padStart(2, "0"), "min"]
  : s < 72 * 3600 ? [Math.floor(s / 3600) + ":" + String(Math.floor((s % 3600) / 60)).padStart(2, "0"), "h"]
  : [String(Math.floor(s / 86400)), "d"]);

function repaint() {
  for (const ring of document.querySelectorAll("[data-left]")) {
    if (!born.has(ring)) born.set(ring, Date.now());
    const left = ring.dataset.left - (Date.now() - born.get(ring)) / 1000;
    const share = Math.max(0, Math.min(1, left / ring.dataset.total));
    const [time, unit] = clockFace(Math.abs(left));
    ring.style.setProperty("--p", share);
    if (ring.dataset.state !== "bad") ring.dataset.state = left < 0 ? "bad" : share < 0.25 ? "risk" : "ok";
    ring.querySelector(".t").textContent = (left < 0 ? "+" : "") + time;
    ring.querySelector(".unit").textContent = unit;
  }
}
if (document.querySelector("[data-left]") || document.getElementById("queue")) setInterval(repaint, 1000);
