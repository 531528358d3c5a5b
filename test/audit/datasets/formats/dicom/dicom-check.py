"""Reads a DICOM-SEG and its image as highdicom and pydicom do, and prints what they hold as JSON."""

import json
import sys

import highdicom
import pydicom

image = pydicom.dcmread(sys.argv[1])
seg = highdicom.seg.segread(sys.argv[2])
pixels = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
segments = [seg.get_segment_description(number) for number in seg.segment_numbers]
assert [str(uid) for _, _, uid in seg.get_source_image_uids()] == [str(image.SOPInstanceUID)]
print(
    json.dumps(
        {
            "patient": str(seg.PatientName),
            "study": seg.StudyInstanceUID == image.StudyInstanceUID,
            "labels": [segment.segment_label for segment in segments],
            "types": [segment.segmented_property_type.meaning for segment in segments],
            "overlap": seg.SegmentsOverlap,
            "pixels": pixels.reshape(len(pixels), -1).tolist(),
            "image": image.pixel_array.reshape(-1).tolist(),
        }
    )
)
