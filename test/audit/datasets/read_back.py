"""Prints the masks that a dataset's own tool reads, as {case: {structure: rows of # and .}} in JSON.

    python read_back.py nnunet|voc|yolo|folders FOLDER

nnU-Net by nibabel, VOC and folders of masks by Pillow, YOLO by OpenCV as Ultralytics fills outlines.
"""

import json
import pathlib
import sys

import cv2
import nibabel
import numpy as np
from PIL import Image

kind, root = sys.argv[1], pathlib.Path(sys.argv[2])
found = {}


def add(case, structure, mask):
    rows = ["".join("#" if inside else "." for inside in row) for row in mask]
    found.setdefault(case, {})[structure] = "\n".join(rows)


def nnunet():
    labels = json.loads((root / "dataset.json").read_text())["labels"]
    for path in sorted([*root.glob("labelsTr/*.nii.gz"), *root.glob("labelsTs/*.nii.gz")]):
        values = np.asarray(nibabel.load(path).dataobj)[:, :, 0].T
        for name in ("whole", "core"):
            add(path.name[: -len(".nii.gz")], name, np.isin(values, labels[name]))


def voc():
    lines = [line for line in (root / "labelmap.txt").read_text().splitlines() if line[0] != "#"]
    for path in sorted(root.glob("SegmentationClass/*.png")):
        with Image.open(path) as image:
            assert image.mode == "P"
            values = np.asarray(image)
        for value, line in enumerate(lines[1:], start=1):
            add(path.stem, line.split(":")[0], values == value)


def yolo():
    for path in sorted(root.glob("labels/*/*.txt")):
        case = f"{path.parent.name}/{path.stem}"
        with Image.open(root / "images" / f"{case}.png") as image:
            size = (image.height, image.width)
        for number, name in enumerate(["lung", "heart"]):
            mask = np.zeros(size, np.uint8)
            for line in path.read_text().splitlines():
                fields = line.split()
                if len(fields) <= 6 or int(fields[0]) != number:
                    continue
                outline = np.array(fields[1:], np.float32).reshape(-1, 2) * np.float32([size[1], size[0]])
                cv2.fillPoly(mask, outline.astype(np.int32)[None], color=1)
            add(case, name, mask)


def folders():
    for path in sorted(root.glob("lung/*")):
        with Image.open(path) as image:
            add(path.stem, "lung", np.asarray(image.convert("L")) > 0)


{"nnunet": nnunet, "voc": voc, "yolo": yolo, "folders": folders}[kind]()
print(json.dumps(found))
