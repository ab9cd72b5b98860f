// What the daemon serves, requested again and again while somebody looks.

const every = 2000;        // between polls
const rarely = 5;          // of what changes slowly each so many polls
const timeout = 10000;     // for one answer

const data = { status: null, backfills: null, requests: null, troubles: null, coverage: null, coverageAccount: null };
const link = { ok: false, seenAt: null, lostAt: null };  // by the clock that never jumps

// The daemon's clock, carried on between answers.
let serverAhead = 0;
const now = () => performance.timeOrigin + performance.now() + serverAhead;

const ask = async (path) => {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(timeout) });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.error?.what ?? "failed"), { status: answer.status, body });
  return body;
};

// A request that fails leaves the data of the last one.
const askFor = async (name, path) => {
  try {
    data[name] = await ask(path);
  } catch (failure) {
    if (!failure.status) throw failure;
  }
};

const order = async (path, body, token, patience = timeout) => {
  const answer = await fetch(path, {
    method: "POST", cache: "no-store", signal: AbortSignal.timeout(patience), body: JSON.stringify(body ?? {}),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  });
  return { status: answer.status, body: await answer.json() };
};

let round = 0;
let timer = null;
let polling = false;
let again = false;
let show = () => {};

const askForCoverage = async (account) => {
  if (!account) return;
  await askFor("coverage", `/api/coverage?account=${encodeURIComponent(account)}`);
  data.coverageAccount = account;
};

const pollOnce = async () => {
  const began = performance.now();
  data.status = await ask("/api/status");
  serverAhead = parse(data.status.now) - (performance.timeOrigin + (began + performance.now()) / 2);
  setZone(data.status.zone_seconds);
  const wanted = chosenAccount(data.status);
  const slow = round % rarely === 0;
  const asked = [askFor("backfills", "/api/backfills")];
  if (slow || data.coverageAccount !== wanted || coverageIsOld(data.status, wanted)) asked.push(askForCoverage(wanted));
  if (slow) asked.push(askFor("requests", "/api/requests"), askFor("troubles", "/api/troubles"));
  await Promise.all(asked);
};

const poll = async () => {
  clearTimeout(timer);
  if (polling) {
    again = true;
    return;
  }
  polling = true;
  again = false;
  try {
    await pollOnce();
    round += 1;
    Object.assign(link, { ok: true, seenAt: performance.now(), lostAt: null });
  } catch {
    link.ok = false;
    link.lostAt ??= performance.now();
    round = 0;
  }
  polling = false;
  show();
  if (!document.hidden) timer = setTimeout(poll, again ? 0 : every);
};

// Number of gaps or their ends have changed since the calendar was loaded.
let gapsShown = "";
const coverageIsOld = (status, account) => {
  const gaps = JSON.stringify(status.accounts?.find((a) => a.account === account)?.gaps ?? []);
  const changed = gaps !== gapsShown;
  gapsShown = gaps;
  return changed;
};

const startPolling = (shower) => {
  show = shower;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) poll();
  });
  poll();
};
