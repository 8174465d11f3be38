"""What a worker occupies after many passwords were hashed in its threads."""

import json
import subprocess
import sys

# Four threads, as many hashes at once as a worker has ever begun, six times.
_HASH = """
import json, re, sys, threading
{prepare}
from argon2.low_level import Type, hash_secret

def resident_mb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1000

def hash_one():
    together.wait()
    hash_secret(b"password", b"salt of 16 bytes", time_cost=2, memory_cost=19 * 1024,
                parallelism=1, hash_len=32, type=Type.ID)

together, before = threading.Barrier(4), resident_mb()
for _time in range(6):
    threads = [threading.Thread(target=hash_one) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(json.dumps(resident_mb() - before))
"""


def grown_mb(prepare: str) -> float:
    said = subprocess.run(
        [sys.executable, "-c", _HASH.format(prepare=prepare)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return float(json.loads(said))


def test_the_memory_of_hashes_goes_back_to_the_system() -> None:
    assert grown_mb("import rbpsite.serving") < 15
