// Puts it together: shows what was received, lets ages grow between answers.

const showAll = () => {
  showVerdict();
  showConnection();
  if (!data.status) return;
  showDaemon(data.status);
  showAccounts(data.status);
  showIssues(data.status);
  showCoverage();
  showBackfills();
  byId("find-refresh").hidden = !found || !data.status.can_order;
  showPace(data.status);
  showRequests();
  showProblems();
};

const tick = () => {
  if (document.hidden || !data.status) return;
  showVerdict();
  showConnection();
  showAccounts(data.status);
};

startOrders();
startFinding();
byId("coverage-account").addEventListener("change", poll);
byId("accounts-search").addEventListener("input", () => { if (data.status) showAccounts(data.status); });
new ResizeObserver(() => showRequests()).observe(byId("plots"));
startPolling(showAll);
setInterval(tick, 1000);
