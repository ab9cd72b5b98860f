// What the API sends that is not as expected: kinds of values in quarantine, and fields that nobody knew. No values.

const mostFields = 100;

const kindText = (kind) => {
  if (kind.kind_accepted) return `${kind.reason} (accepted)`;
  return kind.accepted ? `${kind.reason} (${numbers.format(kind.accepted)} accepted)` : kind.reason;
};

// Open kinds first; then new fields, the newest first; what is accepted last.
const issuesOf = (status) => {
  const kinds = (status.quarantine_kinds ?? []).map((kind) => ({ key: `kind ${kind.path} ${kind.reason}`, where: kind.path,
    what: kindText(kind), state: kind.open ? "open" : "accepted", count: plural(kind.open + kind.accepted, "value", "values"),
    first: kind.first_seen_at, last: kind.last_seen_at }));
  const fields = (status.schema_drift ?? []).slice(0, mostFields).map((field) => ({ key: `field ${field.path}`, where: field.path,
    what: "unknown field or value; kept in the payload", state: "unknown", count: plural(field.count, "order", "orders"),
    first: field.first_seen_at, last: field.last_seen_at }));
  return [...kinds.filter((k) => k.state === "open"), ...fields, ...kinds.filter((k) => k.state !== "open")];
};

const makeIssue = () => h("tr", {}, h("th", { scope: "row" }), h("td"), h("td.count"), h("td.seen"), h("td.seen"));

const changeIssue = (row, issue) => {
  row.dataset.state = issue.state;
  [issue.where, issue.what, issue.count, timeText(parse(issue.first)), timeText(parse(issue.last))]
    .forEach((text, i) => setText(row.children[i], text));
};

const issuesSummary = (status) => {
  const { open_quarantine: open, open_quarantine_kinds: kinds, accepted_quarantine: accepted, accepted_quarantine_kinds: acceptedKinds } = status;
  const parts = [open ? `${plural(kinds, "kind", "kinds")} of values in quarantine (${plural(open, "value", "values")})` : "quarantine empty"];
  if (accepted) parts.push(`${plural(acceptedKinds, "kind", "kinds")} accepted (${plural(accepted, "value", "values")})`);
  parts.push(status.drift_paths ? plural(status.drift_paths, "unknown field or value", "unknown fields or values") : "no unknown fields");
  return parts.join("; ");
};

const showIssues = (status) => {
  if (status.open_quarantine === undefined) return;
  const issues = issuesOf(status);
  setText(byId("issues-summary"), issuesSummary(status));
  keyed(byId("issues"), issues, (issue) => issue.key, makeIssue, changeIssue);
  byId("issues-box").hidden = issues.length === 0;
};
