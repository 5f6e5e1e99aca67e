"""Reads the files of MNIST's format (IDX, unsigned bytes), as Debian's package dataset-fashion-mnist brings them."""
import gzip
import pathlib
import struct

FOLDER = pathlib.Path("/usr/share/datasets/fashion-mnist")


def read(path):
    """Shape and bytes of an IDX file, compressed or not; ends the program with one line where there is none."""
    path = pathlib.Path(path)
    if not path.exists():
        raise SystemExit(f"{path}: no such file; install Debian's package dataset-fashion-mnist or name another file")
    content = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise SystemExit(f"{path}: is not an IDX file of unsigned bytes; take the files of MNIST's format")
    dimensions = content[3]
    shape = struct.unpack_from(f">{dimensions}I", content, 4)
    data = content[4 + 4 * dimensions:]
    size = 1
    for length in shape:
        size *= length
    if len(data) != size:
        raise SystemExit(f"{path}: the header promises {size} bytes of data and the file holds {len(data)}; fetch it again")
    return shape, data
