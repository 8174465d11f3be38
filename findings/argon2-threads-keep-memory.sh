#!/usr/bin/env bash
# argon2-cffi 25.1.0 on glibc: each thread that hashed a password may keep the memory of its hash.
#
# One hash takes 19 MiB here (OWASP's values), and Argon2 frees it. The first free block of that
# size raises glibc's limit above which blocks come from the system (mallopt(3), M_MMAP_THRESHOLD is
# dynamic); from then on each thread takes the 19 MiB from an arena of its own, which keeps them.
# A server with threads grows by 19 MiB with each thread that ever saw a sign-in. With the limit set
# to a fixed value the memory goes back to the system.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check argon2-cffi==25.1.0
cat >"$folder/hash.py" <<'PYTHON'
import ctypes
import re
import sys
import threading

from argon2 import PasswordHasher

if sys.argv[1] == "fixed":
    assert ctypes.CDLL(None).mallopt(-3, 1024 * 1024) == 1
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
together = threading.Barrier(4)


def resident_mb():
    return int(re.search(r"VmRSS:\s+(\d+)", open("/proc/self/status").read())[1]) / 1000


def hash_one():
    together.wait()
    hasher.hash("correct horse battery")


before = resident_mb()
for _ in range(6):
    threads = [threading.Thread(target=hash_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(round(resident_mb() - before))
PYTHON
left=$("$folder/venv/bin/python" "$folder/hash.py" dynamic)
fixed=$("$folder/venv/bin/python" "$folder/hash.py" fixed)
echo "After 24 hashes, four at once, all of them done, the process keeps $left MB"
echo "with glibc's own limit, and $fixed MB with M_MMAP_THRESHOLD set to 1 MiB."
[ "$left" -ge 19 ] && [ "$fixed" -lt 5 ]
