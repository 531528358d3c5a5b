/** The content of a menu: actions, switches, and groups with a heading. */
export interface MenuItem {
  readonly label: string;
  /** Id of the action that the item runs. The item shows its key and is off while the action does nothing. */
  readonly action?: string;
  readonly run?: () => void;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Whether a switch is on; undefined for other items. */
  readonly checked?: boolean;
  /** A CSS colour shown as a dot. */
  readonly colour?: string;
}

export interface MenuGroup {
  readonly heading?: string;
  readonly items: readonly MenuItem[];
}
