"use strict";
// What every check of the page stands on: a browser that notes each complaint, the database's own answers, and waiting
// for what is to become true.

const { execFileSync } = require("node:child_process");
const http = require("node:http");
const { chromium } = require("playwright-core");

const url = process.env.TEST_PAGE;
const timeout = 60000;

class failed_check extends Error {}

const check = (holds, text) => {
  if (!holds) throw new failed_check(text);
};
const equal = (found, expected, text) =>
  check(found === expected, `${text}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);

// One value as psql prints it; rows by line, columns by '|'.
const sql = (statement) =>
  execFileSync(process.env.TEST_PSQL, ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1",
    "--command", statement, process.env.TEST_DATABASE], { encoding: "utf8" }).trimEnd();

// Asked again and again until it is true.
const until = async (what, condition) => {
  const end = Date.now() + timeout;
  for (;;) {
    if (await condition()) return;
    check(Date.now() < end, `it never came true: ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
};

// POST to the simulator, such as "/_add?n=3".
const simulator = (path, body = "") =>
  execFileSync("curl", ["--silent", "--show-error", "--fail", "--cacert", process.env.TEST_CA, "--data", body,
    process.env.TEST_SIMULATOR + path]);

// A request as a program makes it, with headers that a browser would not let a script set.
const request = (method, path, headers = {}, body = "") => new Promise((done, broken) => {
  const asked = http.request(new URL(path, url), { method, headers: { "Content-Length": Buffer.byteLength(body), ...headers } },
    (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => { text += part; });
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
  asked.on("error", broken);
  asked.end(body);
});

// Whatever the browser complains of, and whatever is asked of anybody else than the daemon.
const watch = (page) => {
  const complaints = [];
  page.on("console", (message) => {
    const refused = /status of (401|403|404|409|503)|ERR_CONNECTION|net::ERR/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !refused) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("request", (asked) => {
    const elsewhere = !asked.url().startsWith(url) && !asked.url().startsWith("data:");
    if (elsewhere) complaints.push(`asks elsewhere: ${asked.url()}`);
  });
  return complaints;
};

const launch = () => chromium.launch({
  executablePath: process.env.TEST_CHROMIUM,
  // Chromium's sandbox does not work for root, and the page is our own. Containers have little /dev/shm.
  args: ["--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
});

const open = async (browser, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  const complaints = watch(page);
  await page.goto(url);
  await page.locator("[role=grid] .cell[data-state]").first().waitFor();
  return { page, context, complaints };
};

const text = (page, selector) => page.locator(selector).innerText();

// Runs the checks in turn, each in a browser page of its own.
const run = async (checks) => {
  const browser = await launch();
  let failures = 0;
  for (const [name, body] of Object.entries(checks)) {
    const began = Date.now();
    try {
      await body(browser);
      console.log(`ok      ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`FAILED  ${name}: ${error instanceof failed_check ? error.message : error.stack}`);
    }
  }
  await browser.close();
  process.exitCode = failures ? 1 : 0;
};

module.exports = { check, equal, sql, until, simulator, request, open, text, run, launch, url };
