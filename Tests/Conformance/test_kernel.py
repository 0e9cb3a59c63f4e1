"""jupyter_kernel_test with every attribute set: nothing of it is skipped."""

import jupyter_kernel_test


class LorikeetTests(jupyter_kernel_test.KernelTests):
    kernel_name = "lorikeet"
    language_name = "lorikeet"
    file_extension = ".lk"
    code_hello_world = "echo hello, world"
    code_stderr = "echo oops to=stderr"
    completion_samples = [
        {"text": "ech", "matches": {"echo"}},
        {"text": "echo to=", "matches": {"stdout", "stderr"}},
    ]
    complete_code_samples = ["echo hello", "x = 1", "echo one \\\n    two"]
    incomplete_code_samples = ["echo (a b", "echo one \\", "echo 'half"]
    invalid_code_samples = ["nonsense", "train epocs=2"]
    code_page_something = "help echo pager=yes"
    code_generate_error = "nonsense"
    code_execute_result = [
        {"code": "version", "mime": "text/plain"},
        {"code": "x = 7\n$x", "result": "7"},
        {"code": "status", "mime": "text/html"},
    ]
    code_display_data = [{"code": "status\necho after", "mime": "text/html"}]
    code_history_pattern = "vers?on"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "echo"
    code_clear_output = "clear"


class LorikeetWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "lorikeet"
    support_iopub_welcome = True


del jupyter_kernel_test
