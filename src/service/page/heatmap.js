// The calendar of coverage: a grid to walk with the arrow keys, down with Enter and up with Escape.

let place = { level: "years" };
let coverage = null;
let shownPlace = "";
let selected = null;  // {name, from, to} of an hour, whose details are shown

const chosenAccount = (status) => {
  const names = (status.accounts ?? []).filter((a) => a.configured).map((a) => a.account);
  const select = byId("coverage-account");
  setOptions(select, names);
  byId("coverage-account-box").hidden = names.length < 2;
  return select.value || null;
};

const cellsShown = () => [...byId("calendar").querySelectorAll("[role=gridcell]:not([aria-disabled])")];

const focusOn = (cell) => {
  for (const other of cellsShown()) other.tabIndex = other === cell ? 0 : -1;
  cell.focus();
};

const goTo = (next, focusFrom = null) => {
  place = next;
  selected = null;
  showCoverage();
  const cells = cellsShown();
  // Coming up, where one came from; going down, the newest of what is not proven, or else the newest.
  const target = cells.find((c) => Number(c.dataset.from) === focusFrom) ??
    cells.find((c) => c.dataset.state !== "proven") ?? cells[cells.length - 1];
  if (target) focusOn(target);
};

const enter = (cell) => {
  if (cell.into) return goTo(cell.into);
  selected = { name: cell.name, from: cell.from, to: cell.to };
  showCoverage();
};

const leave = () => {
  const up = above(place);
  if (up) goTo(up, rangeOf(place, coverage).from);
};

// The cell a key leads to, by row and column; across holes and row ends to the next there is.
const stepFrom = (element, key) => {
  const cells = cellsShown();
  const at = cells.indexOf(element);
  const [row, column] = [Number(element.dataset.row), Number(element.dataset.column)];
  const ofRow = (r) => cells.filter((c) => Number(c.dataset.row) === r);
  const vertical = (step) => cells.filter((c) => Number(c.dataset.column) === column &&
    Math.sign(Number(c.dataset.row) - row) === step).sort((a, b) => step * (a.dataset.row - b.dataset.row))[0];
  switch (key) {
    case "ArrowRight": return cells[at + 1];
    case "ArrowLeft": return cells[at - 1];
    case "ArrowDown": return vertical(1);
    case "ArrowUp": return vertical(-1);
    case "Home": return ofRow(row)[0];
    case "End": return ofRow(row).at(-1);
    default: return null;
  }
};

const onKey = (event, cell) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { key } = event;
  if (key === "Enter" || key === " ") enter(cell);
  else if (key === "Escape" || key === "Backspace") leave();
  else if (key === "PageUp" || key === "PageDown") {
    const next = beside(place, key === "PageUp" ? -1 : 1, coverage);
    if (next) goTo(next);
  } else {
    const next = stepFrom(event.currentTarget, key);
    if (next === null) return;
    if (next) focusOn(next);
  }
  event.preventDefault();
};

const makeCell = (cell, row, column) => {
  if (!cell) return h("div.cell.hole", { role: "gridcell", "aria-disabled": true, "aria-label": "no day of this month" });
  return h("div.cell", { role: "gridcell", "data-row": row, "data-column": column, "data-from": cell.from, tabindex: -1,
    onclick: (event) => event.currentTarget.hasAttribute("aria-disabled") || (focusOn(event.currentTarget), enter(cell)),
    onkeydown: (event) => onKey(event, cell) }, h("span.mark"), h("span.gauge"));
};

const marks = { proven: "", unproven: "?", failed: "!", never: "–", none: "" };
const changeCell = (element, cell) => {
  const known = stateOf(cell, coverage);
  const none = known.state === "none";
  setAttribute(element, "data-state", known.state);
  setAttribute(element, "data-to", cell.to);
  setAttribute(element, "aria-label", cellLabel(cell, known));
  setAttribute(element, "title", cellLabel(cell, known));
  setAttribute(element, "aria-disabled", none ? "true" : null);
  if (none) element.removeAttribute("tabindex");
  else if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  setAttribute(element, "aria-selected", selected && selected.from === cell.from ? "true" : null);
  const numbered = place.level !== "years";
  setText(element.children[0], (numbered ? cell.text : "") + (numbered && marks[known.state] ? " " : "") + marks[known.state]);
  const partly = known.state !== "proven" && known.proven > 0;
  element.children[1].classList.toggle("empty", !partly);
  element.children[1].style.setProperty("--share", known.proven);
};

