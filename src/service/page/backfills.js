// Backfills: how far each is, and, for who holds the admin token, starting, pausing and cancelling them; and how such
// requests are sent.

const tokenKey = "ordersync-admin-token";
const tokenField = () => byId("order-token");
const keepToken = (token) => {
  if (token) sessionStorage.setItem(tokenKey, token);
  else sessionStorage.removeItem(tokenKey);
};

const note = (text, bad = false) => {
  setText(byId("order-note"), text);
  setAttribute(byId("order-note"), "data-level", bad ? "bad" : "good");
};

// Sends what needs the admin token, and shows the outcome by `show`; whether it was accepted.
const sendWithToken = async (path, body, show, done, patience) => {
  const token = tokenField().value;
  if (!token) {
    show("Enter the admin token first.", true);
    tokenField().focus();
    return false;
  }
  // A header takes nothing else, and no token has it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    show("The admin token is wrong. Use the content of the file named in service.admin_token_file: one word of ASCII.", true);
    return false;
  }
  try {
    const answer = await order(path, body, token, patience);
    if (answer.status < 300) {
      keepToken(token);
      show(done(answer.body));
      return true;
    }
    if (answer.status === 401) keepToken(null);
    show(`${answer.body.error.what} ${answer.body.error.cure}`, true);
  } catch {
    show("The daemon did not answer, so the outcome is unknown. Check the list.", true);
  }
  return false;
};

const send = async (path, body, done) => {
  await sendWithToken(path, body, note, done);
  poll();
};

const actions = [["pause", "Pause", ["queued", "running"]], ["resume", "Resume", ["paused", "failed"]],
  ["cancel", "Cancel", ["queued", "running", "paused"]]];

const sendAction = (id, action) => {
  if (action === "cancel" && !confirm(`Cancel backfill ${id} permanently? What it has read is kept.`)) return;
  send(`/api/backfills/${id}/${action}`, null, (job) => `Backfill ${job.id} is ${job.state}.`);
};

const makeJob = (job) => h("li.job", {},
  h("p.job-head", {}, h("b", {}, `#${job.id}`), h("span.state"), h("span.account", {}, job.account)),
  h("p.range", {}, `${timeText(parse(job.from))} to ${timeText(parse(job.to))}`),
  h("div.bar", { role: "progressbar", "aria-label": `Progress of backfill ${job.id}`, "aria-valuemin": 0, "aria-valuemax": 100 }, h("span")),
  h("p.soft.progress-text"),
  h("p.actions", {}, ...actions.map(([action, text]) =>
    h("button.small", { type: "button", "data-action": action, "aria-label": `${text} backfill ${job.id}`, onclick: () => sendAction(job.id, action) }, text))));

// By orders where the API has counted them, else by creation time.
const doneShare = (job) => {
  if (job.state === "done") return 1;
  const byTime = 1 - job.left_seconds / job.seconds;
  return job.expected_orders ? Math.min(0.999, Math.max(byTime, job.orders / job.expected_orders)) : byTime;
};

const leftText = (job, share) => {
  const begun = parse(job.started_at);
  if (job.state !== "running" || begun === null || share < 0.02) return "";
  return `, about ${lengthText(((now() - begun) * (1 - share)) / share)} left`;
};

const progressText = (job) => {
  const share = doneShare(job);
  const orders = job.expected_orders ? `${numbers.format(job.orders)} of ${numbers.format(job.expected_orders)} orders` :
    plural(job.orders, "order", "orders");
  const ended = parse(job.finished_at);
  const gaps = job.gaps ? `, ${plural(job.gaps, "window", "windows")} not proven` : "";
  const when = ended === null ? leftText(job, share) : `, ended ${shortTime(ended, now())}`;
  return `${percent(share)}, ${orders}${gaps}${when}${job.reason ? `. ${job.reason}` : ""}`;
};

const changeJob = (item, job) => {
  const share = doneShare(job);
  item.dataset.state = job.state;
  item.dataset.id = job.id;
  setText(item.querySelector(".state"), job.state);
  const bar = item.querySelector(".bar");
  setAttribute(bar, "aria-valuenow", Math.floor(share * 100));
  bar.firstElementChild.style.setProperty("--share", share);
  bar.hidden = !job.open;
  setText(item.querySelector(".progress-text"), progressText(job));
  for (const button of item.querySelectorAll("button")) {
    const [, , states] = actions.find(([action]) => action === button.dataset.action);
    button.hidden = !data.status.can_order || !states.includes(job.state);
  }
};

const mostJobs = 8;
const showBackfills = () => {
  if (!data.backfills || !data.status) return;
  const { backfills } = data.backfills;
  const open = backfills.filter((job) => job.open);
  const shown = [...open, ...backfills.filter((job) => !job.open)].slice(0, Math.max(mostJobs, open.length));
  keyed(byId("backfills"), shown, (job) => job.id, makeJob, changeJob);
  byId("backfills-none").hidden = backfills.length > 0;
  byId("read-only").hidden = data.status.can_order;
  byId("order").hidden = !data.status.can_order;
  setOptions(byId("order-account"), (data.status.accounts ?? []).filter((a) => a.configured).map((a) => a.account));
  setText(byId("order-zone"), `Times are UTC${zoneText()}.`);
};

const localValue = (ms) => new Date(ms + zone).toISOString().slice(0, 19);
const proposeBackfill = (from, to) => {
  byId("order-from").value = localValue(from);
  byId("order-to").value = localValue(to);
  if (data.coverageAccount) byId("order-account").value = data.coverageAccount;
  byId("order").scrollIntoView({ block: "nearest" });
  (tokenField().value ? byId("order").querySelector("button") : tokenField()).focus();
};

const startOrders = () => {
  tokenField().value = sessionStorage.getItem(tokenKey) ?? "";
  byId("order").addEventListener("submit", (event) => {
    event.preventDefault();
    const time = (id) => `${byId(id).value}${byId(id).value.length === 16 ? ":00" : ""}${zoneText()}`;
    send("/api/backfills", { account: byId("order-account").value, from: time("order-from"), to: time("order-to") },
      (body) => `Backfill ${body.backfills.map((job) => job.id).join(", ")} created.`);
  });
};
