#!/usr/bin/env python3
"""Decodes UltraNet's boxes from Bitmason's integer outputs and compares them with those of the authors' FPGA.

Usage: check_boxes.py --model ultranet_w4a4.onnx --images dacsdc_images.tar --boxes dacsdc_boxes.csv
                      [--weights ultranet_w4a4_int.npz] [--bitmason build/release/bin/bitmason] [--count 500]
                      [--json results.json]

The images are 640x360 JPEG files named by number; the table holds image, ground truth (4) and the FPGA's box (4). Needs numpy
and Pillow. Exit code 0 only where every box is equal.
"""
import argparse
import csv
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import numpy as np
from PIL import Image

ANCHORS = 6
FIELDS = 6  # x, y, w, h, confidence, class


def resize_axis(pixels, length, axis):
    """Bilinear samples at half-pixel centres, as (lower value, upper value, weight of the upper)."""
    source = pixels.shape[axis]
    centre = (np.arange(length) + 0.5) * source / length - 0.5
    low = np.clip(np.floor(centre).astype(int), 0, source - 1)
    high = np.clip(low + 1, 0, source - 1)
    weight = np.clip(centre - low, 0, 1)
    shape = [1, 1, 1]
    shape[axis] = length
    weight = weight.reshape(shape)
    return np.take(pixels, low, axis) * (1 - weight) + np.take(pixels, high, axis) * weight


def preprocess(data):
    """JPEG bytes to uint8 (3, 160, 320), blue first, rounded half up."""
    rgb = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=np.float64)
    small = resize_axis(resize_axis(rgb, 160, 0), 320, 1)
    return np.floor(small + 0.5).astype(np.uint8)[:, :, ::-1].transpose(2, 0, 1)


def decode(accumulators, bias, divisor):
    """Accumulators (36, 10, 20) to (xmin, xmax, ymin, ymax) in pixels of the 640x360 image."""
    by_anchor = accumulators.reshape(ANCHORS, FIELDS, 10, 20)
    confidence = by_anchor[:, 4].sum(axis=0)
    row, column = np.unravel_index(np.argmax(confidence), confidence.shape)
    t = (by_anchor[:, :4, row, column] + bias.reshape(ANCHORS, FIELDS)[:, :4]) / divisor
    x, y = (1 / (1 + np.exp(-t[:, :2]))).mean(axis=0) + (column, row)
    w, h = np.exp(t[:, 2:]).mean(axis=0)
    x, y, w, h = x * 16, y * 16, w * 20, h * 20
    corners = ((x - w / 2) * 2, (x + w / 2) * 2, (y - h / 2) * 2.25, (y + h / 2) * 2.25)
    return [int(c) for c in corners]


def read_images(path, count):
    with tarfile.open(path) as archive:
        members = {int(pathlib.Path(m.name).stem): m for m in archive.getmembers() if m.isfile()}
        numbers = sorted(members)[:count]
        return numbers, np.stack([preprocess(archive.extractfile(members[n]).read()) for n in numbers])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--boxes", required=True)
    parser.add_argument("--weights", required=True, help=".npz with conv8_bias and head_div of the box decode")
    parser.add_argument("--bitmason", default="build/release/bin/bitmason")
    parser.add_argument("--engine", default="fast")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--json", help="write the counts, the digest of all boxes and the versions to this file")
    options = parser.parse_args()

    numbers, images = read_images(options.images, options.count)
    head = np.load(options.weights)
    with open(options.boxes, newline="") as table:
        expected = {int(r["image"]): [int(v) for v in list(r.values())[5:9]] for r in csv.DictReader(table)}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        np.save(folder / "images.npy", images)
        subprocess.run([options.bitmason, "run", options.model, "--input", folder / "images.npy", "--output",
                        folder / "out.npy", "--codes", "--engine", options.engine], check=True)
        outputs = np.load(folder / "out.npy")
    different = 0
    boxes = []
    for number, accumulators in zip(numbers, outputs):
        box = decode(accumulators, head["conv8_bias"].astype(float), float(head["head_div"]))
        boxes.append([int(number)] + box)
        if box != expected[number]:
            different += 1
            print(f"image {number}: decoded {box}, the FPGA computed {expected[number]}")
    if options.json:
        version = subprocess.run([options.bitmason, "--version"], check=True, capture_output=True, text=True).stdout.strip()
        model = hashlib.sha256(pathlib.Path(options.model).read_bytes()).hexdigest()
        result = {"network": pathlib.Path(options.model).name, "network_sha256": model, "engine": options.engine,
                  "program": version, "images": len(numbers), "equal": len(numbers) - different,
                  "different": different, "boxes_sha256": hashlib.sha256(json.dumps(boxes).encode()).hexdigest()}
        pathlib.Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    print(f"{len(numbers) - different} of {len(numbers)} boxes equal those of the authors' FPGA")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
