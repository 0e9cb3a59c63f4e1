// How far a cell that trains or evaluates has come, in the status bar: "train 43%, 1 min left". Of the notebook in front,
// and only while it runs. The kernel says it as data, beside the display that shows it: `lorikeet.progress` in its
// metadata.

const IMPLEMENTATION = "lorikeet";
const GONE = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/** Seconds as one would say them in passing; an estimate is not better than this. */
function spoken(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

function sentence({ verb, share, left }) {
  const rest = typeof left === "number" ? `, ${spoken(left)} left` : "";
  return `${verb} ${Math.floor(100 * share + 1e-9)}%${rest}`;
}

/** What one notebook's kernel has under way, by the id of the display that shows it; of other kernels nothing. */
class Watch {
  constructor(session, changed) {
    this.session = session;
    this.changed = changed;
    this.displays = new Map();
    this.isOurs = false;
    session.iopubMessage.connect(this.note, this);
    session.statusChanged.connect((_session, status) => GONE.has(status) && this.forget());
    session.kernelChanged.connect(this.startAnew, this);
    this.startAnew();
  }

  async startAnew() {
    this.isOurs = false;
    this.forget();
    const kernel = this.session.session?.kernel;
    if (!kernel) return;
    const { implementation } = await kernel.info;
    if (kernel !== this.session.session?.kernel) return;
    this.isOurs = implementation === IMPLEMENTATION;
    this.changed();
  }

  /** The latest thing that runs; undefined when nothing does. */
  get progress() {
    return this.isOurs ? Array.from(this.displays.values()).at(-1) : undefined;
  }

  note(_session, { header, parent_header, content }) {
    if (header.msg_type === "display_data" || header.msg_type === "update_display_data") {
      const id = content.transient?.display_id;
      const progress = content.metadata?.lorikeet?.progress;
      if (progress) this.displays.set(id, { ...progress, request: parent_header.msg_id });
      else if (!this.displays.delete(id)) return;
    } else if (header.msg_type === "status" && content.execution_state === "idle") {
      // What fails leaves no last state of its display.
      for (const [id, { request }] of this.displays) if (request === parent_header.msg_id) this.displays.delete(id);
    } else {
      return;
    }
    this.changed();
  }

  forget() {
    this.displays.clear();
    this.changed();
  }
}

/** The plugin; `tokens` are JupyterLab's for its notebooks and its status bar, `lumino` has Widget and Signal. */
export function status(tokens, lumino) {
  return {
    id: "@lorikeet/lab:status",
    description: "The status bar says how far training or evaluation in the notebook in front has come.",
    autoStart: true,
    requires: [tokens.notebooks],
    optional: [tokens.statusBar],
    activate: ({ shell }, tracker, statusBar) => {
      if (!statusBar) return;
      const watches = new WeakMap(); // by notebook
      const item = new lumino.Widget();
      item.addClass("lorikeet-progress");
      item.node.style.cssText = "padding: 0 6px; white-space: nowrap; line-height: 24px";
      const activeStateChanged = new lumino.Signal(item);
      let isActive = false;
      const show = () => {
        const progress = watches.get(shell.currentWidget)?.progress;
        if (progress) item.node.textContent = sentence(progress);
        if (isActive === (progress !== undefined)) return;
        isActive = !isActive;
        activeStateChanged.emit();
      };
      tracker.widgetAdded.connect((_tracker, panel) => watches.set(panel, new Watch(panel.sessionContext, show)));
      shell.currentChanged?.connect(show);
      statusBar.registerStatusItem("@lorikeet/lab:status", {
        item, align: "left", rank: 10, isActive: () => isActive, activeStateChanged,
      });
    },
  };
}
