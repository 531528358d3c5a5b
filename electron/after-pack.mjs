/**
 * electron-builder calls this when the application's files are in place, before it signs them. Fuses in
 * Electron's program say what Electron may do.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

export const FUSES = {
  /** The program runs only the application: nobody can run other code as Node with it. */
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  /** A page from a file gets no special rights; none is ever loaded. */
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  /** Code is loaded only from the archive, which Windows and macOS check. */
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
};

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  const mac = electronPlatformName === 'darwin';
  const resources = mac
    ? join(appOutDir, `${productFilename}.app`, 'Contents', 'Resources')
    : join(appOutDir, 'resources');
  // A distribution that ran before it was packaged holds Electron's own page.
  const page = join(resources, 'default_app.asar');
  if (existsSync(page)) rmSync(page);
  const program = mac
    ? join(appOutDir, `${productFilename}.app`)
    : electronPlatformName === 'win32'
      ? join(appOutDir, `${productFilename}.exe`)
      : join(appOutDir, packager.executableName);
  await flipFuses(program, {
    version: FuseVersion.V1,
    // Changing the program breaks its signature; on Apple's processors it needs one to start.
    resetAdHocDarwinSignature: mac,
    ...FUSES,
  });
}
