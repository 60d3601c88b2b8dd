"""Signatures by SSH keys, judged by ``ssh-keygen -Y`` (OpenSSH, PROTOCOL.sshsig); everything unclear is a refusal."""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from diplodata.errors import FetchError, UsageError
from diplodata.published import places

#: What is signed -> its namespace, so that a signature of one is none of the other.
RELEASE = "diplodata-release"
INDEX = "diplodata-index"

_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"-----END SSH SIGNATURE-----\n"

#: Characters of a line of a signature.
_WIDTH = 70

_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Signers:
    """A file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS), got by another way than the release."""

    path: Path

    def problem(self, data: bytes, signature: bytes, namespace: str) -> str | None:
        """Say why a signature is not one of these bytes by one of the signers; None when it is.

        Raises:
            FetchError: ssh-keygen is not installed, so no signature can be judged.
        """
        if not _is_canonical(signature):
            return "it does not have the form that ssh-keygen writes"
        with tempfile.TemporaryDirectory(prefix="diplodata-") as folder:
            place = Path(folder) / "signature"
            place.write_bytes(signature)
            who = self._principals(place)
            if not who:
                return "its key is none of the signers"
            return (
                None
                if any(self._verifies(data, place, name, namespace) for name in who)
                else (f"it is not a signature of these bytes by {who[0]} for {namespace}")
            )

    def _principals(self, signature: Path) -> list[str]:
        done = ssh_keygen(["-Y", "find-principals", "-s", str(signature), "-f", str(self.path)], b"", _SECONDS)
        if done.returncode:
            return []
        text = done.stdout.decode("utf-8", "replace")
        return [name for line in text.splitlines() for name in line.strip().split(",") if name]

    def _verifies(self, data: bytes, signature: Path, name: str, namespace: str) -> bool:
        # The name follows an option, so it is none itself, however it begins.
        arguments = ["-Y", "verify", "-f", str(self.path), "-I", name, "-n", namespace, "-s", str(signature)]
        return ssh_keygen(arguments, data, _SECONDS).returncode == 0


def signers(path: str | Path | None, *untrusted: str | Path) -> Signers | None:
    """Return the signers of a file; None without one.

    Args:
        path: the file.
        untrusted: places from which it must not come, because they are what it is to judge.

    Raises:
        UsageError: there is no such file, or it lies in one of these places.
    """
    if path is None:
        return None
    place = Path(path)
    if not place.is_file():
        raise UsageError(f"{path}: no such file of signers.")
    for item in untrusted:
        if not places.is_address(str(item)) and place.resolve().is_relative_to(Path(item).resolve()):
            raise UsageError(f"{path} lies in {item}; signers never come from what they are to judge.")
    return Signers(place)


def _is_canonical(signature: bytes) -> bool:
    """Whether a signature has the one form that ssh-keygen writes, so that no byte of it can change unnoticed."""
    if not (signature.startswith(_BEGIN) and signature.endswith(_END)):
        return False
    body = signature[len(_BEGIN) : -len(_END)]
    try:
        raw = base64.b64decode(body.replace(b"\n", b""), validate=True)
    except binascii.Error:
        return False
    text = base64.b64encode(raw)
    lines = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return body == b"".join(line + b"\n" for line in lines)


def ssh_keygen(arguments: list[str], data: bytes, seconds: float | None) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen with data as its standard input.

    Raises:
        FetchError: it is not installed, or takes longer than so many seconds.
    """
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["ssh-keygen", *arguments], input=data, capture_output=True, check=False, timeout=seconds, env=environment
        )
    except OSError as error:
        raise FetchError(
            "Signatures cannot be made or judged: ssh-keygen is not installed (OpenSSH 8.2 or newer)."
        ) from error
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"Signatures cannot be judged: ssh-keygen took more than {seconds} seconds.") from error
