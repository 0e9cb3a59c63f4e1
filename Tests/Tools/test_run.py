"""`lorikeet run` of what is no script: a sentence and exit status 1, and an end."""

import os

import pytest


def failed(done, *words):
    assert done.returncode == 1, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("name", ["nosuch.lk", "nosuch.ipynb", "folder/nosuch.lk", ""])
def test_a_file_that_is_not_there_is_named(tool, folder, name):
    failed(tool("lorikeet", "run", name), name, "no file")


def test_the_nearest_name_is_offered(tool, folder):
    (folder / "tune.lk").write_text("echo found")
    failed(tool("lorikeet", "run", "tunne.lk"), "did you mean tune.lk")


@pytest.mark.parametrize("name", ["a", "a.lk", "a.ipynb"])
def test_a_folder_is_no_script(tool, folder, name):
    (folder / name).mkdir()
    failed(tool("lorikeet", "run", name), name, "folder")


@pytest.mark.parametrize("name", ["a.lk", "a.ipynb"])
def test_a_file_that_may_not_be_read_says_so(tool, folder, name):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder / name).write_text("echo x")
    (folder / name).chmod(0)
    failed(tool("lorikeet", "run", name), name, "ermission")


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/urandom"])
def test_what_has_no_end_is_left(tool, folder, name):
    failed(tool("lorikeet", "run", name, timeout=60), name, "no end")
    with open(name, "rb") as endless:
        failed(tool("lorikeet", "run", "-", stdin=endless, timeout=60), "no end")


@pytest.mark.parametrize("content", [b"\x7fELF\x00\x01", b"echo one\x00two", b"\xff\xfeecho"])
def test_what_is_not_text_is_refused(tool, folder, content):
    (folder / "binary").write_bytes(content)
    failed(tool("lorikeet", "run", "binary"), "binary", "not UTF-8 text")


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n"])
def test_nothing_to_do_is_no_failure(tool, folder, content):
    (folder / "empty.lk").write_text(content)
    done = tool("lorikeet", "run", "empty.lk")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_pipes_are_read_as_files_are(tool, folder):
    assert tool("lorikeet", "run", "-", input="echo from here").stdout == "from here\n"
    reading, writing = os.pipe()
    os.write(writing, b"echo from a pipe")
    os.close(writing)
    done = tool("lorikeet", "run", f"/dev/fd/{reading}", pass_fds=[reading])
    os.close(reading)
    assert done.stdout == "from a pipe\n"


@pytest.mark.parametrize("place, reason", [("nope/x.ipynb", "no folder"), ("here/x.ipynb", "no folder"), (".", "no regular file")])
def test_where_no_notebook_can_be_written_is_said_before_it_runs(tool, folder, write, place, reason):
    (folder / "here").write_text("a file")
    path = write("a.ipynb", "echo ran")
    done = tool("lorikeet", "run", path, "--output", folder / place)
    failed(done, reason)
    assert "ran" not in done.stdout and "operation" not in done.stderr


def test_a_loop_of_links_is_said_to_be_one(tool, folder):
    (folder / "loop").symlink_to("loop")
    for statement in ["load loop", "model loop", "load path=loop"]:
        failed(tool("lorikeet", "run", "-", input=statement), "leads back to itself")


def test_notes_are_no_wider_than_a_terminal(tool, folder):
    done = tool(
        "lorikeet", "run", "-",
        input="model nano\nload toy train=32 test=16\nlora bias=none task_type=x\nevaluate\nhelp\nhelp lora\n")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
    long = "echo " + "word " * 60
    assert tool("lorikeet", "run", "-", input=f"x='{long}'\n$x").stdout == long + "\n"


def test_some_of_many_files_are_said_to_be_some(tool, folder):
    for number in range(11):
        (folder / f"d{number}.csv").write_text("text,label\na,1\n")
    failed(tool("lorikeet", "run", "-", input="load ."), "11 data files", "and 6 more")


def test_a_state_that_cannot_be_written_is_said_once_and_leaves_no_bar(tool):
    done = tool(
        "lorikeet", "run", "-",
        input="set runs=/proc/none\nmodel nano\nload toy train=64 test=16 validation=16\nlora r=2\ntrain steps=8 save_steps=2\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("in memory alone") == 1, done.stdout
    assert "━" not in done.stdout and "Done " in done.stdout, done.stdout
