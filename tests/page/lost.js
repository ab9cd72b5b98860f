"use strict";
// The daemon goes away under an open page, and comes back. Whoever runs this ends it at the word "end", and starts it
// again at the word "start".

const { check, equal, open, text, run } = require("./harness.js");

run({
  "a lost connection is shown, and the page recovers by itself": async (browser) => {
    const { page } = await open(browser);
    await page.evaluate(() => { window.opened = true; });
    console.log("end");
    await page.locator("#verdict[data-level=lost]").waitFor();
    equal(await text(page, "#connection-text"), "connection lost", "the state of the connection");
    check(/are \d+ s old/.test(await text(page, "#verdict-text")), "how old what stands there is");
    check((await text(page, "#findings")).includes("retries"), "and that it is tried again");
    check(await page.locator("body.stale").isVisible(), "what is old looks so");
    console.log("start");
    await page.locator("#verdict:not([data-level=lost])").waitFor();
    await page.locator("#connection[data-state=live]").waitFor();
    equal(await page.evaluate(() => window.opened), true, "the page is the same");
  },
});
