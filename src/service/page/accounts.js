// Per account: complete through and lag, last success, gaps, quarantine, and how older orders are kept fresh.

const fact = (name, id) => h("div", { "data-fact": id }, h("dt", {}, name), h("dd", {}, h("b"), h("span")));

const makeAccount = (account) =>
  h("article.account", { "aria-label": `Account ${account.account}` },
    h("h3", {}, account.account),
    h("dl.facts", {}, fact("Complete through", "through"), fact("Behind", "behind"), fact("Last success", "success"),
      fact("Gaps", "gaps"), fact("Orders", "orders"), fact("Quarantine", "quarantine"), fact("Audited", "audited"),
      fact("Push messages", "push"), fact("Details waiting", "details")),
    h("ul.tiers", { "aria-label": "How often older orders are refreshed" }),
    h("ul.limits", { "aria-label": "Limits of the API, and proofs found wrong" }));

const setFact = (card, id, value, more, level = null) => {
  const box = card.querySelector(`[data-fact=${id}]`);
  setText(box.querySelector("b"), value);
  setText(box.querySelector("span"), more);
  setAttribute(box, "data-level", level);
};

const tierText = (tier) => {
  const oldest = parse(tier.oldest_read_at);
  const age = `orders under ${lengthText(tier.younger_than_seconds * 1000)} old`;
  if (oldest === null) return `${age}: not refreshed yet`;
  return `${age}: refreshed ${lengthText(Math.max(0, parse(tier.updated_at) - oldest))} ago at the latest ` +
    `(target: every ${lengthText(tier.every_seconds * 1000)})`;
};

const auditText = (of) => `${numbers.format(of.orders)} orders, ${lengthText(of.seconds * 1000)} of creation time`;

const showAudits = (card, account) => {
  const { day, month } = account.audited;
  setFact(card, "audited", plural(day.checks, "check", "checks"),
    month.checks ? `since yesterday: ${auditText(day)}; in 31 days ${numbers.format(month.checks)} checks: ${auditText(month)}` :
      "nothing in 31 days", account.open_contradictions ? "bad" : null);
};

// Hidden where none has ever come.
const showPush = (card, { push }) => {
  const count = Object.values(push.day).reduce((sum, n) => sum + n, 0);
  const stored = push.p99_seconds === null ? "" : `; changes stored after ${push.p50_seconds.toFixed(1)} s (p50), ${push.p99_seconds.toFixed(1)} s (p99)`;
  const lost = push.changes ? `; ${numbers.format(push.unannounced_changes)} of ${numbers.format(push.changes)} changes came without one` : "";
  const latest = push.latest_at === null ? "" : `in a day, the latest ${lengthText(Math.max(0, now() - parse(push.latest_at)))} ago`;
  setFact(card, "push", numbers.format(count), latest + stored + lost);
  card.querySelector("[data-fact=push]").hidden = push.latest_at === null;
};

// Hidden where details are not read.
const showDetails = (card, { details }) => {
  card.querySelector("[data-fact=details]").hidden = details === null;
  if (details === null) return;
  const ago = (at) => lengthText(Math.max(0, now() - parse(at)));
  const oldest = details.waiting && details.oldest_due_at !== null ? [`the oldest for ${ago(details.oldest_due_at)}`] : [];
  const failing = details.failing ? [`${numbers.format(details.failing)} failed the last time: ${details.last_failure}`] : [];
  const refused = details.refused_at === null ? [] : [`not permitted for ${ago(details.refused_at)}: ${details.refusal}`];
  setFact(card, "details", numbers.format(details.waiting),
    [...refused, ...oldest, ...failing, `${numbers.format(details.later)} later`].join("; "),
    refused.length || failing.length ? "notice" : null);
};

const limitText = (limit, account) => {
  const waits = limit.name === "nearest_end" && limit.value === account.settle_seconds;
  const settles = waits ? `, so orders are read ${lengthText(limit.value * 1000)} after their creation` : "";
  const how = limit.by_hand ? "set by api.limits" : `since ${shortTime(parse(limit.since), now())}: ${limit.found_by}`;
  return `Limit ${limit.name}: ${limit.text}${settles}; ${how}`;
};

