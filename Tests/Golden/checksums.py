"""What is written down of ids where they themselves would be too long, or may not be."""


def checksum(ids):
    """FNV-1a of the ids as 32-bit little-endian numbers."""
    value = 0xCBF29CE484222325
    for byte in b"".join(id.to_bytes(4, "little") for id in ids):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def counted(ids):
    """How many there are, and their checksum."""
    return f"{len(ids)} {checksum(ids)}"
