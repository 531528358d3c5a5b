"""What cleanlab says of arrays made here: the fixture `rivals.json` beside this file.

python rivals.py > rivals.json   (cleanlab 2.9.0, NumPy)
"""
import json

import numpy as np
from cleanlab.segmentation.rank import get_label_quality_scores

rng = np.random.default_rng(0)
images, height, width = 6, 12, 10
y, x = np.mgrid[:height, :width]
labels = np.zeros((images, height, width), int)
inside = np.zeros((images, height, width), np.float32)
for i in range(images):
    r = 2.5 + 0.4 * i
    distance = np.hypot(y - 5.5, x - 4.5)
    inside[i] = 1 / (1 + np.exp((distance - r) * 1.5 + rng.normal(0, 0.7, distance.shape)))
    # From image to image a worse label: shifted, and at last swapped.
    labels[i] = np.hypot(y - 5.5 - 0.6 * i, x - 4.5) < r
labels[5] = 1 - labels[5]
# As likely as not, and saturated: where ties are broken.
inside[2, 0, :4] = 0.5
labels[2, 0, :2] = 1
inside[3, 0, :3] = 1
# Float64 that both sides can hold exactly.
inside = inside.astype(np.float64)
probabilities = np.stack([1 - inside, inside], axis=1)
softmin, _ = get_label_quality_scores(labels, probabilities, method="softmin", verbose=False)
issues, _ = get_label_quality_scores(
    labels, probabilities, method="num_pixel_issues", downsample=1, n_jobs=1, verbose=False
)
print(
    json.dumps(
        {
            "labels": labels.reshape(images, -1).tolist(),
            "probabilities": inside.reshape(images, -1).tolist(),
            "softmin": softmin.tolist(),
            "issues": issues.tolist(),
        }
    )
)
