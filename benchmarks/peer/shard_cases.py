"""Writes the bundles of signing/src/test/resources/shards by hashlib and OpenSSL alone: run in that folder, with ../keys/p256.pkcs8.pem as key.

The model's files are those of `model`; each bundle signs them in shards of 100 bytes by another hash.
"""

import base64
import hashlib
import json
import os
import subprocess
import tempfile

KEY = "../keys/p256.pkcs8.pem"
SHARD = 100
FILES = {
    "weights.bin": bytes(i % 251 for i in range(1050)),  # eleven shards: the eleventh sorts before the third
    "a:b:1": b"a name with colons",
    "exact": bytes(200),
    "empty": b"",
}


def pem_hint():
    pem = subprocess.run(["openssl", "pkey", "-in", KEY, "-pubout"], capture_output=True, check=True).stdout
    return hashlib.sha256(pem).hexdigest()


def sign(data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", KEY, file.name], capture_output=True, check=True
        ).stdout


def bundle(algorithm, digest):
    resources = []
    for name, content in FILES.items():
        for start in range(0, len(content), SHARD):
            part = content[start : start + SHARD]
            resources.append(
                {"name": f"{name}:{start}:{start + len(part)}", "digest": digest(part), "algorithm": algorithm}
            )
    resources.sort(key=lambda resource: resource["name"])
    root = hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in resources)).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {
            "resources": resources,
            "serialization": {
                "method": "shards",
                "hash_type": algorithm,
                "shard_size": SHARD,
                "allow_symlinks": False,
                "ignore_paths": ["model.sig"],
            },
        },
    }
    payload = json.dumps(statement).encode()
    kind = b"application/vnd.in-toto+json"
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": pem_hint()}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": kind.decode(),
            "signatures": [{"sig": base64.b64encode(sign(signed)).decode(), "keyid": ""}],
        },
    }


if __name__ == "__main__":
    for algorithm, digest in {
        "sha256": lambda part: hashlib.sha256(part).hexdigest(),
        "blake2b": lambda part: hashlib.blake2b(part).hexdigest(),
    }.items():
        with open(f"{algorithm}.sig", "w") as file:
            json.dump(bundle(algorithm, digest), file)
    # What Blake2b must give: SHA-256 over the hashes of 0 to 600 bytes.
    every = hashlib.sha256()
    for length in range(601):
        every.update(hashlib.blake2b(bytes(i % 251 for i in range(length))).digest())
    print(every.hexdigest())
