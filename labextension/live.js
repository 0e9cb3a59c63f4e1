// Cells that were running when the page was loaded go on in it. JupyterLab shows only what answers a request of its
// own; of what runs for an earlier page, the kernel says what it has shown so far (`lorikeet.live`), and what it
// shows from then on is passed to the cell here.

const TARGET = "lorikeet.live";
const IMPLEMENTATION = "lorikeet";
const GONE = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/** Stands where JupyterLab keeps the future of a request, for one that an earlier page made. */
class AdoptedFuture {
  constructor(identifier, cell, count) {
    this.msg = { header: { msg_id: identifier } };
    this.cell = cell;
    this.count = count;
    this.isDisposed = this.isEnded = false;
    this.done = new Promise((resolve) => (this.resolve = resolve));
    this.onIOPub = this.onReply = this.onStdin = () => {};
  }

  /** Passes on what the kernel publishes for the cell. */
  show(message) {
    if (!this.isDisposed) this.onIOPub(message);
  }

  /** The cell has its number now; null when the kernel went before it ended. */
  end(count = this.count) {
    if (this.isDisposed || this.isEnded) return;
    this.isEnded = true;
    this.cell.model.executionCount = count;
    this.cell.model.executionState = "idle";
    this.resolve();
  }

  /** The cell is run anew, or its page closes: nothing more is shown. */
  dispose() {
    this.isDisposed = true;
    this.resolve();
  }

  registerMessageHook() {}
  removeMessageHook() {}
}

/** What one notebook shows of cells that run for another page. */
class Follower {
  constructor(panel) {
    this.panel = panel;
    this.session = panel.sessionContext;
    this.adopted = new Map(); // by the id of the request
    // What ended before the notebook was saved is in it.
    this.since = Date.parse(panel.context.contentsModel?.last_modified ?? "") / 1000 || 0;
  }

  start() {
    this.session.iopubMessage.connect(this.show, this);
    this.session.kernelChanged.connect(this.startAnew, this);
    this.session.statusChanged.connect((_session, status) => GONE.has(status) && this.letGo());
    this.ask();
  }

  startAnew() {
    this.letGo();
    this.ask();
  }

  /** What ran on a kernel that is gone will not end. */
  letGo() {
    for (const future of this.adopted.values()) future.end(null);
    this.adopted.clear();
  }

  /** Asks the kernel what this page has missed. */
  async ask() {
    const kernel = this.session.session?.kernel;
    if (!kernel || (await kernel.info).implementation !== IMPLEMENTATION || kernel.isDisposed) return;
    const comm = kernel.createComm(TARGET);
    comm.onClose = (message) => {
      const { now, cells } = message.content.data;
      this.since = now ?? this.since;
      for (const cell of cells ?? []) this.adopt(cell);
    };
    comm.open({ since: this.since });
  }

  /** Shows what a cell has shown so far, and has it follow. */
  adopt({ cell_id, code, execution_count, msg_id, ended, messages }) {
    if (this.adopted.has(msg_id)) return;
    const cell = this.panel.content.widgets.find(({ model }) => model.type === "code" && model.id === cell_id);
    // A text that was changed since is not what runs.
    if (!cell || cell.model.sharedModel.getSource() !== code) return;
    const future = new AdoptedFuture(msg_id, cell, execution_count);
    this.adopted.set(msg_id, future);
    cell.model.clearExecution();
    cell.model.executionState = "running";
    cell.outputArea.future = future;
    for (const { msg_type, content } of messages) {
      future.show({ channel: "iopub", header: { msg_type }, parent_header: { msg_id }, metadata: {}, content });
    }
    if (ended) future.end();
  }

  /** Passes on what the kernel publishes. */
  show(_session, message) {
    const { msg_id, session } = message.parent_header;
    const type = message.header.msg_type;
    const future = this.adopted.get(msg_id);
    if (type === "update_display_data") {
      // Any cell may update what another one has shown.
      for (const each of this.adopted.values()) each.show(message);
    } else if (future) {
      future.show(message);
      if (type === "status" && message.content.execution_state === "idle") future.end();
    } else if (type === "execute_input" && session !== this.session.session?.kernel?.clientId) {
      this.ask();
    }
  }
}

/** The plugin; `notebooks` is JupyterLab's token for its notebook tracker. */
export function live(notebooks) {
  return {
    id: "@lorikeet/lab:live",
    description: "Cells that run go on showing what they do after the page was loaded again.",
    autoStart: true,
    requires: [notebooks],
    activate: (_application, tracker) => {
      tracker.widgetAdded.connect(async (_tracker, panel) => {
        await Promise.all([panel.context.ready, panel.revealed, panel.sessionContext.ready]);
        // A document that several people share at once brings its outputs itself.
        if (!panel.isDisposed && !panel.context.model.collaborative) new Follower(panel).start();
      });
    },
  };
}
