// Cards in the launcher, each of which opens a copy of a notebook that the extension brings along: what a person does
// to it is theirs, and the next copy begins anew.

const COMMAND = "lorikeet:open-copy";
const KERNEL = { name: "lorikeet" };

/** The name, or the first of name-2, name-3, … that is not taken. */
export function freeName(name, taken) {
  const dot = name.lastIndexOf(".");
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
  return free;
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} cannot be read: ${response.status}`);
  return response;
}

/** The folder that a person looks at; names in it are small letters, since some file systems know no others. */
class Folder {
  constructor(contents, path) {
    this.contents = contents;
    this.path = path;
  }

  async list() {
    const { content } = await this.contents.get(this.path, { content: true });
    this.taken = new Set(content.map(({ name }) => name.toLowerCase()));
  }

  place(name) {
    return !this.path || this.path.endsWith(":") || this.path.endsWith("/") ? this.path + name : `${this.path}/${name}`;
  }

  async write(name, what) {
    const { path } = await this.contents.save(this.place(name), what);
    this.taken.add(name.toLowerCase());
    return path;
  }

  async holds(name, bytes) {
    if (!this.taken.has(name.toLowerCase())) return false;
    // Under another spelling, or as a folder, it is not the file.
    const asked = { content: true, type: "file", format: "base64" };
    const found = await this.contents.get(this.place(name), asked).catch(() => ({}));
    return found.content?.replace(/\s/g, "") === bytes;
  }

  /** Puts a file here, unless it is here already; one that has the name and says something else keeps it. */
  async bring(name, bytes) {
    if (await this.holds(name, bytes)) return name;
    const free = freeName(name, this.taken);
    await this.write(free, { type: "file", format: "base64", content: bytes });
    return free;
  }
}

/** A file as it is, whatever stands for its letters: in base64. */
async function bytes(response) {
  const codes = Array.from(new Uint8Array(await response.arrayBuffer()), (byte) => String.fromCharCode(byte));
  return btoa(codes.join(""));
}

/** Writes a copy of a notebook, and of the files that it reads, into a folder. */
async function copy({ notebook, files }, folder, address) {
  const content = await (await fetched(address(notebook))).json();
  await folder.list();
  for (const file of files) {
    const name = await folder.bring(file, await bytes(await fetched(address(file))));
    if (name === file) continue;
    for (const cell of content.cells) cell.source = [cell.source].flat().join("").replaceAll(file, name);
  }
  return folder.write(freeName(notebook, folder.taken), { type: "notebook", format: "json", content });
}

/**
 * The plugin; `token` is JupyterLab's for its launcher, `cards` what `cards.json` lists, `address` says where their
 * files are, and `icon` is where the picture on them is.
 */
export function launcher(token, { cards, icon, address }) {
  return {
    id: "@lorikeet/lab:launcher",
    description: "The launcher offers notebooks to begin with.",
    autoStart: true,
    optional: [token],
    activate: ({ commands, serviceManager }, launched) => {
      if (!launched) return;
      commands.addCommand(COMMAND, {
        label: ({ label }) => label ?? "Open a copy of a Lorikeet notebook",
        caption: ({ caption }) => caption ?? "",
        execute: async ({ notebook, cwd }) => {
          const card = cards.find((each) => each.notebook === notebook);
          if (!card) throw new Error(`there is no notebook ${notebook} to copy`);
          const path = await copy(card, new Folder(serviceManager.contents, cwd ?? ""), address);
          return commands.execute("docmanager:open", { path, factory: "Notebook", kernel: KERNEL });
        },
      });
      // Among the kernels, by their names: a section of one's own stands below the edge of the window.
      for (const { notebook, label, caption } of cards) {
        launched.add({ command: COMMAND, args: { notebook, label, caption }, category: "Notebook", kernelIconUrl: icon });
      }
    },
  };
}
