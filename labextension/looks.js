// Rules of style that JupyterLab's own pages lack for what we show in them.

const RULES = `
/* Plots are as wide as the page lets them be; without this their container has no width of its own. */
.jp-RenderedVegaCommon5 .vega-embed { width: 100%; }

/* Long labels of a confusion matrix's columns stand slanted; without this they are wrapped. */
.lk-slant th > span {
  display: block;
  position: relative;
  width: 40px !important;
  height: 96px;
  max-height: none !important;
  overflow: visible !important;
}
.lk-slant th > span > span {
  position: absolute;
  left: 18px;
  bottom: 2px;
  white-space: nowrap !important;
  transform: rotate(-42deg);
  transform-origin: 0 100%;
}

/* What a completion means is one line, cut with dots where there is no room for all of it; the letter before it says
   of what type it is, and each meaning would have a colour of its own. Its blanks do not break, which tells it from
   the completions of other kernels. */
.jp-Completer:has([title*="\u00a0·\u00a0"], [title="folder"]) .jp-Completer-item {
  grid-template-columns: min-content max-content minmax(0, 1fr);
  max-width: clamp(28ch, 100vw - 360px, 96ch);
}
.jp-Completer:has([title*="\u00a0·\u00a0"], [title="folder"]) .jp-Completer-typeExtended {
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.jp-Completer-item:is([title*=" · "], [title="folder"]) .jp-Completer-monogram {
  background: #808080;
}
`;

const MEANT = '.jp-Completer-item:is([title*="\u00a0·\u00a0"], [title="folder"])';

/**
 * What a completion means, as the kernel has said it: JupyterLab writes it all in small letters, and a page cuts it
 * within a word. Here what does not fit goes by whole words.
 */
function tell(row) {
  const note = row.querySelector(".jp-Completer-typeExtended");
  if (!note || note.dataset.told === row.title || note.clientWidth === 0) return;
  note.dataset.told = row.title;
  const words = row.title.split("\u00a0");
  const write = (count) => {
    const head = words.slice(0, count).join("\u00a0").replace(/[\u00a0·,;:(]+$/, "");
    note.textContent = count < words.length ? `${head}…` : row.title;
    return note.scrollWidth <= note.clientWidth;
  };
  if (write(words.length)) return;
  let [fits, over] = [1, words.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (write(middle)) fits = middle;
    else over = middle;
  }
  write(fits);
}

/** Every row of a completer, now and later. */
function tellMeanings() {
  let waits = false;
  new MutationObserver(() => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      document.querySelectorAll(MEANT).forEach(tell);
    });
  }).observe(document.body, { childList: true, subtree: true });
}

/** The plugin. */
export const looks = {
  id: "@lorikeet/lab:looks",
  description: "Plots follow the page, long labels are slanted, and completions say on one line, in whole words, what they mean.",
  autoStart: true,
  activate: () => {
    const style = document.createElement("style");
    style.textContent = RULES;
    document.head.append(style);
    tellMeanings();
  },
};
