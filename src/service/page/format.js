// Times in the API's zone, lengths and numbers for people, and how elements are made and changed.

const minute = 60000, hour = 60 * minute, day = 24 * hour;
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const longMonthNames = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];
const numbers = new Intl.NumberFormat("en");

let zone = 0;  // milliseconds east of Greenwich
const setZone = (seconds) => { zone = seconds * 1000; };
const zoneText = () => {
  const minutes = Math.abs(zone) / minute;
  const pad = (n) => String(Math.floor(n)).padStart(2, "0");
  return `${zone < 0 ? "-" : "+"}${pad(minutes / 60)}:${pad(minutes % 60)}`;
};

const parse = (text) => (text ? Date.parse(text) : null);

// The calendar of the zone: its fields of a moment, and a moment of its fields.
const fields = (ms) => {
  const d = new Date(ms + zone);
  return { year: d.getUTCFullYear(), month: d.getUTCMonth(), day: d.getUTCDate(), hour: d.getUTCHours(),
    weekday: (d.getUTCDay() + 6) % 7 };
};
const moment = (year, month = 0, date = 1, hours = 0) => Date.UTC(year, month, date, hours) - zone;

const iso = (ms) => new Date(ms + zone).toISOString().slice(0, 19) + zoneText();
const clock = (ms) => new Date(ms + zone).toISOString().slice(11, 19);
// Without seconds where there are none.
const shortClock = (ms) => (ms % minute ? clock(ms) : clock(ms).slice(0, 5));
const dateText = (ms) => {
  const f = fields(ms);
  return `${f.day} ${monthNames[f.month]} ${f.year}`;
};
const timeText = (ms) => `${dateText(ms)} ${shortClock(ms)}`;
// Without the day where that is today.
const shortTime = (ms, now) => (dateText(ms) === dateText(now) ? clock(ms) : timeText(ms));

const lengthText = (ms) => {
  const units = [[day, "d"], [hour, "h"], [minute, "min"], [1000, "s"]];
  const total = Math.max(0, Math.floor(ms / 1000) * 1000);
  for (let i = 0; i + 1 < units.length; ++i) {
    const [worth, unit] = units[i];
    if (total < worth) continue;
    const rest = Math.floor((total % worth) / units[i + 1][0]);
    return `${Math.floor(total / worth)} ${unit}` + (rest ? ` ${rest} ${units[i + 1][1]}` : "");
  }
  return `${total / 1000} s`;
};
const plural = (n, one, more) => `${numbers.format(n)} ${n === 1 ? one : more}`;
const percent = (share) => (share >= 1 ? "100 %" : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`);

// Text of the API, of configurations and of people: what steers the writing direction or cannot be seen is written out,
// and moments of machines are shown in the zone.
const controls = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const moments = /(?<!\d)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g;
const printable = (text) => String(text)
  .replace(controls, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))
  .replace(moments, (m) => (Number.isNaN(Date.parse(m)) ? m : iso(Date.parse(m))));

const byId = (id) => document.getElementById(id);

// Those that people see or hear.
const shownAttribute = (name, value) => (["title", "aria-label"].includes(name) ? printable(value) : value);

// h("p.soft", {title: "x"}, "text", element): texts never become markup.
const h = (what, attributes = {}, ...children) => {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : shownAttribute(name, value));
  }
  element.append(...children.filter((c) => c !== null).map((c) => (c instanceof Node ? c : printable(c))));
  return element;
};

const svgElement = (tag, attributes = {}, text = null) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.textContent = printable(text);
  return element;
};

// What is the same is not touched, so that nothing is announced, selected or focused anew.
const setText = (element, text) => {
  const shown = printable(text);
  if (element.textContent !== shown) element.textContent = shown;
};
// What stands between backticks is to be typed.
const setAdvice = (element, text) => {
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  element.replaceChildren(...text.split("`").map((part, i) => (i % 2 ? h("code", {}, part) : part)));
};
const setAttribute = (element, name, value) => {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(shownAttribute(name, value))) element.setAttribute(name, shownAttribute(name, value));
};

// Children of `list` by key: made once, changed in place, in the order of the items.
const keyed = (list, items, keyOf, make, change) => {
  const before = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let at = list.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = before.get(key);
    before.delete(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    change(child, item);
    if (child === at) at = at.nextElementSibling;
    else list.insertBefore(child, at);
  }
  for (const gone of before.values()) gone.remove();
};

const setOptions = (select, names) => {
  if ([...select.options].map((o) => o.value).join("\n") === names.join("\n")) return;
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
};
