/**
 * electron-builder calls this when the application's files are in place and before it signs them: what
 * Electron may do is written into its program, as fuses.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

export const FUSES = {
  /** The program is the application and nothing else: no Node for whoever can start it. */
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  /** A page from a file gets no more rights than another; none is ever loaded. */
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  /** No folder beside the archive can take its place, and on Windows and macOS it is checked. */
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
  // A distribution that was used before it was packaged has a page of its own.
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
