// An X-ray of noise, a labelmap with three segments, and the circular brush of cornerstone3D.
/* global document, location, URLSearchParams, window */
import * as core from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';

const size = Number(new URLSearchParams(location.search).get('size') ?? 2048);
const IMAGE = 'made:1';

await core.init();
await tools.init();

core.metaData.addProvider((type, id) => {
  if (!String(id).startsWith('made:')) return undefined;
  if (type === 'imagePixelModule') {
    return {
      samplesPerPixel: 1,
      photometricInterpretation: 'MONOCHROME2',
      rows: size,
      columns: size,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      pixelRepresentation: 0,
    };
  }
  if (type === 'imagePlaneModule') {
    return {
      frameOfReferenceUID: '1.2.3',
      rows: size,
      columns: size,
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      imagePositionPatient: [0, 0, 0],
      sliceThickness: 1,
      pixelSpacing: [1, 1],
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
    };
  }
  if (type === 'generalSeriesModule') return { modality: 'DX', seriesInstanceUID: '1.2.3.4' };
  if (type === 'voiLutModule') return { windowCenter: [32768], windowWidth: [65536] };
  if (type === 'modalityLutModule') return { rescaleSlope: 1, rescaleIntercept: 0 };
  return undefined;
}, 10_000);

core.imageLoader.registerImageLoader('made', (imageId) => {
  const samples = new Uint16Array(size * size);
  for (let i = 0; i < samples.length; i += 1) {
    samples[i] = ((i % size) * 40000) / size + ((i * 7919) % 8192);
  }
  const image = {
    imageId,
    minPixelValue: 0,
    maxPixelValue: 65535,
    slope: 1,
    intercept: 0,
    windowCenter: 32768,
    windowWidth: 65536,
    getPixelData: () => samples,
    rows: size,
    columns: size,
    height: size,
    width: size,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: 1,
    rowPixelSpacing: 1,
    invert: false,
    sizeInBytes: samples.byteLength,
    dataType: 'Uint16Array',
    voxelManager: core.utilities.VoxelManager.createImageVoxelManager({
      width: size,
      height: size,
      scalarData: samples,
      numberOfComponents: 1,
    }),
  };
  return { promise: Promise.resolve(image), cancelFn: undefined };
});

const engine = new core.RenderingEngine('engine');
engine.enableElement({
  viewportId: 'view',
  type: core.Enums.ViewportType.STACK,
  element: document.getElementById('stage'),
});
const viewport = engine.getViewport('view');
await viewport.setStack([IMAGE]);

const brush = tools.BrushTool.toolName;
tools.addTool(tools.BrushTool);
const group = tools.ToolGroupManager.createToolGroup('group');
group.addTool(brush, { activeStrategy: 'FILL_INSIDE_CIRCLE' });
group.addViewport('view', 'engine');
group.setToolActive(brush, { bindings: [{ mouseButton: tools.Enums.MouseBindings.Primary }] });

const [labelmap] = core.imageLoader.createAndCacheDerivedLabelmapImages([IMAGE]);
const mask = labelmap.voxelManager.getScalarData();
for (let y = 0; y < size; y += 1) {
  for (let x = 0; x < size; x += 1) {
    [
      [0.3, 0.5, 0.15, 0.3],
      [0.7, 0.5, 0.15, 0.3],
      [0.5, 0.65, 0.12, 0.15],
    ].forEach(([cx, cy, rx, ry], n) => {
      const inside = ((x / size - cx) / rx) ** 2 + ((y / size - cy) / ry) ** 2 < 1;
      if (inside) mask[y * size + x] = n + 1;
    });
  }
}
tools.segmentation.addSegmentations([
  {
    segmentationId: 'labels',
    representation: {
      type: tools.Enums.SegmentationRepresentations.Labelmap,
      data: { imageIds: [labelmap.imageId] },
    },
  },
]);
await tools.segmentation.addLabelmapRepresentationToViewport('view', [
  { segmentationId: 'labels' },
]);
tools.segmentation.segmentIndex.setActiveSegmentIndex('labels', 1);
viewport.render();

window.setRadius = (radius) =>
  tools.utilities.segmentation.setBrushSizeForToolGroup('group', radius);
window.drawn = () => mask.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0);
window.ready = true;
