"""The local cloud as the AWS CLI sees it: its commands, waiters, paginators, queries and exit codes.

Finds the cloud by the usual variables. Commands run inside this process, by the CLI's own entry, so that Python starts once; one runs as a
program. Prints a line for each case; exit code 1 if one does not hold.
"""

import contextlib
import importlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import databases
import names
import programs
import storage
from awscli.clidriver import create_clidriver

PROGRAM = pathlib.Path(sys.executable).with_name("aws")
# Sixty looks are the most that a waiter takes.
LOOK_SECONDS = 1


class Said:
    """What came of a command: its exit code, what it printed, what it complained of."""

    def __init__(self, code, out, complaint):
        self.code, self.out, self.complaint = code, out.strip(), complaint.strip()

    @property
    def json(self):
        """What it printed. Raises ValueError with its complaint instead."""
        if self.code != 0:
            raise ValueError(f"exit {self.code}: {self.complaint}")
        return json.loads(self.out) if self.out else {}

    @property
    def error(self):
        """The code of AWS's error, `none` without one."""
        _, _, rest = self.complaint.partition("An error occurred (")
        return rest.partition(")")[0] or "none"


def aws(*command, output="json"):
    """Runs `aws …`; a word that is not text is handed over as JSON."""
    words = [word if isinstance(word, str) else json.dumps(word) for word in command]
    out, complaint = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        try:
            code = create_clidriver().main([*words, "--output", output])
        except SystemExit as end:  # A command that cannot be read.
            code = end.code
    out.flush()
    return Said(code, out.buffer.getvalue().decode(), complaint.getvalue())


def program(_aws):
    """The same as a program of its own."""
    done = subprocess.run(
        [str(PROGRAM), "sts", "get-caller-identity", "--query", "Account", "--output", "text"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return [((done.returncode, done.stdout.strip()), (0, "111111111111"))]


def look_often():
    """Waiters of the CLI look every thirty seconds; here nothing takes so long."""
    session = type(create_clidriver().session).__mro__
    module = next(each.__module__ for each in session if each.__module__.endswith("botocore.session"))
    waiter = importlib.import_module(module.replace(".session", ".waiter"))
    sleep = time.sleep
    waiter.time = type("Time", (), {"sleep": staticmethod(lambda _seconds: sleep(LOOK_SECONDS))})


def differences(case):
    """Sentences about what a case did not find as AWS's documentation says it."""
    found = []
    try:
        for number, (got, want) in enumerate(case(aws), 1):
            if got != want:
                found.append(f"{number}: {got!r} instead of {want!r}")
    except Exception as error:  # Whatever it is, the other cases are run too.
        found.append(f"{type(error).__name__}: {error}")
    return found


def main():
    look_often()
    failed = 0
    cases = [program, *storage.CASES, *databases.CASES, *names.CASES, *programs.CASES]
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for case in cases:
            found = differences(case)
            failed += bool(found)
            print(f"{'NOT' if found else 'ok'}  aws: {case.__name__.replace('_', ' ')}", flush=True)
            for each in found:
                print(f"      {each}", flush=True)
        os.chdir("/")
    print(f"{len(cases)} cases of the AWS CLI, {failed} do not hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
