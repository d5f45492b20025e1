"""Prints, as JSON, the files that servers on loopback need to trust each other: a CA and one certificate of it for localhost."""

import datetime
import ipaddress
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, key, issuer, signing_key, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return pem(builder.sign(signing_key, hashes.SHA256()))


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def main():
    ca_name, ca_key = name("Stoa's tests"), ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    ca = certificate(ca_name, ca_key, ca_name, ca_key, [(x509.BasicConstraints(True, None), True)])
    leaf = certificate(
        name("localhost"),
        key,
        ca_name,
        ca_key,
        [(x509.BasicConstraints(False, None), True), (x509.SubjectAlternativeName(names), False)],
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    print(json.dumps({"ca": ca, "certificate": leaf, "key": private.decode()}))


main()
