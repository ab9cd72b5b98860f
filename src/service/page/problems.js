// The last warnings and errors of this daemon, and of those that led before it, with what they mean and what to do.

const mostProblems = 50;

const makeProblem = () => h("li", {}, h("details", {}, h("summary", {}, h("span.level"), h("b"), h("span.times"), h("span.soft.when")),
  h("p.cause"), h("p.cure"), h("dl.fields")));

const changeProblem = (item, t) => {
  item.dataset.level = t.level;
  item.dataset.event = t.event;
  setText(item.querySelector(".level"), t.level);
  setText(item.querySelector("b"), t.event.replaceAll("_", " "));
  setText(item.querySelector(".times"), t.count > 1 ? `${numbers.format(t.count)} times` : "");
  setText(item.querySelector(".when"), (t.fields.account ? `${t.fields.account}, ` : "") + shortTime(parse(t.last_at), now()));
  setAdvice(item.querySelector(".cause"), t.cause);
  setAdvice(item.querySelector(".cure"), t.cure ? `What to do: ${t.cure}` : "");
  const list = item.querySelector(".fields");
  const fieldsShown = [...Object.entries(t.fields), ...(t.count > 1 ? [["first", timeText(parse(t.first_at))]] : []),
    ...(t.elsewhere ? [["daemon", t.instance]] : [])];
  keyed(list, fieldsShown, ([name]) => name, () => h("div", {}, h("dt"), h("dd")), (box, [name, value]) => {
    setText(box.firstElementChild, name);
    setText(box.lastElementChild, value);
  });
};

// The daemon serves its own at once and without the database, which keeps those of the others.
const allProblems = () => {
  const known = new Set([data.status.daemon.instance, ...data.troubles.troubles.map((t) => t.instance)]);
  const others = (data.status.troubles ?? []).filter((t) => !known.has(t.instance));
  const all = [...data.troubles.troubles, ...others.map((t) => ({ ...t, elsewhere: true }))];
  return all.sort((a, b) => parse(b.last_at) - parse(a.last_at)).slice(0, mostProblems);
};

// Where alerts are configured, or sending one failed.
const showAlerts = ({ webhooks, last_sent_at: sent, last_failed_at: failed, failed_webhook: to }) => {
  const ago = (time) => `${lengthText(Math.max(0, now() - parse(time)))} ago`;
  byId("alerts").hidden = !webhooks && !failed;
  setText(byId("alerts"), `Alerts: ${sent ? `last sent ${ago(sent)}` : "none sent of late"}${failed ? `; last failed ${ago(failed)}, to ${to}` : ""}.`);
};

const showProblems = () => {
  if (!data.troubles || !data.status) return;
  if (data.status.alerts) showAlerts(data.status.alerts);
  const problems = allProblems();
  keyed(byId("troubles"), problems, (t) => [t.instance, t.event, t.fields.account, t.fields.failure].join(" "), makeProblem, changeProblem);
  byId("troubles-none").hidden = problems.length > 0;
};
