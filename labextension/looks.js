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

/** The plugin. */
export const looks = {
  id: "@lorikeet/lab:looks",
  description: "Plots follow the page, long labels are slanted, and completions say on one line what they mean.",
  autoStart: true,
  activate: () => {
    const style = document.createElement("style");
    style.textContent = RULES;
    document.head.append(style);
  },
};
