/** Writes large datasets, which take so long to open that a test can watch or cancel it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const ANNOTATIONS = 50_000;

/** Writes a COCO file with 50,000 outlines in 5,000 images; only one of the images exists. */
export async function largeCoco(root: string): Promise<void> {
  const images = Array.from({ length: ANNOTATIONS / 10 }, (_, id) => ({
    id,
    file_name: `${id}.png`,
    width: 64,
    height: 64,
  }));
  const outline = Array.from({ length: 60 }, (_, i) => 1.25 + ((i * 7) % 50));
  const annotations = Array.from({ length: ANNOTATIONS }, (_, id) => ({
    id,
    image_id: id % images.length,
    category_id: 1 + (id % 2),
    segmentation: [outline],
  }));
  const categories = ['lung', 'heart'].map((name, index) => ({ id: index + 1, name }));
  await write(join(root, 'annotations.json'), JSON.stringify({ images, annotations, categories }));
  await write(join(root, '7.png'), 'not looked at');
}

/** Writes a CVAT file with a polygon of 100 points in each of 5,000 images; only one image exists. */
export async function largeCvat(root: string): Promise<void> {
  const points = Array.from({ length: 100 }, (_, i) => `${i % 60}.5,${(i * 7) % 60}.25`).join(';');
  const images = Array.from(
    { length: 5000 },
    (_, id) =>
      `<image id="${id}" name="${id}.png" width="64" height="64"><polygon label="lung" points="${points}"/></image>`,
  );
  await write(join(root, 'annotations.xml'), `<annotations>${images.join('\n')}</annotations>`);
  await write(join(root, 'images/7.png'), 'not looked at');
}

/** Writes a manifest of 20,000 rows, two per image. */
export async function largeManifest(root: string): Promise<void> {
  const rows = Array.from(
    { length: 20_000 },
    (_, i) => `images/${i >> 1}.png,masks/${i}.png,${i % 2 === 0 ? 'lung' : 'heart'}`,
  );
  await write(join(root, 'manifest.csv'), `image,mask,structure\n${rows.join('\n')}\n`);
}
