/**
 * What no page may do, whatever is in it: leave the application, open windows, load anything from
 * elsewhere, or ask for a device. The page needs none of it.
 */
import { app, session } from 'electron';
import type { Session, WebContents } from 'electron';
import { isOurs } from './protocol.ts';

/** Schemes a page may load from: our own, and what it made itself. */
function mayLoad(address: string): boolean {
  if (isOurs(address)) return true;
  const { protocol } = new URL(address);
  if (protocol === 'blob:') return address.startsWith('blob:overread://app/');
  if (protocol === 'data:') return true;
  // The developer tools' own pages; a packaged application has no developer tools.
  return protocol === 'devtools:' && !app.isPackaged;
}

function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url) }));
  session.on('will-download', (event) => event.preventDefault());
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  for (const step of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
    contents.on(step as 'will-navigate', (event) => {
      // A reload stays where it is; nothing else navigates, not even inside the application.
      if (event.url !== contents.getURL() || !isOurs(event.url)) event.preventDefault();
    });
  }
  // A connection between pages would open a port.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Once, before the first window. */
export function setUpSecurity(): void {
  lockSession(session.defaultSession);
  app.on('session-created', lockSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}
