// Filters, orders and links for a page that is complete without them.
(() => {
  "use strict";
  const PRINTED_OPEN = 12; // more opened findings than this make a book, not a document
  const root = document.documentElement;
  root.classList.add("scripted");

  const compare = (a, b) => {
    const x = Number(a), y = Number(b);
    return a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : a.localeCompare(b);
  };

  // Tables: a button in each heading orders the rows by that column.
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const body = table.tBodies[0];
    if (body.rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const numeric = head.classList.contains("num");
        const before = head.getAttribute("aria-sort");
        const down = before ? before === "ascending" : numeric;
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();
        const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(key(a), key(b)));
        body.append(...rows);
      });
    });
  }

  // Findings: filter by what is chosen, order by what is chosen.
  const list = document.getElementById("findings-list");
  const form = document.querySelector(".filters");
  const shown = document.querySelector(".shown");
  const findings = list ? [...list.children] : [];
  const words = new Map();
  const text = (item) => {
    if (!words.has(item)) {
      words.set(item, (item.querySelector("summary").textContent + " " + item.dataset.ruleName + " " + item.querySelector(".facts").textContent).toLowerCase());
    }
    return words.get(item);
  };
  const orders = {
    amount: (a, b) => Number(b.dataset.amount) - Number(a.dataset.amount),
    day: (a, b) => compare(a.dataset.day, b.dataset.day) || orders.amount(a, b),
    rule: (a, b) => compare(a.dataset.rule, b.dataset.rule) || orders.amount(a, b),
    customer: (a, b) => compare(a.dataset.customer, b.dataset.customer) || orders.amount(a, b),
  };
  let order = "amount";
  const original = new Map(findings.map((item, place) => [item, place]));

  const apply = () => {
    const chosen = Object.fromEntries(new FormData(form));
    const wanted = chosen.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const item of findings) {
      const keep = ["rule", "status", "confidence"].every((name) => !chosen[name] || item.dataset[name] === chosen[name])
        && wanted.every((word) => text(item).includes(word));
      if (item.hidden === keep) item.hidden = !keep;
      if (keep) count += 1;
    }
    if (chosen.order !== order) {
      order = chosen.order;
      // The page's own order ranks each currency by itself, which plain numbers cannot.
      const rank = order === "amount" ? (a, b) => original.get(a) - original.get(b) : orders[order];
      list.append(...[...findings].sort(rank));
    }
    shown.textContent = count === findings.length ? "" : `${count} of ${findings.length} findings on this page`;
    list.classList.toggle("many", count > PRINTED_OPEN);
  };

  if (form) {
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, findings.length > 500 ? 120 : 0);
    });
    form.addEventListener("reset", () => setTimeout(apply, 0));
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
  for (const link of document.querySelectorAll("[data-filter-rule]")) {
    link.addEventListener("click", () => {
      if (!form) return;
      form.reset();
      form.elements.rule.value = link.dataset.filterRule;
      apply();
    });
  }

  // A link to a finding or a rule opens it, also where a filter hides it.
  const arrive = () => {
    const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (!(target instanceof HTMLDetailsElement)) return;
    const item = target.closest(".finding");
    if (item?.hidden && form) { form.reset(); apply(); }
    target.open = true;
    target.scrollIntoView({ block: "start" });
    target.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", arrive);
  arrive();

  // On paper the evidence of a few findings stands open, as after a filter; of many, only what the reader opened.
  let opened = [];
  addEventListener("beforeprint", () => {
    const few = !list?.classList.contains("many");
    opened = few ? [...document.querySelectorAll(".finding:not([hidden]) > details:not([open])")] : [];
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
    opened = [];
  });
})();
