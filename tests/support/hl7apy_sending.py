"""A sender that speaks by hl7apy alone: `python -m tests.support.hl7apy_sending PORT FILE`. It prints MSA-1 and MSA-3 of each answer.

Each message of the file (MLLP frames) is parsed, written out again and framed by hl7apy, and so is each answer read.
"""

import socket
import sys
from pathlib import Path

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message


def main(port: int, file: Path) -> None:
    """Send every message, one after the other, over one connection."""
    messages = [one[1:].decode() for one in file.read_bytes().split(b"\x1c\r") if one]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as stream:
        for one in messages:
            sent = parse_message(one, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False)
            stream.sendall(sent.to_mllp().encode())
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                piece = stream.recv(65536)
                if not piece:
                    raise SystemExit("the listener hung up")
                answer += piece
            msa = parse_message(answer[1:-2].decode(), find_groups=False).msa
            assert msa.msa_2.to_er7() == sent.msh.msh_10.to_er7()
            print(msa.msa_1.to_er7(), msa.msa_3.to_er7().partition(":")[0], flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
