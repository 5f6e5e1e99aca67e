#!/usr/bin/env python3
"""Writes Fashion-MNIST's test images as the .npy file that `bitmason run` takes for the default network.

Usage: make_input.py images.npy [--images t10k-images-idx3-ubyte.gz] [--count 10000]

The array is (N, 1, 28, 28) of raw pixels, unsigned bytes: the network's own quantiser has scale 1, so pixels are its values and
nothing is divided by 255. Needs Python's standard library only.
"""
import argparse
import pathlib

import idx


def npy_header(shape):
    """Format version 1: magic, length, dictionary padded so that the data start at a multiple of 64 bytes."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--images", default=idx.FOLDER / "t10k-images-idx3-ubyte.gz")
    parser.add_argument("--count", type=int, help="the first images only")
    options = parser.parse_args()
    (count, height, width), pixels = idx.read(options.images)
    count = min(count, options.count or count)
    shape = (count, 1, height, width)
    options.output.write_bytes(npy_header(shape) + pixels[:count * height * width])
    print(f"{options.output}: {shape} uint8")


if __name__ == "__main__":
    main()
