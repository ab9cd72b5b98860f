// One order by its number: where it stands and when it was read; and, with the admin token, reading it again now.

const refreshPatience = 120000;  // a number that the mirror does not know takes up to 60 requests

let found = null;  // what was answered last, and the number that was asked for

const findNote = (text, bad = false) => {
  setText(byId("find-note"), text);
  setAttribute(byId("find-note"), "data-level", bad ? "bad" : "good");
};

const yuan = (fen) => {
  if (fen === null) return "unknown";
  const size = BigInt(fen) < 0n ? -BigInt(fen) : BigInt(fen);
  return `${fen < 0 ? "-" : ""}${size / 100n}.${String(size % 100n).padStart(2, "0")}`;
};

const readText = (read) => {
  if (!read) return "not among the latest reads";
  const at = timeText(parse(read.at));
  if (read.apart) return `${at}, apart from its window: ${read.reason}`;
  const proof = read.proven ? "proven" : `not proven: ${read.reason}`;
  return `${at}, ${read.kind} window ${timeText(parse(read.range.from))} to ${timeText(parse(read.range.to))}, ${proof}`;
};

const changesText = (changes) => changes.map((change) => change.text).join("; ");

const at = (moment) => moment && timeText(parse(moment));
const joined = (parts) => parts.filter(Boolean).join(", ");

const detailFacts = (detail) => detail ? [
  ["Paid", at(detail.paid_at)],
  ["Shipped", at(detail.all_shipped_at)],
  ["Received", at(detail.received_at ?? detail.confirmed_at)],
  ["Completed", at(detail.completed_at)],
  ["Payments", detail.payments.map((p) => joined([`${yuan(p.amount_fen)} yuan`, p.paid_at ? `paid ${at(p.paid_at)}` : "not paid", p.way])).join("; ")],
  ["Parcels", detail.parcels.map((p) => joined([p.company, p.waybill_number, p.status, p.shipped_at && `shipped ${at(p.shipped_at)}`])).join("; ")],
  ["Refunds", detail.refunds.map((r) => joined([r.id, r.amount_fen !== null && `${yuan(r.amount_fen)} yuan`, r.status ?? r.after_sale_status])).join("; ")],
  ["Detail read", at(detail.read_at)],
] : [];

const dueText = (due) => due && joined([`to be read from ${at(due.due_at)} on`, due.tries > 0 && `failed ${plural(due.tries, "time", "times")}: ${due.reason}`]);

const orderFacts = (order) => [
  ["Status", order.status ?? "unknown"],
  ["Account", order.account],
  ["PandaPon number", order.order_no],
  ["1688 number", order.tb_order_id],
  ["Created", order.created_at && timeText(parse(order.created_at))],
  ["Total", `${yuan(order.total_amount_fen)} yuan, refunded ${yuan(order.refund_amount_fen)}`],
  ["Payment", order.pay_status],
  ["Lines", String(order.items.length)],
  ...detailFacts(order.detail),
  ["Detail", dueText(order.detail_due)],
  ["Last changed", timeText(parse(order.changed_at))],
  ["Last read", readText(order.last_read)],
  ["Coverage", order.proven ? "its creation time is proven complete" : "its creation time is in a gap"],
  ["Vanished", order.vanished_at && `not returned by the API since ${timeText(parse(order.vanished_at))}`],
  ["Erased", order.erased && timeText(parse(order.erased.at))],
  ["Quarantine", order.quarantine.map((q) => `${q.path}: ${q.reason}${q.accepted ? " (accepted)" : ""}`).join("; ")],
];

const makeOrder = (order) => h("article.found", { "data-order": order.id },
  h("h3", {}, `Order ${order.id}`),
  h("dl.fields", {}, ...orderFacts(order).filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
  h("details", {}, h("summary", {}, plural(order.history.length, "state", "states")),
    h("ol.history", {}, ...order.history.map((v) => h("li", {}, `${timeText(parse(v.since))}: ${changesText(v.changes) || `first seen, ${v.status ?? "no status"}`}`)))));

const makeAbsence = (number, absent) => h("article.found", {},
  h("h3", {}, `${number} is not in the mirror`),
  h("p", {}, "It may be that"),
  h("ul.history", {}, ...absent.reasons.map((reason) => h("li", {}, reason.text))));

const showFound = () => {
  const list = found.body.absent ? [makeAbsence(found.number, found.body.absent)] : found.body.orders.map(makeOrder);
  byId("found").replaceChildren(...list);
  byId("find-refresh").hidden = !data.status?.can_order;
};

const findOrder = async (number) => {
  try {
    found = { number, body: await ask(`/api/order?number=${encodeURIComponent(number)}`) };
    showFound();
    return true;
  } catch (failure) {
    findNote(failure.body?.error ? `${failure.body.error.what} ${failure.body.error.cure}` : "The daemon did not answer. Search again.", true);
    return false;
  }
};

const outcomes = {
  stored: "New: stored.", changed: "Changed: ", unchanged: "Unchanged.",
  outdated: "Another read of it was stored meanwhile and stays. Read it again to be sure.",
  not_returned: "The API does not return it; the mirror keeps what it has.",
  not_found: "The API does not know it either",
  not_searchable: "The API can only be asked for 1688 numbers, and it has none.",
  not_configured: "Its account is not configured, so the API cannot be asked for it.",
};
const outcomeText = (result) => outcomes[result.outcome] + changesText(result.changes) + (result.outcome !== "not_found" ? "" :
  result.searched ? ` among orders created from ${timeText(parse(result.searched.from))} on.` : ".");

const refreshOrder = async (number) => {
  findNote("Reading from the API.");
  byId("find-refresh").disabled = true;
  const done = await sendWithToken("/api/order/refresh", { number }, findNote,
    (body) => body.results.map(outcomeText).join(" "), refreshPatience);
  byId("find-refresh").disabled = false;
  if (done) await findOrder(number);
};

const startFinding = () => {
  byId("find").addEventListener("submit", async (event) => {
    event.preventDefault();
    findNote("");
    await findOrder(byId("find-number").value.trim());
  });
  byId("find-refresh").addEventListener("click", () => { if (found) refreshOrder(found.number); });
};
