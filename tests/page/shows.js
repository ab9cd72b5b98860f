"use strict";
// What the page shows equals the database, and goes with it.

const { check, equal, sql, until, simulator, open, text, run } = require("./harness.js");

const number = (n) => new Intl.NumberFormat("en").format(Number(n));
const fact = (page, id) => text(page, `.account[data-account=main] [data-fact=${id}] b`);

// What the cells of the calendar as it stands should say, by SQL.
const expected = (cells) => {
  const rows = cells.map((c) => `(${c.from}::bigint, ${c.to}::bigint)`).join(",");
  return sql(`
    WITH c AS (SELECT proven, timestamptz '2024-05-01 00:00+08' AS start, now() - interval '20 s' AS until
               FROM ordersync.coverage WHERE account = 'main'),
    cell AS (SELECT f, tstzrange(greatest(to_timestamp(f / 1000), start), least(to_timestamp(t / 1000), until)) AS r, proven
             FROM (VALUES ${rows}) AS v (f, t), c WHERE to_timestamp(t / 1000) > start AND to_timestamp(f / 1000) < until)
    SELECT f, CASE WHEN cell.proven @> r THEN 'proven'
      WHEN EXISTS (SELECT FROM ordersync.sweeps s WHERE outcome = 'failed' AND s.range && r AND NOT cell.proven @> s.range) THEN 'failed'
      WHEN EXISTS (SELECT FROM ordersync.sweeps s WHERE outcome = 'unproven' AND s.range && r AND NOT cell.proven @> s.range) THEN 'unproven'
      ELSE 'never' END FROM cell ORDER BY f`);
};

const cellsOf = (page) => page.locator("[role=gridcell][data-from]").evaluateAll((all) =>
  all.map((c) => ({ from: Number(c.dataset.from), to: Number(c.dataset.to), state: c.dataset.state, label: c.getAttribute("aria-label") })));

const compareCells = async (page, where) => {
  const cells = await cellsOf(page);
  const shown = cells.filter((c) => c.state !== "none").sort((a, b) => a.from - b.from).map((c) => `${c.from}|${c.state}`).join("\n");
  equal(shown, expected(cells), `cells of ${where}`);
  return cells;
};

const enter = async (page, state) => {
  await page.locator(`[role=gridcell][data-state=${state}]`).first().click();
};

