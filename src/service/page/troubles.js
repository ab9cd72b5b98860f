// The last warnings and errors of this daemon, with what they mean and what to do.

const makeTrouble = () => h("li", {}, h("details", {}, h("summary", {}, h("span.level"), h("b"), h("span.times"), h("span.soft.when")),
  h("p.cause"), h("p.cure"), h("dl.fields")));

const changeTrouble = (item, t) => {
  item.dataset.level = t.level;
  item.dataset.event = t.event;
  setText(item.querySelector(".level"), t.level);
  setText(item.querySelector("b"), t.event.replaceAll("_", " "));
  setText(item.querySelector(".times"), t.count > 1 ? `${numbers.format(t.count)} times` : "");
  setText(item.querySelector(".when"), (t.fields.account ? `${t.fields.account}, ` : "") + shortTime(parse(t.last_at), now()));
  setAdvice(item.querySelector(".cause"), t.cause);
  setAdvice(item.querySelector(".cure"), t.cure ? `What to do: ${t.cure}` : "");
  const list = item.querySelector(".fields");
  const fieldsTold = [...Object.entries(t.fields), ...(t.count > 1 ? [["first", timeText(parse(t.first_at))]] : [])];
  keyed(list, fieldsTold, ([name]) => name, () => h("div", {}, h("dt"), h("dd")), (box, [name, value]) => {
    setText(box.firstElementChild, name);
    setText(box.lastElementChild, value);
  });
};

const tellTroubles = () => {
  if (!data.troubles || !data.status) return;
  const { troubles } = data.troubles;
  keyed(byId("troubles"), troubles, (t) => [t.event, t.level, t.fields.account, t.fields.failure].join(" "), makeTrouble, changeTrouble);
  byId("troubles-none").hidden = troubles.length > 0;
};
