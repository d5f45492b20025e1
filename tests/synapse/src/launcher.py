"""Runs one Synapse for one test process and never outlives it.

Makes a temporary folder and prints its path. Then each order read from standard input (start, stop, kill, freeze, thaw) is
answered with one line: "ok", or "error" and what was wrong. When standard input ends, for whatever reason the test process
ended, Synapse is killed and the folder removed. It signals nothing but its own child.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

START_SECONDS = 120
STOP_SECONDS = 30


class Gone(Exception):
    """Standard input ended: nobody is left to run a server for."""


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.child = None
        # Synapse tells a service manager when it listens; here the launcher is that service manager.
        self.news_path = os.path.join(folder, "news")
        self.news = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.news.bind(self.news_path)

    def start(self):
        if self.child is not None:
            return "error it runs already"
        self.forget_old_news()
        # The child alone holds the writing end: the reading end ends when the child does.
        alive, held = os.pipe()
        try:
            with open(os.path.join(self.folder, "output"), "ab") as output:
                self.child = subprocess.Popen(
                    [sys.executable, "-I", "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"],
                    cwd=self.folder,
                    env=dict(os.environ, NOTIFY_SOCKET=self.news_path),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=[held],
                )
            os.close(held)
            held = None
            return self.wait_until_ready(alive)
        finally:
            os.close(alive)
            if held is not None:
                os.close(held)

    def wait_until_ready(self, alive):
        while True:
            readable, _, _ = select.select([0, self.news, alive], [], [], START_SECONDS)
            if 0 in readable and not os.read(0, 4096):
                raise Gone
            if self.news in readable and self.news.recv(4096).startswith(b"READY=1"):
                return "ok"
            if alive in readable:
                status = self.child.wait()
                self.child = None
                return f"error it ended at once with status {status}"
            if not readable:
                self.kill()
                return f"error it was not ready after {START_SECONDS} seconds"

    def forget_old_news(self):
        self.news.setblocking(False)
        try:
            while True:
                self.news.recv(4096)
        except BlockingIOError:
            self.news.setblocking(True)

    def stop(self):
        if self.child is not None:
            self.child.send_signal(signal.SIGCONT)
            self.child.terminate()
            try:
                self.child.wait(STOP_SECONDS)
                self.child = None
            except subprocess.TimeoutExpired:
                self.kill()
        return "ok"

    def kill(self):
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.child = None
        return "ok"

    def freeze(self):
        return self.signal(signal.SIGSTOP)

    def thaw(self):
        return self.signal(signal.SIGCONT)

    def signal(self, number):
        if self.child is None:
            return "error it does not run"
        self.child.send_signal(number)
        return "ok"


def main():
    # Ctrl-C and a closing terminal concern the test process; its end is noticed by the end of standard input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="stoa-synapse-")
    server = None
    try:
        print(folder, flush=True)
        server = Server(folder)
        orders = {
            "start": server.start,
            "stop": server.stop,
            "kill": server.kill,
            "freeze": server.freeze,
            "thaw": server.thaw,
        }
        while order := os.read(0, 4096):
            print(orders[order.decode().strip()](), flush=True)
    except (Gone, BrokenPipeError):
        pass
    finally:
        if server is not None:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
