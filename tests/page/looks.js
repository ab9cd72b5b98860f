"use strict";
// The page as it is for everybody: read-only without the setting, on a phone, in the dark, for a screen reader, and
// closed against everything from elsewhere.

const { check, equal, request, open, text, run } = require("./harness.js");

// Every text must stand out from what is behind it (WCAG AA); what is drawn over a pattern has a plain ground.
const faint = () => {
  const channels = (color) => (color.match(/[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const parse = (color) => {
    const c = channels(color);
    const [r, g, b, a = 1] = color.startsWith("color(") ? [c[0] * 255, c[1] * 255, c[2] * 255, c[3] ?? 1] : c;
    return { r, g, b, a };
  };
  const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const ground = (element) => {
    const stack = [];
    for (let e = element; e; e = e.parentElement) stack.push(parse(getComputedStyle(e).backgroundColor));
    return stack.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element instanceof SVGElement || element.closest("noscript, option, .skip")) continue;
    const under = ground(element);
    const [a, b] = [light(over(parse(getComputedStyle(element).color), under)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${element.tagName}.${element.className} "${element.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`);
  }
  return found;
};

// Names, roles and structure that a screen reader lives on.
const unnamed = () => {
  const found = [];
  const name = (e) => e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent ?? "").join("") || [...(e.labels ?? [])].map((l) => l.textContent).join("") || e.textContent.trim();
  for (const e of document.querySelectorAll("button, select, input, a, [role=grid], [role=gridcell], [role=progressbar], [role=img], [role=region], nav, section"))
    if (e.checkVisibility() && !name(e)) found.push(`no name: ${e.outerHTML.slice(0, 90)}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids) if (ids.filter((other) => other === id).length > 1) found.push(`the id ${id} is there twice`);
  for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], label[for]"))
    for (const id of [e.getAttribute("aria-describedby"), e.getAttribute("aria-labelledby"), e.getAttribute("for")].filter(Boolean))
      if (!document.getElementById(id)) found.push(`nothing has the id ${id}`);
  for (const row of document.querySelectorAll("[role=grid] > *")) if (row.getAttribute("role") !== "row") found.push("a grid holds rows alone");
  for (const cell of document.querySelectorAll("[role=row] > *"))
    if (!["gridcell", "columnheader", "rowheader"].includes(cell.getAttribute("role"))) found.push("a row holds cells alone");
  if (document.querySelectorAll("h1").length !== 1) found.push("one h1");
  let level = 0;
  for (const h of [...document.querySelectorAll("h1, h2, h3, h4")].filter((e) => e.checkVisibility())) {
    if (Number(h.tagName[1]) > level + 1) found.push(`${h.textContent} skips a level`);
    level = Number(h.tagName[1]);
  }
  for (const landmark of ["header", "main", "footer", "nav"]) if (!document.querySelector(landmark)) found.push(`no ${landmark}`);
  if (document.getElementById("headline").getAttribute("aria-live") !== "polite") found.push("the headline is not announced");
  if (!document.documentElement.lang) found.push("no language");
  return found;
};

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const visit = async (page, level) => {
  await page.locator("[role=gridcell][data-state=proven]").last().click();
  await page.locator(`[role=grid][data-level=${level}]`).waitFor();
};

const everyLevel = async (page, body) => {
  await body("years");
  await visit(page, "month");
  await body("month");
  await visit(page, "day");
  await body("day");
};

run({
  "without the setting the page only shows": async (browser) => {
    const { page } = await open(browser);
    await page.locator("#read-only").waitFor();
    check((await text(page, "#read-only")).includes("service.admin_token_file"), "it says which setting is missing");
    equal(await page.locator("#order").isVisible(), false, "the form is shown");
    const refused = await request("POST", "/api/backfills", { "Content-Type": "application/json", Authorization: "Bearer anything at all" }, "{}");
    equal(refused.status, 403, "POST");
    check(refused.text.includes("service.admin_token_file"), "and what to do");
  },

  "it is closed against everything from elsewhere": async (browser) => {
    const { page, complaints } = await open(browser);
    const answer = await request("GET", "/");
    const policy = answer.headers["content-security-policy"];
    for (const part of ["default-src 'none'", "connect-src 'self'", "script-src 'sha256-", "style-src 'sha256-", "frame-ancestors 'none'"])
      check(policy.includes(part), `the policy has ${part}: ${policy}`);
    check(!policy.includes("unsafe"), "and nothing unsafe");
    // What somebody might get into the page does not run and does not load.
    const ran = await page.evaluate(() => new Promise((done) => {
      document.addEventListener("securitypolicyviolation", () => done("refused"), { once: true });
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      if (window.ran) done("ran");
    }));
    equal(ran, "refused", "a script from elsewhere");
    equal(complaints.filter((c) => !c.includes("Content Security Policy")).join("\n"), "", "complaints of the browser");
  },

  "it fits a phone": async (browser) => {
    for (const width of [320, 390]) {
      const { page } = await open(browser, { viewport: { width, height: 700 }, hasTouch: true });
      await everyLevel(page, async (level) => equal(await overflow(page), 0, `pixels too wide at ${width}, ${level}`));
      const small = await page.locator("button:visible, select:visible").evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height < 24).length);
      equal(small, 0, "things too small for a finger");
    }
  },

  "it can be read in the light and in the dark": async (browser) => {
    const grounds = [];
    for (const colorScheme of ["light", "dark"]) {
      const { page, complaints } = await open(browser, { colorScheme });
      grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
      await everyLevel(page, async (level) => equal((await page.evaluate(faint)).join("\n"), "", `faint texts, ${colorScheme}, ${level}`));
      equal(complaints.join("\n"), "", "complaints of the browser");
    }
    check(grounds[0] !== grounds[1], "the two differ");
  },

  "it can be heard": async (browser) => {
    const { page } = await open(browser);
    await everyLevel(page, async (level) => equal((await page.evaluate(unnamed)).join("\n"), "", `what is not named, ${level}`));
    await page.getByText("Show as a table").click();
    check((await page.locator("#api-table tbody tr").count()) > 0, "the plots are there as a table");
    check(/^Totals per \d+ minutes/.test(await text(page, "#api-table caption")), "with its grain");
  },

  "it stands still for who asks for that": async (browser) => {
    const { page } = await open(browser, { reducedMotion: "reduce" });
    equal(await page.locator(".dot").evaluate((e) => getComputedStyle(e).animationName), "none", "the dot");
  },

  "focus is seen": async (browser) => {
    const { page } = await open(browser);
    await page.keyboard.press("Tab");
    equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop");
    await page.locator("[role=gridcell][tabindex='0']").focus();
    await page.keyboard.press("ArrowLeft");
    check((await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)) !== "none", "a cell with the focus has an outline");
  },
});
