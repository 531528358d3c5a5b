/** The progress of a set-up step: one line for people, and the number of bytes that are done. */
export interface SetupProgress {
  readonly message: string;
  readonly done: number;
  /** The number of bytes in all; 0 while it is unknown. */
  readonly total: number;
}
export type Report = (progress: SetupProgress) => void;
