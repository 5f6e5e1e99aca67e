#!/usr/bin/env python3
"""Counts the test images that the outputs of `bitmason run` classify rightly: the largest of each row is the answer.

Usage: count_right.py logits.npy [--labels t10k-labels-idx1-ubyte.gz] [--at-least N]

Takes values or codes (float32 or int64, as `run` writes them). With --at-least the exit code is 1 where fewer are right. Needs
Python's standard library only.
"""
import argparse
import array
import ast
import sys

import idx


def read_npy(path):
    """Shape and elements of a .npy file of format version 1 in C order, int64 or float32."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:8] != b"\x93NUMPY\x01\x00":
        raise SystemExit(f"{path}: is not a .npy file of version 1; take one that `bitmason run` has written")
    end = 10 + int.from_bytes(content[8:10], "little")
    header = ast.literal_eval(content[10:end].decode())
    codes = {"<i8": "q", "<f4": "f"}
    if header["descr"] not in codes or header["fortran_order"]:
        raise SystemExit(f"{path}: holds {header['descr']}; take a file that `bitmason run` has written")
    values = array.array(codes[header["descr"]])
    values.frombytes(content[end:])
    if sys.byteorder == "big":
        values.byteswap()
    return header["shape"], values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logits")
    parser.add_argument("--labels", default=idx.FOLDER / "t10k-labels-idx1-ubyte.gz")
    parser.add_argument("--at-least", type=int, default=0)
    options = parser.parse_args()
    shape, logits = read_npy(options.logits)
    _, labels = idx.read(options.labels)
    count, classes = shape[0], len(logits) // shape[0] if shape[0] else 0
    if count == 0 or count > len(labels):
        raise SystemExit(f"{options.logits}: holds {count} answers and there are {len(labels)} labels; give 1 to {len(labels)}")
    right = 0
    for i in range(count):
        row = logits[i * classes:(i + 1) * classes]
        right += row.index(max(row)) == labels[i]
    print(f"{right} of {count} right: {100 * right / count:.2f} %")
    return int(right < options.at_least)


if __name__ == "__main__":
    sys.exit(main())
