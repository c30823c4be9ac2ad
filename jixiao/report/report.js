function show(cell) {
  document.querySelectorAll(".mark").forEach(mark => mark.remove());
  document.querySelectorAll(".current").forEach(other => other.classList.remove("current"));
  cell.classList.add("current");
  let first = null;
  for (const [page, x0, top, x1, bottom] of JSON.parse(cell.dataset.boxes)) {
    const figure = cell.closest(".document").querySelector(`figure[data-page="${page}"]`);
    if (!figure) continue;
    const across = 100 / figure.dataset.width, down = 100 / figure.dataset.height;
    const mark = document.createElement("div");
    mark.className = "mark";
    Object.assign(mark.style, {
      left: x0 * across + "%", top: top * down + "%",
      width: (x1 - x0) * across + "%", height: (bottom - top) * down + "%",
    });
    figure.querySelector(".sheet").append(mark);
    first = first || mark;
  }
  if (first) {
    const pages = cell.closest(".document").querySelector(".pages");
    const box = first.getBoundingClientRect(), frame = pages.getBoundingClientRect();
    pages.scrollTop += box.top - frame.top - frame.height / 3;
  }
}
for (const cell of document.querySelectorAll("td[data-boxes]")) {
  cell.addEventListener("click", () => show(cell));
  cell.addEventListener("focus", () => show(cell));
}
