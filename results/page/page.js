// Adds to a page that is complete without it: filtering, sorting, a link to the view, saving the data.
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const rows = all("tr[data-row]");
  const find = document.getElementById("find");
  const choices = { class: document.getElementById("class"), outcome: document.getElementById("outcome") };
  const followers = new Map(); // what else shows a case: its bar, its mark, its record
  for (const one of all("[data-for]")) {
    const id = one.dataset.for;
    followers.set(id, [...(followers.get(id) || []), one]);
  }

  for (const [key, select] of Object.entries(choices))
    for (const word of new Set(rows.map((row) => row.dataset[key]))) select.add(new Option(word, word));

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const keep =
        words.every((word) => text.includes(word)) &&
        Object.entries(choices).every(([key, select]) => !select.value || row.dataset[key] === select.value);
      shown += keep;
      for (const one of [row, ...(followers.get(row.dataset.row) || [])]) one.classList.toggle("gone", !keep);
    }
    for (const group of all(".group")) group.classList.toggle("gone", !group.querySelector("li:not(.gone)"));
    document.getElementById("shown").value = shown === rows.length ? `${shown} cases` : `${shown} of ${rows.length} cases`;
  };

  const sort = (table, column, direction) => {
    const heads = all("thead th", table);
    heads.forEach((head, i) => {
      if (i === column && direction) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    const body = table.tBodies[0];
    const key = (row) => {
      const cell = row.cells[column];
      return cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.classList.contains("n") ? NaN : cell.textContent;
    };
    const order = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (!direction) return a.dataset.at - b.dataset.at;
      if (typeof x === "string") return direction * x.localeCompare(y, "en", { numeric: true });
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y); // dashes last
      return direction * (x - y);
    };
    body.append(...[...body.rows].sort(order));
  };

  // The view as a fragment: #view?find=gelu&class=DWCB&sort=0.2.-1 (table, column, direction).
  let sorted = "";
  const write = () => {
    const view = new URLSearchParams();
    if (find.value) view.set("find", find.value);
    for (const [key, select] of Object.entries(choices)) if (select.value) view.set(key, select.value);
    if (sorted) view.set("sort", sorted);
    history.replaceState(null, "", view.size ? `#view?${view}` : "#view");
  };
  const tables = all("table.sortable");
  const read = () => {
    if (location.hash.startsWith("#view")) {
      const view = new URLSearchParams(location.hash.slice("#view?".length));
      find.value = view.get("find") || "";
      for (const [key, select] of Object.entries(choices)) select.value = view.get(key) || "";
      sorted = view.get("sort") || "";
      const [table, column, direction] = sorted.split(".").map(Number);
      if (tables[table]?.tHead.rows[0].cells[column]) sort(tables[table], column, Math.sign(direction));
      filter();
    } else {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target instanceof HTMLDetailsElement) {
        target.open = true;
        target.scrollIntoView();
      }
    }
  };

  tables.forEach((table, t) => {
    [...table.tBodies[0].rows].forEach((row, i) => (row.dataset.at = i));
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const direction = now === "ascending" ? -1 : now === "descending" ? 0 : 1;
        sort(table, column, direction);
        sorted = direction ? `${t}.${column}.${direction}` : "";
        write();
      });
    });
  });
  for (const input of [find, ...Object.values(choices)])
    input.addEventListener("input", () => {
      filter();
      write();
    });
  document.getElementById("toolbar").addEventListener("submit", (event) => event.preventDefault());

  // The page holds the document's own bytes, but for <, >, &, U+2028 and U+2029 as \u escapes.
  const plain = { u003c: "<", u003e: ">", u0026: "&", u2028: "\u2028", u2029: "\u2029" };
  for (const button of all("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.save).textContent;
      const bytes = text.replace(/\\(u003c|u003e|u0026|u2028|u2029|[^])/g, (same, escaped) => plain[escaped] ?? same);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes], { type: "application/json" }));
      link.download = "results.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  document.getElementById("toolbar").hidden = rows.length === 0;
  addEventListener("hashchange", read);
  filter();
  read();
})();
