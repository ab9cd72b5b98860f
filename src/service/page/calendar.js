// The calendar's arithmetic: which cells a period has, and what is known of each. No element is touched here.

// From the answer of /api/coverage, in milliseconds.
const readCoverage = (reply) => {
  const range = (w) => ({ from: parse(w.from), to: parse(w.to) });
  return {
    account: reply.account, start: parse(reply.sync_start), until: parse(reply.expected_to),
    proven: reply.proven.map(range),
    gaps: reply.gaps.map((g) => ({ ...range(g), state: g.state, reason: g.reason, lastRead: parse(g.last_read) })),
  };
};

const overlap = (a, b) => Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

// How much of a period is asked for and proven, and the worst of what is not. Before sync.start only what is proven is
// asked for.
const stateOf = (period, coverage) => {
  const asked = { from: coverage.start, to: coverage.until };
  const within = { from: Math.max(period.from, asked.from), to: Math.min(period.to, asked.to) };
  const share = { proven: 0, failed: 0, unproven: 0, never: 0 };
  let beside = 0;
  for (const w of coverage.proven) {
    share.proven += overlap(w, period);
    beside += overlap(w, period) - overlap({ from: Math.max(w.from, within.from), to: Math.min(w.to, within.to) }, period);
  }
  if (within.to > within.from) for (const gap of coverage.gaps) share[gap.state] += overlap(gap, within);
  const total = Math.max(0, within.to - within.from) + beside;
  if (total <= 0) return { state: "none", proven: 0, total: 0, share };
  const state = ["failed", "unproven", "never"].find((s) => share[s] > 0) ?? "proven";
  return { state, proven: Math.min(1, share.proven / total), total, share };
};

// Where one is: {level: "years"}, {level: "month", year, month}, {level: "day", year, month, day}.
const rangeOf = (at, coverage) => {
  if (at.level === "day") return { from: moment(at.year, at.month, at.day), to: moment(at.year, at.month, at.day + 1) };
  if (at.level === "month") return { from: moment(at.year, at.month), to: moment(at.year, at.month + 1) };
  const [first, last] = yearsOf(coverage);
  return { from: moment(first), to: moment(last + 1) };
};

const yearsOf = (coverage) => {
  const begins = [coverage.start, ...coverage.proven.slice(0, 1).map((w) => w.from)];
  const ends = [coverage.until, ...coverage.proven.slice(-1).map((w) => w.to - 1)];
  const first = fields(Math.min(...begins)).year;
  return [first, Math.max(first, fields(Math.max(...ends)).year)];
};

// Rows of cells {from, to, text, name, into}; null where the row has none.
const yearRows = (coverage) => {
  const [first, last] = yearsOf(coverage);
  const rows = [];
  for (let year = last; year >= first; --year) {
    rows.push({ name: String(year), cells: monthNames.map((text, month) => ({ from: moment(year, month),
      to: moment(year, month + 1), text, name: `${longMonthNames[month]} ${year}`, into: { level: "month", year, month } })) });
  }
  return rows;
};

const monthRows = ({ year, month }) => {
  const days = Math.round((moment(year, month + 1) - moment(year, month)) / day);
  const cells = Array(fields(moment(year, month)).weekday).fill(null);
  for (let date = 1; date <= days; ++date) {
    cells.push({ from: moment(year, month, date), to: moment(year, month, date + 1), text: String(date),
      name: `${date} ${longMonthNames[month]} ${year}`, into: { level: "day", year, month, day: date } });
  }
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => ({ name: null, cells: cells.slice(7 * week, 7 * week + 7) }));
};

const dayRows = ({ year, month, day: date }) => [0, 6, 12, 18].map((begin) => ({
  name: null,
  cells: Array.from({ length: 6 }, (_, i) => {
    const from = moment(year, month, date, begin + i);
    const text = String(begin + i).padStart(2, "0");
    return { from, to: from + hour, text: `${text}h`, name: `${dateText(from)}, ${text}:00 to ${text}:59`, into: null };
  }),
}));

const rowsOf = (at, coverage) =>
  (at.level === "day" ? dayRows(at) : at.level === "month" ? monthRows(at) : yearRows(coverage));

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const columnNames = (at) => ({ years: monthNames, month: weekdays, day: null }[at.level]);

const titleOf = (at) => ({ years: () => "All years", month: () => `${longMonthNames[at.month]} ${at.year}`,
  day: () => `${at.day} ${longMonthNames[at.month]} ${at.year}` }[at.level]());
const above = (at) => (at.level === "day" ? { level: "month", year: at.year, month: at.month } :
  at.level === "month" ? { level: "years" } : null);

// The month or day before or after, as far as there is anything.
const beside = (at, step, coverage) => {
  if (at.level === "years") return null;
  const range = rangeOf(at, coverage);
  const f = fields(step < 0 ? range.from - 1 : range.to);
  const next = at.level === "day" ? { level: "day", year: f.year, month: f.month, day: f.day } :
    { level: "month", year: f.year, month: f.month };
  return stateOf(rangeOf(next, coverage), coverage).state === "none" ? null : next;
};

const stateTexts = { proven: "proven complete", unproven: "read, not proven", failed: "could not be read",
  never: "never read", none: "not mirrored" };
const cellLabel = (cell, known) => {
  if (known.state === "none") return `${cell.name}: not mirrored`;
  const rest = known.state === "proven" || known.proven === 0 ? "" : `, ${percent(known.proven)} proven`;
  return `${cell.name}: ${stateTexts[known.state]}${rest}`;
};
