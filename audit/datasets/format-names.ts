/** What a person calls each format, by its name for `--format`. */
export const FORMAT_NAMES = {
  folders: 'Folders of masks',
  jsrt: 'JSRT with SCR',
  dicom: 'DICOM',
  'dicom-seg': 'DICOM-SEG',
  nnunet: 'nnU-Net',
  coco: 'COCO',
  labelstudio: 'Label Studio',
  labelme: 'labelme',
  cvat: 'CVAT for images',
  voc: 'PASCAL VOC',
  yolo: 'YOLO segmentation',
  manifest: 'Manifest (CSV or Parquet)',
} as const;

export type FormatName = keyof typeof FORMAT_NAMES;
