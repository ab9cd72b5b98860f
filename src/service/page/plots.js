// How the API answered: requests a minute by outcome, and how long the good ones took. Drawn by hand as SVG.

const outcomeNames = { ok: "answered", unreachable: "unreachable", untrusted: "certificate not trusted", overloaded: "overloaded",
  refused: "refused", not_permitted: "not permitted", unusable_reply: "invalid reply", other: "other" };
const plotHeight = 132, plotLeft = 46, plotBottom = 20, plotTop = 8;

// What is plotted: up to all that is remembered, but not hours of nothing before the daemon was started.
const minutesPlotted = (answer) => {
  const known = (parse(answer.now) - parse(answer.minutes[0].begin)) / minute;
  return [30, 60, 120, 180, 240].find((n) => n > known) ?? answer.hours * 60;
};

// Sums of so many minutes each, from the first to the last, quiet ones included.
const stepsOf = (answer, minutes, each) => {
  const end = (Math.floor(parse(answer.now) / minute) + 1) * minute;
  const length = each * minute;
  const first = end - minutes * minute;
  const steps = Array.from({ length: minutes / each }, (_, i) => ({ begin: first + i * length, end: first + (i + 1) * length,
    outcomes: {}, count: 0, ok: 0, p50: null, p95: null, max: null }));
  for (const m of answer.minutes) {
    const step = steps[Math.floor((parse(m.begin) - steps[0].begin) / length)];
    if (!step) continue;
    step.count += m.count;
    for (const [name, n] of Object.entries(m.outcomes)) step.outcomes[name] = (step.outcomes[name] ?? 0) + n;
    const ok = m.outcomes.ok ?? 0;
    if (!ok) continue;
    // Of several minutes: medians weighed by how many they stand for, and the worst of the rest.
    step.p50 = ((step.p50 ?? 0) * step.ok + m.p50_ms * ok) / (step.ok + ok);
    step.p95 = Math.max(step.p95 ?? 0, m.p95_ms);
    step.max = Math.max(step.max ?? 0, m.max_ms);
    step.ok += ok;
  }
  return steps.map((s) => ({ ...s, minutes: length / minute }));
};

const niceTop = (value) => {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 4, 5, 10].map((n) => n * power).find((n) => n >= value);
};

const axes = (svg, width, top, unit, steps) => {
  for (const share of [0, 0.5, 1]) {
    const y = plotTop + (1 - share) * (plotHeight - plotTop - plotBottom);
    svg.append(svgElement("line", { x1: plotLeft, x2: width, y1: y, y2: y, class: "rule" }),
      svgElement("text", { x: plotLeft - 6, y: y + 4, class: "tick end" }, unit(top * share)));
  }
  const [first, last] = [steps[0].begin, steps.at(-1).end];
  const each = [5, 10, 30, 60, 120].map((n) => n * minute).find((n) => ((last - first) / n) * 52 < width - plotLeft) ?? 3 * hour;
  for (let t = Math.ceil((first + zone) / each) * each - zone; t < last; t += each) {
    const x = plotLeft + ((t - first) / (last - first)) * (width - plotLeft);
    if (x < plotLeft + 14 || x > width - 16) continue;
    svg.append(svgElement("text", { x, y: plotHeight - 4, class: "tick middle" }, clock(t).slice(0, 5)));
  }
};

const makePlot = (box, label, width) => {
  const svg = svgElement("svg", { viewBox: `0 0 ${width} ${plotHeight}`, width, height: plotHeight, role: "img", "aria-label": label });
  box.replaceChildren(svg);
  return svg;
};

const bar = (x, y, width, height, name) => svgElement("rect", { x, y, width: Math.max(1, width - 0.6), height: Math.max(0, height), class: `bar-${name}` });

const plotCounts = (steps, width) => {
  const total = steps.reduce((n, s) => n + s.count, 0);
  const bad = total - steps.reduce((n, s) => n + (s.outcomes.ok ?? 0), 0);
  const svg = makePlot(byId("plot-count"), `${plural(total, "request", "requests")}, ${numbers.format(bad)} failed`, width);
  const top = niceTop(Math.max(1, ...steps.map((s) => s.count / s.minutes)));
  axes(svg, width, top, (v) => numbers.format(v), steps);
  const room = plotHeight - plotTop - plotBottom;
  const step = (width - plotLeft) / steps.length;
  steps.forEach((s, i) => {
    let y = plotHeight - plotBottom;
    const group = svgElement("g");
    for (const name of ["ok", "failed"]) {
      const n = name === "ok" ? s.outcomes.ok ?? 0 : s.count - (s.outcomes.ok ?? 0);
      const height = (n / s.minutes / top) * room;
      // Even one failure among thousands is to be seen.
      const visible = n && name === "failed" ? Math.max(3, height) : height;
      y -= visible;
      if (n) group.append(bar(plotLeft + i * step, y, step, visible, name));
    }
    if (s.count) group.append(svgElement("title", {}, `${clock(s.begin).slice(0, 5)}: ${Object.entries(s.outcomes).map(([k, n]) => `${numbers.format(n)} ${outcomeNames[k] ?? k}`).join(", ")}`));
    svg.append(group);
  });
};

