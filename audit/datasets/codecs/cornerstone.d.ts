/** What is used of two packages of WebAssembly that bring no types. */
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  }
  /** Buffers are views of the module's memory, valid until its next call. */
  export interface FrameDecoder {
    getEncodedBuffer(length: number): Uint8Array;
    getDecodedBuffer(): Uint8Array;
    decode(): void;
    getFrameInfo(): FrameInfo;
    /** JPEG-LS: 0 is plane after plane. */
    getInterleaveMode?(): number;
    delete(): void;
  }
  export interface CodecModule {
    readonly HEAPU8: Uint8Array;
    readonly J2KDecoder: new () => FrameDecoder;
    readonly JpegLSDecoder: new () => FrameDecoder;
  }
  const load: (options?: { print?: () => void; printErr?: () => void }) => Promise<CodecModule>;
  export default load;
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  import type { CodecModule } from '@cornerstonejs/codec-openjpeg/decodewasmjs';

  const load: (options?: { print?: () => void; printErr?: () => void }) => Promise<CodecModule>;
  export default load;
}
