/**
 * The application's menu, made from the table of actions. The menu shows the actions' keys, but only the
 * page handles them: a letter that the menu registered as a key could not be typed into a text field.
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { RecentProject } from '../audit/contract/api.ts';
import { ACTIONS, keysOf } from '../audit/contract/actions.ts';
import type { ActionGroup, ActionSpec, OwnKeys } from '../audit/contract/actions.ts';
import { acceleratorOf } from './accelerators.ts';

type Item = MenuItemConstructorOptions;

/** What the menu's items call. */
export interface MenuHandlers {
  readonly act: (id: string) => void;
  readonly openDialog: () => void;
  readonly openRecent: (folder: string) => void;
  readonly about: () => void;
  /** Shows the log without the page, so that it works even if the page has crashed. */
  readonly showLog: () => void;
}

export interface MenuState {
  readonly recent: readonly RecentProject[];
  /** The keys that the person chose. */
  readonly keys: OwnKeys;
  /** Whether a project is open. If none is open, the menus for work on a project are disabled. */
  readonly open: boolean;
  readonly mac: boolean;
  /** Whether the menu has items for developers: reload, and the developer tools. */
  readonly development: boolean;
}

const RECENT = 10;
const separator: Item = { type: 'separator' };

/** Actions that are placed one by one, or left out. All others are listed in the menu of their group. */
const PLACED = new Set([
  'about',
  'log',
  'cancel',
  'go.start',
  'go.new',
  'go.settings',
  'project.close',
]);

const byId = new Map(ACTIONS.map((action) => [action.id, action]));

function actionItem(action: ActionSpec, { act }: MenuHandlers, state: MenuState): Item {
  const [key] = keysOf(action, state.keys);
  const accelerator = key === undefined ? null : acceleratorOf(key);
  // macOS registers every key that a menu shows: a letter without ⌘ could not be typed any more. So on
  // macOS the menu shows only keys with ⌘.
  const shown = accelerator !== null && (!state.mac || accelerator.startsWith('Command'));
  return {
    id: action.id,
    label: action.title.replaceAll('&', '&&'),
    ...(shown && { accelerator, registerAccelerator: false }),
    // An action that lasts while its key is held cannot be run from a menu.
    enabled: action.hold !== true,
    click: () => act(action.id),
  };
}

function groups(names: readonly ActionGroup[], handlers: MenuHandlers, state: MenuState): Item[] {
  return names.flatMap((name, index) => [
    ...(index > 0 ? [separator] : []),
    ...ACTIONS.filter(({ group, id }) => group === name && !PLACED.has(id)).map((action) =>
      actionItem(action, handlers, state),
    ),
  ]);
}

function recentItems(handlers: MenuHandlers, { recent }: MenuState): Item[] {
  const there = recent.filter(({ exists }) => exists).slice(0, RECENT);
  if (there.length === 0) return [{ label: 'None yet', enabled: false }];
  return there.map(({ name, folder }) => ({
    label: name.replaceAll('&', '&&'),
    sublabel: folder,
    toolTip: folder,
    click: () => handlers.openRecent(folder),
  }));
}

/** The whole menu, as `Menu.buildFromTemplate` takes it. */
export function menuTemplate(handlers: MenuHandlers, state: MenuState): Item[] {
  const action = (id: string): Item[] => {
    const spec = byId.get(id);
    return spec ? [actionItem(spec, handlers, state)] : [];
  };
  const about: Item = { id: 'about', label: 'About Overread', click: handlers.about };
  const settings = action('go.settings');
  const project = (label: string, submenu: Item[]): Item => ({
    label,
    enabled: state.open,
    submenu,
  });
  return [
    ...(state.mac
      ? [
          {
            label: 'Overread',
            submenu: [
              about,
              separator,
              ...settings,
              separator,
              { role: 'hide' },
              { role: 'hideOthers' },
              { role: 'unhide' },
              separator,
              { role: 'quit' },
            ] satisfies Item[],
          },
        ]
      : []),
    {
      label: '&File',
      submenu: [
        ...action('go.start'),
        ...action('go.new'),
        { id: 'open', label: 'Open a project …', click: handlers.openDialog },
        { id: 'recent', label: 'Open recent', submenu: recentItems(handlers, state) },
        ...action('project.close').map((item) => ({ ...item, enabled: state.open })),
        ...(state.mac ? [] : [separator, ...settings, separator, { role: 'quit' } as const]),
      ],
    },
    {
      // These items edit text. Undo and redo of drawing are in the Draw menu.
      label: '&Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    },
    project('&Go', groups(['Go to', 'Queue'], handlers, state)),
    project('&Judge', groups(['Judge'], handlers, state)),
    project('&Look', groups(['Look'], handlers, state)),
    project('&Draw', groups(['Draw', 'Change the label'], handlers, state)),
    project('&Train', groups(['Train'], handlers, state)),
    {
      label: '&Window',
      submenu: [
        { role: 'zoomIn', label: 'Larger text' },
        { role: 'zoomOut', label: 'Smaller text' },
        { role: 'resetZoom', label: 'Normal text' },
        separator,
        { role: 'togglefullscreen', label: 'Full screen' },
        { role: 'minimize' },
        ...(state.development
          ? [separator, { role: 'forceReload' } as const, { role: 'toggleDevTools' } as const]
          : []),
      ],
    },
    {
      label: '&Help',
      submenu: [
        ...groups(['Overread'], handlers, state),
        separator,
        ...action('log').map((item) => ({ ...item, click: handlers.showLog })),
        ...(state.mac ? [] : [about]),
      ],
    },
  ];
}
