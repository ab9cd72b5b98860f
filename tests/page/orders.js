"use strict";
// Starting, pausing and cancelling backfills from the page; and who may not.

const { check, equal, sql, until, request, open, text, run } = require("./harness.js");

const token = process.env.TEST_TOKEN;
const jobs = () => sql("SELECT count(*) FROM ordersync.backfill_jobs");
const state = (id) => sql(`SELECT state FROM ordersync.backfill_jobs WHERE id = ${id}`);

const fill = async (page, from, to, secret) => {
  await page.getByLabel("From").fill(from);
  await page.getByLabel("To, not included").fill(to);
  await page.getByLabel("Admin token").fill(secret);
  await page.getByRole("button", { name: "Start" }).click();
};
const shown = (page, id, wanted) => page.locator(`.job[data-id="${id}"][data-state=${wanted}]`).waitFor();

run({
  "a token that no header can hold is not the right one": async (browser) => {
    const { page } = await open(browser);
    await fill(page, "2024-05-01T00:00", "2024-06-01T00:00", "t\u00f6ken \u8ba2\u5355");
    await page.locator("#order-note", { hasText: "The admin token is wrong." }).waitFor();
  },

  "a wrong token is refused": async (browser) => {
    const { page, complaints } = await open(browser);
    await fill(page, "2024-05-01T00:00", "2024-06-01T00:00", "not the right token");
    await page.locator("#order-note", { hasText: "The admin token is wrong." }).waitFor();
    equal(jobs(), "0", "jobs");
    equal(await page.evaluate(() => sessionStorage.length), 0, "tokens kept");
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "so is whatever is not this page's": async () => {
    const body = JSON.stringify({ account: "main", from: "2024-05-01", to: "2024-06-01" });
    const good = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const status = async (headers) => (await request("POST", "/api/backfills", headers, body)).status;
    equal(await status({ ...good, Authorization: "" }), 401, "without a token");
    equal(await status({ ...good, Authorization: `Bearer ${token}x` }), 401, "with a longer one");
    equal(await status({ ...good, "Content-Type": "text/plain" }), 415, "not as JSON");
    equal(await status({ ...good, Origin: "http://elsewhere.example" }), 403, "from another site");
    const twice = await request("POST", "/api/backfills", good, JSON.stringify({ from: "2024-06-01", to: "2024-05-01" }));
    equal(twice.status, 400, "a range that is none");
    check(twice.text.includes("before"), `says why: ${twice.text}`);
    equal((await request("POST", "/api/backfills/77/pause", good, "{}")).status, 409, "a job that is not there");
    equal((await request("POST", "/api/backfills/1/stop", good, "{}")).status, 404, "a wish that is none");
    equal(jobs(), "0", "jobs");
  },

  "a backfill that is started here is paused, resumed and cancelled here": async (browser) => {
    const { page, complaints } = await open(browser);
    page.on("dialog", (dialog) => dialog.accept());
    await fill(page, "2024-05-01T00:00", "2024-06-01T00:00", token);
    await until("the job is in the database and runs", () => jobs() === "1" && state(1) === "running");
    equal(sql("SELECT account, begins = '2024-05-01+08', ends = '2024-06-01+08' FROM ordersync.backfill_jobs"), "main|t|t", "what was asked for");
    await shown(page, 1, "running");
    check(Number(await page.locator(".job .bar").getAttribute("aria-valuenow")) < 100, "it is not done yet");
    await page.getByRole("button", { name: "Pause backfill 1" }).click();
    await shown(page, 1, "paused");
    equal(state(1), "paused", "in the database");
    await page.getByRole("button", { name: "Resume backfill 1" }).click();
    await shown(page, 1, "running");
    await page.getByRole("button", { name: "Cancel backfill 1" }).click();
    await shown(page, 1, "cancelled");
    equal(state(1), "cancelled", "in the database");
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "a backfill that is started here finishes": async (browser) => {
    const { page } = await open(browser);
    await fill(page, "2024-05-07T00:00", "2024-05-07T06:00", token);
    await shown(page, 2, "done");
    equal(state(2), "done", "in the database");
    equal(await page.locator("#order-token").inputValue(), token, "the token stays for the next order");
    await page.reload();
    await page.locator(`.job[data-id="2"]`).waitFor();
    equal(await page.locator("#order-token").inputValue(), token, "and over a reload, in this tab");
    check((await text(page, `.job[data-id="2"]`)).includes("100 %"), "it is shown as done");
  },

  "no answer and no log of the browser holds the token": async (browser) => {
    const { page } = await open(browser);
    for (const path of ["/", "/api/status", "/api/coverage?account=main", "/api/requests", "/api/troubles", "/api/backfills"]) {
      const answer = await request("GET", path);
      equal(answer.status, 200, path);
      check(!answer.text.includes(token), `${path} does not hold the token`);
    }
    check(!(await page.content()).includes(token), "nor does the document");
  },
});
