/**
 * What no page may do, whatever is in it: leave the application, open windows, load anything from
 * elsewhere, or ask for a device. The page needs none of it.
 */
import { app, session } from 'electron';
import type { OnBeforeRequestListenerDetails, Session, WebContents } from 'electron';
import { ORIGIN, isOurs } from './protocol.ts';

type Asked = Pick<OnBeforeRequestListenerDetails, 'url' | 'resourceType' | 'frame'>;

/** Whether a page may load this: from our own protocol, when it is our own page, or from memory. */
function mayLoad({ url, resourceType, frame }: Asked): boolean {
  const isPage = resourceType === 'mainFrame' || resourceType === 'subFrame';
  // A page that is not ours has another origin. A worker has no frame, and only our page has workers.
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
