// Keys and gestures for what the page can do without them: everything here can be read with no script at all.
const timeline = document.querySelector(".timeline");

if (timeline) {
  const scroll = timeline.querySelector(".scroll");
  const inputs = [...timeline.querySelectorAll(".zooms input")];
  const axis = timeline.querySelector(".axis .track");
  const zoom = () => Number(inputs.find((input) => input.checked).value);

  /** Where the pointer is on the axis, from 0 to 1; the middle of what is seen where there is no pointer. */
  const momentAt = (x) => {
    const { left, width } = axis.getBoundingClientRect();
    return (x - left) / width;
  };
  const middle = () => {
    const { left, right } = scroll.getBoundingClientRect();
    return (Math.max(left, axis.getBoundingClientRect().left) + right) / 2;
  };

  /** Draws apart and keeps the moment where it was on the screen. */
  const zoomTo = (value, x = middle(), moment = momentAt(x)) => {
    const input = inputs.find((one) => Number(one.value) === value);
    if (!input) return;
    input.checked = true;
    const { left, width } = axis.getBoundingClientRect();
    scroll.scrollLeft += left + moment * width - x;
  };

  // When a button or an arrow key has chosen a zoom, the page is laid out already: what was seen is known from before.
  let seen = 0.5;
  scroll.addEventListener("scroll", () => (seen = momentAt(middle())));
  for (const input of inputs) input.addEventListener("change", () => zoomTo(Number(input.value), middle(), seen));

  scroll.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomTo(event.deltaY < 0 ? zoom() * 2 : zoom() / 2, event.clientX);
    },
    { passive: false },
  );

  scroll.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoomTo(zoom() * 2);
    else if (event.key === "-") zoomTo(zoom() / 2);
    else if (event.key === "0") zoomTo(1);
    else return;
    event.preventDefault();
  });

  scroll.addEventListener("dblclick", (event) => {
    const bar = event.target.closest(".bar, .open");
    if (!bar) return;
    event.preventDefault();
    const { left, width } = bar.getBoundingClientRect();
    const share = width / axis.getBoundingClientRect().width;
    const closest = inputs.map((input) => Number(input.value)).filter((value) => share * value <= 0.8);
    zoomTo(closest.at(-1) ?? 1, middle(), momentAt(left + width / 2));
  });
}

// What is folded cannot be read on paper.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")].filter((one) => !one.closest(".timeline"));
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
