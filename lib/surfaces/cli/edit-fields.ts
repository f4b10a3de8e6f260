/** `cloudtab edit` with a uid. */
import { editCron } from '../../app/operations/edit-cron.ts';
import { readCron } from '../../app/operations/read.ts';
import type { Target } from '../../core/ports/target.ts';
import { cronJson } from './cron-json.ts';
import { edit, editorOf } from './edit.ts';
import { type FieldOptions, fieldsOf } from './fields.ts';
import type { SiteOptions } from './options.ts';
import { resultText } from './output.ts';
import { withSuggestions } from './suggest.ts';

/** Changes the fields that the options give; without any, opens the editor. */
export async function editOrChange(
  target: Target,
  uid: string,
  options: SiteOptions & FieldOptions,
): Promise<string> {
  const { site } = options;
  const { ports } = target;
  const cron = await withSuggestions(target, site, uid, () => readCron(ports, site, uid));
  const fields = fieldsOf(options, cron.definition?.environ);
  if (Object.keys(fields).length === 0) {
    return resultText({ site, uid, message: await edit(target, site, uid, editorOf(process.env)) }, options);
  }
  const edited = await editCron(ports, site, uid, fields, { expected: [cron.parameter.tag] });
  return resultText({ site, message: edited.message, cron: cronJson(edited.cron) }, options);
}
