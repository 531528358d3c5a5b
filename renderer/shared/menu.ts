/** What a menu offers: things to do, things to switch, and groups with a heading. */
export interface MenuItem {
  readonly label: string;
  /** Runs this action, shows its key, and is off where the action does nothing. */
  readonly action?: string;
  readonly run?: () => void;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Set for something that is on or off. */
  readonly checked?: boolean;
  /** A CSS colour shown as a dot. */
  readonly colour?: string;
}

export interface MenuGroup {
  readonly heading?: string;
  readonly items: readonly MenuItem[];
}
