#!/usr/bin/env python3
"""The first images of a data set in MNIST's format: few_images.py FOLDER OUT TRAIN TEST"""
import gzip
import pathlib
import sys

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
if not (folder / "train-images-idx3-ubyte.gz").exists():
    print(f"{folder}: no data set in MNIST's format")
    sys.exit(77)
out.mkdir(parents=True, exist_ok=True)
for part, count in (("train", int(sys.argv[3])), ("t10k", int(sys.argv[4]))):
    for kind, header, size in (("images-idx3-ubyte", 16, 28 * 28), ("labels-idx1-ubyte", 8, 1)):
        name = f"{part}-{kind}"
        with gzip.open(folder / f"{name}.gz") as file:
            head = file.read(header)
            body = file.read(count * size)
        (out / name).write_bytes(head[:4] + count.to_bytes(4, "big") + head[8:] + body)
