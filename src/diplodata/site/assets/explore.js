// Sort, filter and search the table of this page; its data are in the script beside it.
// Texts only ever become text nodes, so that nothing in the data can be markup, script or a link of another kind.
"use strict";
(() => {
  const data = window.diplodataTable;
  const form = document.getElementById("filters");
  if (!data || !form) return;
  const PAGE = 50;
  const ID = /^([a-z][a-z0-9]{1,15}):([a-z]{3}-[a-z0-9]+(?:-[a-z0-9]+)*)$/;
  const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;
  const LETTERS = { ø: "o", đ: "d", ð: "d", ł: "l", ß: "ss", æ: "ae", œ: "oe", ı: "i", þ: "th", ħ: "h", ς: "σ", "’": "'", "‘": "'", "ʼ": "'", "`": "'" };
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const find = (id) => document.getElementById(id);
  const body = find("rows");
  const heads = [...document.querySelectorAll("#table thead th")];

  // Columns are lists of different values, with the number of the value for each row unless every row has its own.
  const index = (column, row) => (column.rows ? column.rows[row] : row);
  const value = (name, row) => { const column = data.columns[name]; return column.values[index(column, row)]; };
  const text = (item) => (item === null ? "" : Array.isArray(item) ? item.join(" ") : String(item));

  // The same for capitals, accents, width and the shapes of a letter, in any script.
  const fold = (item) => item.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[øđðłßæœıþħς’‘ʼ`]/gu, (letter) => LETTERS[letter]);
  const folded = (column) => { column.folded ??= column.values.map((item) => fold(text(item))); return column.folded; };
  const ranks = (column) => {
    if (!column.ranks) {
      const order = column.values.map((item, place) => [text(item), place]).sort((a, b) => collator.compare(a[0], b[0]));
      column.ranks = new Int32Array(order.length);
      order.forEach(([, place], rank) => { column.ranks[place] = rank; });
    }
    return column.ranks;
  };

  let chosen = [];
  let state = new Map();

  const read = () => {
    state = new Map(new URLSearchParams(location.hash.slice(1)));
    for (const field of form.elements) if (field.name) {
      field.value = state.get(field.name) ?? "";
      if (field.value !== (state.get(field.name) ?? "")) state.delete(field.name);
    }
  };

  const write = () => {
    const pairs = [...state].filter(([, item]) => item !== "");
    const hash = new URLSearchParams(pairs).toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.href.split("#")[0]);
  };

  const filtered = () => {
    let rows = Array.from({ length: data.size }, (_, row) => row);
    for (const filter of data.filters) {
      const wanted = state.get(filter.name);
      if (!wanted) continue;
      const column = data.columns[filter.column];
      const place = column.values.findIndex((item) => text(item) === wanted);
      rows = rows.filter((row) => index(column, row) === place);
    }
    for (const word of fold(state.get("q") ?? "").split(/\s+/).filter(Boolean)) {
      const hits = data.search.map((name) => {
        const column = data.columns[name];
        return [column, Uint8Array.from(folded(column), (item) => (item.includes(word) ? 1 : 0))];
      }).filter(([, hit]) => hit.includes(1));
      rows = rows.filter((row) => hits.some(([column, hit]) => hit[index(column, row)]));
    }
    return rows;
  };

  const sorted = (rows) => {
    const wish = state.get("sort") ?? "";
    const name = wish.replace(/^-/, "");
    const column = data.shown.some((item) => item.sort === name) ? data.columns[name] : null;
    heads.forEach((head, place) => {
      const way = data.shown[place].sort === name && column ? (wish[0] === "-" ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", way);
    });
    if (!column) return rows;
    const rank = ranks(column);
    const sign = wish[0] === "-" ? -1 : 1;
    const key = (row) => (text(column.values[index(column, row)]) === "" ? null : rank[index(column, row)]);
    return rows.map((row) => [key(row), row]).sort(([a, first], [b, second]) => {
      // Rows without a value come last in either direction.
      if (a === null || b === null) return (a === null) - (b === null) || first - second;
      return sign * (a - b) || first - second;
    }).map(([, row]) => row);
  };

  const link = (table, id) => { const match = ID.exec(id ?? ""); return match ? `../${table}/${match[1]}/${match[2]}.html` : null; };

  const part = (spec, row, name, kind) => {
    const words = text(value(name, row));
    if (!words) return null;
    const to = spec.link && kind !== "under soft" ? link(spec.link[0], text(value(spec.link[1], row))) : null;
    const element = document.createElement(to ? "a" : "span");
    if (to) element.href = to;
    if (kind) element.className = kind;
    const language = spec.language ? text(value(spec.language, row)) : "";
    if (LANGUAGE.test(language) && language !== "en") element.lang = language;
    if (!/^[\x00-\x7f]*$/.test(words)) element.dir = "auto";
    element.textContent = words;
    return element;
  };

  const line = (row) => {
    const tr = document.createElement("tr");
    for (const spec of data.shown) {
      const td = document.createElement("td");
      if (spec.kind) td.className = spec.kind;
      const main = part(spec, row, spec.column, "");
      if (main) td.append(main);
      const under = spec.under ? part(spec, row, spec.under, "under soft") : null;
      if (under) td.append(" ", under);
      tr.append(td);
    }
    return tr;
  };

  const draw = () => {
    const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
    const page = Math.min(pages, Math.max(1, Number.parseInt(state.get("page") ?? "1", 10) || 1));
    body.replaceChildren(...chosen.slice((page - 1) * PAGE, page * PAGE).map(line));
    const count = chosen.length.toLocaleString("en");
    find("count").textContent = `${count} of ${data.size.toLocaleString("en")} ${data.noun}`;
    find("page").textContent = `Page ${page.toLocaleString("en")} of ${pages.toLocaleString("en")}`;
    find("before").disabled = page === 1;
    find("after").disabled = page === pages;
    find("pages").hidden = pages === 1;
    find("empty").hidden = chosen.length > 0;
  };

  const update = () => { chosen = sorted(filtered()); draw(); };
  const change = (name, item) => { state.delete("page"); if (item) state.set(name, item); else state.delete(name); write(); update(); };
  const turn = (step) => { state.set("page", String((Number.parseInt(state.get("page") ?? "1", 10) || 1) + step)); write(); draw(); find("table").scrollIntoView(); };

  const save = (content, kind, suffix) => {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([content], { type: `${kind};charset=utf-8` }));
    anchor.download = `${data.name}-selection.${suffix}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  };
  const quoted = (item) => (/[",\r\n]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item);
  const csv = () => [data.fields.join(","), ...chosen.map((row) => data.fields.map((name) => quoted(text(value(name, row)))).join(","))].join("\n") + "\n";
  const json = () => JSON.stringify(chosen.map((row) => Object.fromEntries(data.fields.map((name) => [name, value(name, row)]).filter(([, item]) => item !== null))), null, 1) + "\n";

  heads.forEach((head, place) => {
    const spec = data.shown[place];
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => change("sort", state.get("sort") === spec.sort ? `-${spec.sort}` : spec.sort));
    head.append(button);
  });
  form.addEventListener("input", (event) => change(event.target.name, event.target.value));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => { state = new Map(); write(); setTimeout(update); });
  find("before").addEventListener("click", () => turn(-1));
  find("after").addEventListener("click", () => turn(1));
  find("csv").addEventListener("click", () => save(csv(), "text/csv", "csv"));
  find("json").addEventListener("click", () => save(json(), "application/json", "json"));
  window.addEventListener("hashchange", () => { read(); update(); });
  for (const item of document.querySelectorAll(".live")) item.hidden = false;
  read();
  update();
  // The first key need not wait for what all of them need.
  setTimeout(() => data.search.forEach((name) => folded(data.columns[name])));
})();
