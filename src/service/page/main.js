// Puts it together: shows what was told, lets ages grow between answers.

const tell = () => {
  tellVerdict();
  tellConnection();
  if (!data.status) return;
  tellDaemon(data.status);
  tellAccounts(data.status);
  tellCoverage();
  tellBackfills();
  tellPace(data.status);
  tellRequests();
  tellTroubles();
};

const tick = () => {
  if (document.hidden || !data.status) return;
  tellVerdict();
  tellConnection();
  tellAccounts(data.status);
};

startOrders();
byId("coverage-account").addEventListener("change", poll);
new ResizeObserver(() => tellRequests()).observe(byId("plots"));
startPolling(tell);
setInterval(tick, 1000);
