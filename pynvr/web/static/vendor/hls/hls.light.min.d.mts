/** What PyNVR's player uses of hls.js, for the type checker. */

export interface Fragment {
  sn: number | "initSegment";
  start: number;
  duration: number;
  programDateTime: number | null;
}

export interface ErrorData {
  type: string;
  details: string;
  fatal: boolean;
  error?: Error;
  response?: { code: number; text: string };
  frag?: Fragment;
}

export interface LevelDetails {
  totalduration: number;
  fragments: Fragment[];
  live: boolean;
}

export interface Config {
  maxBufferLength: number;
  maxMaxBufferLength: number;
  maxBufferSize: number;
  backBufferLength: number;
  startPosition: number;
  enableWorker: boolean;
  autoStartLoad: boolean;
  maxBufferHole: number;
  debug: boolean;
  [more: string]: unknown;
}

export default class Hls {
  static isSupported(): boolean;
  static readonly Events: {
    readonly ERROR: "hlsError";
    readonly LEVEL_LOADED: "hlsLevelLoaded";
    readonly MANIFEST_PARSED: "hlsManifestParsed";
    readonly BUFFER_CODECS: "hlsBufferCodecs";
    readonly FRAG_BUFFERED: "hlsFragBuffered";
  };
  constructor(config?: Partial<Config>);
  readonly config: Config;
  readonly playingDate: Date | null;
  loadSource(url: string): void;
  attachMedia(media: HTMLMediaElement): void;
  detachMedia(): void;
  startLoad(position?: number): void;
  stopLoad(): void;
  recoverMediaError(): void;
  destroy(): void;
  on(event: "hlsError", listener: (event: string, data: ErrorData) => void): void;
  on(event: "hlsLevelLoaded", listener: (event: string, data: { details: LevelDetails }) => void): void;
  on(event: string, listener: (event: string, data: unknown) => void): void;
}
