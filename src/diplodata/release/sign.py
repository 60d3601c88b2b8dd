"""Detached signatures by an SSH key, made and judged by ``ssh-keygen -Y`` (OpenSSH, PROTOCOL.sshsig)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from diplodata.errors import ReleaseError
from diplodata.model.limits import DEFAULT_TRANSFER_LIMITS
from diplodata.published.signatures import INDEX, RELEASE, ssh_keygen

__all__ = ["INDEX", "LARGEST", "RELEASE", "SUFFIX", "Signer", "fits", "signer"]

#: A signature lies beside the file, under its name with this ending.
SUFFIX = ".sig"

#: A signature is read as a whole.
LARGEST = DEFAULT_TRANSFER_LIMITS.signature_bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """An SSH key that signs."""

    key: Path

    def sign(self, data: bytes, namespace: str) -> bytes:
        """Return a signature, which has been verified.

        Raises:
            ReleaseError: the key cannot be used.
            FetchError: ssh-keygen is not installed.
        """
        # No limit of time: somebody may have to type a passphrase.
        # From standard input to standard output: with a file that has a signature already, ssh-keygen keeps the old
        # one and says nothing.
        done = ssh_keygen(["-Y", "sign", "-f", str(self.key), "-n", namespace], data, None)
        signature = done.stdout
        if done.returncode or not signature:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            raise ReleaseError(f"{self.key} does not sign: {said or 'ssh-keygen gave no signature'}")
        if not fits(data, signature, namespace):
            raise ReleaseError(f"{self.key} does not sign: the signature that it gave does not verify.")
        return signature


def signer(key: str | Path | None) -> Signer | None:
    """Return what signs with a key, or None without one.

    Raises:
        ReleaseError: there is no such file.
    """
    if key is None:
        return None
    if not Path(key).is_file():
        raise ReleaseError(f"{key}: no such key.")
    return Signer(Path(key))


def fits(data: bytes, signature: bytes, namespace: str) -> bool:
    """Whether a signature is one of these bytes, by whatever key."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "signature"
        place.write_bytes(signature)
        done = ssh_keygen(["-Y", "check-novalidate", "-n", namespace, "-s", str(place)], data, None)
    return done.returncode == 0
