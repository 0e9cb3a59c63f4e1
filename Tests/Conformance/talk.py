"""A kernel that runs, and plain words to talk to it."""

import time

from jupyter_client.manager import KernelManager

PATIENCE = 60  # seconds until an answer counts as lost, on a machine that is busy with other things


class Kernel:
    """The installed kernel in a process of its own, with one client, subscribed and ready."""

    def __init__(self, name="lorikeet", environment=None, folder=None, **options):
        self.manager = KernelManager(kernel_name=name, **options)
        begins = {"env": environment, "cwd": folder and str(folder)}
        self.manager.start_kernel(**{key: value for key, value in begins.items() if value})
        self.client = self.connect()
        self.unread = {}

    def connect(self):
        client = self.manager.client()
        client.start_channels(hb=False)
        while client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "iopub_welcome":
            pass
        return client

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def send(self, kind, content=None, on="shell", header=None, parent=None, buffers=None):
        """Sends a request and gives its id."""
        session = self.client.session
        message = session.msg(kind, content or {}, parent=parent)
        message["header"].update(header or {})
        session.send(getattr(self.client, f"{on}_channel").socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def reply(self, identifier, on="shell"):
        get = {"shell": self.client.get_shell_msg, "control": self.client.get_control_msg}[on]
        while identifier not in self.unread:
            message = get(timeout=PATIENCE)
            self.unread[message["parent_header"].get("msg_id")] = message
        return self.unread.pop(identifier)

    def ask(self, kind, content=None, on="shell", **more):
        """The content of the reply to a request."""
        return self.reply(self.send(kind, content, on=on, **more), on=on)["content"]

    def outputs(self, identifier):
        """The iopub messages of a request, from its busy to its idle."""
        seen = []
        while not seen or seen[-1]["content"].get("execution_state") != "idle":
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == identifier:
                seen.append(message)
        return seen

    def start_cell(self, code, header=None, **content):
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False} | content
        return self.send("execute_request", content, header=header)

    def run(self, code, **content):
        """Runs a cell to its idle: the content of its reply, and its outputs between busy and idle."""
        identifier = self.start_cell(code, **content)
        reply = self.reply(identifier)["content"]
        outputs = self.outputs(identifier)
        assert outputs[0]["content"] == {"execution_state": "busy"}
        return reply, outputs[1:-1]

    def wait_until_running(self, identifier, shown="execute_input"):
        """Waits for a cell's first message of a kind; its input is told before its first statement has run."""
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == identifier and message["msg_type"] == shown:
                return

    def is_well(self):
        return self.run("echo well")[0]["status"] == "ok"

    def close(self):
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def kinds(outputs):
    return [output["msg_type"] for output in outputs]


def text_of(outputs, stream="stdout"):
    return "".join(o["content"]["text"] for o in outputs if o["content"].get("name") == stream)


def wait_for(condition, seconds=PATIENCE):
    """Whether the condition came true in time, and after how many seconds."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.002)
    raise AssertionError(f"not true after {seconds} s")
