/**
 * Opens SQLite files. Anybody may have made them, so nothing that a schema names runs on its own: no
 * function in a view, trigger, check or index that could do harm, and no cell is read beyond its page.
 */
import { DatabaseSync } from '@photostructure/sqlite';

export type Connection = InstanceType<typeof DatabaseSync>;

/**
 * Opens a connection.
 * @param options.timeout how long a statement waits for another process, in milliseconds
 */
export function connect(
  location: string,
  options: { readonly readOnly?: boolean; readonly timeout: number },
): Connection {
  // Defensive: no SQL changes the pages or the schema's table directly.
  const connection = new DatabaseSync(location, { ...options, defensive: true });
  try {
    connection.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
