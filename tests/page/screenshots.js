"use strict";
// node screenshots.js DIRECTORY: the pictures of the page at $TEST_PAGE, once it has something to show.

const path = require("node:path");
const { chromium } = require("playwright-core");

const url = process.env.TEST_PAGE;
const directory = process.argv[2];
const enough = 2 * 60 * 1000;  // for the plots, and for the backfill to be seen under way

const picture = async (browser, name, options, fullPage) => {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("[role=grid] .cell[data-state=failed]").waitFor();
  await page.locator("#plots svg").first().waitFor();
  await page.screenshot({ path: path.join(directory, name), fullPage });
  await context.close();
};

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator(".job[data-state=running]").waitFor({ timeout: enough });
  await page.waitForTimeout(enough);
  await page.close();
  const wide = { viewport: { width: 1280, height: 1500 } };
  await picture(browser, "status-light.png", { ...wide, colorScheme: "light" }, false);
  await picture(browser, "status-dark.png", { ...wide, colorScheme: "dark" }, false);
  await picture(browser, "status-phone.png", { viewport: { width: 375, height: 1500 }, colorScheme: "light", deviceScaleFactor: 1.5 }, false);
  await browser.close();
})();