const milliseconds = (v) => (v >= 10000 ? `${Math.round(v / 1000)} s` : v >= 1000 ? `${+(v / 1000).toFixed(1)} s` : `${Math.round(v)} ms`);

const plotLatency = (steps, width) => {
  const some = steps.filter((s) => s.ok);
  const worst = Math.max(0, ...some.map((s) => s.max));
  const svg = makePlot(byId("plot-latency"), some.length ? `Longest ${milliseconds(worst)}; last median ${milliseconds(some.at(-1).p50)}` : "no answers", width);
  const top = niceTop(Math.max(1, worst));
  axes(svg, width, top, milliseconds, steps);
  const room = plotHeight - plotTop - plotBottom;
  const step = (width - plotLeft) / steps.length;
  const y = (v) => plotHeight - plotBottom - (v / top) * room;
  steps.forEach((s, i) => {
    if (!s.ok) return;
    const x = plotLeft + i * step, wide = Math.max(1, step - 0.6);
    const group = svgElement("g");
    group.append(svgElement("rect", { x, width: wide, y: y(s.max), height: Math.max(1, y(0) - y(s.max)), class: "area-max" }),
      svgElement("rect", { x, width: wide, y: y(s.p95), height: Math.max(1, y(0) - y(s.p95)), class: "area-p95" }),
      svgElement("rect", { x, width: wide, y: y(s.p50) - 1, height: 2, class: "line-p50" }),
      svgElement("title", {}, `${clock(s.begin).slice(0, 5)}: median ${milliseconds(s.p50)}, 95 % within ${milliseconds(s.p95)}, longest ${milliseconds(s.max)}`));
    svg.append(group);
  });
};

const apiTable = (steps) => h("table", {}, h("caption", {}, `Totals per ${steps[0].minutes} minutes, starting at the time shown`), h("thead", {}, h("tr", {}, ...["From", "Requests", "Failed", "Median", "95 %", "Longest"].map((t) => h("th", { scope: "col" }, t)))),
  h("tbody", {}, ...steps.filter((s) => s.count).reverse().map((s) => h("tr", {}, h("th", { scope: "row" }, clock(s.begin).slice(0, 5)),
    ...[numbers.format(s.count), numbers.format(s.count - (s.outcomes.ok ?? 0)), ...[s.p50, s.p95, s.max].map((v) => (v === null ? "–" : milliseconds(v)))]
      .map((t) => h("td", {}, t))))));

// How fast it answers, and what it was found to allow.
const paceTexts = (status) => {
  const texts = (status.accounts ?? []).filter((a) => a.answer_seconds !== null && a.answer_seconds !== undefined).map((a) =>
    `${a.account}: replies take ${a.answer_seconds.toFixed(1)} s, and the timeout is ${status.request_timeout_seconds} s`);
  const found = status.rate?.found_per_second;
  if (found) texts.push(`the API allows about ${found.toFixed(1)} requests a second (sync.rate: ${status.rate.configured_per_second})`);
  return texts;
};

const showPace = (status) => {
  const texts = paceTexts(status);
  byId("api-pace").hidden = !texts.length;
  setText(byId("api-pace"), texts.join("; "));
};

let plotted = "";
const showRequests = () => {
  if (!data.requests || !data.status) return;
  const quiet = !data.requests.minutes.length;
  byId("plots").hidden = quiet;
  byId("api-none").hidden = !quiet;
  setText(byId("api-none"), data.status.daemon.role === "stands_by" ?
    "No requests: this daemon stands by. The page of a daemon that works accounts shows its requests." : "No requests yet.");
  if (quiet) return;
  const width = Math.max(240, Math.floor(byId("plot-count").clientWidth));
  const state = JSON.stringify([width, zone, data.requests.now]);
  if (state === plotted) return;
  plotted = state;
  const minutes = minutesPlotted(data.requests);
  const each = [1, 2, 3, 5, 10, 15].find((m) => (width - plotLeft) / (minutes / m) >= 3) ?? 15;
  const steps = stepsOf(data.requests, minutes, each);
  plotCounts(steps, width);
  plotLatency(steps, width);
  byId("api-table").replaceChildren(apiTable(stepsOf(data.requests, minutes, minutes > 60 ? 15 : 5)));
  setText(byId("api-hours"), minutes < 60 ? `${minutes} minutes` : plural(minutes / 60, "hour", "hours"));
};
