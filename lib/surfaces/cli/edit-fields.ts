/** `cloudtab edit` with a uid. */
import { dumpCron } from '../../app/door/json.ts';
import type { Client } from '../../client/client.ts';
import { edit, editorOf } from './edit.ts';
import { type FieldOptions, fieldsOf } from './fields.ts';
import type { SiteOptions } from './options.ts';
import { resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

/** Changes the fields that the options give; without any, opens the editor. */
export async function editOrChange(
  client: Client,
  uid: string,
  options: SiteOptions & FieldOptions,
): Promise<string> {
  const { site } = options;
  const cron = await withSuggestions(client, site, uid, () => client.call('readCron', { site, uid }));
  const fields = fieldsOf(options, cron.definition?.environ);
  if (Object.keys(fields).length === 0) {
    return resultText({ site, uid, message: await edit(client, site, uid, editorOf(process.env)) }, options);
  }
  const edited = await client.call('editCron', { site, uid, expected: [cron.parameter.tag] }, fields);
  return resultText({ site, message: edited.message, cron: dumpCron(edited.cron) }, options);
}
