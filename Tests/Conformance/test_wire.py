"""Sockets, signatures and transports."""

import hashlib
import hmac
import json
import os
import subprocess
import zmq
import pytest
from jupyter_client.session import Session
from talk import PATIENCE

row = pytest.mark.row
DELIMITER = b"<IDS|MSG>"


@row("heartbeat echo")
def test_the_heartbeat_is_an_echo(kernel):
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.connect(kernel.client._make_url("hb"))
        for beat in (b"ping", b"", os.urandom(1000)):
            socket.send(beat)
            assert socket.poll(PATIENCE * 1000) and socket.recv() == beat


@row("HMAC checked, bad message survived")
def test_bad_messages_are_dropped_and_the_loops_go_on(kernel):
    session = kernel.client.session
    message = session.serialize(session.msg("kernel_info_request"))
    bad = [
        [b""], [DELIMITER], message[:4], [DELIMITER, b"0" * 64, *message[2:]],
        [DELIMITER, message[1], b"not json", *message[3:]], [DELIMITER, message[1][::-1], *message[2:]],
    ]
    for channel in ("shell", "control", "stdin"):
        for frames in bad:
            getattr(kernel.client, f"{channel}_channel").socket.send_multipart(frames)
    for channel in ("shell", "control"):
        assert kernel.ask("kernel_info_request", on=channel)["status"] == "ok"


@row("HMAC checked, bad message survived")
def test_a_recorded_message_is_not_obeyed_again(kernel):
    session = kernel.client.session
    frames = session.serialize(session.msg("kernel_info_request"))
    kernel.client.shell_channel.socket.send_multipart(frames)
    assert kernel.client.get_shell_msg(timeout=PATIENCE)
    kernel.client.shell_channel.socket.send_multipart(frames)
    kernel.client.control_channel.socket.send_multipart(frames)
    assert kernel.silence("shell") and kernel.silence("control")


@row("unsigned connections")
def test_an_empty_key_means_unsigned(start):
    assert start(session=Session(key=b"")).is_well()


@row("own session id and version in headers")
def test_the_headers_are_the_kernels_own(kernel):
    cell = kernel.start_cell("version")
    messages = [kernel.reply(cell), *kernel.outputs(cell)]
    sessions = {message["header"]["session"] for message in messages}
    assert len(sessions) == 1 and sessions != {kernel.client.session.session}
    assert {message["header"]["version"] for message in messages} == {"5.5"}
    assert all(message["parent_header"]["session"] == kernel.client.session.session for message in messages)
    assert len({message["header"]["msg_id"] for message in messages}) == len(messages)


@row("IPC transport")
def test_ipc_works(start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("s")
    assert start(transport="ipc", ip=str(folder / "k")).is_well()


@row("XPUB iopub_welcome")
def test_every_subscriber_is_welcomed(kernel):
    for _ in range(3):
        client = kernel.manager.client()
        client.start_channels(hb=False)
        welcome = client.get_iopub_msg(timeout=PATIENCE)
        assert welcome["msg_type"] == "iopub_welcome" and welcome["content"] == {"subscription": ""}
        client.stop_channels()


@row("CurveZMQ")
def test_curve_encrypts_and_strangers_stay_outside(start):
    kernel = start(transport_encryption="required")
    assert kernel.manager.curve_publickey and kernel.is_well()
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.connect(kernel.client._make_url("control"))
        session = kernel.client.session
        socket.send_multipart(session.serialize(session.msg("kernel_info_request")))
        assert not socket.poll(300)
        socket.linger = 0


@row("registration-file handshake (5.6)")
def test_a_registration_file_is_answered_with_ports(tmp_path, installed):
    key = b"registration key"

    def sign(*frames):
        return hmac.new(key, b"".join(frames), hashlib.sha256).hexdigest().encode()

    with zmq.Context() as context, context.socket(zmq.ROUTER) as launcher:
        port = launcher.bind_to_random_port("tcp://127.0.0.1")
        file = tmp_path / "registration.json"
        file.write_text(json.dumps({
            "transport": "tcp", "ip": "127.0.0.1", "key": key.decode(), "signature_scheme": "hmac-sha256",
            "kernel_id": "k1", "registration_ip": "127.0.0.1", "registration_port": port}))
        file.chmod(0o600)
        process = subprocess.Popen([installed["argv"][0], "kernel", "-f", str(file)])
        try:
            assert launcher.poll(PATIENCE * 1000)
            identity, delimiter, signature, content = launcher.recv_multipart()
            assert delimiter == DELIMITER and signature == sign(content)
            ports = json.loads(content)
            assert ports.pop("kernel_id") == "k1"
            launcher.send_multipart([identity, DELIMITER, sign(b"ACK"), b"ACK"])
            with context.socket(zmq.DEALER) as shell:
                shell.connect(f"tcp://127.0.0.1:{ports['control_port']}")
                session = Session(key=key)
                session.send(shell, "kernel_info_request")
                assert shell.poll(PATIENCE * 1000)
                reply = session.recv(shell, mode=0)[1]
                assert reply["content"]["status"] == "ok"
                assert json.loads(file.read_text())["shell_port"] == int(ports["shell_port"])
                session.send(shell, "shutdown_request", {"restart": False})
                assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


@row("subshells")
def test_a_subshell_runs_beside_a_busy_shell(kernel):
    create = kernel.ask("create_subshell_request", on="control")
    assert create["status"] == "ok"
    name = create["subshell_id"]
    assert kernel.ask("list_subshell_request", on="control")["subshell_id"] == [name]
    busy = kernel.start_cell("sleep 60")
    kernel.wait_until_running(busy)
    beside = kernel.start_cell("version", header={"subshell_id": name})
    reply = kernel.reply(beside)
    assert reply["content"]["status"] == "ok" and reply["parent_header"]["subshell_id"] == name
    assert [o["msg_type"] for o in kernel.outputs(beside)][-2] == "execute_result"
    kernel.ask("interrupt_request", on="control")
    assert kernel.reply(busy)["content"]["status"] == "error"
    assert kernel.ask("delete_subshell_request", {"subshell_id": name}, on="control")["status"] == "ok"
    assert kernel.ask("list_subshell_request", on="control")["subshell_id"] == []
    gone = kernel.reply(kernel.start_cell("version", header={"subshell_id": name}))["content"]
    assert gone["status"] == "error"


@row("subshells")
def test_shells_do_not_harm_each_other(kernel):
    assert kernel.run("model nano\nload toy train=200 test=50")[0]["status"] == "ok"
    name = kernel.ask("create_subshell_request", on="control")["subshell_id"]
    busy = kernel.start_cell("train epochs=20;")
    kernel.wait_until_running(busy)
    for code in ("x = 5", "status", "predict 'a good day'", "evaluate", "train epochs=2;"):
        beside = kernel.reply(kernel.start_cell(code, header={"subshell_id": name}))["content"]
        assert beside["status"] == "ok" or beside["evalue"]
    assert kernel.reply(busy)["content"]["status"] == "ok"
    assert kernel.run("$x")[1][-1]["content"]["data"]["text/plain"] == "5"
