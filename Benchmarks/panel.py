"""What showing a run costs the run: the same training with its panel and without, in turns, in one kernel.

    python Benchmarks/panel.py --pairs 5
    python Benchmarks/panel.py --model nano --data toy --train 2000 --epochs 20

`set times=off` shows a run's final state alone; everything else is the same. Measured are the seconds between busy and
idle and the seconds of processor time that the kernel took meanwhile (all of its threads: making the panel, encoding,
signing, sending). Run it on an idle machine.
"""

import argparse
import statistics
import time

import psutil
from jupyter_client.manager import KernelManager


def run(client, process, cell):
    """Seconds, processor seconds, updates and their bytes of one cell."""
    before, began = process.cpu_times(), time.perf_counter()
    # Without input: a console, which asks for it, is shown lines in place of a panel.
    request = client.execute(cell, allow_stdin=False)
    updates = size = 0
    while True:
        message = client.get_iopub_msg(timeout=600)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise SystemExit("\n".join(content["traceback"]))
        if kind == "update_display_data":
            updates += 1
            size += sum(len(str(part)) for part in content["data"].values())
        if kind == "status" and content["execution_state"] == "idle":
            break
    seconds, after = time.perf_counter() - began, process.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return seconds, spent, updates, size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", default="lorikeet")
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--data", default="imdb")
    parser.add_argument("--train", type=int, default=500)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    manager = KernelManager(kernel_name=options.kernel)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    process = psutil.Process(manager.provisioner.pid)
    load = f"load {options.data} train={options.train} test=50 validation=50"
    ready = f"model {options.model}\n{load}"
    train = f"lora r=8\ntrain epochs={options.epochs} save_every=0"
    try:
        run(client, process, f"{ready}\n{train}")
        ratios = {"seconds": [], "processor": []}
        for number in range(options.pairs):
            both = {}
            # Which one is first changes, since the machine's pace drifts.
            for shows in ["on", "off"] if number % 2 else ["off", "on"]:
                run(client, process, f"reset\nset times={shows}\n{ready}")
                both[shows] = run(client, process, train)
            (on, spent_on, updates, size), (off, spent_off, _, _) = both["on"], both["off"]
            ratios["seconds"].append(on / off)
            ratios["processor"].append(spent_on / spent_off)
            print(
                f"{number + 1}: {on:.2f} s beside {off:.2f} s ({on / off:.4f}), processor "
                f"{spent_on / spent_off:.4f}, {updates} updates of {size / max(1, updates) / 1000:.1f} kB",
                flush=True,
            )
        for name, values in ratios.items():
            print(f"{name}: median {statistics.median(values):.4f}, {min(values):.4f} to {max(values):.4f}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()
