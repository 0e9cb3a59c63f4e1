"""What a person feels of a kernel, measured through Jupyter's own client; several kernels side by side.

    python Benchmarks/kernel_bench.py lorikeet python3
    python Benchmarks/kernel_bench.py lorikeet --model smollm2 --json out.json

Every answer is checked: one reply to a request, with its parent, its outputs between busy and idle. A figure is the
median of its trials; `lost` says that output was missing, `never` that nothing happened within the limit.
"""

import argparse
import json
import os
import queue
import signal
import statistics
import subprocess
import sys
import time

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

LIMIT = 20  # seconds after which an answer counts as lost
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

# What each kernel is asked to do. `loop` must run until it is interrupted.
CELLS = {
    "lorikeet": {
        "nothing": "# nothing",
        "flood": "echo n={n}",
        "prepare": "model {model}\nload imdb train=2k test=100\nlora r=8",
        "loop": "train epochs=50",
    },
    "python": {
        "nothing": "pass",
        "flood": "for i in range({n}): print(i)",
        "prepare": "",
        "loop": "while True: pass",
    },
}


class Session:
    """A running kernel and a client that reconnects at once, so that waiting is the kernel's."""

    def __init__(self, name):
        self.manager = KernelManager(kernel_name=name)
        began = time.perf_counter()
        self.manager.start_kernel(**QUIET)
        self.start = self.connect() - began

    def connect(self):
        """When the kernel had answered: waiting for iopub to be silent is not its doing."""
        context = zmq.Context()
        context.setsockopt(zmq.RECONNECT_IVL, 1)
        self.client = self.manager.client(context=context)
        self.client.start_channels(hb=False)
        reply = self.reply(self.client.kernel_info())
        answered = time.perf_counter()
        self.info = reply["content"]
        self.drain()
        return answered

    @property
    def process(self):
        return psutil.Process(self.manager.provisioner.pid)

    def drain(self):
        while self.client.iopub_channel.socket.poll(100):
            self.client.get_iopub_msg(timeout=1)

    def reply(self, request, limit=LIMIT):
        message = self.client.get_shell_msg(timeout=limit)
        if message["parent_header"]["msg_id"] != request:
            raise AssertionError(f"a reply to another request: {message['msg_type']}")
        return message

    def send(self, code):
        return self.client.execute(code, store_history=False, allow_stdin=False)

    def outputs(self, request):
        """The messages of one request from busy to idle, both left out."""
        while True:
            message = self.client.get_iopub_msg(timeout=LIMIT)
            if message["parent_header"].get("msg_id") != request:
                continue
            state = message["content"].get("execution_state")
            if state == "idle":
                return
            if state != "busy":
                yield message

    def run(self, code, limit=LIMIT):
        """Seconds to the reply and to idle."""
        began = time.perf_counter()
        request = self.send(code)
        reply = self.reply(request, limit)
        replied = time.perf_counter() - began
        if reply["content"]["status"] != "ok":
            raise AssertionError(f"{code!r} failed: {reply['content'].get('evalue')}")
        for _ in self.outputs(request):
            pass
        return replied, time.perf_counter() - began

    def close(self):
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def start_and_stop(name, count):
    starts, stops = [], []
    for _ in range(count):
        session = Session(name)
        process = session.process
        began = time.perf_counter()
        session.client.shutdown()
        process.wait(LIMIT)
        starts.append(session.start)
        stops.append(time.perf_counter() - began)
        session.close()
    return starts, stops


def restarts(name, count):
    session = Session(name)
    try:
        for _ in range(count):
            began = time.perf_counter()
            session.manager.restart_kernel(**QUIET)
            session.client.stop_channels()
            yield session.connect() - began
    finally:
        session.close()


def burst(session, code, count):
    """Seconds a cell when many are sent at once, and how many were mixed with another's output."""
    began = time.perf_counter()
    requests = [session.send(code) for _ in range(count)]
    order = []
    while True:
        message = session.client.get_iopub_msg(timeout=LIMIT)
        parent = message["parent_header"].get("msg_id")
        order.append(parent)
        if parent == requests[-1] and message["content"].get("execution_state") == "idle":
            break
    seconds = (time.perf_counter() - began) / count
    for request in requests:
        session.reply(request)
    turns = sum(1 for left, right in zip(order, order[1:]) if left != right)
    return seconds, max(0, turns - (count - 1))


def flood(session, code, lines):
    """Lines a second of a cell that prints 0, 1, 2 …; None if one was lost or out of place."""
    began = time.perf_counter()
    request = session.send(code.format(n=lines))
    try:
        text = "".join(m["content"].get("text", "") for m in session.outputs(request))
    except queue.Empty:
        return None
    seconds = time.perf_counter() - began
    session.reply(request)
    return lines / seconds if text.split() == [str(i) for i in range(lines)] else None


