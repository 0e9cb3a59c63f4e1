// A prebuilt JupyterLab extension, written by hand: no bundler, no npm. It registers the editor language
// `lorikeet`, whose words the installer puts in place of the marker below, and loads what the files beside it add:
// cells that go on after the page was loaded again (live.js), tables to be sorted (tables.js), the status bar
// (status.js), the launcher (launcher.js) and rules of style (looks.js). Without it, cells are coloured as Shell, and a
// page loaded anew shows what was saved.
(() => {
  "use strict";

  /** Lists under `verbs`, `blocks`, `keys`, `values` and `constants`, from the command declarations. */
  const words = /*WORDS*/ {};

  const listed = (name) => new Set(words[name] || []);
  const verbs = listed("verbs");
  const blocks = listed("blocks").add(words.end || "end");
  const keys = listed("keys");
  const values = listed("values");
  const constants = listed("constants");
  const number = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?[%kMG]?(?=$|[\s,;)\]#]|\.\.)/;

  /** Consumes a quoted string; an open one is coloured to the end of its line, though the language reads on. */
  function quoted(stream, quote) {
    for (let next = stream.next(); next && next !== quote; next = stream.next()) {
      if (next === "\\" && quote === '"') stream.next();
    }
    return "string";
  }

  /** The first word of a statement: a variable being set, a block, or a verb that exists. */
  function opening(stream) {
    const word = stream.match(/^[A-Za-z_][\w-]*/);
    if (!word) return null;
    if (stream.match(/^\s*=(?!=)/, false)) return "def";
    if (blocks.has(word[0])) return "controlKeyword";
    return verbs.has(word[0]) ? "keyword" : "variableName";
  }

  function argument(stream) {
    if (stream.match(number)) return "number";
    const word = stream.match(/^[A-Za-z_][\w./:@+-]*/);
    if (!word) {
      stream.next();
      return null;
    }
    if (stream.match(/^=(?!=)/, false)) return keys.has(word[0]) ? "propertyName" : "variableName";
    return constants.has(word[0]) || values.has(word[0]) ? "atom" : "variableName";
  }

  const parser = {
    name: "lorikeet",
    startState: () => ({ opens: true, goesOn: false }),
    copyState: (state) => ({ ...state }),
    token(stream, state) {
      if (stream.sol()) {
        state.opens = !state.goesOn;
        state.goesOn = false;
      }
      if (stream.eatSpace()) return null;
      if (stream.match(/^\\\s*$/)) {
        state.goesOn = true;
        return "operator";
      }
      const next = stream.peek();
      // A comment begins a word; inside one, # is a letter like any other.
      if (next === "#" && (stream.sol() || /\s/.test(stream.string[stream.pos - 1]))) {
        stream.skipToEnd();
        return "comment";
      }
      const opens = state.opens;
      state.opens = false;
      if (next === '"' || next === "'") return quoted(stream, stream.next());
      if (next === "$") {
        stream.match(/^\$\{?\w*\}?/);
        return "variableName.special";
      }
      if (stream.match(/^(?:\.\.|=|,|;)/)) return "operator";
      if (stream.match(/^[[\]()]/)) return "bracket";
      return (opens && opening(stream)) || argument(stream);
    },
    languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "'", '"'] } },
  };

  /** The newest of the versions a shared module is offered in. */
  async function shared(scope, name) {
    const versions = scope[name];
    if (!versions) throw new Error(`lorikeet: JupyterLab does not share ${name}`);
    const newest = Object.keys(versions).sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).pop();
    return (await versions[newest].get())();
  }

  // Only now can a script say where it came from.
  const source = document.currentScript.src;
  const besides = (name) => new URL(name, source);
  let scope = {};

  async function language() {
    const { IEditorLanguageRegistry } = await shared(scope, "@jupyterlab/codemirror");
    const { StreamLanguage, LanguageSupport } = await shared(scope, "@codemirror/language");
    return {
      id: "@lorikeet/lab:language",
      description: "Colours Lorikeet's cells and .lk files.",
      autoStart: true,
      requires: [IEditorLanguageRegistry],
      activate: (_application, languages) => {
        languages.addLanguage({
          name: "lorikeet",
          displayName: "Lorikeet",
          mime: ["text/x-lorikeet"],
          extensions: ["lk"],
          support: new LanguageSupport(StreamLanguage.define(parser)),
        });
      },
    };
  }

  /** The status bar and the launcher are JupyterLab's; other front ends that load us may lack them. */
  async function besideNotebooks(notebooks) {
    const found = [];
    if (scope["@jupyterlab/statusbar"]) {
      const { IStatusBar } = await shared(scope, "@jupyterlab/statusbar");
      const { Widget } = await shared(scope, "@lumino/widgets");
      const { Signal } = await shared(scope, "@lumino/signaling");
      const { status } = await import(besides("status.js"));
      found.push(status({ notebooks, statusBar: IStatusBar }, { Widget, Signal }));
    }
    if (scope["@jupyterlab/launcher"]) {
      const { ILauncher } = await shared(scope, "@jupyterlab/launcher");
      const { launcher } = await import(besides("launcher.js"));
      // Without its cards there is no launcher, and all else works.
      const cards = await fetch(besides("cards.json")).then((found) => (found.ok ? found.json() : []), () => []);
      const address = (name) => besides(`notebooks/${encodeURIComponent(name)}`);
      found.push(launcher(ILauncher, { cards, icon: besides("logo.svg").href, address }));
    }
    return found;
  }

  async function plugins() {
    const { INotebookTracker } = await shared(scope, "@jupyterlab/notebook");
    const { live } = await import(besides("live.js"));
    const { tables } = await import(besides("tables.js"));
    const { looks } = await import(besides("looks.js"));
    return [await language(), live(INotebookTracker), tables, looks, ...(await besideNotebooks(INotebookTracker))];
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["@lorikeet/lab"] = {
    init(given) {
      scope = given;
    },
    async get(module) {
      if (module !== "./extension") throw new Error(`lorikeet: there is no module ${module}`);
      const provided = await plugins();
      return () => ({ __esModule: true, default: provided });
    },
  };
})();
