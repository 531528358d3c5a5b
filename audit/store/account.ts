/** The person whose account runs this process. */
import os from 'node:os';

/** The account's name, or `unknown` if the user id has no account, as in some containers. */
export function accountName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'unknown';
  }
}
