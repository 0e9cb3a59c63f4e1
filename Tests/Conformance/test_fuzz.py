"""A seeded attack on the wire of a kernel in a process of its own: it answers, and has not grown."""

import os
import random

import psutil
import pytest

ROUNDS = 100_000 if os.environ.get("LORIKEET_NIGHTLY") else 20_000
GROWTH = 10 << 20  # bytes of resident memory that the attack may leave behind


def attack(kernel, rounds, seed):
    chance = random.Random(seed)
    session = kernel.client.session
    channels = [kernel.client.shell_channel, kernel.client.control_channel, kernel.client.stdin_channel]
    deep = [b'{"a":' * depth + b"1" + b"}" * depth for depth in (10, 1000, 3000)]
    recorded = session.serialize(session.msg("is_complete_request", {"code": "echo"}))
    for step in range(rounds):
        kind = chance.choice(["is_complete_request", "complete_request", "comm_msg", "inspect_request"])
        frames = session.serialize(session.msg(kind, {"code": "echo 🦜", "cursor_pos": chance.randint(-9, 99)}))
        place = chance.randrange(len(frames))
        match chance.randrange(10):
            case 0:
                frames = recorded
            case 1:
                del frames[place + 1 :]
            case 2:
                frames[1] = b""
            case 3:
                frames[place] = chance.randbytes(chance.randrange(200))
            case 4:
                content = frames[5] = chance.choice(deep)
                frames[1] = session.sign([*frames[2:5], content])
            case 5:
                frames[5] = b'{"code": "\xc3\x28"}'
                frames[1] = session.sign(frames[2:6])
            case 6:
                frames += [b"x"] * 300
            case 7:
                frames[place] = b"{" * 100_000
            case 8:
                frames = [chance.randbytes(9) for _ in range(chance.randrange(1, 9))]
            case 9:
                frames[2] = b'{"msg_id": 1, "msg_type": []}'
                frames[1] = session.sign(frames[2:6])
        chance.choice(channels).socket.send_multipart(frames)
        if step % 500 == 0:
            drain(kernel)
    drain(kernel)


def drain(kernel):
    """Waits until all was read, and reads what was answered."""
    for channel in ("shell", "control"):
        assert kernel.ask("kernel_info_request", on=channel)["status"] == "ok"
    assert kernel.is_well()


@pytest.mark.row("HMAC checked, bad message survived")
def test_the_attacked_kernel_answers_and_has_not_grown(start, tmp_path, monkeypatch):
    kernel = start(environment=os.environ | {"LORIKEET_HOME": str(tmp_path)})
    process = psutil.Process(kernel.pid)
    attack(kernel, 2000, seed=1)
    before = process.memory_info().rss
    attack(kernel, ROUNDS, seed=2)
    assert kernel.ask("kernel_info_request")["status"] == "ok"
    assert process.memory_info().rss - before < GROWTH
