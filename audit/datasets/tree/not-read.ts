/** Recognises the exports of other tools that Overread does not read, and says which export to make instead. */
import { basename, join, resolve } from 'node:path';
import { openRegular } from '../../regular.ts';
import { isImageName, walk } from './walk.ts';
import type { FoundFile } from './walk.ts';

/** So many bytes of a file are looked at, and so many files of a kind. */
const HEAD = 1 << 20;
const LOOKED_AT = 3;

async function head(path: string): Promise<string> {
  const file = await openRegular(path).catch(() => null);
  if (file === null) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}

/** A kind of files, by their paths and by what they begin with. */
interface Kind {
  readonly path: RegExp;
  readonly text?: readonly RegExp[];
  /** The rest of a sentence that begins with the path of such a file. */
  readonly says: string;
}

const KINDS: readonly Kind[] = [
  {
    path: /(^|\/)ann\/[^/]+\.json$/i,
    text: [/"objects"\s*:/, /"classTitle"\s*:|"size"\s*:/],
    says: 'is of a Supervisely project, which is not read: export it as COCO, PASCAL VOC or YOLO.',
  },
  {
    path: /(^|\/)obj\.(names|data)$/i,
    says: 'is of YOLO 1.1, which has boxes and no outlines: export “Ultralytics YOLO Segmentation” or “CVAT for images 1.1”.',
  },
  {
    path: /\.json$/i,
    text: [/"items"\s*:\s*\[/, /"categories"\s*:\s*\{/],
    says: 'is in the own format of Datumaro, which is not read: export it as COCO or PASCAL VOC.',
  },
  {
    path: /\.json$/i,
    text: [/"segments_info"\s*:/],
    says: 'is COCO panoptic, whose masks are in pictures and are not read: export COCO instances.',
  },
  {
    path: /\.xml$/i,
    text: [/<annotation>/, /<(polygon|segm)>/],
    says: 'is of LabelMe 3.0 (XML), which is not read: export “CVAT for images 1.1”, COCO or PASCAL VOC.',
  },
  {
    path: /(^|\/)task-\d+-annotation-\d+-by-\d+-tag-[^/]*\.(png|npy)$/i,
    says: 'is a mask of Label Studio that does not name its image: export the project as “JSON”.',
  },
  {
    path: /(^|\/)label_colors\.txt$/i,
    says: 'is of CamVid, which is not read: export the dataset as PASCAL VOC or COCO.',
  },
];

/** A mask that lies beside its image, with more than the image's name, or null if there is none. */
function maskBeside(files: readonly FoundFile[]): string | null {
  const images = files.filter(({ relative }) => isImageName(relative));
  const ids = new Set(images.map(({ id }) => id));
  const mask = images.find(({ id }) => {
    const own = /^(.+?)[ _.-]*(mask|seg|segmentation|label|gt)([ _.-]*\d+)?$/i.exec(id)?.[1];
    return own !== undefined && ids.has(own);
  });
  return mask?.path ?? null;
}

/** The sentence for a dataset of a kind that is not read, or null if it is not known. */
export async function kindNotRead(source: string): Promise<string | null> {
  const root = resolve(source);
  const files = await walk(root).catch(() => []);
  for (const { path, text = [], says } of KINDS) {
    for (const { relative } of files
      .filter((file) => path.test(file.relative))
      .slice(0, LOOKED_AT)) {
      const content = text.length === 0 ? '' : await head(join(root, relative));
      if (text.every((part) => part.test(content))) return `${join(root, relative)} ${says}`;
    }
  }
  const mask = maskBeside(files);
  return mask === null
    ? null
    : `${root} has masks beside their images, such as ${basename(mask)}: move the masks into a folder of their own, ` +
        'such as “masks”, and the images into “images”.';
}
