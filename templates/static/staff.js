// Keeps the original and the statements in step, and lets a list be walked by keyboard. The pages work without it.
(() => {
  "use strict";
  const on = (element, yes) => {
    element.classList.toggle("on", yes);
    if (element.hasAttribute("aria-pressed")) element.setAttribute("aria-pressed", String(yes));
  };
  const clear = () => document.querySelectorAll(".on").forEach((one) => on(one, false));
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight;
  };
  const choose = (chosen) => {
    clear();
    on(chosen, true);
    const partners = (chosen.dataset.of || "").split(" ").map((id) => id && document.getElementById(id)).filter(Boolean);
    partners.forEach((one) => on(one, true));
    if (partners.length && !seen(partners[0])) partners[0].scrollIntoView({ block: "center" });
  };
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-of]");
    const back = event.target.closest("[data-back]");
    if (back && document.referrer.startsWith(location.origin) && history.length > 1) {
      event.preventDefault(); // what was typed on the page before is still there
      history.back();
      return;
    }
    if (chosen && !event.target.closest("a, button, summary, input, select, textarea, label")) choose(chosen);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea");
    if (event.target.matches(".piece[role=button]") && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(event.target);
    } else if (event.key === "Escape") {
      clear();
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("[data-search]");
      const rows = [...document.querySelectorAll("[data-row] a")];
      const at = rows.indexOf(document.activeElement);
      if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
      if (event.key === "j" && rows.length) rows[Math.min(at + 1, rows.length - 1)].focus();
      if (event.key === "k" && rows.length) rows[Math.max(at - 1, 0)].focus();
    }
  });
  // What is asked for while one writes says so when nobody is signed in any more; what was written stays where it is.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { status } = event.detail.xhr;
    const page = (event.detail.xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
    if ((status === 401 || status === 403) && page) event.detail.shouldSwap = true;
  });
  // A button that was pressed once is not pressed again: a second press would send the form twice.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
    event.target.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((one) => {
    delete one.dataset.sent;
    one.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  }));
})();