// Open contradictions, then limits: each has a line.
const notesOf = (account) => {
  const notes = account.limits.map((limit) => ({ key: limit.name, text: limitText(limit, account), level: null }));
  const last = account.last_contradiction;
  if (account.open_contradictions === 0) return notes;
  const counts = last && !["range", "filter"].includes(last.way) ? `${last.expected} expected, ${last.found} found: ` : "";
  const lately = last ? `; the last, ${shortTime(parse(last.found_at), now())}, by ${last.way}: ${counts}${last.reason}` : "";
  return [{ key: "contradictions", level: "bad",
    text: `${plural(account.open_contradictions, "proof", "proofs")} found wrong, not proven again yet${lately}` }, ...notes];
};

const changeAccount = (card, account) => {
  const through = parse(account.complete_through);
  const gapLength = account.gaps.reduce((sum, g) => sum + parse(g.to) - parse(g.from), 0);
  card.dataset.account = account.account;
  card.dataset.completeThrough = account.complete_through ?? "";
  setText(card.querySelector("h3"), account.account + (account.configured ? "" : " (not configured)"));
  const today = through !== null && dateText(through) === dateText(now());
  setFact(card, "through", through === null ? "nothing yet" : today ? clock(through) : dateText(through),
    through === null ? "" : today ? dateText(through) : clock(through));
  const newest = parse(account.proven_to);
  setFact(card, "behind", through === null ? "–" : lengthText(now() - through),
    newest !== null && newest !== through ? `newest proven ${lengthText(now() - newest)} ago` : "",
    account.complete ? "good" : "catching_up");
  const last = account.last_proven;
  setFact(card, "success", last ? clock(parse(last.at)) : "none", last ? `${dateText(parse(last.at))}, ${last.kind}` : "");
  setFact(card, "gaps", account.gaps.length ? numbers.format(account.gaps.length) : "none",
    account.gaps.length ? `${lengthText(gapLength)} in total` : "all of it is proven",
    account.gaps.length ? "bad" : "good");
  setFact(card, "orders", numbers.format(account.orders), "");
  const accepted = account.accepted_quarantine ? [plural(account.accepted_quarantine_kinds, "kind accepted", "kinds accepted")] : [];
  setFact(card, "quarantine", numbers.format(account.open_quarantine),
    [...(account.open_quarantine ? [plural(account.open_quarantine_kinds, "kind of values", "kinds of values")] : []), ...accepted].join("; "),
    account.open_quarantine ? "notice" : null);
  showAudits(card, account);
  showPush(card, account);
  showDetails(card, account);
  keyed(card.querySelector(".limits"), notesOf(account), (note) => note.key, () => h("li"), (item, note) => {
    setText(item, note.text);
    setAttribute(item, "data-level", note.level);
  });
  keyed(card.querySelector(".tiers"), account.revisits, (t) => t.younger_than_seconds,
    () => h("li"), (item, tier) => {
      setText(item, tierText(tier) + (tier.behind ? ": behind" : ""));
      setAttribute(item, "data-level", tier.behind ? "notice" : null);
    });
};

// Of many accounts the worst first, as `ordersync status` has them; those that are current stay in their order.
const mostAccounts = 50;
const standings = ["failing", "behind", "current", "not_configured"];
const distanceOf = (account) => (["failing", "behind"].includes(account.standing) ?
  (account.complete_through === null ? Infinity : account.behind_seconds) : 0);
const isWorse = (a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing) ||
  (distanceOf(a) === distanceOf(b) ? 0 : distanceOf(b) - distanceOf(a));

const summaryText = ({ accounts, current, behind, failing }) =>
  `${plural(accounts, "account", "accounts")}: ${numbers.format(current)} current, ${numbers.format(behind)} behind, ${numbers.format(failing)} failing`;

const showRest = (left, wanted, found) => {
  const none = wanted && !found ? "No account has this in its name." : "";
  setText(byId("accounts-rest"), left ? `${plural(left, "more account", "more accounts")}, none of them worse: search by name.` : none);
  byId("accounts-rest").hidden = !left && !none;
};

const showAccounts = (status) => {
  const all = status.accounts ?? [];
  byId("accounts-search-box").hidden = all.length < 2;
  byId("accounts-summary").hidden = all.length < 2;
  if (status.summary) setText(byId("accounts-summary"), summaryText(status.summary));
  const wanted = byId("accounts-search").value.trim().toLowerCase();
  const found = all.filter((a) => a.account.toLowerCase().includes(wanted)).sort(isWorse);
  const shown = found.slice(0, mostAccounts);
  keyed(byId("accounts"), shown, (a) => a.account, makeAccount, changeAccount);
  showRest(found.length - shown.length, wanted, found.length);
};