run({
  "the numbers are the database's": async (browser) => {
    const { page, complaints } = await open(browser);
    equal(await fact(page, "orders"), number(sql("SELECT count(*) FROM ordersync.orders WHERE _account = 'main'")), "orders");
    equal(await fact(page, "quarantine"), number(sql("SELECT count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL")), "quarantine");
    const through = await page.locator(".account[data-account=main]").getAttribute("data-complete-through");
    equal(Date.parse(through), Number(sql(`SELECT (extract(epoch FROM upper(part)) * 1000)::bigint FROM ordersync.coverage, unnest(proven) AS part
      WHERE part @> timestamptz '2024-05-01 00:00+08'`)), "complete through");
    equal(await fact(page, "gaps"), "3", "gaps");
    equal(await text(page, "#headline"), "Not complete: there are gaps", "headline");
    check((await text(page, "#leader")).includes(sql("SELECT instance FROM ordersync.leader")), "the leader is named");
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "limits, audits and contradictions are shown, and nothing in doubt is called complete": async (browser) => {
    const { page, complaints } = await open(browser);
    sql(`INSERT INTO ordersync.audits VALUES ('main', current_date, 'slice', 1000, 50, 700, 7200, 0) ON CONFLICT (account, day, way) DO UPDATE SET checks = 1000`);
    sql(`INSERT INTO ordersync.api_limits VALUES ('main', 'longest_range', 604800, now(), now(), 'made for a test'), ('main', 'nearest_end', 120, now(), now(), 'made for a test')`);
    await until("the limits are shown", async () => (await page.locator(".limits li").count()) === 2);
    const limits = await text(page, ".limits");
    check(limits.includes("Limit longest_range: 7 d; since") && limits.includes("made for a test"), `how it was found: ${limits}`);
    check(limits.includes("Limit nearest_end: 2 min before now, so orders are read 2 min after their creation"), `what follows: ${limits}`);
    check((await fact(page, "audited")).includes("1,0"), `checks: ${await fact(page, "audited")}`);
    sql(`INSERT INTO ordersync.contradictions (account, found_at, way, range, expected, found, reason, retracted) VALUES
      ('main', now(), 'slice', '(,)', 12, 14, 'an audit: made for a test', '{[1990-01-01,1990-01-02)}')`);
    await until("the contradiction is shown", async () => (await text(page, ".limits")).includes("12 expected, 14 found: an audit: made for a test"));
    await until("and what it means", async () => (await text(page, "#headline")) === "Completeness in doubt: a proof turned out wrong");
    check((await text(page, "#verdict-text")).includes("in doubt"), "no word of being complete");
    sql("DELETE FROM ordersync.contradictions");
    sql("DELETE FROM ordersync.api_limits");
    await until("all of it goes again", async () => (await page.locator(".limits li").count()) === 0);
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "kinds in quarantine and new fields are in a table, and what is accepted is said to be": async (browser) => {
    const { page, complaints } = await open(browser);
    const rows = (state) => page.locator(`#issues tr[data-state=${state}]`);
    const kinds = Number(sql("SELECT count(DISTINCT (kind_path, kind_reason)) FROM ordersync.quarantine WHERE resolved_at IS NULL"));
    await until("every kind has a row", async () => (await rows("open").count()) === kinds);
    equal(await rows("unknown").count(), Number(sql("SELECT count(*) FROM ordersync.schema_drift")), "new fields");
    const [path, reason, count] = sql(`SELECT kind_path, kind_reason, count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1`).split("|");
    const first = await rows("open").first().textContent();
    check(first.includes(path) && first.includes(reason) && first.includes(`${number(count)} value`), `the largest kind: ${first}`);
    sql(`INSERT INTO ordersync.accepted_kinds (path, reason, why) SELECT DISTINCT kind_path, kind_reason, 'canary-why' FROM ordersync.quarantine`);
    await until("all are accepted", async () => (await rows("accepted").count()) === kinds && (await rows("open").count()) === 0);
    equal(await fact(page, "quarantine"), "0", "what is open");
    check((await text(page, "#issues-summary")).includes(`quarantine empty; ${kinds} kind`), await text(page, "#issues-summary"));
    check(!(await page.content()).includes("canary-why"), "the reason is for the command line");
    sql("DELETE FROM ordersync.accepted_kinds");
    await until("they are open again", async () => (await rows("open").count()) === kinds);
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "texts steer nothing, and their moments are of the zone": async (browser) => {
    sql(`INSERT INTO ordersync.troubles VALUES ('former', 'reload_refused', '', '', 'error', now(), now(), 1, '{"reason": "ab\\u202ecd since 2024-05-07T16:00:00Z"}')`);
    const { page } = await open(browser);
    const former = page.locator("#troubles li[data-event=reload_refused]");
    await former.waitFor();
    const text = await former.textContent();
    check(text.includes("ab\\u202ecd since 2024-05-08T00:00:00+08:00"), `written out: ${text}`);
    check(!text.includes("\u202e"), "the writing direction stays");
    sql("DELETE FROM ordersync.troubles WHERE instance = 'former'");
  },

  "the last problems are those of this daemon and of those before it, with advice": async (browser) => {
    sql(`INSERT INTO ordersync.troubles VALUES ('former', 'reload_refused', '', '', 'error', now(), now(), 1, '{"reason": "a typing error"}')`);
    const { page } = await open(browser);
    const former = page.locator("#troubles li[data-event=reload_refused]", { hasText: "a typing error" });
    await former.waitFor();
    const text = await former.textContent();
    check(text.includes("a typing error") && text.includes("former") && text.includes("What to do: Fix what"), `the former daemon's: ${text}`);
    await until("all are shown", async () =>
      (await page.locator("#troubles li").count()) === Number(sql("SELECT count(*) FROM ordersync.troubles")));
    check(await page.locator("#alerts").isHidden(), "no alerts are configured");
    sql(`INSERT INTO ordersync.troubles VALUES ('former', 'alert_failed', '', '', 'warning', now(), now(), 1, '{"webhook": "ops", "reason": "no reply"}')`);
    await page.locator("#alerts", { hasText: /^Alerts: none sent of late; last failed .* ago, to ops\.$/ }).waitFor();
    sql("DELETE FROM ordersync.troubles WHERE instance = 'former'");
  },

  "every cell is what coverage says, from years to hours": async (browser) => {
    const { page } = await open(browser);
    const years = await compareCells(page, "all years");
    for (const state of ["proven", "failed", "unproven", "never", "none"]) check(years.some((c) => c.state === state), `there is a cell ${state}`);
    for (const state of ["failed", "unproven", "never"]) {
      await enter(page, state);
      await page.locator("[role=grid][data-level=month]").waitFor();
      const days = await compareCells(page, `the month of what is ${state}`);
      equal(days.length >= 28, true, "a month has its days");
      await enter(page, state);
      await page.locator("[role=grid][data-level=day]").waitFor();
      equal((await compareCells(page, `the day of what is ${state}`)).length, 24, "hours of a day");
      await page.locator("#crumbs button").first().click();
      await page.locator("[role=grid][data-level=years]").waitFor();
    }
  },

  "a gap is shown with its reason": async (browser) => {
    const { page } = await open(browser);
    const gaps = await text(page, "#coverage-detail");
    check(gaps.includes("no answer within 30 s"), `the reason is there: ${gaps}`);
    check(gaps.includes("never read"), "so is what was never read");
    check(gaps.includes("12 May 2024 14:00 to 12 May 2024 16:30, 2 h 30 min"), `with its range: ${gaps}`);
  },

  "what happens shows without a reload": async (browser) => {
    const { page } = await open(browser);
    await page.evaluate(() => { window.opened = true; });
    const before = Number((await fact(page, "orders")).replaceAll(",", ""));
    simulator("/_add?n=3");
    await until("three more orders are shown", async () => Number((await fact(page, "orders")).replaceAll(",", "")) === before + 3);
    equal(sql("SELECT count(*) FROM ordersync.orders"), String(before + 3), "orders in the database");
    // And a gap that closes.
    sql(`UPDATE ordersync.coverage SET proven = proven + tstzmultirange(tstzrange('2024-05-12 14:00+08', '2024-05-12 16:30+08'))`);
    await until("two gaps are left", async () => (await fact(page, "gaps")) === "2");
    await until("the calendar has no failed cell", async () => !(await cellsOf(page)).some((c) => c.state === "failed"));
    equal(await page.evaluate(() => window.opened), true, "the page is the same");
  },

  "of many accounts the fifty worst are shown, and the others are found by name": async (browser) => {
    const { page, complaints } = await open(browser);
    equal(await page.locator("#accounts-search-box").isVisible(), false, "one account needs no search");
    sql(`INSERT INTO ordersync.coverage (account, scope, asked) SELECT 'former-' || n, 'x', 'x' FROM generate_series(101, 160) n`);
    await until("fifty accounts are shown", async () => (await page.locator(".account").count()) === 50);
    equal(await page.locator(".account").first().getAttribute("data-account"), "main", "the worst is the first");
    equal(await text(page, "#accounts-rest"), "11 more accounts, none of them worse: search by name.", "how many more");
    check(/^1 account: \d current, \d behind, \d failing$/.test(await text(page, "#accounts-summary")), `the sum: ${await text(page, "#accounts-summary")}`);
    await page.locator("#accounts-search").fill("MER-16");
    await until("the one that is searched for is shown", async () => (await page.locator(".account").count()) === 1);
    equal(await page.locator(".account").getAttribute("data-account"), "former-160", "its name");
    await page.locator("#accounts-search").fill("nobody");
    await until("that there is none is said", async () => (await text(page, "#accounts-rest")) === "No account has this in its name.");
    await page.locator("#accounts-search").fill("");
    sql("DELETE FROM ordersync.coverage WHERE account LIKE 'former-%'");
    await until("one account is left", async () => (await page.locator(".account").count()) === 1);
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "the calendar is walked by keyboard": async (browser) => {
    const { page } = await open(browser);
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
    const level = () => page.locator("[role=grid]").getAttribute("data-level");
    // One stop of the tabulator in the whole grid.
    equal(await page.locator("[role=gridcell][tabindex='0']").count(), 1, "cells that Tab reaches");
    await page.locator("[role=gridcell][tabindex='0']").focus();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    check((await focused()).startsWith("May 2024"), `Home leads to the first month there is: ${await focused()}`);
    await page.keyboard.press("Enter");
    equal(await level(), "month", "Enter opens the month");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    const day = await focused();
    check(/^\d+ May 2024/.test(day), `a day has the focus: ${day}`);
    await page.keyboard.press("Enter");
    equal(await level(), "day", "Enter opens the day");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press(" ");
    check((await text(page, "#coverage-detail .summary")).includes(" to "), "an hour's details are shown");
    await page.keyboard.press("PageDown");
    equal(await level(), "day", "Page Down goes to the next day");
    await page.keyboard.press("Escape");
    equal(await level(), "month", "Escape goes up");
    await page.keyboard.press("Escape");
    equal(await level(), "years", "and up");
    check((await focused()).startsWith("May 2024"), `to where one came from: ${await focused()}`);
  },
});
