/**
 * Forbids every page to leave the application, to open windows, to load anything from elsewhere, and to ask
 * for a device. Overread's own page needs none of these.
 */
import { app, session } from 'electron';
import type { OnBeforeRequestListenerDetails, Session, WebContents } from 'electron';
import { ORIGIN, isOurs } from './protocol.ts';

type Asked = Pick<OnBeforeRequestListenerDetails, 'url' | 'resourceType' | 'frame'>;

/**
 * Whether a request may be sent: to Overread's protocol by Overread's page, or to memory (`blob:`,
 * `data:`).
 */
function mayLoad({ url, resourceType, frame }: Asked): boolean {
  const isPage = resourceType === 'mainFrame' || resourceType === 'subFrame';
  // Only Overread's page has this origin. A worker's request has no frame; only that page has workers.
  if (isOurs(url)) return resourceType === 'mainFrame' || !frame || frame.origin === ORIGIN;
  const { protocol } = new URL(url);
  if (protocol === 'blob:') return !isPage && url.startsWith(`blob:${ORIGIN}/`);
  if (protocol === 'data:') return !isPage;
  // The developer tools' own pages; a packaged application has no developer tools.
  return protocol === 'devtools:' && !app.isPackaged;
}

function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
  session.webRequest.onBeforeRequest((asked, answer) => answer({ cancel: !mayLoad(asked) }));
  session.on('will-download', (event) => event.preventDefault());
}

function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  for (const step of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
    contents.on(step as 'will-navigate', (event) => {
      // A reload keeps the address and is allowed; all other navigation is forbidden.
      if (event.url !== contents.getURL() || !isOurs(event.url)) event.preventDefault();
    });
  }
  // Without this policy, WebRTC could open a network port.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** Call it once, before the first window opens. */
export function setUpSecurity(): void {
  lockSession(session.defaultSession);
  app.on('session-created', lockSession);
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
}
