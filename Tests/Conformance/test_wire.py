"""Sockets, signatures and transports."""

import errno
import hashlib
import hmac
import json
import os
import socket
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
    first = kernel.client.get_shell_msg(timeout=PATIENCE)["parent_header"]["msg_id"]
    for channel in ("shell", "control"):
        getattr(kernel.client, f"{channel}_channel").socket.send_multipart(frames)
        # Answers come in the order of the questions: one to the recorded message would come before this one.
        assert kernel.ask("kernel_info_request", on=channel)["status"] == "ok"
        assert first not in kernel.unread


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


class Launcher:
    """A launcher that lets the kernel choose its ports (protocol 5.6)."""

    KEY = b"registration key"

    def __init__(self, context, folder, argv, ip):
        self.socket = context.socket(zmq.ROUTER)
        self.socket.ipv6 = ":" in ip
        host = f"[{ip}]" if ":" in ip else ip
        self.file = folder / "registration.json"
        self.command = [argv[0], "kernel", "-f", str(self.file)]
        # As the protocol's documentation has it, field by field.
        self.file.write_text(json.dumps({
            "kernel_id": "k1", "transport": "tcp", "registration_ip": ip,
            "registration_port": self.socket.bind_to_random_port(f"tcp://{host}"),
            "signature_scheme": "hmac-sha256", "key": self.KEY.decode()}))
        self.file.chmod(0o600)

    def sign(self, *frames):
        return hmac.new(self.KEY, b"".join(frames), hashlib.sha256).hexdigest().encode()

    def launch(self):
        """Starts a kernel: its process, its address at the registration socket, and the ports it chose."""
        process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        assert self.socket.poll(PATIENCE * 1000)
        identity, delimiter, signature, content = self.socket.recv_multipart()
        assert delimiter == DELIMITER and signature == self.sign(content)
        ports = json.loads(content)
        assert ports.pop("kernel_id") == "k1"
        assert set(ports) == {f"{name}_port" for name in ("shell", "control", "stdin", "iopub", "hb")}
        assert all(isinstance(port, str) for port in ports.values())
        return process, identity, ports

    def acknowledge(self, identity, content=b"ACK"):
        self.socket.send_multipart([identity, DELIMITER, self.sign(content), content])


def has_ipv6():
    with socket.socket(socket.AF_INET6) as probe:
        return probe.connect_ex(("::1", 9)) == errno.ECONNREFUSED


@pytest.fixture(params=["127.0.0.1", "::1"])
def launcher(request, tmp_path, installed):
    if request.param == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with zmq.Context() as context:
        launcher = Launcher(context, tmp_path, installed["argv"], request.param)
        yield launcher
        launcher.socket.close(linger=0)


@row("registration-file handshake (5.6)")
def test_a_registration_file_is_answered_with_ports(launcher):
    chosen = []
    # The second time as at a restart: with the file that the first one left.
    for _ in range(2):
        process, identity, ports = launcher.launch()
        try:
            chosen.append(ports)
            launcher.acknowledge(identity)
            with launcher.socket.context.socket(zmq.DEALER) as control:
                control.connect(f"tcp://127.0.0.1:{ports['control_port']}")
                session = Session(key=launcher.KEY)
                session.send(control, "kernel_info_request")
                assert control.poll(PATIENCE * 1000)
                assert session.recv(control, mode=0)[1]["content"]["status"] == "ok"
                # Other clients find the kernel by the file.
                written = json.loads(launcher.file.read_text())
                assert {name: str(written[name]) for name in ports} == ports
                assert written["ip"] == "127.0.0.1" and written["key"] == launcher.KEY.decode()
                session.send(control, "shutdown_request", {"restart": True})
                assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert chosen[0] != chosen[1]


@row("registration-file handshake (5.6)")
def test_a_receipt_that_the_launcher_did_not_sign_ends_the_kernel(launcher):
    process, identity, _ = launcher.launch()
    try:
        launcher.socket.send_multipart([identity, DELIMITER, b"0" * 64, b"ACK"])
        assert process.wait(PATIENCE) != 0
        assert "receipt" in process.stderr.read()
    finally:
        process.kill()


@row("subshells")
def test_a_subshell_runs_beside_a_busy_shell(kernel):
    create = kernel.ask("create_subshell_request", on="control")
    assert create["status"] == "ok"
    name = create["subshell_id"]
    assert kernel.ask("list_subshell_request", on="control")["subshell_id"] == [name]
    busy = kernel.start_cell("sleep 600")
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
