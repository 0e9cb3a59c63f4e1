// What a table of ours lets a person do in JupyterLab: sort by a column, look for rows, copy it as CSV. The table is
// whole without it.

const ROWS = 12;
const TABLE = "table.lorikeet:not([data-lorikeet])";

const UNITS = { kB: 1e3, MB: 1e6, GB: 1e9, ms: 1e-3, s: 1, min: 60, h: 3600 };
const PART = /^[<−-]?(\d[\d,]*\.?\d*(?:e[+-]?\d+)?)\s?(kB|MB|GB|ms|min|s|h)?(?![a-z])/;

/** A number where the text is one, as it is written in tables: 1,234, 84.0%, −0.077, 5.5 MB, 4 min 05 s; else null. */
export function number(text) {
  let [rest, sum] = [text.trim(), null];
  if (rest === "∞") return Infinity;
  const sign = /^[−-]/.test(rest) ? -1 : 1;
  for (let part; (part = PART.exec(rest)); rest = rest.slice(part[0].length).trimStart()) {
    sum = (sum ?? 0) + Number(part[1].replaceAll(",", "")) * (UNITS[part[2]] ?? 1);
    if (!part[2]) break;
  }
  return sum === null ? null : sign * sum;
}

function texts(row) {
  return Array.from(row.cells, (cell) => {
    // Of a folded text what is behind it, which is all of it; of one that is cut what the pointer tells.
    const whole = cell.querySelector("details > div") ?? cell;
    const cut = cell.querySelector(":scope > span[title]");
    return (cut?.title ?? whole.innerText).trim();
  });
}

/** Rows of text as RFC 4180 has them. */
export function csv(rows) {
  const field = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

/** What sums up the others stays the last; so does, of numbers, what is none: a gap, nothing. */
function sort(table, column, falls) {
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => ({ row, text: texts(row)[column] ?? "" }));
  const ordered = keyed.filter(({ row }) => !row.classList.contains("lk-summary"));
  const isNumeric = ordered.every(({ text }) => ["", "–", "⋮"].includes(text) || number(text) !== null);
  ordered.sort((a, b) => {
    if (!isNumeric) return (falls ? -1 : 1) * a.text.localeCompare(b.text);
    const [first, second] = [number(a.text), number(b.text)];
    if (first === null || second === null) return (first === null) - (second === null);
    return (falls ? -1 : 1) * (first - second);
  });
  const last = keyed.filter(({ row }) => row.classList.contains("lk-summary"));
  body.append(...[...ordered, ...last].map(({ row }) => row));
}

function letSort(table) {
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
  heads.forEach((head, column) => {
    head.style.cursor = "pointer";
    head.title = "sort by this column";
    head.addEventListener("click", () => {
      const falls = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falls ? "descending" : "ascending");
      sort(table, column, falls);
    });
  });
}

function button(label, act) {
  const made = document.createElement("button");
  made.textContent = label;
  made.style.cssText =
    "font: inherit; color: inherit; opacity: 0.72; background: none; border: none; padding: 0; " +
    "margin-right: 16px; text-decoration: underline; cursor: pointer";
  made.addEventListener("click", act);
  return made;
}

function tools(table) {
  const bar = document.createElement("div");
  bar.className = "lorikeet-tools";
  bar.style.cssText = "margin: 2px 0 6px; font-size: 12px";
  const copy = button("copy as CSV", async () => {
    const rows = [...(table.tHead?.rows ?? []), ...table.tBodies[0].rows].filter((row) => !row.hidden);
    await navigator.clipboard.writeText(csv(rows.map(texts)));
    copy.textContent = "copied";
    setTimeout(() => (copy.textContent = "copy as CSV"), 1500);
  });
  bar.append(copy);
  if (table.tBodies[0].rows.length > ROWS) {
    const filter = document.createElement("input");
    filter.type = "search";
    filter.placeholder = "rows with …";
    filter.setAttribute("aria-label", "show only rows with");
    filter.style.cssText = "font: inherit; width: 14em";
    filter.addEventListener("input", () => {
      const wanted = filter.value.toLowerCase();
      for (const row of table.tBodies[0].rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
      }
    });
    // What is typed here is no shortcut of the notebook.
    filter.addEventListener("keydown", (event) => event.stopPropagation());
    bar.append(filter);
  }
  return bar;
}

function enhance(table) {
  table.dataset.lorikeet = "";
  const rows = table.tBodies[0]?.rows.length ?? 0;
  if (!table.tHead || rows < 2) return;
  letSort(table);
  if (rows > 4) table.after(tools(table));
}

/** The plugin: every table of ours in the page, now and later. */
export const tables = {
  id: "@lorikeet/lab:tables",
  description: "Tables can be sorted, filtered and copied as CSV.",
  autoStart: true,
  activate: () => {
    const look = () => document.querySelectorAll(TABLE).forEach(enhance);
    let waits = false;
    new MutationObserver(() => {
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => {
        waits = false;
        look();
      });
    }).observe(document.body, { childList: true, subtree: true });
    look();
  },
};
