"""Prints the masks that a dataset's own tool reads, as {case: {structure: rows of # and .}} in JSON.

    python read_back.py nnunet|coco|voc|yolo|folders|labelme|labelstudio|cvat|manifest FOLDER

nnU-Net by nibabel, COCO by pycocotools, VOC by Pillow, folders of masks by Pillow and (TIFF, of several
pages, too) tifffile,
YOLO by OpenCV as Ultralytics fills outlines, labelme by its own drawing, brushes of Label Studio by its
converter, CVAT by Datumaro, manifests by Python's csv and by pyarrow.
`manifest-rows` prints a manifest's rows instead, and of Parquet the columns' types.
"""

import contextlib
import csv
import importlib.metadata
import importlib.util
import json
import pathlib
import sys

import numpy as np
from PIL import Image

kind, root = sys.argv[1], pathlib.Path(sys.argv[2])
found = {}


def add(case, structure, mask):
    """Unites it with what the structure has already."""
    before = found.setdefault(case, {}).get(structure)
    found[case][structure] = mask if before is None else before | mask


def pixels(path):
    if path.suffix == ".tif":
        import tifffile

        return tifffile.imread(path)
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def module_of(package, file):
    """One module of a package, without the rest of it, which wants a window or a server."""
    path = importlib.metadata.distribution(package).locate_file(file)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def outlined(outlines, width, height):
    from pycocotools import mask

    parts = mask.frPyObjects(outlines, height, width)
    return mask.decode(mask.merge(parts)) > 0


def nnunet():
    import nibabel

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
    import cv2
    import yaml

    names = yaml.safe_load((root / "data.yaml").read_text())["names"]
    for path in sorted(root.glob("labels/**/*.txt")):
        case = path.relative_to(root / "labels").with_suffix("").as_posix()
        with Image.open(root / "images" / f"{case}.png") as image:
            size = (image.height, image.width)
        for number, name in (enumerate(names) if isinstance(names, list) else names.items()):
            mask = np.zeros(size, np.uint8)
            for line in path.read_text().splitlines():
                fields = line.split()
                if len(fields) <= 6 or int(fields[0]) != number:
                    continue
                outline = np.array(fields[1:], np.float32).reshape(-1, 2) * np.float32([size[1], size[0]])
                cv2.fillPoly(mask, outline.astype(np.int32)[None], color=1)
            add(case, name, mask > 0)


def coco():
    from pycocotools.coco import COCO

    with contextlib.redirect_stdout(None):
        read = COCO(root / "annotations.json")
    for one in read.loadAnns(read.getAnnIds()):
        name = read.loadImgs(one["image_id"])[0]["file_name"]
        structure = read.loadCats(one["category_id"])[0]["name"]
        add(pathlib.Path(name).stem, structure, read.annToMask(one) > 0)


def pages():
    """What the legend does not name, as well: an export must not change it."""
    import tifffile

    legend = json.loads((root / "legend.json").read_text())["pages"]
    for path in sorted(root.glob("masks/*.tif")):
        for number, page in enumerate(tifffile.imread(path)):
            add(path.stem, legend.get(str(number), f"page {number}"), page > 0)


def folders():
    if (root / "masks").exists():
        return pages()
    for path in sorted(root.glob("lung/*")):
        add(path.stem, "lung", pixels(path) > 0)


def labelme():
    image = module_of("labelme", "labelme/utils/image.py")
    shape = module_of("labelme", "labelme/utils/shape.py")
    for path in sorted(root.rglob("*.json")):
        file = json.loads(path.read_text())
        for one in file.get("shapes", []):
            # As its LabelFile reads a shape.
            if one.get("mask") is not None:
                one["mask"] = image.img_b64_to_arr(one["mask"]).astype(bool)
            size = (file["imageHeight"], file["imageWidth"])
            drawn = shape.shapes_to_label(size, [one], {one["label"]: 1})[0]
            add(path.relative_to(root).with_suffix("").as_posix(), one["label"], drawn > 0)


def labelstudio():
    brush = module_of("label-studio-sdk", "label_studio_sdk/converter/brush.py")
    for task in json.loads(next(root.glob("project-*.json")).read_text()):
        counted = [one for one in task["annotations"] if not one["was_cancelled"]]
        case = pathlib.Path(task["data"]["image"].split("?x")[0]).stem.split("-")[-1]
        if not counted:
            continue
        with Image.open(root / "xrays" / f"{case}.png") as picture:
            width, height = picture.size
        # What a submitted annotation does not draw is empty.
        for name in ("Lung", "Heart"):
            add(case, name, np.zeros((height, width), bool))
        for region in max(counted, key=lambda one: one["updated_at"])["result"]:
            value = region["value"]
            if region["type"] == "brushlabels":
                samples = brush.decode_rle(value["rle"]).reshape(height, width, 4)
                add(case, value["brushlabels"][0], samples[..., 3] > 0)
            if region["type"] == "polygonlabels":
                # As its converter writes them for COCO.
                outline = [[x / 100 * width, y / 100 * height] for x, y in value["points"]]
                add(case, value["polygonlabels"][0], outlined([np.ravel(outline).tolist()], width, height))


def cvat():
    from datumaro.components.annotation import AnnotationType
    from datumaro.plugins.data_formats.cvat.base import CvatBase

    items = CvatBase(str(next(root.glob("*.xml"))))
    names = [one.name for one in items.categories()[AnnotationType.label]]
    for item in items:
        height, width = item.media.size
        for one in item.annotations:
            if one.type == AnnotationType.polygon:
                # As the file states them: this Datumaro keeps single precision, CVAT two digits.
                outline = [round(float(number), 2) for number in one.points]
                add(item.id, names[one.label], outlined([outline], width, height))
            elif one.type == AnnotationType.mask:
                add(item.id, names[one.label], one.image > 0)


def table():
    """The rows of a manifest, and the types of its columns where it has any."""
    file = root / "manifest.csv"
    if file.exists():
        with open(file, newline="") as lines:
            return list(csv.DictReader(lines)), None
    from pyarrow import parquet

    read = parquet.read_table(root / "manifest.parquet")
    return read.to_pylist(), {field.name: str(field.type) for field in read.schema}


def manifest():
    for row in table()[0]:
        values = pixels(root / row["mask"])
        inside = values == int(row["value"]) if row["value"] else values > 0
        add(row["image"].rsplit(".", 1)[0], row["structure"], inside)


if kind == "manifest-rows":
    print(json.dumps(table(), default=str))
else:
    read = {f.__name__: f for f in (nnunet, coco, voc, yolo, folders, labelme, labelstudio, cvat, manifest)}
    read[kind]()
    for labels in found.values():
        for name, mask in labels.items():
            labels[name] = "\n".join("".join(".#"[int(inside)] for inside in row) for row in mask)
    print(json.dumps(found))
