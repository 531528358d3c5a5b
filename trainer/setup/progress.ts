/** How a set-up step reports: one line for people, and where it stands in bytes. */
export interface SetupProgress {
  readonly message: string;
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
}
export type Report = (progress: SetupProgress) => void;
