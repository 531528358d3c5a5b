/** The progress of a set-up step: one line for people, and the bytes done. */
export interface SetupProgress {
  readonly message: string;
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
}
export type Report = (progress: SetupProgress) => void;
