// At the top, in words: is the mirror complete and current? And whether what is shown is true at all.

const signs = {
  good: "M6 17l7 7L26 9",
  notice: "M16 6v13M16 24v2",
  catching_up: "M16 7v10l6 4M16 3a13 13 0 1 1-.1 0",
  bad: "M8 8l16 16M24 8L8 24",
  lost: "M5 12a16 16 0 0 1 22 0M10 18a9 9 0 0 1 12 0M16 25v.1M5 27L27 5",
  starting: "M16 16h.1",
};

// Findings come the worst first; more would be too many for anybody to read.
const mostFindings = 20;
const fewEnough = (findings) => (findings.length <= mostFindings ? findings : [...findings.slice(0, mostFindings),
  { level: "notice", what: `${plural(findings.length - mostFindings, "more finding", "more findings")}, none of them worse.`,
    cure: "`ordersync status --json` has all of them." }]);

const listFindings = (findings) => {
  keyed(byId("findings"), fewEnough(findings), (f) => f.what.replace(/[\d.,]+/g, "#"),
    () => h("li", {}, h("span.what"), h("span.cure")),
    (item, f) => {
      setAttribute(item, "data-level", f.level);
      setAdvice(item.children[0], f.what);
      setAdvice(item.children[1], f.cure);
    });
};

const fillVerdict = (level, headline, text, findings) => {
  setAttribute(byId("verdict"), "data-level", level);
  setAttribute(byId("sign-path"), "d", signs[level] ?? signs.notice);
  setText(byId("headline"), headline);
  setText(byId("verdict-text"), text);
  listFindings(findings);
  document.title = `${headline} · ordersync`;
};

const completeText = (status) => {
  if ((status.accounts ?? []).some((a) => a.configured && a.in_doubt))
    return "Proven coverage is in doubt, for the reason below.";
  const through = (status.accounts ?? []).filter((a) => a.configured).map((a) => parse(a.complete_through));
  if (!through.length) return "";
  if (through.includes(null)) return `Nothing is proven yet from ${dateText(parse(status.sync_start))} on.`;
  const least = Math.min(...through);
  const whole = `Every order created from ${dateText(parse(status.sync_start))} to ${dateText(least)} ${clock(least)} is here`;
  const rest = status.accounts.every((a) => a.complete) ? `, ${lengthText(now() - least)} behind now` :
    "; after that, all but the gaps";
  return `${whole}${rest}. Times are UTC${zoneText()}.`;
};

const showVerdict = () => {
  const lost = !link.ok && link.lostAt !== null;
  document.body.classList.toggle("stale", lost);
  if (lost) {
    const seen = link.seenAt === null ? "No data was received yet." :
      `The figures below are ${lengthText(performance.now() - link.seenAt)} old and may be outdated.`;
    fillVerdict("lost", "The daemon does not answer this page", seen, [{ level: "bad",
      what: "The connection to the daemon is lost. This page retries every two seconds.",
      cure: "Check that the daemon runs: `systemctl status ordersync`, or `ordersync status` on its machine." }]);
    return;
  }
  if (!data.status) return;
  const { level, headline, findings } = data.status.verdict;
  fillVerdict(level, headline, completeText(data.status), findings);
};

const showConnection = () => {
  const box = byId("connection");
  if (link.lostAt !== null) {
    setAttribute(box, "data-state", "lost");
    setText(byId("connection-text"), "connection lost");
  } else if (link.ok) {
    const age = data.status.age_seconds * 1000 + performance.now() - link.seenAt;
    setAttribute(box, "data-state", "live");
    setText(byId("connection-text"), age < 10000 ? "live" : `live, database data ${lengthText(age)} old`);
  }
};

const roles = { leads: "leads", works: "works accounts", stands_by: "stands by", unknown: "" };
const showDaemon = (status) => {
  const { host, version, role } = status.daemon;
  setText(byId("daemon"), [version, `on ${host}`, roles[role]].filter(Boolean).join(", "));
  const leader = status.leader;
  setText(byId("leader"), !leader ? "No daemon has led yet." :
    `Daemon ${leader.instance} on ${leader.host} leads since ${shortTime(parse(leader.since), now())}, ` +
    `epoch ${leader.epoch}, version ${leader.version}. This is ${status.daemon.instance}, version ${version}.`);
};
