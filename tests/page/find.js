"use strict";
// Finding an order by its number, and reading it again from the page.

const { check, equal, sql, until, simulator, request, open, text, run } = require("./harness.js");

const token = process.env.TEST_TOKEN;
const id = sql("SELECT id FROM ordersync.orders WHERE tb_order_id ~ '^[0-9]+$' ORDER BY id LIMIT 1");
const column = (name) => sql(`SELECT ${name} FROM ordersync.orders WHERE id = ${id}`);

const find = async (page, number) => {
  await page.getByLabel("Number").fill(number);
  await page.getByRole("button", { name: "Find" }).click();
};

run({
  "an order is found by its number, and shown without personal data": async (browser) => {
    const { page, complaints } = await open(browser);
    await find(page, column("tb_order_id"));
    await page.locator(`.found[data-order="${id}"]`).waitFor();
    const shown = await text(page, ".found");
    check(shown.includes(column("reporting.order_status_name(order_status)")), `its status: ${shown}`);
    check(shown.includes("its creation time is proven complete"), `its coverage: ${shown}`);
    const answer = await request("GET", `/api/order?number=${id}`);
    equal(answer.status, 200, "without a token");
    check(!answer.text.includes("receiver\":"), "no address");
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "a number that no order has is explained, and is only text": async (browser) => {
    const { page, complaints } = await open(browser);
    await find(page, "<img src=x onerror=alert(1)>'; DROP");
    await page.locator(".found", { hasText: "is not in the mirror" }).waitFor();
    equal(await page.locator(".found img").count(), 0, "no markup");
    check((await text(page, ".found")).includes("before sync.start"), "reasons are named");
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "an order is read again for who has the token, and what changed is shown": async (browser) => {
    const { page, complaints } = await open(browser);
    await find(page, id);
    await page.locator(`.found[data-order="${id}"]`).waitFor();
    await page.getByRole("button", { name: "Read it now" }).click();
    await page.locator("#find-note", { hasText: "Enter the admin token first." }).waitFor();
    await page.getByLabel("Admin token").fill("not the right token");
    await page.getByRole("button", { name: "Read it now" }).click();
    await page.locator("#find-note", { hasText: "The admin token is wrong." }).waitFor();
    await page.getByLabel("Admin token").fill(token);
    await page.getByRole("button", { name: "Read it now" }).click();
    await page.locator("#find-note", { hasText: "Unchanged." }).waitFor();
    const version = Number(column("_version"));
    for (let i = 0; i < 3; ++i) simulator("/_mutate?n=1500");
    await page.getByRole("button", { name: "Read it now" }).click();
    await until("the order is read", async () => /^(Changed: .|Unchanged\.)/.test(await text(page, "#find-note")) && Number(column("_version")) > version);
    await page.locator("#find-note", { hasText: "Changed: " }).waitFor();
    await page.locator(".found summary", { hasText: `${Number(column("_version"))} states` }).waitFor();
    equal(complaints.join("\n"), "", "complaints of the browser");
  },

  "requests that are not the page's are refused": async () => {
    const good = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const status = async (headers, body) => (await request("POST", "/api/order/refresh", headers, body)).status;
    equal(await status({ ...good, Authorization: "" }, JSON.stringify({ number: id })), 401, "without a token");
    equal(await status({ ...good, Origin: "http://elsewhere.example" }, JSON.stringify({ number: id })), 403, "from another site");
    equal(await status(good, JSON.stringify({ number: 7 })), 400, "a number that is not text");
    equal(await status(good, "{}"), 400, "no number");
    equal((await request("GET", "/api/order")).status, 400, "a search for nothing");
  },
});
