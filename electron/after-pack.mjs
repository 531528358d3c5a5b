/**
 * electron-builder calls this function after it has put the application's files in place and before it
 * signs them. The function sets fuses: switches in Electron's executable that turn features off. It also writes what the
 * application is made of.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { writeNotices } from './notices.mjs';

export const FUSES = {
  /** Nobody can start the executable as plain Node (`ELECTRON_RUN_AS_NODE`) to run other code. */
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  /** A page loaded from `file:` gets no special rights. Overread loads no page from a file. */
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  /** Electron loads code only from `app.asar`, and on Windows and macOS checks that archive's hash. */
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
  // Electron's distribution may hold its default application, which must not be shipped.
  const page = join(resources, 'default_app.asar');
  if (existsSync(page)) rmSync(page);
  writeNotices(packager.projectDir, resources);
  const program = mac
    ? join(appOutDir, `${productFilename}.app`)
    : electronPlatformName === 'win32'
      ? join(appOutDir, `${productFilename}.exe`)
      : join(appOutDir, packager.executableName);
  await flipFuses(program, {
    version: FuseVersion.V1,
    // Setting fuses breaks the signature, and Apple's processors start only signed programs: sign again.
    resetAdHocDarwinSignature: mac,
    ...FUSES,
  });
}
