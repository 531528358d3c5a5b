/** The person whose account runs this process. */
import os from 'node:os';

/** `unknown` where a container runs under a number that no account has. */
export function accountName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'unknown';
  }
}