const makeGrid = (rows) => {
  const columns = columnNames(place);
  const named = rows.some((r) => r.name);
  const head = columns && h("div.row.head", { role: "row" }, named ? h("span", { role: "columnheader", "aria-label": "Year" }) : null,
    ...columns.map((name) => h("span", { role: "columnheader" }, h("span.wide-text", {}, name), h("span.narrow", { "aria-hidden": "true" }, name[0]))));
  return h("div.grid", { role: "grid", "data-level": place.level, "aria-label": `Coverage, ${titleOf(place)}`,
    "aria-describedby": "coverage-keys" }, head || null,
    ...rows.map((r, i) => h("div.row", { role: "row" }, r.name ? h("span", { role: "rowheader" }, r.name) : null,
      ...r.cells.map((cell, j) => makeCell(cell, i, j)))));
};

const showCrumbs = () => {
  const trail = [];
  for (let at = place; at; at = above(at)) trail.unshift(at);
  const short = (at) => ({ years: "All years", month: `${monthNames[at.month]} ${at.year}`, day: String(at.day) }[at.level]);
  byId("crumbs").replaceChildren(...trail.map((at, i) => h("li", {}, i === trail.length - 1 ?
    h("span", { "aria-current": "page" }, titleOf(at)) :
    h("button.plain", { type: "button", onclick: () => goTo(at, rangeOf(trail[i + 1], coverage).from) }, short(at)))));
};

const showGrid = () => {
  const rows = rowsOf(place, coverage);
  const shape = JSON.stringify([place, rows.length, coverage.account, zone]);
  if (shape !== shownPlace) {
    shownPlace = shape;
    byId("calendar").replaceChildren(makeGrid(rows),
      h("p.soft.keys", { id: "coverage-keys" }, "Arrows move, Enter opens, Escape goes up, Page Up and Down step."));
    showCrumbs();
  }
  const elements = [...byId("calendar").querySelectorAll(".cell")];
  rows.flatMap((r) => r.cells).forEach((cell, i) => cell && changeCell(elements[i], cell));
  const cells = cellsShown();
  if (cells.length && !cells.some((c) => c.tabIndex === 0)) cells[cells.length - 1].tabIndex = 0;
};

const mostGaps = 12;
const makeGap = (gap) => h("li.gap", {}, h("span.cell.swatch", { "data-state": gap.state, "aria-hidden": "true" }, marks[gap.state]),
  h("div", {}, h("b"), h("span.reason")),
  h("button.plain", { type: "button", onclick: (event) => {
    const { from, to } = event.currentTarget.closest("li").dataset;
    proposeBackfill(Number(from), Number(to));
  } }, "Backfill"));

const changeGap = (item, gap) => {
  Object.assign(item.dataset, { from: gap.from, to: gap.to });
  setText(item.querySelector("b"), `${timeText(gap.from)} to ${timeText(gap.to)}, ${lengthText(gap.to - gap.from)}`);
  setText(item.querySelector(".reason"), gap.state === "never" ? "never read" :
    `${stateTexts[gap.state]}${gap.lastRead === null ? "" : `, last tried ${shortTime(gap.lastRead, now())}`}: ${gap.reason}`);
  item.querySelector("button").hidden = !data.status.can_order;
};

const showDetail = () => {
  const box = byId("coverage-detail");
  if (!box.children.length)
    box.append(h("p.summary", { "aria-live": "polite" }), h("ul.gaps"), h("p.soft"));
  const period = selected ?? { name: titleOf(place), ...rangeOf(place, coverage) };
  const known = stateOf(period, coverage);
  const gaps = coverage.gaps.map((g) => ({ ...g, from: Math.max(g.from, period.from, coverage.start), to: Math.min(g.to, period.to) }))
    .filter((g) => g.from < g.to).reverse();
  setText(box.children[0], known.state === "none" ? `${period.name}: not mirrored.` : gaps.length ?
    `${period.name}: ${percent(known.proven)} proven, ${plural(gaps.length, "gap", "gaps")}.` :
    `${period.name}: all of it is proven complete.`);
  keyed(box.children[1], gaps.slice(0, mostGaps), (g) => `${g.to} ${g.state}`, makeGap, changeGap);
  setText(box.children[2], gaps.length > mostGaps ? `And ${plural(gaps.length - mostGaps, "older gap", "older gaps")}.` : "");
};

const showCoverage = () => {
  if (!data.coverage || !data.status) return;
  if (coverage && coverage.account !== data.coverage.account) [place, selected] = [{ level: "years" }, null];
  coverage = readCoverage(data.coverage);
  showGrid();
  showDetail();
};
