"use strict";

addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("filter");
  const overview = document.getElementById("overview");
  const results = document.getElementById("results");
  const { q, target: targetChoice, section: sectionChoice, unfold, fold, clear } = form.elements;
  const controls = [];

  // What is shown first is reached first.
  results.before(overview, form);

  // Every control with what one can choose it by.
  const targets = [...results.querySelectorAll(".target")];
  const components = new Map();
  const groups = new Map();
  targets.forEach((target, index) => {
    const { component } = target.dataset;
    components.set(component, (components.get(component) ?? 0) + 1);
    for (const part of target.querySelectorAll("section")) {
      const { section, benchmark } = part.dataset;
      if (!groups.has(benchmark)) groups.set(benchmark, new Map());
      groups.get(benchmark).set(section, part.querySelector("h3").firstChild.data.trim());
      for (const element of part.querySelectorAll("details")) {
        const { status, severity } = element.dataset;
        controls.push({ element, target, status, severity, section, places: [String(index + 1), component] });
      }
    }
  });
  for (const [component, count] of components) {
    if (count > 1) targetChoice.add(new Option(`every ${component}`, component));
  }
  targets.forEach((target, index) => {
    targetChoice.add(new Option(target.querySelector("h2").textContent, index + 1));
  });
  for (const [benchmark, sections] of groups) {
    const group = document.createElement("optgroup");
    group.label = benchmark;
    for (const [section, title] of sections) group.append(new Option(title, section));
    sectionChoice.append(group);
  }

  // What a search looks through; the rule's reasons, which many controls share, are left out.
  const text = (control) => {
    const parts = [control.target.querySelector("h2"), ...control.element.querySelectorAll("summary, dl:not(.why)")];
    control.text ??= parts.map((part) => part.textContent).join(" ").toLowerCase();
    return control.text;
  };

  const show = () => {
    const data = new FormData(form);
    const words = data.get("q").toLowerCase().split(/\s+/).filter(Boolean);
    const allows = (name) => {
      const values = data.getAll(name).filter(Boolean);
      return (...own) => values.length === 0 || own.some((value) => values.includes(value));
    };
    const [status, severity, section, target] = ["status", "severity", "section", "target"].map(allows);
    let shown = 0;
    for (const control of controls) {
      const matches =
        status(control.status) &&
        severity(control.severity) &&
        section(control.section) &&
        target(...control.places) &&
        words.every((word) => text(control).includes(word));
      control.element.hidden = !matches;
      shown += matches;
    }
    const isFiltered = [...data.values()].some(Boolean);
    for (const part of results.querySelectorAll("section, .target")) {
      part.hidden = isFiltered && !part.querySelector("details:not([hidden])");
    }
    document.getElementById("nothing").hidden = shown > 0;
    form.querySelector("output").value = `${shown} of ${controls.length} controls shown`;
  };

  // The filter is kept in the address behind #, so that it can be passed on; what has no `=` is a
  // place in the page.
  const toAddress = () => {
    const data = new FormData(form);
    const address = new URLSearchParams();
    for (const name of new Set(data.keys())) {
      const values = data.getAll(name).filter(Boolean);
      if (values.length > 0) address.set(name, values.join(","));
    }
    try {
      history.replaceState(null, "", `#${address}`);
    } catch {
      // Where the page is shown within another one it may have no address of its own.
    }
  };
  const fromAddress = () => {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return;
    const address = new URLSearchParams(hash);
    for (const field of form.querySelectorAll("input, select")) {
      const value = address.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value.split(",").includes(field.value);
      else field.value = value;
      if (field.selectedIndex < 0) field.selectedIndex = 0;
    }
    show();
  };
  const changed = () => {
    show();
    toAddress();
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    form.reset();
    changed();
  });
  addEventListener("hashchange", fromAddress);
  overview.addEventListener("click", (event) => {
    if (!event.target.closest("a")) return;
    form.scrollIntoView();
    results.focus({ preventScroll: true });
  });
  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (key === "/" && !ctrlKey && !altKey && !metaKey && target !== q) {
      event.preventDefault();
      q.focus();
      q.select();
    } else if (key === "Escape" && q.value) {
      q.value = "";
      changed();
    }
  });

  const setOpen = (open) => {
    for (const { element } of controls) if (!element.hidden) element.open = open;
  };
  unfold.addEventListener("click", () => setOpen(true));
  fold.addEventListener("click", () => setOpen(false));
  // Toggle events do not bubble.
  results.addEventListener("toggle", ({ target }) => {
    const rule = document.getElementById(`rule-${target.dataset.rule}`);
    if (!target.open || !rule || target.querySelector(".why")) return;
    const why = rule.querySelector("dl").cloneNode(true);
    why.className = "why";
    target.append(why);
  }, true);

  form.hidden = false;
  fromAddress();
});