def interrupt(session, code):
    """Seconds to an answer on control while a cell runs, and from the interrupt to its reply."""
    request = session.send(code)
    while session.client.get_iopub_msg(timeout=LIMIT)["msg_type"] != "execute_input":
        pass
    time.sleep(1.5)
    asked = session.client.session.msg("kernel_info_request")
    began = time.perf_counter()
    session.client.control_channel.send(asked)
    while session.client.get_control_msg(timeout=LIMIT)["parent_header"]["msg_id"] != asked["header"]["msg_id"]:
        pass
    answered = time.perf_counter() - began
    began = time.perf_counter()
    session.manager.interrupt_kernel()
    reply = session.reply(request)
    if reply["content"]["status"] != "error":
        raise AssertionError("the cell ended before it was interrupted")
    stopped = time.perf_counter() - began
    session.drain()
    return answered, stopped


def is_dead(process):
    """A process that has ended counts as dead although nobody may have collected its exit status yet: an orphan's
    is collected by whatever runs as process 1, and how soon that looks says nothing of the kernel."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def orphan(name):
    """Seconds that a kernel outlives a parent that was killed, looked at every millisecond."""
    script = (
        "import subprocess, sys, time\n"
        "from jupyter_client.manager import KernelManager\n"
        f"manager = KernelManager(kernel_name={name!r})\n"
        "manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "client = manager.client(); client.start_channels(); client.wait_for_ready()\n"
        "print(manager.provisioner.pid, flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    kernel = psutil.Process(int(parent.stdout.readline()))
    began = time.perf_counter()
    parent.send_signal(signal.SIGKILL)
    while not is_dead(kernel) and time.perf_counter() - began < LIMIT:
        time.sleep(0.001)
    outlived = time.perf_counter() - began
    parent.wait()
    if is_dead(kernel):
        return outlived
    kernel.kill()
    return None


def measure(name, cells, options):
    figures = {}

    def note(what, values, unit="ms", scale=1000.0):
        values = list(values)
        good = [value for value in values if value is not None]
        figures[what] = {
            "unit": unit, "trials": len(values), "lost": len(values) - len(good),
            "median": scale * statistics.median(good) if good else None,
            "worst": scale * (min(good) if unit == "lines/s" else max(good)) if good else None,
        }

    starts, stops = start_and_stop(name, options.starts)
    note("start", starts)
    session = Session(name)
    try:
        time.sleep(1)
        note("idle memory", [session.process.memory_info().rss / 2**20], "MiB", 1)
        for _ in range(20):
            session.run(cells["nothing"])
        trips = [session.run(cells["nothing"]) for _ in range(options.trips)]
        note("execute to reply", [reply for reply, _ in trips])
        note("execute to idle", [idle for _, idle in trips])
        seconds, mixed = burst(session, cells["nothing"], 200)
        note("queued cell", [seconds])
        note("queued cells mixed", [mixed], "", 1)
        note("flood", [flood(session, cells["flood"], options.lines) for _ in range(3)], "lines/s", 1)
        prepare = cells["prepare"].format(model=options.model)
        if prepare:
            session.run(prepare, limit=600)
        pairs = [interrupt(session, cells["loop"]) for _ in range(options.interrupts)]
        note("control while busy", [answered for answered, _ in pairs])
        note("interrupt", [stopped for _, stopped in pairs])
        session.run(cells["nothing"])
    finally:
        session.close()
    note("stop", stops)
    note("restart", restarts(name, options.restarts))
    note("orphan", [orphan(name) for _ in range(options.orphans)])
    return session.info, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kernels", nargs="+", help="names of kernelspecs")
    parser.add_argument("--model", default="smollm2", help="the model that is tuned when interrupted")
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--trips", type=int, default=500)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--interrupts", type=int, default=5)
    parser.add_argument("--restarts", type=int, default=7)
    parser.add_argument("--orphans", type=int, default=5)
    parser.add_argument("--json", help="a file for the figures")
    options = parser.parse_args()

    results = {}
    for name in options.kernels:
        language = KernelSpecManager().get_kernel_spec(name).language.lower()
        info, results[name] = measure(name, CELLS[language], options)
        print(f"{name}: {info['implementation']} {info['implementation_version']}, protocol {info['protocol_version']}")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'median':22}" + "".join(f"{name:>16}" for name in results))
    for what in next(iter(results.values())):
        row = [results[name][what] for name in results]
        shown = [f"{f['median']:,.1f}" if f["median"] is not None and not f["lost"] else "never" for f in row]
        print(f"{what:22}" + "".join(f"{text:>16}" for text in shown) + f"  {row[0]['unit']}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
