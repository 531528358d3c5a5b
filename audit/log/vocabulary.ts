/**
 * The words that a logged text may hold, from the messages of Overread, Node and the system. A
 * missing word only becomes a `…` in the log. Do not add names of people, or numbers: a number may
 * belong to a patient.
 */
export const VOCABULARY: ReadonlySet<string> = new Set(
  `
a abort aborted above absent accepted adapter add addon address after again against alike all allow
allocation alone already also among an and anew animation annotated annotation annotations
annotator another answer answered answers any anything apart application are area argument
arguments array as ask assertion at axes axis back backend background backup bad be because been
before begin begun being belong belongs below benchmark beside binary bit bits body boolean both
boundary bounds box breaks broken brush buffer build busy but by byte bytes cache call called
came can cancel cannot carries case cases categories category change changed channel channels
characters check checksum choose chosen classes client close closed closing COCO code codec
colour column columns combined come comes compare compared compiled compiling compressed computed
connection constraint constructor content copy corners correct corrected corrupt could counts
covered CPU crashed create CSV cut CVAT damaged data database dataset db debug decode decoded
decodes delete demo denied described desktop details device dice DICOM did differ differs digits
dilation direct directories directory disagreement disk distinct divide do does done down
download downloaded draw drawn draws drew driver dry each early else elsewhere empty encode end
ended erosion error Error errors event every example exceeded excluded exists exit expected
experiment experiments export exported failed fails fetch fetches few fewer figure file files
fill filter find finished first floating folder folders folds for foreign format found fractions
frame frames free from full function GB generous get GIF give given gives go goes GPU half hang
has have header heap height here hold holds id if image imagefolder images img import imported impossible
in index infinite input insert inside install installer instance instances intact interval into
invalid is it iterable its itself join JPEG JSON JSRT judged judges KB kept key keys killed kind
kinds know known knows label Label labels lacks large larger last later layout learn learned
learning least leave leaves left legend length lengths less letters library lie lies like limit
line link list listens load loaded loading lock locked log longer look looking looks loss lung LZW
machine made make maker makes malformed manifest many map mask masks match maximum may MB meanwhile
megapixels memory merge message metal method migration mismatch missing mode model module more
most multi multiple must name named names NaN native near needs neither net network networks
never new newer newest next NIfTI nnU nnUNet no nobody noise none nor not nothing notices now
npm null number numbered numbers object objective odd of off old on once one only ONNX open
operation optimiser options or order original other others otherwise out outlines outside Overread
Overread’s own pack packed page pages pair palette parameter Parquet parse parsing part parts
path patient pause permission permissions permitted phantom phantoms pick picture pictures
pieces pip pixel pixels place plan plane planes PNG point points polygon port position
preprocessing previous probabilities problems process processes program project promise
properties property proposal proposes push put QAM quality query quotes radii radiograph
radiographs range RangeError rank rate reached read reading readonly ready real reason rectangle
reference references refused rejected rejection relink remove rename repair replace report
reported request resample resampled reset resolve response restore result results resume resumed
revision revisions RLE room root round row rows run runs said same sample samples save saved say
says scale scaled score scored scorer scores scoring second seconds see SEG segmenter select
send sense sent separate serve server set setting setup several SHA shape shard share shares
should shown shows side sides signal signed simplify since single size sizes slice slower
smaller so socket softmin software some something somewhere SOP source space spaces speaks split spoil
stack start state statement states statistics status stopped stored string stroke strokes
structure structures such supported symbol syntax system systems table take taken takes task
tasks tensor TensorFlow terminated test text texts than that the their them then there these
they this those thread three TIFF time timed timeout times tmp to together token too train
trained trainer training transfer trigger true truncated trust trusted truth try trying twice two type TypeError types
UID uncaught uncompressed undefined undo unexpected unexpectedly unfinished unhandled units
unknown unpack unpacking unpacks unsupported until up update use used user uses val valid value
valued values variant verdict verified version view volume Vulkan wait waiting waits walk warning
warnings was way WebAssembly WebGPU weights went were what wheel when where which while whoever whole
whose why width will window with within without words work worker workers works would write
writing written wrong wrote XML YAML yet you yours yourself zero zip
`
    .trim()
    .split(/\s+/),
);
