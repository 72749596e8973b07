"""Signs or verifies every file of a folder with DKIM (RFC 6376).

dkim_files.py sign FOLDER PRIVATE_KEY SELECTOR DOMAIN     each file gets a signature on top
dkim_files.py verify FOLDER PUBLIC_KEY_RECORD             one line for each file: its name, and pass or fail
"""
import pathlib
import sys

import dkim

FORMS = [(b"relaxed", b"relaxed"), (b"simple", b"simple"), (b"relaxed", b"simple"), (b"simple", b"relaxed")]


def sign(folder, key, selector, domain):
    private_key = pathlib.Path(key).read_bytes()
    for number, path in enumerate(sorted(pathlib.Path(folder).iterdir())):
        message = path.read_bytes()
        signature = dkim.sign(message, selector.encode(), domain.encode(), private_key,
                              canonicalize=FORMS[number % len(FORMS)], include_headers=[b"from", b"to", b"subject", b"date"])
        path.write_bytes(signature + message)


def verify(folder, record):
    text = pathlib.Path(record).read_bytes()
    for path in sorted(pathlib.Path(folder).iterdir()):
        good = dkim.verify(path.read_bytes(), dnsfunc=lambda name, timeout=5: text)
        print(path.name, "pass" if good else "fail")


{"sign": sign, "verify": verify}[sys.argv[1]](*sys.argv[2:])
