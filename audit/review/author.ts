/** Finds the name of the person who makes a change. */
import { UserError } from '../errors.ts';
import { accountName } from '../store/account.ts';

/**
 * The author's name for revisions and the audit log: `asked`, else the environment's
 * `OVERREAD_AUTHOR`, else the name of the account.
 * @throws UserError if the name is empty, too long or not on one line
 */
export function resolveAuthor(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const given = asked ?? env['OVERREAD_AUTHOR'] ?? accountName();
  const name = given.trim();
  if (name === '' || name.length > 200 || /[\p{Cc}]/u.test(name)) {
    throw new UserError('The author must be a name of 1 to 200 characters on one line.');
  }
  return name;
}
