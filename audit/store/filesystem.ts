/**
 * Finds out whether a folder lies on a network share. SQLite's WAL needs memory shared between
 * processes, which a network filesystem cannot give; there the store uses a rollback journal. A
 * folder counts as local if its filesystem cannot be found out.
 */
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import path from 'node:path';

/**
 * Network filesystems by `f_type` of Linux's statfs(2). FUSE covers sshfs, rclone and virtual machines'
 * shared folders.
 */
const networkTypes = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x786f4256, 'vboxsf'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x5346414f, 'AFS'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x73757245, 'Coda'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
]);

/** The network filesystem with this Linux type number, or null if the filesystem is local. */
export function networkFilesystem(type: number): string | null {
  return networkTypes.get(type >>> 0) ?? null;
}

/**
 * The type of the filesystem that holds a folder, or null if `mounts` does not say. The longest mount
 * point above the folder decides.
 * @param mounts the output of macOS's `mount`
 */
export function macFilesystem(mounts: string, folder: string): string | null {
  let best = { length: -1, type: null as string | null };
  for (const line of mounts.split('\n')) {
    const match = /^.* on (\/.*) \(([a-z0-9_]+)[,)]/.exec(line);
    const point = match?.[1];
    if (point === undefined) continue;
    const under = folder === point || folder.startsWith(point === '/' ? '/' : `${point}/`);
    if (under && point.length > best.length) {
      best = { length: point.length, type: match?.[2] ?? null };
    }
  }
  return best.type;
}

const macNetwork = ['nfs', 'smbfs', 'afpfs', 'webdav', 'ftp', 'macfuse', 'osxfuse', 'fusefs'];

/** Whether `folder` (absolute, existing) lies on a network share. */
export function isOnNetwork(folder: string): boolean {
  if (process.platform === 'win32') return path.win32.normalize(folder).startsWith('\\\\');
  try {
    if (process.platform === 'darwin') {
      const mounts = execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 5000 });
      return macNetwork.includes(macFilesystem(mounts, folder) ?? '');
    }
    return networkFilesystem(statfsSync(folder).type) !== null;
  } catch {
    return false;
  }
}
